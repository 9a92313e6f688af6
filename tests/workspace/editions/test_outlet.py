"""What is published is read from the database once, and is the same for everybody who asks after."""

import pytest

from drafts.text.blocks import Language
from tests.support import site
from workspace.core.actor import NOBODY
from workspace.editions.pages.feeds import CachedFile, PublishedCache, published_cache

AT = "/en/third-forum/declaration/editions/1"
WATER = {
    Language.ES: "Las ciudades compartirán el agua.",
    Language.EN: "Towns shall share water.",
    Language.FR: "Les villes partagent l’eau.",
}


@pytest.fixture
def reader(hall, visit):
    hall = hall(WATER)
    reader = visit(NOBODY)
    assert reader.get(f"{AT}/declaration.en.txt").status_code == 404
    hall.request()
    hall.publish()
    return reader


def test_a_file_is_read_from_the_database_once_and_is_not_there_before_it_is_published(reader, store):
    with site.counted(store) as sent:
        first = reader.get(f"{AT}/declaration.en.txt")
    assert sent
    with site.counted(store) as sent:
        again = reader.get(f"{AT}/declaration.en.txt")
        held = reader.get(f"{AT}/declaration.en.txt", headers={"If-None-Match": first.headers["etag"]})
    assert sent == []
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert (held.status_code, held.content) == (304, b"")


def test_the_text_of_an_edition_is_printed_once_for_each_choice_of_languages(reader, store):
    pages = [reader.get(f"{AT}?text={text}").text for text in ("en", "en", "es,fr")]
    assert WATER[Language.EN] in pages[1]
    assert WATER[Language.EN] not in pages[2]
    assert len(published_cache(store)._leaves) == 2


def test_what_nobody_asked_for_longest_goes_first():
    shelf = PublishedCache()
    for number in range(20):
        shelf.keep_file(CachedFile(str(number), "text/plain", "0", bytes(4_000_000)), number)
    assert shelf.file(0) is None
    assert shelf.file(19) is not None
    shelf.keep_file(CachedFile("large", "text/plain", "0", bytes(4_000_001)), "large")
    assert shelf.file("large") is None
