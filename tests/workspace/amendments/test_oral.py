"""Amendments from the floor: recorded by the secretariat or the chair for who moved them, and certified by them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.page import Page
from tests.support.questions import delegate
from tests.support.texts import reword
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.house import House, Table, opened
from workspace.amendments.oral import OralService
from workspace.core.actor import Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Store
from workspace.declarations.domain.models import Declaration
from workspace.live import feed

CLEAN = "Towns share clean water."
FORM = f"{DRAFT}/amendments/oral"


@pytest.fixture
def alta(house: House) -> Actor:
    with house.store.writing() as db:
        return delegate(db, "Town of Alta", name="Ana Sol")


@pytest.fixture
def table(house: House) -> Table:
    return house.declaration("Towns share water.", "Towns light paths.", phase=Phase.ADOPTION)


def moved(table: Table, mover: Actor, text: str = CLEAN, place: int = 0, **more: Any) -> dict[str, Any]:
    return {**table.proposal(text, place=place), "mover": str(mover.person_id), **more}


def recorded(table: Table, mover: Actor, *, by: Role = Role.SECRETARIAT, **more: Any) -> dict[str, Any]:
    answer = table.house[by].post(f"{table.path}/oral-amendments", moved(table, mover, **more))
    assert answer.status_code == 201, answer.text
    return answer.json()["amendment"]


def adopting(made: dict[str, Any]) -> dict[str, Any]:
    return {"language": "en", "rulings": [{"amendment_id": made["id"], "verdict": "adopt"}]}


def notices(house: House, actor: Actor) -> list[str]:
    with browsing(house.store, actor) as reader:
        return reader.page("/en/notices").notices


def test_it_is_numbered_marked_and_stands_in_the_name_of_its_mover(house, table, alta):
    with house.store.writing() as db:
        seconder = delegate(db, "Town of Baja", name="Ben Río")
    made = recorded(table, alta, seconders=[str(seconder.person_id)])

    assert (made["number"], made["is_oral"], made["proposer"]) == (1, True, "Ana Sol")
    assert (made["organisation"], made["cosponsors"]) == ("Town of Alta", ["Ben Río"])
    assert (made["is_late"], made["certified_at"], made["disposition"]) == (False, None, "open")
    read = house.chair.get(f"/amendments/{made['id']}").json()
    assert read["recorded_by"] == "A secretariat"
    assert [version["made_by"] for version in read["versions"]] == ["proposer"]
    assert "asked:certify" in notices(house, alta)
    assert "asked:seconded" in notices(house, seconder)


def test_everywhere_it_is_called_oral_and_not_yet_certified(house, table, alta):
    recorded(table, alta)
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        for path in ("amendments", "amendments/1", f"paragraphs/{table.block()}"):
            assert chair.page(f"{DRAFT}/{path}").data("oral") == ["uncertified"], path
        house.chair.post(f"{table.path}/amendment-tables")
        assert chair.page(f"{DRAFT}/amendments/tables/1").data("oral") == ["yes"]
    [row] = house.chair.get(f"{table.path}/amendment-tables/1").json()["rows"]
    assert row["is_oral"] is True


def test_all_screens_hear_of_it_at_once(house, table, alta):
    recorded(table, alta)
    with house.store.reading() as db:
        events = feed.after(db, db.get_one(Declaration, table.id), 0, actor=house.people[Role.OBSERVER]).events
    assert ("amendment", 1) in [(event.event, event.facts.get("number")) for event in events]


@pytest.mark.parametrize("phase", [Phase.REVIEW, Phase.CONSULTATION, Phase.ADOPTION])
@pytest.mark.parametrize("by", [Role.CHAIR, Role.SECRETARIAT])
def test_it_can_be_recorded_in_every_phase_in_which_the_text_is_negotiated(house, alta, phase, by):
    table = house.declaration("Towns share water.", slug="negotiated", phase=phase)
    assert recorded(table, alta, by=by)["is_oral"]


@pytest.mark.parametrize("by", [Role.MEMBER, Role.OBSERVER, Role.RAPPORTEUR, Role.COMMITTEE])
def test_nobody_else_records_one(house, table, alta, by):
    answer = house[by].post(f"{table.path}/oral-amendments", moved(table, alta))
    assert answer.status_code in {403, 404}
    with browsing(house.store, house.people[by]) as reader:
        assert reader.see(f"{FORM}?block={table.block()}").status_code in {403, 404}


def test_whoever_may_not_move_one_is_refused_and_the_recorder_is_no_mover(house, table):
    for role in (Role.OBSERVER, Role.SECRETARIAT):
        answer = house[Role.SECRETARIAT].post(f"{table.path}/oral-amendments", moved(table, house.people[role]))
        assert (answer.status_code, answer.json()["code"]) == (422, "workspace.invalid")
    movers = house[Role.SECRETARIAT].get(f"{table.path}/possible-movers").json()["items"]
    assert {mover["name"] for mover in movers} == {"A chair", "A committee", "A member"}


def test_its_mover_certifies_it_or_says_what_is_wrong(house, table, alta):
    made = recorded(table, alta)
    path = f"/amendments/{made['id']}/certification"
    assert house.chair.post(path, {"is_correct": True}).status_code == 404
    with browsing(house.store, alta) as mover:
        page = f"{DRAFT}/amendments/1"
        assert mover.page(page).offers("/certification")
        assert mover.send(f"{page}/certification", answer="no", reason=" ").status_code == 422
        mover.send(f"{page}/certification", answer="no", reason="I said free, not clean.")
        assert mover.page(page).data("oral") == ["disputed"]
        assert "asked:disputed" in notices(house, house.people[Role.CHAIR])
        assert "asked:disputed" in notices(house, house.people[Role.SECRETARIAT])
        assert "I said free, not clean." in house.chair.get(f"/amendments/{made['id']}").json()["dispute"]
        mover.send(f"{page}/certification", answer="yes")
        assert mover.page(page).data("oral") == ["certified"]
        assert not mover.page(page).offers("/certification")
    read = house.chair.get(f"/amendments/{made['id']}").json()
    assert (bool(read["amendment"]["certified_at"]), read["dispute"]) == (True, "")


def test_the_mover_does_not_decide_on_it_and_the_recorder_does(house, table, alta):
    chair, secretary = house.people[Role.CHAIR], Role.SECRETARIAT
    own = recorded(table, chair, by=secretary, text="Towns share water freely.")
    theirs = recorded(table, alta, by=Role.CHAIR)
    refused = house.chair.post(f"{table.path}/decisions", adopting(own), if_match=table.head)
    assert (refused.status_code, refused.json()["facts"]["reason"]) == (409, "own")
    assert house.chair.post(f"{table.path}/decisions", adopting(theirs), if_match=table.head).status_code == 201
    assert table.words()[0] == CLEAN
    assert "decision" in notices(house, alta)


def test_the_secretariat_records_one_in_the_form(house, table):
    with house.store.writing() as db:
        delegate(db, "Town of Alta", name="Ana Sol")
        delegate(db, "Town of Baja", name="Ben Río")
    with browsing(house.store, house.people[Role.SECRETARIAT]) as secretary:
        paragraph = f"{DRAFT}/paragraphs/{table.block()}"
        assert secretary.page(paragraph).links_to("/amendments/oral")
        page = secretary.see(f"{FORM}?block={table.block()}")
        typed = {"op": "reword", "wording": CLEAN}
        assert secretary.fill(page, FORM, mover="Nobody", action="file", **typed).status_code == 422
        seconded = secretary.fill(page, FORM, mover="Ana Sol", invitee="Town of Baja", action="invite", **typed)
        assert Page(seconded).field("mover").value == "Ana Sol"
        filed = secretary.fill(seconded, FORM, mover="Ana Sol (Town of Alta)", action="file", **typed)
        assert filed.headers["location"].split("?")[0].endswith("/amendments/1")
        shown = secretary.page(f"{DRAFT}/amendments/1")
        assert "Ben Río" in shown.text_of("sponsors")
        gone = {"op": "delete", "mover": "Ana Sol", "action": "file"}
        assert Page(secretary.fill(page, FORM, invitee="Nobody", **gone)).field("invitee").error
        gone = secretary.fill(page, FORM, invitee="Ben Río", **gone)
        assert "Ben Río" in secretary.page(f"{DRAFT}/amendments/2").text_of("sponsors"), "named, and nobody pressed Add"
        assert gone.headers["location"].split("?")[0].endswith("/amendments/2")
        added = secretary.fill(page, FORM, op="insert", addition="Towns rest.", mover="Ana Sol", action="file")
        assert added.headers["location"].split("?")[0].endswith("/amendments/3")


def test_two_who_record_at_once_get_two_numbers(any_store: Store):
    with opened(any_store) as house:
        with any_store.writing() as db:
            mover = delegate(db, "Town of Alta", name="Ana Sol")
        table = house.declaration("Towns share water.", "Towns light paths.", phase=Phase.ADOPTION)

        def record(place: int) -> int:
            with any_store.writing() as db:
                made = OralService(db).record_oral(
                    table.id,
                    base_revision=1,
                    language="en",
                    changes=[reword(table.block(place), f"Towns do {place}.")],
                    reason="",
                    mover=mover.person_id,
                    seconders=[],
                    actor=house.people[Role.SECRETARIAT],
                )
                return made.number

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(record, [0, 1])) == [1, 2]


def test_a_change_by_the_chair_can_name_whose_proposal_it_is(house, table, alta):
    body = {"language": "en", "changes": table.proposal(CLEAN)["changes"], "reason": "Read out."}
    answer = house.chair.post(f"{table.path}/edits", {**body, "mover": str(alta.person_id)}, if_match=table.head)
    assert answer.status_code == 201, answer.text
    [decision] = house.chair.get(f"{table.path}/decisions").json()["items"]
    assert (decision["verdict"], decision["mover"]) == ("edit", "Town of Alta")
    assert "asked:edited_for" in notices(house, alta)
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        assert chair.page(f"{DRAFT}/history").text_of("mover") == "Town of Alta"
        form = chair.see(f"{DRAFT}/edit?block={table.block(1)}")
        sent = chair.fill(form, f"{DRAFT}/edit", op="reword", wording="Towns rest.", reason="So.", mover="Ana Sol")
        assert sent.status_code == 303
    decisions = house.chair.get(f"{table.path}/decisions").json()["items"]
    assert [item["mover"] for item in decisions] == ["Town of Alta"] * 2


def test_what_is_moved_to_an_amendment_is_one_to_it_and_is_decided_before_it(house, table, alta):
    recorded(table, alta)
    with house.store.writing() as db:
        baja = delegate(db, "Town of Baja", name="Ben Río")
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        [form] = [link for link in chair.page(f"{DRAFT}/amendments/1").links if "/amendments/oral?" in link]
        filed = chair.fill(
            chair.see(form), FORM, mover="Ben Río", wording="Towns share clean water fairly.", action="file"
        )
        assert filed.status_code == 303
    every = house.chair.get(f"{table.path}/amendments").json()["items"]
    [sub] = [item for item in every if item["number"] == 2]
    assert (sub["is_oral"], sub["proposer"], sub["amends"]) == (True, "Ben Río", 1)
    assert "asked:certify" in notices(house, baja)


def test_it_is_in_the_language_of_the_amendment_and_of_no_sub_amendment(house, table, alta):
    first = recorded(table, alta)
    other = {**moved(table, alta, "Las villas comparten agua."), "language": "es", "amends": first["id"]}
    refused = house[Role.SECRETARIAT].post(f"{table.path}/oral-amendments", other)
    assert (refused.status_code, refused.json()["facts"]["reason"]) == (409, "other_language")
    sub = recorded(table, alta, text="Towns share clean water fairly.", amends=first["id"])
    again = house[Role.SECRETARIAT].post(
        f"{table.path}/oral-amendments", moved(table, alta, "Towns share it.", amends=sub["id"])
    )
    assert again.status_code == 409
