"""A published text for whoever comes by: its address, the list of its editions, and what search engines are told."""

from datetime import timedelta

import pytest

from drafts.text.blocks import Language
from tests.support.page import Page
from workspace.core import clock
from workspace.core.actor import NOBODY
from workspace.editions.domain.embargo import EmbargoService

AT = "third-forum/declaration"
WATER = {
    Language.ES: "Las ciudades compartirán el agua.",
    Language.EN: "Towns shall share water.",
    Language.FR: "Les villes partagent l’eau.",
}


@pytest.fixture
def ready(hall):
    return hall(WATER)


@pytest.fixture
def published(ready):
    ready.request()
    ready.publish()
    return ready


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("language", Language)
def test_the_address_of_a_declaration_leads_visitors_to_its_newest_edition(visit, language):
    client = visit(NOBODY)
    answer = client.get(f"/{language}/{AT}?text=fr", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/{language}/{AT}/editions/1?text=fr")
    assert "set-cookie" not in answer.headers
    assert client.get(f"/{language}/{AT}/editions/latest", follow_redirects=False).headers["location"].endswith("/1")
    page = Page(client.get(f"/{language}/{AT}/editions"))
    assert (page.status, page.language) == (200, language)
    assert page.data("edition") == ["1"]
    assert page.data("latest") == ["1"]


def test_whoever_works_on_it_reads_the_text_there(published, visit):
    assert visit(published.chair).get(f"/en/{AT}", follow_redirects=False).status_code == 200


def test_programs_find_the_editions_and_the_newest_by_name(published, visit):
    client, at = visit(NOBODY), f"/api/declarations/{published.declaration_id}/editions"
    assert client.get(at).json()["latest"] == 1
    assert client.get(f"{at}/latest").json()["edition"]["number"] == 1


def test_nothing_tells_of_an_edition_that_is_not_out(ready, visit):
    client, api = visit(NOBODY), f"/api/declarations/{ready.declaration_id}/editions"
    ready.request()
    prepared = ready.prepare()
    with ready.store.writing() as db:
        release = f"{clock.now() + timedelta(hours=2):%Y-%m-%dT%H:%M}"
        EmbargoService(db).seal(ready.declaration_id, prepared, release=release, actor=ready.chair)
    addresses = (f"/en/{AT}", f"/en/{AT}/editions", f"/en/{AT}/editions/latest", api, f"{api}/latest")
    assert {client.get(address, follow_redirects=False).status_code for address in addresses} == {404}
