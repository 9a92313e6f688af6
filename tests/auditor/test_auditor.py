"""Whatever people do, every door says what the record says."""

import pytest

from tests.auditor.acts import History, opened
from tests.auditor.doors import differences
from workspace.core.storage.db import Store

HISTORIES, ACTS = 3, 40


def audit(store: Store, seeds: range, acts: int) -> None:
    with opened(store) as people:
        for seed in seeds:
            history = History(people, seed)
            history.play(acts)
            found = differences(history, store)
            assert not found, "\n".join([f"seed {seed}", *found, "", *history.told])


def test_every_door_says_what_the_record_says(store: Store):
    audit(store, range(HISTORIES), ACTS)


def test_so_it_does_on_postgresql(postgresql_store: Store):
    audit(postgresql_store, range(1), ACTS)


@pytest.mark.long
def test_so_it_does_for_many_histories(any_store: Store):
    audit(any_store, range(1_000, 1_050), 60)
