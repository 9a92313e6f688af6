"""Taking an amendment back: one's own, and only while nothing is decided."""

import pytest

from tests.support.page import Page
from tests.support.texts import delete, reword
from tests.workspace.amendments.browsing import DRAFT, browsing
from workspace.amendments.domain.models import Disposition, Verdict
from workspace.amendments.service import AmendmentService
from workspace.core.actor import NOBODY
from workspace.core.errors import NotFound, Undecidable


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
