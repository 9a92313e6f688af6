"""The pages of a large declaration, cold and warm: `python -m tests.benchmarks.pages [FILE]`.

The file, or the PostgreSQL database that is named instead, is as `large` makes it.

Cold is a page of which nothing is in memory but the compiled templates; warm is the median of what follows. What is
measured is the processor's time for the whole request, at the door: on a machine that does nothing else it is the time
that passes, which stands beside it, and on any other it still says what the page costs.
"""

import sys
import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from itertools import chain
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

import sqlalchemy as sa
from litestar import Litestar
from litestar.testing import TestClient

from tests.benchmarks import large
from tests.benchmarks.measuring import Targets
from tests.support import site
from workspace import registration
from workspace.core.actor import Actor, Role
from workspace.core.storage import search_index
from workspace.core.storage.db import Store
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.people.models import Forum, Mandate, Person
from workspace.serving import let_grow_old

DRAFT = "/en/third-forum/declaration"
PAGE, READING, DESK, COMPARED = (100, 50), (60, 8), (120, 60), (120, 20)  # milliseconds, cold and warm: the goals
SEARCH = 50


def addresses(store: Store) -> dict[str, tuple[str, float, float]]:
    """What is measured: a name, its address, and what it may take cold and warm."""
    with store.reading() as db:
        declaration = db.scalars(sa.select(Declaration)).one()
        block = queries.head_rows(db, declaration)[7].block_id
    return {
        "reading, three languages": (DRAFT, *READING),
        "reading, one language": (f"{DRAFT}?text=fr", *READING),
        "reading, revision 100": (f"{DRAFT}?revision=100", *READING),
        "beside a paragraph": (f"{DRAFT}/paragraphs/{block}/beside?text=en", *PAGE),
        "paragraph": (f"{DRAFT}/paragraphs/{block}", *PAGE),
        "compare 199 to 200": (f"{DRAFT}/compare?from=199&to=200&text=es", *COMPARED),
        "compare 2 to 200": (f"{DRAFT}/compare?from=2&to=200&text=es", *COMPARED),
        "history": (f"{DRAFT}/history", *PAGE),
        "home": ("/en/third-forum", *PAGE),
        "amendments": (f"{DRAFT}/amendments", *PAGE),
        "amendments, decided": (f"{DRAFT}/amendments?state=decided", *PAGE),
        "committee's desk": (f"{DRAFT}/desk", *DESK),
        "committee's desk, page 20": (f"{DRAFT}/desk?text=en&page=20", *DESK),
        "plenary": (f"{DRAFT}/plenary", *PAGE),
        "votes": (f"{DRAFT}/questions", *PAGE),
        "amendments, three filters": (f"{DRAFT}/amendments?state=all&text=en&paragraph={block}&words=water", *PAGE),
        "register": ("/en/third-forum/recommendations", *PAGE),
    }


def report(targets: Targets, place: str = "") -> Iterator[str]:
    """What each page takes and how many queries it asks."""
    with tempfile.TemporaryDirectory() as folder:
        store = large.made(place or str(Path(folder) / "large.sqlite3"))
        yield f"\nPages: {large.FULL.paragraphs} paragraphs, {large.FULL.amendments:,} amendments"
        with site.browser(store, chair_of(store)) as client:
            yield from _searched(targets, store)
            for name, (address, cold, warm) in addresses(store).items():
                yield from _timed(targets, store, client, name, address, cold=cold, warm=warm)
        store.close()


def _searched(targets: Targets, store: Store) -> Iterator[str]:
    """What the search over a forum takes of the processor: common words, beginnings, and what is not there."""
    actor = chair_of(store)
    with store.reading() as db:
        forum = db.scalars(sa.select(Forum)).one()
        for words in ("the", "ciudades", "gov dis", "A 19", "unheard"):
            search_index.search(db, forum, words, actor=actor, limit=6)
            taken = []
            for _ in range(5):
                started = process_time()
                found = search_index.search(db, forum, words, actor=actor, limit=6)
                taken.append((process_time() - started) * 1000)
            yield f"  search for {words!r:<14} {median(taken):>7.1f} ms, {sum(map(len, found.values()))} shown"
            targets.most(f"search over a forum: {words}", median(taken), SEARCH, "ms")


def chair_of(store: Store) -> Actor:
    with store.reading() as db:
        return db.scalars(sa.select(Person).join(Mandate).where(Mandate.role == Role.CHAIR)).one().as_actor()


def _timed(
    targets: Targets, store: Store, client: TestClient[Litestar], name: str, address: str, *, cold: float, warm: float
) -> Iterator[str]:
    _taken(client, address)  # compiles the template
    let_grow_old()  # as the server does
    first = _Taken(*map(min, zip(*(_cold(client, address) for _ in range(3)), strict=True)))
    rest = _Taken(*map(median, zip(*(_taken(client, address) for _ in range(7)), strict=True)))
    with site.counted(store) as asked:
        size = len(client.get(address).content)
    yield (
        f"  {name:<26} cold {first.processor:>7.1f} ms ({first.passed:>7.1f} passed)   warm {rest.processor:>7.1f} ms "
        f"({rest.passed:>7.1f})  {len(asked):>3} queries {size / 1000:>6.0f} kB"
    )
    targets.most(f"{name}, cold", first.processor, cold, "ms")
    targets.most(f"{name}, warm", rest.processor, warm, "ms")


class _Taken(NamedTuple):
    """Milliseconds of one request: of the processor, and of the clock on the wall."""

    processor: float
    passed: float


def _cold(client: TestClient[Litestar], address: str) -> _Taken:
    site.forget_all()
    return _taken(client, address)


def _taken(client: TestClient[Litestar], address: str) -> _Taken:
    worked, started = process_time(), perf_counter()
    answer = client.get(address)
    taken = _Taken((process_time() - worked) * 1000, (perf_counter() - started) * 1000)
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return taken


if __name__ == "__main__":
    registration.install()
    measured = Targets()
    for line in chain(report(measured, *sys.argv[1:]), measured.table()):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
