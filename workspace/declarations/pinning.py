"""Making a revision: which texts it pins, in which order, and what the log says of it."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from drafts.blocks import BlockKind, Language
from workspace.core import log
from workspace.core.db import new_id
from workspace.declarations.heads import TextWriter
from workspace.declarations.models import Revision, RevisionBlock, RevisionCause


class Place(Struct, frozen=True):
    """A block in a revision, without its texts."""

    block_id: UUID
    kind: BlockKind
    level: int
    original_language: Language


def pin(
    writer: TextWriter,
    places: Sequence[Place],
    *,
    cause: RevisionCause,
    note: str,
    decisions: Sequence[UUID] = (),
) -> Revision:
    """Make the next revision out of these places and the texts now in force, and say so on the log."""
    declaration = writer.declaration
    parent = declaration.head
    revision = Revision(
        id=new_id(),
        declaration_id=declaration.id,
        number=parent.number + 1 if parent else 1,
        parent_id=parent.id if parent else None,
        cause=cause,
        note=note,
        made_by_id=writer.actor.person_id,
        made_at=writer.at,
    )
    before = {row.block_id: row for row in parent.rows} if parent else {}
    writer.db.add(revision)
    writer.db.flush()
    rows = [_row(revision, position, place, writer) for position, place in enumerate(places)]
    writer.db.add_all(rows)
    declaration.head = revision
    writer.db.flush()
    log.record(
        writer.db,
        "revision.made",
        actor=writer.actor,
        forum_id=declaration.forum_id,
        declaration_id=declaration.id,
        revision=str(revision.id),
        parent=str(revision.parent_id) if revision.parent_id else None,
        number=revision.number,
        cause=cause.value,
        note=note,
        decisions=[str(decision) for decision in decisions],
        order=[str(row.block_id) for row in rows],
        places=[_as_fact(row) for row in rows if _as_fact(row) != _as_fact(before.get(row.block_id))],
        heads=[move.as_fact() for move in writer.moves],
    )
    return revision


def _row(revision: Revision, position: int, place: Place, writer: TextWriter) -> RevisionBlock:
    es, en, fr = (writer.heads.get((place.block_id, language)) for language in Language)
    return RevisionBlock(
        revision_id=revision.id,
        block_id=place.block_id,
        position=position,
        kind=place.kind,
        level=place.level,
        original_language=place.original_language,
        es_id=es.id if es else None,
        en_id=en.id if en else None,
        fr_id=fr.id if fr else None,
    )


def _as_fact(row: RevisionBlock | None) -> log.Fact:
    if row is None:
        return None
    return {
        "block": str(row.block_id),
        "kind": row.kind.value,
        "level": row.level,
        "original": row.original_language.value,
        "texts": {language.value: str(pinned) if (pinned := row.pinned(language)) else None for language in Language},
    }
