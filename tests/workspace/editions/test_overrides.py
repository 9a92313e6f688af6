"""Letting one thing go out as it is: the chair asks with a reason, a second person confirms, the edition says so."""

import json
import re

import pytest

from drafts.formats.bundle import DECISIONS, unpack
from drafts.languages.staleness import State
from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from tests.workspace.house import opened as house_of
from workspace.core.actor import Role
from workspace.core.errors import NotAllowed, NotFound, NotReady
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.service import DeclarationService
from workspace.editions.domain.overrides import OverrideService
from workspace.editions.domain.publication import EditionService
from workspace.editions.domain.queries import Obstacle, ObstacleRef, obstacle_ref
from workspace.editions.verification.bundle import bundle_of
from workspace.history.audit import audit

ES, EN, FR = Language
AT = "third-forum/declaration"
WATER = {
    ES: "Las ciudades compartirán el agua.",
    EN: "Towns shall share water.",
    FR: "Les villes partagent l’eau.",
}
TREES = {ES: "Las ciudades plantarán árboles.", EN: "Towns shall plant trees.", FR: "Les villes plantent des arbres."}
WHY = "The printer waits; the mayor of Alta read it aloud."


@pytest.fixture
def stale(any_hall):
    """A declaration of two paragraphs; the French of the second has not followed its original."""
    hall = any_hall(WATER, TREES)
    hall.reword(EN, 1, "Towns shall plant tall trees.")
    hall.save(ES, 1, "Las ciudades plantarán árboles altos.", sources=(EN,))
    hall.sign()
    return hall


def obstacles(hall):
    with hall.store.reading() as db:
        return OverrideService(db).obstacles(hall.declaration(db))


def override(hall, *, confirmed=True):
    """Everything that stops publication, asked for by the chair and confirmed by the secretariat."""
    for one in obstacles(hall):
        with hall.store.writing() as db:
            asked = OverrideService(db).ask(hall.declaration_id, one, reason=WHY, actor=hall.chair)
        if confirmed:
            with hall.store.writing() as db:
                OverrideService(db).confirm(hall.declaration_id, asked.id, actor=hall.secretary)


def test_what_two_people_let_go_is_published_and_kept_with_the_edition(stale):
    found = obstacles(stale)
    assert ObstacleRef(Obstacle.STATE, stale.block(1), FR, State.STALE_SUBSTANTIVE.value) in found
    with pytest.raises(NotReady):
        stale.request()

    override(stale)
    stale.request()
    edition = stale.publish()

    with stale.store.reading() as db:
        kept = OverrideService(db).of_edition(db.merge(edition, load=False))
        assert [(obstacle_ref(one), one.reason) for one in kept] == [(one, WHY) for one in found]
        assert {one.confirmed_by_id for one in kept} == {stale.secretary.person_id}
        assert audit(db).findings == ()
        told = json.loads(unpack(bundle_of(db, db.merge(edition, load=False)))[DECISIONS])
        entries = [json.loads(one["entry"]) for one in told["entries"] if one["entry"]]
    said = [one["facts"].get("reason") for one in entries if one["kind"] == "override.requested"]
    assert said == [WHY] * len(found)
    assert sum(one["kind"] == "override.confirmed" for one in entries) == len(found)


def test_what_only_one_person_asked_for_still_stops_publication(stale):
    override(stale, confirmed=False)
    with pytest.raises(NotReady):
        stale.request()


def test_another_text_voids_the_override_of_its_paragraph_and_of_no_other(any_hall):
    hall = any_hall(WATER, TREES)
    for place, words in enumerate(("Towns shall share clean water.", "Towns shall plant tall trees.")):
        hall.reword(EN, place, words)
    override(hall)
    assert obstacles(hall) == []

    hall.reword(EN, 1, "Towns shall plant very tall trees.")

    assert {one.block_id for one in obstacles(hall)} == {hall.block(1), None}  # and the whole text, in English
    assert {one.language for one in obstacles(hall) if one.block_id is None} == {EN}


def test_a_missing_text_cannot_be_let_go(any_hall):
    hall = any_hall(WATER, {EN: TREES[EN], ES: TREES[ES]})
    missing = ObstacleRef(Obstacle.STATE, hall.block(1), FR, State.MISSING.value)
    assert missing not in obstacles(hall)
    with pytest.raises(NotFound), hall.store.writing() as db:
        OverrideService(db).ask(hall.declaration_id, missing, reason=WHY, actor=hall.chair)


@pytest.fixture
def house(store):
    with house_of(store) as house:
        yield house


def table_of(house):
    table = house.declaration(TREES, phase=Phase.ADOPTION)
    rows = house.chair.get(f"{table.path}/overrides").json()["obstacles"]
    assert rows == []
    edit = {
        "language": "en",
        "changes": table.proposal("Towns shall plant tall trees.")["changes"],
        "reason": "So decided.",
    }
    assert house.chair.post(f"{table.path}/edits", edit, if_match=table.head).status_code == 201
    return table


