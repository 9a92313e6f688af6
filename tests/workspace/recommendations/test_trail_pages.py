"""From a sentence said in a room to the paragraphs it became, and back: the pages that show the way."""

import msgspec
import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from tests.support.texts import reword
from workspace.accounts.domain.models import Account
from workspace.amendments.service import AmendmentService
from workspace.comments.service import CommentService
from workspace.core import clock
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.core.outbox import Letter
from workspace.core.security.permissions import Phase
from workspace.declarations.domain import provenance, queries
from workspace.declarations.domain.models import Declaration, Provenance, ProvenanceKind, RevisionCause
from workspace.declarations.domain.service import DeclarationService, LedText
from workspace.people.models import Mandate
from workspace.people.models import Person as People
from workspace.people.service import PeopleService
from workspace.recommendations.models import Recommendation, RecommendationStatus, RulingOutcome, TaxonomyKind
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.recommendations.themes import ThemeService
from workspace.sessions.extraction import Person, SessionDetails, SessionFound
from workspace.sessions.models import Session
from workspace.sessions.service import SessionService

FORUM = "/en/third-forum"


@pytest.fixture
def trail(store):
    """Two recommendations of a session: the first is in paragraph 1, the second nowhere."""
    with store.writing() as db:
        forum = factories.forum(db)
        draft = factories.declaration(
            db, "Towns shall repair fountains.", "They meet each year.", "They write.", phase=Phase.DRAFTING
        )
        session = SessionService(db).add(
            forum,
            SessionDetails(found=SessionFound(title="Water")),
            language="en",
            document=None,
            actor=OPERATOR,
        )
        register = RecommendationService(db)
        register.propose(
            session,
            [
                VerbatimStatement("Repair every fountain.", "en", line=12),
                VerbatimStatement("Prêter des pompes.", "fr", line=14),
            ],
            actor=OPERATOR,
        )
        register.settle(forum, [1, 2], RecommendationStatus.CONFIRMED, actor=OPERATOR)
        first = queries.head_rows(db, draft)[0].block_id
        DeclarationService(db).link(draft, first, register.numbered(forum, 1, actor=OPERATOR), actor=OPERATOR)
        goals = ThemeService(db).add_ready_made(forum, TaxonomyKind.GOALS, actor=OPERATOR)
        ThemeService(db).assign(forum, [1, 2], [goals.themes[5].id], actor=OPERATOR)
    return store


@pytest.fixture
def chair(trail, visit):
    with trail.writing() as db:
        return visit(factories.chair(db))


def blocks(store):
    with store.reading() as db:
        return [str(row.block_id) for row in queries.head_rows(db, db.scalars(sa.select(Declaration)).one())]


def send(client, path, **form):
    return client.post(f"{FORUM}{path}", data={"csrf": token_of(client), **form})


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    "path",
    [
        "recommendations",
        "recommendations/1",
        "recommendations/2",
        "recommendations/new",
        "recommendations/pairs",
        "contributions",
        "recommendations/themes",
        "recommendations/answers",
        "declaration/coverage",
    ],
)
def test_every_page_of_the_register_speaks_three_languages(chair, language, path):
    answer = chair.get(f"/{language}/third-forum/{path}")
    assert answer.status_code == 200, answer.text
    assert Page(answer).language == language


def test_a_recommendation_shows_the_sentence_and_every_paragraph_it_became(trail, chair):
    page = chair.get(f"{FORUM}/recommendations/1").text
    assert "#line-12" in page
    assert [went.links_to(f"/declaration/paragraphs/{blocks(trail)[0]}") for went in Page(page).rows("went")] == [True]
    assert page.count("Towns shall repair fountains.") >= 3  # in every language
    assert "nowhere" in Page(chair.get(f"{FORUM}/recommendations/2")).data("state")


def test_a_paragraph_leads_back_to_the_line_it_was_said_in(trail, chair):
    page = chair.get(f"{FORUM}/declaration/paragraphs/{blocks(trail)[0]}").text
    assert f"{FORUM}/recommendations/1" in page
    assert "#line-12" in page


def test_a_recommendation_is_given_a_place_or_weighed_and_left_out(trail, chair):
    second = blocks(trail)[1]
    send(chair, "/recommendations/places", number="2", place=f"declaration {second}", kind="partly", note="only pumps")
    went = Page(chair.get(f"{FORUM}/recommendations/2")).part("went")
    assert went.root.get("data-went") == "partly"
    assert went.links_to(f"/declaration/paragraphs/{second}")
    assert "only pumps" in went.text
    send(chair, "/recommendations/places", number="2", place=f"declaration {second}", kind="declined")
    assert Page(chair.get(f"{FORUM}/recommendations/2")).data("went") == ["declined"]
    assert not Page(chair.get(f"{FORUM}/declaration/paragraphs/{second}")).by_id("sources").links


