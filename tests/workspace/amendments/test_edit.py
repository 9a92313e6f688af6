"""The committee's own hand: a decision too, with its reason."""

import pytest

from drafts.base.errors import ImpossibleChange, UnknownBlock
from drafts.text.blocks import Language
from tests.support import factories
from tests.support.texts import delete, insert, join, move, reword, split
from tests.workspace.amendments.room import LIGHT, SHADE, WATER, opened
from workspace.amendments.domain.models import DecisionOutcome, Verdict
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Role
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.models import RevisionCause
from workspace.declarations.domain.service import DeclarationService

EN, ES, FR = Language.EN, Language.ES, Language.FR
FREE = "Towns shall share free water with their neighbours."


def edit(room, *changes, reason="A slip.", language=EN, by=None, head=None):
    expected = head or room.head()
    with room.store.writing() as db:
        return AmendmentService(db).edit(
            room.declaration.id,
            changes,
            language=language,
            reason=reason,
            expected_head=expected,
            actor=by or room.chair,
        )


def decisions(room):
    with room.store.reading() as db:
        return AmendmentService(db).decisions(DeclarationService(db).get(room.declaration.id))


def test_a_direct_edit_is_a_decision_with_its_reason(any_room):
    room = any_room

    revision = edit(room, reword(room.block(0), FREE), reason=" Water is free. ")

    [decision] = decisions(room)
    assert room.texts() == [FREE, LIGHT, SHADE]
    assert (revision.number, revision.cause, revision.note) == (2, RevisionCause.EDITORIAL, "Water is free.")
    assert (decision.verdict, decision.outcome, decision.reason) == (
        Verdict.EDIT,
        DecisionOutcome.APPLIED,
        "Water is free.",
    )
    assert (str(decision.block_id), decision.revision_id, decision.language) == (room.block(0), revision.id, EN)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda b: insert("new", "Towns shall dig.", after=b[2]), [WATER, LIGHT, SHADE, "Towns shall dig."]),
        (lambda b: delete(b[1]), [WATER, SHADE]),
        (lambda b: move(b[2], after=None), [SHADE, WATER, LIGHT]),
        (lambda b: split(b[0], "Towns share.", ("new", "Water is clean.")), ["Towns share.", "Water is clean.", LIGHT]),
        (lambda b: join(b[1], b[2]), [WATER, f"{LIGHT} {SHADE}"]),
    ],
    ids=["insert", "delete", "move", "split", "join"],
)
def test_the_committee_has_every_operation(room, change, expected):
    edit(room, change([room.block(place) for place in range(3)]))

    assert room.texts()[: len(expected)] == expected


def test_the_language_of_the_edit_leads(room):
    edit(room, reword(room.block(0), "Les villes partagent l’eau."), language=FR)

    assert room.originals() == [FR, EN, EN]


@pytest.mark.parametrize(
    ("change", "reason", "refusal"),
    [
        (lambda b: reword(b[0], FREE), "  ", Invalid),
        (lambda b: reword(b[0], WATER), "A slip.", Invalid),
        (lambda _: reword("nowhere", FREE), "A slip.", UnknownBlock),
        (lambda b: reword(b[0], ""), "A slip.", ImpossibleChange),
    ],
    ids=["no reason", "nothing changes", "no such paragraph", "no words"],
)
def test_an_edit_that_cannot_stand_is_refused_and_nothing_is_stored(room, change, reason, refusal):
    asked = change([room.block(0)])
    with pytest.raises(refusal):
        edit(room, asked, reason=reason)
    assert (room.revisions(), decisions(room)) == (1, [])


def test_a_language_without_words_is_left_to_the_translators(store):
    room = opened(store, {EN: WATER})

    with pytest.raises(ImpossibleChange) as refused:
        edit(room, reword(room.block(0), "Les villes partagent l’eau."), language=FR)
    assert refused.value.facts["reason"] == "untranslated"


def test_an_edit_of_a_text_that_has_moved_on_is_refused(any_room):
    room = any_room
    seen = room.head()
    edit(room, reword(room.block(0), FREE))

    with pytest.raises(Stale):
        edit(room, delete(room.block(2)), head=seen)
    assert room.texts() == [FREE, LIGHT, SHADE]


@pytest.mark.parametrize(
    ("role", "phase"),
    [
        (Role.MEMBER, Phase.DRAFTING),
        (Role.SECRETARIAT, Phase.REVIEW),
        (Role.COMMITTEE, Phase.CONSULTATION),
        (Role.CHAIR, Phase.CONSULTATION),
    ],
)
def test_who_may_not_edit_finds_nothing_to_edit(store, role, phase):
    room = opened(store, phase=phase)
    with store.writing() as db:
        somebody = factories.person(db, role)

    with pytest.raises(NotFound):
        edit(room, reword(room.block(0), FREE), by=somebody)
    assert room.texts()[0] == WATER
