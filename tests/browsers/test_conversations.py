"""Commenting on words of a paragraph in a real browser, on a desk and on a phone, and who is told of it."""

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browsers.places import CHAIR, FORUM, Reader
from workspace.demo.story import PRACTICE

MEMBER = "Urbina"


def select_words(cell: Locator, count: int) -> str:
    """Select the first words of a cell as a reader would, and answer with them."""
    words: str = cell.evaluate(
        """(cell, count) => {
            const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
            let node = walker.nextNode();
            while (node && node.data.trim().split(" ").length < count) node = walker.nextNode();
            const start = node.data.search(/\\S/);
            const quote = node.data.trim().split(" ").slice(0, count).join(" ");
            const range = document.createRange();
            range.setStart(node, start);
            range.setEnd(node, start + quote.length);
            const selection = getSelection();
            selection.removeAllRanges();
            selection.addRange(range);
            return quote;
        }""",
        count,
    )
    return words


@pytest.mark.parametrize(("width", "touch"), [(1440, False), (390, True)])
def test_words_are_selected_commented_on_and_marked_and_the_one_who_is_named_is_told(
    chromium: Browser, site: str, width: int, *, touch: bool
):
    reader = Reader(chromium, site, MEMBER, width=width, has_touch=touch)
    reader.go(f"/en/{FORUM}/{PRACTICE}?text=en")
    page = reader.page
    select_words(page.locator(".cell[data-col=en] [lang=en]").first, 2)
    expect(page.locator("#phrase-bar")).to_be_in_viewport()  # the page of the text has it where one reads, too
    reader.go(reader.first_link("/paragraphs/").split("#")[0])
    quote = select_words(page.locator(".cell[data-col=en] [lang=en]").first, 3)
    bar = page.locator("#phrase-bar")
    expect(bar).to_be_visible()
    bar.locator("[data-do=comment]").click()
    expect(page.locator("#quote")).to_have_value(quote)
    field = page.locator("#say textarea[name=text]")
    expect(field).to_be_focused()
    page.keyboard.type(f"Is this wide enough ({width})? @{CHAIR[:4]}")
    offered = page.locator("#say .name-list li").first
    expect(offered).to_contain_text(CHAIR)
    page.keyboard.press("Enter")
    page.locator("#say button.btn-primary").click()
    mark = page.locator("mark.spoken", has_text=quote).first
    expect(mark).to_be_visible()
    expect(page.locator(".remark-text", has_text=f"({width})")).to_contain_text(f"{CHAIR}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert reader.troubles == []
    reader.context.close()

    chair = Reader(chromium, site, CHAIR, width=width)
    chair.go("/en/notices")
    chair.page.locator("[data-notice] button").first.click()
    expect(chair.page.locator(".thread:target")).to_contain_text(f"({width})")
    chair.page.locator(".thread:target").get_by_role("button", name="Close").click()
    expect(chair.page.get_by_text("Closed by").last).to_be_attached()
    assert chair.troubles == []
    chair.context.close()
