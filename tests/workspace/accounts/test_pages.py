"""Signing in, by password, second step, letter or invitation, in the browser."""

import re
from html import unescape

import pyotp
import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from tests.support import factories, site
from tests.support.page import Page
from tests.support.site import token_of
from tests.workspace.accounts.browsing import EMAIL, OTHER, PASSWORD, account, enrol, is_in, letters, link
from tests.workspace.desk.visiting import tasks
from workspace.accounts.domain.tickets import TicketService
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.people.models import Forum, Person, Registration


def test_the_right_password_opens_the_account_and_leads_back_to_where_one_was(store, browser):
    account(store)
    browser.get("/en/sign-in?to=/en/third-forum")
    page = browser.post("/en/sign-in", email=EMAIL.upper(), password=PASSWORD, to=browser.field("to"))
    assert page.url.path == "/en/third-forum"
    assert Page(page).who == "Marta Olivar"
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
    left = browser.post("/en/sign-out")
    assert [answer.headers.get("clear-site-data") for answer in (left, *left.history)].count('"cache"') == 1
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
    browser.post("/en/sign-in/code", code=pyotp.TOTP(secret).at(int(clock.now().timestamp()) + 30))  # the next one
    assert is_in(browser)
    assert browser.cookie != half


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
    assert Page(page).has_field("password")
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
    assert Page(browser.get("/en")).links_to("/en/account/second-step")
    enrol(browser)
    assert not Page(browser.get("/en")).links_to("/en/account/second-step")


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
    page = Page(browser.get(path))
    assert "Third Forum" in page.headings(1)[0]
    assert page.field("name").value == "N. Roux"
    assert page.field("password").element.get("autocomplete") == "new-password"
    browser.post(path, name="Ngozi Roux", password=PASSWORD, language="fr", timezone="Europe/Paris")
    assert browser.page.url.path == "/en/third-forum"
    assert Page(browser.page).who == "Ngozi Roux"
    profile = Page(browser.get("/en/account"))
    assert (profile.field("language").value, profile.field("timezone").value) == ("fr", "Europe/Paris")
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
    assert "/register/" not in browser.get("/en/third-forum").text
    browser.get("/en/sign-in")
    assert browser.post("/en/register/third-forum", name="X", email="x@fanal.example").status_code == 404
    assert letters(store) == 0


def test_a_forum_that_is_open_sends_a_link_to_whoever_registers(store, browser):
    with store.writing() as db:
        factories.forum(db).registration = Registration.OPEN
    assert "/en/register/third-forum" in browser.get("/en/sign-in").text
    assert 'href="/en/register/third-forum"' in browser.get("/en/third-forum").text
    assert browser.get("/en/register/third-forum").status_code == 200
    browser.post("/en/register/third-forum", name="Ana Sol", email="ana@fanal.example")
    path = link(store, "registration")
    browser.get(path)
    browser.post(path, name="Ana Sol", password=PASSWORD, language="es")
    assert is_in(browser)
    assert "/register/" not in browser.get("/en/third-forum").text


@pytest.mark.parametrize("place", ["notices", "following", "third-forum/work", "third-forum/text/amendments/drafts"])
def test_what_is_ones_own_leads_who_is_signed_out_to_the_door_and_is_the_same_for_what_does_not_exist(browser, place):
    """Letters lead there, and the sign-in of whoever follows the link may have ended."""
    answer = browser.get(f"/fr/{place}")
    assert answer.url.path == "/fr/sign-in"
    assert browser.field("to") == f"/fr/{place}"


def test_who_registered_is_found_by_whoever_looks_after_the_people_and_given_a_role(store, browser):
    with store.writing() as db:
        factories.forum(db).registration = Registration.OPEN
        factories.declaration(db, phase=Phase.PUBLISHED)
        secretariat, member, chair = (
            factories.person(db, role) for role in (Role.SECRETARIAT, Role.MEMBER, Role.CHAIR)
        )
    browser.get("/en/register/third-forum")
    browser.post("/en/register/third-forum", name="Ana Sol", email="ana@fanal.example")
    path = link(store, "registration")
    assert "ana@fanal.example" in Page(browser.get(path)).text
    browser.post(path, name="Ana Sol", password=PASSWORD, language="es")

    people = "/en/third-forum/people"
    with site.browser(store, member) as other:
        assert other.get(f"{people}/registered").status_code == 404
    with site.browser(store, chair) as other:  # who gave roles while the text was worked on
        assert other.get(people).status_code == 200
        assert other.get(f"{people}/registered").status_code == 404
        assert Page(other.get(people)).data("about") == []
    with site.browser(store, secretariat) as desk:
        assert ("forum", "1", "people/registered") in tasks(Page(desk.get("/en/third-forum")))
        assert Page(desk.get(people)).part("about", "registered").links_to("/people/registered")
        page = desk.get(f"{people}/registered").text
        assert "Ana Sol" in page
        assert "ana@fanal.example" not in page
        listed = desk.get("/api/forums/third-forum/registered").json()["items"]
        assert [(one["name"], "email" in one) for one in listed] == [("Ana Sol", False)]
        action = re.search(rf'action="({people}/registered/[^"]+)"', page).group(1)
        given = {"role": "member", "organisation": "Alta", "csrf": token_of(desk)}
        assert desk.post(action, data={**given, "role": "king"}).status_code == 422
        answer = desk.post(action, data=given, follow_redirects=False)
        assert answer.status_code == 303
        assert desk.get(answer.headers["location"]).status_code == 200
        assert Page(desk.get(people)).data("about") == []
        assert desk.post(action, data=given).status_code == 404
    with store.reading() as db:
        ana = db.scalars(sa.select(Person).where(Person.name == "Ana Sol")).one().as_actor()
    with site.browser(store, ana) as own:
        [given] = Page(own.get("/en/notices")).rows("notice")
        assert "A secretariat" in given.text
