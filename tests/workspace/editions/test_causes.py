"""Beside each published paragraph stands what put it there, as far as the reader may know; nothing that was undone."""

from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language
from tests.support import factories
from tests.support.page import Page
from tests.support.site import token_of
from workspace.amendments.domain.models import Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.core import clock
from workspace.core.actor import NOBODY, OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.declarations.domain.service import DeclarationService
from workspace.editions.domain.causes import edition_acts
from workspace.people.models import Organisation
from workspace.people.service import PeopleService
from workspace.procedure.models import End, Ending, Majority, Means, Question, QuestionDecision, Subject

ES, EN, FR = Language
AT = "third-forum/declaration"
WATER = {
    ES: "Las ciudades compartirán el agua.",
    EN: "Towns shall share water.",
    FR: "Les villes partagent l’eau.",
}
TREES = {ES: "Las ciudades plantarán árboles.", EN: "Towns shall plant trees.", FR: "Les villes plantent des arbres."}


def adopt(hall, member, place: int, text: str):
    """One amendment is filed and adopted; its number and decision."""
    with hall.store.writing() as db:
        declaration = hall.declaration(db)
        amendment = AmendmentService(db).propose(
            declaration.id,
            base_revision=declaration.head.number,
            language=EN,
            changes=[Change(ChangeOp.REWORD, str(hall.block(place)), text=text)],
            reason="",
            actor=member,
        )
        made = AmendmentService(db).decide(
            declaration.id,
            [Ruling(amendment.id, Verdict.ADOPT, reason="It is better so.")],
            expected_head=declaration.head_id,
            actor=hall.chair,
        )
        return amendment.number, [decision.id for decision in made.decisions]


def vote(hall, decision_id: UUID) -> None:
    with hall.store.writing() as db:
        declaration = hall.declaration(db)
        question = Question(
            declaration=declaration, number=1, means=Means.VOTE, subject=Subject.AMENDMENT,
            revision_id=declaration.head_id, record_date=date(2027, 1, 1), majority=Majority.SIMPLE, quorum=0,
            abstentions_count=False, is_roll_call=False, one_voice=True, put_at=clock.now(),
        )  # fmt: skip
        db.add(question)
        db.flush()
        db.add(End(question_id=question.id, ending=Ending.CARRIED, yes=12, no=3, abstain=1, ended_at=clock.now()))
        db.add(QuestionDecision(question_id=question.id, decision_id=decision_id))


@pytest.fixture
def published(hall):
    """Amendment 1 on the first paragraph stands, by a vote; 2 on the second was adopted and undone."""
    hall = hall(WATER, TREES)
    with hall.store.writing() as db:
        DeclarationService(db).enter(hall.declaration(db), Phase.REVIEW, actor=OPERATOR)
        forum = factories.forum(db)
        town = Organisation(network_id=forum.network_id, name="Port of Lisbon")
        db.add(town)
        db.flush()
        service = PeopleService(db)
        made = service.add_person(forum, name="Ana", role=Role.MEMBER, organisation=town, actor=OPERATOR)
        member = made.as_actor()
    number, [decision] = adopt(hall, member, 0, "Towns shall share their water.")
    vote(hall, decision)
    hall.number = number
    adopt(hall, member, 1, "Towns shall fell trees.")
    with hall.store.writing() as db:
        declaration, service = hall.declaration(db), AmendmentService(db)
        last = service.undoable(declaration)
        service.undo(declaration.id, last.number, reason="Wrong.", expected_head=declaration.head_id, actor=hall.chair)
        for amendment in service.undecided(declaration, actor=hall.chair):
            service.decide(
                declaration.id, [Ruling(amendment.id, Verdict.REJECT, reason="No.")],
                expected_head=declaration.head_id, actor=hall.chair,
            )  # fmt: skip
        DeclarationService(db).enter(declaration, Phase.ADOPTION, actor=OPERATOR)
    hall.save(ES, 0, "Las ciudades compartirán su agua.", sources=(EN,))
    hall.save(FR, 0, "Les villes partagent leur eau.", sources=(EN,))
    hall.sign()
    hall.request()
    hall.publish()
    return hall


def open_history(hall) -> None:
    with hall.store.writing() as db:
        PhaseService(db).open_history(hall.declaration(db), is_open=True, reason="It is history.", actor=hall.chair)


@pytest.mark.parametrize("text", ["en", "es,en,fr"])
def test_the_page_names_the_amendment_its_decision_vote_and_words_beside_each_paragraph(published, visit, text):
    open_history(published)
    page = Page(visit(NOBODY).get(f"/fr/{AT}/editions/1?text={text}"))
    blocks = [str(published.block(place)) for place in (0, 1)]
    assert page.data("cause-of") == blocks
    first, second = page.rows("cause-of")
    assert first.data("amendment") == [str(published.number)]
    assert first.data("act") == ["adoption", "import"]
    assert "Port of Lisbon" in first.text
    assert "12" in first.text
    assert "their" in first.root.xpath("string(.//*[@lang='en']//ins)")
    assert second.data("act") == ["import"]
    assert second.data("amendment") == []


