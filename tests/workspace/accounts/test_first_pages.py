"""The first pages of a workspace, its pages in every language, and the pace at its doors."""

import pytest
import sqlalchemy as sa

from tests.support import factories, site
from tests.support.page import Page
from tests.workspace.accounts.browsing import EMAIL, PASSWORD, Browser, account, enrol, is_in
from workspace.accounts.domain import joining
from workspace.people.models import Forum, Registration
from workspace.web.http.rate_limits import RateLimiter
from workspace.web.i18n.messages import LANGUAGES


def test_the_first_forum_is_founded_in_the_browser(store, browser):
    code = joining.first_run_code(store)
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
    assert 'href="#timezone"' in browser.post("/en/set-up", **{**form, "code": code, "timezone": ""}).text
    assert 'href="#code"' in browser.post("/en/set-up", **{**form, "code": "wrong"}).text
    nothing = browser.post("/en/set-up", code="wrong", email="nobody", password="short")
    assert nothing.status_code == 422
    for name in ("code", "network", "name", "person", "email", "password"):
        assert f'href="#{name}"' in nothing.text
    assert Page(nothing).field("person").error == "workspace.invalid:empty"
    empty = {"slug": "", "timezone": "", "place": "Bilbao (España)"}  # made from the name and the place
    page = browser.post("/en/set-up", **{**form, "code": code, **empty})
    assert "Europe/Madrid" in page.text
    assert page.url.path == "/en/account/second-step"
    assert "First Forum" in Page(browser.get("/en/first-forum")).text
    assert browser.get("/en/set-up").status_code == 404
    assert browser.post("/en/set-up", csrf=_token(browser), **{**form, "code": code}).status_code == 404


@pytest.mark.parametrize(("place", "zone"), [("Tánger, Marruecos", "Africa/Casablanca"), ("Casa", "Europe/Madrid")])
def test_the_device_tells_the_zone_where_the_place_does_not(store, browser, place, zone):
    code = joining.first_run_code(store)
    browser.get(f"/en/set-up?code={code}")
    form = {"network_es": "Liga", "name_es": "Cumbre", "person": "Ada Rocha", "email": EMAIL, "password": PASSWORD}
    browser.post("/en/set-up", **form, timezone="", device_zone="Europe/Madrid", code=code, place=place)
    with store.reading() as db:
        assert db.scalars(sa.select(Forum.timezone)).one() == zone


def _token(browser: Browser) -> str:
    browser.get("/en/account")
    return browser.field("csrf")


def test_without_a_code_nobody_sets_the_workspace_up(store, browser):
    joining.first_run_code(store)
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
        assert Page(page).language == language
        assert page.headers["cache-control"] == "no-store"


def test_too_many_tries_at_one_password_wait_without_shutting_anybody_out(store):
    account(store)
    app = site.with_accounts(store, pace=RateLimiter())
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
    app = site.with_accounts(store, pace=RateLimiter())
    browser = Browser(app)
    for number in range(6):
        browser.get("/en/password")
        answer = browser.post("/en/password", email=EMAIL, follow=False)
        assert answer.status_code == (303 if number < 5 else 429)
    browser.client.__exit__(None, None, None)


def test_a_forum_that_was_just_founded_asks_for_its_people(store, browser):
    code = joining.first_run_code(store)
    browser.get(f"/en/set-up?code={code}")
    founder = {"person": "Ada Rocha", "email": "ada@fanal.example", "password": PASSWORD}
    browser.post("/en/set-up", code=code, network_en="N", name_en="First", slug="first", timezone="UTC", **founder)
    enrol(browser)
    assert [task for task in Page(browser.get("/en/first")).rows("task", "forum") if task.links_to("/en/first/people")]
