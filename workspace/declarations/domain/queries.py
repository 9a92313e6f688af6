"""Reading the text of a declaration: any revision, or the heads now in force, in a fixed number of queries."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import zip_longest
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from cachetools import LRUCache
from msgspec import Struct
from msgspec.structs import replace

from drafts.languages.staleness import ChangeClass
from drafts.text.blocks import Block, BlockKind, Document, Language, content_hash, folded_hash
from drafts.text.numbering import numbers
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.storage import search_index
from workspace.core.storage.db import Db, Id, id_text
from workspace.core.storage.readings import keep, read_once
from workspace.core.storage.search_index import Searchable, selected
from workspace.declarations.domain.models import (
    Absence,
    Declaration,
    Edge,
    Head,
    Lineage,
    Provenance,
    ProvenanceKind,
    RevisionBlock,
    TextVersion,
)
from workspace.declarations.domain.policy import may_read
from workspace.people.models import Forum, Organisation, Person
from workspace.recommendations.models import Recommendation
from workspace.sessions.models import Session

_BLOCK = (RevisionBlock.block_id, RevisionBlock.kind, RevisionBlock.level, RevisionBlock.original_language)
_NOWHERE = UUID(int=0)
Row = TypeVar("Row")
_PINS = (RevisionBlock.es_id, RevisionBlock.en_id, RevisionBlock.fr_id)


class TextValue(Struct, frozen=True):
    """A text version as it is read and written: a value, without the record behind it."""

    id: UUID
    declaration_id: UUID
    block_id: UUID
    language: Language
    sequence: int
    content: str
    content_hash: str
    folded_hash: str
    change_class: ChangeClass
    made_at: datetime
    predecessor_id: UUID | None = None
    started_from_id: UUID | None = None
    author_id: UUID | None = None


def unsaved(block_id: UUID, language: Language, content: str) -> TextValue:
    """Words that are stored nowhere, as rows of a text hold them."""
    return TextValue(
        id=_NOWHERE,
        declaration_id=_NOWHERE,
        block_id=block_id,
        language=language,
        sequence=0,
        content=content,
        content_hash=content_hash(content),
        folded_hash=folded_hash(content),
        change_class=ChangeClass.SUBSTANTIVE,
        made_at=clock.now(),
    )


class Pinned(Struct, frozen=True):
    """A block in a revision, and the text versions that it pins."""

    block_id: UUID
    kind: BlockKind
    level: int
    original_language: Language
    pins: Mapping[Language, UUID]

    def with_texts(self, texts: Mapping[Language, TextValue]) -> "BlockRow":
        return BlockRow(self.block_id, self.kind, self.level, self.original_language, texts)


class BlockRow(Struct, frozen=True, dict=True):
    """One block in its place, with the text version of each language that has one."""

    block_id: UUID
    kind: BlockKind
    level: int
    original_language: Language
    texts: Mapping[Language, TextValue]

    @cached_property
    def id(self) -> str:
        """The id of the block, as the engine, addresses and pages write it."""
        return id_text(self.block_id)

    def content(self, language: Language) -> str:
        """The words in `language`, "" where there are none."""
        version = self.texts.get(language)
        return version.content if version else ""

    def block(self, language: Language) -> Block:
        """The block as the engine knows it: one value, however often it is asked for."""
        found: Block | None = self.__dict__.get(language)
        if found is None:
            found = Block(id=self.id, kind=self.kind, text=self.content(language), level=self.level)
            self.__dict__[language] = found
        return found

    def original(self) -> Block:
        """The block in its own original language."""
        return self.block(self.original_language)


def document(rows: Iterable[BlockRow], language: Language) -> Document:
    """The whole declaration in one language as the engine sees it; a block without text there is empty."""
    return Document(blocks=tuple(row.block(language) for row in rows), language=language)


def numbers_of(rows: Iterable[BlockRow]) -> Mapping[str, str]:
    """The number of each paragraph that has one, by the id of its block."""
    return _numbers(tuple((row.id, row.kind, row.level) for row in rows))


def counts_of(rows: Iterable[BlockRow]) -> Mapping[str, int]:
    """The place of each block among those of its kind, by its id."""
    counted: Counter[BlockKind] = Counter()
    found = {}
    for row in rows:
        counted[row.kind] += 1
        found[row.id] = counted[row.kind]
    return found


@lru_cache(maxsize=64)
def _numbers(places: Sequence[tuple[str, BlockKind, int]]) -> Mapping[str, str]:
    """Numbers follow from the blocks and their order, whatever the words: made once for all who show this text."""
    return numbers(Document(tuple(Block(id_, kind, "", level) for id_, kind, level in places), Language.EN))


def pinned_rows(db: Db, revision_id: UUID, *, is_anew: bool = False) -> Sequence[BlockRow]:
    """The rows of a revision with the texts it pins; `is_anew`, as they are stored now, for whoever checks them.

    Two queries at most, for any size; none where another unit has read the revision of late.
    """

    def read() -> Sequence[BlockRow]:
        places = places_in(db, revision_id, is_anew=is_anew)
        texts = texts_of(db, {text_id for place in places for text_id in place.pins.values()}, is_anew=is_anew)
        return [place.with_texts({of: texts[text_id] for of, text_id in place.pins.items()}) for place in places]

    return read() if is_anew else _kept(_ROWS, revision_id, read)


def _kept(known: LRUCache[UUID, Sequence[Row]], revision_id: UUID, read: Callable[[], Sequence[Row]]) -> Sequence[Row]:
    """What was read of a revision of late, or is read now."""
    with _LOCK:
        found = known.get(revision_id, ())
    if not found and (found := read()):
        with _LOCK:
            known[revision_id] = found
    return found


_ROWS: LRUCache[UUID, Sequence[BlockRow]] = LRUCache(8)
_PLACES: LRUCache[UUID, Sequence[Pinned]] = LRUCache(16)
_BARE: LRUCache[UUID, Sequence[BlockRow]] = LRUCache(8)
"""Of revisions, which never change; of 400 blocks 6 MB together."""


_COLUMNS = tuple(getattr(TextVersion, name) for name in TextValue.__struct_fields__)
_AT_ONCE = 10_000
_KNOWN: LRUCache[UUID, TextValue] = LRUCache(16_384)
"""Texts read or written of late, for all units: a text version never changes."""
_LOCK = Lock()


def texts_of(db: Db, ids: Collection[UUID], *, is_anew: bool = False) -> Mapping[UUID, TextValue]:
    """The text versions with these ids; only those are read that nobody has read of late, or all, `is_anew`.

    An id that no text has is left out. What is read anew is checked, may have been altered, and is kept for nobody.
    """
    found: dict[UUID, TextValue] = {}
    if not is_anew:
        with _LOCK:
            found = {text_id: text for text_id in ids if (text := _KNOWN.get(text_id))}
    missing = [text_id for text_id in ids if text_id not in found]
    read: dict[UUID, TextValue] = {}
    for some in (missing[start : start + _AT_ONCE] for start in range(0, len(missing), _AT_ONCE)):
        rows = db.execute(sa.select(*_COLUMNS).where(TextVersion.id.in_(some)))
        read.update((row.id, TextValue(*row)) for row in rows)
    if not is_anew:
        _know(read)
    return found | read


def _know(texts: Mapping[UUID, TextValue]) -> None:
    with _LOCK:
        _KNOWN.update(texts)


def text_of(db: Db, text_id: UUID) -> TextValue | None:
    """The text version with this id, if there is one."""
    return texts_of(db, (text_id,)).get(text_id)


def author_name(db: Db, text: TextValue) -> str:
    """Who wrote a text; "" where nobody is named."""
    return db.get_one(Person, text.author_id).name if text.author_id else ""


class TextInForce(Struct, frozen=True, dict=True):
    """The text of a declaration as it is in force, read once for a unit of work, and what follows from it."""

    rows: Sequence[BlockRow]

    @cached_property
    def numbers(self) -> Mapping[str, str]:
        """The number of each paragraph that has one, by the id of its block."""
        return numbers_of(self.rows)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """The place of each block among those of its kind, by its id."""
        return counts_of(self.rows)

    @cached_property
    def by_block(self) -> Mapping[UUID, BlockRow]:
        return {row.block_id: row for row in self.rows}


def text_in_force(db: Db, declaration: Declaration) -> TextInForce:
    """The tree of the head revision with each language's head. Read once in a unit, until a text of it moves."""
    head = declaration.head_id
    return read_once(db, (TextInForce, head), (Head, RevisionBlock), lambda: _in_force(db, head))


