"""The register in a browser: filters, where each recommendation went, and the rapporteur's form."""

import pytest
import sqlalchemy as sa

from drafts.text.blocks import BlockKind, Language
from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.models import ProvenanceKind
from workspace.declarations.domain.new_blocks import NewBlock
from workspace.declarations.domain.service import DeclarationService
from workspace.recommendations.models import RecommendationStatus
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService

ES, EN, FR = Language
REGISTER = "/en/third-forum/recommendations"
SAID = (
    VerbatimStatement("Hay que plantar árboles; su Sómbra es de todos.", "es", "Conclusiones", 12, "hay que"),
    VerbatimStatement("Towns must publish the map of their shade.", "en", "Recommendations", 20, "must"),
    VerbatimStatement("Il faut former des veilleurs de chaleur <payés>.", "fr", "", 31, "il faut"),
)


@pytest.fixture
def register(store):
    """Three recommendations of two sessions; the second is in paragraph 2, in part."""
    with store.writing() as db:
        forum, sessions = factories.forum(db), SessionService(db)
        first, second = (
            sessions.add(
                forum,
                SessionDetails(found=SessionFound(title=title)),
                language="en",
                document=None,
                actor=OPERATOR,
            )
            for title in ("Shade", "Heat")
        )
        service = RecommendationService(db)
        service.propose(first, SAID[:2], actor=OPERATOR)
        service.propose(second, SAID[2:], actor=OPERATOR)
        service.settle(forum, [2], RecommendationStatus.CONFIRMED, actor=OPERATOR)
        declarations = DeclarationService(db)
        made = declarations.create(
            forum,
            slug="declaration",
            name=factories.trilingual("Draft"),
            language=EN,
            blocks=[NewBlock(BlockKind.OPERATIVE, {EN: text}) for text in ("One.", "We shall map our shade.")],
            actor=OPERATOR,
        )
        declarations.enter(made, Phase.REVIEW, actor=OPERATOR)
        recommendation = service.register(forum, actor=OPERATOR)[1]
        declarations.link(
            made,
            made.head.rows[1].block_id,
            recommendation,
            kind=ProvenanceKind.PARTLY,
            note="only the map",
            actor=OPERATOR,
        )
        return store


@pytest.fixture
def rapporteur(register):
    with register.writing() as db:
        rapporteur = factories.person(db, Role.RAPPORTEUR)
        for session in SessionService(db).programme(factories.forum(db), actor=OPERATOR):
            SessionService(db).give_to(session, rapporteur.person_id, actor=OPERATOR)
        return rapporteur


def numbers(answer):
    page = answer if isinstance(answer, Page) else Page(answer)
    return [int(row.removeprefix("r-")) for row in page.root.xpath("//tr/@id")]


def standings(store):
    with store.reading() as db:
        return [one.standing.value for one in RecommendationService(db).register(factories.forum(db), actor=OPERATOR)]


def settle(client, act, *chosen, **more):
    form = [("csrf", token_of(client)), ("act", act), *(("number", str(one)) for one in chosen), *more.items()]
    return client.post(
        REGISTER,
        content="&".join(f"{name}={value}" for name, value in form),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )


@pytest.mark.parametrize("language", Language)
def test_the_register_speaks_three_languages(rapporteur, visit, language):
    answer = visit(rapporteur).get(f"/{language}/third-forum/recommendations")
    assert answer.status_code == 200
    assert Page(answer).language == language


def test_each_keeps_its_words_and_says_where_it_was_said_and_where_it_went(rapporteur, visit):
    page = Page(visit(rapporteur).get(REGISTER))
    assert (page.count, page.data("homeless")) == (3, ["2"])
    [french] = page.root.xpath("//p[@class='text'][@lang='fr']")
    assert french.text == "Il faut former des veilleurs de chaleur <payés>."
    row = page.by_id("r-2")
    assert [link for link in row.links if link.endswith("#line-20")]
    went = row.part("went", "partly")
    assert "2" in went.root.xpath(".//a")[0].text_content()
    assert "only the map" in went.text
    assert "nowhere" in page.by_id("r-1").data("state")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 3]),
        ("?words=SOMBRA", [1]),
        ("?words=árboles+sombra", [1]),
        ("?words=arbol+shade", []),
        ("?said_in=en", [2]),
        ("?standing=proposed", [1, 3]),
        ("?standing=confirmed", [2]),
        ("?went=nowhere", [1, 3]),
        ("?went=somewhere", [2]),
        ("?said_in=fr&went=nowhere", [3]),
        ("?from=3", [3]),
        ("?from=x", [1, 2, 3]),
    ],
)
def test_the_filters_find_what_they_say(rapporteur, visit, query, found):
    answer = visit(rapporteur).get(REGISTER + query)
    assert answer.status_code == 200
    assert numbers(answer) == found


