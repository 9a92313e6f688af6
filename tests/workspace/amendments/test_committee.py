"""What else a committee does with amendments: take them in part, let one fall, set brackets, undo, close paragraphs."""

from datetime import date

import pytest

from drafts.merge.rebase import RebaseStatus
from drafts.text.blocks import Language
from tests.support.texts import delete, insert, reword
from tests.workspace.amendments.room import LIGHT, SHADE, WATER, opened
from workspace.amendments.decisions.brackets import WantedAlternative
from workspace.amendments.domain.committee_models import BracketState, Reply, Stance
from workspace.amendments.domain.models import Disposition, Verdict
from workspace.amendments.domain.opinions import AdviceService
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.core.errors import Invalid, NotAllowed, NotFound, NotReady, Undecidable
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Trilingual
from workspace.declarations.domain.models import ParagraphStatus
from workspace.declarations.domain.paragraph_status import ParagraphStates
from workspace.declarations.domain.phase_changes import PhaseService
from workspace.editions.domain.publication import Contested, EditionService

EN, ES, FR = Language.EN, Language.ES, Language.FR
FREE = "Towns shall share free water with their neighbours."
COLD = "Towns shall share cold water with their neighbours."
TWO_CHANGES = "Cities shall share clean water with their friends."


def ruled(verdict, **given):
    """A ruling on an amendment that the room names by its number."""
    return Ruling(None, verdict, **given)


def undo(room, number, *, reason="We counted wrongly.", by=None):
    head = room.head()
    with room.store.writing() as db:
        AmendmentService(db).undo(
            room.declaration.id, number, reason=reason, expected_head=head, actor=by or room.chair
        )


def resolve(room, number, position, *, by=None, language=EN):
    head = room.head()
    with room.store.writing() as db:
        return AmendmentService(db).resolve(
            room.declaration.id,
            number,
            position,
            language=language,
            reason="It is clearer.",
            expected_head=head,
            actor=by or room.chair,
        )


def brackets(room):
    with room.store.reading() as db:
        service = AmendmentService(db)
        return [
            (one.state, [alternative.texts.en for alternative in one.alternatives])
            for one in service.brackets(service.declarations.get(room.declaration.id))
        ]


def set_status(room, place, status, *, reason="", by=None):
    block = room.rows()[place].block_id
    with room.store.writing() as db:
        ParagraphStates(db).set(room.declaration.id, block, status, reason=reason, actor=by or room.chair)


def test_some_changes_are_taken_and_the_rest_is_rejected(room):
    room.propose(reword(room.block(0), TWO_CHANGES))

    adoption = room.decide({1: ruled(Verdict.ADOPT_PARTLY, pieces=(1,), reason="Only the last word.")})

    assert room.texts()[0] == "Towns shall share clean water with their friends."
    assert room.disposition(1) is Disposition.PART_ADOPTED
    assert adoption.revision.number == 2
    assert room.words(1) == [[TWO_CHANGES], ["Towns shall share clean water with their friends."]]


def test_some_changes_are_taken_and_the_rest_stays_open_on_the_new_text(room):
    room.propose(reword(room.block(0), TWO_CHANGES))

    room.decide({1: ruled(Verdict.ADOPT_PARTLY, pieces=(0,), keeps_rest_open=True)})

    assert room.texts()[0] == "Cities shall share clean water with their neighbours."
    assert (room.disposition(1), room.status(1)[0]) == (Disposition.PARTLY, RebaseStatus.PARTLY_INCLUDED)
    room.adopt(1)
    assert room.texts()[0] == TWO_CHANGES


@pytest.mark.parametrize("pieces", [(), (0, 1), (7,)])
def test_a_part_is_some_and_not_all(room, pieces):
    room.propose(reword(room.block(0), TWO_CHANGES))

    with pytest.raises(Invalid, match="invalid"):
        room.decide({1: ruled(Verdict.ADOPT_PARTLY, pieces=pieces)})
    assert room.disposition(1) is Disposition.OPEN


def test_whole_paragraphs_are_parts_too_and_an_indivisible_amendment_has_none(room):
    room.propose(insert("new", "Towns shall dig.", after=room.block(1)), delete(room.block(2)))
    room.propose(reword(room.block(0), TWO_CHANGES), by=room.other, indivisible=True)

    room.decide({1: ruled(Verdict.ADOPT_PARTLY, pieces=(0,))})

    assert room.texts() == [WATER, LIGHT, "Towns shall dig.", SHADE]
    with pytest.raises(Undecidable) as refusal:
        room.decide({2: ruled(Verdict.ADOPT_PARTLY, pieces=(0,))})
    assert refusal.value.facts["reason"] == "indivisible"


