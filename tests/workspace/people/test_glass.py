"""Breaking the glass: an administrator sees the texts for an hour, with a reason, and those concerned learn of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.support import factories, site
from tests.support.site import token_of
from tests.workspace.house import opened
from workspace.accounts.domain.models import Account
from workspace.core import clock
from workspace.core.actor import Role
from workspace.core.outbox import Letter
from workspace.core.security.permissions import Phase
from workspace.core.storage.log import LogEntry
from workspace.people.emergency_access import end_emergency_access

RIGHTS = "/forums/third-forum/lent-rights"
WHY = {"reason": "A member says that paragraph 3 cannot be opened."}


@pytest.fixture
def house(store):
    with store.writing() as db:
        admin = factories.person(db, Role.ADMIN)
    with opened(store) as house:
        site.site(store, admin, *house.people.values())
        house.people[Role.ADMIN] = admin
        yield house


@pytest.fixture
def table(house):
    return house.declaration("Towns share water.", phase=Phase.DRAFTING)


def test_an_administrator_sees_no_text_until_the_glass_is_broken(house, table):
    admin = house[Role.ADMIN]
    assert [admin.get(f"{table.path}{path}").status_code for path in ("/text", "/revisions", "/amendments")] == [
        404
    ] * 3
    made = admin.post(RIGHTS, WHY)
    assert made.status_code == 201, made.text
    assert [admin.get(f"{table.path}{path}").status_code for path in ("/text", "/revisions", "/amendments")] == [
        200
    ] * 3
    assert admin.post(f"{table.path}/phase", {"phase": "review"}, if_match=table.head).status_code == 404


def test_it_ends_after_an_hour_and_a_clock_put_back_does_not_give_it_again(house, table, monkeypatch):
    admin = house[Role.ADMIN]
    admin.post(RIGHTS, WHY)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=61))
    assert admin.get(f"{table.path}/text").status_code == 404
    assert end_emergency_access(house.store) == 1
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=5))
    assert admin.get(f"{table.path}/text").status_code == 404


def test_those_who_run_the_forum_see_it_and_can_end_it(house, table):
    lent = house[Role.ADMIN].post(RIGHTS, WHY).json()
    for role in (Role.CHAIR, Role.SECRETARIAT):
        assert [one["reason"] for one in house[role].get(RIGHTS).json()["items"]] == [WHY["reason"]]
    assert house.member.get(RIGHTS).json()["items"] == []
    assert house.member.post(f"{RIGHTS}/{lent['id']}/end").status_code == 404
    assert house.chair.post(f"{RIGHTS}/{lent['id']}/end").json()["items"] == []
    assert house[Role.ADMIN].get(f"{table.path}/text").status_code == 404


def test_the_chair_and_the_secretariat_get_a_letter(house):
    with house.store.writing() as db:
        for role in (Role.CHAIR, Role.SECRETARIAT, Role.MEMBER):
            person = house.people[role].person_id
            db.add(
                Account(person_id=person, email=f"{role}@example.org", made_at=clock.now(), notices={"phases": False})
            )
    house[Role.ADMIN].post(RIGHTS, WHY)
    with house.store.reading() as db:
        letters = db.scalars(sa.select(Letter).where(Letter.kind == "break_glass")).all()
        said = db.scalars(sa.select(LogEntry).where(LogEntry.kind == "breakglass.opened")).one()
    assert {one.to for one in letters} == {"chair@example.org", "secretariat@example.org"}
    assert letters[0].facts["reason"] == WHY["reason"]
    assert said.actor_id == house.people[Role.ADMIN].person_id


@pytest.mark.parametrize("role", [Role.CHAIR, Role.SECRETARIAT, Role.MEMBER, Role.COMMITTEE])
def test_nobody_else_breaks_it(house, role):
    assert house[role].post(RIGHTS, WHY).status_code == 404


def test_there_is_no_breaking_without_a_reason_and_not_twice(house):
    for reason in ("", "  "):
        refused = house[Role.ADMIN].post(RIGHTS, {"reason": reason})
        assert [refused.status_code, refused.json()["facts"]["field"]] == [422, "reason"]
    assert house[Role.ADMIN].post(RIGHTS, WHY).status_code == 201
    assert house[Role.ADMIN].post(RIGHTS, WHY).status_code == 422


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_home_of_the_forum_shows_it_while_it_lasts(house, language):
    page = f"/{language}/third-forum"
    with site.browser(house.store, house.people[Role.ADMIN]) as browser:
        assert browser.get(f"{page}/break-glass").status_code == 200
        form = {"csrf": token_of(browser), "reason": WHY["reason"]}
        assert browser.post(f"{page}/break-glass", data=form, follow_redirects=False).status_code == 303
        assert WHY["reason"] in browser.get(page).text
    with site.browser(house.store, house.people[Role.CHAIR]) as browser:
        assert WHY["reason"] in browser.get(page).text
    with site.browser(house.store, house.people[Role.MEMBER]) as browser:
        assert WHY["reason"] not in browser.get(page).text
        assert browser.get(f"{page}/break-glass").status_code == 404