def test_a_filter_by_session_finds_what_was_said_there(register, rapporteur, visit):
    with register.reading() as db:
        session_id = RecommendationService(db).register(factories.forum(db), actor=OPERATOR)[2].session_id
    assert numbers(visit(rapporteur).get(f"{REGISTER}?session={session_id}")) == [3]


def test_filters_that_nothing_fits_say_what_to_do(rapporteur, visit):
    page = Page(visit(rapporteur).get(f"{REGISTER}?words=nothing"))
    assert page.is_empty
    assert REGISTER in page.links


def test_a_long_register_is_shown_in_pages_that_keep_the_filters(register, rapporteur, visit):
    with register.writing() as db:
        session = SessionService(db).programme(factories.forum(db), actor=OPERATOR)[0]
        said = [VerbatimStatement(f"Towns must act, {number}.", "en") for number in range(60)]
        RecommendationService(db).propose(session, said, actor=OPERATOR)
    client = visit(rapporteur)
    first = client.get(f"{REGISTER}?said_in=en")
    assert len(numbers(first)) == 50
    assert f'{REGISTER}?said_in=en&amp;from=51"' in first.text
    second = client.get(f"{REGISTER}?said_in=en&from=51")
    assert numbers(second) == [*range(53, 64)]
    assert f'{REGISTER}?said_in=en"' in second.text


def test_the_rapporteur_confirms_what_is_ticked(register, rapporteur, visit):
    answer = settle(visit(rapporteur), "confirm", 3, back="/en/third-forum/recommendations?said_in=fr")
    assert standings(register) == ["proposed", "confirmed", "confirmed"]
    assert Page(answer).result == "recommendations.settled"
    assert str(answer.url.raw_path, "ascii") == f"{REGISTER}?said_in=fr"


def test_the_rapporteur_drops_several(register, rapporteur, visit):
    answer = settle(visit(rapporteur), "drop", 1, 3, reason="Twice")
    assert standings(register) == ["dropped", "confirmed", "dropped"]
    page = Page(answer)
    assert page.result == "recommendations.settled"
    assert (page.count, page.data("homeless")) == (3, ["0"])
    assert "Sómbra" in page.text


def test_the_rapporteur_accepts_every_proposal_at_once(register, rapporteur, visit):
    client = visit(rapporteur)
    assert Page(client.get(REGISTER)).has_button("confirm_all")
    settle(client, "confirm_all", count="2")
    assert standings(register) == ["confirmed", "confirmed", "confirmed"]


def test_nothing_ticked_is_nothing_done(register, rapporteur, visit):
    with register.reading() as db:
        before = db.scalar(sa.select(sa.func.count()).select_from(LogEntry))
    answer = settle(visit(rapporteur), "drop", reason="Twice")
    assert Page(answer).result == ""
    with register.reading() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(LogEntry)) == before


def test_a_number_that_is_not_in_the_register_changes_nothing(register, rapporteur, visit):
    assert settle(visit(rapporteur), "drop", 1, 99, reason="Twice").status_code == 404
    assert standings(register) == ["proposed", "confirmed", "proposed"]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.TRANSLATOR, Role.COMMITTEE])
def test_others_read_the_register_and_are_shown_no_form(register, visit, role):
    with register.writing() as db:
        client = visit(factories.person(db, role))
    page = Page(client.get(REGISTER))
    assert numbers(page) == [1, 2, 3]
    assert not page.root.xpath("//main//input[@type='checkbox']")
    assert settle(client, "drop", 1).status_code == 404
    assert standings(register) == ["proposed", "confirmed", "proposed"]


def test_a_visitor_sees_the_register_once_the_text_is_in_consultation(register, visit):
    client = visit(NOBODY)
    assert client.get(REGISTER).status_code == 404
    with register.writing() as db:
        service = DeclarationService(db)
        service.enter(service.at(factories.forum(db), "declaration"), Phase.CONSULTATION, actor=OPERATOR)
    page = Page(client.get(REGISTER))
    assert page.count == 1
    assert not page.has_field("went")
    assert not page.data("homeless")


def test_an_empty_register_says_what_to_do(store, visit):
    with store.writing() as db:
        client = visit(factories.person(db, Role.RAPPORTEUR))
    page = Page(client.get(REGISTER))
    assert (page.count, page.is_empty) == (0, True)
    assert page.links_to("/third-forum/sessions")


def test_the_register_asks_the_same_number_of_questions_for_three_and_for_thirty(register, rapporteur, visit):
    client = visit(rapporteur)

    def cost():
        asked = []

        def note(*given):
            asked.append(given[2])

        sa.event.listen(register.engine, "before_cursor_execute", note)
        assert client.get(REGISTER).status_code == 200
        sa.event.remove(register.engine, "before_cursor_execute", note)
        return len(asked)

    client.get(REGISTER)
    three = cost()
    with register.writing() as db:
        session = SessionService(db).programme(factories.forum(db), actor=OPERATOR)[0]
        RecommendationService(db).propose(
            session, [VerbatimStatement(f"Act, {n}.", "en") for n in range(27)], actor=OPERATOR
        )
    assert cost() == three
