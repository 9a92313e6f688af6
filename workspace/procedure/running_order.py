"""The running order as the chair changes it: moved, grouped and taken by parts, each with a reason, for all to read.

The changes are made one after the other on the order of the rules as it is now: what is submitted meanwhile comes at
the place that the rules give it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count
from string import ascii_uppercase
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workspace.amendments.decisions.partial import single_changes
from workspace.amendments.domain import queries as filed
from workspace.amendments.domain.models import Amendment
from workspace.amendments.service import AmendmentService
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, next_number
from workspace.core.validation import ensure_short, needed_reason
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_may
from workspace.declarations.domain.service import DeclarationService
from workspace.procedure.models import OrderAct, OrderChange, SeparateVote
from workspace.procedure.policy import is_voice

_BESIDE = frozenset({OrderAct.BEFORE, OrderAct.AFTER, OrderAct.WITH})
LONGEST_NAME = 20  # characters of the name of a group


class Arrangement:
    """Amendments to the text, by the place where each list of them stands, while changes are made to their order."""

    def __init__(self, lists: Mapping[int, Sequence[UUID]]) -> None:
        self.lists = {place: list(ids) for place, ids in lists.items()}
        self.place = {amendment: place for place, ids in lists.items() for amendment in ids}
        self.group: dict[UUID, str] = {}
        self.by_parts: set[UUID] = set()

    def apply(self, change: OrderChange) -> None:
        """Make one change; nothing where an amendment of it is not here."""
        item, anchor = change.amendment_id, change.anchor_id or change.amendment_id
        if item not in self.place or anchor not in self.place:
            return
        match change.act:
            case OrderAct.PARTS:
                self.by_parts.add(item)
            case OrderAct.WHOLE:
                self.by_parts.discard(item)
            case OrderAct.ALONE:
                self._move([item], self._together(item)[-1], 1)
                self._leave(item)
            case OrderAct.WITH:
                self._leave(item)
                self._move([item], self._together(anchor)[-1], 1)
                self.group.update({item: change.group_name, anchor: change.group_name})
            case _:
                self._move_beside(item, anchor, after=change.act is OrderAct.AFTER)

    def _move_beside(self, item: UUID, anchor: UUID, *, after: bool) -> None:
        moved, beside = self._together(item), self._together(anchor)
        if anchor in moved:
            moved, beside = [item], [anchor]
        self._move(moved, beside[-1] if after else beside[0], int(after))

    def _together(self, item: UUID) -> list[UUID]:
        name = self.group.get(item)
        return [
            other for other in self.lists[self.place[item]] if other == item or (name and self.group.get(other) == name)
        ]

    def _move(self, moved: Sequence[UUID], anchor: UUID, offset: int) -> None:
        if anchor in moved:
            return
        for item in moved:
            self.lists[self.place[item]].remove(item)
            self.place[item] = self.place[anchor]
        beside = self.lists[self.place[anchor]]
        at = beside.index(anchor) + offset
        beside[at:at] = moved

    def _leave(self, item: UUID) -> None:
        name = self.group.pop(item, None)
        rest = [other for other, called in self.group.items() if called == name]
        if len(rest) == 1:
            del self.group[rest[0]]


class RunningOrderService:
    """The changes of the running order of declarations."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.amendments = AmendmentService(db)

    def changes(self, declaration: Declaration, *, actor: Actor) -> Sequence[OrderChange]:
        """All of them, the oldest first, as far as they are about amendments that `actor` may read."""
        readable = filed.where_readable(sa.select(Amendment.id), declaration, actor)
        statement = (
            sa.select(OrderChange)
            .where(OrderChange.declaration_id == declaration.id, OrderChange.amendment_id.in_(readable))
            .options(joinedload(OrderChange.amendment), joinedload(OrderChange.anchor), joinedload(OrderChange.made_by))
        )
        return self.db.scalars(statement.order_by(OrderChange.number)).all()

    def change(
        self,
        declaration: Declaration,
        amendment: int,
        act: OrderAct,
        *,
        reason: str,
        actor: Actor,
        anchor: int = 0,
        group: str = "",
    ) -> OrderChange:
        """Change it, with a reason; the `anchor` is the amendment before, after or with which the other comes.

        Raises `Invalid` for an amendment that is decided or amends another, and for what would change nothing.
        """
        declaration = DeclarationService(self.db).lock(declaration.id)
        ensure_may(actor, "order.change", declaration)
        item = self._item(declaration, amendment, "amendment", actor)
        beside = self._item(declaration, anchor, "anchor", actor) if act in _BESIDE else None
        if item is beside:
            raise Invalid(field="anchor", reason="itself")
        changes = self.changes(declaration, actor=actor)
        made = OrderChange(
            declaration_id=declaration.id,
            number=next_number(self.db, OrderChange.number, OrderChange.declaration_id == declaration.id),
            act=act,
            amendment=item,
            anchor=beside,
            group_name=_group_name(changes, beside, group) if act is OrderAct.WITH else "",
            reason=needed_reason(reason),
            made_by_id=actor.person_id,
            made_at=clock.now(),
        )
        if not beside:
            _ensure_changes(item, act, changes)
        self.db.add(made)
        self.db.flush()
        log.record_in(
            self.db,
            "floor.order_changed",
            declaration,
            actor=actor,
            amendment=str(item.id),
            act=act.value,
            anchor=str(beside.id) if beside else None,
            group=made.group_name,
            reason=made.reason,
        )
        return made

    def _item(self, declaration: Declaration, number: int, field: str, actor: Actor) -> Amendment:
        if not number:
            raise Invalid(field=field, reason="empty")
        found = self.amendments.called(declaration, [number], actor=actor).get(number)
        if found is None:
            raise Invalid(field=field, reason="no_such_amendment", given=number)
        if not found.disposition.is_undecided:
            raise Invalid(field=field, reason="decided")
        if found.parent_id is not None:
            raise Invalid(field=field, reason="moves_with_parent")
        return found