def body_of(house, table, reason=WHY):
    [first, *_] = house.chair.get(f"{table.path}/overrides").json()["obstacles"]
    return {**first, "reason": reason}


def test_by_the_api_it_takes_a_reason_and_two_people(house):
    table = table_of(house)
    body, path = body_of(house, table), f"{table.path}/overrides"

    reasonless = house.chair.post(path, {**body, "reason": " "})
    assert (reasonless.status_code, reasonless.json()["facts"]["field"]) == (422, "reason")
    asked = house.chair.post(path, body)
    assert asked.status_code == 201
    twice = house.chair.post(path, body)
    assert (twice.status_code, twice.json()["facts"]["reason"]) == (422, "asked_already")
    mine = house.chair.post(f"{path}/{asked.json()['id']}/confirmation")
    assert (mine.status_code, mine.json()["facts"]["reason"]) == (422, "second_person")
    confirmed = house[Role.SECRETARIAT].post(f"{path}/{asked.json()['id']}/confirmation")
    assert confirmed.status_code == 200
    assert confirmed.json()["confirmed_at"]
    again = house[Role.SECRETARIAT].post(f"{path}/{asked.json()['id']}/confirmation")
    assert again.status_code == 404
    left = house.chair.get(f"{table.path}/readiness").json()["blockers"]
    assert body["block_id"] not in {one["block_id"] for one in left if one["language"] == body["language"]}
    assert house.chair.post(f"{path}/{asked.json()['id']}/withdrawal").status_code == 200
    assert len(house.chair.get(f"{table.path}/readiness").json()["blockers"]) == len(left) + 1


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.COMMITTEE, Role.MEMBER, Role.TRANSLATOR])
def test_only_the_chair_asks_for_it(house, role):
    table = table_of(house)
    assert house[role].post(f"{table.path}/overrides", body_of(house, table)).status_code == 404


def test_a_chair_who_no_longer_may_ask_has_asked_for_nothing(stale):
    with stale.store.writing() as db:
        asked = OverrideService(db).ask(stale.declaration_id, obstacles(stale)[0], reason=WHY, actor=stale.chair)
        DeclarationService(db).enter(stale.declaration(db), Phase.CONSULTATION, actor=factories.OPERATOR)
    with stale.store.writing() as db, pytest.raises(NotAllowed):
        OverrideService(db).confirm(stale.declaration_id, asked.id, actor=stale.secretary)


def test_in_the_browser_it_is_asked_for_confirmed_and_shown_with_the_edition(hall, visit):
    hall = hall(WATER, TREES)
    hall.reword(EN, 1, "Towns shall plant tall trees.")
    chair, secretary = visit(hall.chair), visit(hall.secretary)

    page = chair.get(f"/en/{AT}/readiness").text
    choices = re.findall(r'<option value="((?:state|contradiction|signature)/[^"]*)"', page)
    assert len(choices) == len(obstacles(hall)) > 2
    assert "/readiness/overrides" not in secretary.get(f"/en/{AT}/readiness").text
    refused = send(chair, "", what=choices[0], reason="")
    assert refused.status_code == 422
    assert Page(refused).field("reason").error == "workspace.invalid:empty"
    for choice in choices:
        assert send(chair, "", what=choice, reason=WHY).status_code == 303
    waiting = secretary.get(f"/en/{AT}/readiness").text
    ids = list(dict.fromkeys(re.findall(r'name="id" value="([^"]+)"', waiting)))
    assert len(ids) == len(choices)
    assert send(chair, "/confirmation", id=ids[0]).status_code == 422
    for one in ids:
        assert send(secretary, "/confirmation", id=one).status_code == 303

    hall.request()
    hall.publish()
    for language in Language:
        public = visit(hall.chair).get(f"/{language}/{AT}/editions/1").text
        assert public.count(WHY) == len(choices)


def send(client, to, **fields):
    form = {"csrf": token_of(client), **fields}
    return client.post(f"/en/{AT}/readiness/overrides{to}", data=form, follow_redirects=False)


def test_what_is_published_says_nothing_of_what_was_never_confirmed(hall):
    hall = hall(WATER)
    hall.reword(EN, 0, "Towns shall share clean water.")
    override(hall, confirmed=False)
    hall.save(ES, 0, "Las ciudades compartirán el agua limpia.", sources=(EN,))
    hall.save(FR, 0, "Les villes partagent l’eau propre.", sources=(EN,))
    hall.sign()
    hall.request()
    edition = hall.publish()
    with hall.store.reading() as db:
        assert OverrideService(db).of_edition(EditionService(db).editions(hall.declaration(db))[0]) == []
        assert edition.number == 1
