"""What waits for a second person ends by itself where one of the two is missing, and whoever is left is told."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.jobs import JobContext
from workspace.core.security.permissions import Phase
from workspace.core.settings import Settings
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.service import DeclarationService
from workspace.jobs import JOBS
from workspace.people.models import Mandate, Person

YESTERDAY = timedelta(days=-1)


def work(house):
    for job in JOBS:
        if job.name == "approvals.lapsing":
            job.run(JobContext(house.store, Settings()))


def leaves(house, role, *, days=YESTERDAY):
    """Their role is over since yesterday: nobody ended it today."""
    with house.store.writing() as db:
        [mandate] = db.scalars(sa.select(Mandate).filter_by(person_id=house.people[role].person_id, role=role))
        mandate.ends_on = clock.today("UTC") + days


def news(house, role):
    return [notice["word"] for notice in house[role].get("/notices").json()["items"]]


def lapsed(house):
    with house.store.reading() as db:
        return len(db.scalars(sa.select(LogEntry.kind).where(LogEntry.kind == "request.lapsed")).all())


@pytest.fixture
def table(house):
    return house.declaration("Towns share water.", phase=Phase.CONSULTATION)


@pytest.mark.parametrize(("gone", "told"), [(Role.CHAIR, Role.SECRETARIAT), (Role.SECRETARIAT, Role.CHAIR)])
def test_an_adoption_lapses_with_the_role_of_one_of_the_two(house, table, gone, told):
    body = {"matter": "adoption"}
    assert house.chair.post(f"{table.path}/requests", body, if_match=table.head).status_code == 201
    work(house)
    assert (lapsed(house), news(house, told).count("lapsed")) == (0, 0)
    leaves(house, gone)
    work(house)
    work(house)
    assert (lapsed(house), news(house, told).count("lapsed")) == (1, 1)
    assert house[told].get(f"{table.path}/requests").json()["items"] == []


@pytest.mark.usefixtures("table")
def test_a_role_lapses_where_whoever_gave_it_or_was_to_hold_it_is_gone(house):
    new = {"name": "S. Econd", "role": "secretariat"}
    for _ in range(2):
        assert house.chair.post("/forums/third-forum/people", new).status_code == 201
    with house.store.writing() as db:
        db.scalars(sa.select(Person).filter_by(name="S. Econd")).first().erased_at = clock.now()
    work(house)
    assert lapsed(house) == 1
    leaves(house, Role.CHAIR)
    work(house)
    assert (lapsed(house), news(house, Role.SECRETARIAT).count("lapsed")) == (2, 2)


@pytest.mark.usefixtures("table")
def test_the_end_of_a_role_lapses_where_it_has_ended_otherwise(house):
    with house.store.reading() as db:
        [mandate] = db.scalars(sa.select(Mandate).filter_by(person_id=house.people[Role.SECRETARIAT].person_id))
        path = f"/forums/third-forum/mandates/{mandate.id}/end"
    ended = house.chair.post(path, {"on": clock.today("UTC").isoformat()})
    assert ended.status_code == 200, ended.text
    leaves(house, Role.SECRETARIAT)
    work(house)
    assert lapsed(house) == 1


def test_consensus_that_nobody_can_confirm_is_withdrawn(house, table):
    with house.store.writing() as db:
        DeclarationService(db).enter(DeclarationService(db).get(table.id), Phase.ADOPTION, actor=OPERATOR)
    assert house.chair.post(f"{table.path}/consensus", {"about": {"subject": "text"}}).status_code == 201
    leaves(house, Role.SECRETARIAT)
    work(house)
    assert house.chair.get(f"{table.path}/questions/1").json()["end"]["ending"] == "withdrawn"
