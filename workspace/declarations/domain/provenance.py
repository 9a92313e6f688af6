"""What a paragraph came from, and how its parts and successors take that over."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa

from drafts.diff.block_matching import heaviest_increasing
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import existing
from workspace.core.security.conditions import Case
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.declarations.domain import policy
from workspace.declarations.domain.models import Declaration, Provenance, ProvenanceKind


def link(
    db: Db,
    declaration: Declaration,
    block_id: UUID,
    recommendation_id: UUID,
    *,
    actor: Actor,
    kind: ProvenanceKind = ProvenanceKind.TAKEN_UP,
    note: str = "",
    wants_look: bool = False,
) -> None:
    """Note that a paragraph comes from a recommendation, which it was not said to do before."""
    db.add(
        Provenance(
            declaration_id=declaration.id,
            block_id=block_id,
            recommendation_id=recommendation_id,
            kind=kind,
            note=note,
            wants_look=wants_look,
            made_by_id=actor.person_id,
            made_at=clock.now(),
        )
    )


def inherit(db: Db, declaration: Declaration, *, giver: UUID, taker: UUID, actor: Actor) -> None:
    """What a block came from is also what its parts, or the block it went into, came from.

    Both the links that are taken over and those they come from want a look: words may have gone either way.
    """
    known = db.scalars(sa.select(Provenance).where(Provenance.block_id.in_((giver, taker)))).all()
    held = {provenance.recommendation_id for provenance in known if provenance.block_id == taker}
    for provenance in known:
        provenance.wants_look = True
        if provenance.block_id == giver and provenance.recommendation_id not in held:
            link(
                db,
                declaration,
                taker,
                provenance.recommendation_id,
                actor=actor,
                kind=provenance.kind,
                note=provenance.note,
                wants_look=True,
            )


def flag_moved(db: Db, before: Sequence[UUID], after: Sequence[UUID]) -> None:
    """Let the links of blocks that changed places want a look: in other company a paragraph can mean something else.

    The fewest blocks that have to move, to come from one order to the other, are those that did.
    """
    if before != after and (moved := out_of_order(before, after)):
        unseen = sa.select(Provenance).where(Provenance.block_id.in_(moved), Provenance.wants_look.is_(False))
        for link in db.scalars(unseen):  # one by one, so that the log names each of them as it is now
            link.wants_look = True


def confirm_link(db: Db, link_id: UUID, *, actor: Actor) -> Provenance:
    """Say that a link that was taken over is still right."""
    found = _own(db, link_id, actor=actor)
    found.wants_look = False
    _record(db, "provenance.looked_at", found, actor=actor)
    return found


def unlink(db: Db, link_id: UUID, *, actor: Actor) -> None:
    """Say that a paragraph does not come from a recommendation after all. The log keeps that it was said to."""
    found = _own(db, link_id, actor=actor)
    _record(db, "provenance.unlinked", found, actor=actor)
    db.delete(found)
    db.flush()


def _own(db: Db, link_id: UUID, *, actor: Actor) -> Provenance:
    """A link that the actor may change; raises `NotFound` or `NotAllowed`."""
    found = existing(db.get(Provenance, link_id), "link", link_id)
    declaration = db.get_one(Declaration, found.declaration_id)
    rapporteurs = frozenset({found.recommendation.rapporteur_id})
    policy.ensure_may(actor, "provenance.link", declaration, Case(rapporteurs=rapporteurs))
    return found


def _record(db: Db, kind: str, provenance: Provenance, *, actor: Actor) -> None:
    declaration = db.get_one(Declaration, provenance.declaration_id)
    log.record_in(
        db,
        kind,
        declaration,
        actor=actor,
        block=str(provenance.block_id),
        recommendation=str(provenance.recommendation_id),
    )


def out_of_order(before: Sequence[UUID], after: Sequence[UUID], moved: Collection[UUID] = ()) -> set[UUID]:
    """What is not in a longest run that both orders have in common; of equal ones the one with least of `moved`."""
    places = {block: place for place, block in enumerate(before)}
    common = [places[block] for block in after if block in places]
    weights = [len(common) + (before[place] not in moved) for place in common]
    return {before[place] for place in {*common} - heaviest_increasing(common, weights)}
