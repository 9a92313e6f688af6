"""A mandate begins and ends at midnight in the forum's place: for rights, lists and notices."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.support import factories
from workspace.core import clock
from workspace.core.actor import Role
from workspace.notices.listeners import people_of
from workspace.people.models import Forum, Mandate

DAY = date(2027, 6, 30)
MIDNIGHTS = [  # as 30 June begins, and as it ends, in UTC
    ("Pacific/Honolulu", "2027-06-30T10:00+00:00", "2027-07-01T10:00+00:00"),
    ("Pacific/Auckland", "2027-06-29T12:00+00:00", "2027-06-30T12:00+00:00"),
]


@pytest.mark.parametrize(("zone", "begins", "ends"), MIDNIGHTS)
def test_a_mandate_of_one_day_counts_from_midnight_to_midnight_in_the_forums_place(
    house, monkeypatch, zone, begins, ends
):
    table = house.declaration("Towns share water.")
    member = house.people[Role.MEMBER].person_id
    with house.store.writing() as db:
        db.execute(sa.update(Forum).values(timezone=zone))
        db.execute(sa.update(Mandate).where(Mandate.person_id == member).values(starts_on=DAY, ends_on=DAY))

    def seen_at(moment: datetime):
        monkeypatch.setattr(clock, "now", lambda: moment)
        reads = house.member.get(table.path).status_code
        standing = [one for one in ("coming", "now", "past") if str(member) in _listed(house, one)]
        with house.store.reading() as db:
            return reads, standing, member in people_of(db, factories.forum(db))

    begin, end, moment = datetime.fromisoformat(begins), datetime.fromisoformat(ends), timedelta(seconds=1)
    before, there, after = (404, ["coming"], False), (200, ["now"], True), (404, ["past"], False)
    assert [seen_at(begin - moment), seen_at(begin)] == [before, there]
    assert [seen_at(end - moment), seen_at(end)] == [there, after]


def _listed(house, standing):
    answer = house[Role.SECRETARIAT].get(f"/forums/third-forum/people?standing={standing}")
    assert answer.status_code == 200, answer.text
    return answer.text