def test_coverage_counts_both_kinds_of_orphans(chair):
    page = Page(chair.get(f"{FORUM}/declaration/coverage"))
    assert (page.data("without-source"), page.data("homeless")) == (["2"], ["1"])
    assert "Prêter des pompes." in page.text
    assert [head for head in page.root.xpath("//th/text()") if head.startswith("6. ")]


def test_links_that_came_along_with_a_move_want_a_look_and_can_be_settled(trail, chair):
    with trail.writing() as db:
        service = DeclarationService(db)
        draft = db.scalars(sa.select(Declaration)).one()
        rows = queries.head_rows(db, draft)
        moved = queries.document([rows[1], rows[2], rows[0]], factories.EN)
        service.commit(service.lock(draft.id), LedText(moved), cause=RevisionCause.EDITORIAL, actor=OPERATOR)
    with trail.reading() as db:
        link = db.scalars(sa.select(Provenance)).one()
    assert Page(chair.get(f"{FORUM}/declaration/coverage")).offers("/coverage", link=str(link.id))
    send(chair, "/declaration/coverage", link=str(link.id), act="look")
    assert not Page(chair.get(f"{FORUM}/declaration/coverage")).offers("/coverage")


def test_the_fewest_blocks_that_have_to_move_are_those_that_did(trail):
    with trail.writing() as db:
        link = db.scalars(sa.select(Provenance)).one()
        others = [link.id, link.declaration_id]
        provenance.flag_moved(db, [link.block_id, *others], [*others, link.block_id])
        db.flush()
        db.refresh(link)
        assert link.wants_look


def test_parts_of_a_paragraph_take_its_sources_over_and_want_a_look(trail):
    with trail.writing() as db:
        draft = db.scalars(sa.select(Declaration)).one()
        first, second, _ = (row.block_id for row in queries.head_rows(db, draft))
        provenance.inherit(db, draft, giver=first, taker=second, actor=OPERATOR)
        db.flush()
        links = db.scalars(sa.select(Provenance)).all()
        assert [(one.kind, one.wants_look) for one in links] == [(ProvenanceKind.TAKEN_UP, True)] * 2


def test_what_became_of_a_session_is_told_with_the_reason(trail, chair, visit):
    with trail.writing() as db:
        forum = factories.forum(db)
        RecommendationService(db).rule(forum, [2], RulingOutcome.DECLINED, reason="The regions do so.", actor=OPERATOR)
        session = db.scalars(sa.select(Session)).one().id
    page = Page(chair.get(f"{FORUM}/contributions/sessions/{session}")).text
    assert all(words in page for words in ("Towns shall repair fountains.", "The regions do so."))
    assert visit(NOBODY).get(f"{FORUM}/contributions/sessions/{session}").status_code == 404  # still being drafted


def test_whoever_contributed_gets_a_letter_once_the_declaration_is_published(trail):
    with trail.writing() as db:
        forum, people = factories.forum(db), PeopleService(db)
        town = people.add_organisation(forum, name="Town of Villa Clara", actor=OPERATOR)
        person = people.add_person(
            forum, name="E. Nvoy", role=Role.MEMBER, organisation=town, email="envoy@town.example", actor=OPERATOR
        )
        if db.get(Account, person.id) is None:
            db.add(Account(person_id=person.id, email="envoy@town.example", made_at=clock.now()))
        register = RecommendationService(db)
        register.endorse(register.numbered(forum, 1, actor=OPERATOR), actor=person.as_actor())
        draft = db.scalars(sa.select(Declaration)).one()
        DeclarationService(db).enter(draft, Phase.PUBLISHED, actor=OPERATOR)
        letters = [one for one in db.scalars(sa.select(Letter)) if one.kind == "contribution"]
        assert [one.to for one in letters] == ["envoy@town.example"]
        assert letters[0].facts["path"] == f"/{{language}}/third-forum/contributions/organisations/{town.id}"


def test_others_may_neither_link_nor_settle(trail, visit):
    with trail.writing() as db:
        member = visit(factories.person(db, Role.MEMBER))
    place = f"declaration {blocks(trail)[1]}"
    assert send(member, "/recommendations/places", number="2", place=place).status_code == 404
    assert send(member, "/recommendations/pairs", one="1", other="2", act="merge").status_code == 404
    assert send(member, "/recommendations/themes", act="list", kind="sets").status_code == 404
    assert member.get(f"{FORUM}/recommendations/answers").status_code == 404


def test_a_member_sends_recommendations_in_from_a_form_and_follows_them(trail, visit):
    with trail.writing() as db:
        town = PeopleService(db).add_organisation(factories.forum(db), name="Villa Clara", actor=OPERATOR)
        actor = factories.person(db, Role.MEMBER)
        db.scalars(sa.select(Mandate).where(Mandate.person_id == actor.person_id)).one().organisation_id = town.id
        member = visit(actor)
    refused = send(member, "/recommendations/new", text=" ", said_in="es", section="")
    assert refused.status_code == 422
    answer = send(member, "/recommendations/new", text="Plantar robles.\r\n\r\nRegar los robles.", said_in="es")
    assert Page(answer).result == "recommendations.submitted"
    with trail.reading() as db:
        sent = db.scalars(sa.select(Recommendation).where(Recommendation.session_id.is_(None))).all()
        assert [one.text for one in sent] == ["Plantar robles.", "Regar los robles."]


