"""The front page: which forums there are."""

import pytest

from tests.support import factories
from tests.workspace.desk.visiting import queries_for, read, seen
from workspace.core.storage.db import Store


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_front_page_leads_to_every_forum(store: Store, language: str) -> None:
    with store.writing() as db:
        factories.forum(db, "third-forum")
        factories.forum(db, "fourth-forum")

    page = seen(store, f"/{language}")

    assert page.status_code == 200
    for slug in ("third-forum", "fourth-forum"):
        assert f'href="/{language}/{slug}"' in page.text


def test_an_empty_workspace_says_what_to_do(store: Store) -> None:
    page = read(store, "/en")

    assert (page.count, page.is_empty) == (0, True)
    assert len(page.root.xpath("//main//code")) == 1, "the command that founds one"


def test_the_queries_do_not_grow_with_the_forums(store: Store) -> None:
    with store.writing() as db:
        factories.forum(db)
    one = queries_for(store, "/en")
    with store.writing() as db:
        factories.forum(db, "fourth-forum")
        factories.forum(db, "fifth-forum")

    assert queries_for(store, "/en") == one
