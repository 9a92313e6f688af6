"""Looking after one's own account in the browser, and programs that sign in with a token."""

import re

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from tests.support import factories
from tests.support.page import Page
from tests.workspace.accounts.browsing import EMAIL, OTHER, PASSWORD, Browser, account, is_in, link
from workspace.accounts.domain.models import Account


def test_the_profile_is_kept_and_speaks_the_language_that_was_chosen(store, browser):
    account(store)
    browser.sign_in()
    browser.get("/en/account")
    page = browser.post("/en/account", name="Marta O.", language="es", timezone="America/Lima")
    assert page.url.path == "/es/account"
    assert Page(page).field("name").value == "Marta O."


def test_what_the_profile_cannot_take_is_told_beside_its_field(store, browser):
    account(store)
    browser.sign_in()
    page = browser.post("/en/account", name=" ", language="en", timezone="")
    assert page.status_code == 422
    assert 'id="name-error"' in page.text
    page = browser.post("/en/account", name="M.", language="en", timezone="Atlantis/Centre")
    assert 'id="timezone-error"' in page.text


def test_a_new_password_ends_every_other_sign_in_and_keeps_this_browser(store, browser, second):
    account(store)
    browser.sign_in()
    second.sign_in()
    assert browser.get("/en/account/password").status_code == 200
    wrong = browser.post("/en/account/password", current="not this one at all", password=OTHER)
    assert 'id="current-error"' in wrong.text
    browser.post("/en/account/password", current=PASSWORD, password=OTHER)
    assert is_in(browser)
    assert not is_in(second)


def test_another_address_counts_once_its_letter_was_answered(store, browser):
    account(store)
    browser.sign_in()
    browser.get("/en/account/email")
    assert 'id="password-error"' in browser.post("/en/account/email", email="new@fanal.example", password="x").text
    browser.post("/en/account/email", email="new@fanal.example", password=PASSWORD)
    path = link(store, "email_change")
    browser.get(path)
    with store.reading() as db:
        assert db.scalars(sa.select(Account.email)).all() == [EMAIL]
    browser.post(path)
    with store.reading() as db:
        assert db.scalars(sa.select(Account.email)).all() == ["new@fanal.example"]
    assert is_in(browser)


def test_one_sees_where_one_is_signed_in_and_ends_it(store, browser, second):
    account(store)
    browser.client.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    browser.sign_in()
    second.sign_in()
    page = browser.get("/en/account/sign-ins")
    [end] = re.findall(r'action="(/en/account/sign-ins/[0-9a-f-]+/end)"', page.text)
    first, other = Page(page).rows("browser")
    assert {"Firefox", "Linux"} <= set(first.text.split()) | set(other.text.split())
    browser.post(end)
    assert is_in(browser)
    assert not is_in(second)
    second.sign_in()
    browser.get("/en/account/sign-ins")
    browser.post("/en/account/sign-ins/end")
    assert not is_in(second)


def test_nobody_ends_the_sign_in_of_somebody_else(store, browser, second):
    account(store)
    account(store, email="other@fanal.example")
    browser.sign_in()
    second.sign_in("other@fanal.example")
    browser.get("/en/account")
    with store.reading() as db:
        ids = [str(one) for one in db.scalars(sa.text("SELECT id FROM sign_in"))]
    for one in ids:
        path = f"/en/account/sign-ins/{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}/end"
        browser.client.post(path, data={"csrf": browser.token})
    assert is_in(second)


def made_token(browser: Browser, reach: str) -> str:
    browser.get("/en/account/tokens")
    page = browser.post("/en/account/tokens", name="A program", reach=reach, days="30")
    return re.search(r'<code class="secret one">(dw_[^<]+)</code>', page.text)[1]


def test_a_token_is_shown_once_and_opens_the_api(store, app, browser):
    account(store)
    browser.sign_in()
    token = made_token(browser, "read")
    assert token not in browser.get("/en/account/tokens").text
    with TestClient(app) as program:
        bearer = {"Authorization": f"Bearer {token}"}
        assert program.get("/api/forums", headers=bearer).status_code == 200
        assert Page(program.get("/en", headers=bearer)).who != "Marta Olivar"
        end = re.search(r'action="(/en/account/tokens/[^"]+/end)"', browser.page.text)[1]
        browser.post(end)
        refused = program.get("/api/forums", headers=bearer)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert refused.json()["code"] == "web.unknown_token"


@pytest.mark.parametrize("header", ["Bearer dw_nothing", "Bearer", "Basic abc", "Bearer " + "x" * 5_000, "Bearer ü"])
def test_a_token_that_is_none_is_refused(app, header):
    with TestClient(app) as program:
        answer = program.get("/api/forums", headers=[(b"authorization", header.encode("latin-1"))])
        assert answer.status_code == 401


def test_a_token_for_reading_changes_nothing(store, app, browser):
    account(store)
    with store.writing() as db:
        draft = factories.declaration(db)
        path = f"/api/declarations/{draft.id}/amendments"
    browser.sign_in()
    token = made_token(browser, "read")
    with TestClient(app) as program:
        answer = program.post(path, json={}, headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["code"]) == (403, "web.read_only_token")


def test_the_cookie_of_a_sign_in_is_no_token_and_a_token_no_cookie(store, app, browser):
    account(store)
    browser.sign_in()
    token = made_token(browser, "write")
    with TestClient(app) as other:
        assert other.get("/api/forums", headers={"Authorization": f"Bearer {browser.cookie}"}).status_code == 401
        other.cookies.set("sign-in", token, domain="testserver.local")
        assert other.get("/en/account", follow_redirects=False).status_code == 303


def test_a_form_belongs_to_the_sign_in_it_was_made_for(store, browser, second):
    account(store)
    before = browser.token
    browser.sign_in()
    assert browser.post("/en/account", csrf=before, name="X", language="en").status_code == 403
    second.sign_in()
    assert browser.post("/en/account", csrf=second.token, name="X", language="en").status_code == 403
    assert browser.post("/en/account", csrf="", name="X", language="en").status_code == 403
    browser.get("/en/account")
    assert browser.post("/en/account", name="X", language="en").status_code == 200


def test_the_api_takes_the_cookie_of_a_sign_in_only_from_pages_of_ours(store, browser):
    account(store)
    browser.sign_in()
    wanted = {"name": "y"}
    from_nowhere = browser.client.post("/api/accounts/me/tokens", json=wanted)
    from_elsewhere = browser.client.post("/api/accounts/me/tokens", json=wanted, headers={"Origin": "https://x.test"})
    assert (from_nowhere.status_code, from_elsewhere.status_code) == (403, 403)
    with_token = browser.client.post("/api/accounts/me/tokens", json=wanted, headers={"X-CSRF-Token": browser.token})
    assert with_token.status_code != 403


@pytest.mark.parametrize("path", ["/account", "/account/password", "/account/second-step", "/account/tokens"])
def test_who_has_not_signed_in_is_led_to_the_door_and_back(store, browser, path):
    account(store)
    page = browser.get(f"/en{path}")
    assert page.url.path == "/en/sign-in"
    page = browser.post("/en/sign-in", email=EMAIL, password=PASSWORD, to=browser.field("to"))
    assert page.url.path == f"/en{path}"
