"""The page of one paragraph: its languages, where it came from, how its words came about, what is asked of it."""

import re
from uuid import UUID

import pytest

from drafts.blocks import Language
from tests.support import factories
from tests.support.texts import reword, split
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import LIGHT, opened
from workspace.amendments.models import Verdict
from workspace.amendments.service import AmendmentService, Ruling
from workspace.core.actor import OPERATOR, Role
from workspace.core.db import new_id
from workspace.core.permissions import Phase
from workspace.declarations import queries
from workspace.declarations.service import DeclarationService
from workspace.recommendations.service import RecommendationService, Said
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService
from workspace.translations.service import TranslationService
from workspace.web.i18n import LANGUAGES

EN, ES, FR = Language.EN, Language.ES, Language.FR
WATER = {EN: "Towns share water.", ES: "Las villas comparten el agua.", FR: "Les villes partagent l’eau."}


@pytest.fixture
def room(store):
    return opened(store, WATER, LIGHT)


def path(room, place=0, language=EN):
    return f"/{language}/third-forum/declaration/paragraphs/{room.block(place)}"


def seen(room, actor=None, place=0):
    with browsing(room.store, actor or room.member) as browser:
        return browser.see(path(room, place))


def words(text):
    shown = re.sub(r'<span class="vh">[^<]*</span>', "", text.partition("<main")[2])
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", shown))


def come_from(room, said, *, line):
    """Link the first paragraph to a recommendation."""
    with room.store.writing() as db:
        forum = factories.forum(db)
        details = SessionDetails(found=SessionFound(title="Who pays for the well?"))
        rapporteur = factories.person(db, Role.RAPPORTEUR)
        session = SessionService(db).add(forum, details, language="en", document=None, actor=rapporteur)
        [one] = RecommendationService(db).propose(
            session, [Said(text=said, language="en", line=line)], actor=rapporteur
        )
        RecommendationService(db).confirm_all(forum, actor=rapporteur)
        declaration = DeclarationService(db).get(room.declaration.id)
        DeclarationService(db).link(declaration, UUID(room.block(0)), one, actor=OPERATOR)


def translate(room, text):
    with room.store.writing() as db:
        translator = factories.person(db, Role.TRANSLATOR, "Claire Aubertin")
    with room.store.writing() as db:
        row = queries.head_rows(db, DeclarationService(db).get(room.declaration.id))[0]
        TranslationService(db).save(
            room.declaration.id,
            row.block_id,
            FR,
            text,
            sources=[EN],
            expected=row.texts[FR].id,
            actor=translator,
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_renders_in_every_language_with_all_that_is_known(room, language):
    come_from(room, "Share the water.", line=12)
    room.adopt(room.propose(reword(room.block(0), "Towns share clean water.")))
    room.propose(reword(room.block(0), "Towns share warm water."))
    with browsing(room.store, room.chair) as browser:
        answer = browser.see(path(room, language=language))

    assert answer.status_code == 200
    for one in Language:
        assert f'lang="{one}"' in answer.text
    assert not re.findall(r'id="([^"]+)".*id="\1"', answer.text, re.DOTALL)


def test_every_language_stands_with_its_state(room):
    room.adopt(room.propose(reword(room.block(0), "Towns share clean water.")))
    page = words(seen(room).text)

    assert all(text in page for text in ("Towns share clean water.", WATER[ES], WATER[FR]))
    assert page.count("Stale: the original has changed since this was written.") == 2


def test_where_it_comes_from_is_quoted_with_session_and_line(room):
    come_from(room, "Share the water, all of it.", line=12)
    page = words(seen(room).text)

    assert "Recommendation 1" in page
    assert "Who pays for the well?, line 12 of its notes" in page
    assert "Share the water, all of it." in page
    assert "No recommendation is linked to this paragraph." in words(seen(room, place=1).text)


def test_how_its_words_came_about_names_the_decision_its_reason_and_the_translator(room):
    room.propose(reword(room.block(0), "Towns share clean water."))
    room.propose(reword(room.block(1), "Towns light every path."), by=room.other)
    room.decide({1: Ruling(new_id(), Verdict.ADOPT, "It was dirty."), 2: Ruling(new_id(), Verdict.ADOPT, "Dark.")})
    translate(room, "Les villes partagent l’eau propre.")
    history = words(seen(room).text).partition("How its words came about")[2]

    assert "Amendment 1 was adopted" in history
    assert "It was dirty." in history
    assert "Dark." not in history
    assert "Translated from the text in English · Claire Aubertin" in history
    assert "not in a revision yet" in history
    assert history.count("The first text was taken in") == 3
    assert "Towns share clean water." in history


def test_an_edit_of_the_committee_is_told_with_its_reason(room):
    head, block = room.head(), room.block(0)
    with room.store.writing() as db:
        AmendmentService(db).edit(
            room.declaration.id,
            [reword(block, "Towns share cool water.")],
            language=EN,
            reason="Warm water is no gift.",
            expected_head=head,
            actor=room.chair,
        )
    history = words(seen(room).text).partition("How its words came about")[2]

    assert "The committee edited the text" in history
    assert "Warm water is no gift." in history
    assert "Warm water is no gift." not in words(seen(room, place=1).text)


def test_amendments_stand_on_every_paragraph_they_touch(room):
    room.propose(reword(room.block(0), "Towns share warm water."), reword(room.block(1), "Towns light paths."))

    for place in range(2):
        assert "One amendment is open here" in seen(room, place=place).text
    room.decide({1: Verdict.REJECT})
    page = words(seen(room).text)
    assert "No amendment is open here" in page
    assert "Amendment 1, Marta Olivar rejected" in page


def test_a_part_that_was_split_off_has_a_page_of_its_own(room):
    room.adopt(room.propose(split(room.block(0), "Towns share.", ("new", "Water is clean."))))
    page = words(seen(room, place=1).text)

    assert "Paragraph 2" in page
    assert page.count("Not yet translated.") == 2


def test_neighbours_are_one_step_away(room):
    page = seen(room).text
    assert f'rel="next" href="{path(room, 1)}"' in page
    assert 'rel="prev"' not in page


@pytest.mark.parametrize("block", ["nothing", str(new_id())], ids=["no id", "unknown"])
def test_a_paragraph_that_is_not_there_is_not_there(room, block):
    with browsing(room.store, room.member) as browser:
        assert browser.see(f"{DRAFT}/paragraphs/{block}").status_code == 404


def test_a_visitor_sees_the_text_and_neither_history_nor_sources(store):
    room = opened(store, WATER, phase=Phase.CONSULTATION)
    come_from(room, "Share the water.", line=3)
    with browsing(store) as visitor:
        page = visitor.see(path(room))

    assert page.status_code == 200
    assert "How its words came about" not in page.text
    assert "Share the water." not in page.text
    assert "/amendments/new" not in page.text


def test_a_longer_history_takes_no_more_queries(room):
    room.adopt(room.propose(reword(room.block(0), "Towns share water 0.")))
    with browsing(room.store, room.chair) as browser:
        few = browser.queries(path(room))
        for number in range(1, 4):
            room.adopt(room.propose(reword(room.block(0), f"Towns share water {number}.")))
        assert browser.queries(path(room)) == few
