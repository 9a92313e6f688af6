"""What was undone is told as undone, by every door that lists decisions, and leaves nothing behind it."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from drafts.merge.rebase import RebaseStatus
from tests.support.page import Page
from tests.support.texts import delete, insert, move, reword, split
from tests.workspace.amendments.browsing import DRAFT, Browser, browsing
from tests.workspace.amendments.room import LIGHT, SHADE, WATER, opened
from tests.workspace.amendments.test_committee import FREE, resolve, ruled, undo
from workspace.amendments.domain.models import Disposition, Verdict
from workspace.amendments.domain.sponsors import BackingService
from workspace.amendments.service import AmendmentService
from workspace.amendments.snapshots import SnapshotService
from workspace.core.errors import Invalid, Undecidable
from workspace.declarations.domain.models import Declaration

WHY = "We counted wrongly."
FORUM = DRAFT.rpartition("/")[0]


@pytest.fixture
def undone(room):
    """Decision 1 adopted amendment 1 in other words, table 1 was taken, decision 2 undid it, decision 3 adopted 2."""
    room.propose(reword(room.block(0), FREE))
    room.propose(reword(room.block(1), "Towns shall light all."), by=room.other)
    with room.store.writing() as db:
        backing = BackingService(db)
        amendment = backing.numbered(db.get_one(Declaration, room.declaration.id), 1, actor=room.member)
        backing.invite(amendment.id, [room.other.person_id], actor=room.member)
        backing.answer(amendment.id, confirms=True, actor=room.other)
    room.decide({1: ruled(Verdict.ADOPT_MODIFIED, changes=(reword(room.block(0), "Towns share free water."),))})
    with room.store.writing() as db:
        SnapshotService(db).take(room.declaration.id, actor=room.chair)
    undo(room, 1, reason=WHY)
    room.adopt(2)
    return room


def _listed(page: Page) -> Iterator[tuple[str, str]]:
    return ((row.root.get("data-number"), row.root.get("data-undone", "")) for row in page.rows("verdict"))


def _amendment(browser: Browser, _api: str) -> Iterator[tuple[str, str]]:
    return _listed(browser.page(f"{DRAFT}/amendments/1"))


def _history(browser: Browser, _api: str) -> Iterator[tuple[str, str]]:
    return _listed(browser.page(f"{DRAFT}/history"))


def _cited_table(browser: Browser, _api: str) -> Iterator[tuple[str, str]]:
    return (("1", by) for by in browser.page(f"{DRAFT}/amendments/tables/1").data("undone"))


def _log(browser: Browser, _api: str) -> Iterator[tuple[str, str]]:
    return (("1", by) for by in browser.page(f"{FORUM}/log").data("undone"))


def _spreadsheet(browser: Browser, _api: str) -> Iterator[tuple[str, str]]:
    rows = browser.see(f"{DRAFT}/sheets/decisions/csv").text.splitlines()
    return ((row.split(",")[0], row.split(",")[-2]) for row in rows[1:])


def _api_list(browser: Browser, api: str) -> Iterator[tuple[str, str]]:
    items = browser.see(f"{api}/decisions").json()["items"]
    return ((str(item["number"]), str(item["undone_by"] or "")) for item in items)


def _api_table(browser: Browser, api: str) -> Iterator[tuple[str, str]]:
    return ((str(number), "2") for number in browser.see(f"{api}/amendment-tables/1").json()["undone"])


def _api_log(browser: Browser, _api: str) -> Iterator[tuple[str, str]]:
    items = browser.see(f"/api/forums/{FORUM.rpartition('/')[2]}/log/").json()["items"]
    return (("1", str(item["undone_by"])) for item in items if item["undone_by"])


DOORS = (_amendment, _history, _cited_table, _log, _spreadsheet, _api_list, _api_table, _api_log)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_every_door_that_lists_decisions_marks_the_one_that_was_undone(undone, door):
    with browsing(undone.store, undone.chair) as browser:
        marked = [(number, by) for number, by in door(browser, f"/api/declarations/{undone.declaration.id}") if by]

    assert marked == [("1", "2")]


def test_history_says_which_decisions_were_undone_by_whom_and_why(undone):
    with browsing(undone.store, undone.chair) as browser:
        page = browser.page(f"{DRAFT}/history")
        again = browser.page(f"{DRAFT}/amendments/1")
        told = browser.see(f"/api/declarations/{undone.declaration.id}/decisions").json()["items"][1]

    assert page.part("verdict", "undo").root.get("data-undoes") == "1"
    assert told["undoes"] == [1]
    [line] = again.rows("undone")
    assert undone.chair.name in line.text
    assert WHY in line.quotes
    assert line.root.xpath(".//s")
    assert line.root.xpath(".//a[contains(@href, '/history')]")


def test_a_table_that_is_taken_later_does_not_cite_what_was_undone(undone):
    with undone.store.writing() as db:
        rows = SnapshotService(db).standing(db.get_one(Declaration, undone.declaration.id), actor=undone.chair)

    assert [(row.number, row.decision, row.decision_reason) for row in rows] == [(1, None, ""), (2, 3, "")]


def test_whoever_stands_behind_an_amendment_is_told_that_its_decision_was_undone(undone):
    for actor in (undone.member, undone.other):
        with browsing(undone.store, actor) as browser:
            told = browser.page("/en/notices")
        assert told.notices.count("decision") >= 2
        assert any("undone" in title.text for title in told.rows("notice", "decision"))


def test_whoever_stands_behind_a_bracket_is_told_that_its_resolution_was_undone(room):
    room.propose(reword(room.block(0), FREE))
    room.decide({1: Verdict.BRACKET})
    resolve(room, 1, 1)
    undo(room, 2, reason=WHY)
    with browsing(room.store, room.member) as browser:
        told = browser.page("/en/notices").rows("notice", "decision")

    assert len(told) == 3


def test_words_of_an_undone_decision_wait_for_no_answer(undone):
    with browsing(undone.store, undone.member) as browser:
        page, tasks = browser.page(f"{DRAFT}/amendments/1"), browser.page(f"{FORUM}/work")

    assert not page.data("reply")
    assert not tasks.root.xpath("//main//a[contains(@href, '/amendments/1')]")


def asked(room, number):
    """What the history says to the chair of undoing a decision."""
    with browsing(room.store, room.chair) as browser:
        return browser.page(f"{DRAFT}/history?undo={number}").part("number", number)


def undo_alone(room, number):
    head = room.head()
    assert asked(room, number).forms_to("/undoing")
    with room.store.writing() as db:
        return (
            AmendmentService(db)
            .undo_decision(room.declaration.id, number, reason=WHY, expected_head=head, actor=room.chair)
            .number
        )


def refusal(room, number):
    """Why a decision is not undone alone, and which other one is in the way."""
    assert not asked(room, number).forms
    with room.store.writing() as db, pytest.raises(Invalid) as refused:
        AmendmentService(db).undo_decision(
            room.declaration.id, number, reason=WHY, expected_head=room.head(), actor=room.chair
        )
    return refused.value.facts["reason"], refused.value.facts.get("number")


def test_one_decision_is_undone_alone_where_nothing_rests_on_it(any_room):
    room = any_room
    room.propose(reword(room.block(0), FREE))
    room.propose(delete(room.block(1)), by=room.other)
    room.propose(move(room.block(2), after=None), by=room.other)
    room.decide({1: Verdict.ADOPT, 2: Verdict.ADOPT, 3: Verdict.ADOPT})
    assert room.texts() == [SHADE, FREE]

    undo_alone(room, 2)

    assert room.texts() == [SHADE, FREE, LIGHT]
    undo_alone(room, 3)
    assert room.texts() == [FREE, LIGHT, SHADE]
    assert [room.disposition(number) for number in (1, 2, 3)] == [
        Disposition.ADOPTED,
        Disposition.OPEN,
        Disposition.OPEN,
    ]
    with room.store.reading() as db:
        decisions = AmendmentService(db).decisions(room.declaration)
        by = {decision.number: decision.undone_by.number for decision in decisions if decision.undone_by}
    assert by == {2: 4, 3: 5}


def test_a_decision_on_which_another_one_rests_is_not_undone_alone_and_the_refusal_names_it(room):
    room.propose(reword(room.block(0), FREE))
    room.adopt(1)
    room.propose(reword(room.block(0), "Towns share."), by=room.other)
    room.adopt(2)

    assert refusal(room, 1) == ("rests_on", 2)
    assert asked(room, 1).data("refused")
    undo_alone(room, 2)
    undo_alone(room, 1)
    assert room.texts()[0] == WATER
    assert refusal(room, 1) == ("not_undoable", None)


@pytest.mark.parametrize("verdict", [Verdict.ADOPT, Verdict.REJECT])
@pytest.mark.parametrize("is_last", [True, False])
def test_an_amendment_decided_with_one_to_it_is_undone_with_that_and_never_that_alone(room, verdict, is_last):
    room.propose(reword(room.block(0), FREE))
    room.amend(1, reword(room.block(0), "Towns shall share warm water with their neighbours."))
    room.propose(reword(room.block(1), "Towns light."), by=room.other)
    room.decide({1: Verdict.ADOPT, 2: verdict, 3: Verdict.ADOPT})
    if not is_last:
        room.edit(reword(room.block(2), "Towns plant."))
    assert refusal(room, 2) == ("rests_on", 1)

    undo_alone(room, 1)

    assert [room.disposition(number) for number in (1, 2, 3)] == [
        Disposition.OPEN,
        Disposition.OPEN,
        Disposition.ADOPTED,
    ]
    assert room.texts()[:2] == [WATER, "Towns light."]
    with room.store.reading() as db:
        marks = [decision.undone_by is not None for decision in AmendmentService(db).decisions(room.declaration)]
    assert marks[:3] == [True, True, False]


def test_what_fell_because_of_a_third_amendment_is_not_open_below_one_that_is_decided(room):
    room.propose(reword(room.block(0), FREE))
    room.amend(1, reword(room.block(0), "Towns shall share warm water with their neighbours."))
    room.propose(reword(room.block(1), "Towns light."), by=room.other)
    room.decide({1: Verdict.ADOPT, 2: ruled(Verdict.FALL, because_of=3), 3: Verdict.ADOPT})
    room.edit(reword(room.block(2), "Towns plant."))

    assert (refusal(room, 2), refusal(room, 3)) == (("goes_with", 3), ("rests_on", 1))

    undo_alone(room, 1)
    assert (room.disposition(1), room.disposition(2)) == (Disposition.OPEN, Disposition.OPEN)
    undo_alone(room, 3)


def test_what_fell_twice_over_because_of_an_earlier_one_is_undone_with_what_it_amends(room):
    room.propose(reword(room.block(0), FREE))
    room.amend(1, reword(room.block(0), "Towns shall share warm water with their neighbours."))
    room.propose(reword(room.block(1), "Towns light."), by=room.other)
    room.adopt(3)
    room.decide({1: ruled(Verdict.FALL, because_of=3)})
    room.edit(reword(room.block(2), "Towns plant."))
    assert refusal(room, 3) == ("rests_on", 2)

    undo_alone(room, 2)

    assert (room.disposition(1), room.disposition(2)) == (Disposition.OPEN, Disposition.OPEN)
    with room.store.reading() as db:
        decisions = AmendmentService(db).decisions(room.declaration)
    assert [decision.number for decision in decisions if decision.undone_by] == [2, 3]


def test_what_was_accepted_into_an_amendment_that_fell_at_once_is_undone_with_its_fall_and_never_alone(room):
    room.propose(reword(room.block(0), FREE))
    room.amend(1, reword(room.block(0), "Towns shall share warm water with their neighbours."))
    room.propose(reword(room.block(1), "Towns light."), by=room.other)
    room.decide({3: Verdict.REFER, 2: Verdict.ADOPT, 1: ruled(Verdict.FALL, because_of=3)})
    room.edit(reword(room.block(2), "Towns plant."))
    assert room.disposition(2) is Disposition.FALLEN

    assert [refusal(room, number) for number in (2, 3, 4)] == [("rests_on", 3), ("goes_with", 1), ("goes_with", 1)]
    assert undo_alone(room, 1) == 6

    assert {room.disposition(number) for number in (1, 2, 3)} == {Disposition.OPEN}
    with room.store.reading() as db:
        decisions = AmendmentService(db).decisions(room.declaration)
    assert [decision.number for decision in decisions if decision.undone_by] == [1, 2, 3, 4]


@pytest.mark.parametrize("take_back", [undo, undo_alone])
def test_what_fell_falls_again_with_what_it_amends_where_that_was_withdrawn_meanwhile(room, take_back):
    room.propose(reword(room.block(0), FREE))
    room.amend(1, reword(room.block(0), "Towns shall share warm water with their neighbours."))
    room.propose(reword(room.block(1), "Towns light."), by=room.other)
    room.decide({2: ruled(Verdict.FALL, because_of=3), 3: Verdict.ADOPT})
    room.withdraw(1)

    take_back(room, {undo: 1, undo_alone: 2}[take_back], **({"reason": WHY} if take_back is undo else {}))

    assert [room.disposition(number) for number in (2, 3)] == [Disposition.FALLEN, Disposition.OPEN]
    with room.store.reading() as db:
        decisions = AmendmentService(db).decisions(room.declaration)
        [fall] = [made for made in decisions if made.verdict is Verdict.FALL and made.undone_by is None]
        assert (fall.amendment.number, fall.because_of.number) == (2, 1)
    with room.store.writing() as db:
        AmendmentService(db).reinstate(room.amendment(1).id, actor=room.member)
    assert [room.disposition(number) for number in (1, 2)] == [Disposition.OPEN, Disposition.OPEN]
    with room.store.reading() as db:
        assert all(made.undone_by for made in AmendmentService(db).decisions(room.declaration) if made.amendment)


@pytest.mark.parametrize("take_back", [undo, undo_alone])
def test_what_fell_when_its_rejection_was_undone_is_open_again_with_what_it_amends(room, take_back):
    room.propose(reword(room.block(0), FREE))
    room.amend(1, reword(room.block(0), "Towns shall share warm water with their neighbours."))
    room.decide({2: Verdict.REJECT})
    room.withdraw(1)
    take_back(room, 1, **({"reason": WHY} if take_back is undo else {}))
    assert room.disposition(2) is Disposition.FALLEN
    with room.store.writing() as db:
        AmendmentService(db).reinstate(room.amendment(1).id, actor=room.member)
    assert [room.disposition(number) for number in (1, 2)] == [Disposition.OPEN, Disposition.OPEN]


def test_what_stands_alone_since_its_parent_was_reworded_stays_so_when_its_own_decision_is_undone(room):
    room.propose(reword(room.block(0), FREE))
    room.amend(1, reword(room.block(0), FREE.replace("neighbours", "friends")))
    room.decide({1: ruled(Verdict.ADOPT_MODIFIED, changes=(reword(room.block(0), FREE.replace("shall ", "")),))})
    room.decide({2: Verdict.REJECT})
    undo_alone(room, 2)
    assert room.amendment(2).parent_id is None
    room.decide({2: Verdict.REJECT})
    undo(room, 4, reason=WHY)
    assert room.amendment(2).parent_id is None


def test_what_stands_alone_since_its_parent_was_reworded_is_not_amended_as_that_may_be_undone(room):
    room.propose(reword(room.block(0), FREE))
    room.amend(1, reword(room.block(0), FREE.replace("neighbours", "friends")))
    room.decide({1: ruled(Verdict.ADOPT_MODIFIED, changes=(reword(room.block(0), FREE.replace("shall ", "")),))})
    with pytest.raises(Undecidable) as refused:
        room.amend(2, reword(room.block(0), FREE.replace("neighbours", "all")))
    assert refused.value.facts == {"number": 2, "reason": "amends_already"}


def test_two_decisions_of_one_round_on_one_paragraph_are_undone_in_it_alone(room):
    room.propose(reword(room.block(0), WATER.replace("Towns", "Cities")))
    room.propose(reword(room.block(0), WATER.replace("neighbours", "friends")), by=room.other)
    room.adopt(1, 2)
    assert [refusal(room, number) for number in (1, 2)] == [("same_round", 2), ("same_round", 1)]


def test_words_are_put_in_brackets_and_out_of_them_until_something_rests_on_that(room):
    room.propose(reword(room.block(0), FREE))
    room.propose(reword(room.block(1), "Towns light."), by=room.other)
    room.decide({1: Verdict.BRACKET, 2: Verdict.ADOPT})
    resolve(room, 1, 1)
    room.edit(reword(room.block(2), "Towns plant."))
    assert refusal(room, 1) == ("rests_on", 3)

    undo_alone(room, 3)

    assert (room.disposition(1), room.texts()[0]) == (Disposition.BRACKETED, WATER)
    undo_alone(room, 1)
    assert (room.disposition(1), room.disposition(2)) == (Disposition.OPEN, Disposition.ADOPTED)
    with room.store.reading() as db:
        assert [bracket.state for bracket in AmendmentService(db).brackets(room.declaration)] == ["cancelled"]
    room.adopt(1)
    assert room.texts()[0] == FREE


def test_what_fell_because_of_a_decision_is_open_again_when_that_is_undone_alone(room):
    room.propose(reword(room.block(0), FREE))
    room.propose(reword(room.block(0), "Towns share."), by=room.other)
    room.propose(reword(room.block(1), "Towns light."), by=room.other)
    room.amend(2, reword(room.block(0), "Towns share all."), by=room.member)
    room.decide({1: Verdict.ADOPT, 2: ruled(Verdict.FALL, because_of=1), 3: Verdict.ADOPT})
    assert refusal(room, 2) == ("goes_with", 1)

    undo_alone(room, 1)

    assert {number: room.disposition(number) for number in (1, 2, 3, 4)} == {
        1: Disposition.OPEN,
        2: Disposition.OPEN,
        3: Disposition.ADOPTED,
        4: Disposition.OPEN,
    }
    assert room.texts() == [WATER, "Towns light.", SHADE]
    assert room.status(2)[0] is RebaseStatus.STILL_APPLIES


def test_a_decision_is_undone_on_its_page_by_who_decides(room):
    room.propose(reword(room.block(0), FREE))
    room.propose(reword(room.block(1), "Towns light."), by=room.other)
    room.decide({1: Verdict.ADOPT, 2: Verdict.REJECT})
    with browsing(room.store, room.member) as member:
        assert not member.page(f"{DRAFT}/amendments/1").forms_to("/undoing")
    with browsing(room.store, room.chair) as chair:
        [way] = [link for link in chair.page(f"{DRAFT}/amendments/1").links if "undo=1" in link]
        form = chair.page(f"{DRAFT}/amendments/1{way}").form("/decisions/1/undoing")
        assert chair.send(form.action, reason=WHY).status_code == 303
        page = chair.page(f"{DRAFT}/history")
    assert page.part("verdict", "undo").root.get("data-undoes") == "1"
    assert room.texts()[0] == WATER


HALVES = split("b0", "Towns shall share clean water", ("half", "with their neighbours."))


SHINE = reword("b1", "Towns shall shine.")


@pytest.mark.parametrize(
    ("taken_back", "stands", "expected"),
    [
        (SHINE, insert("n", "New.", after="b0"), [WATER, "New.", LIGHT, SHADE, "End."]),
        (SHINE, move("b0", after="b3"), [LIGHT, SHADE, "End.", WATER]),
        (SHINE, HALVES, [HALVES.text, HALVES.parts[0].text, LIGHT, SHADE, "End."]),
        (delete("b1"), move("b0", after="b3"), [LIGHT, SHADE, "End.", WATER]),
        (delete("b2"), move("b1", after="b3"), [WATER, SHADE, "End.", LIGHT]),
        (move("b1", after="b2"), HALVES, [HALVES.text, HALVES.parts[0].text, LIGHT, SHADE, "End."]),
        (move("b1", after=None), reword("b2", "Towns shall plant."), [WATER, LIGHT, "Towns shall plant.", "End."]),
    ],
)
def test_a_decision_undone_alone_leaves_the_order_that_others_gave(store, taken_back, stands, expected):
    room = opened(store, WATER, LIGHT, SHADE, "End.")
    ids = {f"b{place}": room.block(place) for place in range(4)}
    for change, by in ((taken_back, room.member), (stands, room.other)):
        room.propose(replace(change, block=ids.get(change.block, "n"), after=ids.get(change.after)), by=by)
    room.adopt(1, 2)

    undo_alone(room, 1)

    assert room.texts() == expected
