"""A whole sitting in browsers at once: chair, secretariat, three delegates on phones, screen, and the record.

Forty amendments in three languages, three of them from the floor, two late, a compromise; five votes, twelve speakers.
`pytest -s` tells presses and seconds for each item.
"""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language
from tests.auditor.acts import History, cast, entered
from tests.auditor.doors import differences
from tests.browsers.places import HERE
from tests.support import factories
from tests.support import site as built
from tests.support.questions import delegate
from tests.support.served import served
from tests.workspace.house import Table
from workspace.accounts.domain.service import AccountService
from workspace.amendments.domain.models import Disposition, Verdict
from workspace.amendments.service import AmendmentService
from workspace.core import clock
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Deadline, Stage
from workspace.declarations.domain.service import DeclarationService
from workspace.people.models import Person
from workspace.procedure.models import Means
from workspace.procedure.service import QuestionService
from workspace.procedure.store import VotingRules
from workspace.serving import personas_of

EN, ES, FR = Language.EN, Language.ES, Language.FR
PATH = f"{HERE}/whole"
PATIENT = 30_000
TOWNS = ("Cala", "Dora", "Evia")  # others than those of the auditor’s readers
THINGS = (
    "water",
    "trees",
    "bridges",
    "schools",
    "pumps",
    "clocks",
    "lamps",
    "gardens",
    "wells",
    "roads",
    "boats",
    "bells",
)
WORDS = {EN: "Towns share their {}.", ES: "Las villas comparten sus {}.", FR: "Les villes partagent leurs {}."}
ADDED = {EN: " and mend them", ES: " y los reparan", FR: " et les réparent"}
FILED, LATE = 34, 2
SHOWS = """([css, words]) => [...document.querySelectorAll(css)].some(
    (found) => new RegExp(`${words}(?![0-9])`).test(found.textContent))"""
WITHIN = 1.0  # seconds from the press


