"""A text read, amended, decided on and voted on, by people who have no mouse and do not read English."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from drafts.text.blocks import Language
from tests.browsers.places import A_MOMENT, Chamber
from tests.browsers.test_journeys import press, reach
from tests.support import factories
from tests.support.factories import EN
from workspace.core.actor import OPERATOR, Actor
from workspace.core.security.permissions import Phase
from workspace.declarations.domain import queries
from workspace.declarations.domain.service import DeclarationService
from workspace.procedure.models import Ending, Means
from workspace.procedure.service import QuestionService
from workspace.procedure.store import VotingRules
from workspace.procedure.subjects import ENDINGS
from workspace.web.i18n.messages import messages

pytestmark = pytest.mark.long
CLEAN = "Towns share clean water."


class Seat:
    """Somebody of the chamber at a keyboard, in one interface language."""

    def __init__(self, chromium: Browser, chamber: Chamber, who: Actor, language: Language, slug: str) -> None:
        self.context: BrowserContext = chromium.new_context(viewport={"width": 1280, "height": 900})
        self.context.add_cookies([{"name": "persona", "value": str(who.person_id), "url": chamber.address}])
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: pytest.fail(str(error)))
        self.home = f"{chamber.address}/{language}/third-forum/{slug}"
        self.said = messages(language).gettext

    def go(self, path: str = "") -> Page:
        self.page.goto(self.home + path)
        return self.page

    def button(self, words: str) -> Locator:
        return self.page.get_by_role("button", name=self.said(words), exact=True)


@pytest.mark.parametrize("language", [Language.ES, Language.FR])
def test_from_the_text_to_the_vote_without_a_mouse(chromium: Browser, chamber: Chamber, language: Language):
    slug = f"keys-{language}"
    with chamber.store.writing() as db:
        factories.declaration(db, "Towns share water.", "Towns mend pumps.", slug=slug)
    member, chair = (Seat(chromium, chamber, who, language, slug) for who in (chamber.alta, chamber.chair))

    _amend(member)
    _decide(chair)
    with chamber.store.writing() as db:
        draft = DeclarationService(db).at(factories.forum(db), slug)
        assert [row.content(EN) for row in queries.head_rows(db, draft)] == [CLEAN, "Towns mend pumps."]
        DeclarationService(db).enter(draft, Phase.ADOPTION, actor=OPERATOR)
        QuestionService(db).set_rules(draft, VotingRules(Means.VOTE, quorum=0), actor=chamber.chair)
    _vote(chair, member)
    for one in (member, chair):
        one.context.close()


def _amend(member: Seat) -> None:
    page = member.go("?text=en")
    page.keyboard.press("j")
    expect(page.locator(".para:focus")).to_contain_text("Towns share water.")
    page.keyboard.press("a")
    page.wait_for_url("**/amendments/new?**")
    reach(page, page.locator(".rich .editor").first)
    page.evaluate(A_MOMENT)
    page.keyboard.press("Control+a")
    page.keyboard.type(CLEAN)
    expect(page.locator("#typed ins")).to_contain_text("clean")
    reach(page, page.locator("#reason"))
    page.keyboard.type("Porque se bebe / parce qu’on la boit.")
    press(page, member.button("Submit amendment"))
    page.wait_for_url("**/amendments/1")
    expect(page.get_by_role("status").first).to_be_visible()


def _decide(chair: Seat) -> None:
    page = chair.go("/desk?text=en")
    reach(page, page.get_by_role("radio", name=chair.said("Adopt"), exact=True))
    page.keyboard.press("Space")
    expect(page.locator("#would ins")).to_contain_text("clean")
    press(page, chair.button("Record"))
    expect(page.locator("#toast", has_text="2")).to_be_visible()


def _vote(chair: Seat, member: Seat) -> None:
    page = chair.go("/questions")
    press(page, page.locator("summary", has_text=chair.said("Open a vote")))
    with page.expect_navigation():
        press(page, chair.button("Open vote"))
    ballot = member.go("/questions/1")
    press(ballot, ballot.locator("input[name=choice][value=yes]"), "Space")
    press(ballot, member.button("Vote"))
    expect(ballot.locator("main")).to_contain_text(member.said("You have voted. Result at the close."))
    chair.go("/questions/1")
    press(page, chair.button("Close vote"))
    expect(page.locator("#state .lede")).to_have_text(chair.said(ENDINGS[Ending.CARRIED]))
