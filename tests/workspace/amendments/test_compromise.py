"""Compromise amendments: those who agree sponsor them, and theirs lapse on adoption; the others stay on the table."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.questions import delegate
from tests.support.texts import reword
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.house import House, Table, opened
from workspace.amendments.compromise import CompromiseService
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Store
from workspace.declarations.domain.service import DeclarationService

MIDDLE = "Towns share clean water fairly."


@pytest.fixture
def people(house: House) -> tuple[Actor, Actor]:
    with house.store.writing() as db:
        return delegate(db, "Town of Alta", name="Ana Sol"), delegate(db, "Town of Baja", name="Ben Río")


@pytest.fixture
def table(house: House, people: tuple[Actor, Actor]) -> Table:
    """Two towns want two things of one paragraph, and the adoption is open."""
    table = house.declaration("Towns share water.", "Towns light paths.", phase=Phase.CONSULTATION)
    for person, text in zip(people, ("Towns share clean water.", "Towns share water fairly."), strict=True):
        with house.store.writing() as db:
            AmendmentService(db).propose(
                table.id,
                base_revision=1,
                language=Language.EN,
                changes=[reword(table.block(), text)],
                reason="So.",
                actor=person,
            )
    with house.store.writing() as db:
        DeclarationService(db).get(table.id).phase = Phase.ADOPTION
    return table


def drafted(table: Table, *, by: Role = Role.RAPPORTEUR, **more: Any) -> dict[str, Any]:
    body = {**table.proposal(MIDDLE), "replaces": [1, 2], **more}
    answer = table.house[by].post(f"{table.path}/compromises", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def agree(house: House, person: Actor, made: dict[str, Any], *, confirms: bool = True) -> int:
    with browsing(house.store, person) as reader:
        page = f"{DRAFT}/amendments/{made['amendment']['number']}"
        reader.see(page)
        return reader.send(f"{page}/cosponsorship", answer="yes" if confirms else "no").status_code


def adopt(table: Table, *made: dict[str, Any], verdict: str = "adopt"):
    rulings = [{"amendment_id": each["id"], "verdict": verdict, "reason": "So."} for each in made]
    return table.house.chair.post(
        f"{table.path}/decisions", {"language": "en", "rulings": rulings}, if_match=table.head
    )


def states(table: Table) -> list[str]:
    return [line["disposition"] for line in table.house.chair.get(f"{table.path}/amendments").json()["items"]]


def notices(house: House, actor: Actor) -> list[str]:
    with browsing(house.store, actor) as reader:
        return reader.page("/en/notices").notices


def test_each_whose_amendment_it_would_replace_is_asked(house, table, people):
    made = drafted(table)
    assert (made["amendment"]["number"], made["amendment"]["replaces"]) == (3, [1, 2])
    assert [(each["number"], each["organisation"], each["answer"]) for each in made["replaced"]] == [
        (1, "Town of Alta", "invited"),
        (2, "Town of Baja", "invited"),
    ]
    for person in people:
        assert "asked:compromise" in notices(house, person)
        with browsing(house.store, person) as reader:
            page = reader.page(f"{DRAFT}/amendments/3")
            assert page.offers("/cosponsorship", answer="yes")
            assert [row.data("state") for row in page.rows("replaced")] == [["invited"], ["invited"]]
            assert page.data("lapsing") == [str(1 + people.index(person))]
            assert reader.page(f"{DRAFT}/amendments/1").links_to("/amendments/3")
    agree(house, people[1], made, confirms=False)
    with browsing(house.store, people[0]) as reader:
        beside = [reader.page(f"{DRAFT}/amendments/{number}").part("about", "replaced") for number in (1, 2)]
    assert [answer.data("state") for answer in beside] == [["invited"], ["declined"]]


@pytest.mark.usefixtures("people")
def test_who_drafted_it_is_not_led_to_decide_on_it(house, table):
    drafted(table, by=Role.CHAIR)
    with browsing(house.store, house.people[Role.CHAIR]) as reader:
        led = [reader.page(f"{DRAFT}/amendments/{number}").links_to("/desk") for number in (1, 3)]
    assert led == [True, False]


def test_theirs_who_agree_lapse_with_its_adoption_and_the_others_stay(house, table, people):
    (ana, ben), made = people, drafted(table)
    assert agree(house, ana, made) == 303
    assert agree(house, ben, made, confirms=False) == 303
    read = house.chair.get(f"/amendments/{made['amendment']['id']}").json()
    assert [each["answer"] for each in read["replaced"]] == ["confirmed", "declined"]
    assert read["amendment"]["cosponsors"] == ["Ana Sol"]

    assert adopt(table, made["amendment"]).status_code == 201

    assert table.words()[0] == MIDDLE
    assert states(table) == ["fallen", "open", "adopted"]
    fall = house.chair.get(f"{table.path}/decisions").json()["items"][-1]
    assert (fall["verdict"], fall["amendment"], fall["because_of"]) == ("fall", 1, 3)
    assert "decision" in notices(house, ana)
    assert "decision" not in notices(house, ben)
    with browsing(house.store, house.people[Role.CHAIR]) as reader:
        told = [reader.page(f"{DRAFT}/amendments/{number}").text for number in (1, 2, 3)]
    assert not any("would replace" in text or "Once it is adopted" in text for text in told)


def test_what_if_names_those_that_would_lapse_with_it(house, table, people):
    made = drafted(table)
    number = made["amendment"]["number"]

    def lapsing() -> list[int]:
        return house.member.get(f"{table.path}/what-if?with={number}").json()["lapsing"]

    before = lapsing()
    agree(house, people[0], made)
    assert (before, lapsing()) == ([], [1])


@pytest.mark.usefixtures("table")
def test_from_one_language_of_the_desk_a_compromise_is_drafted_in_that_language(house):
    with house.store.writing() as db:
        chair = factories.chair(db)
    with browsing(house.store, chair) as reader:
        desk = reader.page(DRAFT.replace("/en/", "/es/") + "/desk?text=en")
        [way] = [link for link in desk.links if "/amendments/compromise" in link]
        assert reader.page(way).form("/compromise").values["text"] == "en"


def test_a_rapporteur_answers_who_would_replace_their_own_compromise(table):
    drafted(table)
    words = table.proposal("Towns share all water.")
    made = drafted(table, by=Role.COMMITTEE, **words | {"replaces": [1, 3]})["amendment"]
    answer = table.house[Role.RAPPORTEUR].post(f"/amendments/{made['id']}/cosponsorship", {"confirms": True})
    assert answer.status_code == 200
    assert adopt(table, made).status_code == 201
    assert states(table) == ["open", "open", "fallen", "adopted"]


@pytest.mark.parametrize("verdict", ["reject", "refer", "inadmissible"])
def test_nothing_lapses_where_it_is_not_adopted(house, table, people, verdict):
    made = drafted(table)
    for person in people:
        agree(house, person, made)
    assert adopt(table, made["amendment"], verdict=verdict).status_code == 201
    assert states(table)[:2] == ["open", "open"]


def test_undoing_its_adoption_puts_theirs_on_the_table_again(house, table, people):
    made = drafted(table)
    for person in people:
        agree(house, person, made)
    adopt(table, made["amendment"])
    assert states(table) == ["fallen", "fallen", "adopted"]
    undoing = f"{table.path}/decisions/1/undoing"
    assert house.chair.post(undoing, {"reason": "Too early."}, if_match=table.head).status_code == 201
    assert states(table) == ["open", "open", "open"]
    assert table.words()[0] == "Towns share water."


def test_what_is_decided_at_once_with_it_has_one_decision(house, table, people):
    made = drafted(table)
    for person in people:
        agree(house, person, made)
    first = house.chair.get(f"{table.path}/amendments").json()["items"][0]
    rulings = [
        {"amendment_id": made["amendment"]["id"], "verdict": "adopt"},
        {"amendment_id": first["id"], "verdict": "reject", "reason": "So."},
    ]
    body = {"language": "en", "rulings": rulings}
    assert house.chair.post(f"{table.path}/decisions", body, if_match=table.head).status_code == 201
    assert states(table) == ["rejected", "fallen", "adopted"]
    decided = [item["amendment"] for item in house.chair.get(f"{table.path}/decisions").json()["items"]]
    assert sorted(decided) == [1, 2, 3]


def test_a_drafter_agrees_with_their_own_and_a_change_of_mind_counts(house, table, people):
    (ana, ben), own = people, house.declaration("Towns rest.", slug="own", phase=Phase.REVIEW)
    for role, text in ((Role.COMMITTEE, "Towns rest well."), (Role.CHAIR, "Towns rest a little.")):
        own.propose(text, by=role)
    body = {**own.proposal("Towns rest a little well."), "replaces": [1, 2]}
    made = house[Role.COMMITTEE].post(f"{own.path}/compromises", body).json()
    assert [each["answer"] for each in made["replaced"]] == ["confirmed", "invited"]
    other = drafted(table)
    agree(house, ana, other)
    agree(house, ana, other, confirms=False)
    adopt(table, other["amendment"])
    assert states(table)[:2] == ["open", "open"]
    assert agree(house, ben, other) == 409


@pytest.mark.parametrize(("replaces", "reason"), [([1], "choose_two"), ([1, 1], "choose_two"), ([1, 3], "elsewhere")])
def test_it_replaces_two_or_more_of_the_same_paragraph(house, table, people, replaces, reason):
    answer = house[Role.SECRETARIAT].post(
        f"{table.path}/oral-amendments",
        {**table.proposal("Towns rest.", place=1), "mover": str(people[0].person_id)},
    )
    assert answer.status_code == 201
    refused = house.chair.post(f"{table.path}/compromises", {**table.proposal(MIDDLE), "replaces": replaces})
    assert (refused.status_code, refused.json()["facts"]["reason"]) == (422, reason)


def test_only_who_keeps_the_committees_work_drafts_one(house, table):
    body = {**table.proposal(MIDDLE), "replaces": [1, 2]}
    for role in (Role.MEMBER, Role.OBSERVER, Role.SECRETARIAT):
        assert house[role].post(f"{table.path}/compromises", body).status_code == 404
    for role in (Role.RAPPORTEUR, Role.COMMITTEE, Role.CHAIR):
        with browsing(house.store, house.people[role]) as reader:
            for path in (f"paragraphs/{table.block()}", "desk"):
                assert reader.page(f"{DRAFT}/{path}").links_to("/amendments/compromise")


def test_it_is_drafted_beside_those_that_it_would_replace(house, table):
    form = f"{DRAFT}/amendments/compromise"
    with browsing(house.store, house.people[Role.COMMITTEE]) as drafter:
        page = drafter.see(f"{form}?block={table.block()}")
        assert Page(page).form("/compromise").options("replaces") == ["1", "2"]
        assert not Page(page).field("replaces").element.checked
        typed = {"op": "reword", "wording": MIDDLE, "reason": "Both.", "action": "file"}
        refused = drafter.fill(page, form, replaces="1", **typed)
        assert refused.status_code == 422
        assert Page(refused).field("replaces").element.checked
        sent = drafter.fill(page, form, **typed, replaces=["1", "2"])
        assert sent.headers["location"].split("?")[0].endswith("/amendments/3")
        assert drafter.page(f"{DRAFT}/amendments").data("replaces") == ["1 2"]


def test_two_drafted_at_once_get_two_numbers(any_store: Store):
    with opened(any_store) as house:
        table = house.declaration("Towns share water.", "Towns light paths.", phase=Phase.REVIEW)
        table.propose("Towns share clean water.", "Towns share water fairly.")

        def draft(text: str) -> int:
            with any_store.writing() as db:
                made = CompromiseService(db).draft(
                    table.id,
                    base_revision=1,
                    language=Language.EN,
                    changes=[reword(table.block(), text)],
                    reason="",
                    replaces=[1, 2],
                    actor=house.people[Role.CHAIR],
                )
                return made.number

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(draft, [MIDDLE, "Towns share."])) == [3, 4]
