"""Drafting from the register with the bank of adopted texts, in a browser."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Provenance
from workspace.declarations.domain.service import DeclarationService
from workspace.editions.domain.models import Edition
from workspace.people.models import Person
from workspace.recommendations.models import Recommendation
from workspace.recommendations.service import RecommendationService

DRAFTING = "/en/third-forum/declaration/drafting"
BANK = "/en/third-forum/sessions/adopted-texts"


@pytest.fixture
def draft(store, document):  # noqa: ARG001  (what it leaves in the store)
    """A draft of one paragraph; three recommendations are confirmed."""
    with store.writing() as db:
        made = factories.declaration(db, "Towns shall share water.", phase=Phase.DRAFTING)
        RecommendationService(db).confirm_all(factories.forum(db), actor=OPERATOR)
        return made.id


@pytest.fixture
def desk(visit, store, draft):
    with store.writing() as db:
        client = visit(factories.person(db, Role.COMMITTEE))
    client.get(DRAFTING)

    def send(act, **fields):
        with store.reading() as db:
            head = str(db.get_one(Declaration, draft).head_id)
        form = {"csrf": token_of(client), "act": act, "head": head, "language": "en", **fields}
        return client.post(DRAFTING, data=form, follow_redirects=False)

    send.client = client
    return send


def paragraphs(store, draft):
    with store.reading() as db:
        return [row.content(Language.EN) for row in queries.head_rows(db, db.get_one(Declaration, draft))]


def block(store, draft):
    with store.reading() as db:
        return str(queries.head_rows(db, db.get_one(Declaration, draft))[0].block_id)


def links(store):
    with store.reading() as db:
        rows = sa.select(Recommendation.number, Provenance.block_id).join(
            Provenance, Provenance.recommendation_id == Recommendation.id
        )
        return {number: str(block_id) for number, block_id in db.execute(rows)}


@pytest.mark.parametrize("language", Language)
def test_the_desk_and_the_bank_speak_three_languages(desk, language):
    for address in (DRAFTING, BANK):
        answer = desk.client.get(address.replace("/en/", f"/{language}/"))
        assert answer.status_code == 200
        assert Page(answer).language == language


def test_a_paragraph_is_started_from_recommendations_and_linked_with_them(desk, store, draft):
    composed = desk("compose", number=["2", "3"])
    words = Page(composed).field("wording").value
    assert words.startswith("Regions should lend pumps to the towns that ask for them. Schools must teach")

    answer = desk(
        "save", number=["2", "3"], way="start", wording="We shall lend pumps and teach about water.", reason="Asked."
    )

    assert answer.status_code == 303
    assert paragraphs(store, draft) == ["Towns shall share water.", "We shall lend pumps and teach about water."]
    assert set(links(store)) == {2, 3}
    assert len(set(links(store).values())) == 1
    assert Page(desk.client.get(DRAFTING)).count == 1


def test_a_paragraph_is_extended_with_the_words_of_a_recommendation(desk, store, draft):
    target = block(store, draft)

    desk("save", number="2", way="extend", block=target, wording="Regions shall lend pumps.", reason="Asked.")

    assert paragraphs(store, draft) == ["Towns shall share water. Regions shall lend pumps."]
    assert links(store) == {2: target}


@pytest.mark.parametrize(
    "fields",
    [
        {"wording": "", "reason": "Asked."},
        {"wording": "We shall.", "reason": ""},
        {"wording": "We shall.", "reason": "Asked.", "way": "extend"},
        {"wording": "We shall.", "reason": "Asked.", "head": "0" * 32},
    ],
    ids=["no words", "no reason", "no paragraph", "stale"],
)
def test_what_cannot_be_saved_is_shown_again_and_changes_nothing(desk, store, draft, fields):
    answer = desk("save", number="2", **fields)

    assert answer.status_code == 422
    assert fields["wording"] in answer.text
    assert paragraphs(store, draft) == ["Towns shall share water."]
    assert links(store) == {}


def test_the_bank_is_found_whatever_the_accents_and_quoted_with_its_place(desk):
    form = {
        "csrf": token_of(desk.client),
        "source": "Déclaration des fontaines",
        "citation": "§ 4",
        "language": "fr",
        "text": "L’eau est à tous.",
    }
    assert desk.client.post(BANK, data=form, follow_redirects=False).status_code == 303

    shown = desk("show", bank="declaration des FONTAINES", wording="We recall:")
    passage = shown.text.split('value="quote:')[1].split('"')[0]
    quoted = desk(f"quote:{passage}", wording="We recall:", bank="eau")

    assert Page(quoted).field("wording").value == "We recall: L’eau est à tous. (Déclaration des fontaines, § 4)"
    assert Page(desk.client.get(BANK, params={"words": "desert"})).count == 0


def test_a_passage_without_its_place_is_refused(desk):
    form = {"csrf": token_of(desk.client), "source": "A", "citation": " ", "language": "en", "text": "B"}

    assert desk.client.post(BANK, data=form).status_code == 422


@pytest.mark.parametrize("role", [Role.MEMBER, Role.RAPPORTEUR])
def test_whoever_does_not_draft_finds_no_desk(visit, store, draft, role):
    with store.writing() as db:
        client = visit(factories.person(db, role, "S. Omebody"))

    assert client.get(DRAFTING).status_code == 404
    form = {"csrf": token_of(client), "act": "save", "wording": "We.", "reason": "x"}
    assert client.post(DRAFTING, data=form).status_code == 404
    assert paragraphs(store, draft) == ["Towns shall share water."]


def publish(store, declaration_id):
    with store.writing() as db:
        declaration = db.get_one(Declaration, declaration_id)
        chair = db.scalars(sa.select(Person.id)).first()
        db.add(
            Edition(
                declaration_id=declaration_id,
                revision_id=declaration.head_id,
                number=1,
                adopted_on=date(2027, 3, 4),
                manifest_sha256="0" * 64,
                requested_by_id=chair,
                published_by_id=chair,
                published_at=clock.now(),
            )
        )
        DeclarationService(db).enter(declaration, Phase.PUBLISHED, actor=OPERATOR)


def test_what_this_forum_has_published_is_quoted_while_drafting_and_found_by_programs(desk, store, draft):  # noqa: ARG001
    with store.writing() as db:
        older = factories.declaration(db, "Rivers shall have a voice.", slug="first", phase=Phase.DRAFTING).id
    publish(store, older)

    shown = desk("show", bank="RÍVERS voice").text
    keys = [one.split('"')[0] for one in shown.split('value="own:')[1:]]
    key = next(one for one in keys if one.endswith(":en"))
    quoted = Page(desk(f"own:{key}", wording="We recall:", bank="rivers")).field("wording").value
    told = desk.client.get("/api/forums/third-forum/published-passages", params={"words": "rivers"}).json()["items"]

    assert quoted.startswith("We recall: Rivers shall have a voice. (")
    assert re.findall(r"\d+", quoted) == ["1", "1"], "the edition and the paragraph"
    assert [(one["text"], one["language"], one["edition"]) for one in told if one["language"] == "en"] == [
        ("Rivers shall have a voice.", "en", 1)
    ]
    assert desk(f"own:{key[:-2]}xx", wording="We recall:").status_code == 404
    assert desk("own:nothing", wording="We recall:").status_code == 404


def test_the_bank_also_finds_what_this_forum_has_published(desk, store, draft):
    publish(store, draft)

    shown = Page(desk.client.get(BANK, params={"words": "SHARE wáter"}))

    assert "Towns shall share water." in shown.text
    assert [link for link in shown.links if "/editions/1" in link]
