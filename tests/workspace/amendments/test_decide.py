"""Deciding on several amendments at once: what lands, what waits, and what never changes."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from drafts.languages.staleness import State
from drafts.merge.merge import FlagKind
from drafts.text.blocks import Language
from tests.support import factories
from tests.support.texts import delete, insert, join, move, reword, split
from tests.workspace.amendments.room import LIGHT, SHADE, WATER, opened
from workspace.amendments.domain.models import (
    AmendmentVersion,
    ChangeRecord,
    Decision,
    DecisionOutcome,
    Disposition,
    ShownText,
    Verdict,
)
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Role
from workspace.core.errors import Invalid, NotFound, Stale, Undecidable
from workspace.core.storage.db import new_id
from workspace.declarations.domain.models import Revision, RevisionCause
from workspace.declarations.domain.service import DeclarationService
from workspace.people.policy import ROLES_TO_GIVE
from workspace.translations.domain.service import TranslationService

EN, ES, FR = Language.EN, Language.ES, Language.FR
FREE = "Towns shall share free water with their neighbours."
COLD = "Towns shall share cold water with their neighbours."
ALL = "Towns shall share clean water with all their neighbours."


def states(room, place):
    with room.store.reading() as db:
        declaration = DeclarationService(db).get(room.declaration.id)
        return TranslationService(db).standings(declaration)[place].states


def test_what_nobody_disputes_lands_in_one_revision(any_room):
    room = any_room
    water = room.propose(reword(room.block(0), FREE))
    neighbours = room.propose(reword(room.block(0), ALL), by=room.other)
    wells = room.propose(insert("new", "Towns shall keep their wells.", after=room.block(0)), by=room.other)

    adoption = room.adopt(water, neighbours, wells)

    assert room.texts() == [
        "Towns shall share free water with all their neighbours.",
        "Towns shall keep their wells.",
        LIGHT,
        SHADE,
    ]
    assert room.outcomes(adoption) == [DecisionOutcome.APPLIED] * 3
    assert (adoption.revision.number, adoption.revision.cause) == (2, RevisionCause.ADOPTION)
    assert {decision.revision_id for decision in adoption.decisions} == {adoption.revision.id}
    assert room.revisions() == 2
    assert [room.disposition(number) for number in (water, neighbours, wells)] == [Disposition.ADOPTED] * 3


def test_two_that_replace_the_same_words_wait_and_the_text_stays(any_room):
    room = any_room
    free, cold = room.propose(reword(room.block(0), FREE)), room.propose(reword(room.block(0), COLD), by=room.other)
    trees = room.propose(reword(room.block(2), "Towns shall plant two trees for every child born."))

    adoption = room.adopt(free, cold, trees)

    assert room.texts() == [WATER, LIGHT, "Towns shall plant two trees for every child born."]
    assert room.outcomes(adoption) == [DecisionOutcome.WAITS, DecisionOutcome.WAITS, DecisionOutcome.APPLIED]
    [cluster] = adoption.clusters
    assert (cluster.base_blocks, cluster.amendments) == ((0,), (free, cold))
    assert {alternative.text for alternative in cluster.alternatives} == {f"1. {FREE}", f"1. {COLD}"}
    assert [room.disposition(number) for number in (free, cold)] == [Disposition.OPEN] * 2


def test_when_everything_collides_there_is_no_revision_but_the_attempt_is_on_record(room):
    free, cold = room.propose(reword(room.block(0), FREE)), room.propose(reword(room.block(0), COLD), by=room.other)

    adoption = room.adopt(free, cold)

    assert adoption.revision is None
    assert room.revisions() == 1
    assert [(one.number, one.verdict, one.revision_id) for one in adoption.decisions] == [
        (1, Verdict.ADOPT, None),
        (2, Verdict.ADOPT, None),
    ]


def test_of_an_amendment_that_half_collides_the_rest_lands_unless_it_is_indivisible(room):
    both = (reword(room.block(0), FREE), reword(room.block(1), "Towns shall light every path after dark."))
    divisible, cold = room.propose(*both), room.propose(reword(room.block(0), COLD), by=room.other)

    adoption = room.adopt(divisible, cold)

    assert room.outcomes(adoption) == [DecisionOutcome.PARTLY, DecisionOutcome.WAITS]
    assert room.texts()[:2] == [WATER, "Towns shall light every path after dark."]
    assert room.disposition(divisible) is Disposition.PARTLY


def test_an_indivisible_amendment_that_half_collides_waits_whole(room):
    both = (reword(room.block(0), FREE), reword(room.block(1), "Towns shall light every path after dark."))
    whole, cold = room.propose(*both, indivisible=True), room.propose(reword(room.block(0), COLD), by=room.other)

    adoption = room.adopt(whole, cold)

    assert room.outcomes(adoption)[0] is DecisionOutcome.WAITS
    assert room.texts()[1] == LIGHT


def test_the_rest_of_a_partly_adopted_amendment_can_still_be_adopted(room):
    both = (reword(room.block(0), FREE), reword(room.block(1), "Towns shall light every path after dark."))
    divisible, cold = room.propose(*both), room.propose(reword(room.block(0), COLD), by=room.other)
    room.adopt(divisible, cold)

    room.decide({cold: Verdict.REJECT})
    adoption = room.adopt(divisible)

    assert room.outcomes(adoption) == [DecisionOutcome.APPLIED]
    assert room.texts()[0] == FREE
    assert (room.disposition(divisible), room.disposition(cold)) == (Disposition.ADOPTED, Disposition.REJECTED)


def test_identical_amendments_are_support_and_change_the_text_once(any_room):
    room = any_room
    numbers = [
        room.propose(reword(room.block(0), FREE)),
        room.propose_too(reword(room.block(0), FREE), by=room.other),
    ]
    with room.store.reading() as db:
        found = AmendmentService(db).collisions(DeclarationService(db).get(room.declaration.id), EN, actor=room.chair)

    adoption = room.adopt(*numbers)

    assert [flag.amendments for flag in found.merged.flags if flag.kind is FlagKind.IDENTICAL] == [tuple(numbers)]
    assert room.texts()[0] == FREE
    assert room.outcomes(adoption) == [DecisionOutcome.APPLIED] * 2
    assert room.revisions() == 2


def test_an_amendment_whose_words_are_in_the_text_already_is_adopted_without_a_revision(room):
    free = reword(room.block(0), FREE)
    first, second = room.propose(free), room.propose_too(free, by=room.other)
    room.adopt(first)

    adoption = room.adopt(second)

    assert (room.outcomes(adoption), adoption.revision) == ([DecisionOutcome.INCLUDED], None)
    assert room.disposition(second) is Disposition.ADOPTED


def test_the_language_of_the_decision_leads(any_store):
    room = opened(
        any_store,
        {
            EN: WATER,
            ES: "Las ciudades compartirán el agua limpia.",
            FR: "Les villes partagent l’eau propre.",
        },
        LIGHT,
    )
    number = room.propose(reword(room.block(0), "Las ciudades compartirán el agua limpia y fría."), language=ES)

    room.adopt(number, language=ES)

    assert room.originals() == [ES, EN]
    assert room.texts(EN)[0] == WATER
    assert states(room, 0) == {ES: State.CURRENT, EN: State.STALE_SUBSTANTIVE, FR: State.STALE_SUBSTANTIVE}
    assert set(states(room, 1).values()) == {State.CURRENT}


def test_a_typographic_change_makes_no_translation_stale(room):
    number = room.propose(reword(room.block(0), "Towns shall share clean water with their neighbours ."))

    room.adopt(number)

    assert set(states(room, 0).values()) == {State.CURRENT}


def test_a_decision_is_taken_in_one_language(room):
    spanish = room.propose(reword(room.block(0), "Las ciudades comparten el agua."), language=ES)

    with pytest.raises(Undecidable) as refused:
        room.adopt(spanish, language=EN)
    assert refused.value.facts == {"number": spanish, "reason": "other_language"}
    assert room.disposition(spanish) is Disposition.OPEN


def test_a_split_leaves_the_whole_text_on_the_first_part_in_the_other_languages(any_store):
    spanish = "Las ciudades compartirán el agua y cuidarán los pozos."
    room = opened(any_store, {EN: "Towns shall share water and keep wells.", ES: spanish, FR: "Les villes …"}, LIGHT)
    number = room.propose(split(room.block(0), "Towns shall share water.", ("second", "Towns shall keep wells.")))
    first = room.block(0)

    room.adopt(number)

    assert room.texts(EN) == ["Towns shall share water.", "Towns shall keep wells.", LIGHT]
    assert room.texts(ES) == [spanish, "", LIGHT]
    assert room.block(0) == first
    assert states(room, 0) == {EN: State.CURRENT, ES: State.STALE_RESTRUCTURED, FR: State.STALE_RESTRUCTURED}
    assert states(room, 1) == {EN: State.CURRENT, ES: State.MISSING, FR: State.MISSING}


def test_a_join_puts_the_texts_of_every_language_together(any_store):
    room = opened(
        any_store,
        {EN: "Towns shall share water.", ES: "Las ciudades compartirán el agua."},
        {EN: "They shall keep wells.", ES: "Cuidarán los pozos."},
        LIGHT,
    )
    number = room.propose(join(room.block(0), room.block(1)))

    room.adopt(number)

    assert room.texts(EN) == ["Towns shall share water. They shall keep wells.", LIGHT]
    assert room.texts(ES)[0] == "Las ciudades compartirán el agua. Cuidarán los pozos."
    assert states(room, 0)[ES] is State.STALE_RESTRUCTURED


def test_a_deletion_and_a_move_hold_in_every_language(room):
    numbers = [room.propose(delete(room.block(0))), room.propose(move(room.block(2), after=None), by=room.other)]

    room.adopt(*numbers)

    assert room.texts(EN) == room.texts(FR) == [SHADE, LIGHT]
    assert set(states(room, 0).values()) == {State.CURRENT}


def test_nobody_decides_on_their_own_amendment(any_room):
    room = any_room
    own = room.propose(reword(room.block(0), FREE), by=room.chair)

    with pytest.raises(Undecidable) as refused:
        room.adopt(own)
    assert refused.value.facts == {"number": own, "reason": "own"}
    assert (room.texts()[0], room.disposition(own)) == (WATER, Disposition.OPEN)


@pytest.mark.parametrize("role", [role for role in ROLES_TO_GIVE if role is not Role.CHAIR])
def test_only_the_chair_decides(room, role):
    number = room.propose(reword(room.block(0), FREE))
    with room.store.writing() as db:
        somebody = factories.person(db, role)

    with pytest.raises(NotFound):
        room.decide({number: Verdict.ADOPT}, by=somebody)
    assert room.texts()[0] == WATER


def test_a_head_that_has_moved_meanwhile_is_refused(any_room):
    room = any_room
    free, trees = room.propose(reword(room.block(0), FREE)), room.propose(delete(room.block(2)))
    seen = room.head()
    room.adopt(free)

    with pytest.raises(Stale) as refused:
        room.decide({trees: Verdict.ADOPT}, head=seen)
    assert refused.value.facts == {"expected": str(seen), "head": str(room.head())}
    assert room.disposition(trees) is Disposition.OPEN
    assert room.revisions() == 2


def test_what_was_decided_stays_decided(room):
    number = room.propose(reword(room.block(0), FREE))
    room.decide({number: Ruling(new_id(), Verdict.REJECT, "Water has its price.")})

    with pytest.raises(Undecidable) as refused:
        room.adopt(number)
    assert refused.value.facts["reason"] == "decided"


def test_a_referred_amendment_waits_for_a_later_decision(room):
    number = room.propose(reword(room.block(0), FREE))
    adoption = room.decide({number: Verdict.REFER})

    assert (room.outcomes(adoption), adoption.revision) == ([DecisionOutcome.NONE], None)
    assert room.disposition(number) is Disposition.REFERRED
    assert room.outcomes(room.adopt(number)) == [DecisionOutcome.APPLIED]


def test_a_modified_adoption_puts_the_committees_words_beside_those_of_the_member(any_room):
    room = any_room
    number = room.propose(reword(room.block(0), FREE))
    wording = "Towns shall share clean and free water with their neighbours."

    adoption = room.decide({number: Ruling(new_id(), Verdict.ADOPT_MODIFIED, "", (reword(room.block(0), wording),))})

    assert room.texts()[0] == wording
    assert room.words(number) == [[FREE], [wording]]
    own, modified = room.amendment(number).versions
    assert (modified.based_on_id, modified.made_by_id, own.made_by_id) == (
        own.id,
        room.chair.person_id,
        room.member.person_id,
    )
    assert adoption.decisions[0].amendment_version_id == modified.id


def test_a_modified_wording_that_had_to_wait_is_not_taken_for_the_members_own(room):
    free, cold = room.propose(reword(room.block(0), FREE)), room.propose(reword(room.block(0), COLD), by=room.other)
    soft = reword(room.block(0), "Towns shall share soft water with their neighbours.")
    room.decide({free: Ruling(new_id(), Verdict.ADOPT_MODIFIED, "", (soft,)), cold: Verdict.ADOPT})
    assert room.texts()[0] == WATER

    room.adopt(free)

    assert room.texts()[0] == FREE


@pytest.mark.parametrize(
    ("rulings", "refusal"),
    [
        (lambda _: {}, Invalid),
        (lambda _: {1: Ruling(new_id(), Verdict.ADOPT_MODIFIED)}, Invalid),
        (lambda _: {1: Ruling(new_id(), Verdict.REJECT, "x" * 5_001)}, Invalid),
    ],
    ids=["nothing", "a modified adoption without a wording", "a reason without end"],
)
def test_half_a_decision_is_refused(room, rulings, refusal):
    room.propose(reword(room.block(0), FREE))

    with pytest.raises(refusal):
        room.decide(rulings(room))
    assert room.disposition(1) is Disposition.OPEN
    assert len(room.amendment(1).versions) == 1


def test_an_amendment_of_another_declaration_is_not_there(store):
    one = opened(store)
    number = one.propose(reword(one.block(0), FREE))
    with store.writing() as db:
        other = factories.declaration(db, slug="other")

    with pytest.raises(NotFound), store.writing() as db:
        AmendmentService(db).decide(
            other.id,
            [Ruling(one.amendment(number).id, Verdict.ADOPT)],
            expected_head=other.head_id,
            actor=one.chair,
        )


def test_an_amendment_filed_on_an_older_text_is_carried_to_the_present_one(any_room):
    room = any_room
    room.adopt(room.propose(reword(room.block(0), FREE)))

    late = room.propose(reword(room.block(0), ALL), by=room.other, base=1)
    adoption = room.adopt(late)

    assert room.texts()[0] == "Towns shall share free water with all their neighbours."
    assert room.outcomes(adoption) == [DecisionOutcome.APPLIED]
    assert room.words(late) == [[ALL], ["Towns shall share free water with all their neighbours."]]
    assert [version.is_automatic for version in room.amendment(late).versions] == [False, True]


@pytest.mark.parametrize(
    ("adopted", "filed", "expected"),
    [
        (lambda _: insert("new", "Towns shall dig.", after=None), lambda b: delete(b[1]), ["Towns shall dig.", WATER]),
        (lambda b: delete(b[1]), lambda b: split(b[0], "Towns share.", ("s", "Water is clean.")), 3),
        (lambda b: reword(b[0], FREE), lambda b: move(b[0], after=b[2]), [LIGHT, SHADE, FREE]),
        (lambda b: reword(b[0], FREE), lambda b: join(b[0], b[1]), [f"{FREE} {LIGHT}", SHADE]),
    ],
    ids=["a deletion", "a split", "a move", "a join"],
)
def test_every_operation_is_carried_to_a_newer_text(room, adopted, filed, expected):
    blocks = [room.block(place) for place in range(3)]
    room.adopt(room.propose(adopted(blocks)))

    adoption = room.adopt(room.propose(filed(blocks), by=room.other, base=1))

    assert room.outcomes(adoption) == [DecisionOutcome.APPLIED]
    assert len(room.texts()) == 3 if expected == 3 else room.texts()[: len(expected)] == expected


def test_one_that_collides_with_what_was_adopted_meanwhile_waits_with_its_words_untouched(any_room):
    room = any_room
    room.adopt(room.propose(reword(room.block(0), FREE)))

    late = room.propose(reword(room.block(0), COLD), by=room.other, base=1)
    adoption = room.adopt(late)

    assert (room.outcomes(adoption), adoption.revision) == ([DecisionOutcome.WAITS], None)
    assert room.texts()[0] == FREE
    assert room.disposition(late) is Disposition.OPEN
    assert room.words(late) == [[COLD]]


@pytest.mark.parametrize(
    "table",
    [AmendmentVersion.__table__, ChangeRecord.__table__, ShownText.__table__, Decision.__table__],
    ids=lambda table: table.name,
)
def test_what_was_proposed_and_decided_can_be_neither_changed_nor_removed(any_room, table):
    room = any_room
    number = room.propose(reword(room.block(0), FREE))
    room.adopt(number)
    column = list(table.columns)[-1]

    for statement in (table.update().values({column: column}), table.delete()):
        with pytest.raises(sa.exc.DatabaseError, match="append-only"), room.store.writing() as db:
            db.execute(statement)
    assert room.words(number) == [[FREE]]


def test_of_two_chairs_deciding_at_once_exactly_one_is_heard(any_store):
    room = opened(any_store)
    free, trees = room.propose(reword(room.block(0), FREE)), room.propose(delete(room.block(2)), by=room.other)
    with any_store.writing() as db:
        second = factories.person(db, Role.CHAIR, "Second chair")
    seen, together = room.head(), Barrier(2)

    def decide(number, chair):
        together.wait(timeout=10)
        try:
            return room.decide({number: Verdict.ADOPT}, head=seen, by=chair).revision.number
        except Stale as stale:
            return stale.code

    with ThreadPoolExecutor(2) as threads:
        heard = [*threads.map(decide, (free, trees), (room.chair, second))]

    assert sorted(map(str, heard)) == ["2", "workspace.stale"]
    assert room.revisions() == 2
    assert sorted(room.disposition(number) for number in (free, trees)) == [Disposition.ADOPTED, Disposition.OPEN]
    assert len(room.texts()) == (3 if heard[0] == 2 else 2)


def test_the_store_itself_refuses_a_second_child_of_one_revision(any_room):
    room = any_room
    room.adopt(room.propose(reword(room.block(0), FREE)))

    with room.store.reading() as db:
        second = DeclarationService(db).revision(DeclarationService(db).get(room.declaration.id), 2)
    twin = Revision(
        declaration_id=room.declaration.id,
        number=3,
        parent_id=second.parent_id,
        cause=RevisionCause.ADOPTION,
        made_at=second.made_at,
    )
    with pytest.raises(sa.exc.IntegrityError), room.store.writing() as db:
        db.add(twin)
    assert room.revisions() == 2
