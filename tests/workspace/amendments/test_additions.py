"""A paragraph that somebody would add stands in the text, whole in brackets, until the committee takes or drops it."""

import pytest

from drafts.text.blocks import Language
from tests.support.page import Page
from tests.support.texts import delete, insert, reword
from tests.workspace.amendments.browsing import DRAFT, browsing
from tests.workspace.amendments.room import LIGHT, SHADE, WATER, opened
from tests.workspace.amendments.test_committee import brackets, resolve, undo
from tests.workspace.amendments.test_desk import AGREED, DESK, mark, words
from workspace.amendments.domain.committee_models import BracketState
from workspace.amendments.domain.models import DecisionOutcome, Disposition, Verdict
from workspace.core.errors import Invalid, Undecidable

EN, ES = Language.EN, Language.ES
DIG = "Towns shall dig."
SWIM = "Towns shall teach every child to swim."


def adding(room, text, *, place=1, name="new"):
    return insert(name, text, after=room.block(place))


def test_an_added_paragraph_stands_in_brackets_and_is_taken(any_room):
    room = any_room
    room.propose(adding(room, DIG))

    adoption = room.decide({1: Verdict.BRACKET})

    assert room.texts() == [WATER, LIGHT, DIG, SHADE]
    assert brackets(room) == [(BracketState.OPEN, ["", DIG])]
    assert (adoption.revision.number, adoption.decisions[0].revision.number) == (2, 2)
    assert room.disposition(1) is Disposition.BRACKETED
    decision = resolve(room, 1, 1)
    assert (decision.outcome, decision.revision) == (DecisionOutcome.INCLUDED, None)
    assert room.texts() == [WATER, LIGHT, DIG, SHADE]
    assert room.disposition(1) is Disposition.ADOPTED


def test_an_added_paragraph_is_dropped_and_the_dropping_undone(room):
    room.propose(adding(room, DIG))
    room.decide({1: Verdict.BRACKET})

    resolve(room, 1, 0)

    assert room.texts() == [WATER, LIGHT, SHADE]
    assert room.disposition(1) is Disposition.REJECTED
    undo(room, 2)
    assert room.texts() == [WATER, LIGHT, DIG, SHADE]
    assert brackets(room)[0][0] is BracketState.OPEN
    undo(room, 1)
    assert room.texts() == [WATER, LIGHT, SHADE]
    assert (brackets(room)[0][0], room.disposition(1)) == (BracketState.CANCELLED, Disposition.OPEN)
    room.decide({1: Verdict.BRACKET})
    assert room.texts() == [WATER, LIGHT, DIG, SHADE]


def test_what_several_would_add_at_one_place_stands_side_by_side_and_the_same_words_once(room):
    room.propose(adding(room, DIG))
    room.propose(adding(room, SWIM), by=room.other)
    room.propose_too(adding(room, DIG), by=room.other)

    room.decide({1: Verdict.BRACKET, 2: Verdict.BRACKET})
    room.decide({3: Verdict.BRACKET})

    assert room.texts() == [WATER, LIGHT, DIG, SWIM, SHADE]
    assert [texts for _, texts in brackets(room)] == [["", DIG], ["", SWIM]]


def test_a_paragraph_is_added_in_brackets_beside_what_else_is_decided(room):
    room.propose(adding(room, DIG))
    room.propose(delete(room.block(1)), by=room.other)

    adoption = room.decide({1: Verdict.BRACKET, 2: Verdict.ADOPT})

    assert room.texts() == [WATER, DIG, SHADE]
    assert adoption.revision.number == 2
    assert room.disposition(2) is Disposition.ADOPTED


def test_a_paragraph_in_brackets_takes_other_wordings_and_no_edit(room):
    room.propose(adding(room, DIG))
    room.decide({1: Verdict.BRACKET})
    with pytest.raises(Invalid) as refusal:
        room.edit(reword(room.block(2), SWIM))
    room.propose(reword(room.block(2), SWIM), by=room.other)
    room.decide({2: Verdict.BRACKET})

    resolve(room, 1, 2)

    with browsing(room.store, room.member) as member:
        history = member.page(f"{DRAFT}/history")
    assert refusal.value.facts["reason"] == "in_brackets"
    newest = history.by_id(f"r{room.revisions()}")
    assert newest.root.get("data-cause") == "resolve"
    assert newest.data("verdict") == ["bracket", "resolve"]  # whose words they are, and that they stand
    assert room.texts() == [WATER, LIGHT, SWIM, SHADE]
    assert (room.disposition(1), room.disposition(2)) == (Disposition.REJECTED, Disposition.ADOPTED)


def test_two_paragraphs_at_once_and_those_of_another_language_stay_out_of_brackets(store):
    room = opened(store, {EN: WATER, ES: "Las ciudades comparten el agua."})
    room.propose(insert("a", DIG, after=room.block(0)), insert("b", SWIM, after="a"))
    room.propose(insert("a", "Las ciudades excavan.", after=room.block(0)), language=ES, by=room.other)

    with pytest.raises(Undecidable) as several:
        room.decide({1: Verdict.BRACKET})
    with pytest.raises(Undecidable) as foreign:
        room.decide({2: Verdict.BRACKET}, language=EN)
    room.decide({2: Verdict.BRACKET})

    assert (several.value.facts["reason"], foreign.value.facts["reason"]) == ("not_bracketable", "other_language")
    assert room.texts(ES) == ["Las ciudades comparten el agua.", "Las ciudades excavan."]


def test_from_the_desk_a_new_paragraph_is_read_in_brackets_with_its_author_and_is_not_in_the_clean_text(room):
    room.propose(adding(room, DIG))
    with browsing(room.store, room.chair) as chair, browsing(room.store, room.member) as member:
        sill = chair.fill(chair.see(f"{DESK}?text=en"), f"{DESK}/sill", **{"verdict-1": "bracket"})
        answer = mark(chair, verdict_1="bracket", action="decide")
        desk = chair.page(answer.headers["location"])
        agreed, clean = member.page(f"{AGREED}?text=en"), words(member.see(f"{AGREED}?text=en&view=clean"))
        plain, read = member.see(f"{AGREED}/text?text=en").text, words(member.see(f"{DRAFT}?text=en"))
        history = member.page(f"{DRAFT}/history").by_id("r2")

    assert Page(sill).data("change") == ["missing", "bracket", "missing"]
    assert desk.result == "revision.made decision.taken"
    assert desk.part("bracket", 1).data("addition") == [""]
    assert f"[{DIG}]" in agreed.text
    assert "Marta Olivar (1)" in agreed.text_of("addition")
    assert DIG not in clean
    assert f"[{DIG}]" in plain
    assert f"[{DIG}]" in read
    assert (history.root.get("data-cause"), history.data("verdict")) == ("bracket", ["bracket"])
