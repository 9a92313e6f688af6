"""Pages go out compressed where no proxy does it, and only where nobody learns something from their length."""

import gzip

import pytest
import zstandard
from litestar.testing import TestClient

from tests.support import factories, site
from workspace.core.actor import Role
from workspace.web.assets import Assets
from workspace.web.http.compression import Compressed
from workspace.web.http.routing import HeadRequests

DRAFT = "/en/third-forum/declaration"


@pytest.fixture
def client(store):
    with store.writing() as db:
        member = factories.person(db, Role.MEMBER)
        texts = (f"Towns share water, {number}." for number in range(200))
        declaration = factories.declaration(db, *texts, slug="declaration").id
    with TestClient(HeadRequests(Compressed(site.site(store, member)))) as client:
        client.cookies["persona"] = str(member.person_id)
        client.declaration = declaration
        yield client


def sent(client, path, **headers):
    """The answer as it passed the line: its headers, and its bytes."""
    with client.stream("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}) as got:
        return got.headers, b"".join(got.iter_raw())


@pytest.mark.parametrize(
    ("takes", "coding", "unpacked"),
    [("br, gzip", "gzip", gzip.decompress), ("gzip, deflate, br, zstd;q=0.8", "zstd", zstandard.decompress)],
)
def test_a_page_passes_the_line_as_a_fifth_of_its_length_and_says_the_same(client, takes, coding, unpacked):
    headers, packed = sent(client, DRAFT, accept_encoding=takes)
    plain, whole = sent(client, DRAFT, accept_encoding="identity")

    assert (headers["content-encoding"], plain.get("content-encoding")) == (coding, None)
    assert int(headers["content-length"]) == len(packed) < len(whole) / 5
    assert len(unpacked(packed)) == len(whole)
    assert headers["vary"] == plain["vary"] == "Cookie, Accept-Encoding"  # it is kept, and each reads their own


def test_head_tells_the_length_that_get_has(client):
    style = Assets.read().address("css/base.css")
    for takes in ("gzip", "identity"):
        head = client.head(style, headers={"Accept-Encoding": takes})
        assert head.headers["content-length"] == sent(client, style, accept_encoding=takes)[0]["content-length"]


@pytest.mark.parametrize("headers", [{"accept_encoding": "gzip;q=0, zstd;q=0.0"}, {"accept_encoding": ""}])
def test_who_does_not_take_it_is_sent_the_page_as_it_is(client, headers):
    assert "content-encoding" not in sent(client, DRAFT, **headers)[0]


def test_words_that_another_site_chose_are_not_compressed_with_the_page(client):
    """From the lengths of many answers that site could guess what else is in them."""
    chosen = {"accept_encoding": "gzip", "sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}

    assert "content-encoding" not in sent(client, f"{DRAFT}?text=fr", **chosen)[0]
    assert sent(client, DRAFT, **chosen)[0]["content-encoding"] == "gzip"


def test_what_has_a_tag_for_its_very_bytes_or_is_no_text_stays_as_it_is(client):

    whole = sent(client, f"/api/declarations/{client.declaration}/text", accept_encoding="gzip")[0]
    assert (whole["etag"][0], whole.get("content-encoding")) == ('"', None)
    font = next(address for address in Assets.read().files if address.endswith(".woff2"))
    assert "content-encoding" not in sent(client, font, accept_encoding="gzip")[0]
