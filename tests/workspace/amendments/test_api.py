"""Amendments, edits and decisions through the API."""

import pytest

from drafts.text.blocks import Language
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import new_id

WATER = "Towns share water."
CLEAN = "Towns share clean water."
COLD = "Towns share cold water."


@pytest.fixture
def table(house):
    return house.declaration(WATER, "Towns light paths.")


def test_an_amendment_is_filed_and_read_with_its_diff(house, table):
    answer = house.member.post(f"{table.path}/amendments", table.proposal(CLEAN))
    assert answer.status_code == 201, answer.text
    filed = answer.json()
    line, [version] = filed["amendment"], filed["versions"]
    assert answer.headers["location"] == f"/api/amendments/{line['id']}"
    assert [line["number"], line["disposition"], line["language"], line["base_revision"]] == [1, "open", "en", 1]
    assert [line["proposer"], line["reason"]] == ["A member", "It is clearer."]
    assert [version["made_by"], version["base_revision"]] == ["proposer", 1]
    assert version["engine_version"]
    [hunk] = version["hunks"]
    assert [hunk["kind"], hunk["words"][0]["new"].strip()] == ["reword", "clean"]
    assert house.chair.get(f"/amendments/{line['id']}").json() == filed


def test_every_operation_can_be_asked_for_without_naming_what_is_new(house, table):
    first, second = table.block(0), table.block(1)
    changes = [
        {"op": "split", "block": first, "text": "Towns share.", "parts": [{"text": "Water."}, {"text": "Wells."}]},
        {"op": "insert", "text": "Towns plant trees.", "after": second},
        {"op": "insert", "text": "Towns plant reeds.", "after": second, "kind": "preamble"},
        {"op": "move", "block": second, "after": None},
    ]
    body = table.proposal("") | {"changes": changes, "is_indivisible": True}
    filed = house.member.post(f"{table.path}/amendments", body)
    assert filed.status_code == 201, filed.text
    ruled = house.chair.post(f"{table.path}/decisions", table.rulings(filed.json()), if_match=table.head)
    assert ruled.json()["decisions"][0]["outcome"] == "applied", ruled.text
    assert table.words() == [
        "Towns light paths.",
        "Towns share.",
        "Water.",
        "Wells.",
        "Towns plant reeds.",
        "Towns plant trees.",
    ]


def test_amendments_are_listed_page_by_page(house, table):
    table.propose(CLEAN, COLD, WATER + " Always.")
    first = house.chair.get(f"{table.path}/amendments?limit=2").json()
    second = house.chair.get(f"{table.path}/amendments?limit=2&cursor={first['next']}").json()
    assert [one["number"] for one in first["items"] + second["items"]] == [1, 2, 3]
    assert second["next"] is None


def test_a_member_withdraws_what_is_theirs(house, table):
    filed = table.propose(CLEAN)
    path = f"/amendments/{filed['amendment']['id']}/withdrawal"
    assert house.chair.post(path).status_code == 404
    withdrawn = house.member.post(path)
    assert [withdrawn.status_code, withdrawn.json()["amendment"]["disposition"]] == [200, "withdrawn"]
    assert house.member.post(path).status_code == 409


def test_decisions_make_one_revision_and_collisions_come_back(house, table):
    clean, cold = table.propose(CLEAN), table.propose(COLD)
    trees = table.propose("Towns light every path.", place=1)
    before = table.head

    answer = house.chair.post(f"{table.path}/decisions", table.rulings(clean, cold, trees), if_match=before)

    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert [made["revision"]["number"], made["revision"]["cause"]] == [2, "adoption"]
    assert answer.headers["etag"] == f'"{table.head}"'
    assert table.head != before
    assert table.words() == [WATER, "Towns light every path."]
    assert [one["outcome"] for one in made["decisions"]] == ["waits", "waits", "applied"]
    [cluster] = made["clusters"]
    assert cluster["amendments"] == [1, 2]
    assert {alternative["text"] for alternative in cluster["alternatives"]} == {f"1. {CLEAN}", f"1. {COLD}"}
    listed = house.member.get(f"{table.path}/decisions").json()["items"]
    assert listed == made["decisions"]


