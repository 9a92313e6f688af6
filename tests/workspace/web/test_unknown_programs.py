"""A program with a token that is not, or no longer, good is told so at every door of the API, whatever it asks for."""

from itertools import product
from uuid import UUID

import pytest
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from tests.support import site
from workspace.core.storage.db import new_id

WORDS = ("en", "1")  # what a place in an address may take, one or the other
A_WRONG_ONE = {"Authorization": "Bearer wsp_nobodys"}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_token_that_is_not_known_is_refused_at_every_door(store, method):
    app = site.with_accounts(store)
    doors = [
        route
        for route in app.routes
        if isinstance(route, HTTPRoute) and route.path.startswith("/api/") and method in route.methods
        if not route.path.startswith(("/api/openapi", "/api/returned-letters"))  # the latter takes another secret
    ]
    assert doors
    with TestClient(app) as client:
        answers = {
            route.path_format: {client.request(method, path, headers=A_WRONG_ONE).status_code for path in paths(route)}
            for route in doors
        }
    assert {door: statuses for door, statuses in answers.items() if not statuses <= {400, 401, 404}} == {}
    assert {door: statuses for door, statuses in answers.items() if 401 not in statuses and statuses != {400}} == {}


def paths(route: HTTPRoute) -> list[str]:
    """The address with something in its places, of which some cannot take it (404, 400), or want a query too (400)."""
    ids = {name: str(new_id()) for name, one in route.path_parameters.items() if one.type is UUID}
    others = [name for name in route.path_parameters if name not in ids]
    every = product(WORDS, repeat=len(others))
    return [route.path_format.format(**ids, **dict(zip(others, words, strict=True))) for words in every]
