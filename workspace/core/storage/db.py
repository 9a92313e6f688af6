"""The store: one SQLite file by default, PostgreSQL by URL; writing units and reading ones.

A writing unit begins IMMEDIATE on SQLite (with the default deferred begin, most
read-then-write updates were lost under load) and commits before the caller
answers. A reading unit sees one state and refuses to write.
"""

import base64
import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session, mapped_column
from sqlalchemy.orm.interfaces import ORMOption

from workspace.core import clock
from workspace.core.environment import BadSetting
from workspace.core.errors import DatabaseMoved, UnderMaintenance
from workspace.core.security.encryption import Sealer
from workspace.core.settings import Settings
from workspace.core.storage import change_feed, readings
from workspace.core.storage.held_writes import HELD, HeldWrites, Overtaken, held_by
from workspace.core.validation import refuse_nul

Db = Session
Value = TypeVar("Value")
Row = TypeVar("Row", bound="Model")
_SEALER = "sealer"
_DICTIONARIES, _FOLDER = "dictionaries", "folder"
_LOCKED = "locked"
_IDS_KEPT = 16_384  # some 5 MB
_committed: ContextVar[list[None] | None] = ContextVar("committed", default=None)


@contextmanager
def committed_units() -> Iterator[list[None]]:
    """A list that grows by one for every writing unit committed meanwhile, in this context or its threads."""
    count: list[None] = []
    token = _committed.set(count)
    try:
        yield count
    finally:
        _committed.reset(token)


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562): opaque, and ordered by the millisecond it was made in."""
    milliseconds = time.time_ns() // 1_000_000
    bits = milliseconds << 80 | int.from_bytes(os.urandom(10))
    bits = bits & ~(0xF << 76) | 0x7 << 76
    return UUID(int=bits & ~(0b11 << 62) | 0b10 << 62)


def first_id(since: datetime) -> UUID:
    """No id made at this moment or later is lower."""
    return UUID(int=int(since.timestamp() * 1000) << 80)


@lru_cache(maxsize=_IDS_KEPT)
def _id_of(stored: str | None) -> UUID | None:
    return None if stored is None else UUID(stored)


@lru_cache(maxsize=_IDS_KEPT)
def id_text(value: UUID) -> str:
    """The id as it is written; kept, because writing it takes longer than anything else that is done with it."""
    return str(value)


class Id(sa.Uuid[UUID]):
    """An id. SQLite keeps it as text; pages read the same few thousand again and again, so what was read is kept."""

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        is_text = super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]  # has none
        return is_text and _id_of


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment in UTC. Refuses a datetime without offset, because it names no moment."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs an offset")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value and (value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC))


class Trilingual(Struct, frozen=True):
    """One short thing said in up to three languages, such as a forum's name."""

    es: str = ""
    en: str = ""
    fr: str = ""

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Self:
        return cls(texts.get("es", ""), texts.get("en", ""), texts.get("fr", ""))

    def said_in(self, language: str) -> str:
        """The wording in `language`, or in the first language that has one."""
        return getattr(self, language, "") or self.es or self.en or self.fr

    def to_dict(self) -> dict[str, str]:
        return {"es": self.es, "en": self.en, "fr": self.fr}


class TrilingualText(sa.types.TypeDecorator[Trilingual]):
    """Stores a `Trilingual` as JSON."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Trilingual | None, dialect: sa.Dialect) -> dict[str, str] | None:  # noqa: ARG002  (the signature is SQLAlchemy's)
        return None if value is None else value.to_dict()

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> Trilingual | None:  # noqa: ARG002  (the signature is SQLAlchemy's)
        return None if value is None else Trilingual.of(value)


def portable(value: Any) -> Any:
    """The value of a column as files of whole forums and databases hold it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.to_dict() if isinstance(value, Trilingual) else value


