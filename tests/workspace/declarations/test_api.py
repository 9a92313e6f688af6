"""Declarations, revisions, phases and provenance through the API."""

import pytest

from drafts.text.blocks import Language
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import new_id

DRAFT = {"slug": "our-text", "name": {"en": "Our Text"}, "language": "en", "recommendations": [2, 1]}


@pytest.fixture
def table(house):
    return house.declaration("Towns share water.", "Towns light paths.")


def edited(table, text):
    body = table.proposal(text)
    del body["base_revision"]
    answer = table.house.chair.post(f"{table.path}/edits", body, if_match=table.head)
    assert answer.status_code == 201, answer.text


def test_a_declaration_is_listed_and_read_with_its_head_as_entity_tag(house, table):
    [line] = house.chair.get("/forums/third-forum/declarations").json()["items"]
    answer = house.chair.get(table.path)
    read = answer.json()
    assert [line["id"], line["slug"], line["phase"]] == [str(table.id), "declaration", "review"]
    assert [read["forum"], read["original_language"], read["authenticity"]] == ["third-forum", "en", "equal"]
    assert [read["head"]["id"], read["head"]["number"], read["head"]["cause"]] == [table.head, 1, "import"]
    assert answer.headers["etag"] == f'"{table.head}.review"'
    assert read["head"]["made_at"].endswith(("Z", "+00:00"))


def test_a_first_draft_is_made_out_of_recommendations_in_the_order_given(house):
    house.session("Water", "Repair fountains.", "Lend pumps.")
    house.chair.post("/forums/third-forum/recommendations/settlement", {"standing": "confirmed"})
    answer = house.chair.post("/forums/third-forum/declarations/from-recommendations", DRAFT)
    assert answer.status_code == 201, answer.text
    made = answer.json()["declaration"]
    assert answer.headers["location"] == f"/api/declarations/{made['id']}"
    assert answer.headers["etag"] == f'"{made["head"]["id"]}.setup"'
    blocks = house.chair.get(f"/declarations/{made['id']}/text").json()["blocks"]
    assert [one["block"]["texts"]["en"]["content"] for one in blocks] == [
        "Our Text",
        "Water",
        "Lend pumps.",
        "Repair fountains.",
    ]
    sources = house.chair.get(f"/declarations/{made['id']}/provenance").json()["items"]
    assert {one["number"]: one["block_id"] for one in sources} == {
        2: blocks[2]["block"]["id"],
        1: blocks[3]["block"]["id"],
    }


@pytest.mark.parametrize(
    ("role", "change", "status"),
    [
        (Role.MEMBER, {}, 404),
        (Role.CHAIR, {"recommendations": [7]}, 404),
        (Role.CHAIR, {"recommendations": []}, 400),
        (Role.CHAIR, {"name": {"en": " "}}, 422),
        (Role.CHAIR, {"name": {}}, 422),
        (Role.CHAIR, {"slug": "Our Text"}, 422),
        (Role.CHAIR, {"slug": "declaration"}, 422),
        (Role.CHAIR, {"language": "de"}, 400),
        (Role.CHAIR, {"colour": "red"}, 400),
    ],
)
def test_what_makes_no_draft(house, role, change, status):
    house.declaration()
    house.session("Water", "Repair fountains.", "Lend pumps.")
    answer = house[role].post("/forums/third-forum/declarations/from-recommendations", DRAFT | change)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("standing", ["proposed", "dropped"])
def test_a_recommendation_that_is_not_confirmed_makes_no_paragraph(house, standing):
    house.session("Water", "Repair fountains.", "Lend pumps.")
    settle = "/forums/third-forum/recommendations/settlement"
    house.chair.post(settle, {"numbers": [1], "standing": "confirmed"})
    if standing == "dropped":
        house.chair.post(settle, {"numbers": [2], "standing": "dropped"})
    answer = house.chair.post("/forums/third-forum/declarations/from-recommendations", DRAFT)
    assert [answer.status_code, answer.json()["code"]] == [422, "workspace.invalid"]
    assert answer.json()["detail"] == "Recommendation 2 is not confirmed: confirm it first."
    assert house.chair.get("/forums/third-forum/declarations").json()["items"] == []


