"""Taking an amendment back: one's own, and only while nothing is decided."""

import pytest

from tests.support.page import Page
from tests.support.texts import delete, insert, reword
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.test_committee import undo
from workspace.amendments.domain.models import Disposition, Verdict
from workspace.amendments.service import AmendmentService
from workspace.core.actor import NOBODY
from workspace.core.errors import AlreadyProposed, NotAllowed, NotFound, Undecidable
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.phase_changes import PhaseService


def withdraw(room, number, by):
    amendment_id = room.amendment(number).id
    with room.store.writing() as db:
        AmendmentService(db).withdraw(amendment_id, actor=by)


def test_its_author_takes_an_amendment_back_and_its_words_stay_on_record(any_room):
    room = any_room
    number = room.propose(delete(room.block(0)))

    withdraw(room, number, room.member)

    assert room.disposition(number) is Disposition.WITHDRAWN
    assert len(room.amendment(number).versions) == 1
    with pytest.raises(Undecidable):
        room.adopt(number)


def test_a_referred_amendment_can_still_be_withdrawn(room):
    number = room.propose(delete(room.block(0)))
    room.decide({number: Verdict.REFER})

    withdraw(room, number, room.member)

    assert room.disposition(number) is Disposition.WITHDRAWN


@pytest.mark.parametrize("verdict", [Verdict.ADOPT, Verdict.REJECT])
def test_what_was_decided_cannot_be_withdrawn(room, verdict):
    number = room.propose(delete(room.block(0)))
    room.decide({number: verdict})

    with pytest.raises(Undecidable) as refused:
        withdraw(room, number, room.member)
    assert refused.value.facts == {"number": number, "reason": "decided"}


def test_nobody_withdraws_for_somebody_else(room):
    number = room.propose(delete(room.block(0)))

    for somebody in (room.other, room.chair, NOBODY):
        with pytest.raises(NotFound):
            withdraw(room, number, somebody)
    assert room.disposition(number) is Disposition.OPEN


def test_one_that_stands_in_brackets_is_withdrawn_and_its_words_stay_for_the_committee_to_settle(room):
    number = room.propose(reword(room.block(0), "Towns shall share free water with their neighbours."))
    room.decide({number: Verdict.BRACKET})
    with pytest.raises(Undecidable):
        room.revise(number, delete(room.block(0)))

    withdraw(room, number, room.member)
    assert room.disposition(number) is Disposition.WITHDRAWN
    with browsing(room.store, room.chair) as chair:
        page = chair.see(f"{DRAFT}/desk?text=en")
        assert "Marta Olivar (1," in Page(page).part("alternative", "B").text
        chair.fill(page, f"{DRAFT}/desk/brackets/1", alternative="1")

    assert room.texts()[0] == "Towns shall share free water with their neighbours."
    assert room.disposition(number) is Disposition.WITHDRAWN


def test_a_withdrawal_says_what_it_entails_and_is_undone_within_its_phase(room):
    number = room.propose(reword(room.block(0), "Towns shall share free water."))
    child = room.amend(number, reword(room.block(0), "Towns shall share warm water."))
    with browsing(room.store, room.member) as member:
        [hint] = member.page(f"{DRAFT}/amendments/{number}").form("/withdrawal").element.xpath(".//*[@class='hint']")
        member.send(f"{DRAFT}/amendments/{number}/withdrawal")
        gone = member.page(f"{DRAFT}/amendments/{number}")
        assert room.disposition(child) is Disposition.FALLEN
        member.send(f"{DRAFT}/amendments/{number}/withdrawal/undoing")
        back = member.page(f"{DRAFT}/amendments/{number}")

    assert "lapses with it" in hint.text_content()
    assert gone.forms_to("/withdrawal/undoing")
    assert back.result == "amendment.reinstated decision.taken"
    assert (room.disposition(number), room.disposition(child)) == (Disposition.OPEN, Disposition.OPEN)
    with room.store.reading() as db:
        decisions = AmendmentService(db).decisions(room.declaration)
        [fall, undo] = decisions
        assert (fall.verdict, fall.amendment.number, fall.because_of.number) == (Verdict.FALL, child, number)
        assert (undo.verdict, [one.id for one in undo.undoes], fall.undone_by) == (Verdict.UNDO, [fall.id], undo)


def test_programs_learn_that_what_was_accepted_into_it_falls_with_it(room):
    room.propose(reword(room.block(0), "Towns share."))
    room.adopt(room.amend(1, reword(room.block(0), "Towns share much.")))
    with browsing(room.store, room.member) as member:
        foreseen = member.see(f"/api/amendments/{room.amendment(1).id}/withdrawal").json()
    withdraw(room, 1, room.member)
    assert (foreseen["falls"], room.disposition(2)) == ([2], Disposition.FALLEN)


def test_a_withdrawal_is_undone_by_its_own_alone_and_in_its_phase_alone(room):
    number, other = (room.propose(reword(room.block(0), words)) for words in ("Towns share.", "Towns share all."))
    for withdrawn in (number, other):
        withdraw(room, withdrawn, room.member)
    with room.store.writing() as db, pytest.raises(NotAllowed):
        AmendmentService(db).reinstate(room.amendment(number).id, actor=room.chair)
    filed = room.propose(reword(room.block(0), "Towns share."), by=room.other)
    with room.store.writing() as db, pytest.raises(AlreadyProposed):
        AmendmentService(db).reinstate(room.amendment(number).id, actor=room.member)
    withdraw(room, filed, room.other)
    with room.store.writing() as db:
        service = AmendmentService(db)
        PhaseService(db).move(service.declarations.get(room.declaration.id), Phase.CONSULTATION, actor=room.chair)
    with room.store.writing() as db, pytest.raises(Undecidable) as late:
        AmendmentService(db).reinstate(room.amendment(other).id, actor=room.member)

    assert late.value.facts["reason"] == "not_withdrawn"
    with browsing(room.store, room.member) as member:
        assert not member.page(f"{DRAFT}/amendments/{other}").forms_to("/withdrawal/undoing")


@pytest.mark.parametrize("verdict", [Verdict.REFER, Verdict.BRACKET])
def test_one_is_reinstated_without_what_was_undone_since_it_was_withdrawn(room, verdict):
    number = room.propose(reword(room.block(0), "Towns share."))
    room.decide({number: verdict})
    withdraw(room, number, room.member)
    undo(room, 1)
    with room.store.writing() as db:
        AmendmentService(db).reinstate(room.amendment(number).id, actor=room.member)

    assert room.disposition(number) is Disposition.OPEN


def test_one_is_reinstated_on_a_text_that_has_become_shorter_since(room):
    added = insert("new", "Towns rest.", after=room.block(-1))
    number = room.propose(added)
    withdraw(room, number, room.member)
    room.edit(delete(room.block(0)))
    with room.store.writing() as db:
        AmendmentService(db).reinstate(room.amendment(number).id, actor=room.member)
    assert room.disposition(number) is Disposition.OPEN

    withdraw(room, number, room.member)
    room.propose(added, by=room.other)
    with room.store.writing() as db, pytest.raises(AlreadyProposed):
        AmendmentService(db).reinstate(room.amendment(number).id, actor=room.member)


def test_the_committee_undoes_its_last_decisions_though_something_was_withdrawn_since(room):
    first = room.propose(reword(room.block(0), "Towns share."))
    second = room.propose(reword(room.block(1), "Towns light."))
    room.adopt(first)
    withdraw(room, second, room.member)

    undo(room, 1)

    assert room.disposition(first) is Disposition.OPEN
