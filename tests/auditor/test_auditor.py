"""Whatever people do, every door says what the record says (`docs/trilingual.md`, `docs/procedure.md`).

`WORKSPACE_AUDITED_HISTORIES` says how many histories the long run tells on each database, 50 unless told; each has
60 acts. `WORKSPACE_AUDITED_FROM` is the number of the first: a history that failed is told again by its number.
"""

import os

import pytest

from tests.auditor.acts import History, opened
from tests.auditor.doors import differences
from workspace.core.storage.db import Store

FIRST = int(os.environ.get("WORKSPACE_AUDITED_FROM", "1000"))
MANY = int(os.environ.get("WORKSPACE_AUDITED_HISTORIES", "50"))


def audit(store: Store, numbers: range, *, acts: int) -> None:
    """Tell these histories one after the other in one forum, and read every door after each."""
    with opened(store) as people:
        for number in numbers:
            history = History(people, number)
            history.play(acts)
            found = differences(history, store)
            assert not found, "\n".join([f"history {number}", *found, "", *history.told])


def test_every_door_says_what_the_record_says(store: Store):
    audit(store, range(3), acts=40)


def test_so_it_does_on_postgresql(postgresql_store: Store):
    audit(postgresql_store, range(1), acts=40)


@pytest.mark.long
@pytest.mark.parametrize("start", range(FIRST, FIRST + MANY, 10))
def test_so_it_does_after_many_histories(any_store: Store, start: int):
    audit(any_store, range(start, min(start + 10, FIRST + MANY)), acts=60)