def test_an_amendment_falls_because_of_another(room):
    room.propose(reword(room.block(0), FREE))
    room.propose(reword(room.block(0), COLD), by=room.other)

    adoption = room.decide({1: Verdict.ADOPT, 2: ruled(Verdict.FALL, because_of=1)})

    assert room.texts()[0] == FREE
    assert room.disposition(2) is Disposition.FALLEN
    assert [one.because_of.number if one.because_of else None for one in adoption.decisions] == [None, 1]
    with pytest.raises(Invalid):
        room.decide({1: ruled(Verdict.FALL)})


def test_an_amendment_to_one_that_is_adopted_in_other_words_holds_for_these(room):
    room.propose(reword(room.block(0), FREE))
    room.amend(1, reword(room.block(0), "Towns shall share free water with their poor neighbours."))
    room.amend(1, reword(room.block(0), "Towns shall sell free water to their neighbours."), by=room.chair)
    words = (reword(room.block(0), "Towns shall give free and clean water and share it with their neighbours."),)

    room.decide({1: ruled(Verdict.ADOPT_MODIFIED, changes=words)})

    assert room.disposition(2) is Disposition.OPEN
    room.adopt(2)
    assert room.texts()[0] == "Towns shall give free and clean water and share it with their poor neighbours."
    assert room.disposition(3) is Disposition.FALLEN


def test_the_last_decisions_are_undone_and_everything_is_open_again(any_room):
    room = any_room
    room.propose(reword(room.block(0), FREE))
    room.propose(delete(room.block(2)), by=room.other)
    room.propose(reword(room.block(1), "Towns shall light nothing."), by=room.other)
    room.propose(insert("new", "Towns shall dig.", after=room.block(1)))
    room.decide({1: Verdict.ADOPT, 2: Verdict.ADOPT, 3: Verdict.REJECT, 4: Verdict.ADOPT})
    assert room.texts() == [FREE, LIGHT, "Towns shall dig."]

    undo(room, 1)

    assert room.texts() == [WATER, LIGHT, SHADE]
    assert {room.disposition(number) for number in (1, 2, 3)} == {Disposition.OPEN}
    assert room.revisions() == 3
    room.adopt(1, 2, 4)
    assert room.texts() == [FREE, LIGHT, "Towns shall dig."]


def test_decisions_are_undone_from_the_last_one_back(room):
    room.adopt(room.propose(reword(room.block(0), FREE)))
    room.adopt(room.propose(reword(room.block(1), "Towns shall light all.")))

    with pytest.raises(Invalid):
        undo(room, 1)
    undo(room, 2)
    undo(room, 1)

    assert room.texts() == [WATER, LIGHT, SHADE]


def test_undoing_brings_every_language_back_but_not_what_somebody_wrote_since(store):
    room = opened(store, {EN: WATER, ES: "Las ciudades comparten el agua."}, {EN: LIGHT, ES: "Las ciudades alumbran."})
    room.adopt(room.propose(reword(room.block(0), FREE)))
    undo(room, 1)

    assert room.texts() == [WATER, LIGHT]
    assert room.texts(ES) == ["Las ciudades comparten el agua.", "Las ciudades alumbran."]
    assert room.originals() == [EN, EN]


def test_what_cannot_be_undone_says_so(room):
    room.adopt(room.propose(reword(room.block(0), FREE)))
    with pytest.raises(NotAllowed):
        undo(room, 1, by=room.member)
    with pytest.raises(Invalid) as without:
        undo(room, 1, reason=" ")
    with room.store.writing() as db:
        service = AmendmentService(db)
        PhaseService(db).move(service.declarations.get(room.declaration.id), Phase.CONSULTATION, actor=room.chair)
    with pytest.raises(Invalid) as late:
        undo(room, 1)

    assert (without.value.facts["reason"], late.value.facts["reason"]) == ("empty", "not_last")
    assert room.texts()[0] == FREE


def test_colliding_amendments_stand_in_brackets_until_one_is_chosen(any_room):
    room = any_room
    room.propose(reword(room.block(0), FREE))
    room.propose(reword(room.block(0), COLD), by=room.other)

    adoption = room.decide({1: Verdict.BRACKET, 2: Verdict.BRACKET})

    assert adoption.revision is None
    assert brackets(room) == [(BracketState.OPEN, [WATER, FREE, COLD])]
    assert room.disposition(1) is Disposition.BRACKETED
    resolve(room, 1, 2)
    assert room.texts()[0] == COLD
    assert (room.disposition(1), room.disposition(2)) == (Disposition.REJECTED, Disposition.ADOPTED)
    assert brackets(room)[0][0] is BracketState.RESOLVED
    undo(room, 2)
    assert room.texts()[0] == WATER
    assert brackets(room)[0][0] is BracketState.OPEN
    assert room.disposition(2) is Disposition.BRACKETED
    undo(room, 1)
    assert brackets(room)[0][0] is BracketState.CANCELLED
    assert room.disposition(2) is Disposition.OPEN


