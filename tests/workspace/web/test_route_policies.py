"""Every route says which right it asks for; one that does not keeps the program from starting."""

import pytest
from litestar import get

from tests.support import site
from workspace.app import API, PAGES, create_app
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.slices import REGISTRY
from workspace.web.http.guards import OWN, PUBLIC, UnguardedRoute, policies


@pytest.fixture
def store():
    return Store(Settings(database_url="sqlite://"))


@get("/nobody-thought-of-it", sync_to_thread=False)
def unguarded() -> str:
    return ""


@get("/a-right-that-is-not", sync_to_thread=False, policy="block.devour")
def unknown() -> str:
    return ""


def test_the_program_does_not_start_with_a_route_that_names_no_policy(store):
    with pytest.raises(UnguardedRoute, match="GET /nobody-thought-of-it names no policy"):
        create_app(store, pages=PAGES, api=[*API, unguarded])
    with pytest.raises(UnguardedRoute, match="nobody-thought-of-it names no policy"):
        create_app(store, pages=[*PAGES, unguarded], api=API)


def test_nor_with_one_whose_policy_the_table_does_not_have(store):
    with pytest.raises(UnguardedRoute, match=r"block\.devour"):
        create_app(store, pages=PAGES, api=[*API, unknown])


def test_the_doors_that_change_something_are_public_only_where_nobody_is_known_yet(store):
    app = site.with_accounts(store)
    named = list(policies(app.routes))
    assert len(named) > 150
    assert {one for _, _, of in named for one in of} <= {*REGISTRY.grants, PUBLIC, OWN}
    writing = {path for method, path, of in named if method != "GET" and PUBLIC in of}
    allowed = ("sign-in", "sign-out", "password", "invitations", "register", "email", "set-up", "persona", "guest")
    allowed += ("letters/end/{token}", "mail-choices/end/{token}")  # one click in a letter, by its signed link
    allowed += ("returned-letters",)  # a mail service, with the secret that the operator gave it
    assert [path for path in writing if not any(word in path for word in allowed)] == []
