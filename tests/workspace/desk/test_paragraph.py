"""The page of one paragraph: its languages, where it came from, how its words came about, what is asked of it."""

import re
from uuid import UUID

import pytest
from lxml import html

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.texts import move, reword, split
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import LIGHT, opened
from workspace.amendments.decisions.brackets import WantedAlternative
from workspace.amendments.domain.models import Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Trilingual, new_id
from workspace.declarations.domain import queries
from workspace.declarations.domain.service import DeclarationService
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService
from workspace.translations.domain.service import TranslationService
from workspace.web.i18n.messages import LANGUAGES

EN, ES, FR = Language.EN, Language.ES, Language.FR
BLAMED = "//p[contains(@class, 'blamed')]"
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
    shown = re.sub(r'<span class="vh">[^<]*</span>', "", text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", shown))


def come_from(room, said, *, line):
    """Link the first paragraph to a recommendation."""
    with room.store.writing() as db:
        forum = factories.forum(db)
        details = SessionDetails(found=SessionFound(title="Who pays for the well?"))
        rapporteur = factories.person(db, Role.RAPPORTEUR)
        session = SessionService(db).add(forum, details, language="en", document=None, actor=rapporteur)
        [one] = RecommendationService(db).propose(
            session, [VerbatimStatement(text=said, language="en", line=line)], actor=rapporteur
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
    page = Page(seen(room))

    assert all(text in page.text for text in ("Towns share clean water.", WATER[ES], WATER[FR]))
    assert [cell.root.get("data-col") for cell in page.rows("state", "stale")] == ["es", "fr"]


def test_where_it_comes_from_is_quoted_with_session_and_line(room):
    come_from(room, "Share the water, all of it.", line=12)
    sources = Page(seen(room)).by_id("sources")

    assert sources.links_to("/recommendations/1")
    assert sources.root.xpath(".//cite/text()") == ["Who pays for the well?"]
    assert "12" in sources.text
    assert sources.root.xpath(".//blockquote/text()") == ["Share the water, all of it."]
    assert not Page(seen(room, place=1)).by_id("sources").links


def test_how_its_words_came_about_names_the_decision_its_reason_and_the_translator(room):
    room.propose(reword(room.block(0), "Towns share clean water."))
    room.propose(reword(room.block(1), "Towns light every path."), by=room.other)
    room.decide({1: Ruling(new_id(), Verdict.ADOPT, "It was dirty."), 2: Ruling(new_id(), Verdict.ADOPT, "Dark.")})
    translate(room, "Les villes partagent l’eau propre.")
    history = Page(seen(room)).by_id("history")

    adopted = history.part("cause", "adopt")
    assert "It was dirty." in adopted.text
    assert "Towns share clean water." in words(html.tostring(adopted.root, encoding="unicode"))
    assert "Dark." not in history.text
    translated = history.part("cause", "answer")
    assert "Claire Aubertin" in translated.text
    assert translated.root.get("data-revision") is None
    assert len(history.rows("cause", "import")) == 3


def test_its_words_are_those_of_the_decision_in_their_language(room):
    room.propose(reword(room.block(0), "Towns share clean water."))
    room.propose(move(room.block(0), after=room.block(1)), language=ES, by=room.other)
    room.decide({1: Ruling(new_id(), Verdict.ADOPT, "It was dirty."), 2: Ruling(new_id(), Verdict.ADOPT, "Later.")})

    adopted = Page(seen(room, place=1)).by_id("history").part("cause", "adopt")
    assert "It was dirty." in adopted.text
    assert "Later." not in adopted.text


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
    history = Page(seen(room)).by_id("history")

    assert "Warm water is no gift." in history.text_of("cause", "edit")
    assert "Warm water is no gift." not in Page(seen(room, place=1)).text


def test_no_words_are_said_to_stand_in_a_language_whose_text_was_undone(store):
    room = opened(store, {EN: "Towns count their trees."}, phase=Phase.ADOPTION)
    wanted = WantedAlternative(Trilingual(es="Las villas cuentan árboles.", en="Towns count trees."))
    of_room = {"expected_head": room.head(), "actor": room.chair}
    with store.writing() as db:
        service = AmendmentService(db)
        service.bracket(room.declaration.id, UUID(room.block(0)), [wanted], language=EN, reason="So.", **of_room)
        decision = service.resolve(room.declaration.id, 1, 1, language=EN, reason="Agreed.", **of_room)
    assert [told.get("lang") for told in Page(seen(room)).root.xpath(BLAMED)] == ["es", "en"]
    with store.writing() as db:
        AmendmentService(db).undo_decision(
            room.declaration.id, decision.number, reason="Too early.", expected_head=room.head(), actor=room.chair
        )

    assert [told.get("lang") for told in Page(seen(room)).root.xpath(BLAMED)] == ["en"]


def test_amendments_stand_on_every_paragraph_they_touch(room):
    room.propose(reword(room.block(0), "Towns share warm water."), reword(room.block(1), "Towns light paths."))

    for place in range(2):
        assert len(Page(seen(room, place=place)).by_id("amendments").root.xpath(".//article")) == 1
    room.decide({1: Verdict.REJECT})
    amendments = Page(seen(room)).by_id("amendments")
    assert not amendments.root.xpath(".//article")
    [decided] = amendments.root.xpath(".//li")
    assert "Marta Olivar" in decided.text_content()
    assert Page(decided).links_to("/amendments/1")


def test_a_part_that_was_split_off_has_a_page_of_its_own(room):
    room.adopt(room.propose(split(room.block(0), "Towns share.", ("new", "Water is clean."))))
    page = Page(seen(room, place=1))

    assert "2" in page.headings(1)[0]
    assert len(page.rows("state", "missing")) == 2


def test_neighbours_are_one_step_away(room):
    page = seen(room).text
    assert f'rel="next" href="{path(room, 1)}"' in page
    assert 'rel="prev"' not in page


@pytest.mark.parametrize("block", ["nothing", str(new_id())], ids=["no id", "unknown"])
def test_a_paragraph_that_is_not_there_is_not_there_and_the_page_leads_back_to_the_text(room, block):
    with browsing(room.store, room.member) as browser:
        answer = browser.see(f"{DRAFT}/paragraphs/{block}")
        secret = browser.see("/en/third-forum/secret/paragraphs/1")
    assert answer.status_code == secret.status_code == 404
    assert DRAFT in Page(answer).links
    assert not Page(secret).links_to("/secret")


def test_a_visitor_sees_the_text_and_neither_history_nor_sources(store):
    room = opened(store, WATER, phase=Phase.CONSULTATION)
    come_from(room, "Share the water.", line=3)
    with browsing(store) as visitor:
        page = visitor.see(path(room))

    assert page.status_code == 200
    assert not Page(page).has_id("history")
    assert "Share the water." not in Page(page).text
    assert "/amendments/new" not in page.text


def test_a_longer_history_takes_no_more_queries(room):
    room.adopt(room.propose(reword(room.block(0), "Towns share water 0.")))
    with browsing(room.store, room.chair) as browser:
        few = browser.queries(path(room))
        for number in range(1, 4):
            room.adopt(room.propose(reword(room.block(0), f"Towns share water {number}.")))
        assert browser.queries(path(room)) == few
