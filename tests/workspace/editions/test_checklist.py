"""What stops publication, by paragraph, under a map of the text: on the page, and by the API in the same order."""

import pytest

from drafts.text.blocks import Language
from drafts.text.numbering import reference
from tests.support.page import Page
from tests.support.questions import delegate
from tests.support.site import token_of
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase

ES, EN, FR = Language
AT = "third-forum/declaration"
WATER = {
    ES: "Las ciudades compartirán 12 pozos.",
    EN: "Towns shall share 12 wells.",
    FR: "Les villes partagent 13 puits.",
}
TREES = {EN: f"Towns shall plant trees {reference('gone')}.", ES: "Las ciudades plantarán árboles."}
LIGHT = {ES: "Las ciudades iluminan.", EN: "Towns shall light paths.", FR: "Les villes éclairent."}
LISTS = {  # of the answer, each with the kind of its lines
    "dangling": "dangling",
    "contradictions": "contradiction",
    "contested": "brackets",
    "unfinished": "annex",
    "names": "name",
}


@pytest.fixture
def table(house):
    return house.declaration(WATER, TREES, LIGHT)


def page_of(visit, table, role=Role.CHAIR, language="en"):
    return Page(visit(table.house.people[role]).get(f"/{language}/{AT}/readiness"))


def lines_of(part):
    return [
        (line.root.get("data-stop") or line.root.get("data-open"), line.root.get("data-language"))
        for line in part.rows("line")
    ]


@pytest.mark.parametrize("language", Language)
def test_what_stops_publication_stands_by_paragraph_once_and_as_in_the_api(table, visit, language):
    table.propose("Towns shall light streets.", "Towns shall light roads.", place=2)
    page = page_of(visit, table, language=language)
    answer = table.house.chair.get(f"{table.path}/readiness").json()

    listed = page.data("paragraph")
    assert listed == [one["block_id"] for one in answer["paragraphs"]]
    assert listed == [table.block(place) for place in range(3)]
    for part, known in zip(page.rows("paragraph"), answer["paragraphs"], strict=True):
        assert lines_of(part) == [(line["kind"], " ".join(line["languages"]) or None) for line in known["lines"]]
    assert lines_of(page.part("whole")) == [
        (line["kind"], " ".join(line["languages"]) or None) for line in answer["whole"]
    ]

    lines = [(known["block_id"], line) for known in answer["paragraphs"] for line in known["lines"]]
    named = [(block, line["kind"], language) for block, line in lines for language in line["languages"] or [None]]
    messages = [(block, line["message"]) for block, line in lines]
    assert len(messages) == len(set(messages)), "something stands there twice"
    assert [line["kind"] for line in answer["whole"]].count("signatures") == bool(answer["unsigned"])
    for blocker in answer["blockers"]:
        assert (blocker["block_id"], blocker["state"], blocker["language"]) in named
    for name, kind in LISTS.items():
        assert len(answer[name]) <= len([line for _, line in lines if line["kind"] == kind]) + sum(
            len(line["languages"]) or 1 for line in answer["whole"] if line["kind"] == kind
        )


def test_every_line_leads_to_one_place_that_is_there(table, visit):
    table.propose("Towns shall light streets.", place=2)
    client = visit(table.house.people[Role.CHAIR])
    page = Page(client.get(f"/en/{AT}/readiness"))
    lines = page.rows("line")
    assert len(lines) > 3
    for line in lines:
        [link] = line.links
        assert client.get(link).status_code == 200, link


def test_the_map_comes_first_and_each_of_its_signs_leads_to_the_line_below(table, visit):
    page = page_of(visit, table)
    signs = page.root.xpath("//main//table//a")
    assert signs
    for sign in signs:
        target = sign.get("href").removeprefix("#")
        assert page.has_id(target)
        assert sign.text_content().strip()
    marked = {sign.get("href") for sign in signs}
    assert marked == {f"#stop-{block}" for block in page.data("paragraph")}
    everything = list(page.root.iter())
    assert everything.index(signs[-1]) < everything.index(page.rows("line")[0].root)


def test_what_is_settled_is_in_the_map_and_leads_nowhere(house, visit):
    house.declaration(LIGHT, phase=Phase.ADOPTION)
    page = Page(visit(house.people[Role.CHAIR]).get(f"/en/{AT}/readiness"))
    assert page.root.xpath("//main//table//td//*[@data-state]")
    assert not page.rows("line")
    assert not page.root.xpath("//main//table//a")
    assert len(page.forms_to("/readiness")) == 1
    assert page.state == "ready"


def test_a_pending_amendment_is_named_once_and_does_not_keep_the_text_back(house, visit):
    table = house.declaration(LIGHT, "They mend it.")
    answer = table.propose("Towns shall light streets.")
    number = answer["amendment"]["number"]
    lines = [
        line
        for known in house.chair.get(f"{table.path}/readiness").json()["paragraphs"]
        for line in known["lines"]
        if line["kind"] == "amendments"
    ]
    [line] = lines
    assert not line["is_obstacle"]
    assert str(number) in line["message"]
    decided_at = f"desk?amendment={number}#amendment-{number}"
    for role, href in ((Role.CHAIR, decided_at), (Role.MEMBER, f"amendments/{number}")):
        page = page_of(visit, table, role)
        assert page.part("open", "amendments").links == [f"/en/{AT}/{href}"]
        assert not page.rows("stop", "amendments")


def test_who_may_not_read_amendments_is_not_told_of_them(house, visit):
    table = house.declaration(LIGHT, phase=Phase.DRAFTING)
    client = visit(house.people[Role.TRANSLATOR])
    assert Page(client.get(f"/en/{AT}/readiness")).data("open") == []
    assert table.house.nobody.get(f"{table.path}/readiness").status_code in {403, 404}


def test_a_refused_request_shows_the_same_list(house, visit):
    table = house.declaration(WATER, TREES, LIGHT, phase=Phase.ADOPTION)
    client = visit(table.house.people[Role.SECRETARIAT])
    before = Page(client.get(f"/en/{AT}/readiness")).data("paragraph")
    refused = client.post(f"/en/{AT}/readiness", data={"csrf": token_of(client), "adopted_on": "2026-06-12"})
    assert refused.status_code in {409, 422}
    assert Page(refused).data("paragraph") == before


def test_an_open_vote_is_named_of_the_whole_text(house, visit):
    table = house.declaration(LIGHT, phase=Phase.ADOPTION)
    with house.store.writing() as db:
        delegate(db, "Town of Baja")
    body = {"about": {"subject": "paragraph", "block_id": table.block()}}
    put = house.chair.post(f"{table.path}/votes", body)
    assert put.status_code == 201, put.text
    whole = house.chair.get(f"{table.path}/readiness").json()["whole"]
    [line] = [line for line in whole if line["kind"] == "questions"]
    assert not line["is_obstacle"]
    client = visit(house.people[Role.CHAIR])
    [link] = Page(client.get(f"/en/{AT}/readiness")).part("open", "questions").links
    assert client.get(link).status_code == 200
