"""What is on the table of the plenary, and going on from there through the open amendments in their order."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from workspace.amendments.models import Amendment
from workspace.amendments.service import AmendmentService
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.declarations import queries
from workspace.declarations.models import Declaration
from workspace.declarations.policy import ensure_may
from workspace.declarations.service import DeclarationService
from workspace.procedure.models import Floor
from workspace.procedure.order import Order

Step = Literal[-1, 1]


class OnTheTable(Struct, frozen=True):
    """An amendment with the paragraph it concerns first, or a paragraph alone. Nothing of either: an empty table.

    `since` is when it was given, or cleared; None where nothing has ever been put there.
    """

    amendment: Amendment | None = None
    block_id: UUID | None = None
    since: datetime | None = None


class FloorService:
    """The table of the plenary of one declaration."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.amendments = AmendmentService(db)

    def now(self, declaration: Declaration, *, actor: Actor) -> OnTheTable:
        """What is on the table, as far as `actor` may see it."""
        floor = self.db.get(Floor, declaration.id)
        if floor is None:
            return OnTheTable()
        if floor.amendment_id is None:
            return OnTheTable(block_id=floor.block_id, since=floor.given_at)
        try:
            amendment = self.amendments.get(floor.amendment_id, actor=actor)
        except NotFound:
            return OnTheTable(since=floor.given_at)
        return OnTheTable(amendment, floor.block_id, floor.given_at)

    def give(
        self, declaration: Declaration, *, actor: Actor, amendment: int = 0, block_id: UUID | None = None
    ) -> OnTheTable:
        """Put an amendment, by its number, or a paragraph on the table; neither clears it."""
        declaration = DeclarationService(self.db).lock(declaration.id)
        ensure_may(actor, "floor.give", declaration)
        rows = [row.block_id for row in queries.bare_rows(self.db, declaration)]
        if block_id is not None and block_id not in rows:
            raise NotFound(what="block", id=str(block_id))
        found = self.amendments.numbered(declaration, amendment, actor=actor) if amendment else None
        if found is not None:
            block_id = _first_block(found)
        floor = self.db.get(Floor, declaration.id) or Floor(declaration_id=declaration.id)
        floor.amendment_id, floor.block_id = found.id if found else None, block_id
        floor.given_by_id, floor.given_at = actor.person_id, clock.now()
        self.db.add(floor)
        self.db.flush()
        log.record(
            self.db,
            "floor.given",
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            amendment=str(found.id) if found else None,
            block=str(block_id) if block_id else None,
        )
        return OnTheTable(found, block_id, floor.given_at)

    def step(self, declaration: Declaration, by: Step, *, actor: Actor) -> OnTheTable:
        """Go to the next open amendment of the order, or to the one before; at an end, stay there.

        From something that is not in the order, such as an amendment that has just been decided, it goes on from its
        paragraph; back from there is the beginning.
        """
        now, order = self.now(declaration, actor=actor), self.order(declaration, actor=actor)
        place = order.place_of(now.amendment) if now.amendment else None
        if place is not None:
            place += by
        elif by > 0:
            place = order.from_block(now.block_id)
        return self.give(declaration, actor=actor, amendment=order.at(place or 0) or 0)

    def order(self, declaration: Declaration, *, actor: Actor) -> Order:
        """The open amendments that `actor` may read, as they come."""
        return Order(self.db, declaration, actor=actor)


def _first_block(amendment: Amendment) -> UUID | None:
    return next((one.block_id for one in amendment.own.changes if one.block_id is not None), None)
