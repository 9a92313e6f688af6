"""What is on the table of the plenary, and in which order the open amendments come.

The order is that of the practice: paragraph by paragraph, an amendment to an amendment before it,
and of several to one paragraph the one furthest from the text first.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from drafts.diff import Hunk
from workspace.amendments import proposals
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
        rows = [row.block_id for row in queries.head_rows(self.db, declaration)]
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
        """Go to the next open amendment of the order, or to the one before; at an end, stay there."""
        agenda = self.agenda(declaration, actor=actor)
        if not agenda:
            return self.give(declaration, actor=actor)
        now = self.now(declaration, actor=actor)
        numbers = [one.number for one in agenda]
        if now.amendment is None or now.amendment.number not in numbers:
            place = self._place_after(agenda, now, declaration) if by > 0 else 0
        else:
            place = numbers.index(now.amendment.number) + by
        return self.give(declaration, actor=actor, amendment=numbers[max(0, min(place, len(numbers) - 1))])

    def agenda(self, declaration: Declaration, *, actor: Actor) -> list[Amendment]:
        """The open amendments, in the order in which they come."""
        places = self._places(declaration)
        every = self.amendments.undecided(declaration, actor=actor)
        filed = sorted((one for one in every if one.parent_id is None), key=lambda one: _rank(one, places))
        by_parent: dict[UUID, list[Amendment]] = {}
        for one in every:
            if one.parent_id is not None:
                by_parent.setdefault(one.parent_id, []).append(one)
        return [one for parent in filed for one in (*by_parent.get(parent.id, ()), parent)]

    def _places(self, declaration: Declaration) -> dict[str, int]:
        rows = queries.head_rows(self.db, declaration)
        return {str(row.block_id): place for place, row in enumerate(rows)}

    def _place_after(self, agenda: Sequence[Amendment], now: OnTheTable, declaration: Declaration) -> int:
        """Where to go on from something that is not in the order, such as an amendment that has just been decided."""
        places = self._places(declaration)
        here = places.get(str(now.block_id), -1)
        return next((nth for nth, one in enumerate(agenda) if _place(one, places) >= here), len(agenda) - 1)


def _first_block(amendment: Amendment) -> UUID | None:
    return next((one.block_id for one in amendment.own.changes if one.block_id is not None), None)


def _rank(amendment: Amendment, places: dict[str, int]) -> tuple[int, int, int]:
    distance = sum(_distance(hunk) for hunk in proposals.hunks_of(amendment.own))
    return _place(amendment, places), -distance, amendment.number


def _place(amendment: Amendment, places: dict[str, int]) -> int:
    known = [places[str(one.block_id)] for one in amendment.own.changes if str(one.block_id) in places]
    return min(known, default=len(places))


def _distance(hunk: Hunk) -> int:
    """How many characters of the text it touches: those it takes out and those it puts in."""
    words = sum(len(one.old) + len(one.new) for one in hunk.words)
    return words or sum(len(text) for text in _texts(hunk))


def _texts(hunk: Hunk) -> Iterator[str]:
    yield from (block.text for block in (*hunk.old, *hunk.new))
