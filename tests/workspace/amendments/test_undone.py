"""What was undone is told as undone, by every door that lists decisions, and leaves nothing behind it."""

from collections.abc import Iterator

import pytest

from tests.support.page import Page
from tests.support.texts import reword
from tests.workspace.amendments.browsing import DRAFT, Browser, browsing
from tests.workspace.amendments.test_committee import FREE, ruled, undo
from workspace.amendments.domain.models import Verdict
from workspace.amendments.domain.sponsors import BackingService
from workspace.amendments.snapshots import SnapshotService
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


def test_words_of_an_undone_decision_wait_for_no_answer(undone):
    with browsing(undone.store, undone.member) as browser:
        page, tasks = browser.page(f"{DRAFT}/amendments/1"), browser.page(f"{FORUM}/work")

    assert not page.data("reply")
    assert not tasks.root.xpath("//main//a[contains(@href, '/amendments/1')]")
