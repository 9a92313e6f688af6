"""The workspace in a real browser: every page in three languages, two widths, both themes, and journeys through it."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers.places import CHAIR, FORUM, LAYOUT_SHIFT, MEMBER, MOST_SHIFT, Reader, comes_late
from workspace.demo.story import PRACTICE

TRANSLATOR = "Vasseur"
RAPPORTEUR = "Brera"
PHONE, DESK = 390, 1440  # pixels
SCREEN, TWO_LINES = 844, 60
LANGUAGES = ("es", "en", "fr")


@pytest.mark.parametrize(("turn", "language"), list(enumerate(LANGUAGES)))
def test_every_page_stands_in_one_language_without_errors_or_sideways_scroll(
    chromium: Browser, site: str, turn: int, language: str
):
    look(chromium, site, language, each=slice(turn, None, len(LANGUAGES)))


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_so_it_does_in_every_other(chromium: Browser, site: str, language: str):
    look(chromium, site, language, each=slice(None))


def look(chromium: Browser, site: str, language: str, *, each: slice) -> None:
    """Open these of the pages as wide as a telephone, with fonts and scripts that come late, then as a desk."""
    reader = Reader(chromium, site, CHAIR, width=PHONE, color_scheme="dark")
    reader.context.route("**/*.{woff2,js}", comes_late)
    draft = f"/{language}/{FORUM}/{PRACTICE}"
    reader.go(draft)
    paragraph = reader.first_link("/paragraphs/")
    block = paragraph.split("/paragraphs/")[1].split("?")[0].split("#")[0]
    reader.go(f"/{language}/{FORUM}/sessions")
    session = reader.first_link("/sessions/0")  # ids begin with the time they were made at
    pages = [
        f"/{language}",
        f"/{language}/{FORUM}",
        session.split("#")[0],
        f"/{language}/{FORUM}/recommendations",
        f"/{language}/{FORUM}/declarations/new",
        *(f"{draft}?text={text}" for text in ("es", "en,fr", "es,en,fr")),
        f"{draft}?revision=1",
        f"{draft}/history",
        f"{draft}/compare?from=1&to=2&text=es",
        f"{draft}/paragraphs/{block}",
        f"{draft}/amendments",
        f"{draft}/amendments/7",
        f"{draft}/translation",
        f"{draft}/translation/{block}/fr",
        f"{draft}/readiness",
        f"{draft}/calendar",
        f"{draft}/coverage",
        f"/{language}/{FORUM}/people",
        f"/{language}/{FORUM}/log",
        f"/{language}/{FORUM}/recommendations/pairs",
        f"/{language}/{FORUM}/recommendations/1",
        f"/{language}/{FORUM}/sessions/commitments",
        f"/{language}/{FORUM}/sessions/adopted-texts",
        f"/{language}/verify",
        f"/{language}/help/forms",
    ]

    for path in pages[each]:
        reader.page.set_viewport_size({"width": PHONE, "height": 900})
        reader.go(path)
        shift = reader.page.evaluate(LAYOUT_SHIFT)
        assert shift <= MOST_SHIFT, f"{path} shifts by {shift:.3f}"
        for width in (PHONE, DESK):
            reader.page.set_viewport_size({"width": width, "height": 900})
            overflow = reader.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, f"{path} is {overflow} px too wide at {width}"
        assert reader.page.locator("html").get_attribute("lang") == language
        assert reader.page.locator("h1").count() == 1, path
        assert reader.troubles == [], path
    reader.context.close()


def test_a_list_begins_on_the_first_screen_of_a_telephone(chromium: Browser, site: str):
    """What narrows it and what is done with it is folded away until it is asked for."""
    reader = Reader(chromium, site, RAPPORTEUR, width=PHONE)
    rows = reader.page.locator("main :is(tbody tr, ol.log > li, ol.ledger > li)")
    for language in LANGUAGES:
        for path in ("/recommendations", "/people", "/log", f"/{PRACTICE}/amendments"):
            reader.go(f"/{language}/{FORUM}{path}")
            assert (rows.first.bounding_box() or {"y": SCREEN})["y"] < SCREEN - TWO_LINES, path
    reader.go(f"/en/{FORUM}/recommendations")
    confirm = reader.page.get_by_role("button", name="Confirm selected")
    expect(confirm).to_be_hidden()
    rows.first.get_by_role("checkbox").check()
    expect(confirm).to_be_in_viewport()
    reader.context.close()


def test_a_translator_brings_a_paragraph_up_to_date(chromium: Browser, site: str):
    reader = Reader(chromium, site, TRANSLATOR, width=390)
    page = reader.page
    reader.go(f"/fr/{FORUM}/{PRACTICE}/translation")
    stale = page.locator("a[href*='/translation/0'][href$='/fr']")  # a paragraph's id begins with 0
    reader.go(stale.first.get_attribute("href") or "")
    page.locator("textarea[name=words]").fill("Un texte tout neuf, relu sur un téléphone.")
    page.locator("form:has(textarea[name=words]) button.btn-primary").first.click()

    reader.go(f"/fr/{FORUM}/{PRACTICE}?text=fr")
    expect(page.locator("main")).to_contain_text("Un texte tout neuf, relu sur un téléphone.")
    assert reader.troubles == []
    reader.context.close()


def test_text_that_looks_like_a_script_is_shown_and_never_run(chromium: Browser, site: str):
    reader = Reader(chromium, site, MEMBER)
    page = reader.page
    payload = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    reader.go(f"/en/{FORUM}/{PRACTICE}?text=es")
    reader.go(reader.first_link("/paragraphs/").split("#")[0])
    page.locator("textarea[name=text]").last.fill(payload)
    page.locator("form:has(textarea[name=text]) button").last.click()

    expect(page.locator("main")).to_contain_text("onerror=")
    assert "owned" not in page.title()
    assert reader.troubles == []
    reader.context.close()