def test_the_page_of_a_paragraph_and_programs_tell_the_same(published, visit):
    open_history(published)
    client, block = visit(NOBODY), published.block(0)
    page = Page(client.get(f"/en/{AT}/editions/1/paragraphs/{block}"))
    assert (page.status, page.data("amendment")) == (200, [str(published.number)])
    assert "It is better so." in page.text
    first, second = client.get(f"/api/declarations/{published.declaration_id}/editions/1/paragraphs").json()["items"]
    [act] = [act for act in first["acts"] if act["cause"] == "adoption"]
    assert act["changes"] == [
        {"language": "en", "before": "Towns shall share water.", "after": "Towns shall share their water."}
    ]
    [decision] = act["decisions"]
    assert (decision["amendment"], decision["proposer"]) == (published.number, "Port of Lisbon")
    assert decision["vote"] == {"yes": 12, "no": 3, "abstain": 1}
    assert [act["cause"] for act in second["acts"]] == ["import"]


def test_while_the_history_is_closed_visitors_learn_that_it_was_amended_and_members_by_what(published, visit):
    visitor, member = visit(NOBODY), visit(published.chair)
    at = f"/en/{AT}/editions/1"
    first = Page(visitor.get(at)).rows("cause-of")[0]
    assert (first.data("act"), first.data("decision")) == (["adoption", "import"], [])
    assert "Lisbon" not in first.text
    assert not first.root.xpath(".//ins")
    assert Page(member.get(at)).rows("cause-of")[0].data("amendment") == [str(published.number)]
    told = visitor.get(f"/api/declarations/{published.declaration_id}/editions/1/paragraphs").json()
    assert [(act["changes"], act["decisions"]) for act in told["items"][0]["acts"]] == [([], [])] * 2


def test_the_provenance_edition_names_what_stands_and_not_what_was_undone(published, visit):
    open_history(published)
    told = visit(NOBODY).get(f"/en/{AT}/editions/1/provenance/provenance.en.html").text.partition("<body>")[2]
    assert f"Amendment {published.number} (Port of Lisbon)" in told
    assert f"Amendment {published.number + 1}" not in told


def test_the_chair_opens_the_history_to_everybody_with_a_reason_and_closes_it(published, visit):
    chair, visitor, at = visit(published.chair), visit(NOBODY), f"/en/{AT}/editions"
    assert not Page(visitor.get(at)).root.xpath("//main//form")
    [form] = Page(chair.get(at)).forms
    sent = {**form.values, "reason": ""}
    assert Page(chair.post(form.action, data=sent)).refusal == "workspace.invalid:empty"
    assert Page(chair.post(form.action, data={**sent, "reason": "It is history."})).result == "history.opened"
    assert Page(visitor.get(f"{at}/1")).data("amendment") == [str(published.number)]
    [form] = Page(chair.get(at)).forms
    assert Page(chair.post(form.action, data={**form.values, "reason": "Not yet."})).result == "history.closed"
    assert Page(visitor.get(f"{at}/1")).data("amendment") == []
    assert visitor.post(at, data={"csrf": token_of(visitor), "is_open": "yes", "reason": "Me."}).status_code == 404


def test_words_are_not_ascribed_to_what_was_decided_with_them_in_another_language(hall):
    hall = hall(WATER, TREES)
    block = str(hall.block(1))
    with hall.store.writing() as db:
        declaration, service = hall.declaration(db), AmendmentService(db)
        DeclarationService(db).enter(declaration, Phase.REVIEW, actor=OPERATOR)
        member = factories.person(db, Role.MEMBER)
        filed = [
            service.propose(
                declaration.id, base_revision=1, language=language, changes=[change], reason="", actor=member
            )
            for language, change in (
                (EN, Change(ChangeOp.REWORD, block, text="Towns shall plant oaks.")),
                (ES, Change(ChangeOp.MOVE, block)),
            )
        ]
        rulings = [Ruling(amendment.id, Verdict.ADOPT) for amendment in filed]
        service.decide(declaration.id, rulings, expected_head=declaration.head_id, actor=hall.chair)
        read = SimpleNamespace(declaration_id=declaration.id, revision=declaration.head)
        acts = edition_acts(db, read)[UUID(block)]

    assert [[decision.amendment for decision in act.decisions] for act in acts] == [[], [filed[0].number]]
