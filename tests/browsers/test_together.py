"""An amendment from its sponsors to its withdrawal; revisions compared; how far a paragraph is agreed."""

import pytest
from playwright.sync_api import Page, expect

from drafts.text.blocks import Language
from tests.browsers.places import Hall
from tests.support.texts import move, reword
from tests.workspace.amendments.room import LIGHT, SHADE, WATER
from workspace.amendments.domain.models import Disposition
from workspace.web.i18n.messages import messages

pytestmark = pytest.mark.long
FREE = WATER.replace("clean", "free")
COLD = WATER.replace("clean", "cold")
COMMON = LIGHT.replace("public", "common")


def write(page: Page, words: str) -> None:
    """Put other words into the editor, as if typed over what is there."""
    editor = page.locator(".rich .editor:visible").first
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


@pytest.mark.parametrize("language", [Language.EN, Language.ES])
def test_two_paragraphs_in_one_amendment_are_sponsored_written_anew_and_taken_back(hall: Hall, language: Language):
    path = hall.draft(WATER, LIGHT, SHADE).replace("/en/", f"/{language}/")
    said = messages(language).gettext

    with hall.reader() as context:
        mine = hall.open(context, path)
        write(mine, FREE)
        mine.select_option("#go_on", hall.room.block(1))
        mine.get_by_role("button", name=said("Change this too")).click()
        write(mine, COMMON)
        expect(mine.locator(".kept ins")).to_contain_text("free")
        mine.locator("#invitee").fill(hall.room.other.name)
        mine.get_by_role("button", name=said("Add")).click()
        expect(mine.locator(".chip")).to_contain_text(hall.room.other.name)
        mine.get_by_role("button", name=said("Submit amendment")).click()
        mine.wait_for_url("**/amendments/1")
        assert hall.room.words(1) == [[FREE, COMMON]]

        with hall.another() as elsewhere:
            theirs = hall.visit(elsewhere, path.rpartition("/")[0] + "/work")
            theirs.locator("main a[href*='/amendments']").first.click()
            if not theirs.url.endswith("/1"):
                theirs.goto(mine.url)
            theirs.get_by_role("button", name=said("Co-sponsor")).click()
            expect(theirs.locator("main")).to_contain_text(said("You co-sponsor it."))

        mine.reload()
        expect(mine.locator("#backing")).to_contain_text(hall.room.other.name)
        mine.get_by_role("link", name=said("Revise")).click()
        mine.get_by_role("button", name=said("Submit revision")).wait_for()
        write(mine, COLD)
        mine.get_by_role("button", name=said("Submit revision")).click()
        expect(mine.get_by_role("heading", name=said("Earlier wording"))).to_be_visible()
        assert hall.room.words(1)[0] == [FREE, COMMON]
        assert set(hall.room.words(1)[-1]) == {COLD, COMMON}

        mine.get_by_role("button", name=said("Withdraw amendment")).click()
        expect(mine.locator("main")).to_contain_text(said("withdrawn"))
    assert hall.room.disposition(1) is Disposition.WITHDRAWN
    assert hall.room.texts() == [WATER, LIGHT, SHADE]


@pytest.mark.parametrize("language", [Language.EN, Language.FR])
def test_revisions_are_slid_through_and_compared_in_three_ways(hall: Hall, language: Language):
    path = hall.draft(WATER, LIGHT, SHADE).replace("/en/", f"/{language}/")
    room, said = hall.room, messages(language).gettext
    room.edit(reword(room.block(0), FREE))
    room.edit(move(room.block(0), after=room.block(2)))
    room.edit(reword(room.block(0), COMMON))

    with hall.reader() as context:
        page = hall.visit(context, f"{path}?text=en")
        page.locator("#revisions > summary").press("Enter")
        slider = page.locator(".slider [type=range]")
        slider.focus()
        expect(slider).to_have_value("4")
        page.keyboard.press("ArrowLeft")
        page.wait_for_url("**revision=3**")
        expect(page.locator(".para").first).to_contain_text("public path")
        page.locator("#revisions > summary").press("Enter")
        page.locator(".slider [type=range]").focus()
        page.keyboard.press("Home")
        page.wait_for_url("**revision=1**")
        expect(page.locator(".para").first).to_contain_text("clean water")

        page.goto(f"{hall.address}{path}/compare?from=1&to=4&text=en")
        expect(page.locator("h1")).to_contain_text("2")
        expect(page.locator(".changed ins", has_text="common")).to_be_visible()
        expect(page.locator(".changed .moved")).to_contain_text("water")
        read = page.locator(".changed").evaluate_all("all => all.map((one) => one.textContent).join(' ')")
        assert "inserted: common" in " ".join(read.split())  # what a screen reader says of it, in the text's language

        page.get_by_role("link", name=said("Side by side")).click()
        sides = page.locator(".changed[data-kind=reword] .side")
        expect(sides.first.locator("del")).to_have_count(1)
        expect(sides.last.locator("ins")).to_have_count(1)

        page.get_by_role("link", name=said("A base and two texts")).click()
        page.select_option("#base", "1")
        page.select_option("#from", "2")
        page.select_option("#to", "4")
        page.get_by_role("button", name=said("Compare"), exact=True).click()
        expect(page.locator(".side-names")).to_contain_text(said("Revision %(number)s", number=4))
        expect(page.locator(".three ins", has_text="free").first).to_be_visible()


@pytest.mark.parametrize("language", [Language.EN, Language.FR])
def test_a_paragraph_is_agreed_ad_referendum_and_closed_and_takes_no_amendment(hall: Hall, language: Language):
    path = hall.draft(WATER, LIGHT).replace("/en/", f"/{language}/")
    said = messages(language).gettext

    with hall.chair() as context:
        page = hall.visit(context, f"{path}/agreement")
        for status in ("ad_referendum", "closed"):
            page.goto(f"{hall.address}{path}/agreement/{hall.room.block(0)}")
            page.locator(f"[name=status][value={status}]").check()
            page.locator("#status-reason").fill("The councils have been asked.")
            with page.expect_navigation():
                page.get_by_role("button", name=said("Save")).click()
        history = page.get_by_role("region", name=said("History"))
        expect(history.get_by_role("listitem")).to_have_count(2)

    with hall.reader() as context:
        page = hall.visit(context, f"{path}?text=en")
        first, second = page.locator(".para").all()
        expect(first.locator(".count [title]")).to_have_attribute("title", said("agreed and closed"))
        for paragraph, changes in ((first, 0), (second, 1)):
            paragraph.locator("[data-beside]").click()
            expect(page.locator("#beside [data-part=links]")).to_be_visible()
            expect(page.locator("#beside [data-do=amend]")).to_have_count(changes)
        page = hall.open(context, path)
        expect(page.locator("main")).to_contain_text(said("This paragraph is closed."))
        write(page, FREE)
        page.get_by_role("button", name=said("Submit amendment")).click()
        expect(page.locator("#error-summary, .error-summary, [role=alert]").first).to_be_visible()
        expect(page.locator(".rich .editor").first).to_contain_text("free water")
    assert hall.room.texts() == [WATER, LIGHT]
