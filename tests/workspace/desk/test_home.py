"""The home of a forum: where its declarations are, and what awaits whoever looks."""

import re

import pytest

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language
from tests.support import factories, site
from tests.workspace.desk.visiting import FORUM, elsewhere, queries_for, read, seen, tasks
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.editions.domain.publication import EditionService
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService

EN, FR = Language.EN, Language.FR


def add_session(db: Db, title: str, *said: str, start: str | None = None) -> None:
    details = SessionDetails(found=SessionFound(title=title, start=start))
    session = SessionService(db).add(factories.forum(db), details, language="en", document=None, actor=OPERATOR)
    RecommendationService(db).propose(
        session, [VerbatimStatement(text=text, language="en") for text in said], actor=OPERATOR
    )


def amend(db: Db, declaration: Declaration, text: str, *, actor: Actor) -> None:
    [row, *_] = queries.head_rows(db, declaration)
    AmendmentService(db).propose(
        declaration.id,
        base_revision=1,
        language=EN,
        changes=[Change(ChangeOp.REWORD, str(row.block_id), text=text)],
        reason="",
        actor=actor,
    )


@pytest.mark.parametrize("language", ["es", "en", "fr"])
@pytest.mark.parametrize("phase", list(Phase))
def test_the_home_shows_every_phase_in_every_language(store: Store, language: str, phase: Phase) -> None:
    with store.writing() as db:
        factories.declaration(db, phase=phase)
        add_session(db, "Who pays for the well?", "Share the water.", start="2027-01-21T09:30-03:00")
        chair = factories.chair(db)

    page = seen(store, f"/{language}/third-forum", chair)

    assert page.status_code == 200
    assert page.text.count('aria-current="step"') == 1
    assert page.text.count("<li data-done") == list(Phase).index(phase)


def test_the_heading_says_where_we_are(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, phase=Phase.CONSULTATION)

        observer = factories.person(db, Role.OBSERVER)

    page = read(store, FORUM, observer)

    assert page.data("phase") == [Phase.CONSULTATION]
    assert page.has_id("awaits")
    assert tasks(page) == []
    assert page.links_to("/third-forum/declaration")
    assert not read(store, FORUM).has_id("awaits")  # a visitor has no tasks


def test_a_forum_without_declaration_says_what_can_be_done(store: Store) -> None:
    with store.writing() as db:
        factories.forum(db)
        chair = factories.chair(db)

    assert read(store, FORUM).data("phase") == []
    assert not read(store, FORUM).links_to("/third-forum/declarations/new")
    mine = read(store, FORUM, chair)
    assert mine.links_to("/third-forum/declarations/new")
    assert [href for part, _, href in tasks(mine) if part == "forum"] == [
        "people",
        "sessions#import",
        "declarations/new",
    ]


def test_a_draft_that_is_not_open_is_not_named(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, phase=Phase.DRAFTING)

    assert "Draft Declaration" not in read(store, FORUM).text


def test_each_role_is_told_what_awaits_it(store: Store) -> None:
    with store.writing() as db:
        declaration = factories.declaration(db, {EN: "Towns share water.", FR: "Les villes partagent l’eau."})
        add_session(db, "Who pays for the well?", "Share the water.", "Mend the well.")
        member, chair = factories.person(db, Role.MEMBER), factories.chair(db)
        rapporteur, translator = factories.person(db, Role.RAPPORTEUR), factories.person(db, Role.TRANSLATOR)
        newcomer = factories.person(db, Role.MEMBER, "A newcomer")
        amend(db, declaration, "Towns share clean water.", actor=member)
        amend(db, declaration, "Towns share all water.", actor=chair)

    def awaits(actor: Actor) -> list[tuple[str, str, str]]:
        return tasks(read(store, FORUM, actor))

    assert ("chair", "1", "declaration/amendments") in awaits(chair)  # not one's own
    assert ("forum", "2", "recommendations") in awaits(rapporteur)
    assert ("translator", "1", "declaration/translation") in awaits(translator)
    assert awaits(member) == []
    assert elsewhere(read(store, FORUM, member)) == ["declaration/amendments?state=own"]
    assert awaits(newcomer) == [("member", "", "declaration")]


def test_a_chair_with_nothing_to_decide_can_open_the_next_phase(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, phase=Phase.CONSULTATION)
        chair = factories.chair(db)

    assert ("chair", "", "declaration/phase") in tasks(read(store, FORUM, chair))


