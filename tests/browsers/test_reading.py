"""Reading in a real browser: by keyboard alone, on a phone, in two languages; what stands beside a paragraph."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from drafts.text.blocks import Language
from tests.browsers.places import Hall
from tests.support.texts import reword
from tests.workspace.amendments.room import LIGHT, SHADE, WATER
from workspace.comments.service import CommentService
from workspace.declarations.domain import queries

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


SELECT = """(element, [part]) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const start = walker.currentNode.data.indexOf(part);
        if (start < 0) continue;
        const range = document.createRange();
        range.setStart(walker.currentNode, start);
        range.setEnd(walker.currentNode, start + part.length);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
    }
}"""  # a part of a word, as a hand that is not sure would select it


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
        expect(drawer.locator("[data-part=amendments]")).to_be_visible()
        expect(drawer.locator("ins")).to_contain_text("free")
        expect(drawer.locator("[data-part=words]")).to_be_attached()
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
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        page.get_by_label("Single keys do this").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        assert page.locator(".para[aria-current]").count() == 0
        page.locator("#revisions > summary").press("Enter")
        page.locator(".slider [type=range]").focus()
        page.keyboard.press("ArrowLeft")
        expect(page.locator("[data-revision='1']")).to_be_visible()
        page.get_by_role("link", name="See what has changed since").click()
        expect(page.locator("#main ins").first).to_contain_text("common")


def test_on_a_phone_in_french_one_language_is_shown_and_what_is_said_opens_over_it(hall: Hall, path):
    with hall.reader(width=390, has_touch=True) as context:
        page = read(context, hall, path.replace("/en/", "/fr/"), "?text=en,es")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        first = page.locator(".para").first
        expect(first.locator("[data-col=en]")).to_be_visible()
        expect(first.locator("[data-col=es]")).to_be_hidden()
        page.locator("#languages > summary").click()
        page.get_by_role("radio", name="Español").check(force=True)
        expect(first.locator("[data-col=es]")).to_be_visible()
        expect(first.locator("[data-col=en]")).to_be_hidden()
        first.locator("[data-beside~=amendments]").click()
        drawer = page.locator("#beside")
        expect(drawer.locator("ins")).to_contain_text("free")
        box = drawer.bounding_box()
        assert box
        assert box["width"] <= 390
        assert first.bounding_box()["y"] < box["y"]
        drawer.get_by_role("button").first.click()
        expect(drawer).to_be_hidden()
        expect(first.locator("[data-beside~=amendments]")).to_be_focused()


def test_without_scripts_counts_and_revisions_are_links_and_a_list(hall: Hall, path):
    with hall.reader(java_script_enabled=False) as context:
        page = read(context, hall, path, "?text=en")
        page.locator("#revisions > summary").click()
        page.get_by_label("Revision", exact=True).select_option("1")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.locator("[data-revision='1']")).to_be_visible()
        page.get_by_role("link", name="Read the text in force").click()
        page.locator("[data-beside~=amendments]").first.click()
        expect(page.locator("#amendments ins").first).to_contain_text("free")


def test_words_that_are_selected_are_changed_and_commented_on_without_leaving_the_text(hall: Hall, path):
    with hall.reader() as context:
        page = read(context, hall, path, "?text=en,es")
        third = page.locator(".para").nth(2)
        third.locator("[data-col=en] .text").evaluate(SELECT, ["lant one tre"])
        page.locator("#phrase-bar [data-do=amend]").click()
        field = page.locator("#beside textarea[name=wording]")
        expect(field).to_be_focused()
        assert field.evaluate("it => it.value.slice(it.selectionStart, it.selectionEnd)") == "plant one tree"
        page.keyboard.type("plant two trees")
        expect(page.locator("#typed ins")).to_contain_text("two trees")
        page.locator("#beside [value=file]").click()
        expect(page.locator("#toast")).to_be_visible()
        expect(page.locator("#beside ins").first).to_contain_text("two")
        expect(third.locator(".side-notes")).to_contain_text("1")
        assert urlsplit(page.url).path == path

        third.locator("[data-col=es] .text").evaluate(SELECT, ["rbo"])
        page.locator("#phrase-bar [data-do=comment]").click()
        expect(page.locator("#quote")).to_have_value("árbol")
        page.keyboard.type("Of which kind?")
        page.locator("#say button.btn-primary").click()
        expect(page.locator("#beside [data-part=comments]")).to_contain_text("Of which kind?")
        assert urlsplit(page.url).path == path


def test_words_written_beside_the_text_come_back_until_they_are_sent(hall: Hall, path):
    with hall.reader() as context:
        page = read(context, hall, path, "?text=en,es")
        first, third = page.locator(".para").first, page.locator(".para").nth(2)
        third.locator("[data-beside]").click()
        page.locator("#beside [data-do=amend]").click()
        page.locator("#wording").fill("Cities will plant two trees.")
        page.keyboard.press("Escape")
        first.locator("[data-beside]").click()
        expect(page.locator("#beside [data-part=amendments]")).to_be_visible()
        third.locator("[data-beside]").click()
        expect(page.locator("#wording")).to_have_value("Cities will plant two trees.")
        page.locator("#beside [value=file]").click()
        expect(page.locator("#beside [data-part=amendments]")).to_be_visible()
        expect(page.locator("#wording")).to_have_count(0)


@pytest.fixture
def remark(hall: Hall, path: str) -> str:
    """A comment of the member on the first paragraph of the same text."""
    with hall.room.store.writing() as db:
        declaration = hall.room.declaration
        block = queries.head_rows(db, db.merge(declaration))[0].block_id
        CommentService(db).open(
            db.merge(declaration), block, text="Which neighbours?", language=EN, actor=hall.room.member
        )
    return path


def test_comments_are_answered_edited_and_closed_beside_the_text(hall: Hall, remark):
    with hall.reader() as context:
        page = read(context, hall, remark, "?text=en")
        page.locator(".para").first.locator("[data-beside]").click()
        thread = page.locator("#beside .thread")
        thread.locator(".answering > summary").click()
        thread.locator(".answering textarea").fill("Those down the river.")
        thread.locator(".answering button").click()
        expect(thread.locator(".remark")).to_have_count(2)
        expect(thread).to_be_focused()
        expect(page.locator("#toast")).to_be_visible()

        thread.locator("[data-do=edit-comment]").first.click()
        expect(thread.locator("textarea[name=text]").first).to_be_focused()
        page.keyboard.type("And ")
        thread.locator("[data-write=edit] .btn-primary").click()
        expect(thread.locator(".remark").first).to_contain_text("And Which neighbours?")

        thread.locator("form[action$=resolution] button").click()
        expect(thread).to_have_count(0)
        page.locator("#toast form button").click()
        expect(thread.locator(".remark")).to_have_count(2)
        assert urlsplit(page.url).path == remark


def test_a_reply_that_is_refused_stays_with_the_reason_beside_it(hall: Hall, remark):
    with hall.reader() as context:
        page = read(context, hall, remark, "?text=en")
        page.locator(".para").first.locator("[data-beside]").click()
        page.locator("#beside .answering > summary").click()
        field = page.locator("#beside .answering textarea")
        field.fill("x" * 10_001)
        page.locator("#beside .answering button").click()
        expect(page.locator("#beside .answering .error")).to_be_visible()
        expect(field).to_be_focused()
        expect(field).to_have_value("x" * 10_001)
        assert urlsplit(page.url).path == remark


def test_pending_amendments_are_read_and_written_in_the_text(hall: Hall, path):
    with hall.reader() as context:
        page = read(context, hall, path, "?text=en")
        page.locator("#views > summary").click()
        page.locator("#views a[href*='view=amendments']").click()
        first, third = page.locator(".para").first, page.locator(".para").nth(2)
        expect(first.locator(".text ins")).to_contain_text("free")
        third.locator("[data-beside]").click()
        page.locator("#beside [data-do=amend]").click()
        page.locator("#wording").fill("Cities will plant two trees.")
        page.locator("#beside [value=file]").click()
        expect(third.locator(".text ins").first).to_be_visible()
        expect(third.locator(".am-no").first).to_have_attribute("href", re.compile(r"/amendments/\d+$"))
