"""Open amendments follow the text: what each new revision means for them, on record and for everyone to see."""

import json

import pytest
import sqlalchemy as sa

from drafts.merge.rebase import RebaseStatus
from drafts.text.blocks import Language
from tests.support.site import counted
from tests.support.texts import delete, insert, join, move, reword, split
from tests.workspace.amendments.room import LIGHT, SHADE, WATER, opened
from workspace.amendments.domain.models import DecisionOutcome
from workspace.core.errors import Invalid, NotAllowed, Undecidable
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.service import DeclarationService

ES, EN, FR = Language
STILL, INCLUDED, COLLIDES, PARTLY = (
    RebaseStatus.STILL_APPLIES,
    RebaseStatus.ALREADY_INCLUDED,
    RebaseStatus.COLLIDES,
    RebaseStatus.PARTLY_INCLUDED,
)
FREE = "Towns shall share free water with their neighbours."
ALL = "Towns shall share clean water with all their neighbours."
FREE_ALL = "Towns shall share free water with all their neighbours."
LONG = f"{SHADE} {FREE_ALL}"
COLD = "Towns shall share cold water with their neighbours."


def versions(room, number):
    """Of each version: whether the engine made it, its revision, and its new words."""
    found = room.amendment(number).versions
    return [
        (one.is_automatic, one.base_revision.number, [str(record.change["text"]) for record in one.changes])
        for one in found
    ]


@pytest.mark.parametrize(
    ("wanted", "status", "carried"),
    [
        (ALL, STILL, [FREE_ALL]),
        (FREE, INCLUDED, None),
        (COLD, COLLIDES, None),
        (FREE_ALL, PARTLY, [FREE_ALL]),
    ],
)
def test_a_new_revision_carries_what_is_open_with_its_words_untouched(any_store, wanted, status, carried):
    room = opened(any_store)
    number = room.propose(reword(room.block(0), wanted))

    room.edit(reword(room.block(0), FREE))

    assert room.status(number) == (status, 2)
    own = (False, 1, [wanted])
    assert versions(room, number) == ([own, (True, 2, carried)] if carried else [own])
    assert room.amendment(number).own.made_by_id == room.member.person_id


def test_one_that_the_revision_does_not_touch_stays_as_it_was_filed(room):
    number = room.propose(reword(room.block(1), "Towns shall light paths."))

    room.edit(reword(room.block(0), FREE))

    assert room.status(number) == (STILL, 1)
    assert len(room.amendment(number).versions) == 1
    assert room.amendment(number).carryings == []


def test_what_is_adopted_is_not_carried_and_what_waits_is(room):
    adopted, waiting = (
        room.propose(reword(room.block(0), FREE)),
        room.propose(reword(room.block(0), COLD), by=room.other),
    )

    room.adopt(adopted)

    assert room.amendment(adopted).carryings == []
    assert room.status(waiting) == (COLLIDES, 2)


def test_a_collision_heals_when_the_words_come_back(room):
    number = room.propose(reword(room.block(0), COLD))
    room.edit(reword(room.block(0), FREE))
    assert room.status(number) == (COLLIDES, 2)

    room.edit(reword(room.block(0), WATER))

    assert room.status(number) == (STILL, 3)
    assert versions(room, number)[-1] == (True, 3, [COLD])


def test_each_time_the_engine_starts_from_what_a_person_wrote(room):
    number = room.propose(reword(room.block(0), ALL))
    room.edit(reword(room.block(0), FREE))
    room.edit(reword(room.block(0), COLD))

    assert [one.based_on_id for one in room.amendment(number).versions[1:]] == [room.amendment(number).own.id] * 2
    assert versions(room, number)[-1] == (True, 3, ["Towns shall share cold water with all their neighbours."])


def test_words_follow_into_a_paragraph_that_was_split_off_and_are_carried_from_there(room):
    number = room.propose(reword(room.block(0), ALL))
    room.edit(split(room.block(0), "Towns shall share clean water", ("new", "with their neighbours.")))
    assert versions(room, number)[-1] == (True, 2, ["with all their neighbours."])

    room.edit(reword(room.block(1), "with neighbours."))

    assert room.status(number) == (COLLIDES, 3)


