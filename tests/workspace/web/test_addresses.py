"""Addresses are built from names, keep within the site, and change language in place."""

import pytest

from drafts.text.blocks import Language
from workspace.web.http.addresses import Addresses, in_language, own_path

ADDRESSES = Addresses({"reading": "/{language}/{forum}/{declaration}", "api_text": "/api/texts/{text_id}"})


def test_an_address_takes_its_values_and_the_rest_becomes_the_query():
    address = ADDRESSES.url_for("reading", language="es", forum="foro", declaration="a/b ñ", text="es,fr", page=None)
    assert address == "/es/foro/a%2Fb%20%C3%B1?text=es%2Cfr"


def test_an_address_without_a_language_takes_none():
    assert ADDRESSES.url_for("api_text", language="es", text_id=7) == "/api/texts/7"


def test_a_name_that_no_route_has_is_an_error():
    with pytest.raises(KeyError):
        ADDRESSES.url_for("raeding", language="es")


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.test/",
        "//elsewhere.test",
        "//[",
        "/\\elsewhere.test",
        "elsewhere",
        "",
        "/a\nb",
        "javascript:alert(1)",
        "\\/x",
    ],
)
def test_a_redirect_never_leaves_the_site(target):
    assert own_path(target, otherwise="/es") == "/es"


@pytest.mark.parametrize("target", ["/es/foro", "/es/foro?text=es,fr", "/es/foro#b-1"])
def test_a_redirect_may_go_anywhere_on_the_site(target):
    assert own_path(target, otherwise="/es") == target


@pytest.mark.parametrize(
    ("path", "query", "address"),
    [
        ("/es/foro/declaración", "text=es,fr", "/fr/foro/declaraci%C3%B3n?text=es%2Cfr"),
        ("/es", "", "/fr"),
        ("/de/forum", "", "/fr"),
        ("/es/a", "q=%26x&empty=", "/fr/a?q=%26x&empty="),
    ],
)
def test_another_language_is_the_same_page(path, query, address):
    assert in_language(path, query, Language.FR) == address
