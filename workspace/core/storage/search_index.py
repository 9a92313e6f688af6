"""The words of what can be searched, in one table of documents that is written with what it indexes.

Each slice says what it has to find (`Searchable`). Whatever a unit of work changes there is indexed anew before the
unit commits, however it was changed. The table is no part of a backup: it is made again from the rows themselves.

The words are folded (`text_search.fold_text`) before the database sees them, so that SQLite (FTS5) and PostgreSQL
find the same, without accents, and so that nothing in a question can be read as their syntax.
"""

import operator
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy.orm import ORMExecuteState

from drafts.base.words import fold_text
from workspace.core.actor import Actor
from workspace.core.provided import Provided
from workspace.core.storage.db import Db, Id
from workspace.core.storage.text_search import phrases

T = TypeVar("T")
_CHANGED, _OFF = "to be indexed", "not indexed"
_AT_ONCE = 400
_NUMBER = re.compile("[0-9]+")
_LONGEST, _LONGEST_WORD = 200_000, 60  # PostgreSQL refuses a text of more than a megabyte, and a word of two thousand
DOCUMENTS = sa.Table(
    "search_document",
    sa.MetaData(naming_convention={"pk": "pk_%(table_name)s"}),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("subject_id", Id, nullable=False),
    sa.Column("forum_id", Id, nullable=False),
    sa.Column("declaration_id", Id),
    sa.Column("language", sa.String(3), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
    sa.Index("ix_search_document_kind_subject_id", "kind", "subject_id"),
)
C = DOCUMENTS.c
_WORDS = sa.table("search_words", *(sa.column(name) for name in ("search_words", "rowid", "scope", "folded")))
_WORDS_OF = {
    "sqlite": """
CREATE VIRTUAL TABLE search_words USING fts5(
    scope, folded, content='search_document', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3'
)
""",
    "postgresql": "CREATE INDEX ix_search_document_words ON search_document USING gin (to_tsvector('simple', folded))",
}
_SIMPLE: sa.ColumnElement[str] = sa.literal_column("'simple'")  # as in its index: no stems, and no words left out


class SearchDocument(Struct, frozen=True):
    """The words of one subject in one language; `name` is found as well, and not shown with them."""

    subject_id: UUID
    forum_id: UUID
    declaration_id: UUID | None
    language: str
    text: str
    name: str = ""


Reading: TypeAlias = Callable[[Db, Collection[UUID] | None], Iterable[SearchDocument]]


class Searchable(Struct, frozen=True, kw_only=True):
    """One kind of what can be found.

    `tables` hold its words, each with the column that names the subject, and those of its words that can change later.
    `documents` reads those of some subjects, or of all. `readable` is what must hold of `DOCUMENTS` for an actor to
    find it in a forum; None where nothing.
    """

    kind: str
    tables: Mapping[str, tuple[str, ...]]
    documents: Reading
    readable: Callable[[Db, Any, Actor], sa.ColumnElement[bool] | None]


def selected(
    statement: sa.Select[*tuple[Any, ...]], subject: Any
) -> Callable[[Db, Collection[UUID] | None], Iterable[SearchDocument]]:
    """Documents as a statement selects them; `subject` is the column of their subjects."""

    def documents(db: Db, ids: Collection[UUID] | None) -> Iterator[SearchDocument]:
        chosen = statement if ids is None else statement.where(subject.in_(ids))
        yield from (SearchDocument(*row) for row in db.execute(chosen))

    return documents


SEARCHABLES: Provided[Sequence[Searchable]] = Provided("what can be searched")


class Hit(Struct, frozen=True):
    """Something that was found; the later it was written, the higher its `id`."""

    id: int
    kind: str
    subject_id: UUID
    declaration_id: UUID | None
    language: str
    text: str


def _matching(db: Db, columns: Sequence[Any], kind: str, words: str) -> sa.Select[Any] | None:
    """The documents of a kind that have all these words, the newest first; None where there are no words.

    SQLite reads its index in that order, and stops where there is enough.
    """
    wanted = list(map(_as_found, phrases(words[: _LONGEST_WORD * 10])))
    if not wanted:
        return None
    found = sa.select(*columns).where(C.kind == kind)
    if db.get_bind().dialect.name == "sqlite":
        terms = " AND ".join(f'"{" ".join(parts)}"{"*" * is_open}' for parts, is_open in wanted)
        matches = _WORDS.c.search_words.op("MATCH", is_comparison=True)(f"scope: k{kind} AND folded: ({terms})")
        indexed = _WORDS.join(DOCUMENTS, C.id == _WORDS.c.rowid)
        return found.select_from(indexed).where(matches).order_by(_WORDS.c.rowid.desc())
    terms = " & ".join(" <-> ".join(parts) + ":*" * is_open for parts, is_open in wanted)
    vector = sa.func.to_tsvector(_SIMPLE, C.folded)
    return found.where(vector.op("@@")(sa.func.to_tsquery(_SIMPLE, terms))).order_by(C.id.desc())


def _as_found(phrase: tuple[list[str], bool]) -> tuple[list[str], bool]:
    """A phrase in words that both databases take; a number and a single letter are whole."""
    words = [word[:_LONGEST_WORD] for word in phrase[0]]
    return words, phrase[1] and len(words[-1]) > 1 and not _NUMBER.fullmatch(words[-1])


def subjects(db: Db, kind: str, words: str) -> sa.Select[Any]:
    """Ids of what has these words, whoever may read it."""
    found = _matching(db, [C.subject_id], kind, words)
    return sa.select(C.subject_id).where(sa.false()) if found is None else found.order_by(None)


def search(
    db: Db, forum: Any, words: str, *, actor: Actor, kind: str = "", before: int = 0, limit: int
) -> dict[str, list[Hit]]:
    """What `actor` may read that has these words, by kind, the newest first: at most `limit` of each. One query."""
    parts = []
    for searchable in SEARCHABLES.get():
        if kind not in {"", searchable.kind} or (readable := searchable.readable(db, forum, actor)) is None:
            continue
        found = _matching(db, [C[name] for name in Hit.__struct_fields__], searchable.kind, words)
        if found is not None:
            found = found.where(C.forum_id == forum.id, readable, C.id < before if before else sa.true())
            parts.append(sa.select(found.limit(limit).subquery()))
    hits: dict[str, list[Hit]] = {}
    for row in db.execute(sa.union_all(*parts)) if parts else ():
        hits.setdefault(row.kind, []).append(Hit(*row))
    return hits


def create(connection: sa.Connection) -> None:
    """Make the table of documents, and the index of their words."""
    DOCUMENTS.create(connection)
    connection.exec_driver_sql(_WORDS_OF[connection.dialect.name])


def rebuild(db: Db) -> int:
    """Index everything anew; how many documents there are."""
    db.execute(sa.delete(DOCUMENTS))
    count = sum(_insert(db, searchable, None) for searchable in SEARCHABLES.get())
    _in_sqlite(db, sa.insert(_WORDS).values(search_words="rebuild"))
    return count


def build(db: Db) -> None:
    """Index everything where nothing is indexed yet."""
    if db.scalar(sa.select(C.id).limit(1)) is None:
        rebuild(db)


def postpone(db: Db) -> None:
    """Index nothing in this unit: it writes to a database of an earlier shape."""
    db.info[_OFF] = True


def _insert(db: Db, searchable: Searchable, ids: Collection[UUID] | None) -> int:
    count = 0
    for some in _batches(searchable.documents(db, ids)):
        db.execute(sa.insert(DOCUMENTS), [_row(searchable.kind, document) for document in some])
        count += len(some)
    return count


def _index(db: Db, searchable: Searchable, ids: Collection[UUID], *, are_new: bool) -> None:
    """Some subjects as they are now. SQLite is told of each word that goes: triggers may not write its index."""
    theirs = sa.and_(C.kind == searchable.kind, C.subject_id.in_(ids))
    if not are_new:
        gone = sa.select(sa.literal("delete"), C.id, C.scope, C.folded).where(theirs)
        _in_sqlite(db, sa.insert(_WORDS).from_select([column.name for column in _WORDS.columns], gone))
        db.execute(sa.delete(DOCUMENTS).where(theirs))
    _insert(db, searchable, ids)
    come = sa.select(C.id, C.scope, C.folded).where(theirs)
    _in_sqlite(db, sa.insert(_WORDS).from_select(["rowid", "scope", "folded"], come))


def _in_sqlite(db: Db, statement: sa.Insert) -> None:
    if db.get_bind().dialect.name == "sqlite":
        db.execute(statement)


def _batches(of: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(of)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _row(kind: str, document: SearchDocument) -> dict[str, Any]:
    row = asdict(document)
    folded = fold_text(f"{row.pop('name')} {document.text}"[:_LONGEST])
    return {**row, "kind": kind, "scope": f"k{kind}", "folded": folded}


def _note(db: Db, table: str, rows: Iterable[Mapping[str, Any]], *, are_new: bool = False) -> None:
    for searchable in SEARCHABLES.get():
        if table in searchable.tables:
            known = db.info.setdefault(_CHANGED, {}).setdefault(searchable.kind, {})
            column = searchable.tables[table][0]
            for subject_id in filter(None, (row.get(column) for row in rows)):
                known[subject_id] = known.get(subject_id, False) or (are_new and column == "id")


def _note_flushed(db: Db, _context: object) -> None:
    new, dirty = db.new, db.dirty  # each is put together anew whenever it is asked for
    for row in (*new, *dirty, *db.deleted):
        table = row.__tablename__
        if row not in dirty or any(_has_changed(row, each.tables[table][1:]) for each in _holding(table)):
            _note(db, table, [row.__dict__], are_new=row in new)


def _holding(table: str) -> Iterator[Searchable]:
    yield from (searchable for searchable in SEARCHABLES.get() if table in searchable.tables)


def _has_changed(row: object, columns: Iterable[str]) -> bool:
    attributes = sa.inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in columns)


def _note_statement(called: ORMExecuteState) -> None:
    """A statement that writes rows of its own choice."""
    statement = called.statement
    table = getattr(statement, "table", None)
    if not isinstance(table, sa.Table) or not any(_holding(table.name)):
        return
    if isinstance(statement, sa.Insert):
        given = called.parameters or statement.compile().params
        _note(called.session, table.name, given if isinstance(given, Sequence) else [given])
    elif isinstance(statement, sa.Update | sa.Delete):
        for column in {searchable.tables[table.name][0] for searchable in _holding(table.name)}:
            ids = _named(statement.whereclause, column)
            if ids is None:
                met = sa.select(table.c[column])
                where = statement.whereclause
                ids = called.session.scalars(met if where is None else met.where(where)).all()
            _note(called.session, table.name, [{column: subject_id} for subject_id in ids])


def _named(where: Any, column: str) -> Sequence[UUID] | None:
    """The subject that a statement names by its id; None where it does not."""
    parts = where.clauses if isinstance(where, sa.BooleanClauseList) and where.operator is operator.and_ else [where]
    for part in parts:
        is_equal = isinstance(part, sa.BinaryExpression) and part.operator is operator.eq
        if is_equal and part.left.name == column and isinstance(part.right, sa.BindParameter):
            return [cast("UUID", part.right.value)]
    return None


def _index_changed(db: Db) -> None:
    """Before a unit commits: what it has changed is found as it is now."""
    if db.info.get(_OFF):
        return
    db.flush()
    changed: Mapping[str, Mapping[UUID, bool]] = db.info.pop(_CHANGED, {})
    for searchable in SEARCHABLES.get() if changed else ():
        known = changed.get(searchable.kind, {})
        for are_new in (True, False):
            for ids in _batches(subject_id for subject_id, is_new in known.items() if is_new is are_new):
                _index(db, searchable, ids, are_new=are_new)


sa.event.listen(Db, "after_flush", _note_flushed)
sa.event.listen(Db, "do_orm_execute", _note_statement)
sa.event.listen(Db, "before_commit", _index_changed)