class Walk:
    """The pages of a sitting, and what each item of it took."""

    def __init__(self, address: str, browser: Browser) -> None:
        self.address = address
        self.browser = browser
        self.presses = 0
        self.items: list[tuple[str, int, float]] = []
        self.heard: dict[str, list[float]] = {}
        self.troubles: list[str] = []

    def page(self, who: Actor | None, path: str, *, width: int = 1280) -> Page:
        context: BrowserContext = self.browser.new_context(viewport={"width": width, "height": 844}, bypass_csp=True)
        context.set_default_timeout(PATIENT)
        if who:
            context.add_cookies([{"name": "persona", "value": str(who.person_id), "url": self.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.go(page, path)
        return page

    def go(self, page: Page, path: str) -> None:
        answer = page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, path

    def press(self, page: Page, selector: str) -> None:
        page.locator(selector).first.click()
        self.presses += 1

    def send(self, page: Page, selector: str) -> None:
        with page.expect_navigation():
            self.press(page, selector)

    @contextmanager
    def item(self, what: str) -> Iterator[None]:
        before, began = self.presses, time.perf_counter()
        yield
        self.items.append((what, self.presses - before, time.perf_counter() - began))

    def shown(self, what: str, pressed: float, wanted: dict[Page, tuple[str, str]]) -> None:
        """Every one of them has an element with these words soon; how long after the press the slowest had it is
        kept.
        """
        for page, element in wanted.items():
            page.wait_for_function(SHOWS, arg=element, polling="raf", timeout=PATIENT)
        self.heard.setdefault(what, []).append(time.perf_counter() - pressed)

    def figures(self) -> str:
        """Presses and seconds for each kind of item, and after how long the other screens had it."""
        lines = []
        for what in dict.fromkeys(item[0] for item in self.items):
            same = [item for item in self.items if item[0] == what]
            presses, seconds = sum(item[1] for item in same) / len(same), sum(item[2] for item in same) / len(same)
            lines.append(f"{what}: {len(same)} times, {presses:.1f} presses, {seconds:.1f} s each\n")
        for what, seconds in self.heard.items():
            heard = sorted(seconds)
            lines.append(
                f"{what}, from press to last screen: {heard[len(heard) // 2]:.2f} s, at most {heard[-1]:.2f} s\n"
            )
        return f"{''.join(lines)}load {os.getloadavg()[0]:.1f}\n"


@pytest.fixture
def hall(place_store: Store, chromium: Browser) -> Iterator[tuple[Walk, dict[str, Actor], dict[Role, Actor]]]:
    with place_store.writing() as db:
        people = {name: delegate(db, f"Town of {name}") for name in TOWNS}
        people |= {"chair": factories.chair(db), "office": factories.person(db, Role.SECRETARIAT, "Olga Nidal")}
        for name, actor in people.items():
            person = db.get_one(Person, actor.person_id)
            AccountService(db).make(person, email=f"{name}@hall.example", password_hash=None, actor=OPERATOR)
        texts = [{language: words.format(thing) for language, words in WORDS.items()} for thing in THINGS]
        draft = factories.declaration(db, *texts, slug="whole")
        readers = cast(db)
        blocks = [str(row.block_id) for row in queries.head_rows(db, draft)]
        for number in range(FILED + LATE):
            if number == FILED:
                closed = clock.now() - timedelta(hours=1)
                window = Deadline(declaration_id=draft.id, stage=Stage.AMENDMENTS, zone="UTC", set_at=closed)
                window.opens_at = window.opened_at = closed - timedelta(days=9)
                window.closes_at = window.closed_at = closed
                window.opens_offset = window.closes_offset = 0
                draft.deadlines.append(window)
                db.flush()
            language, place = (EN, ES, FR)[number % 3], number * 5 % (len(THINGS) - 1)
            thing = THINGS[place] if number < 24 else f"own {THINGS[place]}"
            words = WORDS[language].format(thing).removesuffix(".") + ADDED[language] * (number < 24) + f" {number}."
            AmendmentService(db).propose(
                draft.id,
                base_revision=1,
                language=language,
                changes=[Change(ChangeOp.REWORD, blocks[place], text=words)],
                reason="",
                actor=people[TOWNS[number % 3]],
            )
        DeclarationService(db).enter(draft, Phase.ADOPTION, actor=OPERATOR)
        QuestionService(db).set_rules(draft, VotingRules(Means.VOTE), actor=people["chair"])
    app = built.on_loopback(place_store, personas_of(place_store, "third-forum"), door="whole")
    with served(app, place_store) as address:
        yield Walk(address, chromium), people, readers


def blocks_of(store: Store) -> list[str]:
    with store.reading() as db:
        draft = DeclarationService(db).at(factories.forum(db), "whole")
        return [str(row.block_id) for row in queries.head_rows(db, draft)]


class Sitting:
    """A sitting that is walked through, part by part."""

    def __init__(self, walk: Walk, people: dict[str, Actor]) -> None:
        self.walk = walk
        self.chair = walk.page(people["chair"], f"{PATH}/plenary")
        self.office = walk.page(people["office"], f"{PATH}/sittings")
        self.votes = walk.page(people["chair"], f"{PATH}/questions")
        self._begin()
        self.screen = walk.page(None, f"{PATH}/plenary/screen", width=1920)
        self.phones = {name: walk.page(people[name], f"{PATH}/sittings/1", width=390) for name in TOWNS}
        for phone in self.phones.values():
            walk.send(phone, "button[value=arrive]")

    def _begin(self) -> None:
        with self.walk.item("sitting opened"):
            self.office.locator("input[name=at]").fill("2027-03-04T10:00")
            self.office.locator("input[name=place]").fill("Great hall")
            self.walk.send(self.office, "button:has-text('Plan sitting')")
            self.walk.go(self.office, f"{PATH}/sittings/1")
            self.walk.send(self.office, "button[value=begin]")
        with self.walk.item("public screen opened"):
            self.walk.send(self.chair, "button[name=public][value=on]")

    def record_oral(self, block: str, mover: str, words: str) -> None:
        with self.walk.item("amendment from the floor"):
            self.walk.go(self.office, f"{PATH}/amendments/oral?block={block}&text=en")
            self._write(self.office, words)
            self.office.locator("#mover").fill(mover)
            self.walk.send(self.office, "#change button[value=file]")

    def give_leave(self, number: int, *, refusal: str = "") -> None:
        with self.walk.item("leave for a late amendment"):
            self.walk.go(self.chair, f"{PATH}/amendments/{number}")
            if refusal:
                self.walk.press(self.chair, "summary:has-text('Refuse leave')")
                self.chair.locator("#reason").fill(refusal)
            self.walk.send(self.chair, f"button[name=answer][value={'no' if refusal else 'yes'}]")

    def compromise(self, block: str) -> None:
        """Refused with one amendment to replace; taken with two."""
        with self.walk.item("compromise"):
            self.walk.go(self.chair, f"{PATH}/amendments/compromise?block={block}&text=en")
            self._write(self.chair, "Towns share their schools and look after them.")
            self.chair.locator("input[name=replaces]").first.check()
            self.walk.send(self.chair, "#change button[value=file]")
            expect(self.chair.locator("main .error")).to_have_count(1)
            self.chair.locator("input[name=replaces]").last.check()
            self.walk.send(self.chair, "#change button[value=file]")

    def follow(self) -> None:
        with self.walk.item("next item on every screen"):
            before = self.chair.locator("#floor h1").get_attribute("data-number")
            pressed = time.perf_counter()
            self.walk.press(self.chair, "#steps button[value=next]")
            expect(self.chair.locator(f"#floor h1:not([data-number='{before}'])")).to_be_attached()
            number = self.chair.locator("#floor h1").get_attribute("data-number")
            here = dict.fromkeys(self.phones.values(), ("[data-current]", f"Amendment {number}"))
            self.walk.shown("next item", pressed, {self.screen: (f"h1[data-number='{number}']", ""), **here})

    def speak(self, name: str) -> None:
        with self.walk.item("speaker"):
            self.walk.send(self.phones[name], "button[value=request]:not(.btn-quiet)")
            expect(self.office.locator(f"[data-waiting*='{name}']")).to_be_attached()
            pressed = time.perf_counter()
            self.walk.press(self.office, "button[value=next]")
            here = dict.fromkeys(self.phones.values(), (f"[data-speaking*='{name}']", ""))
            self.walk.shown("next speaker", pressed, {self.screen: (".scr-speech", name), **here})
            expect(self.office.locator(f"[data-speaking*='{name}']")).to_be_attached()

    def vote(self, number: int) -> None:
        with self.walk.item("vote, three voters"):
            self.walk.go(self.votes, f"{PATH}/questions")
            self.votes.get_by_text("Open a vote", exact=True).click()
            self.votes.locator("#about").select_option(f"amendment:{number}")
            self.walk.send(self.votes, "button:has-text('Open vote')")
            for name, phone in self.phones.items():
                self.walk.go(phone, f"{PATH}/questions/{number}")
                self.walk.press(phone, f"label:has(input[value={'no' if name == TOWNS[1] else 'yes'}])")
                self.walk.send(phone, "button:has-text('Vote')")
            self.walk.go(self.votes, f"{PATH}/questions/{number}")
            self.walk.send(self.votes, "button:has-text('Close vote')")
            self.walk.send(self.votes, "form:has(input[name=act][value=decide]) button")

    def decide(self) -> None:
        """Of each paragraph the first amendment is adopted and the others are rejected, in one recording."""
        self.walk.go(self.chair, f"{PATH}/desk")
        for stop in range(self.chair.locator(".rail li button").count()):
            with self.walk.item("paragraph decided, in three languages at once"):
                self.walk.send(self.chair, f".rail li:nth-child({stop + 1}) button")
                verdicts = self.chair.locator("article.am fieldset.verdict")
                for place in range(verdicts.count()):
                    chosen = "reject" if place else "adopt"
                    verdicts.nth(place).locator(f"label:has(input[value={chosen}])").click()
                    self.walk.presses += 1
        with self.walk.item("recorded"):
            self.walk.send(self.chair, "button:has-text('Record')")
            expect(self.chair.locator("[data-result]").first).to_be_attached()

    @staticmethod
    def _write(page: Page, words: str) -> None:
        page.locator(".rich .editor").first.click()
        page.keyboard.press("Control+A")
        page.keyboard.type(words)


def differing(store: Store, readers: dict[Role, Actor]) -> list[str]:
    """What doors say of the declaration that its record does not."""
    with store.reading() as db:
        draft = DeclarationService(db).at(factories.forum(db), "whole").id
    with entered(store, readers) as house:
        return differences(History(house, 0, table=Table(house, draft)), store)


@pytest.mark.long
def test_a_whole_sitting(hall: tuple[Walk, dict[str, Actor], dict[Role, Actor]], place_store: Store):
    walk, people, readers = hall
    blocks = blocks_of(place_store)
    sitting = Sitting(walk, people)
    for number in range(3):
        sitting.record_oral(blocks[number], "Town of Cala", f"Towns share all their {THINGS[number]} freely.")
    sitting.give_leave(FILED + 1)
    sitting.give_leave(FILED + 2, refusal="No new fact.")
    sitting.compromise(blocks[3])
    walk.go(sitting.chair, f"{PATH}/plenary")
    for _ in range(6):
        sitting.follow()
    walk.go(sitting.office, f"{PATH}/sittings/1")
    walk.send(sitting.office, "button[value=open_list]")
    for turn in range(12):
        sitting.speak(TOWNS[turn % 3])
    for number in range(1, 6):
        sitting.vote(number)
    sitting.decide()
    sys.stdout.write(walk.figures())
    assert walk.troubles == []
    assert all(statistics.median(seconds) <= WITHIN for seconds in walk.heard.values())
    with place_store.writing() as db:
        draft = DeclarationService(db).at(factories.forum(db), "whole")
        service = AmendmentService(db)
        every = service.of_declaration(draft, actor=people["chair"])
        assert len(every) == FILED + LATE + 4
        decisions = service.decisions(draft)
        assert all(decision.amendment or decision.mover for decision in decisions if decision.verdict is Verdict.EDIT)
        assert Disposition.ADOPTED in {amendment.disposition for amendment in every}
    with ThreadPoolExecutor(1) as beside:  # the browsers have the loop of this thread
        assert beside.submit(differing, place_store, readers).result() == []
