"""What people come for, done by a hand in a browser that counts its presses; `tests.surface` tells the figures.

A press is a click, a tick, a choice in a list, or a passage selected with the mouse. Typing is none: fields are reached
by the keyboard, and a form that was typed into is sent by a press like any other. What is not drawn cannot be pressed.
"""

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Error, Locator, Page

from tests.house import Figure
from tests.pictures import CHAIR, MEMBER, RAPPORTEUR, TRANSLATOR, page_of
from workspace.demo.story import PRACTICE

MOST_PRESSES = 3
UNDONE = 100
NOTES = b"Session: Night buses\n\nRecommendations\n\n1. Run buses all night.\n"
PATIENCE = 15_000  # milliseconds until something is called missing
DRAFT = f"/{PRACTICE}"
EDITION = "/ciudad-de-noche/editions/1"
AUTHOR = "Pell"
VISITOR = ""
SIZE: Any = {"width": 1440, "height": 900}


class Hand:
    """A hand on a page; `presses` counts what it did beside typing, `heard` is what that was called and announced."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0
        self.heard: list[str] = []

    def press(self, selector: str, nth: int = 0) -> None:
        """Click what is drawn there.

        Raises `Error` where nothing is.
        """
        place = self._seen(selector, nth)
        self.heard.append(place.aria_snapshot())
        place.click(timeout=PATIENCE)
        self._count()

    def choose(self, selector: str, value: str | None = None) -> None:
        """Choose in a list, the last of it unless told."""
        lists = self._seen(selector)
        values = lists.locator("option:not([disabled])").evaluate_all(
            "options => options.map((option) => option.value)"
        )
        lists.select_option(values[-1] if value is None else value, timeout=PATIENCE)
        self._count()

    def type(self, selector: str, words: str) -> None:
        """Type into a field, which the keyboard reaches."""
        field = self._seen(selector)
        self.heard.append(field.aria_snapshot())
        field.fill(words, timeout=PATIENCE)

    def bring(self, selector: str, name: str, content: bytes) -> None:
        """Choose a file of one's own: one press, because the machine's own window is not counted."""
        self.page.locator(selector).first.set_input_files([{"name": name, "mimeType": "text/plain", "buffer": content}])
        self._count()

    def mark_words(self, selector: str, nth: int = 0) -> None:
        """Select some words of a paragraph with the mouse."""
        place = self._seen(selector, nth)
        place.scroll_into_view_if_needed()
        self.page.wait_for_timeout(200)
        box = place.bounding_box()
        assert box
        self.page.mouse.move(box["x"] + 12, box["y"] + 14)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + min(box["width"], 240) - 12, box["y"] + 14, steps=6)
        self.page.mouse.up()
        self._count()

    def load(self, selector: str) -> None:
        """Click what gives a file, and see that it comes."""
        with self.page.expect_download(timeout=PATIENCE) as coming:
            self.press(selector)
        assert coming.value.path().stat().st_size

    def begin(self) -> None:
        """Count from here: what was done before led to the page where the task begins."""
        self.presses = 0

    def hears(self, result: str) -> None:
        """Fails unless the page tells this result, by its code."""
        news = self._seen(f"[data-result~='{result}'] p >> text=/./")
        self.heard.append(f"- status: {news.text_content()}")

    def sees(self, selector: str) -> None:
        """Fails unless something is drawn there.

        Raises `Error`.
        """
        self._seen(selector)

    def is_at(self, pattern: str) -> None:
        """Fails unless the address of the page ends like this."""
        self.page.wait_for_url(re.compile(pattern), timeout=PATIENCE)

    def _seen(self, selector: str, nth: int = 0) -> Locator:
        place = self.page.locator(f"{selector} >> visible=true").nth(nth)
        place.wait_for(timeout=PATIENCE)
        return place

    def _count(self) -> None:
        self.presses += 1


class Task(NamedTuple):
    """What somebody does from a page of the forum, given as a path below it."""

    name: str
    who: str
    path: str
    act: Callable[[Hand], None]


TASKS: list[Task] = []


def task(name: str, who: str, path: str) -> Callable[[Callable[[Hand], None]], Callable[[Hand], None]]:
    """List a task."""

    def listed(act: Callable[[Hand], None]) -> Callable[[Hand], None]:
        TASKS.append(Task(name, who, path, act))
        return act

    return listed


# Reading


@task("read the published declaration", VISITOR, "")
def _read_published(hand: Hand) -> None:
    hand.press("a[href$='/editions/1']")
    hand.sees("article .para, article p")


@task("download it as Word", VISITOR, EDITION)
def _download(hand: Hand) -> None:
    hand.load("a[href$='declaration.en.docx']")


@task("cite a paragraph", VISITOR, EDITION)
def _cite(hand: Hand) -> None:
    hand.press("details:has(select[name=paragraph]) > summary")
    hand.choose("select[name=paragraph]")
    hand.press("form:has(select[name=paragraph]) button")
    hand.is_at(r"paragraph=")
    hand.sees("[data-copy-words]")


@task("verify it", VISITOR, EDITION)
def _verify(hand: Hand) -> None:
    hand.press("main details:has(a[href$='/verify']) > summary")
    hand.press("main a[href$='/verify']")
    hand.sees("input[type=file]")


@task("see where a paragraph comes from", VISITOR, EDITION)
def _origin(hand: Hand) -> None:
    hand.press("article details summary", 12)
    hand.press("article details a[href*='/recommendations/']")
    hand.is_at(r"/recommendations/\d+$")


@task("find words in the draft", MEMBER, DRAFT)
def _find(hand: Hand) -> None:
    hand.press(".kit details:has(input[type=search]) > summary")
    hand.type(".kit input[type=search]", "night")
    hand.sees("mark, [data-found]")


@task("see an earlier revision", MEMBER, DRAFT)
def _earlier(hand: Hand) -> None:
    hand.press(".kit details:has(select[name=revision]) > summary")
    hand.choose("select[name=revision]", "2")
    hand.press("form:has(select[name=revision]) button")
    hand.is_at(r"revision=2")


@task("see what changed", MEMBER, DRAFT)
def _changes(hand: Hand) -> None:
    hand.press("a[href$='/compare']")
    hand.sees("main ins, main del")


@task("read fewer languages", MEMBER, DRAFT)
def _languages(hand: Hand) -> None:
    hand.press(".kit details:has(a[href$='text=en%2Cfr']) > summary")
    hand.press(".kit a[href$='text=en%2Cfr']")
    hand.is_at(r"text=en%2Cfr")


@task("use the site in Spanish", MEMBER, DRAFT)
def _spanish(hand: Hand) -> None:
    hand.press("header a[hreflang=es]")
    hand.is_at(r"/es/")


@task("take the draft to Word", MEMBER, DRAFT)
def _word(hand: Hand) -> None:
    hand.press(".kit details:has(a[href$='/word']) > summary")
    hand.press(".kit a[href$='/word']")
    hand.is_at(r"/word$")


@task("see what became of a recommendation", MEMBER, "/recommendations")
def _became(hand: Hand) -> None:
    hand.press("main a[href$='/recommendations/1']")
    hand.sees("main a[href*='/paragraphs/']")


# Members


@task("comment on a paragraph", MEMBER, DRAFT)
def _comment(hand: Hand) -> None:
    hand.press("[data-beside]", 12)
    hand.press("#beside a[href$='#comments'][data-do]")
    hand.type("#beside textarea[name=text]", "Who measures this?")
    hand.press("#beside form#say .btn-primary")
    hand.sees("text=Who measures this?")


@task("reply to a comment", MEMBER, DRAFT)
def _reply(hand: Hand) -> None:
    hand.press("[data-beside]", 12)
    hand.press("#beside form[action*='/threads/'] summary, #beside details:has(form[action*='/threads/']) summary")
    hand.type("#beside form[action*='/threads/'] textarea", "The observatory does.")
    hand.press("#beside form[action*='/threads/'] .btn:not(.btn-quiet)")
    hand.sees("text=The observatory does.")


@task("close a comment", CHAIR, DRAFT)
def _close(hand: Hand) -> None:
    hand.press("[data-beside]", 12)
    hand.press("#beside form[action$='/resolution'] button")
    hand.hears("comment.resolved")


@task("suggest other words for a paragraph", MEMBER, DRAFT)
def _suggest(hand: Hand) -> None:
    hand.press("[data-beside]", 14)
    hand.press("#beside a[href*='/amendments/new']")
    hand.sees("#beside .editor")
    hand.page.keyboard.press("Control+End")
    hand.page.keyboard.type(" We will publish what is measured.")
    hand.press("#beside form .btn-primary")
    hand.hears("amendment.proposed")


@task("suggest other words for a passage", AUTHOR, DRAFT)
def _suggest_passage(hand: Hand) -> None:
    hand.mark_words("article.para [lang=en] p", 20)
    hand.press("#phrase-bar [data-do=amend]")
    hand.sees("#beside .editor")
    hand.page.keyboard.type("We ask national governments")
    hand.press("#beside form .btn-primary")
    hand.hears("amendment.proposed")


@task("propose a new paragraph", MEMBER, DRAFT)
def _insert(hand: Hand) -> None:
    hand.press("[data-beside]", 16)
    hand.press("#beside a[href*='op=insert']")
    hand.is_at(r"op=insert")
    hand.type("[aria-labelledby='addition-label']", "We will open a night school in each district.")
    hand.press("button[value=file]")
    hand.hears("amendment.proposed")


@task("amend an amendment", MEMBER, f"{DRAFT}/amendments/20")
def _sub_amend(hand: Hand) -> None:
    hand.press("a[href*='amends=20']")
    hand.type("[aria-labelledby='wording-label']", "Convaincus que l’obscurité est un bien commun,")
    hand.press("button[value=file]")
    hand.hears("amendment.proposed")


@task("support an amendment", MEMBER, f"{DRAFT}/amendments")
def _support(hand: Hand) -> None:
    hand.press("a[href$='/amendments/20']")
    hand.press("form[action$='/20/support'] button")
    hand.hears("amendment.supported")


@task("undo the support", MEMBER, f"{DRAFT}/amendments/20")
def _support_back(hand: Hand) -> None:
    hand.press("form[action*='/20/support'] button")
    hand.hears("amendment.support_withdrawn")


@task("withdraw my amendment", MEMBER, f"{DRAFT}/amendments/8")
def _withdraw(hand: Hand) -> None:
    hand.press("form[action$='/8/withdrawal'] button")
    hand.press("main form .btn-danger, main form .btn-primary")
    hand.hears("amendment.withdrawn")


@task("undo the withdrawal", MEMBER, f"{DRAFT}/amendments/8")
def _withdraw_back(hand: Hand) -> None:
    hand.press("form[action*='/8/'] button:not([name=act])")
    hand.hears("amendment.reinstated")


@task("see what is new for me", MEMBER, DRAFT)
def _news(hand: Hand) -> None:
    hand.press("header a[href$='/notices']")
    hand.press("form[action*='/notices/'] button", 1)
    hand.is_at(r"/paso-del-farol-2026/|/ultimo")


@task("mark all notifications read", MEMBER, DRAFT)
def _all_read(hand: Hand) -> None:
    hand.press("header a[href$='/notices']")
    hand.press("form[action$='/notices/reading'] button")
    hand.sees("[role=status]#toast")


@task("submit a recommendation", MEMBER, "/recommendations")
def _recommend(hand: Hand) -> None:
    hand.press("a[href$='/recommendations/new']")
    hand.type("textarea[name=text]", "Open the libraries until midnight.")
    hand.press("form[action$='/recommendations/new'] .btn-primary")
    hand.hears("recommendations.submitted")


# Committee


@task("adopt an amendment", CHAIR, f"{DRAFT}/desk?amendment=13")
def _adopt(hand: Hand) -> None:
    hand.press("label:has(input[name=verdict-13][value=adopt])")
    hand.press("button[value=decide]")
    hand.hears("decision.taken")


@task("undo the last decisions", CHAIR, f"{DRAFT}/desk")
def _undo(hand: Hand) -> None:
    hand.press("#undo > summary")
    hand.type("form[action$='/desk/undoing'] input[name=reason]", "Recorded by mistake")
    hand.press("form[action$='/desk/undoing'] button")
    hand.hears("decision.taken")


@task("reject an amendment with a reason", CHAIR, f"{DRAFT}/desk?amendment=13")
def _reject(hand: Hand) -> None:
    hand.press("label:has(input[name=verdict-13][value=reject])")
    hand.type("input[name=because-13], input[name=reason-13]", "Out of scope")
    hand.press("button[value=decide]")
    hand.hears("decision.taken")


@task("adopt an amendment in other words", CHAIR, f"{DRAFT}/desk?amendment=11")
def _modify(hand: Hand) -> None:
    hand.press("label:has(input[name=verdict-11][value=adopt_modified])")
    hand.type("textarea[name=wording-11]", "We commit to reducing light by 35% by 2032,")
    hand.press("button[value=decide]")
    hand.hears("decision.taken")


@task("undo the agreement of a paragraph", CHAIR, f"{DRAFT}/agreement?text=en")
def _agree_back(hand: Hand) -> None:
    hand.press("input[name^=p-]")
    hand.press("form[action$='/agreement/statuses'] .btn-primary")
    hand.press("form[action*='/agreement/statuses'] .btn-primary")
    hand.begin()
    hand.press("form[action*='undoing'] button")
    hand.sees("[data-result]")


@task("agree every paragraph", CHAIR, f"{DRAFT}/agreement?text=en")
def _agree(hand: Hand) -> None:
    hand.press("a[href*='select=all']")
    hand.press("form[action$='/agreement/statuses'] .btn-primary")
    hand.press("form[action*='/agreement/statuses'] .btn-primary")
    hand.sees("form[action*='undoing'] button")


@task("open the next phase", CHAIR, f"{DRAFT}/phase")
def _phase(hand: Hand) -> None:
    hand.press("input[name=sure]")
    hand.press("form[action$='/phase'] .btn-primary")
    hand.hears("phase.moved")


@task("see what stops publication", CHAIR, DRAFT)
def _stops(hand: Hand) -> None:
    hand.press("header summary")
    hand.press("header a[href$='/readiness']")
    hand.sees("main a[href*='/translation/']")


# Translation


@task("translate the first text that waits", TRANSLATOR, f"{DRAFT}/translation")
def _translate(hand: Hand) -> None:
    hand.press("a.queue-name[href$='/fr']")
    hand.type("textarea[name=words]", "un trajet sûr de nuit, à la charge de l’employeur.")
    hand.press("form[action$='/fr'] .btn-primary")
    hand.hears("translation.saved")


@task("confirm a translation unchanged", TRANSLATOR, f"{DRAFT}/translation")
def _confirm(hand: Hand) -> None:
    hand.press("a.queue-name[href$='/fr']", 3)
    hand.press("button[data-valid]")
    hand.hears("translation.confirmed")


@task("sign what can be signed in a language", TRANSLATOR, f"{DRAFT}/translation")
def _sign(hand: Hand) -> None:
    hand.press("a[href$='/concordance']")
    hand.press("button[name=all]")
    hand.hears("concordance.signed")


# Sessions, recommendations, people


@task("add a session", RAPPORTEUR, "/sessions")
def _session(hand: Hand) -> None:
    hand.press("a[href$='/sessions/new']")
    hand.type("input[name=title]", "Night buses")
    hand.press("form[action$='/sessions/new'] .btn-primary")
    hand.is_at(r"/sessions/[0-9a-f-]{36}")


@task("import the notes of a session", RAPPORTEUR, "/sessions")
def _notes(hand: Hand) -> None:
    hand.bring(
        "input[name=files]", "Night buses.txt", b"Session: Night buses\n\nRecommendations\n\n1. Run buses all night.\n"
    )
    hand.press("form:has(input[name=files]) button")
    hand.press("main a[href*='/sessions/documents/']")
    hand.sees("button[value=confirm], button[value=take_back]")


@task("confirm a recommendation", CHAIR, "/recommendations?standing=proposed")
def _confirm_recommendation(hand: Hand) -> None:
    hand.press("main input[name=number]")
    hand.press("button[value=confirm]")
    hand.hears("recommendations.settled")


@task("set a recommendation aside", RAPPORTEUR, "/recommendations")
def _drop(hand: Hand) -> None:
    hand.press("main input[name=number]", 2)
    hand.type("form input[name=reason]", "Said twice")
    hand.press("button[value=drop]")
    hand.hears("recommendations.settled")


@task("undo setting it aside", RAPPORTEUR, "/recommendations")
def _drop_back(hand: Hand) -> None:
    hand.press("main input[name=number]", 0)
    hand.type("form input[name=reason]", "Said twice")
    hand.press("button[value=drop]")
    hand.begin()
    hand.press("#toast form button")
    hand.hears("recommendations.undone")


@task("link a recommendation to a paragraph", RAPPORTEUR, "/recommendations/1")
def _link(hand: Hand) -> None:
    hand.press("main details:has(select[name=place]) summary")
    hand.choose("select[name=place]")
    hand.press("form[action$='/places'] button")
    hand.hears("provenance.linked")


@task("invite a person", CHAIR, "/people")
def _invite(hand: Hand) -> None:
    hand.press("a[href$='/people/new']")
    hand.type("input[name=name]", "Noor Benhima")
    hand.type("input[name=email]", "noor@benhima.example")
    hand.press("form[action$='/people/new'] .btn-primary")
    hand.is_at(r"/people/[0-9a-f-]{36}")


def presses(browser: Browser, address: str, forum: str) -> Iterator[Figure]:
    """The presses of every task, one after the other in one demonstration.

    What cannot be done counts as `UNDONE`, and why is written to the errors.
    """
    for listed in TASKS:
        yield Figure(f"presses: {listed.name}", _done(browser, address, forum, listed), MOST_PRESSES, MOST_PRESSES)


def _done(browser: Browser, address: str, forum: str, listed: Task) -> int:
    with browser.new_context(viewport=SIZE, base_url=address) as context:
        page = page_of(context, listed.who) if listed.who else context.new_page()
        page.goto(f"/en/{forum}{listed.path}")
        hand = Hand(page)
        try:
            listed.act(hand)
        except (Error, AssertionError) as missing:
            sys.stderr.write(f"{listed.name}: {missing}\n")
            return UNDONE
        return hand.presses
