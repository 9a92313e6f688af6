"""How the languages of a declaration stand to each other, read in a fixed number of queries."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased, joinedload

from drafts.languages.staleness import (
    BlockTexts,
    ChangeClass,
    EdgeKind,
    State,
    Triple,
    Version,
    concordance_holds,
    states,
)
from drafts.languages.staleness import Edge as Basis
from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.core.storage.log import Fact
from workspace.core.storage.readings import keep, kept, read_once
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Absence, Declaration, Edge, Head, Lineage, RevisionBlock, TextVersion
from workspace.declarations.domain.queries import BlockRow
from workspace.translations.domain.models import Concordance


class BlockStanding(Struct, frozen=True):
    """One block in its place, and how each language's text stands towards its original."""

    row: BlockRow
    states: Mapping[Language, State]

    @property
    def is_settled(self) -> bool:
        """Whether nothing waits in any language."""
        return not any(state.stops_publication for state in self.states.values())


def record(db: Db, declaration: Declaration, kind: str, *, actor: Actor, **facts: Fact) -> None:
    """One line of the log about a declaration, once everything that it names is in the database."""
    db.flush()
    log.record_in(db, kind, declaration, actor=actor, **facts)


_VERSION = (
    TextVersion.block_id,
    TextVersion.id,
    TextVersion.language,
    TextVersion.folded_hash,
    TextVersion.sequence,
    TextVersion.predecessor_id,
    TextVersion.change_class,
)
_EDGE = (Edge.block_id, Edge.source_id, Edge.target_id, Edge.kind, Edge.sequence, Edge.made_by_id, Edge.made_at)
_WRITTEN = (TextVersion, Head, Edge, Absence, Lineage, Concordance)  # what states follow from
_FEW = 20  # blocks that are asked for by name; more come with the whole text


def standings(db: Db, declaration: Declaration) -> Sequence[BlockStanding]:
    """Every block of the text in force, and how its languages stand: once in a unit, until one of them moves."""
    rows = queries.head_rows(db, declaration)
    return read_once(
        db,
        (BlockStanding, declaration.id),
        (*_WRITTEN, RevisionBlock),
        lambda: [BlockStanding(row, known) for row, known in zip(rows, states_of(db, declaration, rows), strict=True)],
    )


def standing(db: Db, declaration: Declaration, row: BlockRow) -> BlockStanding:
    """How the languages of one block of the text in force stand."""
    every: Sequence[BlockStanding] = kept(db, (BlockStanding, declaration.id)) or ()
    if found := next((block_standing for block_standing in every if block_standing.row.block_id == row.block_id), None):
        return found
    [known] = states_of(db, declaration, [row])
    return BlockStanding(row, known)


def states_of(db: Db, declaration: Declaration, rows: Sequence[BlockRow]) -> list[Mapping[Language, State]]:
    """The state of each row's languages, by the derived rule (`docs/trilingual.md`, 1.5).

    Where every text answers the original directly, or is not there, that is all
    there is to know; only the other blocks have their histories read. So the
    price is that of what is not settled, not of everything that ever happened.
    """
    absent = frozenset(queries.absences(db, declaration))
    lineage = lineage_of(db, declaration)
    direct = _direct(db, declaration, rows)
    settled = [_settled(row, direct, lineage.get(row.block_id, ()), absent) for row in rows]
    unsettled = [row for row, known in zip(rows, settled, strict=True) if known is None]
    histories = _histories(db, unsettled, lineage, absent)
    for block_id, texts in histories.items():
        keep(db, (BlockTexts, block_id), _WRITTEN, texts)
    return [
        states(histories[row.block_id]) if known is None else known for row, known in zip(rows, settled, strict=True)
    ]


