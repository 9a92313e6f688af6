"""The order in which the open amendments come before the plenary, page by page: paragraph by paragraph, an amendment to
an amendment before it; of several to one paragraph deletions first, then the furthest from the text, those that ask
for the same together, and new paragraphs after it; and all this as the chair has changed it.

To know the order of thousands only their places are read; their words only where several share a place that is shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from threading import Lock
from typing import Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa
from cachetools import LRUCache
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import selectinload

from drafts.diff.hunks import Hunk, HunkKind
from drafts.text.blocks import Language
from workspace.amendments.domain import queries as filed
from workspace.amendments.domain.conflicts import Fingerprint, words_fingerprint
from workspace.amendments.domain.models import Amendment, AmendmentVersion, ChangeRecord
from workspace.amendments.service import AmendmentService
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.core.storage.readings import read_once
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, RevisionBlock
from workspace.declarations.domain.policy import ensure_may
from workspace.declarations.domain.service import DeclarationService
from workspace.people.models import Organisation, Person
from workspace.procedure.models import Floor, OrderChange
from workspace.procedure.running_order import Arrangement, RunningOrderService, arranged

A_PAGE = 50  # amendments to choose from at once
_AT_THE_BEGINNING = -1  # before the first paragraph


class PlenaryItem(Struct, frozen=True):
    """An amendment of the order: its number, the paragraph that it touches first, who asks for it, and the name of
    the group with which it stands or falls.
    """

    id: UUID
    number: int
    block_id: UUID | None
    who: str
    group: str = ""
    is_by_parts: bool = False


class AgendaPage(Struct, frozen=True):
    """One page of the order: its number, how many pages there are, and after how many amendments it begins."""

    number: int
    count: int
    after: int
    items: Sequence[PlenaryItem]


class _AgendaOutline(Struct, frozen=True):
    id: UUID
    number: int
    version: UUID
    written: int
    parent: UUID | None
    place: int
    block_id: UUID | None
    is_open: bool


class _Rank(Struct, frozen=True, order=True):
    """Where one comes among those to the same place; who asks for the same words as another comes after that."""

    is_addition: bool = False
    is_rewording: bool = True
    nearness: int = 0
    ask: int = 0
    number: int = 0


ASKS: LRUCache[UUID, tuple[_Rank, Fingerprint]] = LRUCache(4_096)
"""What versions ask for, which never changes; 8 MB."""
_LOCK = Lock()
_STANDS = ("_places", "_outlines", "_amending", "_arrangement", "_order", "_members", "_nth", "_starts")


class Agenda:
    """The open amendments of one declaration that somebody may read. Three queries, and two more for each page."""

    def __init__(self, db: Db, declaration: Declaration, *, actor: Actor) -> None:
        self.db = db
        self.declaration = declaration
        self.actor = actor
        self._asks: dict[UUID, tuple[_Rank, Fingerprint]] = {}  # by version

    def __len__(self) -> int:
        return self._starts[-1]

    def ordered(self) -> "Agenda":
        """Itself, with what is read of thousands: their order, until something is recorded."""
        known = filed.read_filed(self.db, self.declaration, self.actor, Agenda, lambda: attrgetter(*_STANDS)(self))
        vars(self).update(zip(_STANDS, known, strict=True))
        return self

    def place_of(self, amendment: Amendment) -> int | None:
        """Where an amendment comes, from 0; None where it is not in the order."""
        found = self._outlines.get(amendment.id)
        top = found.parent if found and found.parent else amendment.id
        nth = self._nth.get(top)
        if found is None or nth is None:
            return None
        self._weigh([self._members[nth]])
        numbers = [known.number for known in self._listed(nth)]
        return self._starts[nth] + numbers.index(found.number) if found.number in numbers else None

    def at(self, place: int) -> int | None:
        """The number of the amendment at a place; the first or the last beyond the ends, None where there are none."""
        if not len(self):
            return None
        place = max(0, min(place, len(self) - 1))
        return self._between(place, place + 1)[0].number

    def from_block(self, block_id: UUID | None) -> int:
        """The place of the first amendment to a paragraph or behind it; the last where none follows."""
        here = self._places.get(block_id, -1) if block_id else -1
        nth = next((nth for nth, place in enumerate(self._order) if place >= here), None)
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
            PlenaryItem(
                amendment.id,
                amendment.number,
                amendment.block_id,
                names.get(amendment.number, ""),
                self._arrangement.group.get(amendment.id, ""),
                amendment.id in self._arrangement.by_parts,
            )
            for amendment in found
        ]

    def lapses(self, amendments: Mapping[int, Amendment]) -> Mapping[int, set[int]]:
        """What could not be adopted any more once each of these were, by number."""
        return AmendmentService(self.db).conflicts(self.declaration, list(amendments.values()), actor=self.actor)

    def amendments(self, items: Sequence[PlenaryItem]) -> Mapping[int, Amendment]:
        """The amendments themselves, by number, with what a line about each needs, and those to them."""
        lines = sa.select(Amendment).options(*filed.eager_lines(), selectinload(Amendment.children))
        statement = filed.where_readable(lines, self.declaration, self.actor)
        found = self.db.scalars(statement.where(Amendment.number.in_([known.number for known in items])))
        return {amendment.number: amendment for amendment in found}

    def _between(self, first: int, end: int) -> Sequence[_AgendaOutline]:
        starts = self._starts
        nths = [nth for nth, start in enumerate(starts[:-1]) if start < end and first < starts[nth + 1]]
        self._weigh([self._members[nth] for nth in nths])
        return [
            amendment
            for nth in nths
            for amendment in self._listed(nth)[max(0, first - starts[nth]) : end - starts[nth]]
        ]

    def _listed(self, nth: int) -> Sequence[_AgendaOutline]:
        """The open amendments of one place in their order, each behind those to it."""
        place, members = self._order[nth], self._members[nth]
        tops = members if place in self._arrangement.lists else self._ranked(members)
        return [amendment for top in tops for amendment in (*self._ranked(self._amending.get(top.id, ())), top)]

    def _ranked(self, amendments: Sequence[_AgendaOutline]) -> Sequence[_AgendaOutline]:
        """Amendments to one place or to one amendment, as the rules put them."""
        first: dict[Fingerprint, int] = {}
        ranks: dict[int, _Rank] = {}
        for amendment in sorted(amendments, key=lambda amendment: amendment.number):
            rank, ask = self._asks.get(amendment.version, (_Rank(), ()))
            ranks[amendment.number] = replace(
                rank, ask=first.setdefault(ask, amendment.number) if ask else amendment.number, number=amendment.number
            )
        return sorted(amendments, key=lambda amendment: ranks[amendment.number])

    def _weigh(self, groups: Iterable[Sequence[_AgendaOutline]]) -> None:
        """Learn what those ask for that share their place, or the amendment they amend, with others."""
        every = list(groups)
        every += [self._amending.get(top.id, ()) for group in every for top in group]
        versions = [amendment.version for group in every if len(group) > 1 for amendment in group]
        with _LOCK:
            self._asks.update((version, ASKS[version]) for version in versions if version in ASKS)
        if unknown := set(versions) - self._asks.keys():
            stored = sa.select(AmendmentVersion.id, AmendmentVersion.hunks, AmendmentVersion.base_revision_id)
            language = stored.add_columns(Amendment.language).join(AmendmentVersion.amendment)
            for version, hunks, base, spoken in self.db.execute(language.where(AmendmentVersion.id.in_(unknown))):
                self._asks[version] = _asked(msgspec.convert(hunks, tuple[Hunk, ...]), base, spoken)
            with _LOCK:
                ASKS.update((version, self._asks[version]) for version in unknown)

    def _names(self, numbers: Sequence[int]) -> Mapping[int, str]:
        named = sa.select(Amendment.number, sa.func.coalesce(Organisation.name, Person.name))
        named = named.join(Amendment.proposer).outerjoin(Amendment.organisation)
        statement = filed.where_readable(named, self.declaration, self.actor)
        return {row[0]: row[1] for row in self.db.execute(statement.where(Amendment.number.in_(numbers)))}

    @cached_property
    def _places(self) -> Mapping[UUID, int]:
        blocks = sa.select(RevisionBlock.block_id).where(RevisionBlock.revision_id == self.declaration.head_id)
        return {block: place for place, block in enumerate(self.db.scalars(blocks.order_by(RevisionBlock.position)))}

    @cached_property
    def _outlines(self) -> Mapping[UUID, _AgendaOutline]:
        """Of every open amendment its own version in force, and the foremost place that this touches."""
        found: dict[UUID, _AgendaOutline] = {}
        for amendment, number, parent, version, written, block, is_open in self.db.execute(self._stated()):
            place = self._places.get(block, len(self._places)) if block else _AT_THE_BEGINNING
            known = found.get(amendment)
            if known is None or (known.written, place) < (written, known.place):  # a later version is in force
                found[amendment] = _AgendaOutline(amendment, number, version, written, parent, place, block, is_open)
        return found

    def _stated(self) -> sa.Select[UUID, int, UUID | None, UUID, int, UUID | None, bool]:
        is_open: sa.ColumnElement[bool] = Amendment.disposition.in_(filed.UNDECIDED)
        is_own = sa.or_(AmendmentVersion.made_by_id == Amendment.proposer_id, AmendmentVersion.number == 1)
        every = (
            sa.select(Amendment.id, Amendment.number, Amendment.parent_id, AmendmentVersion.id, AmendmentVersion.number)
            .add_columns(ChangeRecord.block_id, is_open)
            .join(AmendmentVersion, AmendmentVersion.amendment_id == Amendment.id)
            .join(ChangeRecord, ChangeRecord.version_id == AmendmentVersion.id)
            .where(is_own)
        )
        if self._moved:  # else the open ones are found without looking at the others
            is_open = sa.or_(is_open, Amendment.id.in_(self._moved))
        return filed.where_readable(every, self.declaration, self.actor).where(is_open)

    @cached_property
    def changes(self) -> Sequence[OrderChange]:
        """What the chair has changed, the oldest first."""
        return RunningOrderService(self.db).changes(self.declaration, actor=self.actor)

    @cached_property
    def _moved(self) -> frozenset[UUID]:
        """The amendments that a change names: decided ones still say where the others come."""
        return frozenset(key for change in self.changes for key in (change.amendment_id, change.anchor_id) if key)

    @cached_property
    def _amending(self) -> Mapping[UUID, Sequence[_AgendaOutline]]:
        """The open amendments to each open amendment."""
        found: dict[UUID, list[_AgendaOutline]] = {}
        for amendment in self._outlines.values():
            if amendment.parent and amendment.parent in self._outlines and amendment.is_open:
                found.setdefault(amendment.parent, []).append(amendment)
        return found

    @cached_property
    def _by_place(self) -> Mapping[int, Sequence[_AgendaOutline]]:
        """The amendments to the text that share a place."""
        found: dict[int, list[_AgendaOutline]] = {}
        for amendment in self._outlines.values():
            if amendment.parent is None:
                found.setdefault(amendment.place, []).append(amendment)
        return found

    @cached_property
    def _arrangement(self) -> Arrangement:
        """The places with something that the chair has moved, in the order that they have now."""
        moved = {self._outlines[key].place for key in self._moved if key in self._outlines}
        lists = {place: group for place, group in self._by_place.items() if place in moved}
        self._weigh(lists.values())
        ranked = {place: [amendment.id for amendment in self._ranked(group)] for place, group in lists.items()}
        return arranged(ranked, self.changes)

    @cached_property
    def _order(self) -> Sequence[int]:
        """The places to which something open stands, in the order of the text."""
        return sorted(self._open)

    @cached_property
    def _open(self) -> Mapping[int, Sequence[_AgendaOutline]]:
        moved = {place: [self._outlines[key] for key in ids] for place, ids in self._arrangement.lists.items()}
        every = {**self._by_place, **moved}
        found = {place: [amendment for amendment in group if amendment.is_open] for place, group in every.items()}
        return {place: group for place, group in found.items() if group}

    @cached_property
    def _members(self) -> Sequence[Sequence[_AgendaOutline]]:
        """The amendments of each place of the order."""
        return [self._open[place] for place in self._order]

    @cached_property
    def _nth(self) -> Mapping[UUID, int]:
        return {amendment.id: nth for nth, group in enumerate(self._members) for amendment in group}

    @cached_property
    def _starts(self) -> Sequence[int]:
        """How many amendments come before each place; at the end, how many there are."""
        starts = [0]
        for group in self._members:
            starts.append(starts[-1] + sum(1 + len(self._amending.get(amendment.id, ())) for amendment in group))
        return starts


def _asked(hunks: Sequence[Hunk], base: UUID, language: Language) -> tuple[_Rank, Fingerprint]:
    """Its rank by the rules, and what it asks for, equal for those that ask for the same."""
    kinds = {hunk.kind for hunk in hunks}
    rank = _Rank(kinds == {HunkKind.INSERT}, HunkKind.DELETE not in kinds, -_distance(hunks))
    return rank, (language, base, *words_fingerprint(hunks))


def _distance(hunks: Sequence[Hunk]) -> int:
    """How many characters of the text it touches: those it takes out and those it puts in."""
    return sum(
        sum(len(word.old) + len(word.new) for word in hunk.words)
        or sum(len(block.text) for block in (*hunk.old, *hunk.new))
        for hunk in hunks
    )


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
        rows = [row.block_id for row in queries.bare_rows(self.db, declaration.head_id)]
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
        log.record_in(
            self.db,
            "floor.given",
            declaration,
            actor=actor,
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
        read = (Declaration, RevisionBlock, Amendment, AmendmentVersion, ChangeRecord, OrderChange)
        key = Agenda, declaration.id, actor.person_id
        return read_once(self.db, key, read, lambda: Agenda(self.db, declaration, actor=actor).ordered())


def first_block(amendment: Amendment) -> UUID | None:
    """The first paragraph that it changes; None where it only adds some."""
    return next((change.block_id for change in amendment.own.changes if change.block_id is not None), None)
