"""Amendments to amendments: filed on what another proposes, decided before it, and sharing its fate."""

import pytest

from drafts.merge.rebase import RebaseStatus
from tests.support.texts import delete, insert, reword
from tests.workspace.amendments.room import LIGHT, SHADE, WATER, opened
from tests.workspace.amendments.test_committee import undo
from workspace.amendments.domain.models import DecisionOutcome, Disposition, Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.core.errors import Invalid, NotAllowed, Undecidable
from workspace.declarations.domain.service import DeclarationService

ALL = "Towns shall share clean water with all their neighbours."
EVERYBODY = "Towns shall share clean water with all their neighbours, and with everybody."
POOR = "Towns shall share clean water with all their poorer neighbours."
NEAR = "Towns shall share clean water with all their nearer neighbours."


@pytest.fixture
def parent(room):
    return room.propose(reword(room.block(0), ALL))


def test_a_child_is_filed_on_the_words_its_parent_proposes(any_store):
    room = opened(any_store)
    parent = room.propose(reword(room.block(0), ALL))

    child = room.amend(parent, reword(room.block(0), EVERYBODY))

    with room.store.reading() as db:
        service = AmendmentService(db)
        found = service.numbered(service.declarations.get(room.declaration.id), child, actor=room.chair)
        words = [(words.old, words.new) for hunk in service.proposal(found).hunks for words in hunk.words]
        assert words == [("", ", and with everybody")]
        assert found.parent.number == parent
        assert found.own.parent_version_id == found.parent.own.id
    assert room.texts()[0] == WATER


def test_a_child_can_change_a_paragraph_that_only_its_parent_has(room):
    parent = room.propose(insert("new", "Towns shall dig wells.", after=room.block(2)))
    [made] = [str(record.change["block"]) for record in room.amendment(parent).own.changes]

    child = room.amend(parent, reword(made, "Towns shall dig deep wells."))
    room.decide({child: Verdict.ADOPT, parent: Verdict.ADOPT})

    assert room.texts() == [WATER, LIGHT, SHADE, "Towns shall dig deep wells."]


def test_adopting_a_parent_adopts_what_was_accepted_into_it(any_store):
    room = opened(any_store)
    parent = room.propose(reword(room.block(0), ALL))
    child = room.amend(parent, reword(room.block(0), EVERYBODY))

    first = room.adopt(child)

    assert (room.outcomes(first), first.revision) == ([DecisionOutcome.TAKEN], None)
    assert room.disposition(child) is Disposition.ACCEPTED
    assert room.texts()[0] == WATER

    second = room.adopt(parent)

    assert room.outcomes(second) == [DecisionOutcome.APPLIED]
    assert room.texts()[0] == EVERYBODY
    assert (room.disposition(parent), room.disposition(child)) == (Disposition.ADOPTED, Disposition.ADOPTED)
    assert room.words(parent)[0] == [ALL]


def test_both_can_be_decided_at_once_children_first(room, parent):
    child = room.amend(parent, reword(room.block(0), EVERYBODY))

    adoption = room.decide({parent: Verdict.ADOPT, child: Verdict.ADOPT})

    assert room.outcomes(adoption) == [DecisionOutcome.APPLIED, DecisionOutcome.TAKEN]
    assert room.texts()[0] == EVERYBODY


def test_a_parent_waits_until_its_children_are_decided(room, parent):
    child = room.amend(parent, reword(room.block(0), EVERYBODY))
    with pytest.raises(Undecidable) as refused:
        room.adopt(parent)
    assert refused.value.facts == {"number": parent, "reason": "children_first"}

    room.decide({child: Verdict.REJECT, parent: Verdict.ADOPT})

    assert room.texts()[0] == ALL
    assert room.disposition(child) is Disposition.REJECTED


@pytest.mark.parametrize("verdict", [Verdict.REFER, Verdict.ADOPT])
def test_a_parent_waits_for_a_child_that_the_same_round_leaves_open(room, parent, verdict):
    children = [room.amend(parent, reword(room.block(0), text)) for text in (POOR, NEAR)]
    with pytest.raises(Undecidable) as refused:
        room.decide({**dict.fromkeys(children, verdict), parent: Verdict.ADOPT})
    assert refused.value.facts == {"number": parent, "reason": "children_first"}
    assert {room.disposition(number) for number in (parent, *children)} == {Disposition.OPEN}


