"""Every page of the program in a real browser: nothing that stands in the way of anybody who reads it.

The pages are those that the program has; their addresses are found by following its links as people with
different roles, so that a new page is looked at by itself, and one that no link leads to is noticed. The checks of
WCAG 2.2 AA are axe-core's.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page

from tests.browsers.places import LAYOUT_SHIFT, MOST_SHIFT
from tests.support import factories, site
from tests.support.everything import one_of_everything
from tests.support.served import served
from tests.support.touring import Map, Sight, tour
from workspace.accounts.domain import authentication, passwords
from workspace.accounts.domain.models import Device
from workspace.accounts.domain.service import AccountService
from workspace.comments.models import CommentThread
from workspace.core.actor import OPERATOR, Role
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.demo.story import Demonstration
from workspace.interchange.models import DocumentIn
from workspace.people.models import Person, Roster
from workspace.serving import personas_of

pytestmark = pytest.mark.long
ROLES = (Role.CHAIR, Role.TRANSLATOR, Role.SECRETARIAT, Role.MEMBER, Role.ADMIN)
LANGUAGES = ("es", "en", "fr")
LOOKS = ((1440, "light", 0), (390, "dark", 1), (1440, "dark", 2), (390, "light", 0))  # width, theme, first language
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MENUS = ".drop, .more"  # they open over what is below
MOST_SCRIPT = 100_000
EDITORS = ("amendments/new", "amendments/oral", "amendments/compromise", "/edit")  # writing takes more script
MEASURE = """() => {
    const resources = performance.getEntriesByType("resource");
    const scripts = resources.filter((one) => new URL(one.name).pathname.endsWith(".js"));
    const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
    return {
        script: sum(scripts.map((one) => one.decodedBodySize)),
        sideways: document.documentElement.scrollWidth - innerWidth,
        headings: document.querySelectorAll("h1").length,
        language: document.documentElement.lang,
    };
}"""
CHECK = """([within, options]) => axe.run(within, {...options, resultTypes: ["violations"]}).then((found) =>
    found.violations.map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))]))"""

FILES = (
    "/template",
    "/table",
    "/text",
    "/sheet",
    "/xliff/{source}/{text}",
    "/{forum}/memory",
    ".ics",
    ".csv",
    ".xlsx",
    ".jsonl",
    "/{form}",
    "/reports/{number}",
)
NOT_LINKED = {  # behind a secret of a letter, of what has to be sent in or put right first, and what is no page
    "/{language}/{forum}/{declaration}/editions/{number}/changes",
    "/{language}/sign-in/link/{token}",
    "/{language}/sign-in/code",
    "/{language}/sign-in/sent",
    "/{language}/password/{token}",
    "/{language}/invitations/{token}",
    "/{language}/register/{forum}",
    "/{language}/email/{token}",
    "/{language}/letters/end/{token}",
    "/{language}/notices/{notice_id}",
    "/{language}/set-up",
    "/{language}/{forum}/guests/{token}",
    "/{language}/{forum}/forms/answers/{key}",
    "/{language}/{forum}/calendar-address/{secret}",
    "/{language}/{forum}/threads/{thread_id}",
    "/{language}/{forum}/people/registered",
    "/{language}/{forum}/people/import/{roster_id}",
    "/{language}/{forum}/contributions/people/{person_id}",
    "/{language}/{forum}/{declaration}/word/{document_id}",
    "/{language}/{forum}/{declaration}/paragraphs/{block_id}/beside",
    "/{language}/{forum}/{declaration}/nameable",
    "/{language}/{forum}/{declaration}/editions/latest",
    "/{language}/{forum}/{declaration}/events",
    "/{language}/{forum}/{declaration}/plenary/screen/events",
}


@dataclass(frozen=True)
class Place:
    """Two doors to one store: with people to choose from, and with accounts."""

    plan: Map
    open_door: str
    account_door: str
    people: Sequence[Mapping[str, str]]
    account: Mapping[str, str]
    starts: Sequence[str]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Place]:
    path = tmp_path_factory.mktemp("every-page") / "workspace.sqlite3"
    shutil.copyfile(empty_database, path)
    store = Store(Settings.for_file(path))
    story = Demonstration(store)
    for step in (story.found, story.take_notes_in, story.settle_recommendations, story.follow_up, story.leave_practice):
        step()
    with store.writing() as db:
        one_of_everything(db)
        admin = factories.person(db, Role.ADMIN, "Ana Ruiz")
        person = db.get_one(Person, admin.person_id)
        password = "nine blue herons at dusk"
        AccountService(db).make(
            person, email="ana@example.org", password_hash=passwords.hash_password(password), actor=OPERATOR
        )
        forum = factories.forum(db)
        here = CommentThread.declaration.has(forum_id=forum.id)
        thread = db.scalars(sa.select(CommentThread.id).where(here)).first()
        roster = db.scalars(sa.select(Roster.id)).first()
        document = db.scalars(sa.select(DocumentIn.id)).first()
        paths = (
            "",
            f"/threads/{thread}",
            f"/people/import/{roster}",
            f"/declaration/word/{document}",
            "/search?words=water",
        )
        practice = db.scalars(sa.select(Declaration).where(Declaration.slug == "practice")).one()
        block = queries.head_rows(db, practice)[7].block_id
        starts = [f"/en/{story.slug}/practice/amendments/compromise?block={block}"]
        starts += [f"/en/{forum.slug}{one}" for one in paths]
    issued = authentication.sign_in(
        store, email="ana@example.org", password=password, device=Device("Firefox", "192.0.2.7")
    )
    personas = [*personas_of(store, story.slug), *personas_of(store, "third-forum")]
    chosen = [next(one for one in personas if one.role is role) for role in ROLES]
    chosen += [one for one in personas_of(store, "third-forum") if one.role in {Role.CHAIR, Role.MEMBER, Role.ADMIN}]
    app = site.on_loopback(store, personas, door="open")
    with served(app, store) as open_door, served(site.on_loopback(store, None, door="accounts"), store) as account_door:
        yield Place(
            Map(app),
            open_door,
            account_door,
            [{"persona": str(one.id)} for one in chosen],
            {"sign-in": issued.token},
            ("/en", "/en/verify", *starts),
        )
    store.close()


@pytest.fixture(scope="module")
def sights(place: Place) -> list[tuple[str, Sight]]:
    """Every page, at one door or the other."""
    inside = tour(place.plan, place.open_door, [*place.people, {}], starts=place.starts)
    found = [(place.open_door, sight) for sight in inside]
    at_the_door = [
        *tour(place.plan, place.account_door, [{}, place.account], starts=("/en", "/en/sign-in", "/en/account"))
    ]
    routes = {sight.route for _, sight in found}
    return [*found, *((place.account_door, one) for one in at_the_door if one.route not in routes)]


def test_links_lead_to_every_page(place: Place, sights: list[tuple[str, Sight]]):
    of_files = {one for one in place.plan.routes if "file" in one or one.endswith((*FILES, ".atom"))}
    never = {*place.plan.routes} - {sight.route for _, sight in sights} - of_files - NOT_LINKED
    assert not never, "\n".join(sorted(never))


@pytest.mark.parametrize("look", LOOKS, ids=("look0", "look1", "look2", "look3"))
def test_no_page_stands_in_anybodys_way(
    chromium: Browser, sights: list[tuple[str, Sight]], look: tuple[int, Literal["light", "dark"], int]
):
    check, (width, theme, turn) = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"), look
    found: dict[str, list[object]] = {}
    pages = [(door, sight) for door, sight in sights if not sight.is_apart]
    for number, (door, sight) in enumerate(pages):
        language = LANGUAGES[(number + turn) % 3]
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        context.add_cookies([{"name": name, "value": value, "url": door} for name, value in sight.cookies.items()])
        page = context.new_page()
        if troubles := list(_troubles(page, door + sight.said_in(language), language, check)):
            found[sight.said_in(language)] = troubles
        context.close()
    assert not found, "\n".join(f"{path}: {troubles}" for path, troubles in found.items())


def _troubles(page: Page, address: str, language: str, check: str) -> Iterator[object]:
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    shift, measured = page.evaluate(LAYOUT_SHIFT), page.evaluate(MEASURE)
    if measured["script"] > MOST_SCRIPT and not any(one in address for one in EDITORS):
        yield f"{measured['script']} bytes of script"
    if shift > MOST_SHIFT:
        yield f"the layout shifts by {shift:.3f}"
    if measured["sideways"] > 0:
        yield f"{measured['sideways']} px too wide"
    if (measured["headings"], measured["language"]) != (1, language):
        yield f"{measured['headings']} first headings, in {measured['language']}"
    page.evaluate(check)
    page.evaluate(f"document.querySelectorAll('details:not({MENUS})').forEach((one) => {{ one.open = true; }})")
    yield from page.evaluate(CHECK, [{"include": "html"}, {"runOnly": LEVELS}])
    if page.locator(MENUS).count():  # all open at once, as nobody has them, menus lie over each other's links
        page.evaluate(f"document.querySelectorAll('{MENUS}').forEach((one) => {{ one.open = true; }})")
        options = {"runOnly": LEVELS, "rules": {"target-size": {"enabled": False}}}
        yield from page.evaluate(CHECK, [{"include": MENUS}, options])
    yield from said
