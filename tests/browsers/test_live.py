"""Two people at two browsers: voting on a phone while the plenary screen looks on, and news that overwrites nothing."""

import pytest
from playwright.sync_api import Browser, Page, expect

from drafts.diff.amendments import Change, ChangeOp
from tests.browsers.places import Chamber
from tests.support import factories
from tests.support.factories import EN
from workspace.amendments.service import AmendmentService
from workspace.declarations.domain import queries
from workspace.declarations.domain.service import DeclarationService
from workspace.procedure.agenda import CurrentItemService
from workspace.procedure.screen import ScreenService


def test_delegates_vote_on_their_phones_while_the_screen_shows_it(chromium: Browser, chamber: Chamber):
    chair = chamber.page(chromium, chamber.chair, "/voted/plenary")
    floor = chair.locator("#floor")
    chair.keyboard.press("ArrowRight")
    expect(floor.locator("h1")).to_contain_text("amendment 1")
    screen = chamber.page(chromium, chamber.baja, "/voted/plenary").locator("#floor")
    expect(screen).to_contain_text("clean")

    asking = chamber.page(chromium, chamber.chair, "/voted/questions")
    asking.get_by_text("Open a vote", exact=True).click()
    asking.locator("#about").select_option("amendment:1")
    asking.get_by_role("button", name="Open vote").click()
    expect(screen).to_contain_text("0 of 2 have voted")

    for who, choice in ((chamber.alta, "Yes"), (chamber.baja, "Abstain")):
        phone = chamber.page(chromium, who, "/voted/questions/1", width=390)
        phone.get_by_label(choice).tap()
        phone.get_by_role("button", name="Vote").tap()
        expect(phone.locator("main")).to_contain_text("You have voted.")
        assert phone.evaluate("document.querySelector('main').scrollWidth <= innerWidth")
    expect(screen).to_contain_text("2 of 2 have voted")

    expect(asking.locator("[data-lacks-quorum]")).to_have_count(0, timeout=6_000)
    asking.get_by_role("button", name="Close vote").click()
    expect(screen).to_contain_text("Adopted")
    expect(floor).to_contain_text("1 yes, 0 no, 1 abstention")
    expect(phone.locator("#state .lede")).to_have_text("Adopted")


def test_a_page_says_that_it_hears_nothing_more_and_catches_up_once_it_does(chromium: Browser, chamber: Chamber):
    with chamber.store.writing() as db:
        draft = DeclarationService(db).at(factories.forum(db), "voted")
        ScreenService(db).open(draft, is_public=True, actor=chamber.chair)
    for who, path, notice in (
        (chamber.alta, "/voted/plenary", "[data-live=away]"),
        (None, "/voted/plenary/screen", "#away"),
    ):
        with chamber.store.writing() as db:
            draft = DeclarationService(db).at(factories.forum(db), "voted")
            CurrentItemService(db).give(draft, actor=chamber.chair)
        page = chamber.page(chromium, who, path)
        expect(page.locator(notice)).to_be_hidden()
        page.route("**/events*", lambda route: route.fulfill(status=502))  # what a proxy says; a browser gives up then
        page.reload()
        expect(page.locator(notice)).to_be_visible(timeout=10_000)
        with chamber.store.writing() as db:
            draft = DeclarationService(db).at(factories.forum(db), "voted")
            CurrentItemService(db).give(draft, amendment=1, actor=chamber.chair)
        page.unroute("**/events*")
        expect(page.locator("main")).to_contain_text("clean", timeout=15_000)
        expect(page.locator(notice)).to_be_hidden()


def test_news_is_told_and_changes_nothing_that_is_being_written(chromium: Browser, chamber: Chamber):
    reading = chamber.page(chromium, chamber.chair, "/reviewed")
    with chamber.store.reading() as db:
        draft = DeclarationService(db).at(factories.forum(db), "reviewed")
        declaration_id, block = draft.id, queries.head_rows(db, draft)[0].block_id
    writing = chamber.page(chromium, chamber.alta, f"/reviewed/amendments/new?block={block}&text=en")
    other = chamber.page(chromium, chamber.baja, f"/reviewed/amendments/new?block={block}&text=en")
    mine = other.locator("[data-claims-of]")
    expect(mine).to_contain_text("Town of Alta’s voice is editing since")
    writing.locator("#reason").fill("Half a thought")
    with chamber.store.writing() as db:
        change = Change(ChangeOp.REWORD, str(block), text="Towns share all water.")
        service = AmendmentService(db)
        service.propose(declaration_id, base_revision=1, language=EN, changes=[change], reason="", actor=chamber.baja)
    expect(reading.locator("[data-live=news]")).to_have_text("One new amendment.")
    expect(writing.locator("[data-live=news]")).to_have_text("One new amendment.")
    expect(writing.locator("#reason")).to_have_value("Half a thought")
    expect(reading.locator("[data-live=here]").first).to_contain_text("Town of Alta’s voice")
    writing.close()
    expect(mine).to_be_hidden(timeout=8_000)


@pytest.mark.parametrize(
    ("slug", "theirs", "becomes"),
    [
        ("apart", "Towns share water freely.", "Towns share clean water freely."),
        ("clashing", "Towns share salt water.", "Towns share clean water."),
    ],
)
def test_two_people_at_one_paragraph_at_once_lose_nothing(
    chromium: Browser, chamber: Chamber, slug: str, theirs: str, becomes: str
):
    """What both wrote is merged where it can be; where it clashes, the second still has every word in the form."""
    with chamber.store.writing() as db:
        block = queries.head_rows(db, factories.declaration(db, "Towns share water.", slug=slug))[0].block_id
    first, second = (chamber.page(chromium, chamber.chair, f"/{slug}/edit?block={block}&text=en") for _ in range(2))
    for page, words in ((first, "Towns share clean water."), (second, theirs)):
        write(page, words)
        page.locator("#reason").fill("So that it lasts.")
    for page in (first, second):
        with page.expect_navigation():
            page.locator("#change button[value=file]").click()

    with chamber.store.reading() as db:
        draft = DeclarationService(db).at(factories.forum(db), slug)
        assert [row.content(EN) for row in queries.head_rows(db, draft)] == [becomes]
    assert theirs in second.content() or becomes != "Towns share clean water."


def write(page: Page, words: str) -> None:
    """Put other words in the place of what the editor holds."""
    page.locator(".rich .editor").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)