def test_what_is_accepted_shows_in_how_its_parent_stands(room, parent):
    child = room.amend(parent, reword(room.block(0), EVERYBODY))
    room.adopt(child)
    assert room.words(parent) == [[ALL], [EVERYBODY]]

    room.edit(reword(room.block(0), WATER.replace("clean", "free")))

    assert room.status(parent) == (RebaseStatus.STILL_APPLIES, 2)
    assert room.words(parent)[-1] == [EVERYBODY.replace("clean", "free")]


@pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.ADOPT_MODIFIED])
def test_children_fall_with_a_parent_whose_words_are_not_taken(room, parent, verdict):
    open_one, accepted = (room.amend(parent, reword(room.block(0), text)) for text in (POOR, EVERYBODY))
    room.adopt(accepted)

    room.decide({parent: Ruling(None, verdict, "", (reword(room.block(0), "Towns shall give."),))})

    assert [room.disposition(one) for one in (open_one, accepted)] == [Disposition.FALLEN] * 2


CITIES = ALL.replace("Towns", "Cities")


def _reworded(room, parent, others, text=CITIES):
    """Decide on others with their parent, which is adopted in the committee's words."""
    changes = (reword(room.block(0), text),)
    return room.decide({parent: Ruling(None, Verdict.ADOPT_MODIFIED, "", changes), **others})


def test_what_is_taken_into_a_parent_goes_into_the_words_in_which_that_is_adopted_at_once(any_store):
    room = opened(any_store)
    parent = room.propose(reword(room.block(0), ALL))
    child = room.amend(parent, reword(room.block(0), EVERYBODY))

    adoption = _reworded(room, parent, {child: Verdict.ADOPT})

    assert room.outcomes(adoption) == [DecisionOutcome.APPLIED, DecisionOutcome.TAKEN]
    assert room.texts()[0] == EVERYBODY.replace("Towns", "Cities")
    assert [room.disposition(number) for number in (parent, child)] == [Disposition.ADOPTED] * 2
    assert room.amendment(child).parent.number == parent

    undo(room, 1)

    assert room.texts()[0] == WATER
    assert [room.disposition(number) for number in (parent, child)] == [Disposition.OPEN] * 2
    assert room.amendment(child).parent.number == parent


def test_what_is_taken_into_a_parent_falls_where_it_has_no_place_in_the_words_adopted_at_once(room, parent):
    child = room.amend(parent, reword(room.block(0), EVERYBODY))
    adoption = _reworded(room, parent, {child: Verdict.ADOPT}, "Towns shall give.")
    assert room.outcomes(adoption) == [DecisionOutcome.APPLIED, DecisionOutcome.TAKEN]
    assert (room.texts()[0], room.disposition(child)) == ("Towns shall give.", Disposition.FALLEN)


def test_one_that_is_decided_with_its_parent_does_not_stand_on_its_own(room, parent):
    rejected, waits = (room.amend(parent, reword(room.block(0), text)) for text in (POOR, EVERYBODY))
    _reworded(room, parent, {rejected: Verdict.REJECT, waits: Verdict.REFER})
    found = {number: room.amendment(number) for number in (rejected, waits)}
    assert found[rejected].disposition is Disposition.REJECTED
    assert found[rejected].parent.number == parent
    assert (found[waits].disposition, found[waits].parent) == (Disposition.REFERRED, None)


def test_those_that_collide_in_their_parent_are_on_record_as_waiting_where_that_is_adopted_in_other_words(room, parent):
    poor, near = (room.amend(parent, reword(room.block(0), text)) for text in (POOR, NEAR))
    adoption = _reworded(room, parent, dict.fromkeys((poor, near), Verdict.ADOPT))
    assert room.outcomes(adoption) == [DecisionOutcome.APPLIED, DecisionOutcome.WAITS, DecisionOutcome.WAITS]
    assert room.texts()[0] == CITIES
    assert {room.disposition(number) for number in (poor, near)} == {Disposition.OPEN}


