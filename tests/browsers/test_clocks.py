"""Moments by the reader's own clock: told again by a script at first, then by the server, in the same words."""

import re

import pytest

from tests.browsers.places import FORUM, MEMBER, Reader

TOLD = (
    """[...document.querySelectorAll("main time[data-clock]")].map((one) => one.textContent.trim() + "|" + one.title)"""
)
CITY = re.compile(r" \([^()]*\)(?=\|)")


@pytest.mark.parametrize("language", ["es", "en", "fr"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/St_Johns", "UTC"])
def test_the_first_visit_and_the_next_say_the_same(chromium, site, language, zone):
    reader = Reader(chromium, site, MEMBER, timezone_id=zone)
    reader.context.clear_cookies(name="zone")
    for path in ("", "/practice/calendar", "/practice/history"):
        reader.context.clear_cookies(name="zone")
        reader.page.goto(f"{site}/{language}/{FORUM}{path}")
        first = [CITY.sub("", told) for told in reader.page.evaluate(TOLD)]
        assert {kept["name"]: kept["value"] for kept in reader.context.cookies()}.get("zone") == zone
        reader.page.reload()
        assert reader.page.evaluate("document.documentElement.dataset.zone") == zone
        assert [CITY.sub("", told) for told in reader.page.evaluate(TOLD)] == first
    assert not reader.troubles


def test_without_scripts_the_clock_is_that_of_the_forum(chromium, site):
    reader = Reader(chromium, site, MEMBER, timezone_id="Asia/Tokyo", java_script_enabled=False)
    reader.go(f"/en/{FORUM}")
    assert reader.page.locator("html").get_attribute("data-zone") == reader.page.locator("html").get_attribute(
        "data-home"
    )


def test_a_new_forum_is_asked_for_its_zone_and_not_given_that_of_the_device(chromium, site):
    with chromium.new_context(timezone_id="Asia/Tokyo") as context:
        page = context.new_page()
        page.goto(f"{site}/en/set-up")
        assert page.locator("#timezone").input_value() == ""
        assert page.locator("[name=device_zone]").input_value() == "Asia/Tokyo"
        assert "Asia/Tokyo" in page.locator("#timezone-hint").inner_text()


def test_a_page_for_everybody_keeps_no_cookie(chromium, site):
    with chromium.new_context(timezone_id="Asia/Tokyo") as context:
        page = context.new_page()
        page.goto(f"{site}/en/help")
        assert not [kept for kept in context.cookies() if kept["name"] == "zone"]