_TEXTS: LRUCache[tuple[UUID, str], tuple[Sequence[Pinned], TextInForce]] = LRUCache(16)
"""By a revision and the ids of the texts in force, written one behind the other; of 1,200 texts each, 10 MB."""


_DIGITS = 32
_HEADS = (
    sa.select(sa.func.replace(sa.cast(Head.text_version_id, sa.String), "-", "").label("digits"))
    .join(RevisionBlock, RevisionBlock.block_id == Head.block_id)
    .where(RevisionBlock.revision_id == sa.bindparam("head", type_=Id))
    .order_by(sa.literal_column("digits"))
    .subquery()
)
_IDS_IN_FORCE = sa.select(sa.func.aggregate_strings(_HEADS.c.digits, ""))  # a value, not a row for each of 1,200


def _in_force(db: Db, head: UUID | None) -> TextInForce:
    """The text that the heads make up: put together once for all units that find the very same ones."""
    if head is None:
        return TextInForce(())
    ids = db.scalar(_IDS_IN_FORCE, {"head": head}) or ""
    with _LOCK:
        known, pinned = _TEXTS.get((head, ids)), _ROWS.get(head, ())
    if known is None:
        texts: dict[UUID, dict[Language, TextValue]] = {}
        every = (UUID(ids[start : start + _DIGITS]) for start in range(0, len(ids), _DIGITS))
        for text in texts_of(db, list(every)).values():
            texts.setdefault(text.block_id, {})[text.language] = text
        places = places_in(db, head)
        rows = [place.with_texts(texts.get(place.block_id, {})) for place in places]
        rows = [row if was is None or was != row else was for row, was in zip_longest(rows, pinned)]
        known = places, TextInForce(rows)
        with _LOCK:
            _TEXTS[head, ids] = known
    keep(db, (Pinned, head), (), known[0])
    return known[1]


