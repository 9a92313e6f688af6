"""Late amendments wait for leave, and an amendment can be inadmissible on a ground."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support import factories
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.house import House, Table
from workspace.core import clock
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.models import Deadline, Declaration, Stage
from workspace.people.models import Forum

CLEAN = "Towns share clean water."


@pytest.fixture
def table(house: House) -> Table:
    return house.declaration("Towns share water.", "Towns light paths.", phase=Phase.CONSULTATION)


def close_window(table: Table) -> None:
    """The date for amendments is past."""
    with table.house.store.writing() as db:
        declaration = db.get_one(Declaration, table.id)
        past = clock.now() - timedelta(hours=1)
        declaration.deadlines.append(
            Deadline(stage=Stage.AMENDMENTS, zone="UTC", closes_at=past, closes_offset=0, set_at=past)
        )


@pytest.fixture
def late(table: Table) -> dict[str, Any]:
    close_window(table)
    return table.propose(CLEAN)["amendment"]


def rule(table: Table, line: dict[str, Any], verdict: str, reason: str = "", by: Role = Role.CHAIR):
    rulings = [{"amendment_id": line["id"], "verdict": verdict, "reason": reason}]
    return table.house[by].post(f"{table.path}/decisions", {"language": "en", "rulings": rulings}, if_match=table.head)


def leave(house: House, line: dict[str, Any], *, is_given: bool, reason: str = "", by: Role = Role.CHAIR):
    return house[by].post(f"/amendments/{line['id']}/leave", {"is_given": is_given, "reason": reason})


def line_of(house: House, line: dict[str, Any]) -> dict[str, Any]:
    return house.chair.get(f"/amendments/{line['id']}").json()["amendment"]


def notices(house: House, role: Role) -> list[str]:
    with browsing(house.store, house.people[role]) as reader:
        return reader.page("/en/notices").notices


def test_nothing_is_done_with_a_late_one_before_it_has_leave(house, table, late):
    path, child = f"/amendments/{late['id']}", {"changes": [{"op": "reword", "block": table.block(), "text": "Towns."}]}
    about = {"subject": "amendment", "amendment": late["number"]}
    etag = house.chair.get(path).headers["ETag"].strip('"')
    vote = {"about": about, "record_date": "2026-01-01"}
    attempts = [
        *(rule(table, late, verdict, "So.") for verdict in ("adopt", "reject", "refer", "bracket", "inadmissible")),
        house[Role.COMMITTEE].post(f"{path}/amendments", child, if_match=etag),
        house[Role.COMMITTEE].post(f"{path}/support"),
        house.member.post(f"{path}/cosponsors", {"people": [str(house.people[Role.COMMITTEE].person_id)]}),
        house.chair.post(f"{path}/opinions", {"stance": "accept", "reason": "So."}),
    ]
    with house.store.writing() as db:
        db.execute(sa.update(Declaration).where(Declaration.id == table.id).values(phase=Phase.ADOPTION))
    attempts.append(house.chair.post(f"{table.path}/votes", vote))
    for answer in attempts:
        assert (answer.status_code, answer.json().get("facts", {}).get("reason")) == (409, "needs_leave"), answer.text
    assert house.member.get(f"{table.path}/what-if?with={late['number']}").json()["barred"] == {"1": "needs_leave"}
    assert line_of(house, late)["disposition"] == "late"


def test_it_waits_first_in_the_list_and_the_chair_is_told(house, table):
    open_line = table.propose("Towns rest.", place=1)["amendment"]
    close_window(table)
    table.propose("Towns light all.", "Towns share clean water.", place=1)
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        pending = chair.page(f"{DRAFT}/amendments?state=pending")
        states = {row.root.get("data-amendment"): row.root.get("data-state") for row in pending.rows("amendment")}
        assert list(states.items()) == [("2", "late"), ("3", "late"), (str(open_line["number"]), "open")]
        assert chair.page(f"{DRAFT}/amendments?state=decided").data("amendment") == []
        desk = chair.page(f"{DRAFT}/desk")
        assert [link.rpartition("/")[2] for link in desk.part("about", "late").links] == ["2", "3"]
        paragraph = chair.page(f"{DRAFT}/paragraphs/{table.block(1)}").by_id("amendments")
        assert paragraph.data("state") == ["late", "late", "open"]
    assert "asked:leave" in notices(house, Role.CHAIR)
    assert "asked:leave" not in notices(house, Role.SECRETARIAT)


def test_with_leave_it_is_as_any_other_and_stays_marked_late(house, table, late):
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        page = f"{DRAFT}/amendments/1"
        assert chair.page(page).offers("/leave")
        chair.send(f"{page}/leave", answer="yes")
        assert chair.page(page).data("decision") == ["give_leave"]
        assert not chair.page(page).offers("/leave")
    assert [line_of(house, late)[fact] for fact in ("disposition", "is_late")] == ["open", True]
    assert "decision" in notices(house, Role.MEMBER)
    assert rule(table, late, "adopt").status_code == 201
    assert table.words()[0] == CLEAN


def test_leave_given_after_the_text_has_moved_carries_it(house, table, late):
    edit = {"language": "en", "changes": table.proposal("Towns light all paths.", place=1)["changes"], "reason": "So."}
    with house.store.writing() as db:
        db.execute(sa.update(Declaration).where(Declaration.id == table.id).values(phase=Phase.ADOPTION))
    assert house.chair.post(f"{table.path}/edits", edit, if_match=table.head).status_code == 201
    assert leave(house, late, is_given=True).status_code == 200
    assert rule(table, late, "adopt").status_code == 201
    assert table.words() == [CLEAN, "Towns light all paths."]


def test_leave_is_refused_with_a_reason_and_that_can_be_undone(house, table, late):
    assert leave(house, late, is_given=False, reason=" ").status_code == 422
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        page = f"{DRAFT}/amendments/1"
        assert chair.send(f"{page}/leave", answer="no", reason="").status_code == 422
        chair.send(f"{page}/leave", answer="no", reason="A week after the date.")
        shown = chair.page(page)
        assert (shown.data("decision"), "A week after the date." in shown.text) == (["refuse_leave"], True)
        assert chair.page(f"{DRAFT}/amendments?state=decided").data("amendment") == ["1"]
    assert line_of(house, late)["disposition"] == "inadmissible"
    assert "decision" in notices(house, Role.MEMBER)
    assert leave(house, late, is_given=True).status_code == 409
    [decision] = house.chair.get(f"{table.path}/decisions").json()["items"]
    path = f"{table.path}/decisions/{decision['number']}/undoing"
    assert house.chair.post(path, {"reason": "There was a storm."}, if_match=table.head).status_code == 201
    assert line_of(house, late)["disposition"] == "late"
    assert leave(house, late, is_given=True).status_code == 200


def test_only_the_chair_gives_leave_and_nobody_to_their_own(house, table):
    close_window(table)
    own = table.propose(CLEAN, by=Role.CHAIR)["amendment"]
    refused = leave(house, own, is_given=True)
    assert (refused.status_code, refused.json()["facts"]["reason"]) == (409, "own")
    for by in (Role.MEMBER, Role.SECRETARIAT, Role.COMMITTEE):
        assert leave(house, own, is_given=True, by=by).status_code == 404


def test_its_author_revises_and_withdraws_it_meanwhile(house, table, late):
    path = f"/amendments/{late['id']}"
    etag = house.member.get(path).headers["ETag"].strip('"')
    anew = {"changes": [{"op": "reword", "block": table.block(), "text": "Towns share it."}]}
    assert house.member.post(f"{path}/versions", anew, if_match=etag).status_code == 200
    assert house.member.post(f"{path}/withdrawal").status_code == 200
    assert line_of(house, late)["disposition"] == "withdrawn"
    assert house.member.post(f"{path}/withdrawal/undoing").status_code == 200
    assert line_of(house, late)["disposition"] == "late"


def test_a_text_with_one_that_waits_for_leave_is_not_agreed(house, table, late):
    with house.store.writing() as db:
        db.execute(sa.update(Declaration).where(Declaration.id == table.id).values(phase=Phase.ADOPTION))
    refused = house.chair.post(f"{table.path}/consensus", {"about": {"subject": "text"}})
    assert refused.status_code == 422
    assert late["disposition"] == "late"


def test_where_the_forum_says_so_late_ones_need_no_leave(house, table):
    close_window(table)
    with house.store.writing() as db:
        admin = factories.person(db, Role.ADMIN)
    with browsing(house.store, admin) as browser:
        page = browser.page("/en/third-forum/settings")
        assert page.field("late_needs_leave").element.checked
        form = {name: value for name, value in page.form("/settings").values.items() if value and name != "csrf"}
        del form["late_needs_leave"]
        browser.send("/en/third-forum/settings", **form)
        assert not browser.page("/en/third-forum/settings").field("late_needs_leave").element.checked
    made = table.propose(CLEAN)["amendment"]
    assert (made["disposition"], made["is_late"]) == ("open", True)
    with house.store.reading() as db:
        assert db.scalar(sa.select(Forum.late_needs_leave)) is False


def test_an_amendment_is_inadmissible_on_a_ground(house, table):
    made = table.propose(CLEAN)["amendment"]
    refused = rule(table, made, "inadmissible")
    assert (refused.status_code, refused.json()["facts"]["field"]) == (422, "reason")
    assert rule(table, made, "inadmissible", "Not about this text.").status_code == 201
    assert line_of(house, made)["disposition"] == "inadmissible"
    assert table.words()[0] == "Towns share water."
    house.chair.post(f"{table.path}/amendment-tables")
    [row] = house.chair.get(f"{table.path}/amendment-tables/1").json()["rows"]
    assert (row["disposition"], row["decision_reason"]) == ("inadmissible", "Not about this text.")
    with browsing(house.store, house.people[Role.MEMBER]) as member:
        listed = member.page(f"{DRAFT}/amendments?state=decided")
        assert listed.part("amendment", 1).root.get("data-state") == "inadmissible"
        assert member.page(f"{DRAFT}/amendments/1").data("decision") == ["inadmissible"]
