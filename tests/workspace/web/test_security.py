"""Other sites, other names, other browsers: what is kept out, and what every answer carries."""

import pytest
from litestar.testing import TestClient

from workspace.app import create_app
from workspace.web import security

ADDRESSES = [
    "/",
    "/health",
    "/en/ribera",
    "/en/nothing/there/at/all",
    "/static/none.css",
    "/api/openapi.json",
    "/api/none",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_fixed_headers(client, address):
    headers = client.get(address, follow_redirects=False).headers
    assert {name: headers.get(name) for name in security.HEADERS} == dict(security.HEADERS)
    assert "unsafe" not in headers["content-security-policy"]


def test_no_page_has_a_script_or_style_of_its_own(client):
    page = client.get("/en/ribera").text + client.get("/en/nothing").text
    assert "<script>" not in page
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page


def post(client, token, **headers):
    return client.post("/en/ribera/alondra/wording", data={"csrf": token}, headers=headers, follow_redirects=False)


def test_a_form_with_the_token_of_its_browser_is_taken(client, token):
    assert post(client, token).status_code == 303


def test_a_script_of_ours_may_send_the_token_in_a_header(client, token):
    assert post(client, "", **{security.FORM_HEADER: token}).status_code == 303


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("wrong", ["", "x" * 43, "ñ"])
def test_a_form_without_the_token_of_its_browser_is_refused(client, wrong):
    answer = post(client, wrong)
    assert answer.status_code == 403
    assert "This form has expired" in answer.text


def test_a_browser_without_a_cookie_cannot_send_a_form(client):
    assert post(client, "").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.test"},
        {"Origin": "null"},
        {"Origin": "http://testserver.local.elsewhere.test"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.test"},
    ],
)
def test_what_comes_from_another_site_is_refused_even_with_a_token(client, token, headers):
    assert post(client, token, **headers).status_code == 403
    assert client.post("/api/numbers", json={"number": 2}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver.local"}, {"Sec-Fetch-Site": "none"}, {}]
)
def test_what_comes_from_this_site_or_from_a_program_is_taken(client, token, headers):
    assert post(client, token, **headers).status_code == 303
    assert client.post("/api/numbers", json={"number": 2}, headers=headers).status_code == 201


def test_cookies_are_closed_to_scripts_and_other_sites(client):
    cookies = client.get("/en/ribera").headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie for cookie in cookies)


def test_cookies_are_bound_to_the_host_where_the_connection_is_encrypted(store):
    with TestClient(create_app(store), base_url="https://workspace.test") as client:
        cookies = client.get("/en/nothing").headers.get_list("set-cookie")
        assert any(cookie.startswith("__Host-form=") for cookie in cookies)
        assert all("Secure" in cookie for cookie in cookies)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000", "[::1]"])
def test_a_workspace_on_loopback_answers_to_its_own_names(store, host):
    with TestClient(create_app(store, hosts=security.LOOPBACK)) as client:
        assert client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["elsewhere.test", "127.0.0.1.elsewhere.test:8000", "localhost.elsewhere.test", "[::2]:80"]
)
def test_a_workspace_on_loopback_answers_to_no_other_name(store, host):
    with TestClient(create_app(store, hosts=security.LOOPBACK)) as client:
        answer = client.get("/health", headers={"Host": host})
        assert answer.status_code == 421
        assert host.partition(":")[0] in answer.text or host in answer.text