def keep_made(
    db: Db, revision_id: UUID, places: Sequence[Pinned], rows: Sequence[BlockRow], new: Iterable[TextValue]
) -> None:
    """A revision was made: what it pins is the text in force, and need not be read.

    Nobody asks for its id again if this unit is rolled back.
    """
    _know({text.id: text for text in new})
    ids, known = sorted(text.id.hex for row in rows for text in row.texts.values()), TextInForce(rows)
    with _LOCK:
        _PLACES[revision_id], _ROWS[revision_id] = places, rows
        _TEXTS[revision_id, "".join(ids)] = places, known
    keep(db, (TextInForce, revision_id), (Head, RevisionBlock), known)


def head_rows(db: Db, declaration: Declaration) -> Sequence[BlockRow]:
    """The blocks of the text in force, in their order."""
    return text_in_force(db, declaration).rows


def bare_rows(db: Db, revision_id: UUID | None) -> Sequence[BlockRow]:
    """The rows of a revision without their texts: their order, and all that numbers depend on. One query at most."""
    if revision_id is None:
        return ()
    return _kept(_BARE, revision_id, lambda: [place.with_texts({}) for place in places_in(db, revision_id)])


def shown_rows(db: Db, declaration: Declaration, *, only: Collection[UUID] | None = None) -> Sequence[BlockRow]:
    """The rows of `head_rows`. With `only`, the other blocks come without their texts."""
    if only is None:
        return head_rows(db, declaration)
    heads = sa.select(Head.block_id, Head.language, Head.text_version_id).where(Head.block_id.in_(only))
    found: dict[UUID, dict[Language, UUID]] = {}
    for block_id, language, text_id in db.execute(heads):
        found.setdefault(block_id, {})[language] = text_id
    texts = texts_of(db, {text_id for those in found.values() for text_id in those.values()})
    rows = list(bare_rows(db, declaration.head_id))
    for place, row in enumerate(rows):
        if row.block_id in found:
            rows[place] = replace(row, texts={of: texts[text_id] for of, text_id in found[row.block_id].items()})
    return rows


def are_linked(db: Db, first: UUID, second: UUID) -> bool:
    """Whether one of two texts was made of the other, or said to agree with it."""
    pair = (Edge.source_id.in_((first, second)), Edge.target_id.in_((first, second)), Edge.source_id != Edge.target_id)
    kinds = db.scalars(sa.select(Edge.kind).where(*pair))
    return any(kind.is_basis for kind in kinds)


def absences(db: Db, declaration: Declaration) -> dict[tuple[UUID, Language], Absence]:
    """What has no text by decision, by block and language."""
    statement = sa.select(Absence).where(Absence.declaration_id == declaration.id)
    found = read_once(db, (Absence, declaration.id), (Absence,), lambda: db.scalars(statement).all())
    return {(absence.block_id, absence.language): absence for absence in found}


def lineage(db: Db, declaration_id: UUID) -> Sequence[Lineage]:
    """The splits and joins of a declaration, oldest first. One query in a unit."""
    statement = sa.select(Lineage).where(Lineage.declaration_id == declaration_id).order_by(Lineage.sequence)
    return read_once(db, (Lineage, declaration_id), (Lineage,), lambda: db.scalars(statement).all())


def sources(db: Db, declaration: Declaration, *blocks: UUID) -> dict[UUID, list[Provenance]]:
    """The recommendations each block came from, each with its session; not those it declined. One query.

    Of the `blocks` that are named, or else of all.
    """
    statement = _links(declaration).where(Provenance.kind != ProvenanceKind.DECLINED)
    return _by_block(db, statement.where(Provenance.block_id.in_(blocks)) if blocks else statement)