def test_a_round_that_changes_nothing_keeps_the_head(house, table):
    clean = table.propose(CLEAN)
    head = table.head
    answer = house.chair.post(f"{table.path}/decisions", table.rulings(clean, verdict="reject"), if_match=head)
    assert [answer.status_code, answer.json()["revision"], answer.headers["etag"]] == [201, None, f'"{head}"']


def test_the_committee_adopts_with_a_wording_of_its_own(house, table):
    clean = table.propose(CLEAN)
    body = table.rulings(clean, verdict="adopt_modified")
    body["rulings"][0] |= {"reason": "Shorter.", "changes": table.proposal("Towns share all water.")["changes"]}
    assert house.chair.post(f"{table.path}/decisions", body, if_match=table.head).status_code == 201
    read = house.member.get(f"/amendments/{clean['amendment']['id']}").json()
    assert table.words()[0] == "Towns share all water."
    assert [version["made_by"] for version in read["versions"]] == ["proposer", "committee"]
    assert read["amendment"]["changes"] == clean["amendment"]["changes"]


def test_a_decision_names_the_head_it_was_taken_on(house, table):
    clean, cold = table.propose(CLEAN), table.propose(COLD)
    seen = table.head
    missing = house.chair.post(f"{table.path}/decisions", table.rulings(clean))
    taken = house.chair.post(f"{table.path}/decisions", table.rulings(clean), if_match=seen)
    stale = house.chair.post(f"{table.path}/decisions", table.rulings(cold), if_match=seen)
    assert [missing.status_code, taken.status_code, stale.status_code] == [428, 201, 412]
    assert stale.json()["code"] == "workspace.stale"
    assert stale.json()["facts"] == {"expected": seen, "head": table.head, "number": 2}


def test_collisions_are_read_before_anything_is_decided(house, table):
    table.propose(CLEAN, COLD)
    collisions = house.chair.get(f"{table.path}/collisions?text=en").json()
    assert [cluster["amendments"] for cluster in collisions["clusters"]] == [[1, 2]]
    assert house.chair.get(f"{table.path}/collisions?text=fr").json()["clusters"] == []
    table.propose("Towns share warm water.")
    [cluster] = house.chair.get(f"{table.path}/collisions?text=en").json()["clusters"]
    assert cluster["amendments"] == [1, 2, 3]


def test_the_committee_edits_the_text_with_a_reason(house, table):
    body = {"language": "en", "changes": table.proposal(CLEAN)["changes"], "reason": "A word was missing."}
    answer = house.chair.post(f"{table.path}/edits", body, if_match=table.head)
    assert answer.status_code == 201, answer.text
    assert [answer.json()["number"], answer.json()["cause"], answer.json()["note"]] == [
        2,
        "editorial",
        "A word was missing.",
    ]
    assert [table.words()[0], answer.headers["etag"]] == [CLEAN, f'"{table.head}"']


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"base_revision": 9}, 404, "workspace.not_found"),
        ({"base_revision": 2**63}, 400, "web.bad_request"),
        ({"language": "de"}, 400, "web.bad_request"),
        ({"changes": []}, 422, "workspace.invalid"),
        ({"changes": [{"op": "delete", "block": "x"}]}, 422, "drafts.unknown_block"),
        ({"changes": [{"op": "delete"}]}, 422, "drafts.unknown_block"),
        ({"changes": [{"op": "erase", "block": "x"}]}, 400, "web.bad_request"),
        ({"changes": [{"op": "insert", "text": " "}]}, 422, "drafts.impossible_change"),
        ({"changes": [{"op": "insert", "text": "x", "level": 99}]}, 400, "web.bad_request"),
        ({"changes": [{"op": "insert", "text": "x" * 20_001}]}, 400, "web.bad_request"),
        ({"reason": "x" * 5_001}, 400, "web.bad_request"),
        ({"reason": "a\x00b"}, 422, "workspace.invalid"),
        ({"changes": [{"op": "insert", "text": "a\x00b"}]}, 422, "workspace.invalid"),
        ({"colour": "red"}, 400, "web.bad_request"),
    ],
)
def test_what_cannot_be_proposed(house, table, change, status, code):
    answer = house.member.post(f"{table.path}/amendments", table.proposal(CLEAN) | change)
    assert [answer.status_code, answer.json()["code"]] == [status, code], answer.text
    assert house.chair.get(f"{table.path}/amendments").json()["items"] == []


