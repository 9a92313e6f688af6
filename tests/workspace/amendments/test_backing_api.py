"""Drafts, support and sponsors through the API."""

import pytest

from tests.support import factories
from tests.workspace.amendments.browsing import DRAFT, browsing
from workspace.core.actor import Role

CHAIR, COMMITTEE = (factories.name_of(role) for role in (Role.CHAIR, Role.COMMITTEE))

CLEAN = "Towns share clean water."


@pytest.fixture
def table(house):
    return house.declaration("Towns share water.", "Towns light paths.")


def test_the_same_is_refused_with_the_number_of_the_first_and_can_be_supported(house, table):
    [first] = [table.propose(CLEAN)["amendment"]]
    again = house.chair.post(f"{table.path}/amendments", table.proposal(CLEAN))
    assert again.status_code == 409
    assert (again.json()["code"], again.json()["facts"]["number"]) == ("workspace.already_proposed", 1)

    path = f"/amendments/{first['id']}"
    backing = house.chair.post(f"{path}/support").json()["backing"]

    assert [one["name"] for one in backing["supporters"]] == [CHAIR]
    assert house.member.get(path).json()["backing"] == backing
    assert house.client.delete(f"/api{path}/support", headers=house.chair.cookies).status_code == 204
    assert house.client.delete(f"/api{path}/support", headers=house.chair.cookies).status_code == 404
    assert house[Role.OBSERVER].post(f"{path}/support").status_code == 404


def test_who_supports_an_amendment_is_told_when_it_is_rewritten_and_shown_as_of_earlier_words(house, table):
    path = f"/amendments/{table.propose(CLEAN)['amendment']['id']}"
    house.chair.post(f"{path}/support")
    anew = {"changes": [{"op": "reword", "block": table.block(), "text": "Towns share some water."}]}
    etag = house.member.get(path).headers["ETag"].strip('"')
    assert house.member.post(f"{path}/versions", anew, if_match=etag).status_code == 200

    [asked] = [one for one in house.chair.get("/notices").json()["items"] if one["kind"] == "asked"]
    assert asked["word"] == "rewritten"
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        assert "asked:rewritten" in chair.page("/en/notices").notices
        page = f"{DRAFT}/amendments/1"
        assert chair.page(page).text_of("earlier-words").startswith(CHAIR)
        house.client.delete(f"/api{path}/support", headers=house.chair.cookies)
        house.chair.post(f"{path}/support")
        assert not chair.page(page).data("earlier-words")


def test_a_sponsor_is_found_invited_and_answers(house, table):
    path = f"/amendments/{table.propose(CLEAN)['amendment']['id']}"
    able = house.member.get(f"{table.path}/possible-cosponsors").json()["items"]
    assert {one["name"] for one in able} == {CHAIR, COMMITTEE}
    [chair] = [one["person_id"] for one in able if one["name"] == CHAIR]

    invited = house.member.post(f"{path}/cosponsors", {"people": [chair]}).json()["backing"]["cosponsors"]
    assert [(one["name"], one["standing"]) for one in invited] == [(CHAIR, "invited")]
    assert house[Role.COMMITTEE].get(path).json()["backing"]["cosponsors"] == []
    assert house.member.post(f"{path}/cosponsorship", {"confirms": True}).status_code == 404
    house.chair.post(f"{path}/cosponsorship", {"confirms": True})

    [line] = house.member.get(f"{table.path}/amendments").json()["items"]
    assert line["cosponsors"] == [CHAIR]


def test_a_draft_is_kept_read_on_another_device_and_thrown_away(house, table):
    draft = {"language": "en", "base_revision": 1, "entries": [{"block": table.block(), "wording": "Towns sh"}]}
    begun = house.member.post(f"{table.path}/amendment-drafts", draft)
    path = f"/amendment-drafts/{begun.json()['id']}"
    draft["entries"][0]["wording"] = CLEAN

    assert house.member.put(path, draft).status_code == 428
    kept = house.member.put(path, draft, if_match=begun.json()["version"])
    assert house.member.put(path, draft, if_match=begun.json()["version"]).status_code == 412
    assert house.member.get(path).json() == kept.json()
    assert house.member.get(f"{table.path}/amendment-drafts").json()["items"] == [kept.json()]
    for other in (house.chair, house.nobody):
        assert other.get(path).status_code == 404
    assert house.chair.get(f"{table.path}/amendment-drafts").json()["items"] == []
    assert house.client.delete(f"/api{path}", headers=house.member.cookies).status_code == 204
    assert house.member.get(path).status_code == 404
