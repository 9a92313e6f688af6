"""One decision on the large database: the processor's time, and how much of it the only writer is held."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time

import sqlalchemy as sa

from tests.benchmarks import large
from tests.benchmarks.measuring import Targets
from tests.benchmarks.pages import chair_of
from workspace.amendments.domain.models import Amendment, Disposition, Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor
from workspace.core.storage.db import Db, Store
from workspace.declarations.domain.models import Declaration
from workspace.serving import let_grow_old

ROUNDS = 15
WHOLE, HELD = 60, 10  # milliseconds


def report(targets: Targets, place: str = "") -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        store = large.made(place or str(Path(folder) / "large.sqlite3"))
        chair, locked = chair_of(store), list[float]()

        @sa.event.listens_for(store.engine, "after_cursor_execute")
        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if statement == "BEGIN IMMEDIATE":
                locked.append(process_time())

        _decide(store, chair)
        let_grow_old()
        taken = []
        for _ in range(ROUNDS):
            started = process_time()
            _decide(store, chair)
            taken.append((process_time() - started, process_time() - locked[-1]))
        store.close()
    whole, held = (median(times) * 1000 for times in zip(*taken, strict=True))
    yield f"one decision: {whole:.1f} ms, of which the only writer is held {held:.1f} ms"
    targets.most("one decision", whole, WHOLE, "ms")
    targets.most("one decision, the only writer held", held, HELD, "ms")


def _decide(store: Store, chair: Actor) -> None:
    """Adopt the first amendment that is open."""

    def change(db: Db) -> None:
        declaration = db.scalars(sa.select(Declaration)).one()
        is_open = sa.select(Amendment.id).where(Amendment.disposition == Disposition.OPEN)
        wanted = db.scalars(is_open.order_by(Amendment.number).limit(1)).one()
        AmendmentService(db).decide(
            declaration.id,
            [Ruling(wanted, Verdict.ADOPT, "As read.")],
            expected_head=declaration.head_id,
            actor=chair,
        )

    store.briefly(change)