class Model(DeclarativeBase):
    """Base of every table. Constraint names are fixed, so that migrations can name them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it from the class)
        datetime: UtcDateTime,
        Trilingual: TrilingualText,
        UUID: Id,
        bytes: sa.LargeBinary,
        str: sa.Text,
        StrEnum: sa.Enum(
            StrEnum,
            native_enum=False,
            create_constraint=False,
            length=16,
            values_callable=lambda words: [word.value for word in words],
        ),
    }


SWITCH = sa.table("maintenance", sa.column("id", sa.Integer), sa.column("until", UtcDateTime))
ONLY_READS = "only reads"  # what a unit knows that sees nothing half done
MOVED, ONLY = 0, 1  # its rows: of a database that was moved, and of maintenance
SWITCH_LOCK = 0x57534D41  # any number that nothing else here locks
SECONDS = 120  # when to come again, where nobody said how long it takes


def unsought(column: InstrumentedAttribute[Value]) -> sa.ColumnElement[Value]:
    """What a column holds, but no way to rows: SQLite takes whatever an index finds for ten rows, be they thousands."""
    return sa.func.coalesce(column, column)


def primary_key() -> Any:
    """A column holding the row's own UUIDv7."""
    return mapped_column(primary_key=True, default=new_id)


class _Reading(Session):
    """A session that refuses to write."""


@sa.event.listens_for(_Reading, "before_flush")
def _refuse_flush(*_: object) -> None:
    raise RuntimeError("a reading unit cannot write")


class Store:
    """One database. `reading()` and `writing()` are the only ways to it."""

    def __init__(self, settings: Settings) -> None:
        url = _address(settings.database_url)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.news = change_feed.ChangeBoard()
        self.sealer = Sealer(Path(settings.keys))
        self.outbound = settings.webhooks
        self.bounce_secret = settings.bounce_secret
        self._info = {_SEALER: self.sealer, _DICTIONARIES: settings.dictionaries, _FOLDER: Path(settings.keys).parent}
        self.engine = sa.create_engine(
            url,
            pool_pre_ping=not self.is_sqlite,
            hide_parameters=True,  # they hold names
            json_deserializer=msgspec.json.decode,  # a page reads a thousand small values, such as names
        )
        sa.event.listen(self.engine, "before_cursor_execute", refuse_nul)
        if self.is_sqlite:
            sa.event.listen(self.engine, "do_connect", _make_for_owner)
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine, "begin", _begin_sqlite)
        else:
            sa.event.listen(self.engine, "connect", _prepare_postgresql)
            sa.event.listen(self.engine, "connect", _ensure_unicode, insert=True)
        reading = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reading = self.engine.execution_options(**reading)
        self._writing = self.engine.execution_options(writes=True)

    @contextmanager
    def writing(self, *, despite: Sequence[int] = ()) -> Iterator[Db]:
        """One unit of work: committed at the end, or not at all when anything raises.

        Raises `UnderMaintenance` or `DatabaseMoved`, whoever writes; only what maintains the database does so
        `despite` the switches that it names.
        """
        with self._committing(self._writing) as db:
            _ensure_open(db.connection(), {MOVED, ONLY} - set(despite))
            yield db

    def briefly(self, change: Callable[[Db], Value]) -> Value:
        """What `change` returns, from a unit of work that locks the database only while it writes (`held_writes`).

        Where somebody was faster it is called again, under the lock: it may change nothing but the database.
        """
        held = HeldWrites([self._lock])
        try:
            with self._committing(self._reading.execution_options(**{HELD: held}), held=held) as db:
                return change(db)
        except Overtaken:
            with self.writing() as db:
                return change(db)

    def _lock(self, connection: sa.Connection) -> None:
        """Go on from the last state of the database, which nobody else changes until the unit ends."""
        if self.is_sqlite:
            connection.exec_driver_sql("COMMIT")  # of what was only read
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            raw: Any = connection.connection.driver_connection
            raw.rollback()
            raw.isolation_level, raw.read_only = None, None
        _ensure_open(connection, {MOVED, ONLY})

    @contextmanager
    def _committing(self, engine: sa.Engine, **known: object) -> Iterator[Db]:
        with Session(engine, expire_on_commit=False, info=self._info | known) as db:
            yield db
            changed = change_feed.notify_changes(db)
            db.commit()
            if (count := _committed.get()) is not None:
                count.append(None)
        self.news.tell(changed)

    @contextmanager
    def reading(self) -> Iterator[Db]:
        """One consistent view. An attempt to write through it is a `RuntimeError`."""
        with _Reading(self._reading, autoflush=False, info={**self._info, ONLY_READS: True}) as db:
            yield db

    @property
    def address(self) -> str:
        """Which database it is, for people: the whole path of a file, or an address without its password."""
        url = self.engine.url
        return str(Path(url.database).absolute()) if self.is_sqlite and url.database else url.render_as_string()

    def close(self) -> None:
        """Close every connection; the store can be used again afterwards."""
        self.engine.dispose()


