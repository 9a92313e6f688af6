"""Making a revision: which texts it pins, in which order, and what the log says of it."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from drafts.blocks import BlockKind, Language
from workspace.core import log
from workspace.core.db import new_id
from workspace.declarations import queries
from workspace.declarations.heads import TextWriter
from workspace.declarations.models import Revision, RevisionBlock, RevisionCause
from workspace.declarations.queries import Pinned


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
    before = {place.block_id: place for place in queries.places_in(writer.db, parent.id)} if parent else {}
    writer.db.add(revision)
    writer.db.flush()
    pinned = [_pinned(place, writer) for place in places]
    writer.db.add_all(_row(revision, position, place) for position, place in enumerate(pinned))
    declaration.head = revision
    writer.db.flush()
    queries.keep_made(writer.db, revision.id, pinned, writer.heads)
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
        order=[str(place.block_id) for place in pinned],
        places=[_as_fact(place) for place in pinned if place != before.get(place.block_id)],
        heads=[move.as_fact() for move in writer.moves],
    )
    return revision


def _pinned(place: Place, writer: TextWriter) -> Pinned:
    texts = {language: writer.heads.get((place.block_id, language)) for language in Language}
    pins = {language: text.id for language, text in texts.items() if text}
    return Pinned(place.block_id, place.kind, place.level, place.original_language, pins)


def _row(revision: Revision, position: int, place: Pinned) -> RevisionBlock:
    return RevisionBlock(
        revision_id=revision.id,
        block_id=place.block_id,
        position=position,
        kind=place.kind,
        level=place.level,
        original_language=place.original_language,
        es_id=place.pins.get(Language.ES),
        en_id=place.pins.get(Language.EN),
        fr_id=place.pins.get(Language.FR),
    )


def _as_fact(place: Pinned) -> log.Fact:
    return {
        "block": str(place.block_id),
        "kind": place.kind.value,
        "level": place.level,
        "original": place.original_language.value,
        "texts": {of.value: str(place.pins[of]) if of in place.pins else None for of in Language},
    }
