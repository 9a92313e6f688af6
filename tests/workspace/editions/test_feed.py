"""The feed of what was published, and the address that goes with the paper."""

from collections.abc import Callable

import pytest
from lxml import etree

from drafts.text.blocks import Language
from tests.support import factories
from tests.workspace.editions.conftest import Hall

SPACE = {"a": "http://www.w3.org/2005/Atom"}
TEXT = {
    Language.ES: "Las ciudades compartirán el agua.",
    Language.EN: "Towns shall share water.",
    Language.FR: "Les villes partagent l’eau.",
}


def entries(visitor, language: str) -> list[str]:
    feed = etree.fromstring(visitor.get(f"/{language}/editions.atom").content)
    return feed.xpath("//a:entry/a:link/@href", namespaces=SPACE)


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_feed_leads_to_each_edition(hall: Callable[..., Hall], visit, language: str):
    plenary = hall(TEXT)
    visitor = visit(None)
    assert (
        etree.fromstring(visitor.get(f"/{language}/editions.atom").content).xpath("//a:entry", namespaces=SPACE) == []
    )
    plenary.request()
    plenary.publish()
    [link] = entries(visitor, language)
    assert link.endswith(f"/{language}/third-forum/declaration/editions/1")
    page = visitor.get(link)
    assert page.status_code == 200
    assert link in page.text  # printed below the text, with its code
    assert "editions.atom" in page.text


def test_a_program_that_asks_again_is_told_that_nothing_is_new(hall: Callable[..., Hall], visit):
    plenary = hall(TEXT)
    plenary.request()
    plenary.publish()
    visitor = visit(None)
    first = visitor.get("/en/editions.atom")
    assert first.headers["cache-control"] == "public, no-cache"
    by_tag = visitor.get("/en/editions.atom", headers={"If-None-Match": first.headers["etag"]})
    by_date = visitor.get("/en/editions.atom", headers={"If-Modified-Since": first.headers["last-modified"]})
    for again in (by_tag, by_date):
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    assert visitor.get("/en/editions.atom", headers={"If-None-Match": '"other"'}).status_code == 200
    long_ago = {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}
    assert visitor.get("/en/editions.atom", headers=long_ago).content == first.content
    assert visitor.get("/en/editions.atom", headers={"If-Modified-Since": "soon"}).status_code == 200
    with plenary.store.writing() as db:
        plenary.declaration(db).forum.name = factories.trilingual("Forum under another name")
    renamed = visitor.get("/en/editions.atom", headers={"If-None-Match": first.headers["etag"]})
    assert "Forum under another name" in renamed.text
