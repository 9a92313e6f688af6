"""The order in which the open amendments come before the plenary, page by page: paragraph by paragraph, an amendment to
an amendment before it, and of several to one paragraph the one furthest from the text first.

To know the order of thousands only their places are read; their words only where several share a place that is shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload

from drafts.diff.hunks import Hunk
from workspace.amendments.domain import queries as filed
from workspace.amendments.domain.models import Amendment, AmendmentVersion, ChangeRecord
from workspace.amendments.service import AmendmentService
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, RevisionBlock
from workspace.declarations.domain.policy import ensure_may
from workspace.declarations.domain.service import DeclarationService
from workspace.procedure.models import Floor

A_PAGE = 50  # amendments to choose from at once
_AT_THE_BEGINNING = -1  # before the first paragraph


class PlenaryItem(Struct, frozen=True):
    """An amendment of the order: its number, the paragraph that it touches first, and who asks for it."""

    number: int
    block_id: UUID | None
    who: str


class AgendaPage(Struct, frozen=True):
    """One page of the order: its number, how many pages there are, and after how many amendments it begins."""

    number: int
    count: int
    after: int
    items: Sequence[PlenaryItem]


class _AgendaOutline(Struct, frozen=True):
    number: int
    version: UUID
    parent: UUID | None
    place: int
    block_id: UUID | None


class Agenda:
    """The open amendments of one declaration that somebody may read. Two queries, and two more for each page."""

    def __init__(self, db: Db, declaration: Declaration, *, actor: Actor) -> None:
        self.db = db
        self.declaration = declaration
        self.actor = actor
        self._weights: dict[UUID, int] = {}  # by version

    def __len__(self) -> int:
        return self._starts[-1]

    def place_of(self, amendment: Amendment) -> int | None:
        """Where an amendment comes, from 0; None where it is not in the order."""
        found = self._outlines.get(amendment.id)
        parent = self._outlines.get(found.parent) if found and found.parent else found
        if found is None or parent is None:
            return None
        nth = self._nth[parent.place]
        self._weigh([self._groups[nth]])
        numbers = [amendment.number for amendment in self._ranked(nth)]
        return self._starts[nth] + numbers.index(found.number)

    def at(self, place: int) -> int | None:
        """The number of the amendment at a place; the first or the last beyond the ends, None where there are none."""
        if not len(self):
            return None
        place = max(0, min(place, len(self) - 1))
        return self._between(place, place + 1)[0].number

    def from_block(self, block_id: UUID | None) -> int:
        """The place of the first amendment to a paragraph or behind it; the last where none follows."""
        here = self._places.get(block_id, -1) if block_id else -1
        nth = next((nth for nth, group in enumerate(self._groups) if group[0].place >= here), None)
        return len(self) - 1 if nth is None else self._starts[nth]

    def leaf(self, number: int, *, size: int = A_PAGE) -> AgendaPage:
        """The page `number`; the last one beyond them."""
        count = max(1, -(-len(self) // size))
        number = max(1, min(number, count))
        after = (number - 1) * size
        return AgendaPage(number, count, after, self.items(after, size))

    def items(self, after: int, most: int) -> Sequence[PlenaryItem]:
        """`most` amendments at most, after so many others."""
        found = self._between(after, after + most)
        names = self._names([amendment.number for amendment in found])
        return [
            PlenaryItem(amendment.number, amendment.block_id, names.get(amendment.number, "")) for amendment in found
        ]

    def _between(self, first: int, end: int) -> Sequence[_AgendaOutline]:
        starts = self._starts
        nths = [nth for nth, start in enumerate(starts[:-1]) if start < end and first < starts[nth + 1]]
        self._weigh([self._groups[nth] for nth in nths])
        return [
            amendment
            for nth in nths
            for amendment in self._ranked(nth)[max(0, first - starts[nth]) : end - starts[nth]]
        ]

    def _ranked(self, nth: int) -> Sequence[_AgendaOutline]:
        """The amendments to one place in their order, each behind those to it."""
        ranked = sorted(
            self._groups[nth], key=lambda amendment: (-self._weights.get(amendment.version, 0), amendment.number)
        )
        return [amendment for parent in ranked for amendment in (*self._amending.get(parent.number, ()), parent)]

    def _weigh(self, groups: Iterable[Sequence[_AgendaOutline]]) -> None:
        """Learn how far those are from the text that share their place with others."""
        versions = [amendment.version for group in groups if len(group) > 1 for amendment in group]
        unknown = [version for version in versions if version not in self._weights]
        if unknown:
            stored = sa.select(AmendmentVersion.id, AmendmentVersion.hunks).where(AmendmentVersion.id.in_(unknown))
            for version, hunks in self.db.execute(stored):
                self._weights[version] = _distance(msgspec.convert(hunks, tuple[Hunk, ...]))

    def _names(self, numbers: Sequence[int]) -> Mapping[int, str]:
        statement = filed.where_readable(sa.select(Amendment), self.declaration, self.actor)
        named = statement.where(Amendment.number.in_(numbers)).options(
            joinedload(Amendment.proposer), joinedload(Amendment.organisation)
        )
        return {
            amendment.number: amendment.organisation.name if amendment.organisation else amendment.proposer.name
            for amendment in self.db.scalars(named)
        }

    @cached_property
    def _places(self) -> Mapping[UUID, int]:
        blocks = sa.select(RevisionBlock.block_id).where(RevisionBlock.revision_id == self.declaration.head_id)
        return {block: place for place, block in enumerate(self.db.scalars(blocks.order_by(RevisionBlock.position)))}

    @cached_property
    def _outlines(self) -> Mapping[UUID, _AgendaOutline]:
        """Of every open amendment its own version in force, and the foremost place that this touches."""
        found: dict[UUID, _AgendaOutline] = {}
        for amendment, number, parent, version, block in self.db.execute(self._stated()):
            place = self._places.get(block, len(self._places)) if block else _AT_THE_BEGINNING
            known = found.get(amendment)
            if known is None or known.version != version or place < known.place:  # a later version is in force
                found[amendment] = _AgendaOutline(number, version, parent, place, block)
        return found

    def _stated(self) -> sa.Select[UUID, int, UUID | None, UUID, UUID | None]:
        every = (
            sa.select(Amendment.id, Amendment.number, Amendment.parent_id, AmendmentVersion.id, ChangeRecord.block_id)
            .join(AmendmentVersion, AmendmentVersion.amendment_id == Amendment.id)
            .join(ChangeRecord, ChangeRecord.version_id == AmendmentVersion.id)
        )
        is_own = sa.or_(AmendmentVersion.made_by_id == Amendment.proposer_id, AmendmentVersion.number == 1)
        return (
            filed.where_readable(every, self.declaration, self.actor)
            .where(Amendment.disposition.in_(filed.UNDECIDED), is_own)
            .order_by(Amendment.number, AmendmentVersion.number, ChangeRecord.position)
        )

    @cached_property
    def _amending(self) -> Mapping[int, Sequence[_AgendaOutline]]:
        """The amendments to each amendment, by its number."""
        found: dict[int, list[_AgendaOutline]] = {}
        for amendment in self._outlines.values():
            parent = self._outlines.get(amendment.parent) if amendment.parent else None
            if parent is not None:
                found.setdefault(parent.number, []).append(amendment)
        return found

    @cached_property
    def _groups(self) -> Sequence[Sequence[_AgendaOutline]]:
        """The amendments to the text that share a place, in the order of the text."""
        found: dict[int, list[_AgendaOutline]] = {}
        for amendment in self._outlines.values():
            if amendment.parent is None:
                found.setdefault(amendment.place, []).append(amendment)
        return [found[place] for place in sorted(found)]

    @cached_property
    def _nth(self) -> Mapping[int, int]:
        return {group[0].place: nth for nth, group in enumerate(self._groups)}

    @cached_property
    def _starts(self) -> Sequence[int]:
        """How many amendments come before each group; at the end, how many there are."""
        starts = [0]
        for group in self._groups:
            starts.append(starts[-1] + sum(1 + len(self._amending.get(amendment.number, ())) for amendment in group))
        return starts


def _distance(hunks: Sequence[Hunk]) -> int:
    """How many characters of the text it touches: those it takes out and those it puts in."""
    return sum(
        sum(len(word.old) + len(word.new) for word in hunk.words) or sum(len(text) for text in _texts(hunk))
        for hunk in hunks
    )


def _texts(hunk: Hunk) -> Iterator[str]:
    yield from (block.text for block in (*hunk.old, *hunk.new))


Step = Literal[-1, 1]


class CurrentItem(Struct, frozen=True):
    """An amendment with the paragraph it concerns first, or a paragraph alone. Nothing of either: an empty table.

    `since` is when it was given, or cleared; None where nothing has ever been put there.
    """

    amendment: Amendment | None = None
    block_id: UUID | None = None
    since: datetime | None = None


class CurrentItemService:
    """The table of the plenary of one declaration."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.amendments = AmendmentService(db)

    def now(self, declaration: Declaration, *, actor: Actor) -> CurrentItem:
        """What is on the table, as far as `actor` may see it."""
        floor = self.db.get(Floor, declaration.id)
        if floor is None:
            return CurrentItem()
        if floor.amendment_id is None:
            return CurrentItem(block_id=floor.block_id, since=floor.given_at)
        try:
            amendment = self.amendments.get(floor.amendment_id, actor=actor)
        except NotFound:
            return CurrentItem(since=floor.given_at)
        return CurrentItem(amendment, floor.block_id, floor.given_at)

    def give(
        self, declaration: Declaration, *, actor: Actor, amendment: int = 0, block_id: UUID | None = None
    ) -> CurrentItem:
        """Put an amendment, by its number, or a paragraph on the table; neither clears it."""
        declaration = DeclarationService(self.db).lock(declaration.id)
        ensure_may(actor, "floor.give", declaration)
        rows = [row.block_id for row in queries.bare_rows(self.db, declaration)]
        if block_id is not None and block_id not in rows:
            raise NotFound(what="block", id=str(block_id))
        found = self.amendments.numbered(declaration, amendment, actor=actor) if amendment else None
        if found is not None:
            block_id = first_block(found)
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
        return CurrentItem(found, block_id, floor.given_at)

    def step(self, declaration: Declaration, by: Step, *, actor: Actor) -> CurrentItem:
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

    def order(self, declaration: Declaration, *, actor: Actor) -> Agenda:
        """The open amendments that `actor` may read, as they come."""
        return Agenda(self.db, declaration, actor=actor)


def first_block(amendment: Amendment) -> UUID | None:
    """The first paragraph that it changes; None where it only adds some."""
    return next((change.block_id for change in amendment.own.changes if change.block_id is not None), None)
