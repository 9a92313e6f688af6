"""Who may vote and how often each vote counts, and what carries a proposal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload, lazyload

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.provided import PRESENT
from workspace.core.security.permissions import VOTERS
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service
from workspace.declarations.domain.models import Declaration
from workspace.people.models import Forum, Mandate, Organisation, Person, held_of
from workspace.procedure import policy
from workspace.procedure.models import Ending, Majority, Question, Seat, Weight
from workspace.procedure.policy import is_voice

MOST = 1_000_000
_OF_KNOWN_FORUM = lazyload(Mandate.forum)  # it is at hand, and need not stand in every row


class WeightedMandate(Struct, frozen=True):
    """A mandate with a vote today, and how often that vote counts."""

    mandate_id: UUID
    organisation: str
    person: str
    weight: int


class WeightService(Service):
    """The weights of a forum's votes: one for each mandate, the same in all its declarations that weigh votes."""

    def listed(self, declaration: Declaration, *, actor: Actor) -> Sequence[WeightedMandate]:
        """The mandates with a vote today, by organisation; raises `NotFound` for who may not set the rules."""
        if not policy.may_set_rules(actor, declaration):
            raise NotFound(what="declaration", id=declaration.slug)
        return self._voting(declaration.forum)

    def set(self, declaration: Declaration, weights: Mapping[UUID, int], *, actor: Actor) -> None:
        """Say how often votes count; those of questions that were put before keep theirs.

        Raises `NotFound` for a mandate of the forum without a vote today, and `Invalid` for what is no weight.
        """
        policy.ensure_may_set_rules(actor, declaration)
        known = {voting.mandate_id: voting.weight for voting in self._voting(declaration.forum)}
        for mandate_id, weight in weights.items():
            if mandate_id not in known:
                raise NotFound(what="mandate", id=str(mandate_id))
            if not 1 <= weight <= MOST:
                raise Invalid(field="weight", reason="not_a_weight", limit=MOST)
            if weight != known[mandate_id]:
                self._set(declaration, mandate_id, weight, actor)

    def _set(self, declaration: Declaration, mandate_id: UUID, weight: int, actor: Actor) -> None:
        row = self.db.get(Weight, mandate_id) or Weight(mandate_id=mandate_id)
        row.weight, row.set_by_id, row.set_at = weight, actor.person_id, clock.now()
        self.db.add(row)
        self.db.flush()
        log.record_in(self.db, "procedure.weighed", declaration, actor=actor, mandate=str(mandate_id), weight=weight)

    def _voting(self, forum: Forum) -> list[WeightedMandate]:
        today = clock.now()
        statement = (
            sa.select(Mandate.__table__, Organisation.name, Person.name, sa.func.coalesce(Weight.weight, 1))
            .join(Mandate.organisation)
            .join(Mandate.person)
            .outerjoin(Weight, Weight.mandate_id == Mandate.id)
            .where(Mandate.forum_id == forum.id, Mandate.role.in_(VOTERS), Person.erased_at.is_(None))
            .order_by(Organisation.name, Person.name, Mandate.id)
        )
        every = ((held_of(row, forum.timezone), row) for row in self.db.execute(statement))
        return [WeightedMandate(row.id, *row[-3:]) for held, row in every if is_voice(held) and held.covers(today)]


def weights_of(db: Db, mandate_ids: Mapping[UUID, int] | Sequence[UUID]) -> Mapping[UUID, int]:
    """The weights of these mandates that have one of their own."""
    rows = db.execute(sa.select(Weight.mandate_id, Weight.weight).where(Weight.mandate_id.in_(list(mandate_ids))))
    return {row[0]: row[1] for row in rows}


def eligible_seats(db: Db, forum: Forum, day: date, *, one_voice: bool, is_weighted: bool = False) -> list[Seat]:
    """A seat for each organisation that has a mandate with a vote on that day; without one voice, for each person.

    A person who stands for two organisations has one vote. Numbered by the names of the organisations.
    Where votes are weighed, an organisation's counts as often as the weightiest of its mandates says.
    """
    mandates = db.scalars(
        sa.select(Mandate)
        .join(Mandate.organisation)
        .where(Mandate.forum_id == forum.id)
        .options(joinedload(Mandate.organisation), joinedload(Mandate.person), _OF_KNOWN_FORUM)
        .order_by(Organisation.name, Organisation.id, Mandate.person_id)
    )
    voting = [mandate for mandate in mandates if is_voice(held := mandate.as_held()) and held.covers(day)]
    seats = list(_seats(voting, one_voice=one_voice))
    if is_weighted:
        _weigh(seats, voting, weights_of(db, [mandate.id for mandate in voting]))
    return seats


