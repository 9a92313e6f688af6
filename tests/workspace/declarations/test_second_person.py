"""What takes two people: the step to adoption, and an embargo. One asks, another confirms; the chair is one of them."""

import pytest
import sqlalchemy as sa

from tests.support import site
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.log import LogEntry
from workspace.people.models import Mandate


@pytest.fixture
def table(house):
    return house.declaration("Towns share water.", phase=Phase.CONSULTATION)


def ask(house, table, matter="adoption", by=Role.CHAIR, **more):
    return house[by].post(f"{table.path}/requests", {"matter": matter, **more}, if_match=table.head)


def confirm(house, table, matter="adoption", by=Role.SECRETARIAT):
    return house[by].post(f"{table.path}/requests/{matter}/confirmation")


def phase(house, table):
    return house.chair.get(table.path).json()["phase"]


def test_the_chair_asks_and_the_secretariat_confirms(house, table):
    asked = ask(house, table)
    assert [asked.status_code, asked.json()["is_confirmed"], phase(house, table)] == [201, False, "consultation"]
    listed = house[Role.SECRETARIAT].get(f"{table.path}/requests").json()["items"]
    assert [one["matter"] for one in listed] == ["adoption"]
    assert confirm(house, table).json()["phase"] == "adoption"
    assert house.chair.get(f"{table.path}/requests").json()["items"] == []
    assert confirm(house, table).status_code == 404


def test_the_chair_alone_does_not_move_a_declaration_to_adoption(house, table):
    alone = house.chair.post(f"{table.path}/phase", {"phase": "adoption"}, if_match=table.head)
    assert [alone.status_code, alone.json()["facts"]["reason"]] == [422, "second_person"]


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.MEMBER, Role.COMMITTEE, Role.TRANSLATOR])
def test_nobody_but_the_chair_asks(house, table, role):
    assert ask(house, table, by=role).status_code == 404


@pytest.mark.parametrize("role", [Role.MEMBER, Role.COMMITTEE, Role.OBSERVER, Role.RAPPORTEUR])
def test_nobody_else_confirms_or_learns_of_it(house, table, role):
    ask(house, table)
    assert confirm(house, table, by=role).status_code == 404
    assert house[role].get(f"{table.path}/requests").status_code == 404


def test_another_text_voids_what_was_asked(house, table):
    ask(house, table)
    adopted = table.propose("Towns share all water.")
    decided = house.chair.post(f"{table.path}/decisions", table.rulings(adopted), if_match=table.head)
    assert decided.status_code == 201, decided.text
    assert confirm(house, table).status_code == 404
    assert phase(house, table) == "consultation"


def test_who_asked_must_still_be_the_chair_when_it_is_confirmed(house, table, store):
    ask(house, table)
    with store.writing() as db:
        chair = house.people[Role.CHAIR].person_id
        db.execute(sa.update(Mandate).where(Mandate.person_id == chair).values(role=Role.MEMBER))
    assert confirm(house, table).status_code == 404


def test_a_request_is_taken_back_or_declined_with_a_reason(house, table):
    ask(house, table)
    silent = house[Role.SECRETARIAT].post(f"{table.path}/requests/adoption/withdrawal")
    assert [silent.status_code, silent.json()["facts"]["reason"]] == [422, "empty"]
    why = {"reason": "Alta has not read it."}
    assert house[Role.SECRETARIAT].post(f"{table.path}/requests/adoption/refusal", why).status_code == 200
    assert confirm(house, table).status_code == 404
    ask(house, table)
    assert house.chair.post(f"{table.path}/requests/adoption/withdrawal").status_code == 200
    assert confirm(house, table).status_code == 404
    assert house.member.post(f"{table.path}/requests/adoption/withdrawal").status_code == 404


def test_adoption_is_asked_for_from_the_consultation_only(house):
    table = house.declaration("Towns share water.", phase=Phase.REVIEW)
    assert ask(house, table).status_code == 404


