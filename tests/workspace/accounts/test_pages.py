"""Signing in and looking after one's own account, in the browser."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from tests.support import factories, site
from workspace.accounts import first_run
from workspace.accounts.models import Account
from workspace.accounts.service import AccountService
from workspace.accounts.tickets import TicketService
from workspace.app import create_app
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.db import Store
from workspace.core.mail import Letter
from workspace.people.models import Forum, Person, Registration
from workspace.web.i18n import LANGUAGES
from workspace.web.limits import Limits

PASSWORD = "seven lanterns on a river"
OTHER = "eleven kites above a harbour"
EMAIL = "marta@fanal.example"


class From:
    """The application as it is seen from one address of the net."""

    def __init__(self, app: Litestar, address: str) -> None:
        self.app, self.address = app, address

    def __getattr__(self, name: str) -> Any:
        return getattr(self.app, name)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app({**scope, "client": (self.address, 50_000)}, receive, send)


class Browser:
    """One browser: it keeps cookies, and sends the token of the form it has seen last."""

    def __init__(self, app: Litestar, address: str = "192.0.2.1") -> None:
        self.client: TestClient[Any] = TestClient(From(app, address))
        self.client.__enter__()
        self.page: Any = None

    def get(self, path: str, **given: Any) -> Response:
        self.page = self.client.get(path, **given)
        return self.page

    def post(self, path: str, **fields: Any) -> Response:
        """Send a form; where the answer leads elsewhere, go there."""
        follow = fields.pop("follow", True)
        token = {"csrf": fields.pop("csrf", self.token)}
        self.page = self.client.post(path, data={**token, **fields}, follow_redirects=follow)
        return self.page

    @property
    def token(self) -> str:
        if self.page is None or 'name="csrf"' not in self.page.text:
            self.get("/en/sign-in") if "sign-in" not in self.client.cookies else self.get("/en/account")
        return self.field("csrf")

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page.text)
        assert found, f"{name} is not on the page"
        return unescape(found[1])

    @property
    def cookie(self) -> str:
        return self.client.cookies.get("sign-in", "")

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD, **more: Any) -> Response:
        self.get("/en/sign-in")
        return self.post("/en/sign-in", email=email, password=password, way="password", **more)


@pytest.fixture
def app(store: Store) -> Litestar:
    return site.with_accounts(store)


@pytest.fixture
def browser(app: Litestar) -> Iterator[Browser]:
    one = Browser(app)
    yield one
    one.client.__exit__(None, None, None)


@pytest.fixture
def second(app: Litestar) -> Iterator[Browser]:
    other = Browser(app, address="198.51.100.7")
    yield other
    other.client.__exit__(None, None, None)


def account(store: Store, role: Role = Role.MEMBER, email: str = EMAIL, password: str = PASSWORD) -> Actor:
    """Somebody of the forum with an account that a password opens."""
    from workspace.accounts import passwords  # noqa: PLC0415  (the hash is only needed here)

    with store.writing() as db:
        actor = factories.person(db, role, "Marta Olivar")
        person = db.get(Person, actor.person_id)
        AccountService(db).make(person, email=email, password_hash=passwords.hash_of(password), actor=OPERATOR)
    return actor


def link(store: Store, kind: str) -> str:
    """The path in the letter of this kind that was posted last."""
    with store.reading() as db:
        letters = db.scalars(sa.select(Letter).where(Letter.kind == kind).order_by(Letter.due_at.desc())).all()
    assert letters, f"no letter of the kind {kind}"
    return str(letters[0].facts["path"])


def letters(store: Store) -> int:
    with store.reading() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(Letter)) or 0


def enrol(browser: Browser) -> tuple[str, list[str]]:
    """Set the second step up; the secret and the recovery codes."""
    browser.get("/en/account/second-step")
    secret = browser.field("secret")
    browser.post("/en/account/second-step", secret=secret, code=pyotp.TOTP(secret).now(), password=PASSWORD)
    return secret, re.findall(r"<li><code>([^<]+)</code>", browser.page.text)


def is_in(browser: Browser) -> bool:
    return browser.client.get("/en/account", follow_redirects=False).status_code == 200


def test_the_right_password_opens_the_account_and_leads_back_to_where_one_was(store, browser):
    account(store)
    browser.get("/en/sign-in?to=/en/third-forum")
    page = browser.post("/en/sign-in", email=EMAIL.upper(), password=PASSWORD, to=browser.field("to"))
    assert page.url.path == "/en/third-forum"
    assert "Marta Olivar" in page.text
    assert is_in(browser)


@pytest.mark.parametrize(
    "to", ["https://elsewhere.test/", "//elsewhere.test", "/\\elsewhere.test", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(store, browser, to):
    account(store)
    answer = browser.sign_in(to=to, follow=False)
    assert answer.headers["location"] == "/en"


def test_a_wrong_password_and_an_unknown_address_are_told_alike(store, browser):
    account(store)
    pages = [
        re.sub(r'value="[^"]*"|nonce="[^"]*"', "", browser.sign_in(email, "not the password at all").text)
        for email in (EMAIL, "nobody@fanal.example")
    ]
    assert pages[0] == pages[1]
    assert 'role="alert"' in pages[0]
    assert not browser.cookie


def test_the_address_that_was_typed_is_still_in_the_form(store, browser):
    account(store)
    page = browser.sign_in(EMAIL, "not the password at all")
    assert page.status_code == 422
    assert f'value="{EMAIL}"' in page.text


def test_the_cookie_of_a_sign_in_is_closed_to_scripts_and_a_new_one_each_time(store, browser):
    account(store)
    browser.client.cookies.set("sign-in", "planted-by-somebody-else-0000000000000000000", domain="testserver.local")
    browser.get("/en/sign-in")
    answer = browser.post("/en/sign-in", email=EMAIL, password=PASSWORD, follow=False)
    [cookie] = [one for one in answer.headers.get_list("set-cookie") if one.startswith("sign-in=")]
    assert "planted" not in cookie
    assert all(mark in cookie for mark in ("HttpOnly", "SameSite=lax", "Path=/"))


def test_behind_https_the_cookie_is_bound_to_the_host(store, app):
    account(store)
    with TestClient(app, base_url="https://workspace.test") as client:
        token = re.search(r'name="csrf" value="([^"]*)"', client.get("/en/sign-in").text)[1]
        form = {"csrf": token, "email": EMAIL, "password": PASSWORD}
        answer = client.post("/en/sign-in", data=form, follow_redirects=False)
        [cookie] = [one for one in answer.headers.get_list("set-cookie") if "sign-in=" in one]
        assert cookie.startswith("__Host-sign-in=")
        assert "Secure" in cookie
        assert "Domain" not in cookie


def test_signing_out_ends_the_sign_in_on_the_server_too(store, browser, second):
    account(store)
    browser.sign_in()
    second.client.cookies.set("sign-in", browser.cookie, domain="testserver.local")
    assert is_in(second)
    browser.post("/en/sign-out")
    assert not is_in(browser)
    assert not is_in(second)


def test_who_has_a_second_step_is_asked_for_it_and_is_nobody_until_then(store, browser):
    account(store)
    browser.sign_in()
    secret, codes = enrol(browser)
    assert len(codes) == 10
    browser.post("/en/sign-out")

    page = browser.sign_in()
    half = browser.cookie
    assert page.url.path == "/en/sign-in/code"
    assert not is_in(browser)
    browser.get("/en/sign-in/code")
    assert browser.post("/en/sign-in/code", code="000000").status_code == 422
    assert not is_in(browser)
    browser.post("/en/sign-in/code", code=pyotp.TOTP(secret).at(_soon()))
    assert is_in(browser)
    assert browser.cookie != half


def _soon() -> int:
    """A moment whose code is the next one: the present code was used to set the second step up."""
    from workspace.core import clock  # noqa: PLC0415

    return int(clock.now().timestamp()) + 30


def test_a_recovery_code_opens_once(store, browser):
    account(store)
    browser.sign_in()
    _, codes = enrol(browser)
    for expected in (True, False):
        browser.post("/en/sign-out")
        browser.sign_in()
        browser.get("/en/sign-in/code")
        browser.post("/en/sign-in/code", code=codes[0])
        assert is_in(browser) == expected
        browser.get("/en/sign-in/code")


def test_after_too_many_wrong_codes_one_begins_again(store, browser):
    account(store)
    browser.sign_in()
    enrol(browser)
    browser.post("/en/sign-out")
    browser.sign_in()
    for _ in range(5):
        page = browser.post("/en/sign-in/code", code="000000")
    assert "Password" in page.text
    assert not browser.cookie


def test_recovery_codes_can_be_taken_away_in_a_file(store, browser):
    account(store)
    browser.sign_in()
    _, codes = enrol(browser)
    href = unescape(re.search(r'href="(data:text/plain,[^"]+)" download', browser.page.text)[1])
    assert all(code in href for code in codes)


def test_a_chair_is_led_to_the_second_step_and_reminded_on_every_page(store, browser):
    account(store, Role.CHAIR)
    page = browser.sign_in()
    assert page.url.path == "/en/account/second-step"
    assert "begins once you have set up the second step" in browser.get("/en").text
    enrol(browser)
    assert "begins once you have set up the second step" not in browser.get("/en").text


def test_a_link_signs_in_once_and_only_by_its_button(store, browser, second):
    account(store)
    browser.get("/en/sign-in")
    page = browser.post("/en/sign-in", email=EMAIL, way="link")
    assert page.url.path == "/en/sign-in/sent"
    path = link(store, "sign_in_link")
    for _ in range(3):
        assert EMAIL in browser.get(path).text
    assert not is_in(browser)
    browser.post(path)
    assert is_in(browser)
    second.get("/en/sign-in")
    assert second.post(path).status_code == 410
    assert second.get(path).status_code == 410


def test_asking_for_a_letter_is_answered_alike_whether_the_address_is_known_or_not(store, browser):
    account(store)
    answers = []
    for email in (EMAIL, "nobody@fanal.example"):
        for path, more in (("/en/sign-in", {"way": "link"}), ("/en/password", {})):
            browser.get(path)
            answer = browser.post(path, email=email, follow=False, **more)
            answers.append((answer.status_code, answer.headers["location"], answer.content))
    assert len(set(answers)) == 1
    assert letters(store) == 2


def test_a_forgotten_password_is_replaced_by_a_link_and_everything_else_ends(store, browser, second):
    account(store)
    second.sign_in()
    browser.get("/en/password")
    browser.post("/en/password", email=EMAIL)
    path = link(store, "password_reset")
    browser.get(path)
    short = browser.post(path, password="short")
    assert short.status_code == 422
    assert 'aria-invalid="true"' in short.text
    browser.post(path, password=OTHER)
    assert is_in(browser)
    assert not is_in(second)
    second.sign_in(password=PASSWORD)
    assert not is_in(second)


def test_an_invitation_makes_an_account_with_the_role_it_names(store, browser):
    with store.writing() as db:
        forum = factories.forum(db)
        TicketService(db).invite(forum, email="new@fanal.example", role=Role.MEMBER, actor=OPERATOR, name="N. Roux")
    path = link(store, "invitation")
    page = browser.get(path)
    assert "You are invited to Third Forum" in page.text
    assert 'value="N. Roux"' in page.text
    assert 'autocomplete="new-password"' in page.text
    browser.post(path, name="Ngozi Roux", password=PASSWORD, language="fr", timezone="Europe/Paris")
    assert browser.page.url.path == "/en/third-forum"
    assert "Ngozi Roux" in browser.page.text
    browser.get("/en/account")
    assert '<option value="fr" selected>' in browser.page.text
    assert 'value="Europe/Paris"' in browser.page.text
    assert browser.get(path).status_code == 410


def test_who_has_an_account_only_accepts_the_invitation(store, browser):
    account(store)
    with store.writing() as db:
        forum = db.scalars(sa.select(Forum)).one()
        TicketService(db).invite(forum, email=EMAIL, role=Role.OBSERVER, actor=OPERATOR)
    path = link(store, "invitation")
    assert 'type="password"' not in browser.get(path).text
    assert browser.post(path).url.path == "/en/sign-in"
    assert not browser.cookie


def test_a_forum_that_is_not_open_lets_nobody_register(store, browser):
    with store.writing() as db:
        factories.forum(db)
    assert browser.get("/en/register/third-forum").status_code == 404
    browser.get("/en/sign-in")
    assert browser.post("/en/register/third-forum", name="X", email="x@fanal.example").status_code == 404
    assert letters(store) == 0


def test_a_forum_that_is_open_sends_a_link_to_whoever_registers(store, browser):
    with store.writing() as db:
        factories.forum(db).registration = Registration.OPEN
    assert "/en/register/third-forum" in browser.get("/en/sign-in").text
    assert browser.get("/en/register/third-forum").status_code == 200
    browser.post("/en/register/third-forum", name="Ana Sol", email="ana@fanal.example")
    path = link(store, "registration")
    browser.get(path)
    browser.post(path, name="Ana Sol", password=PASSWORD, language="es")
    assert is_in(browser)


def test_the_profile_is_kept_and_speaks_the_language_that_was_chosen(store, browser):
    account(store)
    browser.sign_in()
    browser.get("/en/account")
    page = browser.post("/en/account", name="Marta O.", language="es", timezone="America/Lima", checkpoints="yes")
    assert page.url.path == "/es/account"
    assert 'value="Marta O."' in page.text
    assert 'name="phases" value="yes" checked' not in page.text
    assert 'name="checkpoints" value="yes" checked' in page.text


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
    assert "You are signed in in 2 browsers" in page.text
    assert "Firefox on Linux" in page.text
    [end] = re.findall(r'action="(/en/account/sign-ins/[0-9a-f-]+/end)"', page.text)
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
        assert "Marta Olivar" not in program.get("/en", headers=bearer).text
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


def test_the_first_forum_is_founded_in_the_browser(store, browser):
    code = first_run.first_run_code(store)
    browser.get(f"/en/set-up?code={code}")
    form = {
        "network_es": "Liga Ribera",
        "name_en": "First Forum",
        "slug": "first-forum",
        "timezone": "Europe/Madrid",
        "starts_on": "2027-05-10",
        "person": "Ada Rocha",
        "email": "ada@fanal.example",
        "password": PASSWORD,
    }
    assert 'href="#slug"' in browser.post("/en/set-up", **{**form, "code": code, "slug": "Not A Slug"}).text
    assert 'href="#network"' in browser.post("/en/set-up", **{**form, "code": code, "network_es": ""}).text
    assert 'href="#ends_on"' in browser.post("/en/set-up", **{**form, "code": code, "ends_on": "2027-05-09"}).text
    assert 'href="#code"' in browser.post("/en/set-up", **{**form, "code": "wrong"}).text
    page = browser.post("/en/set-up", **{**form, "code": code})
    assert page.url.path == "/en/account/second-step"
    assert "First Forum" in browser.get("/en/first-forum").text
    assert browser.get("/en/set-up").status_code == 404
    assert browser.post("/en/set-up", csrf=_token(browser), **{**form, "code": code}).status_code == 404


def _token(browser: Browser) -> str:
    browser.get("/en/account")
    return browser.field("csrf")


def test_without_a_code_nobody_sets_the_workspace_up(store, browser):
    first_run.first_run_code(store)
    browser.get("/en/set-up")
    page = browser.post(
        "/en/set-up", network_en="N", name_en="F", slug="f", person="A", email="a@b.example", password=PASSWORD, code=""
    )
    assert page.status_code == 422
    with store.reading() as db:
        assert db.scalars(sa.select(Forum)).all() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_renders_in_every_language(store, browser, language):
    with store.writing() as db:
        factories.forum(db).registration = Registration.OPEN
    for path in ("sign-in", "sign-in/sent", "password", "register/third-forum", "set-up"):
        assert browser.get(f"/{language}/{path}").status_code == 200, path
    account(store)
    browser.sign_in()
    own = ["account", "account/password", "account/email", "account/second-step", "account/sign-ins", "account/tokens"]
    for path in own:
        page = browser.get(f"/{language}/{path}")
        assert page.status_code == 200, path
        assert f'<html lang="{language}">' in page.text
        assert page.headers["cache-control"] == "no-store"


def test_too_many_tries_at_one_password_wait_without_shutting_anybody_out(store):
    account(store)
    app = create_app(store, pace=Limits())
    guesser, owner = Browser(app, "203.0.113.9"), Browser(app, "192.0.2.44")
    answers = [guesser.sign_in(password=f"a wrong password {number}").status_code for number in range(11)]
    assert answers == [422] * 10 + [429]
    refused = guesser.sign_in()
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 900
    owner.sign_in()
    assert is_in(owner)
    for one in (owner, guesser):
        one.client.__exit__(None, None, None)


def test_nobody_is_sent_letters_without_end(store):
    account(store)
    app = create_app(store, pace=Limits())
    browser = Browser(app)
    for number in range(6):
        browser.get("/en/password")
        answer = browser.post("/en/password", email=EMAIL, follow=False)
        assert answer.status_code == (303 if number < 5 else 429)
    browser.client.__exit__(None, None, None)