def _ensure_open(connection: sa.Connection, switches: Collection[int]) -> None:
    """Raise `UnderMaintenance` or `DatabaseMoved` where one of the switches is on."""
    if switches and connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(SWITCH_LOCK)))
    on = sa.select(SWITCH).where(SWITCH.c.id.in_(switches)).order_by(SWITCH.c.id).limit(1)
    if switches and (switch := connection.execute(on).one_or_none()):
        left = (switch.until - clock.now()).total_seconds() if switch.until else SECONDS
        refusal = DatabaseMoved if switch.id == MOVED else UnderMaintenance
        raise refusal(seconds=max(SECONDS // 2, round(left)))


def sealer(db: Db) -> Sealer:
    """What seals the secrets of the database that this unit writes to."""
    found: Sealer = db.info[_SEALER]
    return found


def dictionaries(db: Db) -> str:
    """The folder of the dictionaries that are installed where this unit runs; "" for none."""
    found: str = db.info.get(_DICTIONARIES, "")
    return found


def data_folder(db: Db) -> Path:
    """Where this unit runs, the folder that holds the one of the keys: for files that a process may leave to others."""
    found: Path = db.info[_FOLDER]
    return found


def next_number(db: Db, number: InstrumentedAttribute[int], of: sa.ColumnElement[bool]) -> int:
    """The number after the last of what is `of` something, from 1; the caller holds the lock."""
    return (db.scalar(sa.select(sa.func.max(number)).where(of)) or 0) + 1


def row_of(db: Db, model: type[Row], key: object, **holds: object) -> Row | None:
    """The row of this key, where its columns hold what is said."""
    found = db.get(model, key)
    return found if found and all(getattr(found, name) == value for name, value in holds.items()) else None


def lock_for_writing(db: Db, model: type[Model], row_id: UUID, *options: ORMOption) -> Any | None:
    """Load one row fresh and keep every other writer from it until this unit ends; None if it is not there.

    What this unit has locked already is not asked for again. With `options`, what they join is read behind the lock.
    """
    locked = readings.read_once(db, _LOCKED, (), dict[tuple[type[Model], UUID], Any])
    found = locked.get((model, row_id))
    if found is None or found not in db:
        readings.forget(db)
        if db.get_bind().dialect.name == "postgresql":  # elsewhere nobody else writes since this unit began
            key = sa.inspect(model).primary_key[0]
            locking = sa.select(key).where(key == row_id).with_for_update()
            if held := held_by(db):
                held.steps.append(lambda connection: connection.execute(locking))
            else:
                db.execute(locking)
        found = locked[model, row_id] = db.get(model, row_id, options=options, populate_existing=True)
        readings.keep(db, _LOCKED, (), locked)
    return found


def _address(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise BadSetting("WORKSPACE_DATABASE_URL is not an address: “%(given)s”.", given=url) from error
    if address.get_backend_name() not in {"sqlite", "postgresql"}:
        raise BadSetting("WORKSPACE_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.")
    return address


def _ensure_unicode(connection: Any, _: Any) -> None:
    """A cluster that was made without a locale keeps bytes, and would give back other words than it was given."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise BadSetting(
            "The database uses %(encoding)s. Make it with: createdb --owner workspace --encoding UTF8 --template "
            "template0 workspace",
            encoding=encoding,
        )


def _prepare_postgresql(connection: Any, _: Any) -> None:
    """What is in force is a small part of the history: to look each of it up is many times quicker than to read all.

    The server would think otherwise, as for disks that turn; and compiling a query takes longer than any of ours.
    """
    for setting in ("random_page_cost = 1.1", "jit = off"):
        connection.execute(f"SET {setting}")
    connection.commit()


def _make_for_owner(_dialect: object, _record: object, arguments: Sequence[str], _options: object) -> None:
    """A new file is nobody else's to read; what SQLite puts beside it gets the same rights."""
    if arguments[0] != ":memory:" and not Path(arguments[0]).exists():
        with suppress(OSError):  # SQLite says it better
            os.close(os.open(arguments[0], os.O_CREAT | os.O_RDWR, 0o600))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin by itself, and deferred
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")


class Service:
    """What does the work of one slice within one unit of work."""

    def __init__(self, db: Db) -> None:
        self.db = db
