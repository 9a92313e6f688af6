"""The feed of what was published, and the address that goes with the paper."""

from collections.abc import Callable

import pytest
from lxml import etree

from drafts.blocks import Language
from tests.workspace.editions.conftest import Hall

SPACE = {"a": "http://www.w3.org/2005/Atom"}
TEXT = {language: f"Towns share water, {language.value}." for language in Language}


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