def test_a_search_is_kept_under_a_name(chair):
    send(chair, "/recommendations/views", name="French ones", query="said_in=fr")
    page = chair.get(f"{FORUM}/recommendations").text
    assert f'href="{FORUM}/recommendations?said_in=fr"' in page


@pytest.fixture
def spoken(trail):
    """The same, said where Berta Olmo spoke; and a visitor of no organisation has sent something in."""
    with trail.writing() as db:
        forum = factories.forum(db)
        session = db.scalars(sa.select(Session)).one()
        details = SessionDetails(found=SessionFound(title="Water", speakers=(Person(name="Berta Ólmo"),)))
        session.details = msgspec.to_builtins(details)
        rapporteur = factories.person(db, Role.RAPPORTEUR, name="Ada Roe")
        RecommendationService(db).submit(forum, [VerbatimStatement("Count the wells.", "en")], actor=rapporteur)
    return trail


def test_everybody_who_said_something_has_a_page_that_tells_what_became_of_it(spoken, visit):
    with spoken.writing() as db:
        chair = visit(factories.chair(db))
    assert f"{FORUM}/contributions/speakers/berta-olmo" in Page(chair.get(f"{FORUM}/contributions")).links

    page = Page(chair.get(f"{FORUM}/contributions/speakers/berta-olmo")).text

    for words in ("Berta Ólmo", "Repair every fountain.", "Towns shall repair fountains."):
        assert words in page
    assert (
        f'href="{FORUM}/contributions/speakers/berta-olmo"' in chair.get(f"{FORUM}/sessions/{session_id(spoken)}").text
    )
    assert chair.get(f"{FORUM}/contributions/speakers/nobody").status_code == 404


def test_what_somebody_sent_in_for_themselves_opens_to_them_and_to_who_looks_after_people(spoken, visit):
    with spoken.writing() as db:
        author = db.scalars(
            sa.select(Recommendation.submitted_by_id).where(Recommendation.submitted_by_id.is_not(None))
        ).one()
        own, member = visit(db.get_one(People, author).as_actor()), visit(factories.person(db, Role.MEMBER))
        secretariat = visit(factories.person(db, Role.SECRETARIAT))
    path = f"{FORUM}/contributions/people/{author}"

    sent = Page(own.get(path)).text
    assert "Count the wells." in sent
    assert path in Page(own.get(f"{FORUM}/contributions")).links
    assert path in Page(own.get("/en/account/contributions")).links
    assert "/contributions/" not in member.get("/en/account/contributions").text.partition("<h1")[2]
    assert secretariat.get(path).status_code == 200
    assert member.get(path).status_code == 404
    assert "/contributions/people/" not in member.get(f"{FORUM}/contributions").text


def test_ones_account_leads_to_ones_amendments_and_comments(store, visit):
    with store.writing() as db:
        draft, member = factories.declaration(db, "Towns share water."), factories.person(db, Role.MEMBER)
        [row] = queries.head_rows(db, draft)
        change = [reword(str(row.block_id), "Towns share all water.")]
        AmendmentService(db).propose(
            draft.id, base_revision=1, language=Language.EN, changes=change, reason="All of it.", actor=member
        )
        CommentService(db).open_on_draft(draft, text="And who pays?", language=Language.EN, actor=member)
        other = factories.person(db, Role.MEMBER)
    for language in ("en", "es", "fr"):
        own, none = (Page(visit(actor).get(f"/{language}/account/contributions")) for actor in (member, other))
        at = f"/{language}/third-forum/declaration/"
        assert {f"{at}amendments?state=own", f"{at}comments?person={member.person_id}"} <= set(own.links)
        assert not any(at in link for link in none.links)


def test_whoever_sent_something_in_for_themselves_gets_a_letter_to_their_own_page(spoken):
    with spoken.writing() as db:
        author = db.scalars(
            sa.select(Recommendation.submitted_by_id).where(Recommendation.submitted_by_id.is_not(None))
        ).one()
        if db.get(Account, author) is None:
            db.add(Account(person_id=author, email="ada@town.example", made_at=clock.now()))
        DeclarationService(db).enter(db.scalars(sa.select(Declaration)).one(), Phase.PUBLISHED, actor=OPERATOR)
        letters = [one for one in db.scalars(sa.select(Letter)) if one.kind == "contribution"]
    assert [one.facts["path"] for one in letters] == [f"/{{language}}/third-forum/contributions/people/{author}"]


def session_id(store):
    with store.reading() as db:
        return db.scalars(sa.select(Session.id)).one()
