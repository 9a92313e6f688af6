"""Reading the text of a declaration: any revision, or the heads now in force, in a fixed number of queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVarTuple, cast
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import load_only
from sqlalchemy.sql.base import ExecutableOption

from drafts.blocks import Block, BlockKind, Document, Language
from workspace.core.db import Db
from workspace.declarations.models import (
    Absence,
    Declaration,
    Edge,
    Head,
    Provenance,
    ProvenanceKind,
    RevisionBlock,
    TextVersion,
)
from workspace.recommendations.models import Recommendation
from workspace.sessions.models import Session

_BLOCK = (RevisionBlock.block_id, RevisionBlock.kind, RevisionBlock.level, RevisionBlock.original_language)
_Block = tuple[UUID, BlockKind, int, Language]  # the columns above
Columns = TypeVarTuple("Columns")
_PINNED = (Language.ES, Language.EN, Language.FR)


class _Place(Struct, frozen=True):
    """A block in a revision, and the text versions that it pins."""

    block: _Block
    pins: Mapping[Language, UUID]


class BlockRow(Struct, frozen=True, dict=True):
    """One block in its place, with the text version of each language that has one."""

    block_id: UUID
    kind: BlockKind
    level: int
    original_language: Language
    texts: Mapping[Language, TextVersion]

    @cached_property
    def id(self) -> str:
        """The id of the block, as the engine, addresses and pages write it."""
        return str(self.block_id)

    def content(self, language: Language) -> str:
        """The words in `language`, "" where there are none."""
        version = self.texts.get(language)
        return version.content if version else ""

    def block(self, language: Language) -> Block:
        return Block(id=self.id, kind=self.kind, text=self.content(language), level=self.level)

    def original(self) -> Block:
        """The block in its own original language: what numbering and structure are read from."""
        return self.block(self.original_language)


def document(rows: Iterable[BlockRow], language: Language) -> Document:
    """The whole declaration in one language as the engine sees it; a block without text there is empty."""
    return Document(blocks=tuple(row.block(language) for row in rows), language=language)


def structure(rows: Iterable[BlockRow]) -> Document:
    """The declaration with each block in its original language: the tree that numbers are computed from."""
    return Document(blocks=tuple(row.original() for row in rows), language=Language.EN)


def pinned_rows(db: Db, revision_id: UUID) -> list[BlockRow]:
    """The rows of a revision with the texts it pins. Two queries at most, for any size."""
    places = _places(db, revision_id)
    held, missing = _held(db, places, _COLUMNS)
    if missing:
        statement = _among(sa.select(TextVersion), revision_id, missing)
        held.update({version.id: version for version in db.scalars(statement)})
    return _filled(places, held)


def pinned_shown(db: Db, revision_id: UUID, *, known: Iterable[BlockRow] = ()) -> list[BlockRow]:
    """The same for showing, as `shown_rows` are; the texts that the `known` rows have too are not read again."""
    places = _places(db, revision_id)
    held, missing = _held(db, places, _READ, known)
    if missing:
        for row in db.execute(_among(sa.select(*_WORDING), revision_id, missing)):
            held[row.id] = cast("TextVersion", Wording(*row))
    return _filled(places, held)


def _filled(places: Sequence[_Place], versions: Mapping[UUID, TextVersion]) -> list[BlockRow]:
    return [
        BlockRow(*place.block, {language: versions[ref] for language, ref in place.pins.items()}) for place in places
    ]


def _among(statement: sa.Select[*Columns], revision_id: UUID, missing: Collection[UUID]) -> sa.Select[*Columns]:
    """Only these texts of a revision, or all of it where they are many."""
    if len(missing) <= _FEW:
        return statement.where(TextVersion.id.in_(missing))
    pins = TextVersion.id.in_((RevisionBlock.es_id, RevisionBlock.en_id, RevisionBlock.fr_id))
    return statement.join(RevisionBlock, pins).where(RevisionBlock.revision_id == revision_id)


def _held(
    db: Db, places: Sequence[_Place], needed: frozenset[str], known: Iterable[BlockRow] = ()
) -> tuple[dict[UUID, TextVersion], Collection[UUID]]:
    """The texts that need not be asked for again, because most are those in force, and the ids of the others."""
    wanted = {ref for place in places for ref in place.pins.values()}
    held = {version.id: version for row in known for version in row.texts.values()}
    held.update({ref: found for ref in wanted - held.keys() if (found := _read_before(db, ref, needed))})
    return held, wanted - held.keys()


def _read_before(db: Db, version_id: UUID, needed: frozenset[str]) -> TextVersion | None:
    """A text version that has been read already, with as much of it as is needed."""
    found = db.identity_map.get(_TEXT.identity_key_from_primary_key((version_id,)))
    return found if found is not None and sa.inspect(found).dict.keys() >= needed else None


_TEXT = sa.inspect(TextVersion)
_COLUMNS = frozenset(_TEXT.column_attrs.keys())
_READ = frozenset({"block_id", "language", "sequence", "content", "folded_hash"})  # what WORDS loads
_FEW = 200  # texts that are asked for by their ids


WORDS = load_only(  # of a text version, all that reading and comparing take; to ask for more of one is an error
    TextVersion.block_id,
    TextVersion.language,
    TextVersion.sequence,
    TextVersion.content,
    TextVersion.folded_hash,
    raiseload=True,
)


def head_rows(
    db: Db, declaration: Declaration, *options: ExecutableOption, only: Collection[UUID] | None = None
) -> list[BlockRow]:
    """The tree of the head revision with each language's head: what is in force now. Two queries.

    With `only`, the other blocks come without their texts.
    """
    if declaration.head_id is None:
        return []
    heads = (
        sa.select(TextVersion)
        .join(Head, Head.text_version_id == TextVersion.id)
        .join(RevisionBlock, RevisionBlock.block_id == Head.block_id)
        .where(RevisionBlock.revision_id == declaration.head_id)
    )
    if only is not None:
        heads = heads.where(Head.block_id.in_(only))
    texts: dict[UUID, dict[Language, TextVersion]] = {}
    for version in db.scalars(heads.options(*options)):
        texts.setdefault(version.block_id, {})[version.language] = version
    return [BlockRow(*block, texts.get(block[0], {})) for block in _tree(db, declaration.head_id)]


def bare_rows(db: Db, declaration: Declaration) -> list[BlockRow]:
    """The rows of `head_rows` without their texts: their order, and all that numbers depend on. One query."""
    return [BlockRow(*block, {}) for block in _tree(db, declaration.head_id)] if declaration.head_id else []


class Wording(Struct, frozen=True):
    """What is read of a text version where a whole text is only shown: a value, without the record behind it."""

    id: UUID
    block_id: UUID
    language: Language
    sequence: int
    content: str
    folded_hash: str


_WORDING = (
    TextVersion.id,
    TextVersion.block_id,
    TextVersion.language,
    TextVersion.sequence,
    TextVersion.content,
    TextVersion.folded_hash,
)


def shown_rows(db: Db, declaration: Declaration) -> list[BlockRow]:
    """The rows of `head_rows` for showing them all: their texts are each a `Wording`, which has nothing else."""
    if declaration.head_id is None:
        return []
    heads = (
        sa.select(*_WORDING)
        .join(Head, Head.text_version_id == TextVersion.id)
        .join(RevisionBlock, RevisionBlock.block_id == Head.block_id)
        .where(RevisionBlock.revision_id == declaration.head_id)
    )
    texts: dict[UUID, dict[Language, Wording]] = {}
    for row in db.execute(heads):
        texts.setdefault(row.block_id, {})[row.language] = Wording(*row)
    known = cast("dict[UUID, dict[Language, TextVersion]]", texts)  # as with `WORDS`, asking for more is an error
    return [BlockRow(*block, known.get(block[0], {})) for block in _tree(db, declaration.head_id)]


def are_linked(db: Db, one: UUID, other: UUID) -> bool:
    """Whether one of two texts was made of the other, or said to agree with it."""
    pair = (Edge.source_id.in_((one, other)), Edge.target_id.in_((one, other)), Edge.source_id != Edge.target_id)
    kinds = db.scalars(sa.select(Edge.kind).where(*pair))
    return any(kind.is_basis for kind in kinds)


def absences(db: Db, declaration: Declaration) -> dict[tuple[UUID, Language], Absence]:
    """What has no text by decision, by block and language."""
    found = db.scalars(sa.select(Absence).where(Absence.declaration_id == declaration.id))
    return {(absence.block_id, absence.language): absence for absence in found}


def sources(db: Db, declaration: Declaration, *blocks: UUID) -> dict[UUID, list[Provenance]]:
    """The recommendations each block came from, each with its session; not those it declined. One query.

    Of the `blocks` that are named, or else of all.
    """
    statement = _links(declaration).where(Provenance.kind != ProvenanceKind.DECLINED)
    return _by_block(db, statement.where(Provenance.block_id.in_(blocks)) if blocks else statement)


def links(db: Db, declaration: Declaration) -> dict[UUID, list[Provenance]]:
    """The recommendations each block came from or was weighed for, each with its session. One query."""
    return _by_block(db, _links(declaration))


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


def _places(db: Db, revision_id: UUID) -> list[_Place]:
    pins = (RevisionBlock.es_id, RevisionBlock.en_id, RevisionBlock.fr_id)
    statement = sa.select(*_BLOCK, *pins).where(RevisionBlock.revision_id == revision_id)
    return [
        _Place(
            (block, kind, level, original), {language: ref for language, ref in zip(_PINNED, refs, strict=True) if ref}
        )
        for block, kind, level, original, *refs in db.execute(statement.order_by(RevisionBlock.position))
    ]


def _tree(db: Db, revision_id: UUID) -> list[_Block]:
    """The blocks of a revision in order, without the texts it pins."""
    statement = sa.select(*_BLOCK).where(RevisionBlock.revision_id == revision_id)
    found = db.execute(statement.order_by(RevisionBlock.position))
    return [(block, kind, level, original) for block, kind, level, original in found]
