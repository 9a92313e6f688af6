"""What stops publication, by paragraph, under a map of the text: on the page, and by the API in the same order."""

from uuid import UUID

import pytest

from drafts.text.blocks import Language
from drafts.text.numbering import reference
from tests.support import factories
from tests.support.page import Page
from tests.support.questions import delegate
from tests.support.site import token_of
from tests.workspace.house import Table
from workspace.amendments.domain.models import Amendment, Disposition
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.service import DeclarationService

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


def test_a_pending_amendment_is_named_once_and_leads_to_who_settles_it(house, visit):
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
    assert line["is_obstacle"]
    assert str(number) in line["message"]
    decided_at = f"desk?amendment={number}#amendment-{number}"
    for role, href in ((Role.CHAIR, decided_at), (Role.MEMBER, f"amendments/{number}")):
        page = page_of(visit, table, role)
        assert page.part("stop", "amendments").links == [f"/en/{AT}/{href}"]
        assert not page.offers("/lapsing"), "it is still negotiated"


def test_what_is_pending_goes_out_only_once_the_chair_has_said_with_a_reason_that_it_lapses(house, visit):
    with house.store.writing() as db:
        alta = delegate(db, "Town of Alta", name="Ana Sol")
    table, secretariat = house.declaration(LIGHT, phase=Phase.ADOPTION), house[Role.SECRETARIAT]
    words = (f"Towns shall light {what}." for what in ("bays", "inns"))
    moved = [{**table.proposal(text), "mover": str(alta.person_id)} for text in words]
    ids = [secretariat.post(f"{table.path}/oral-amendments", one).json()["amendment"]["id"] for one in moved]
    with house.store.writing() as db:
        db.get_one(Amendment, UUID(ids[0])).disposition = Disposition.LATE
    asked = {"adopted_on": "2026-06-12"}
    assert secretariat.post(f"{table.path}/publication-request", asked).status_code == 409
    assert house.chair.get(f"{table.path}/readiness").json()["undecided"] == [1, 2]
    assert not page_of(visit, table, Role.SECRETARIAT).offers("/lapsing")

    chair = visit(house.people[Role.CHAIR])
    form = Page(chair.get(f"/en/{AT}/readiness")).form("/lapsing")
    assert Page(chair.post(form.action, data=form.values)).data("stop") == ["amendments"], "no reason was given"
    assert not Page(chair.post(form.action, data={**form.values, "reason": "Adopted without them."})).data("stop")
    assert {house.chair.get(f"/amendments/{each}").json()["amendment"]["disposition"] for each in ids} == {"fallen"}
    decided = house.chair.get(f"{table.path}/decisions").json()["items"]
    facts = [(one["verdict"], one["reason"], one["because_of"]) for one in decided]
    assert facts == [("fall", "Adopted without them.", None)] * 2
    assert Page(visit(alta).get("/en/notices")).notices.count("decision") == 2
    assert secretariat.post(f"{table.path}/publication-request", asked).status_code == 201


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


def test_a_day_in_the_text_that_is_not_that_of_the_adoption_is_remarked_before_two_people_agree(house, visit):
    said = {ES: "Lima, 12 de junio de 2026", EN: "Lima, 12 June 2026", FR: "Lima, le 12 juin 2026"}
    texts = {language: f"# Lima\n\n{day}\n\n1. {LIGHT[language]}" for language, day in said.items()}
    body = {"slug": "declaration", "language": "es", "texts": texts}
    path = house.chair.post("/forums/third-forum/declarations/from-texts", body).headers["location"]
    table = Table(house, UUID(path.rpartition("/")[2]))
    with house.store.writing() as db:
        made = DeclarationService(db).get(table.id)
        DeclarationService(db).enter(made, Phase.ADOPTION, actor=OPERATOR)
        factories.concord(db, made)
    assert len(page_of(visit, table).rows("open", "date")) == 3, "today is not that day"
    for day, remarks in (("2026-06-13", 3), ("2026-06-12", 0)):
        asked = house[Role.SECRETARIAT].post(f"{table.path}/publication-request", {"adopted_on": day})
        assert asked.status_code == 201, asked.text
        assert len(page_of(visit, table).rows("open", "date")) == remarks
    prepared = {"release": "2030-06-12T10:00", "zone": "UTC", "adopted_on": "2026-06-12"}
    assert house[Role.SECRETARIAT].post(f"{table.path}/publication-request", prepared).status_code == 201
    sealed = house.chair.post(f"{table.path}/sealed-edition", prepared)
    assert sealed.status_code == 201, sealed.text
    assert not page_of(visit, table).rows("open", "date"), "two people have agreed on the day"


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
