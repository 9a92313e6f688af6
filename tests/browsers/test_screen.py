"""The public screen in browsers: it follows the chair, fits, shows the vote, and has one language on a phone."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers.places import Chamber
from tests.support import factories
from workspace.declarations.domain.service import DeclarationService
from workspace.procedure.screen import ScreenService

TEN_METRES = 45  # pixels at a width of 1920


@pytest.fixture
def opened(chamber: Chamber) -> Chamber:
    with chamber.store.writing() as db:
        draft = DeclarationService(db).at(factories.forum(db), "voted")
        ScreenService(db).open(draft, is_public=True, actor=chamber.chair)
    return chamber


def test_a_screen_without_anybody_signed_in_follows_the_chair_and_fits(chromium: Browser, opened: Chamber):
    wall = opened.page(chromium, None, "/voted/plenary/screen", width=1920)
    wall.set_viewport_size({"width": 1920, "height": 1080})
    phone = opened.page(chromium, None, "/voted/plenary/screen", width=390)
    voter = opened.page(chromium, opened.alta, "/voted/plenary/screen", width=390)
    chair = opened.page(chromium, opened.chair, "/voted/plenary")
    chair.keyboard.press("ArrowRight")
    for page in (wall, phone, voter):
        expect(page.locator("#screen")).to_contain_text("clean", timeout=20_000)
    assert wall.locator("nav:visible, a:visible, button:visible").count() <= 4  # those that a mouse would wake
    size = float(wall.locator(".scr-texts .text").first.evaluate("text => parseFloat(getComputedStyle(text).fontSize)"))
    assert size >= TEN_METRES
    assert wall.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(phone.locator("[data-of]:visible")).to_have_count(1)

    opened_vote = opened.page(chromium, opened.chair, "/voted/questions")
    opened_vote.get_by_text("Open a vote", exact=True).click()
    opened_vote.locator("#about").select_option("amendment:1")
    opened_vote.get_by_role("button", name="Open vote").click()
    expect(wall.locator("[data-question='1']")).to_have_count(1, timeout=5_000)
    expect(voter.locator("#vote")).to_be_visible()
    expect(phone.locator("#vote")).to_have_count(0)


def test_long_paragraphs_are_cut_to_the_sentences_that_change(chromium: Browser, opened: Chamber):
    wall = opened.page(chromium, None, "/voted/plenary/screen", width=1920)
    wall.route("**/events*", lambda route: route.abort())  # what the server says would take the place of these texts
    wall.reload()
    sentence = "Towns share what the wells of their valleys give in a dry year. "
    html = f"<p>{sentence * 30}Towns mend <ins>all</ins> pumps. {sentence * 30}</p>"
    texts = "".join(
        f'<div data-of="{of}"><div class="text" lang="{of}">{html}</div></div>' for of in ("es", "en", "fr")
    )
    wall.evaluate(
        """html => {
          document.querySelector("#screen").innerHTML = `<div class="scr-texts">${html}</div>`;
          window.dispatchEvent(new Event("resize"));
        }""",
        texts,
    )
    expect(wall.locator(".text").first).to_contain_text("[…]")
    expect(wall.locator(".text").first).to_contain_text("Towns mend all pumps.")
    assert wall.evaluate("document.documentElement.scrollHeight <= innerHeight")