def test_children_fall_with_a_parent_that_is_withdrawn(room, parent):
    child = room.amend(parent, reword(room.block(0), EVERYBODY))

    room.withdraw(parent)

    assert room.disposition(child) is Disposition.FALLEN
    with pytest.raises(Undecidable):
        room.adopt(child)


def test_children_that_collide_wait_and_say_with_whom(room, parent):
    poor, near = (room.amend(parent, reword(room.block(0), text)) for text in (POOR, NEAR))

    adoption = room.adopt(poor, near)

    assert room.outcomes(adoption) == [DecisionOutcome.WAITS] * 2
    assert [cluster.amendments for cluster in adoption.clusters] == [(poor, near)]
    assert {room.disposition(poor), room.disposition(near)} == {Disposition.OPEN}


def test_one_that_collides_with_what_is_accepted_already_waits(room, parent):
    poor, near = (room.amend(parent, reword(room.block(0), text)) for text in (POOR, NEAR))
    room.adopt(poor)

    assert room.outcomes(room.adopt(near)) == [DecisionOutcome.WAITS]

    assert room.disposition(poor) is Disposition.ACCEPTED


def test_a_child_that_undoes_its_parent_leaves_nothing_to_adopt(room):
    parent = room.propose(insert("new", "Towns shall dig wells.", after=None))
    [made] = [str(record.change["block"]) for record in room.amendment(parent).own.changes]
    room.adopt(room.amend(parent, delete(made)))

    assert room.status(parent)[0] is RebaseStatus.EMPTY
    adoption = room.adopt(parent)

    assert (room.outcomes(adoption), adoption.revision) == ([DecisionOutcome.INCLUDED], None)
    assert room.texts() == [WATER, LIGHT, SHADE]


def test_a_child_is_shown_on_the_new_words_when_the_author_writes_them_anew(room, parent):
    child = room.amend(parent, reword(room.block(0), EVERYBODY))
    room.revise(parent, reword(room.block(0), ALL.replace("clean", "cold")))

    room.decide({child: Verdict.ADOPT, parent: Verdict.ADOPT})

    assert room.texts()[0] == EVERYBODY.replace("clean", "cold")


def test_nobody_rewrites_what_the_committee_has_begun_to_change(room, parent):
    room.adopt(room.amend(parent, reword(room.block(0), EVERYBODY)))
    with pytest.raises(Undecidable):
        room.revise(parent, reword(room.block(0), POOR))


def test_what_cannot_be_amended(room, parent):
    child = room.amend(parent, reword(room.block(0), EVERYBODY))
    with pytest.raises(Undecidable):
        room.amend(child, reword(room.block(0), POOR))
    with pytest.raises(Invalid):
        room.amend(parent, reword(room.block(0), ALL))
    with pytest.raises(Undecidable):
        room.decide({child: Ruling(None, Verdict.ADOPT_MODIFIED, "", (reword(room.block(0), POOR),))})
    room.decide({parent: Verdict.REJECT})
    with pytest.raises(Undecidable):
        room.amend(parent, reword(room.block(0), POOR))


def test_nobody_decides_on_their_own_amendment_to_an_amendment(room, parent):
    child = room.amend(parent, reword(room.block(0), EVERYBODY), by=room.chair)
    with pytest.raises(Undecidable):
        room.adopt(child)


def test_a_child_is_none_of_the_amendments_to_the_text(room, parent):
    room.amend(parent, reword(room.block(0), EVERYBODY))
    with room.store.reading() as db:
        service = AmendmentService(db)
        declaration = DeclarationService(db).get(room.declaration.id)
        found = service.collisions(declaration, room.amendment(parent).language, actor=room.chair)
    assert found.clusters == ()
    assert list(found.outcomes) == [parent]


def test_who_may_not_propose_may_not_amend_either(room, parent):
    with room.store.writing() as db:
        observer = room.person(db, "observer")
    with pytest.raises(NotAllowed):
        room.amend(parent, reword(room.block(0), POOR), by=observer)
