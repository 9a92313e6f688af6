"""Two people at two browsers: voting on a phone while the plenary screen looks on, and news that overwrites nothing."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

from drafts.amendments import Change, ChangeOp
from tests.support import factories
from tests.support.factories import EN
from tests.support.questions import delegate
from tests.test_browser import chromium
from workspace.amendments.service import AmendmentService
from workspace.app import create_app
from workspace.core.actor import OPERATOR, Actor
from workspace.core.db import Store
from workspace.core.permissions import Phase
from workspace.core.settings import Settings
from workspace.declarations import queries
from workspace.declarations.service import DeclarationService
from workspace.procedure.asked import Switches
from workspace.procedure.models import Means
from workspace.procedure.questions import QuestionService
from workspace.serving import Server, load_actor, personas_of
from workspace.web.security import LOOPBACK

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
HERE = "/en/third-forum"


@dataclass
class Hall:
    """A served forum: one text in adoption with an open amendment, one under review."""

    address: str
    store: Store
    chair: Actor
    alta: Actor
    baja: Actor

    def page(self, chromium: Browser, who: Actor, path: str, *, width: int = 1440) -> Page:
        context: BrowserContext = chromium.new_context(viewport={"width": width, "height": 844}, has_touch=width < 500)
        context.add_cookies([{"name": "persona", "value": str(who.person_id), "url": self.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        answer = page.goto(f"{self.address}{HERE}{path}")
        assert answer is not None
        assert answer.status == 200
        return page


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Hall]:
    path = tmp_path_factory.mktemp("hall") / "workspace.sqlite3"
    shutil.copyfile(empty_database, path)
    store = Store(Settings.for_file(path))
    with store.writing() as db:
        people = delegate(db, "Town of Alta"), delegate(db, "Town of Baja"), factories.chair(db)
        alta, baja, chair = people
        draft = factories.declaration(db, "Towns share water.", "Towns mend pumps.", slug="voted")
        block = str(queries.head_rows(db, draft)[0].block_id)
        change = Change(ChangeOp.REWORD, block, text="Towns share clean water.")
        AmendmentService(db).propose(draft.id, base_revision=1, language=EN, changes=[change], reason="", actor=alta)
        DeclarationService(db).enter(draft, Phase.ADOPTION, actor=OPERATOR)
        QuestionService(db).set_rules(draft, Switches(Means.VOTE), actor=chair)
        factories.declaration(db, "Towns share water.", slug="reviewed")
    app = create_app(store, personas=personas_of(store, "third-forum"), load_actor=load_actor, hosts=LOOPBACK)
    server = Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"), store)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        threading.Event().wait(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Hall(f"http://127.0.0.1:{port}", store, chair, alta, baja)
    server.should_exit = True
    thread.join()
    store.close()


def test_delegates_vote_on_their_phones_while_the_screen_shows_it(chromium: Browser, hall: Hall):
    chair = hall.page(chromium, hall.chair, "/voted/plenary")
    floor = chair.locator("#floor")
    chair.keyboard.press("ArrowRight")
    expect(floor.locator("h1")).to_contain_text("amendment 1")
    screen = hall.page(chromium, hall.baja, "/voted/plenary").locator("#floor")
    expect(screen).to_contain_text("clean")

    asking = hall.page(chromium, hall.chair, "/voted/questions")
    asking.get_by_text("Open a vote", exact=True).click()
    asking.locator("#about").select_option("amendment:1")
    asking.get_by_role("button", name="Open the vote").click()
    expect(screen).to_contain_text("0 of 2 have voted")

    for who, choice in ((hall.alta, "Yes"), (hall.baja, "Abstain")):
        phone = hall.page(chromium, who, "/voted/questions/1", width=390)
        phone.get_by_label(choice).tap()
        phone.get_by_role("button", name="Cast this vote").tap()
        expect(phone.locator("main")).to_contain_text("You have voted.")
        assert phone.evaluate("document.querySelector('main').scrollWidth <= innerWidth")
    expect(screen).to_contain_text("2 of 2 have voted")

    asking.get_by_role("button", name="Close the vote and count").click()
    expect(screen).to_contain_text("Carried")
    expect(floor).to_contain_text("1 yes, 0 no, 1 abstention")
    expect(phone.locator("#state h1")).to_have_text("Carried")


def test_news_is_told_and_changes_nothing_that_is_being_written(chromium: Browser, hall: Hall):
    reading = hall.page(chromium, hall.chair, "/reviewed")
    with hall.store.reading() as db:
        draft = DeclarationService(db).at(factories.forum(db), "reviewed")
        declaration_id, block = draft.id, queries.head_rows(db, draft)[0].block_id
    writing = hall.page(chromium, hall.alta, f"/reviewed/amendments/new?block={block}&text=en")
    other = hall.page(chromium, hall.baja, f"/reviewed/amendments/new?block={block}&text=en")
    mine = other.locator("[data-claims-of]")
    expect(mine).to_contain_text("Town of Alta’s voice is at work on it since")
    writing.locator("#reason").fill("Half a thought")
    with hall.store.writing() as db:
        change = Change(ChangeOp.REWORD, str(block), text="Towns share all water.")
        service = AmendmentService(db)
        service.propose(declaration_id, base_revision=1, language=EN, changes=[change], reason="", actor=hall.baja)
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
    chromium: Browser, hall: Hall, slug: str, theirs: str, becomes: str
):
    """What both wrote is merged where it can be; where it clashes, the second still has every word in the form."""
    with hall.store.writing() as db:
        block = queries.head_rows(db, factories.declaration(db, "Towns share water.", slug=slug))[0].block_id
    first, second = (hall.page(chromium, hall.chair, f"/{slug}/edit?block={block}&text=en") for _ in range(2))
    for page, words in ((first, "Towns share clean water."), (second, theirs)):
        write(page, words)
        page.locator("#reason").fill("So that it lasts.")
    for page in (first, second):
        with page.expect_navigation():
            page.locator("#change button[value=file]").click()

    with hall.store.reading() as db:
        draft = DeclarationService(db).at(factories.forum(db), slug)
        assert [row.content(EN) for row in queries.head_rows(db, draft)] == [becomes]
    assert theirs in second.content() or becomes != "Towns share clean water."


def write(page: Page, words: str) -> None:
    """Put other words in the place of what the editor holds."""
    page.locator(".rich .editor").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)