def people_of(db: Db, forum: Forum, seat: Seat, day: date) -> list[UUID]:
    """Who can vote for a seat on that day."""
    own = sa.select(Mandate).where(Mandate.forum_id == forum.id, Mandate.organisation_id == seat.organisation_id)
    mandates = db.scalars(own.options(joinedload(Mandate.person)).order_by(Mandate.person_id))
    return [
        mandate.person_id
        for mandate in mandates
        if seat.person_id in {None, mandate.person_id} and mandate.person.erased_at is None
        if is_voice(held := mandate.as_held()) and held.covers(day)
    ]


def _weigh(seats: Iterable[Seat], voting: Sequence[Mandate], weights: Mapping[UUID, int]) -> None:
    for seat in seats:
        own = (mandate for mandate in voting if seat.person_id in {None, mandate.person_id})
        seat.weight = max(
            weights.get(mandate.id, 1) for mandate in own if mandate.organisation_id == seat.organisation_id
        )


def _seats(mandates: Iterable[Mandate], *, one_voice: bool) -> Iterator[Seat]:
    seen: set[UUID | None] = set()
    for mandate in mandates:
        organisation_id = mandate.organisation_id
        who = organisation_id if one_voice else mandate.person_id
        if who in seen or organisation_id is None or mandate.person.erased_at is not None:
            continue
        seen.add(who)
        person = None if one_voice else mandate.person
        yield Seat(
            number=len(seen),
            organisation_id=organisation_id,
            organisation=mandate.organisation,
            person_id=person.id if person else None,
            person=person,
        )


def present_votes(db: Db, question: Question) -> int:
    """The votes of those who have voted, and of those who are recorded as present at the open sitting."""
    recorded = PRESENT.get()(db, question.declaration) or frozenset()
    voted = {vote.seat for vote in question.casts}
    return sum(seat.votes for seat in question.seats if seat.number in voted or seat.organisation_id in recorded)


HUNDRED = 100


class VoteTally(Struct, frozen=True):
    """The numbers of a vote; `eligible` is how many could have voted, `present` those of them who were there."""

    yes: int
    no: int
    abstain: int
    eligible: int
    present: int = 0

    @property
    def cast(self) -> int:
        return self.yes + self.no + self.abstain


class CarryingRule(Struct, frozen=True):
    """What carries a proposal. `quorum` in hundredths of those eligible; 0 is none."""

    majority: Majority
    quorum: int
    abstentions_count: bool = False


SHARES: Mapping[Majority, tuple[int, int]] = {  # at least; of any other, more than half
    Majority.TWO_THIRDS: (2, 3),
    Majority.THREE_QUARTERS: (3, 4),
    Majority.UNANIMITY: (1, 1),
}


def base(tally: VoteTally, rule: CarryingRule) -> int:
    """The number that the majority is a share of."""
    if rule.majority is Majority.MEMBERS:
        return tally.eligible
    if rule.majority is Majority.PRESENT:
        return max(tally.present, tally.cast)
    return tally.cast if rule.abstentions_count else tally.yes + tally.no


def needed(tally: VoteTally, rule: CarryingRule) -> int:
    """The least number of yes that carries the proposal with so many votes; it is never none."""
    if rule.majority not in SHARES:
        return base(tally, rule) // 2 + 1
    part, whole = SHARES[rule.majority]
    return max(1, -(-part * base(tally, rule) // whole))


def quorum_votes(eligible: int, quorum: int) -> int:
    """How many have to vote or abstain, of so many."""
    return -(-quorum * eligible // HUNDRED)


def has_quorum(tally: VoteTally, rule: CarryingRule) -> bool:
    """Whether enough have voted or abstained."""
    return tally.cast >= quorum_votes(tally.eligible, rule.quorum)


def ending(tally: VoteTally, rule: CarryingRule) -> Ending:
    """How the vote ends."""
    if not has_quorum(tally, rule):
        return Ending.NO_QUORUM
    return Ending.CARRIED if tally.yes >= needed(tally, rule) else Ending.LOST
