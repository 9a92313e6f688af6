"""Who may answer a question: the mandates of one day, frozen when it is put."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workspace.core.db import Db
from workspace.people.models import Forum, Mandate, Organisation
from workspace.procedure.models import Seat
from workspace.procedure.question_policy import is_voice
from workspace.procedure.weights import weights_of


def seats_on(db: Db, forum: Forum, day: date, *, one_voice: bool, is_weighted: bool = False) -> list[Seat]:
    """A seat for each organisation that has a mandate with a vote on that day; without one voice, for each person.

    A person who stands for two organisations has one vote. Numbered by the names of the organisations.
    Where votes are weighed, an organisation's counts as often as the weightiest of its mandates says.
    """
    mandates = db.scalars(
        sa.select(Mandate)
        .join(Mandate.organisation)
        .where(Mandate.forum_id == forum.id)
        .options(joinedload(Mandate.organisation), joinedload(Mandate.person))
        .order_by(Organisation.name, Organisation.id, Mandate.person_id)
    )
    voting = [one for one in mandates if is_voice(one.as_held()) and one.as_held().covers(day)]
    seats = list(_seats(voting, one_voice=one_voice))
    if is_weighted:
        _weigh(seats, voting, weights_of(db, [one.id for one in voting]))
    return seats


def _weigh(seats: Iterable[Seat], voting: Sequence[Mandate], weights: Mapping[UUID, int]) -> None:
    for seat in seats:
        own = (one for one in voting if seat.person_id in {None, one.person_id})
        seat.weight = max(weights.get(one.id, 1) for one in own if one.organisation_id == seat.organisation_id)


def _seats(mandates: Iterable[Mandate], *, one_voice: bool) -> Iterator[Seat]:
    seen: set[UUID | None] = set()
    for mandate in mandates:
        organisation_id = mandate.organisation_id
        who = organisation_id if one_voice else mandate.person_id
        if who in seen or organisation_id is None or mandate.person.erased_at is not None:
            continue
        seen.add(who)
        person_id = None if one_voice else mandate.person_id
        yield Seat(number=len(seen), organisation_id=organisation_id, person_id=person_id)
