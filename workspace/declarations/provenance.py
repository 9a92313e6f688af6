"""What a paragraph came from, and how its parts and successors take that over."""

from uuid import UUID

import sqlalchemy as sa

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.declarations.models import Declaration, Provenance, ProvenanceKind


def link(
    db: Db,
    declaration: Declaration,
    block_id: UUID,
    recommendation_id: UUID,
    *,
    actor: Actor,
    kind: ProvenanceKind = ProvenanceKind.TAKEN_UP,
    note: str = "",
) -> None:
    """Note that a paragraph comes from a recommendation, which it was not said to do before."""
    db.add(
        Provenance(
            declaration_id=declaration.id,
            block_id=block_id,
            recommendation_id=recommendation_id,
            kind=kind,
            note=note,
            made_by_id=actor.person_id,
            made_at=clock.now(),
        )
    )


def inherit(db: Db, declaration: Declaration, *, giver: UUID, taker: UUID, actor: Actor) -> None:
    """What a block came from is also what its parts, or the block it went into, came from."""
    known = db.scalars(sa.select(Provenance).where(Provenance.block_id.in_((giver, taker)))).all()
    held = {one.recommendation_id for one in known if one.block_id == taker}
    for one in known:
        if one.block_id == giver and one.recommendation_id not in held:
            link(db, declaration, taker, one.recommendation_id, actor=actor, kind=one.kind, note=one.note)
