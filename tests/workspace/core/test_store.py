"""The store keeps what it acknowledged, all of it or nothing, also when many write at once."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.support.factories import EN, FR
from workspace.core.actor import OPERATOR, Role
from workspace.core.errors import Stale
from workspace.core.storage import log
from workspace.core.storage.db import Store, new_id
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, TextVersion
from workspace.people.models import Forum, Person
from workspace.translations.domain.service import TranslationService


def at_once(count: int, work: Callable[[int], None]) -> list[Exception]:
    """Run `work` in `count` threads that start together; what they raised."""
    barrier, raised = threading.Barrier(count), []

    def run(number: int) -> None:
        barrier.wait()
        try:
            work(number)
        except Exception as error:  # noqa: BLE001  (the test looks at whatever it was)
            raised.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_a_unit_that_fails_leaves_nothing(any_store: Store):
    def fail() -> None:
        with any_store.writing() as db:
            factories.declaration(db)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with any_store.reading() as db:
        assert db.scalars(sa.select(Forum)).all() == []
        assert db.scalars(sa.select(LogEntry)).all() == []


def test_a_reading_unit_cannot_write(any_store: Store):
    with any_store.reading() as db:
        db.add(Person(id=new_id(), name="Nobody"))
        with pytest.raises(RuntimeError, match="cannot write"):
            db.flush()


def test_a_reading_unit_sees_one_state(any_store: Store):
    with any_store.writing() as db:
        factories.forum(db)
    with any_store.reading() as db:
        before = db.scalar(sa.select(sa.func.count(Person.id)))
        with any_store.writing() as other:
            factories.person(other, Role.MEMBER)
        assert db.scalar(sa.select(sa.func.count(Person.id))) == before


def test_log_entries_are_numbered_without_gaps_by_many_writers(any_store: Store):
    def write(number: int) -> None:
        with any_store.writing() as db:
            log.record(db, "test", actor=OPERATOR, writer=number)

    assert at_once(12, write) == []

    with any_store.reading() as db:
        entries = db.scalars(sa.select(LogEntry).order_by(LogEntry.sequence)).all()
    assert [entry.sequence for entry in entries] == list(range(1, 13))
    assert {json.loads(entry.entry)["facts"]["writer"] for entry in entries} == set(range(12))
    assert all(entry.leaf_hash == log.leaf_hash(entry.entry.encode()) for entry in entries)


def test_of_twenty_translators_saving_from_one_version_one_is_kept_and_nineteen_are_told(any_store: Store):
    with any_store.writing() as db:
        declaration_id = factories.declaration(db, "Towns share water.").id
        translators = [factories.person(db, Role.TRANSLATOR, f"T{number}") for number in range(20)]
    with any_store.reading() as db:
        [row] = queries.head_rows(db, db.get_one(Declaration, declaration_id))

    def save(number: int) -> None:
        with any_store.writing() as db:
            TranslationService(db).save(
                declaration_id,
                row.block_id,
                FR,
                f"Version {number}.",
                sources=[EN],
                expected=row.texts[FR].id,
                actor=translators[number],
            )

    raised = at_once(20, save)

    assert [type(error) for error in raised] == [Stale] * 19
    with any_store.reading() as db:
        versions = db.scalars(sa.select(TextVersion).where(TextVersion.language == FR)).all()
        [after] = queries.head_rows(db, db.get_one(Declaration, declaration_id))
    assert len(versions) == 2
    assert after.texts[FR].id == next(one.id for one in versions if one.predecessor_id)


def test_ids_are_version_7_and_ordered_by_the_millisecond():
    ids = [new_id() for _ in range(2000)]

    assert {one.version for one in ids} == {7}
    assert len(set(ids)) == len(ids)
    assert [one.int >> 80 for one in ids] == sorted(one.int >> 80 for one in ids)


def test_a_moment_comes_back_in_utc_and_one_without_offset_is_refused(any_store: Store):
    moment = datetime(2027, 6, 12, 10, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-3)))
    table = LogEntry.__table__
    row = {"sequence": 1, "kind": "test", "entry": "{}", "leaf_hash": ""}
    with any_store.writing() as db:
        db.execute(sa.insert(table), [{**row, "at": moment}])
    with any_store.reading() as db:
        assert db.scalar(sa.select(LogEntry.at)) == moment.astimezone(UTC)

    with pytest.raises(sa.exc.StatementError, match="needs an offset"), any_store.writing() as db:
        db.execute(sa.insert(table), [{**row, "sequence": 2, "at": moment.replace(tzinfo=None)}])