@pytest.mark.parametrize(
    ("role", "change", "status"),
    [
        (Role.MEMBER, {}, 404),
        (Role.SECRETARIAT, {}, 404),
        (Role.CHAIR, {"language": "fr"}, 409),
        (Role.CHAIR, {"rulings": []}, 400),
        (Role.CHAIR, {"rulings": [{"amendment_id": str(new_id()), "verdict": "adopt"}]}, 404),
        (Role.CHAIR, {"rulings": [{"amendment_id": str(new_id()), "verdict": "edit"}]}, 400),
        (Role.CHAIR, {"rulings": [{"amendment_id": "first", "verdict": "adopt"}]}, 400),
    ],
)
def test_what_cannot_be_decided(house, table, role, change, status):
    filed = table.propose(CLEAN)
    answer = house[role].post(f"{table.path}/decisions", table.rulings(filed) | change, if_match=table.head)
    assert answer.status_code == status, answer.text
    assert table.words()[0] == WATER


def test_nobody_decides_on_their_own_amendment(house, table):
    own = table.propose(CLEAN, by=Role.CHAIR)
    answer = house.chair.post(f"{table.path}/decisions", table.rulings(own), if_match=table.head)
    assert [answer.status_code, answer.json()["facts"]["reason"]] == [409, "own"]


@pytest.mark.parametrize(("role", "change", "status"), [(Role.MEMBER, {}, 404), (Role.CHAIR, {"reason": " "}, 422)])
def test_what_cannot_be_edited(house, table, role, change, status):
    body = {"language": "en", "changes": table.proposal(CLEAN)["changes"], "reason": "So decided."}
    assert house[role].post(f"{table.path}/edits", body | change, if_match=table.head).status_code == status
    assert house[role].post(f"{table.path}/edits", body).status_code == 428


def test_others_amendments_are_read_once_the_text_is_open(house):
    table = house.declaration(WATER, phase=Phase.DRAFTING)
    filed = table.propose(CLEAN, by=Role.COMMITTEE)
    path = f"/amendments/{filed['amendment']['id']}"
    assert house[Role.OBSERVER].get(path).status_code == 404
    assert house[Role.COMMITTEE].get(path).status_code == 200
    assert house.chair.get(f"/amendments/{new_id()}").status_code == 404


def test_more_amendments_need_no_more_queries(house, table):
    lists = (f"{table.path}/amendments", f"{table.path}/collisions?text=en")
    table.propose(CLEAN)
    before = [house.queries(path) for path in lists]
    table.propose(COLD, WATER + " Always.")
    assert [house.queries(path) for path in lists] == before


def test_more_decisions_need_no_more_queries(house, table):
    def decided(*texts):
        for text in texts:
            filed = table.propose(text)
            house.chair.post(f"{table.path}/decisions", table.rulings(filed), if_match=table.head)
        return house.queries(f"{table.path}/decisions")

    assert decided(CLEAN) == decided("Towns share all clean water.", COLD)


def test_how_an_amendment_was_carried_is_read_with_its_versions(house, table):
    filed = table.propose("Towns share all water.")
    edit = {"language": "en", "changes": [{"op": "reword", "block": table.block(), "text": "Towns must share water."}]}
    assert (
        house.chair.post(f"{table.path}/edits", {**edit, "reason": "So be it."}, if_match=table.head).status_code == 201
    )

    read = house.chair.get(f"/amendments/{filed['amendment']['id']}").json()

    assert read["amendment"]["status"] == "still_applies"
    made = [(one["number"], one["made_by"], one["base_revision"], one["based_on"]) for one in read["versions"]]
    assert made == [(1, "proposer", 1, None), (2, "engine", 2, 1)]
    assert read["versions"][1]["changes"][0]["text"] == "Towns must share all water."
    [carried] = read["carried"]
    assert (carried["revision"], carried["version"], carried["status"], carried["made"]) == (2, 1, "still_applies", 2)
    [line] = house.chair.get(f"{table.path}/amendments").json()["items"]
    assert line["status"] == "still_applies"


