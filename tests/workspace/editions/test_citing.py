"""Citing an edition or one of its paragraphs, in every form, from its page."""

import html
import re

import pytest

from drafts.text.blocks import Language

TEXT = {
    Language.ES: "Las ciudades compartirán *su* agua.",
    Language.EN: "Towns share *their* water.",
    Language.FR: "Les villes partagent *leur* eau.",
}
SHADE = {Language.ES: "Y su sombra.", Language.EN: "And their shade.", Language.FR: "Et leur ombre."}
AT = "/editions/1"


@pytest.fixture
def reader(hall, visit):
    plenary = hall(TEXT, SHADE)
    plenary.request()
    plenary.publish()
    return visit(None)


def cited(page) -> dict[str, str]:
    return {
        name: html.unescape(words)
        for name, words in re.findall(r'<dd id="cite-(\w+)">(.*?)</dd>', page.text, re.DOTALL)
    }


def test_a_paragraph_is_cited_in_the_language_of_its_text_with_an_address_that_leads_to_it(reader):
    page = reader.get("/es/third-forum/declaration/editions/1?text=fr&paragraph=2")
    found = cited(page)
    address = "http://testserver.local/es/third-forum/declaration/editions/1#p2"
    assert (
        found["reference"] == f"Third Forum, Draft Declaration, 12\u00a0juin 2026, édition 1, paragraphe 2. {address}"
    )
    assert found["quotation"].startswith("«\u00a0Et leur ombre.\u00a0» (Third Forum")
    assert found["markdown"] == f"[Draft Declaration, paragraphe 2]({address})"
    assert f"  url = {{{address}}}" in found["bibtex"]
    assert found["ris"].splitlines()[0] == "TY  - GEN"
    assert f"UR  - {address}" in found["ris"].splitlines()
    assert 'id="p2"' in page.text
    assert 'value="2" data-at="2" selected' in page.text


def test_words_are_cited_without_marks_and_the_whole_edition_without_words(reader):
    assert (
        "“Towns share their water.”" in cited(reader.get(f"/en/third-forum/declaration{AT}?paragraph=1"))["quotation"]
    )
    for query in ("", "?paragraph=99", "?paragraph=<b>"):
        page = reader.get(f"/en/third-forum/declaration{AT}{query}")
        assert "quotation" not in cited(page)
        assert cited(page)["reference"].endswith(f"/en/third-forum/declaration{AT}")


def test_a_browser_that_has_the_page_is_told_that_it_is_the_same(reader):
    at = f"/en/third-forum/declaration{AT}"
    reader.get(at)
    first = reader.get(at)
    again = reader.get(at, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "content-security-policy" not in again.headers
    assert reader.get(f"{at}?text=es", headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_the_page_names_its_one_address_whatever_is_asked_of_it(reader):
    page = reader.get(f"/fr/third-forum/declaration{AT}?text=es,en,fr&paragraph=1")
    assert '<link rel="canonical" href="http://testserver.local/fr/third-forum/declaration/editions/1">' in page.text
    assert 'hreflang="es"' in page.text