def test_the_second_person_is_told_that_a_publication_waits(store: Store) -> None:
    with store.writing() as db:
        declaration = factories.declaration(db, phase=Phase.ADOPTION)
        chair, secretariat = factories.chair(db), factories.person(db, Role.SECRETARIAT)
        EditionService(db).request(declaration, actor=secretariat)

    waits = ("second", "", "declaration/readiness")
    assert waits in tasks(read(store, FORUM, chair))
    assert waits not in tasks(read(store, FORUM, secretariat))


def test_only_the_chair_is_offered_another_phase(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db)
        chair, member = factories.chair(db), factories.person(db, Role.MEMBER)

    assert "/declaration/phase" in seen(store, FORUM, chair).text
    assert "/declaration/phase" not in seen(store, FORUM, member).text


def test_a_session_is_told_on_the_clocks_of_the_place_as_in_the_programme(store: Store) -> None:
    with store.writing() as db:
        factories.forum(db)
        add_session(db, "With offset", start="2027-01-21T09:30-03:00")
        add_session(db, "Day only", start="2027-02-03")
        add_session(db, "In words", start="after lunch")

    page, programme = seen(store, FORUM).text, seen(store, f"{FORUM}/sessions").text

    for told in (page, programme):
        assert 'datetime="2027-01-21T12:30:00"' in told  # the forum is in UTC
    assert "3 February 2027" in page
    assert "after lunch" in page


def test_an_unknown_forum_is_not_there(store: Store) -> None:
    assert seen(store, "/en/nobody").status_code == 404


def test_the_queries_do_not_grow_with_what_there_is(store: Store) -> None:
    with store.writing() as db:
        declaration = factories.declaration(db)
        chair, member = factories.chair(db), factories.person(db, Role.MEMBER)
        add_session(db, "First", "Share.")
        amend(db, declaration, "Towns share clean water.", actor=member)
    one = queries_for(store, FORUM, chair)
    with store.writing() as db:
        second = factories.declaration(db, slug="second")
        factories.declaration(db, slug="third")
        for n in range(7):
            add_session(db, f"Session {n}", "Share.", "Mend.")
            amend(db, second, f"Towns share {n} wells.", actor=member)

    assert queries_for(store, FORUM, chair) == one


def test_what_is_still_open_comes_before_what_is_published(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, slug="an-old-one", phase=Phase.PUBLISHED)
        factories.declaration(db, slug="the-new-one", phase=Phase.REVIEW)
        member = factories.person(db, Role.MEMBER)

    page = read(store, FORUM, member)

    assert page.data("phase") == [Phase.REVIEW, Phase.PUBLISHED]
    links = [link for link in page.links if link in {f"{FORUM}/the-new-one", f"{FORUM}/an-old-one"}]
    assert links[0] == f"{FORUM}/the-new-one"


def links_of_the_header(page: str) -> list[str]:
    [header] = re.findall(r'<nav class="nav".*?</nav>', page, re.DOTALL)
    return re.findall(r'href="([^"]+)"', header)


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("role", [None, Role.OBSERVER, Role.MEMBER, Role.RAPPORTEUR, Role.TRANSLATOR, Role.AUDITOR])
def test_every_link_of_the_header_opens(store: Store, phase: Phase, role: Role | None) -> None:
    with store.writing() as db:
        factories.declaration(db, phase=phase)
        reader = factories.person(db, role) if role else None

    with site.browser(store, reader) as client:
        links = links_of_the_header(client.get(FORUM).text)
        answers = {link: client.get(link).status_code for link in links}

    assert set(answers) >= {FORUM, f"{FORUM}/sessions"}
    assert set(answers.values()) == {200}


def test_the_header_leads_to_the_same_text_from_every_page_of_the_forum(store: Store) -> None:
    with store.writing() as db:
        factories.declaration(db, slug="an-old-one", phase=Phase.PUBLISHED)
        factories.declaration(db, slug="the-new-one", phase=Phase.REVIEW)
        member = factories.person(db, Role.MEMBER)

    with site.browser(store, member) as client:
        headers = [links_of_the_header(client.get(path).text) for path in (FORUM, f"{FORUM}/sessions")]

    assert headers[0] == headers[1]
    assert f"{FORUM}/the-new-one" in headers[0]
