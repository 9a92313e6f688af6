"""What was just done is said once: heard, where it covers no control, and gone after a while."""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browsers.places import CHAIR, FORUM, Reader

COVERED = """async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const toast = document.getElementById("toast").getBoundingClientRect();
    return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter((one) => {
        if (one.closest("#toast") || !one.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) return false;
        return [...one.getClientRects()].some((box) => box.width > 1 && box.height > 1 && box.left < toast.right &&
            box.right > toast.left && box.top < toast.bottom && box.bottom > toast.top);
    }).map((one) => one.outerHTML.slice(0, 90));
}"""
PATHS = ("", "/practice", "/practice/amendments", "/practice/desk?text=en", "/practice/readiness", "/recommendations")


def told(reader, path, *, undo="", words="The recommendation is confirmed and everybody who follows it is notified."):
    reader.context.add_cookies(
        [{"name": "said", "value": quote(f"recommendation.confirmed\n{undo}\n{words}"), "url": reader.site}]
    )
    reader.go(f"/en/{FORUM}{path}")
    return reader.page.locator("#toast")


@pytest.mark.parametrize("width", [1440, 390])
def test_it_covers_no_control_of_any_page(chromium, site, width):
    reader = Reader(chromium, site, CHAIR, width=width)
    covered = {}
    for path in PATHS:
        expect(told(reader, path)).to_be_visible()
        covered[path] = reader.page.evaluate(COVERED)
    assert not any(covered.values()), covered


def test_it_goes_by_itself_unless_it_can_be_undone_or_is_a_refusal(chromium, site):
    reader = Reader(chromium, site, CHAIR)
    reader.page.clock.install()
    toast = told(reader, "")
    reader.page.clock.run_for(5_000)
    expect(toast).to_be_visible()
    reader.page.clock.run_for(5_000)
    expect(toast).to_have_count(0)
    for undo in (f"/en/{FORUM}/recommendations", "!"):
        toast = told(reader, "", undo=undo)
        reader.page.clock.run_for(60_000)
        expect(toast).to_be_visible()


def test_it_is_heard_and_the_keyboard_closes_it(chromium, site):
    reader = Reader(chromium, site, CHAIR)
    toast = told(reader, "", undo="!")
    expect(toast).to_have_attribute("role", "alert")
    toast.get_by_role("button").last.focus()
    reader.page.keyboard.press("Escape")
    expect(toast).to_have_count(0)
