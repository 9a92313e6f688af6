"""Many forums at once: `python -m tests.benchmarks.network [ADDRESS …]`, for each empty database that is named.

Forty chairs decide in forty forums, five in each of eight processes, through `Store.briefly` and, for comparison,
under the lock from the first statement on. Then the measured times are put into a model of a network of 1,000 forums
and 100,000 people, whose lock is let go in the order of arrival: how long people wait, and what breaks first.
"""

import json
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import quantiles
from threading import Thread
from time import perf_counter, process_time

import sqlalchemy as sa
from msgspec import Struct

from drafts.diff.amendments import Change, ChangeOp
from tests.support import factories
from tests.support.factories import EN
from workspace import registration
from workspace.amendments.domain.models import Amendment, Disposition, Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.settings import Settings
from workspace.core.storage.db import Db, Store, Trilingual
from workspace.core.storage.schema import migrate
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService
from workspace.people.models import Mandate, Person
from workspace.people.service import PeopleService

FORUMS, PROCESSES, EACH = 40, 8, 5
AMENDMENTS = 6  # of each forum, each adopted once: half of them in either way
LOCKS = ("BEGIN IMMEDIATE", "SELECT pg_advisory_xact_lock(")
Way = Callable[[Store, Callable[[Db], object]], object]


def fill(store: Store) -> None:
    """Forty forums, each with a chair, a text and as many amendments as paragraphs."""
    migrate(store)
    for number in range(FORUMS):
        with store.writing() as db:
            people, service = PeopleService(db), DeclarationService(db)
            name, place = factories.trilingual(f"Forum {number}"), Trilingual(es="Vila", en="Vila", fr="Vila")
            names = {"network": factories.trilingual("Network"), "name": name, "place": place}
            forum = people.found(slug=f"forum-{number}", timezone="UTC", actor=OPERATOR, **names)
            people.add_person(forum, name=f"Chair {number}", role=Role.CHAIR, actor=OPERATOR)
            member = people.add_person(forum, name=f"Member {number}", role=Role.MEMBER, actor=OPERATOR).as_actor()
            texts = factories.paragraphs(*(f"Towns share well {place}." for place in range(AMENDMENTS)))
            made = service.create(forum, slug="text", name=name, language=EN, blocks=texts, actor=OPERATOR)
            service.enter(made, Phase.REVIEW, actor=OPERATOR)
            for row in queries.head_rows(db, made):
                change = Change(ChangeOp.REWORD, str(row.block_id), text=f"{row.content(EN)[:-1]} and its water.")
                AmendmentService(db).propose(
                    made.id, base_revision=1, language=EN, changes=[change], reason="So that all drink.", actor=member
                )


class Chair(Struct):
    """One writer: whom it is, and what is left to decide."""

    actor: Actor
    declaration: Declaration
    amendments: list[Amendment]

    def decide(self, db: Db) -> None:
        wanted = self.amendments[-1].id
        declaration = DeclarationService(db).get(self.declaration.id)
        rulings = [Ruling(wanted, Verdict.ADOPT, "As read.")]
        AmendmentService(db).decide(declaration.id, rulings, expected_head=declaration.head_id, actor=self.actor)


def chairs(store: Store) -> list[Chair]:
    with store.reading() as db:
        found = []
        for person, forum_id in db.execute(
            sa.select(Person, Mandate.forum_id).join(Mandate).where(Mandate.role == Role.CHAIR)
        ):
            here = db.scalars(sa.select(Declaration).where(Declaration.forum_id == forum_id)).one()
            is_open = (Amendment.declaration_id == here.id, Amendment.disposition == Disposition.OPEN)
            found.append(Chair(person.as_actor(), here, list(db.scalars(sa.select(Amendment).where(*is_open)))))
        return found


class Measured(Struct):
    """What one process measured, in seconds: each decision as its chair waited, and each wait for a lock."""

    decisions: list[float]
    waits: list[float]
    processor: float


