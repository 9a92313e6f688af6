"""Reading in a real browser: by keyboard alone, on a phone, in two languages; what stands beside a paragraph."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from drafts.text.blocks import Language
from tests.browsers.places import Hall
from tests.support.texts import reword
from tests.workspace.amendments.room import LIGHT, SHADE, WATER

EN, ES = Language.EN, Language.ES
FREE = WATER.replace("clean", "free")
TEXTS = (
    {EN: WATER, ES: "Las ciudades compartirán el agua limpia con sus vecinas."},
    {EN: LIGHT, ES: "Las ciudades iluminarán cada camino público después de anochecer."},
    {EN: SHADE, ES: "Las ciudades plantarán un árbol por cada criatura que nazca."},
)


@pytest.fixture
def path(hall: Hall) -> str:
    """Three paragraphs, of which the second has changed once, and one amendment to the first."""
    path = hall.draft(*TEXTS)
    room = hall.room
    room.edit(reword(room.block(1), LIGHT.replace("public", "common")))
    room.propose(reword(room.block(0), FREE), by=room.other)
    return path


def read(context: BrowserContext, hall: Hall, path: str, query: str = "") -> Page:
    page = context.new_page()
    page.goto(f"{hall.address}{path}{query}")
    return page


def test_the_whole_text_is_read_by_keyboard_alone(hall: Hall, path):
    with hall.reader() as context:
        page = read(context, hall, path, "?text=en,es")
        page.keyboard.press("j")
        expect(page.locator(".para:focus")).to_contain_text("clean water")
        page.keyboard.press("o")
        drawer = page.locator("#beside")
        expect(drawer).to_contain_text("One open amendment")
        expect(drawer.locator("ins")).to_contain_text("free")
        expect(drawer).to_contain_text("Sources")
        page.keyboard.press("Escape")
        expect(drawer).to_be_hidden()
        expect(page.locator(".para:focus")).to_contain_text("clean water")
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator(".para:focus")).to_contain_text("plant one tree")
        page.keyboard.press("k")
        expect(page.locator(".para:focus")).to_contain_text("common path")
        page.keyboard.press("/")
        page.keyboard.type("arbol")
        expect(page.locator("#seeking output")).to_have_text("1 of 1")
        page.locator("#seek").press("Escape")
        page.locator("#seek").blur()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Reading with the keyboard")).to_be_visible()
        page.get_by_label("Single keys do this").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        assert page.locator(".para[aria-current]").count() == 0
        page.locator(".slider [type=range]").focus()
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_text("This is revision 1 of 2")).to_be_visible()
        page.get_by_role("link", name="See what has changed since").click()
        expect(page.locator("#main ins").first).to_contain_text("common")


def test_on_a_phone_in_french_one_language_is_shown_and_what_is_said_opens_over_it(hall: Hall, path):
    with hall.reader(width=390, has_touch=True) as context:
        page = read(context, hall, path.replace("/en/", "/fr/"), "?text=en,es")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        first = page.locator(".para").first
        expect(first.locator("[data-col=en]")).to_be_visible()
        expect(first.locator("[data-col=es]")).to_be_hidden()
        page.get_by_role("radio", name="Español").check(force=True)
        expect(first.locator("[data-col=es]")).to_be_visible()
        expect(first.locator("[data-col=en]")).to_be_hidden()
        first.locator("[data-beside=amendments]").click()
        drawer = page.locator("#beside")
        expect(drawer.locator("ins")).to_contain_text("free")
        box = drawer.bounding_box()
        assert box
        assert box["width"] <= 390
        assert first.bounding_box()["y"] < box["y"]
        drawer.get_by_role("button").first.click()
        expect(drawer).to_be_hidden()
        expect(first.locator("[data-beside=amendments]")).to_be_focused()


def test_without_scripts_counts_and_revisions_are_links_and_a_list(hall: Hall, path):
    with hall.reader(java_script_enabled=False) as context:
        page = read(context, hall, path, "?text=en")
        page.get_by_label("Revision", exact=True).select_option("1")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.get_by_text("This is revision 1 of 2")).to_be_visible()
        page.get_by_role("link", name="Read the text in force").click()
        page.locator("[data-beside=amendments]").first.click()
        expect(page.locator("#amendments ins").first).to_contain_text("free")