def history_of(db: Db, declaration: Declaration, row: BlockRow) -> BlockTexts:
    """Everything that was ever written of one block, and made of what."""
    absent, lineage = frozenset(queries.absences(db, declaration)), lineage_of(db, declaration)
    return read_once(
        db, (BlockTexts, row.block_id), _WRITTEN, lambda: _histories(db, [row], lineage, absent)[row.block_id]
    )


class Signatures(Struct, frozen=True):
    """The signatures that hold for a paragraph, oldest first, and its languages that none of them answers for."""

    parts: Sequence[Concordance]
    unsigned: Sequence[Language]


def signatures(db: Db, declaration: Declaration, rows: Sequence[BlockRow]) -> Mapping[UUID, Signatures]:
    """What is signed of each block.

    A signature holds as long as the texts in force are the signed ones, typography and confirmed editorial steps aside.
    """
    signed: dict[UUID, list[Concordance]] = {}
    statement = (
        sa.select(Concordance)
        .where(Concordance.declaration_id == declaration.id)
        .options(joinedload(Concordance.signed_by))
        .order_by(Concordance.signed_at, Concordance.id)
    )
    for concordance in db.scalars(statement):
        signed.setdefault(concordance.block_id, []).append(concordance)
    moved = [row for row in rows if any(not _is_as_signed(row, part) for part in signed.get(row.block_id, ()))]
    histories = _histories(db, moved, lineage_of(db, declaration) if moved else {}, frozenset())
    found = {}
    for row in rows:
        known = histories.get(row.block_id)
        parts = [
            part
            for part in signed.get(row.block_id, ())
            if _is_as_signed(row, part) or (known is not None and concordance_holds(known, _triple(part)))
        ]
        answered = {language for part in parts for language in part.answered}
        found[row.block_id] = Signatures(
            parts, [language for language in Language if language in row.texts.keys() - answered]
        )
    return found


def _is_as_signed(row: BlockRow, signed: Concordance) -> bool:
    """Whether the very texts in force were signed: true of most, and needs no history."""
    return all((row.texts[of].id if of in row.texts else None) == signed.signed(of) for of in Language)


def _triple(signed: Concordance) -> Triple:
    es, en, fr = (str(version) if (version := signed.signed(language)) else None for language in Language)
    return Triple(es, en, fr)


def _triples(db: Db, ids: Sequence[UUID]) -> dict[UUID, list[Triple]]:
    """The triples all of whose languages are answered for: before that nobody says that the texts agree."""
    answered: dict[tuple[UUID, Triple], set[Language]] = {}
    if ids:
        for concordance in db.scalars(sa.select(Concordance).where(Concordance.block_id.in_(ids))):
            answered.setdefault((concordance.block_id, _triple(concordance)), set()).update(concordance.answered)
    found: dict[UUID, list[Triple]] = {}
    for (block_id, triple), languages in answered.items():
        if all(language in languages for language in Language if triple.version(language)):
            found.setdefault(block_id, []).append(triple)
    return found


def _direct(db: Db, declaration: Declaration, rows: Sequence[BlockRow]) -> frozenset[frozenset[UUID]]:
    """Pairs of text versions in force that an edge joins."""
    source, target = aliased(Head), aliased(Head)
    statement = (
        sa.select(Edge.source_id, Edge.target_id)
        .select_from(RevisionBlock)
        .join(source, source.block_id == RevisionBlock.block_id)
        .join(Edge, Edge.source_id == source.text_version_id)
        .join(target, sa.and_(target.block_id == Edge.block_id, target.text_version_id == Edge.target_id))
        .where(RevisionBlock.revision_id == declaration.head_id)
    )
    if len(rows) <= _FEW:
        statement = statement.where(RevisionBlock.block_id.in_([row.block_id for row in rows]))
    return frozenset(frozenset(pair) for pair in db.execute(statement))


def lineage_of(db: Db, declaration: Declaration) -> Mapping[UUID, Sequence[Lineage]]:
    """The splits and joins by the block that was split or stayed, oldest first."""
    grouped: dict[UUID, list[Lineage]] = {}
    for lineage in queries.lineage(db, declaration.id):
        grouped.setdefault(lineage.block_id, []).append(lineage)
    return grouped