def run(address: str, mine: Sequence[int], way: Way) -> Measured:
    """Half of what is open in these forums is decided, each forum by a thread of its own."""
    store = Store(Settings(database_url=address))
    taken, waits, begun = list[float](), list[float](), {}

    @sa.event.listens_for(store.engine, "before_cursor_execute")
    def before(connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(LOCKS):
            begun[connection] = perf_counter()

    @sa.event.listens_for(store.engine, "after_cursor_execute")
    def after(connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(LOCKS):
            waits.append(perf_counter() - begun.pop(connection))

    def work(chair: Chair) -> None:
        for _ in range(AMENDMENTS // 2):
            started = perf_counter()
            way(store, chair.decide)
            taken.append(perf_counter() - started)
            chair.amendments.pop()

    threads = [Thread(target=work, args=(chair,)) for place, chair in enumerate(chairs(store)) if place in mine]
    started = process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    return Measured(taken, waits, process_time() - started)


def at_once(address: str, way: Way) -> Iterator[str]:
    """All processes together, each forked so that it begins with everything loaded."""
    pipes, started = [], perf_counter()
    for number in range(PROCESSES):
        reads, writes = os.pipe()
        if os.fork() == 0:
            measured = run(address, range(number * EACH, (number + 1) * EACH), way)
            with os.fdopen(writes, "w") as out:
                json.dump([measured.decisions, measured.waits, measured.processor], out)
            os._exit(0)
        os.close(writes)
        pipes.append(reads)
    measured = [Measured(*json.loads(os.fdopen(reads).read())) for reads in pipes]
    for _ in pipes:
        os.wait()
    whole = perf_counter() - started
    decisions, waits = [x for some in measured for x in some.decisions], [x for some in measured for x in some.waits]
    processor = sum(some.processor for some in measured) / len(decisions) * 1000
    yield (
        f"  {len(decisions)} decisions in {whole:.1f} s: {len(decisions) / whole:.1f} a second, "
        f"{processor:.0f} ms of the processor each; the chair waits {_spread(decisions)}, the lock {_spread(waits)}"
    )


def _spread(seconds: Sequence[float]) -> str:
    parts = quantiles(seconds, n=20)
    return f"{parts[9] * 1000:.0f} ms (19 of 20: {parts[18] * 1000:.0f}, longest {max(seconds) * 1000:.0f})"


class Act(Struct, frozen=True):
    """What people do: how often each does it in the busiest hour, milliseconds computed before and under the lock."""

    name: str
    each_hour: float
    computed: float
    held: float


PEOPLE, HERE = 100_000, 0.2  # and how many of them are there in the busiest hour
BRIEF = (Act("decision", 0.02, 66, 9), Act("proposal", 0.2, 25, 8), Act("remark", 1, 10, 5), Act("reading", 60, 22, 0))
LOCKED = tuple(Act(act.name, act.each_hour, 0, act.computed + act.held if act.held else 0) for act in BRIEF)


def model(acts: Sequence[Act], people: float, *, seconds: int = 600, seed: int = 1) -> tuple[float, float]:
    """How much of the time one lock is held, and the wait of the unluckiest of a hundred, in seconds."""
    rng, wanted = random.Random(seed), []
    for act in acts:
        at, rate = 0.0, people * act.each_hour / 3600
        while act.held and (at := at + rng.expovariate(rate)) < seconds:
            wanted.append((at, act.held / 1000))
    free, waits = 0.0, []
    for at, held in sorted(wanted):
        waits.append(max(0.0, free - at))
        free = max(free, at) + held
    return sum(held for _, held in wanted) / seconds, quantiles(waits, n=100)[98]


def modelled() -> Iterator[str]:
    yield f"  {'there':>11} {'cores':>6} {'held throughout':>20} {'99 of 100 wait':>15} {'briefly':>13} {'wait':>7}"
    for people in (1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 100_000):
        cores = sum(people * act.each_hour * (act.computed + act.held) for act in BRIEF) / 3_600_000
        (old, old_wait), (new, new_wait) = model(LOCKED, people), model(BRIEF, people)
        yield f"  {people:>11,} {cores:>6.1f} {old:>21.0%} {old_wait:>14.2f} s {new:>13.0%} {new_wait:>6.2f} s"


def main(addresses: Sequence[str]) -> None:
    registration.install()
    with tempfile.TemporaryDirectory() as folder:
        for address in addresses or [f"sqlite:///{Path(folder) / 'network.sqlite3'}"]:
            store = Store(Settings(database_url=address))
            fill(store)
            store.close()
            sys.stdout.write(f"{PROCESSES} processes, {FORUMS} chairs, {store.engine.dialect.name}\n")
            for name, way in (("under the lock", _under_the_lock), ("briefly", Store.briefly)):
                sys.stdout.write(f" {name}\n" + "\n".join(at_once(address, way)) + "\n")
                sys.stdout.flush()
    sys.stdout.write("a network, modelled\n" + "\n".join(modelled()) + "\n")


def _under_the_lock(store: Store, change: Callable[[Db], object]) -> None:
    with store.writing() as db:
        change(db)


if __name__ == "__main__":
    main(sys.argv[1:])
