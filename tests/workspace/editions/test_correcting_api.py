"""Corrigenda and sealed editions through the API, as programs meet them."""

import pytest

from workspace.core.actor import Role
from workspace.core.security.permissions import Phase

ADOPTED = {"adopted_on": "2026-06-12"}
SLIP = {"language": "en", "text": "Towns share\u00a0water."}


@pytest.fixture
def table(house):
    found = house.declaration("Towns share water.", phase=Phase.ADOPTION)
    assert house[Role.SECRETARIAT].post(f"{found.path}/publication-request", ADOPTED).status_code == 201
    return found


def test_two_people_correct_an_edition_and_both_can_be_read(house, table):
    assert house.chair.post(f"{table.path}/publication", ADOPTED).status_code == 201
    path, secretary = f"{table.path}/corrigenda", house[Role.SECRETARIAT]
    begun = secretary.post(f"{path}/corrections", {"block_id": table.block(), **SLIP})
    assert [begun.status_code, begun.json()["corrections"][0]["kind"]] == [201, "typographic"]
    refused = secretary.post(
        f"{path}/corrections", {"block_id": table.block(), "language": "en", "text": "Towns should share water."}
    )
    assert [refused.status_code, refused.json()["facts"]["reason"]] == [422, "no_correction_original"]
    assert house.nobody.get(path).status_code == 404
    reasons = {"en": "A space that does not break.", "es": "Un espacio fijo."}
    asked = secretary.post(f"{path}/1/request", {"reasons": reasons}).json()
    assert [asked["state"], asked["reason"], asked["reasons"]] == ["asked", reasons["es"], reasons]
    alone = secretary.post(f"{path}/1/confirmation")
    assert [alone.status_code, alone.json()["facts"]["reason"]] == [422, "second_person"]
    assert house.chair.post(f"{path}/1/confirmation").json()["made"] == 2
    told = house.nobody.get(f"{table.path}/editions").json()["items"]
    assert [one["number"] for one in told] == [2, 1]
    assert told[0]["corrects"] == 1
    manifest = house.nobody.get(f"{table.path}/editions/2/manifest").json()
    assert manifest["corrects"] == {"edition": 1, "manifest": told[1]["manifest_sha256"]}


def test_an_edition_is_sealed_moved_and_not_to_be_read_by_anybody(house, table):
    seal = {**ADOPTED, "release": "2030-01-01T10:00", "zone": "Europe/Madrid"}
    path, secretary = f"{table.path}/sealed-edition", house[Role.SECRETARIAT]
    late = secretary.post(f"{table.path}/publication-request", {**seal, "release": "2020-01-01T10:00"})
    assert [late.status_code, late.json()["facts"]["field"]] == [422, "release"]
    asked = secretary.post(f"{table.path}/publication-request", seal).json()
    assert [asked["adopted_on"], asked["release_at"]] == ["2026-06-12", "2030-01-01T10:00:00+01:00"]
    other = house.chair.post(path, {**seal, "release": "2030-01-02T10:00"})
    assert [other.status_code, other.json()["facts"]["reason"]] == [422, "not_as_asked"]
    sealed = house.chair.post(path, seal)
    assert [sealed.status_code, sealed.json()["release_at"]] == [201, "2030-01-01T09:00:00Z"]
    assert house.nobody.get(path).status_code == 404
    assert house.nobody.get(f"{table.path}/editions/1").status_code == 404
    assert house.chair.get(f"{table.path}/editions/1").status_code == 404
    assert secretary.post(f"{path}/release", {"release": "2029-01-01T10:00"}).status_code == 404
    assert house.chair.post(f"{path}/release", {"release": "2029-01-01T10:00"}).status_code == 200
    assert secretary.post(f"{path}/release/confirmation").status_code == 204
    assert secretary.get(path).json()["release_at"] == "2029-01-01T09:00:00Z"
    again = secretary.post(f"{table.path}/publication-request")
    assert [again.status_code, again.json()["code"]] == [409, "workspace.sealed"]
