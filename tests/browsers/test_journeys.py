"""Reading, commenting, following, voting and objecting: on a phone, with the keyboard alone, in one's own language."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from drafts.text.blocks import Language
from tests.browsers.places import Chamber
from tests.support import factories
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.service import DeclarationService
from workspace.procedure.models import Ending
from workspace.procedure.service import QuestionService, QuestionSubject
from workspace.procedure.subjects import ENDINGS
from workspace.web.i18n.messages import messages

MOST_TABS = 150
LANGUAGES = [Language.ES, Language.FR]


def reach(page: Page, target: Locator) -> None:
    """Go on with the Tab key until `target` has the focus: whoever cannot use a mouse gets there too."""
    expect(target).to_be_visible()
    for _ in range(MOST_TABS):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    reach(page, target)
    page.keyboard.press(key)


@contextmanager
def phone(chromium: Browser, chamber: Chamber, who: Actor) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": "persona", "value": str(who.person_id), "url": chamber.address}])
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    yield page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_reads_comments_and_follows(chromium: Browser, chamber: Chamber, language: Language):
    words = f"Una pregunta / une question ({language})."
    who = chamber.alta if language is Language.ES else chamber.baja
    with phone(chromium, chamber, who) as page:
        page.goto(f"{chamber.address}/{language}/third-forum/reviewed?text={language}")
        expect(page.locator(f".para [lang={language}]", has_text="Towns share water.").first).to_be_visible()
        press(page, page.locator("a[data-beside]:visible").first)
        press(page, page.locator("#beside [data-do=comment]"))
        reach(page, page.locator("#say textarea[name=text]"))
        page.keyboard.type(words)
        expect(page.locator("#say select[name=language]")).to_have_value(language.value)
        press(page, page.locator("#say button.btn-primary"))
        expect(page.locator(".remark-text", has_text=words)).to_have_attribute("lang", language.value)
        press(page, page.locator("#beside a[data-part=page]"))
        page.wait_for_url("**/paragraphs/**")
        with page.expect_navigation():
            press(page, page.locator("form[action$='/following'] button").first)
        page.goto(f"{chamber.address}/{language}/following")
        expect(page.locator("main li a[href*='/paragraphs/']").first).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_delegate_is_told_of_a_vote_and_casts_it(chromium: Browser, chamber: Chamber, language: Language):
    with chamber.store.writing() as db:
        text = DeclarationService(db).at(factories.forum(db), "voted")
        number = QuestionService(db).put_vote(text, QuestionSubject(), actor=chamber.chair).number
    with phone(chromium, chamber, chamber.baja) as page:
        page.goto(f"{chamber.address}/{language}/notices")
        press(page, page.locator("li[data-new] form button").first)
        page.wait_for_url(f"**/questions/{number}**")
        press(page, page.locator("input[name=choice][value=yes]"), "Space")
        press(page, page.locator(".ballot button.btn-primary"))
        said = messages(language).gettext("You have voted. Result at the close.")
        expect(page.locator("main")).to_contain_text(said)
    with chamber.store.writing() as db:
        service = QuestionService(db)
        service.close(service.numbered(text, number, actor=chamber.chair), actor=chamber.chair)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_delegate_reads_a_text_under_silence_and_objects(chromium: Browser, chamber: Chamber, language: Language):
    closes = (clock.now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    with chamber.store.writing() as db:
        text = factories.declaration(db, "Towns share water.", slug=f"quiet-{language}", phase=Phase.ADOPTION)
        number = QuestionService(db).put_silence(text, closes, "UTC", actor=chamber.chair).number
    with phone(chromium, chamber, chamber.alta) as page:
        page.goto(f"{chamber.address}/{language}/third-forum/work")
        press(page, page.locator(f"a[href*='/quiet-{language}/questions/{number}']"))
        press(page, page.locator("form:has([name=act][value=read]) button"))
        expect(page.locator("#receipts-h")).to_be_visible()
        reach(page, page.locator("#reason"))
        page.keyboard.type("No está acordado / ce n’est pas convenu.")
        press(page, page.locator("form:has(#reason) button.btn"))
        expect(page.locator("#state .lede")).to_have_text(messages(language).gettext(ENDINGS[Ending.BROKEN]))
