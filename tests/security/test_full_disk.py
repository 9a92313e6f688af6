"""The disk is full: what was acknowledged is there, people go on reading, and with room again they go on writing."""

import sqlalchemy as sa

from tests.workspace.house import opened
from workspace.core.storage.db import Store
from workspace.history.audit import audit


def leave_room(store: Store, pages: int) -> None:
    """Let the database grow by so many pages and no more, on every connection."""
    store.close()
    with store.engine.connect() as connection:
        size = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + pages

    def limit(connection, _record):
        connection.execute(f"PRAGMA max_page_count={size}")

    sa.event.listen(store.engine, "connect", limit)
    store.close()


def test_on_a_full_disk_nothing_is_lost_and_reading_goes_on(store: Store):
    with opened(store) as house:
        table = house.declaration("Towns share water.")
        leave_room(store, 60)
        kept, answer = [], None
        for number in range(60):
            words = f"Towns share well {number}, {'and another ' * 300}."
            body = table.proposal(words) | {"reason": "So decided."}
            body.pop("base_revision")
            answer = house.chair.post(f"{table.path}/edits", body, if_match=table.head)
            if answer.status_code != 201:
                break
            kept.append(words)

        assert answer is not None
        assert (answer.status_code, answer.json()["code"]) == (507, "web.full")
        assert kept
        assert house.chair.get(f"{table.path}/text").status_code == 200
        assert table.words() == [kept[-1]]

        leave_room(store, 10_000)
        again = {"language": "en", "changes": table.proposal("Towns share.")["changes"], "reason": "So decided."}
        assert house.chair.post(f"{table.path}/edits", again, if_match=table.head).status_code == 201
    with store.reading() as db:
        assert audit(db).findings == ()
