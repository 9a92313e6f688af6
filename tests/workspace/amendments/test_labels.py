"""What a forum calls its instruments, on its pages, in its letters and its files; other forums keep their words."""

import re

import msgspec
import pytest

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page, text_of
from tests.support.texts import delete
from tests.workspace.amendments.browsing import browsing
from workspace.amendments.domain.models import Verdict
from workspace.core import clock, instruments
from workspace.core.actor import OPERATOR, Role
from workspace.core.outbox import queue_letter
from workspace.core.storage.log import LogEntry
from workspace.interchange.forum_archive import export_forum
from workspace.letters.delivery import claim_letter
from workspace.letters.rendering import LetterSender, render_letter
from workspace.people.models import Forum, Registration
from workspace.people.service import ForumSettings, PeopleService
from workspace.web.i18n import messages

CHOSEN = {
    "declaration": "manifesto",
    "amendment": "proposal",
    "session": "workshop",
    "member": "delegate",
    "committee": "commission",
}
FIRST = {
    "es": r"declaraci[oó]n(es)?|(sub)?enmiendas?|comités?",
    "fr": r"déclarations?|(sous-)?amendements?|comités?",
}  # a sesión is a sign-in too, and a membre the role of a person
PLACES = (
    "",
    "/declaration",
    "/declaration/amendments",
    "/declaration/amendments/1",
    "/declaration/readiness",
    "/sessions",
)
SWITCHES = {"registration": "invitation", "is_public_programme": "yes"}


def name_all(store, **names):
    with store.writing() as db:
        people = PeopleService(db)
        wanted = ForumSettings(
            registration=Registration.INVITATION,
            guest_comments=False,
            one_voice=False,
            is_public_programme=True,
            labels=names,
        )
        people.change_settings(people.forum("third-forum"), wanted, actor=OPERATOR)


@pytest.fixture
def admin(store):
    with store.writing() as db:
        factories.forum(db)
        made = factories.person(db, Role.ADMIN)
    with browsing(store, made) as browser:
        yield browser


def own_words(answer):
    """What a page says itself: without texts that say their language, which are people's."""
    root = Page(answer).root
    for words in root.xpath("//body//*[@lang] | //script | //*[@data-personas]"):
        words.clear()
    return text_of(root)


def test_the_names_are_chosen_on_the_settings_page(store, admin):
    page = admin.page("/fr/third-forum/settings")
    for instrument, names in instruments.NAMES.items():
        assert Page(page.root).field(instrument).value == next(iter(names))
    admin.send("/fr/third-forum/settings", **SWITCHES, **CHOSEN)
    page = admin.page("/fr/third-forum/settings")
    assert {name: page.field(name).value for name in CHOSEN} == CHOSEN
    with store.reading() as db:
        assert db.query(Forum).one().labels == CHOSEN
        line = db.query(LogEntry).order_by(LogEntry.sequence.desc()).first()
        assert msgspec.json.decode(line.entry)["facts"]["labels"] == CHOSEN
    admin.send(
        "/fr/third-forum/settings", **SWITCHES, **{of: next(iter(names)) for of, names in instruments.NAMES.items()}
    )
    with store.reading() as db:
        assert db.query(Forum).one().labels == {}


@pytest.mark.parametrize("language", ["es", "fr"])
def test_pages_say_the_names_that_the_forum_has_chosen(room, language):
    room.propose(delete(room.block(0)))
    with browsing(room.store, room.chair) as browser:
        for place in PLACES:  # as another forum of the same process says it
            browser.see(f"/{language}/third-forum{place}")
        name_all(room.store, **CHOSEN)
        for place in PLACES:
            answer = browser.see(f"/{language}/third-forum{place}")
            assert answer.status_code == 200, place
            assert re.findall(rf"(?<!\w)(?:{FIRST[language]})(?!\w)", own_words(answer), re.IGNORECASE) == [], place


@pytest.mark.parametrize(
    ("language", "is_not_ready", "adopted"),
    [("es", "El manifiesto no está listo", "{} 1 aprobada"), ("fr", "Le manifeste n’est pas prêt", "{} 1 adoptée")],
)
def test_what_agrees_with_a_name_agrees(language, is_not_ready, adopted):
    said = messages.messages(Language(language)).gettext
    with instruments.named(CHOSEN):
        assert said("The declaration is not ready to be published").startswith(is_not_ready)
        assert said("Amendment %(number)s adopted", number=1) == adopted.format(said("Amendment"))


def test_a_refusal_says_the_names_and_the_next_request_does_not(room):
    number = room.propose(delete(room.block(0)))
    room.decide({number: Verdict.REJECT})
    name_all(room.store, amendment="proposal")
    path = f"/third-forum/declaration/amendments/{number}/withdrawal"
    with browsing(room.store, room.member) as browser:
        refused = Page(browser.send(f"/fr{path}"))
        assert refused.refusals
        assert "proposition" in text_of(refused.root).casefold()
        page = browser.see("/fr/third-forum/declaration/amendments")
        assert "Propositions" in page.text
        elsewhere = browser.see("/fr")
        assert "Proposition" not in own_words(elsewhere)


@pytest.mark.parametrize(("language", "said"), [("es", "propuesta"), ("en", "proposal"), ("fr", "proposition")])
def test_a_letter_says_the_names_of_its_forum(room, language, said):
    name_all(room.store, amendment="proposal")
    with room.store.writing() as db:
        forum = db.query(Forum).one()
        facts = {"path": "/{language}/third-forum", "forum": "F", "declaration": "D", "numbers": "3"}
        queue_letter(db, "amendments_received", to="a@town.example", language=language, forum_id=forum.id, **facts)
    desk = LetterSender("us@example.org", "https://forum.example")
    claimed = claim_letter(room.store, desk)
    with instruments.named(claimed.labels):
        message = render_letter(claimed.letter, desk, now=clock.now())
    assert said in message.get_body(("plain",)).get_content().casefold()


def test_a_name_of_a_later_program_is_said_as_the_first(room):
    with room.store.writing() as db:
        db.query(Forum).one().labels = {"declaration": "poem", "sonnet": "verse", "amendment": "proposal"}
    with browsing(room.store, room.chair) as browser:
        assert browser.see("/es/third-forum/declaration").status_code == 200


def test_the_file_of_a_forum_carries_the_names(room):
    name_all(room.store, **CHOSEN)
    with room.store.reading() as db:
        content = msgspec.json.decode(export_forum(db, db.query(Forum).one(), actor=OPERATOR))
    assert content["tables"]["forum"][0]["labels"] == CHOSEN
