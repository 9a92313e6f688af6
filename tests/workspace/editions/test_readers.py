"""A published text for whoever comes by: its address, the list of its editions, and what search engines are told."""

import json
from datetime import timedelta

import pytest
from litestar.testing import TestClient
from lxml import etree, html

from drafts.text.blocks import Language
from tests.support import site
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
    assert f"/{language}/{AT}" in page.root.xpath("//ol[contains(@class, 'trail')]//a/@href")


def test_whoever_works_on_it_reads_the_text_there(published, visit):
    assert visit(published.chair).get(f"/en/{AT}", follow_redirects=False).status_code == 200


def test_programs_find_the_editions_and_the_newest_by_name(published, visit):
    client, at = visit(NOBODY), f"/api/declarations/{published.declaration_id}/editions"
    assert client.get(at).json()["latest"] == 1
    assert client.get(f"{at}/latest").json()["edition"]["number"] == 1


def test_nothing_tells_of_an_edition_that_is_not_out(ready, visit):
    client, api = visit(NOBODY), f"/api/declarations/{ready.declaration_id}/editions"
    ready.request(release=f"{clock.now() + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    prepared = ready.prepare()
    with ready.store.writing() as db:
        EmbargoService(db).seal(ready.declaration_id, prepared, actor=ready.chair)
    addresses = (f"/en/{AT}", f"/en/{AT}/editions", f"/en/{AT}/editions/latest", api, f"{api}/latest")
    assert {client.get(address, follow_redirects=False).status_code for address in addresses} == {404}


@pytest.mark.parametrize("page", ["editions/1", "editions"])
def test_mere_readers_get_no_cookie_and_a_page_that_caches_may_keep(published, page):
    with TestClient(site.with_accounts(published.store)) as client:
        answer = client.get(f"/fr/{AT}/{page}")
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "public, max-age=60"
        assert answer.headers["vary"] == "Cookie"
        again = client.get(f"/fr/{AT}/{page}", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.headers["cache-control"]) == (304, "public, max-age=60")
        assert "immutable" in client.get(f"/fr/{AT}/editions/1/declaration.fr.pdf").headers["cache-control"]


def test_whoever_is_signed_in_gets_a_page_that_no_cache_keeps(published, visit):
    assert visit(published.chair).get(f"/fr/{AT}/editions/1").headers["cache-control"] == "no-store"


@pytest.mark.usefixtures("published")
def test_search_engines_and_cards_are_told_what_it_is_in_every_language(visit):
    client = visit(NOBODY)
    head = html.fromstring(client.get(f"/es/{AT}/editions/1").text).head
    origin = str(client.base_url).rstrip("/")
    alternates = {link.get("hreflang"): link.get("href") for link in head.xpath("link[@hreflang]")}
    assert alternates == {
        language: f"{origin}/{path}/{AT}/editions/1"
        for language, path in (("es", "es"), ("en", "en"), ("fr", "fr"), ("x-default", "en"))
    }
    told = {meta.get("name") or meta.get("property"): meta.get("content") for meta in head.xpath("meta[@content]")}
    assert told["description"] == told["og:description"] == WATER[Language.ES]
    assert told["og:url"] == f"{origin}/es/{AT}/editions/1"
    assert client.get(told["og:image"]).headers["content-type"] == "image/png"
    [script] = head.xpath("script[@type='application/ld+json']/text()")
    linked = json.loads(script)
    assert (linked["@type"], linked["legislationDate"], linked["inLanguage"]) == ("Legislation", "2026-06-12", ["es"])
    assert f"{origin}/es/{AT}/editions/1/declaration.es.pdf" in [file["contentUrl"] for file in linked["encoding"]]


def test_robots_and_the_map_of_the_site_lead_to_what_is_published_and_nothing_else(ready, visit):
    client = visit(NOBODY)
    assert "/sitemap.xml" in client.get("/robots.txt").text
    assert AT not in client.get("/sitemap.xml").text
    ready.request()
    ready.publish()
    root = etree.fromstring(client.get("/sitemap.xml").content)
    assert [place.text for place in root.iter("{*}loc")] == [
        f"{str(client.base_url).rstrip('/')}/{language}/{AT}/editions/1" for language in Language
    ]
    assert client.get("/favicon.ico", follow_redirects=True).headers["content-type"] == "image/svg+xml"


@pytest.mark.usefixtures("published")
def test_the_page_begins_with_its_title_and_its_files_stand_before_the_text(visit):
    root = html.fromstring(visit(NOBODY).get(f"/en/{AT}/editions/1").text)
    [main] = root.xpath("//main")
    assert main.xpath("(.//h1|.//h2|.//h3)[1]")[0].tag == "h1"
    before = main.xpath(".//*[contains(@class, 'printed')]/preceding::a/@href")
    assert f"/en/{AT}/editions/1/declaration.en.pdf" in before
    assert "#verify" in before