def test_an_amendment_is_amended_and_written_anew(house, table):
    filed = table.propose("Towns shall share all water.")
    path = f"/amendments/{filed['amendment']['id']}"
    etag = house[Role.MEMBER].get(path).headers["ETag"].strip('"')
    asked = {"changes": [{"op": "reword", "block": table.block(), "text": "Towns shall share all their water."}]}

    child = house[Role.COMMITTEE].post(f"{path}/amendments", asked, if_match=etag)
    assert child.status_code == 201
    assert child.json()["amendment"]["amends"] == filed["amendment"]["number"]
    assert house.chair.get(path).json()["amended_by"] == [child.json()["amendment"]["number"]]
    assert house[Role.COMMITTEE].post(f"{path}/amendments", asked).status_code == 428

    anew = {"changes": [{"op": "reword", "block": table.block(), "text": "Towns shall share some water."}]}
    assert house[Role.COMMITTEE].post(f"{path}/versions", anew, if_match=etag).status_code == 404
    revised = house[Role.MEMBER].post(f"{path}/versions", anew, if_match=etag)
    assert (revised.status_code, len(revised.json()["versions"])) == (200, 2)
    assert house[Role.MEMBER].post(f"{path}/versions", asked, if_match=etag).status_code == 412


def test_an_amendment_to_one_that_collides_in_another_language_is_told_by_its_kind(house):
    table = house.declaration({Language.EN: "Towns shall share water.", Language.ES: "Comparten el agua."}, slug="both")
    english = table.propose("Towns shall share all water.")
    asked = {**table.proposal("Comparten toda el agua."), "language": "es"}
    spanish = house[Role.COMMITTEE].post(f"{table.path}/amendments", asked).json()

    answer = house.chair.post(f"{table.path}/decisions", table.rulings(english, spanish), if_match=table.head).json()

    assert [cluster["kind"] for cluster in answer["clusters"]] == ["languages"]
    rulings = table.rulings(english)
    rulings["rulings"] += table.rulings(spanish, verdict="hand_over")["rulings"]
    decided = house.chair.post(f"{table.path}/decisions", rulings, if_match=table.head).json()
    assert [one["outcome"] for one in decided["decisions"]] == ["applied", "none"]


def test_amendments_in_two_languages_are_foreseen_and_decided_at_once(house):
    table = house.declaration(*({of: f"{words} ({of})." for of in Language} for words in ("Water", "Paths")))
    english = table.propose("Clean water (en).")
    filed = {**table.proposal("Agua (es).", place=1), "language": "es"}
    spanish = house.member.post(f"{table.path}/amendments", filed).json()
    body = {"rulings": table.rulings(english, spanish)["rulings"]}

    foreseen = house.chair.post(f"{table.path}/decisions/preview", body, if_match=table.head)
    assert foreseen.status_code == 200, foreseen.text
    texts = {text["language"]: [row["text"] for row in text["paragraphs"]] for text in foreseen.json()["texts"]}
    assert texts["en"] == ["Clean water (en).", "Paths (en)."]
    assert texts["es"] == ["Water (es).", "Agua (es)."]
    assert house.chair.post(f"{table.path}/decisions", {**body, "language": "en"}, if_match=table.head).json()[
        "facts"
    ] == {"number": 2, "reason": "other_language"}
    leading = {**body, "leading": {table.block(1): "fr"}}
    for address in ("decisions", "decisions/preview"):
        refused = house.chair.post(f"{table.path}/{address}", leading, if_match=table.head)
        assert (refused.status_code, refused.json()["facts"]["paragraph"]) == (409, "2")
    assert house.member.post(f"{table.path}/decisions/preview", body, if_match=table.head).status_code == 404

    decided = house.chair.post(f"{table.path}/decisions", body, if_match=table.head)
    assert [decision["outcome"] for decision in decided.json()["decisions"]] == ["applied", "applied"], decided.text
    assert decided.json()["revision"]["number"] == 2