def _histories(
    db: Db,
    rows: Sequence[BlockRow],
    lineage: Mapping[UUID, Sequence[Lineage]],
    absent: Collection[tuple[UUID, Language]],
) -> dict[UUID, BlockTexts]:
    """Everything that was ever written of these blocks and made of what."""
    ids = [row.block_id for row in rows]
    versions: dict[UUID, list[Version]] = {}
    edges: dict[UUID, list[Basis]] = {}
    if ids:
        joined = edges_of(db, ids)
        editorial = {edge.target_id for edge in joined if edge.kind is EdgeKind.EDITORIAL}
        for version_row in db.execute(sa.select(*_VERSION).where(TextVersion.block_id.in_(ids))):
            versions.setdefault(version_row.block_id, []).append(_version(version_row, editorial))
        for edge in joined:
            if edge.kind.is_basis:
                edges.setdefault(edge.block_id, []).append(Basis(str(edge.source_id), str(edge.target_id), edge.kind))
    triples = _triples(db, ids)
    return {
        row.block_id: BlockTexts(
            original=row.original_language,
            versions=tuple(versions.get(row.block_id, ())),
            heads={language: str(text.id) for language, text in row.texts.items()},
            edges=tuple(edges.get(row.block_id, ())),
            triples=tuple(triples.get(row.block_id, ())),
            carried=frozenset(str(version_id) for version_id in _carried(row, lineage.get(row.block_id, ()))),
            absent=frozenset(language for language in Language if (row.block_id, language) in absent),
        )
        for row in rows
    }


def edges_of(db: Db, blocks: Sequence[UUID]) -> Sequence[Any]:
    """The edges of these blocks, with what `_EDGE` has of each. One query in a unit."""
    if missing := [block_id for block_id in blocks if kept(db, (Edge, block_id)) is None]:
        found: dict[UUID, list[Any]] = {block_id: [] for block_id in missing}
        for edge in db.execute(sa.select(*_EDGE).where(Edge.block_id.in_(missing))):
            found[edge.block_id].append(edge)
        for block_id, edges in found.items():
            keep(db, (Edge, block_id), (Edge,), edges)
    return [edge for block_id in blocks for edge in kept(db, (Edge, block_id)) or ()]


def _settled(
    row: BlockRow,
    direct: Collection[frozenset[UUID]],
    lineage: Sequence[Lineage],
    absent: Collection[tuple[UUID, Language]],
) -> Mapping[Language, State] | None:
    """The states of a row whose texts each answer its original directly; None where its history has to be asked."""
    original = row.texts.get(row.original_language)
    if original is None or _carried(row, lineage):
        return None
    found = {}
    for language in Language:
        text = row.texts.get(language)
        if text is None:
            found[language] = State.ABSENT if (row.block_id, language) in absent else State.MISSING
        elif text is original or frozenset((text.id, original.id)) in direct:
            found[language] = State.CURRENT
        else:
            return None
    return found


def _carried(row: BlockRow, lineage: Sequence[Lineage]) -> list[UUID]:
    """Heads that were there when the block was split or joined, in a language other than the one that led."""
    return [
        text.id
        for language, text in row.texts.items()
        if any(lineage.language is not language and text.sequence < lineage.sequence for lineage in lineage)
    ]


def _version(row: Any, editorial: Collection[UUID]) -> Version:
    """A version; one of substance that two people called editorial is that."""
    is_editorial = row.change_class is ChangeClass.SUBSTANTIVE and row.id in editorial
    return Version(
        id=str(row.id),
        language=row.language,
        folded_hash=row.folded_hash,
        sequence=row.sequence,
        predecessor=str(row.predecessor_id) if row.predecessor_id else None,
        change=ChangeClass.EDITORIAL if is_editorial else row.change_class,
    )
