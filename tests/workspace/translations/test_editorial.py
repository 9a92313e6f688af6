"""A change of wording only: one person claims it, a second one confirms, and until then it is one of substance."""

import re

import pytest

from drafts.languages.staleness import State
from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from tests.workspace.desk.visiting import tasks
from workspace.core.actor import Role

ES, EN, FR = Language
PAGE = "third-forum/declaration/translation"
WATER = {
    ES: "Las ciudades compartirán el agua.",
    EN: "Towns shall share water.",
    FR: "Les villes partagent l’eau.",
}


def states(house, table):
    found = house.chair.get(f"{table.path}/text").json()["blocks"][0]["states"]
    return [found[language.value] for language in Language]


def test_a_change_is_editorial_when_a_second_person_confirms_it(house):
    table = house.declaration(WATER)
    table.reword("All towns shall share water.")
    path = f"{table.path}/blocks/{table.block(0)}/texts/en/editorial"
    head = table.version(EN)

    claimed = house[Role.SECRETARIAT].post(path, if_match=head)
    assert claimed.json() == {"is_confirmed": False, "claimed_by": claimed.json()["claimed_by"]}
    assert states(house, table) == ["stale:substantive", "current", "stale:substantive"]
    again = house[Role.SECRETARIAT].post(path, if_match=head)
    assert [again.status_code, again.json()["facts"]["reason"]] == [422, "second_person"]
    by_its_author = house.chair.post(path, if_match=head)
    assert [by_its_author.status_code, by_its_author.json()["facts"]["reason"]] == [422, "second_person"]

    assert [_waits(client) for client in (house[Role.SECRETARIAT], house.chair)] == [False, False]
    assert _waits(house[Role.TRANSLATOR])
    confirmed = house[Role.TRANSLATOR].post(path, if_match=head)
    assert not _waits(house[Role.TRANSLATOR])
    assert confirmed.json() == {"is_confirmed": True, "claimed_by": None}
    assert states(house, table) == ["stale:editorial", "current", "stale:editorial"]
    assert house[Role.SECRETARIAT].post(path, if_match=head).json()["facts"]["reason"] == "nothing_to_claim"

    table.reword("No town shall share water.")
    assert states(house, table) == ["stale:substantive", "current", "stale:substantive"]


def _waits(client):
    """Whether it is among what awaits their second approval."""
    waiting = tasks(Page(client.client.get("/en/third-forum/work", headers=client.cookies)))
    return ("second", "declaration/translation") in [(part, href) for part, _, href in waiting]


def test_only_those_who_look_after_the_language_say_so_and_of_the_text_in_force(house):
    table = house.declaration(WATER)
    table.reword("All towns shall share water.")
    path = f"{table.path}/blocks/{table.block(0)}/texts/en/editorial"
    assert house[Role.MEMBER].post(path, if_match=table.version(EN)).status_code == 404
    assert house[Role.SECRETARIAT].post(path, if_match=table.version(FR)).status_code == 412


@pytest.mark.parametrize("language", Language)
def test_the_bench_asks_and_says_who_has_claimed_it(desk, visit, store, language):
    table = desk(WATER)
    table.reword(EN, 0, "Towns share the water.")
    table.reword(EN, 0, "All towns share the water.")
    with store.writing() as db:
        secretariat = factories.person(db, Role.SECRETARIAT)
    address = f"/{language}/{PAGE}/{table.block(0)}/fr"
    for actor in (secretariat, table.translator):
        client = visit(actor)
        form = re.search(r'<form[^>]*id="editorial".*?</form>', client.get(address).text, re.DOTALL)
        expected = re.search(r'name="expected" value="([^"]*)"', form[0])
        assert "<button" in form[0]
        data = {"csrf": token_of(client), "expected": expected[1]}
        assert client.post(f"{address}/editorial", data=data).status_code == 200
    assert table.states() == (State.STALE_EDITORIAL, State.CURRENT, State.STALE_EDITORIAL)
    assert 'id="editorial"' not in visit(secretariat).get(address).text
