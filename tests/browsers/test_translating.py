"""Translating in a real browser: a queue cleared without the mouse, and the bench and the whole text on a phone."""

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, expect

from drafts.text.blocks import BlockKind, Language
from tests.browsers.places import TRANSLATOR, Hall
from tests.support import factories
from workspace.core.actor import OPERATOR
from workspace.core.security.permissions import Phase
from workspace.declarations.domain import queries
from workspace.declarations.domain.new_blocks import NewBlock
from workspace.declarations.domain.service import DeclarationService
from workspace.people.models import Person

ES, EN, FR = Language
COUNT = 50


def translator(hall: Hall, **options: object) -> BrowserContext:
    with hall.room.store.reading() as db:
        person = db.scalars(sa.select(Person).where(Person.name == TRANSLATOR)).one()
    context = hall.reader(**options)
    context.add_cookies([{"name": "persona", "value": str(person.id), "url": hall.address}])
    return context


def in_spanish(hall: Hall, count: int, **more: str) -> str:
    """The path of a declaration whose paragraphs are there in Spanish; some of them in French as well, by place."""
    path = hall.draft("x")
    texts = [
        {ES: f"Las ciudades cuidan {place} fuentes.", **({FR: french} if (french := more.get(f"at{place}")) else {})}
        for place in range(2, count + 2)
    ]
    slug = f"{path.rsplit('/', 1)[1]}-es"
    with hall.room.store.writing() as db:
        service = DeclarationService(db)
        made = service.create(
            factories.forum(db),
            slug=slug,
            name=factories.trilingual("Fuentes"),
            language=ES,
            blocks=[NewBlock(BlockKind.OPERATIVE, one) for one in texts],
            actor=OPERATOR,
        )
        service.enter(made, Phase.REVIEW, actor=OPERATOR)
        hall.room.declaration = made
    return f"{path}-es"


def tab_to(page: Page, wanted: str) -> None:
    """Go on with the Tab key until a link that leads there has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        href = page.evaluate("document.activeElement.getAttribute('href') || ''")
        if re.search(wanted, href):
            return
    pytest.fail(f"The Tab key does not lead to {wanted}.")


@pytest.mark.long
def test_a_queue_of_fifty_paragraphs_is_cleared_without_the_mouse(hall: Hall):
    path = in_spanish(hall, COUNT)
    with translator(hall) as context:
        page = context.new_page()
        page.goto(f"{hall.address}{path}/translation")
        tab_to(page, r"/translation/[0-9a-f-]{36}/fr$")
        page.keyboard.press("Enter")
        for place in range(2, COUNT + 2):
            page.locator("#words:focus").wait_for()
            expect(page.locator("#source")).to_contain_text(f"cuidan {place} fuentes")
            page.keyboard.type(f"Les villes protègent {place} fontaines.")
            with page.expect_navigation():
                page.keyboard.press("Control+Enter")
        page.wait_for_url("**/translation")
        expect(page.locator("#fr-h")).to_contain_text("nothing pending")
    with hall.room.store.reading() as db:
        rows = queries.head_rows(db, db.merge(hall.room.declaration))
        assert [row.content(FR) for row in rows] == [
            f"Les villes protègent {place} fontaines." for place in range(2, COUNT + 2)
        ]


def test_keys_are_listed_on_request_and_lead_up_and_down_and_out_of_the_editor(hall: Hall):
    path = in_spanish(hall, 3)
    with translator(hall) as context:
        page = context.new_page()
        page.goto(f"{hall.address}{path}/translation")
        tab_to(page, r"/translation/[0-9a-f-]{36}/fr$")
        page.keyboard.press("Enter")
        page.locator("#words:focus").wait_for()
        with page.expect_navigation():
            page.keyboard.press("Alt+ArrowDown")
        expect(page.locator("#source")).to_contain_text("cuidan 3 fuentes")
        with page.expect_navigation():
            page.keyboard.press("Alt+ArrowUp")
        expect(page.locator("#source")).to_contain_text("cuidan 2 fuentes")
        page.locator("#words:focus").wait_for()
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_contain_text("save, next")
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()
        page.keyboard.press("e")
        expect(page.locator("#words")).to_be_focused()


@pytest.mark.parametrize("address", ["", "/text/fr"])
def test_the_desk_fits_a_phone(hall: Hall, address: str):
    path = in_spanish(hall, 3, at2="Les villes protègent 2 fontaines.")
    with translator(hall, width=390) as context:
        page = context.new_page()
        page.goto(f"{hall.address}{path}/translation{address}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if address:
            page.locator("textarea:visible").first.fill("Les villes protègent 3 fontaines.")
            page.locator("button:visible", has_text="Save").first.click()
            expect(page.locator(".lede")).to_contain_text("One paragraph pending")
        else:
            page.locator('a[href$="/fr"].queue-name').first.click()
            expect(page.locator("#words")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_whoever_leaves_words_that_are_not_kept_yet_is_asked_and_finds_them_again(hall: Hall):
    path, asked = in_spanish(hall, 2), []
    with translator(hall) as context:
        page = context.new_page()
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto(f"{hall.address}{path}/translation")
        tab_to(page, r"/translation/[0-9a-f-]{36}/fr$")
        page.keyboard.press("Enter")
        page.locator("#words:focus").wait_for()
        here = page.url
        page.keyboard.type("Les villes")
        page.keyboard.press("Alt+ArrowDown")
        page.wait_for_url(lambda url: url != here)
        page.goto(here)
        expect(page.locator("#words")).to_have_value("Les villes")
    assert asked == ["beforeunload"]