def test_a_revision_pins_its_texts_and_later_ones_do_not_change_it(house, table):
    before = house.member.get(f"{table.path}/revisions/1")
    edited(table, "Towns share clean water.")
    assert house.member.get(f"{table.path}/revisions/1").json() == before.json()
    first, second = (house.member.get(f"{table.path}/revisions/{number}").json() for number in (1, 2))
    old, new = first["blocks"][0], second["blocks"][0]
    assert [old["number"], old["kind"], old["level"], old["original_language"]] == ["1", "operative", 0, "en"]
    assert [old["texts"]["en"]["content"], new["texts"]["en"]["content"]] == [
        "Towns share water.",
        "Towns share clean water.",
    ]
    assert old["texts"]["es"] == new["texts"]["es"]
    assert old["texts"]["en"]["content_hash"] != new["texts"]["en"]["content_hash"]
    assert new["texts"]["en"]["id"] == table.version(Language.EN)
    revisions = house.member.get(f"{table.path}/revisions").json()["items"]
    assert [(one["number"], one["cause"]) for one in revisions] == [(1, "import"), (2, "editorial")]


def test_two_revisions_are_compared_word_by_word(house, table):
    edited(table, "Towns share clean water.")
    compared = house.member.get(f"{table.path}/comparison?from=1&to=2&text=en").json()
    reworded, same = compared["rows"]
    assert [compared["from_revision"], compared["to_revision"], compared["language"]] == [1, 2, "en"]
    assert compared["engine_version"]
    assert [reworded["kind"], same["kind"]] == ["reword", "same"]
    assert [run["text"].strip() for run in reworded["runs"] if run["op"] == "insert"] == ["clean"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=1&to=9&text=en", 404),
        ("from=0&to=1&text=en", 400),
        ("from=1&to=1&text=de", 400),
        ("from=1&to=1", 400),
        ("from=1_0&to=1&text=en", 400),
        (f"from={2**64}&to=1&text=en", 400),
    ],
)
def test_a_comparison_that_cannot_be_made(house, table, query, status):
    assert house.chair.get(f"{table.path}/comparison?{query}").status_code == status


@pytest.mark.parametrize("number", ["9", "0", "-1", "1_0", "٣", "one", "9" * 40])
def test_a_revision_that_is_not_there(house, table, number):
    assert house.chair.get(f"{table.path}/revisions/{number}").status_code in {400, 404}


def test_the_chair_moves_the_declaration_forward_and_back(house, table):
    forward = house.chair.post(f"{table.path}/phase", {"phase": "consultation"}, if_match=table.head)
    back = house.chair.post(
        f"{table.path}/phase", {"phase": "review", "reason": "One paragraph is disputed."}, if_match=table.head
    )
    assert [forward.status_code, back.status_code] == [200, 200]
    assert [forward.json()["phase"], back.json()["phase"]] == ["consultation", "review"]


@pytest.mark.parametrize(
    ("role", "body", "status"),
    [
        (Role.MEMBER, {"phase": "consultation"}, 404),
        (Role.CHAIR, {"phase": "adoption"}, 422),
        (Role.CHAIR, {"phase": "drafting"}, 422),
        (Role.CHAIR, {"phase": "C"}, 400),
    ],
)
def test_a_phase_that_cannot_be_entered(house, table, role, body, status):
    assert house[role].post(f"{table.path}/phase", body, if_match=table.head).status_code == status


def test_a_phase_is_moved_only_on_the_head_that_was_seen(house, table):
    seen = table.head
    edited(table, "Towns share clean water.")
    missing = house.chair.post(f"{table.path}/phase", {"phase": "consultation"})
    stale = house.chair.post(f"{table.path}/phase", {"phase": "consultation"}, if_match=seen)
    unreadable = house.chair.post(f"{table.path}/phase", {"phase": "consultation"}, if_match="the last one")
    assert [missing.status_code, stale.status_code, unreadable.status_code] == [428, 412, 422]
    assert stale.json()["facts"] == {"expected": seen, "head": table.head, "number": 2}