def links(db: Db, declaration: Declaration) -> dict[UUID, list[Provenance]]:
    """The recommendations each block came from or was weighed for, each with its session. One query."""
    return _by_block(db, _links(declaration))


def shown_links(declaration: Declaration) -> sa.Select[*tuple[Any, ...]]:
    """The same as columns of what a list shows of each, by the number of the recommendation; thousands cost little."""
    link = Provenance.id, Provenance.block_id, Provenance.recommendation_id, Provenance.kind, Provenance.note
    said = Provenance.wants_look, Recommendation.number, Recommendation.language, Recommendation.text
    origin = sa.func.coalesce(Session.title, Organisation.name, Recommendation.said_by).label("session_title")
    return _links(declaration).with_only_columns(*link, *said, origin)


def _links(declaration: Declaration) -> sa.Select[Provenance]:
    found = sa.orm.contains_eager(Provenance.recommendation)
    return (
        sa.select(Provenance)
        .where(Provenance.declaration_id == declaration.id)
        .join(Provenance.recommendation)
        .outerjoin(Recommendation.session)
        .outerjoin(Recommendation.organisation)
        .options(
            found.contains_eager(Recommendation.session).load_only(Session.title, Session.rapporteur_id),
            found.contains_eager(Recommendation.organisation),
        )
        .order_by(Recommendation.number)
    )


def _by_block(db: Db, statement: sa.Select[Provenance]) -> dict[UUID, list[Provenance]]:
    found: dict[UUID, list[Provenance]] = {}
    for link in db.scalars(statement):
        found.setdefault(link.block_id, []).append(link)
    return found


def places_in(db: Db, revision_id: UUID | None, *, is_anew: bool = False) -> Sequence[Pinned]:
    """The blocks of a revision in their order, with what it pins; `is_anew`, as they are stored now.

    A revision never changes: one query, and none where it was read of late.
    """
    if revision_id is None:
        return ()
    statement = sa.select(*_BLOCK, *_PINS).where(RevisionBlock.revision_id == revision_id)

    def read() -> Sequence[Pinned]:
        return [_pinned(*place) for place in db.execute(statement.order_by(RevisionBlock.position))]

    return read() if is_anew else _kept(_PLACES, revision_id, read)


def changed_places(
    db: Db, before: UUID | None, after: UUID | None
) -> Mapping[UUID, tuple[Pinned | None, Pinned | None]]:
    """The blocks that do not stand in both revisions with the same form and texts, as they were and as they are."""
    every = places_in(db, before), places_in(db, after)
    same = set(map(id, every[0])).intersection(map(id, every[1]))  # most of them, and the same values
    then, now = ({place.block_id: place for place in places if id(place) not in same} for places in every)
    here = {block_id: (then.get(block_id), place) for block_id, place in now.items() if then.get(block_id) != place}
    return {**here, **{block_id: (place, None) for block_id, place in then.items() if block_id not in now}}


def _pinned(block_id: UUID, kind: BlockKind, level: int, original: Language, *pins: UUID | None) -> Pinned:
    return Pinned(block_id, kind, level, original, {of: pin for of, pin in zip(Language, pins, strict=True) if pin})


def of_forum(db: Db, forum: Forum) -> Sequence[Declaration]:
    """The declarations of a forum; asked once in a unit."""
    statement = sa.select(Declaration).where(Declaration.forum_id == forum.id)
    return read_once(db, ("declarations", forum.id), (Declaration,), lambda: list(db.scalars(statement)))


def _readable_documents(db: Db, forum: Forum, actor: Actor) -> sa.ColumnElement[bool]:
    """The paragraphs that the texts in force have which they may read."""
    heads = [declaration.head_id for declaration in of_forum(db, forum) if may_read(actor, declaration)]
    here = sa.select(RevisionBlock.block_id).where(RevisionBlock.block_id == search_index.C.subject_id)
    return sa.exists(here.where(RevisionBlock.revision_id.in_(heads)).correlate(search_index.DOCUMENTS))


_DOCUMENTS = (
    sa.select(Head.block_id, Declaration.forum_id, Declaration.id, TextVersion.language, TextVersion.content)
    .join(Head, Head.text_version_id == TextVersion.id)
    .join(Declaration, Declaration.id == TextVersion.declaration_id)
    .order_by(TextVersion.sequence)
)
SEARCHED = Searchable(
    kind="paragraph",
    tables={"head": ("block_id", "text_version_id")},
    documents=selected(_DOCUMENTS, Head.block_id),
    readable=_readable_documents,
)
