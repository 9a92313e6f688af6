"""Whoever spoke reads where their words went, as far as that is public; and nobody reads more than that."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from workspace.comments.moderation import ModerationService
from workspace.comments.service import CommentService
from workspace.core import clock
from workspace.core.actor import NOBODY, OPERATOR
from workspace.core.outbox import Letter, facts_with_link
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.declarations.domain.service import DeclarationService
from workspace.people.guests import GuestService
from workspace.people.models import Contact
from workspace.recommendations.models import RecommendationStatus
from workspace.recommendations.service import RecommendationService, VerbatimStatement

ES, EN, FR = Language
FORUM = "/en/third-forum"
TREES = {ES: "Las ciudades plantarán árboles.", EN: "Towns shall plant trees.", FR: "Les villes plantent des arbres."}
SHADE = {ES: "Darán sombra.", EN: "They give shade.", FR: "Elles donnent de l’ombre."}
SAID = ("Plant lime trees.", "Give more shade.", "Lend pumps.", "Plant many lime trees.")


@pytest.fixture
def spoken(hall):
    """A text before its adoption. A guest's first recommendation is in paragraph 1, the fourth merged into it.

    The second waits for its paragraph, and the third was never confirmed.
    """
    hall = hall(TREES, SHADE)
    with hall.store.writing() as db:
        forum = factories.forum(db)
        forum.guest_comments = True
        guest = GuestService(db).come_in(forum, name="Greta", email="greta@home.example", language="en").person
        db.get_one(Contact, guest.id).checked_at = clock.now()
        register = RecommendationService(db)
        for words in SAID:
            said = VerbatimStatement(words, "en")
            register.submit_for(forum, said, sender=guest.as_actor(), actor=OPERATOR)
        register.settle(forum, [1, 2], RecommendationStatus.CONFIRMED, actor=OPERATOR)
        register.merge(forum, 1, [4], reason="The same.", actor=OPERATOR)
        link(db, hall, 1, hall.block(0))
        facts = db.scalars(sa.select(Letter).where(Letter.kind == "guest_check")).one().facts
    path = facts_with_link(hall.store, facts)["path"].replace("{language}", "en")
    return SimpleNamespace(hall=hall, own=path)


def link(db, hall, number, block):
    said = RecommendationService(db).numbered(factories.forum(db), number, actor=OPERATOR)
    DeclarationService(db).link(hall.declaration(db), block, said, actor=OPERATOR)


def published(hall, *, is_open=False):
    hall.sign()
    hall.request()
    hall.publish()
    if is_open:
        with hall.store.writing() as db:
            PhaseService(db).open_history(hall.declaration(db), is_open=True, reason="History.", actor=hall.chair)


def rows(visit, path):
    page = Page(visit(NOBODY).get(path))
    assert page.status == 200
    return page, page.rows("fate")


def fates(visit, path):
    return rows(visit, path)[0].data("fate")


def test_a_guest_reads_in_which_published_paragraph_their_words_stand(spoken, visit):
    published(spoken.hall)
    page, found = rows(visit, spoken.own)
    first, _, _, merged = found
    at = f"{FORUM}/declaration/editions/1#b-{spoken.hall.block(0)}"
    assert at in first.links
    assert TREES[EN] in first.text
    assert page.data("fate") == ["taken_up", "unpublished", "unpublished", "merged"]
    assert f"{FORUM}/recommendations/1" in merged.links
    client = visit(NOBODY)
    for href in page.links:
        if "/recommendations/" in href or "/editions/" in href:
            assert client.get(href).status_code == 200, href


def test_before_they_may_read_it_a_guest_reads_that_they_were_taken_up_and_not_where(spoken, visit):
    with spoken.hall.store.writing() as db:
        spoken.hall.declaration(db).phase = Phase.REVIEW
    page, found = rows(visit, spoken.own)
    assert page.data("fate") == ["taken_up", "unpublished", "unpublished", "merged"]
    assert not any("#b-" in href or "/paragraph" in href for row in found for href in row.links)
    assert TREES[EN] not in page.text


def test_a_guest_reads_where_their_words_stand_as_soon_as_they_may_read_the_text(spoken, visit):
    first = rows(visit, spoken.own)[1][0]
    [href] = [href for href in first.links if f"/paragraphs/{spoken.hall.block(0)}" in href]
    assert TREES[EN] in first.text
    assert visit(NOBODY).get(href).status_code == 200


@pytest.mark.parametrize("phase", [Phase.REVIEW, Phase.CONSULTATION, Phase.ADOPTION])
def test_while_the_trace_is_not_public_its_page_says_neither_open_nor_taken_up(spoken, visit, phase):
    with spoken.hall.store.writing() as db:
        factories.declaration(db, "Open.", slug="open", phase=Phase.CONSULTATION)
        DeclarationService(db).enter(spoken.hall.declaration(db), phase, actor=OPERATOR)
    client = visit(NOBODY)
    for number in (1, 2):
        page = Page(client.get(f"{FORUM}/recommendations/{number}"))
        assert (page.status, page.data("outcome")) == (200, ["unpublished"])
    chair = visit(spoken.hall.chair)
    assert [Page(chair.get(f"{FORUM}/recommendations/{number}")).data("outcome")[0] for number in (1, 2)] == [
        "taken_up",
        "open",
    ]


def test_once_it_is_published_everybody_reads_where_and_nobody_what_is_not_confirmed(spoken, visit):
    published(spoken.hall, is_open=True)
    client = visit(NOBODY)
    assert Page(client.get(f"{FORUM}/recommendations/1")).data("outcome") == ["taken_up"]
    register = Page(client.get(f"{FORUM}/recommendations?went=nowhere"))
    coverage = Page(client.get(f"{FORUM}/declaration/coverage"))
    assert coverage.status == 200
    for href in Page(client.get(f"{FORUM}/recommendations/1")).links:
        if "/recommendations/" in href:
            assert client.get(href).status_code == 200, href
    for page in (register, coverage):
        assert SAID[1] in page.text
        assert SAID[2] not in page.text


def test_a_comment_says_what_became_of_the_recommendation_that_was_made_of_it(spoken, visit):
    with spoken.hall.store.writing() as db:
        DeclarationService(db).enter(spoken.hall.declaration(db), Phase.CONSULTATION, actor=OPERATOR)
    with spoken.hall.store.writing() as db:
        guest = db.scalars(sa.select(Contact).where(Contact.email == "greta@home.example")).one().person.as_actor()
        words = {"text": "Sweep the streets.", "language": EN}
        thread = CommentService(db).open_on_draft(spoken.hall.declaration(db), **words, actor=guest)
        ModerationService(db).show(thread.comments[0].id, actor=spoken.hall.chair)
        CommentService(db).recommend(thread.comments[0].id, actor=spoken.hall.chair)
    [comment] = Page(visit(NOBODY).get(spoken.own)).rows("comment-is")
    assert ("Recommendation 5" in comment.text, comment.data("fate")) == (True, ["unpublished"])
