"""Whatever people do, every door says what the record says (`docs/trilingual.md`, `docs/procedure.md`).

`WORKSPACE_AUDITED_HISTORIES` says how many histories the long run tells on each database, 50 unless told; each has
60 acts. `WORKSPACE_AUDITED_FROM` is the number of the first: a history that failed is told again by its number.
"""

import os

import pytest

from tests.auditor.acts import History, opened
from tests.auditor.doors import differences
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Store, new_id

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


def test_a_vote_cast_for_another_town_leaves_ones_own_to_do(store: Store):
    with opened(store) as people:
        table = people.declaration("Towns share water.", slug="proxies", phase=Phase.ADOPTION)
        history = History(people, 1, table=table)
        history.begun = new_id()
        mover, seconder = (str(people.people[role].person_id) for role in (Role.COMMITTEE, Role.MEMBER))
        changes = [{"op": "reword", "block": table.block(0), "text": "Towns share light."}]
        oral = {"base_revision": 1, "language": "en", "changes": changes, "mover": mover, "seconders": [seconder]}
        people[Role.SECRETARIAT].post(f"{table.path}/oral-amendments", oral)
        about = {"subject": "amendment", "amendment": 1}
        for _ in range(2):
            people.chair.post(f"{table.path}/votes", {"about": about, "rules": {"means": "vote"}})
        own = people.member.get(f"{table.path}/proxies").json()["own"]
        [given] = people[Role.COMMITTEE].post(f"{table.path}/proxies", {"holder": own}).json()["items"]
        held = {"choice": "yes", "proxy": given["id"]}
        cast = [
            people.member.post(f"{table.path}/questions/{number}/votes", body).status_code
            for number, body in ((1, held), (2, {"choice": "no"}))
        ]

        assert cast == [201, 201]
        assert not differences(history, store)


@pytest.mark.long
@pytest.mark.parametrize("start", range(FIRST, FIRST + MANY, 10))
def test_so_it_does_after_many_histories(any_store: Store, start: int):
    audit(any_store, range(start, min(start + 10, FIRST + MANY)), acts=60)
