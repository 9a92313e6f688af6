"""Guesses at passwords and codes are bounded, told and logged; and nobody is locked out by what others guess."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest

from tests.support import site
from tests.workspace.accounts.browsing import Browser, account, enrol, is_in
from tests.workspace.accounts.conftest import Town
from workspace.core import clock
from workspace.web.http.rate_limits import RateLimiter


@pytest.fixture
def app(store):
    return site.with_accounts(store, pace=RateLimiter())


@pytest.fixture
def elsewhere(second) -> Callable[[int], Browser]:
    """A browser that nobody has used, at another address of the net."""

    def browser_at(number: int) -> Browser:
        second.door.address = f"203.0.113.{number}"
        second.client.cookies.clear()
        second.page = None
        return second

    return browser_at


@pytest.fixture
def own(store, browser) -> tuple[Browser, str]:
    """A person's own browser, on which they have signed in whole and left again; and their secret."""
    account(store)
    browser.sign_in()
    secret, _ = enrol(browser)
    assert is_in(browser)
    browser.post("/en/sign-out")
    return browser, secret


def wrong_codes(guesser: Browser, most: int) -> int:
    """Knows the password, and guesses codes, beginning again where needed; how many were looked at before 429."""
    for tried in range(most):
        if guesser.page is None or 'name="code"' not in guesser.page.text:
            guesser.sign_in()
        guesser.post("/en/sign-in/code", code="000000")
        if guesser.page.status_code == 429:
            return tried
    return most


def test_codes_are_bounded_for_an_account_and_the_owner_gets_in(store, own, elsewhere, caplog, monkeypatch):
    browser, secret = own
    with caplog.at_level(logging.WARNING, logger="workspace.accounts"):
        tried = [wrong_codes(elsewhere(number), 20) for number in range(5)]
    assert max(tried) <= 10
    assert sum(tried) <= 30
    assert len([line for line in caplog.messages if "second step" in line]) == sum(tried)
    town = Town(store, "")
    assert {letter["what"] for letter in town.letters("security_notice")} >= {"codes_refused"}
    assert sum("sign_in.code_refused" in line for line in town.logged()) == sum(tried)

    later = clock.now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    browser.sign_in()
    browser.post("/en/sign-in/code", code=pyotp.TOTP(secret).at(clock.now()))
    assert is_in(browser)


def test_nobody_is_locked_out_of_their_own_browser_by_wrong_passwords_of_others(own, elsewhere, caplog):
    browser, _ = own
    with caplog.at_level(logging.WARNING, logger="workspace.accounts"):
        statuses = [elsewhere(tried % 8).sign_in(password="a wrong password").status_code for tried in range(72)]
    assert statuses.count(422) == 59  # and the first of their own
    assert statuses.count(429) == len(statuses) - 59
    assert len([line for line in caplog.messages if "A sign-in was refused" in line]) == 59
    assert elsewhere(99).sign_in().status_code == 429
    assert "/sign-in/code" in str(browser.sign_in().url)