def test_a_bracket_is_resolved_in_every_language_that_has_the_words(store):
    room = opened(store, {EN: WATER, ES: "Las ciudades comparten el agua.", FR: "Les villes partagent l’eau."})
    wanted = WantedAlternative(Trilingual(es="Las ciudades regalan el agua.", en="Towns shall give water."))
    head = room.head()
    with store.writing() as db:
        service = AmendmentService(db)
        block = room.rows()[0].block_id
        service.bracket(
            room.declaration.id, block, [wanted], language=EN, reason="", expected_head=head, actor=room.chair
        )
    with pytest.raises(Invalid) as refusal:
        room.edit(reword(room.block(0), "Towns shall do something else."))

    decision = resolve(room, 1, 1)

    assert refusal.value.facts["reason"] == "in_brackets"
    assert (room.texts()[0], room.texts(ES)[0]) == ("Towns shall give water.", "Las ciudades regalan el agua.")
    assert room.texts(FR)[0] == "Les villes partagent l’eau."
    assert decision.revision.number == 2


def test_only_the_committee_sets_and_resolves_brackets_and_none_for_nothing(room):
    room.propose(reword(room.block(0), FREE))
    room.propose(insert("new", "Towns shall dig.", after=room.block(1)), delete(room.block(2)), by=room.other)
    with pytest.raises(Undecidable) as refusal:
        room.decide({2: Verdict.BRACKET})
    room.decide({1: Verdict.BRACKET})
    with pytest.raises(NotAllowed):
        resolve(room, 1, 1, by=room.member)
    with pytest.raises(NotFound):
        resolve(room, 1, 9)

    assert refusal.value.facts["reason"] == "not_bracketable"
    assert brackets(room)[0][0] is BracketState.OPEN


def test_a_closed_paragraph_takes_no_amendment_until_the_chair_opens_it_with_a_reason(room):
    room.propose(reword(room.block(0), FREE))
    set_status(room, 0, ParagraphStatus.CLOSED)

    with pytest.raises(Invalid) as proposing:
        room.propose(reword(room.block(0), COLD), by=room.other)
    with pytest.raises(Undecidable) as adopting:
        room.adopt(1)
    with pytest.raises(Invalid):
        room.edit(reword(room.block(0), COLD))
    with pytest.raises(Invalid):
        set_status(room, 0, ParagraphStatus.OPEN)
    set_status(room, 0, ParagraphStatus.OPEN, reason="A town has asked to look at it again.")
    room.adopt(1)

    assert (proposing.value.facts["reason"], adopting.value.facts["reason"]) == ("paragraph_closed",) * 2
    assert room.texts()[0] == FREE


def test_only_the_committee_says_how_far_a_paragraph_is_agreed(room):
    with pytest.raises(NotAllowed):
        set_status(room, 0, ParagraphStatus.AD_REFERENDUM, by=room.member)
    set_status(room, 0, ParagraphStatus.AD_REFERENDUM)
    with pytest.raises(Invalid):
        set_status(room, 0, ParagraphStatus.AD_REFERENDUM)


def test_a_proposer_answers_other_words_and_nobody_else_does(room):
    room.propose(reword(room.block(0), FREE))
    amendment = room.amendment(1)
    put = reword(room.block(0), COLD)
    with room.store.writing() as db:
        advice = AdviceService(db)
        with pytest.raises(NotAllowed):
            advice.answer(amendment.id, Reply.ACCEPT, word="", actor=room.member)
        with pytest.raises(NotAllowed):
            advice.give_opinion(amendment.id, Stance.ACCEPT, reason="Fine.", actor=room.member)
        advice.give_opinion(amendment.id, Stance.MODIFY, reason="Colder.", changes=[put], actor=room.chair)
        with pytest.raises(NotAllowed):
            advice.answer(amendment.id, Reply.ACCEPT, word="", actor=room.other)
        advice.answer(amendment.id, Reply.MAINTAIN, word="Free it is.", actor=room.member)

    with room.store.reading() as db:
        advice = AdviceService(db)
        found = advice.get(amendment.id, actor=room.chair)
        assert [one.stance for one in advice.opinions([found])[found.id]] == [Stance.MODIFY]
        assert advice.answers([found])[found.id].word == "Free it is."
        assert found.own.number == 1


def test_a_text_with_an_open_bracket_is_not_published(store):
    whole = {EN: WATER, ES: "Las ciudades comparten el agua.", FR: "Les villes partagent l’eau."}
    room = opened(store, whole, phase=Phase.ADOPTION)
    head, block = room.head(), room.rows()[0].block_id
    with store.writing() as db:
        service = AmendmentService(db)
        wanted = [WantedAlternative(Trilingual(en="Towns shall give water."))]
        service.bracket(
            room.declaration.id, block, wanted, language=EN, reason="", expected_head=head, actor=room.chair
        )
    with store.reading() as db:
        declaration = AmendmentService(db).declarations.get(room.declaration.id)
        with pytest.raises(NotReady) as refusal:
            EditionService(db).prepare(declaration, adopted_on=date(2026, 6, 12), actor=room.chair)

    assert [one.bracket for one in refusal.value.blockers if isinstance(one, Contested)] == [1]
