"""HEAD, which monitors and programs that check links send: what GET would say, without its body."""

import pytest
from litestar.testing import TestClient

from tests.support import site
from workspace.web.http.routing import HeadRequests


@pytest.fixture
def visitor(store):
    with TestClient(HeadRequests(site.site(store))) as client:
        yield client


@pytest.mark.parametrize("path", ["/health", "/ready", "/en/help", "/en/nowhere", "/api/openapi.json"])
def test_an_address_tells_its_head_without_its_body(visitor, path):
    whole, head = visitor.get(path), visitor.head(path)

    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert head.headers["content-length"] == whole.headers["content-length"]
