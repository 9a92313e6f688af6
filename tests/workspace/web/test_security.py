"""Other sites, other names, other browsers: what is kept out, and what every answer carries."""

import re

import anyio
import pytest
from litestar.testing import TestClient

from tests.support import factories, site
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import Role
from workspace.web.http import security
from workspace.web.http.security import FORM_HEADER

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


def test_no_two_pages_write_the_token_alike_nor_as_the_cookie_does(client, token):
    pages = [client.get("/en/ribera").text for _ in range(2)]
    written = {found for page in pages for found in re.findall(r'name="csrf" value="([^"]*)"', page)}

    assert len(written) == len(pages)
    assert not any(client.cookies["form"] in page for page in pages)
    assert [post(client, one).status_code for one in (*written, token)] == [303] * 3
    assert post(client, client.cookies["form"]).status_code == 403


def test_a_script_of_ours_may_send_the_token_in_a_header(client, token):
    assert post(client, "", **{FORM_HEADER: token}).status_code == 303


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("wrong", ["", "x" * 43, "ñ", "AAAA", "A" * 116])
def test_a_form_without_the_token_of_its_browser_is_refused(client, wrong):
    answer = post(client, wrong)
    assert answer.status_code == 403
    assert Page(answer).refusal == "web.stale_form"


@pytest.mark.parametrize(("site_of_form", "is_shown"), [("same-origin", True), ("none", False), ("cross-site", False)])
def test_what_was_typed_in_a_form_of_ours_that_expired_is_there_to_copy(client, site_of_form, is_shown):
    form, said = "/en/ribera/alondra/wording", "Words that took half an hour to write."
    headers = {"Sec-Fetch-Site": site_of_form, "Referer": f"http://testserver.local{form}"}
    key = "01a21c35-5e53-7526-a0f9-0aa618b0a123"
    answer = client.post(form, data={"csrf": "", "wording": said, "block": key}, headers=headers)
    assert key not in answer.text
    assert answer.status_code == 403
    assert (said in answer.text, form in Page(answer).links) == (is_shown, is_shown)


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
    with TestClient(site.with_accounts(store), base_url="https://workspace.test") as client:
        cookies = client.get("/en/nothing").headers.get_list("set-cookie")
        assert any(cookie.startswith("__Host-form=") for cookie in cookies)
        assert all("Secure" in cookie for cookie in cookies)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000", "[::1]"])
def test_a_workspace_on_loopback_answers_to_its_own_names(store, host):
    with TestClient(site.with_accounts(store, hosts=security.LOOPBACK)) as client:
        assert client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["elsewhere.test", "127.0.0.1.elsewhere.test:8000", "localhost.elsewhere.test", "[::2]:80"]
)
def test_a_workspace_on_loopback_answers_to_no_other_name(store, host):
    with TestClient(site.with_accounts(store, hosts=security.LOOPBACK)) as client:
        answer = client.get("/health", headers={"Host": host})
        assert answer.status_code == 421
        assert host.partition(":")[0] in answer.text or host in answer.text


def test_scripts_run_by_a_nonce_that_is_new_for_each_answer(client):
    seen = set()
    for _ in range(2):
        answer = client.get("/en/ribera")
        [nonce] = re.findall(r"script-src 'nonce-([^']+)'", answer.headers["content-security-policy"])
        scripts = re.findall(r"<script [^>]*>", answer.text)
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        seen.add(nonce)
    assert len(seen) == 2


def test_a_script_that_a_text_smuggled_in_gets_no_nonce(client, token):
    answer = client.post("/en/ribera/alondra/wording", data={"csrf": token, "wording": "<script src=x></script>"})
    assert "<script src=x" not in answer.text
    assert "<script src=x></script>" in Page(answer).root.text_content()


def test_nothing_but_a_page_may_load_anything(client):
    for address in ("/api/none", "/health", "/api/openapi.json"):
        assert client.get(address).headers["content-security-policy"] == security.NO_SCRIPTS_POLICY


def test_only_encrypted_connections_are_asked_for_again(store):
    with TestClient(site.with_accounts(store), base_url="https://workspace.test") as client:
        assert "max-age=63072000" in client.get("/en/nothing").headers["strict-transport-security"]
    with TestClient(site.with_accounts(store)) as client:
        assert "strict-transport-security" not in client.get("/en/nothing").headers


def test_behind_a_proxy_that_encrypts_every_request_counts_as_encrypted(store):
    async def call():
        sent = []

        async def send(message):
            sent.append(message)

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/en/nothing",
            "raw_path": b"/en/nothing",
            "query_string": b"",
            "headers": [(b"host", b"workspace.test")],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        await security.HttpsOnlyHeaders(site.with_accounts(store))(scope, receive, send)
        return sent[0]["headers"]

    headers = anyio.run(call)
    assert b"strict-transport-security" in dict(headers)
    cookies = [value for name, value in headers if name == b"set-cookie"]
    assert any(cookie.startswith(b"__Host-form=") for cookie in cookies)
    assert all(b"Secure" in cookie for cookie in cookies)


def test_a_form_from_the_unencrypted_neighbour_is_refused(store):
    with TestClient(
        site.with_accounts(store, hosts=frozenset({"workspace.test"})), base_url="https://workspace.test"
    ) as client:
        answer = client.post("/en/persona", headers={"Origin": "http://workspace.test"})
        assert answer.status_code == 403
        assert Page(answer).refusal == "web.cross_site"


@pytest.mark.parametrize(
    ("size", "is_known", "status"), [(1_100_000, False, 403), (1_100_000, True, 404), (9, False, 404)]
)
def test_a_large_file_is_read_only_from_whom_the_workspace_knows(store, size, is_known, status):
    with store.writing() as db:
        somebody = factories.person(db, Role.MEMBER) if is_known else None
    with site.browser(store, somebody) as reader:
        form = {"csrf": token_of(reader)}
        answer = reader.post("/en/nowhere/memory", data=form, files={"file": ("memory.tmx", b"x" * size)})
    assert answer.status_code == status