@pytest.mark.parametrize(
    ("asked", "edited", "status"),
    [
        (lambda b: insert("n", "New.", after=b[1]), lambda b: delete(b[2]), STILL),
        (lambda _: insert("n", "New.", after=None), lambda b: reword(b[0], FREE), STILL),
        (lambda b: move(b[0], after=b[1]), lambda b: move(b[2], after=None), STILL),
        (lambda b: move(b[0], after=b[1]), lambda b: delete(b[0]), COLLIDES),
        (lambda b: delete(b[1]), lambda b: reword(b[1], "Towns shall shine."), COLLIDES),
        (lambda b: join(b[0], b[1]), lambda b: reword(b[1], "Towns shall shine."), STILL),
        (lambda b: reword(b[2], "Trees."), lambda b: delete(b[2]), COLLIDES),
    ],
)
def test_every_operation_is_brought_before_the_newer_text(room, asked, edited, status):
    blocks = [room.block(place) for place in range(3)]
    number = room.propose(asked(blocks))

    room.edit(edited(blocks))

    assert room.status(number)[0] is status
    adoption = room.adopt(number)
    assert room.outcomes(adoption) == [DecisionOutcome.WAITS if status is COLLIDES else DecisionOutcome.APPLIED]


def test_an_amendment_to_an_older_revision_is_carried_when_it_is_filed(room):
    room.edit(reword(room.block(0), FREE))

    late = room.propose(reword(room.block(0), COLD), base=1)

    assert room.status(late) == (COLLIDES, 2)


def test_a_freeze_carries_what_a_translation_has_changed(store):
    room = opened(store, {EN: WATER, ES: "Los municipios comparten el agua limpia."})
    number = room.propose(reword(room.block(0), "Los municipios comparten el agua fría."), language=ES)
    with store.writing() as db:
        declarations = DeclarationService(db)
        found = declarations.lock(room.declaration.id)
        writer = declarations.writer(found, actor=room.chair)
        row = found.head.rows[0]
        writer.write(row.block_id, ES, "Los municipios comparten el agua clara.", kind=row.kind)
        declarations.freeze(found, actor=room.chair)

    assert room.status(number) == (COLLIDES, 2)


def test_the_author_writes_it_anew_on_the_present_text_and_the_old_words_stay(any_store):
    room = opened(any_store)
    number = room.propose(reword(room.block(0), COLD))
    room.edit(reword(room.block(0), FREE))

    room.revise(number, reword(room.block(0), "Towns shall share free and cold water with their neighbours."))

    assert room.status(number) == (STILL, 2)
    assert [made_by for made_by, *_ in versions(room, number)] == [False, False]
    assert versions(room, number)[0] == (False, 1, [COLD])
    assert room.amendment(number).own.based_on_id == room.amendment(number).versions[0].id
    assert room.outcomes(room.adopt(number)) == [DecisionOutcome.APPLIED]
    assert room.texts()[0] == "Towns shall share free and cold water with their neighbours."


def test_only_its_author_writes_it_anew_and_only_while_it_is_open(room):
    number = room.propose(reword(room.block(0), COLD))
    with pytest.raises(NotAllowed):
        room.revise(number, reword(room.block(0), FREE), by=room.other)
    with pytest.raises(Invalid):
        room.revise(number, reword(room.block(0), WATER))
    room.adopt(number)
    with pytest.raises(Undecidable):
        room.revise(number, reword(room.block(0), FREE))


def test_the_log_tells_what_was_carried_without_its_words(room):
    number = room.propose(reword(room.block(0), ALL))
    room.edit(reword(room.block(0), FREE))

    with room.store.reading() as db:
        [line] = db.scalars(sa.select(LogEntry).where(LogEntry.kind == "amendments.carried"))
    [fact] = json.loads(line.entry)["facts"]["amendments"]
    found = room.amendment(number)
    assert fact == {
        "amendment": str(found.id),
        "from": str(found.own.id),
        "status": "still_applies",
        "made": str(found.versions[-1].id),
    }
    assert "water" not in line.entry


def test_what_a_revision_does_not_touch_costs_it_nothing(room):
    def statements(edited):
        with counted(room.store) as sent:
            room.edit(reword(room.block(1), edited))
        return len(sent)

    room.propose(reword(room.block(0), COLD))
    few = statements("Towns shall light every public path.")
    for number in range(9):
        room.propose(reword(room.block(0), f"{COLD} {number}"))

    assert statements("Towns shall light every path.") == few


@pytest.mark.parametrize(
    ("change", "expected"),
    [(delete, [WATER, LONG]), (lambda light: insert("n", "New.", after=light), [WATER, LONG, LIGHT, "New."])],
)
def test_where_a_long_paragraph_was_moved_before_another_which_has_not_moved(store, change, expected):
    room = opened(store, WATER, LIGHT, LONG)
    number = room.propose(change(room.block(1)))
    room.adopt(room.propose(move(room.block(2), after=room.block(0)), by=room.other))

    assert room.status(number)[0] is STILL
    room.adopt(number)
    assert room.texts() == expected