def test_under_embargo_the_public_does_not_see_the_text_and_members_do(house, table):
    assert house.nobody.get(f"{table.path}/text").status_code == 200
    asked = ask(house, table, "embargo", wanted=True)
    assert asked.status_code == 201, asked.text
    assert house.nobody.get(f"{table.path}/text").status_code == 200
    assert confirm(house, table, "embargo").json()["is_embargoed"] is True
    assert house.nobody.get(f"{table.path}/text").status_code == 404
    assert house.member.get(f"{table.path}/text").status_code == 200
    assert house.nobody.get(table.path).status_code == 200, "that it is there is no secret"

    ask(house, table, "embargo", wanted=False)
    confirm(house, table, "embargo")
    assert house.nobody.get(f"{table.path}/text").status_code == 200


def test_an_embargo_that_is_there_cannot_be_laid_again(house, table):
    refused = ask(house, table, "embargo", wanted=False)
    assert [refused.status_code, refused.json()["facts"]["reason"]] == [422, "is_so_already"]


def test_the_second_person_is_told_on_the_home_of_the_forum_and_confirms_on_the_page(house, table, store):
    home, page = "/en/third-forum", "/en/third-forum/declaration/phase"
    with site.browser(store, house.people[Role.CHAIR]) as browser:
        form = {"csrf": token_of(browser), "phase": "V"}
        assert browser.post(page, data=form, follow_redirects=False).status_code == 303
        assert "second" not in Page(browser.get(home)).data("task")
        assert Page(browser.get(page)).offers("/phase/withdrawal", matter="adoption")
        again = browser.post(f"{page}/confirmation", data={"csrf": token_of(browser), "matter": "adoption"})
        assert again.status_code == 422
        assert Page(again).refusal == "workspace.invalid:second_person"
    with site.browser(store, house.people[Role.SECRETARIAT]) as browser:
        assert "second" in Page(browser.get(home)).data("task")
        form = {"csrf": token_of(browser), "matter": "adoption"}
        assert browser.post(f"{page}/confirmation", data=form, follow_redirects=False).status_code == 303
    assert phase(house, table) == "adoption"


def test_the_log_knows_both_people(house, table, store):
    ask(house, table)
    confirm(house, table)
    with store.reading() as db:
        lines = {one.kind: one.actor_id for one in db.scalars(sa.select(LogEntry))}
    assert lines["adoption.requested"] == house.people[Role.CHAIR].person_id
    assert lines["adoption.confirmed"] == house.people[Role.SECRETARIAT].person_id


def test_the_history_of_a_published_declaration_is_opened_to_everybody_with_a_reason(house):
    table = house.declaration("Towns share water.", phase=Phase.PUBLISHED)
    assert house.nobody.get(f"{table.path}/revisions").status_code == 404
    without = house.chair.post(f"{table.path}/history-opening", {"is_open": True, "reason": " "})
    assert [without.status_code, without.json()["facts"]["field"]] == [422, "reason"]
    body = {"is_open": True, "reason": "The members decided so."}
    assert house.member.post(f"{table.path}/history-opening", body).status_code == 404
    assert house.chair.post(f"{table.path}/history-opening", body).status_code == 200
    assert house.nobody.get(f"{table.path}/revisions").status_code == 200


def test_a_published_declaration_goes_to_the_archive(house):
    table = house.declaration("Towns share water.", phase=Phase.PUBLISHED)
    assert house.chair.post(f"{table.path}/phase", {"phase": "archived"}, if_match=table.head).status_code == 200


def test_who_goes_back_from_the_consultation_voids_what_two_people_had_agreed(house, table):
    ask(house, table)
    for step in ({"phase": "review", "reason": "The texts differ."}, {"phase": "consultation"}):
        assert house.chair.post(f"{table.path}/phase", step, if_match=table.head).status_code == 200
    assert house.chair.get(f"{table.path}/requests").json()["items"] == []
    assert confirm(house, table).status_code == 404
    assert phase(house, table) == "consultation"