class SeparateVoteService(Service):
    """Which delegations want which amendments voted on by themselves."""

    def named(self, amendments: Collection[UUID]) -> Mapping[UUID, Sequence[str]]:
        """The delegations that ask for it, by amendment."""
        statement = sa.select(SeparateVote).where(
            SeparateVote.amendment_id.in_(amendments), SeparateVote.withdrawn_at.is_(None)
        )
        found: dict[UUID, list[str]] = {}
        for asked in self.db.scalars(statement.order_by(SeparateVote.asked_at)):
            found.setdefault(asked.amendment_id, []).append(asked.organisation.name)
        return found

    def ask(self, declaration: Declaration, number: int, *, actor: Actor, is_wanted: bool = True) -> Sequence[str]:
        """Ask for it in the name of one's delegation, or no longer; who asks for it now.

        Raises `Invalid` for an amendment that is decided, and for somebody without a delegation.
        """
        declaration = DeclarationService(self.db).lock(declaration.id)
        ensure_may(actor, "vote.ask_separate", declaration)
        found = AmendmentService(self.db).called(declaration, [number], actor=actor).get(number)
        if found is None or not found.disposition.is_undecided:
            reason = "decided" if found else "no_such_amendment"
            raise Invalid(field="amendment", reason=reason, given=number)
        voice = delegation_of(actor, declaration)
        if voice is None or actor.person_id is None:
            raise Invalid(field="amendment", reason="no_voice")
        asked = self.db.get(SeparateVote, (found.id, voice)) or SeparateVote(
            amendment_id=found.id, organisation_id=voice, asked_by_id=actor.person_id, asked_at=clock.now()
        )
        asked.withdrawn_at = None if is_wanted else clock.now()
        self.db.add(asked)
        self.db.flush()
        log.record_in(
            self.db,
            "question.separate_asked" if is_wanted else "question.separate_withdrawn",
            declaration,
            actor=actor,
            amendment=str(found.id),
            organisation=str(voice),
        )
        return self.named([found.id]).get(found.id, ())


def delegation_of(actor: Actor, declaration: Declaration) -> UUID | None:
    """The organisation for which they vote today."""
    mandates = filter(is_voice, actor.mandates_in(declaration.forum_id, clock.now()))
    return next((held.organisation_id for held in mandates), None)


def arranged(lists: Mapping[int, Sequence[UUID]], changes: Sequence[OrderChange]) -> Arrangement:
    """The lists after all changes."""
    made = Arrangement(lists)
    for change in changes:
        made.apply(change)
    return made


def _group_name(changes: Sequence[OrderChange], beside: Amendment | None, given: str) -> str:
    """That of the group which is joined; else the one that was given, or the next letter."""
    groups = _standing(changes).group
    if beside is not None and beside.id in groups:
        return groups[beside.id]
    name = " ".join(given.split())
    ensure_short(name, LONGEST_NAME, "group")
    if name in groups.values():
        raise Invalid(field="group", reason="same_group", given=name)
    return name or next(letter for letter in _letters() if letter not in groups.values())


def _letters() -> Iterator[str]:
    """A, B … Z, then with a number."""
    yield from ascii_uppercase
    yield from (f"{letter}{turn}" for turn in count(1) for letter in ascii_uppercase)


def _ensure_changes(item: Amendment, act: OrderAct, changes: Sequence[OrderChange]) -> None:
    now = _standing(changes)
    if act is OrderAct.PARTS and (item.is_indivisible or len(single_changes(item.own.diff)) == 1):
        raise Invalid(field="amendment", reason="not_divisible")
    is_by_parts = item.id in now.by_parts
    same = {OrderAct.PARTS: is_by_parts, OrderAct.WHOLE: not is_by_parts, OrderAct.ALONE: item.id not in now.group}
    if same[act]:
        raise Invalid(field="act", reason="same_order")


def _standing(changes: Sequence[OrderChange]) -> Arrangement:
    """Groups and parts after all changes, wherever each stands."""
    ids = {key for change in changes for key in (change.amendment_id, change.anchor_id) if key}
    return arranged({0: list(ids)}, changes)