def test_a_paragraph_is_linked_to_what_it_came_from(house, table):
    house.session("Water", "Repair fountains.")
    [said] = house.chair.get("/forums/third-forum/recommendations").json()["items"]
    body = {"block_id": table.block(), "recommendation_id": said["id"], "kind": "partly", "note": " In part. "}
    linked = house.chair.post(f"{table.path}/provenance", body)
    again = house.chair.post(f"{table.path}/provenance", body | {"kind": "taken_up", "note": ""})
    assert [linked.status_code, again.status_code] == [201, 201]
    assert [linked.json()["kind"], linked.json()["note"], linked.json()["text"]] == [
        "partly",
        "In part.",
        "Repair fountains.",
    ]
    assert house.member.get(f"{table.path}/provenance").json()["items"] == [again.json()]


def test_what_is_not_there_cannot_be_linked(house, table):
    house.session("Water", "Repair fountains.")
    [said] = house.chair.get("/forums/third-forum/recommendations").json()["items"]
    other = house.declaration("Somewhere else.", slug="other")
    body = {"block_id": table.block(), "recommendation_id": said["id"]}
    for role, change, status in (
        (Role.CHAIR, {"block_id": other.block()}, 404),
        (Role.CHAIR, {"block_id": str(new_id())}, 404),
        (Role.CHAIR, {"recommendation_id": str(new_id())}, 404),
        (Role.CHAIR, {"kind": "stolen"}, 400),
        (Role.MEMBER, {}, 404),
    ):
        assert house[role].post(f"{table.path}/provenance", body | change).status_code == status


def test_whoever_may_not_read_learns_nothing(house):
    hidden = house.declaration(phase=Phase.DRAFTING)
    for path in ("", "/text", "/revisions", "/revisions/1", "/provenance", "/threads", "/amendments", "/readiness"):
        answer = house.nobody.get(f"{hidden.path}{path}")
        absent = house.nobody.get(f"/declarations/{new_id()}{path}")
        assert answer.status_code == 404
        assert answer.content == absent.content
    assert house.nobody.get("/forums/third-forum/declarations").json()["items"] == []
    moved = house.nobody.post(f"{hidden.path}/phase", {"phase": "review"}, if_match=new_id())
    assert moved.status_code == 404


def test_a_visitor_reads_the_text_in_consultation_but_not_its_history(house):
    table = house.declaration(phase=Phase.CONSULTATION)
    assert house.nobody.get(f"{table.path}/text").status_code == 200
    assert house.nobody.get(f"{table.path}/revisions/1").status_code == 404


def test_more_declarations_and_more_history_need_no_more_queries(house, table):
    lists = ("/forums/third-forum/declarations", f"{table.path}/revisions", f"{table.path}/text")
    edited(table, "Towns share clean water.")
    before = [house.queries(path) for path in lists]
    house.declaration(slug="second")
    house.declaration(slug="third")
    edited(table, "Towns share warm water.")
    edited(table, "Towns share cold water.")
    assert [house.queries(path) for path in lists] == before


def test_longer_provenance_needs_no_more_queries(house, table):
    house.session("Water", "Repair fountains.", "Lend pumps.")
    house.session("Light", "Light every path.")
    said = house.chair.get("/forums/third-forum/recommendations").json()["items"]
    bodies = [{"block_id": table.block(), "recommendation_id": one["id"]} for one in said]
    house.chair.post(f"{table.path}/provenance", bodies[0])
    alone = house.queries(f"{table.path}/provenance")
    for body in bodies[1:]:
        house.chair.post(f"{table.path}/provenance", body)
    assert house.queries(f"{table.path}/provenance") == alone
