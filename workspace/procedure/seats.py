"""Who may answer a question: the mandates of one day, frozen when it is put."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workspace.core.db import Db
from workspace.people.models import Forum, Mandate, Organisation
from workspace.procedure.models import Seat
from workspace.procedure.question_policy import is_voice


def seats_on(db: Db, forum: Forum, day: date, *, one_voice: bool) -> list[Seat]:
    """A seat for each organisation that has a mandate with a vote on that day; without one voice, for each person.

    A person who stands for two organisations has one vote. Numbered by the names of the organisations.
    """
    mandates = db.scalars(
        sa.select(Mandate)
        .join(Mandate.organisation)
        .where(Mandate.forum_id == forum.id)
        .options(joinedload(Mandate.organisation), joinedload(Mandate.person))
        .order_by(Organisation.name, Organisation.id, Mandate.person_id)
    )
    voting = (one for one in mandates if is_voice(one.as_held()) and one.as_held().covers(day))
    return list(_seats(voting, one_voice=one_voice))


def _seats(mandates: Iterator[Mandate], *, one_voice: bool) -> Iterator[Seat]:
    seen: set[UUID | None] = set()
    for mandate in mandates:
        organisation_id = mandate.organisation_id
        who = organisation_id if one_voice else mandate.person_id
        if who in seen or organisation_id is None or mandate.person.erased_at is not None:
            continue
        seen.add(who)
        person_id = None if one_voice else mandate.person_id
        yield Seat(number=len(seen), organisation_id=organisation_id, person_id=person_id)
