"""Every page that the application has, measured without a list of them: what it takes, and how that grows.

Each route that answers GET with a page is asked for with real things in its address, in a small database and in five
that have four times as much of one thing. A page costs what it shows: by paragraphs it may grow with the text, by
revisions, amendments, comments and recommendations hardly. Routes whose things the database has none of are named.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from time import process_time

import sqlalchemy as sa
from litestar import Litestar
from litestar.testing import TestClient
from msgspec.structs import replace

from tests.benchmarks import large
from tests.benchmarks.measuring import Targets, exponent
from tests.benchmarks.pages import chair_of, forget_all
from tests.support import site
from workspace.amendments.domain.models import Amendment
from workspace.comments.models import Comment
from workspace.core.storage.db import Store
from workspace.declarations.domain.models import Head
from workspace.people.models import Mandate, Organisation
from workspace.serving import let_grow_old
from workspace.sessions.models import Session
from workspace.web.http.guards import policies

SMALL = large.Size(paragraphs=60, revisions=20, amendments=400, comments=1_000, recommendations=800)
TIMES = 4
MOST, FIRST, DEAREST = 50.0, 2.0, 80.0  # milliseconds; times that, cold; of the pages that show the whole text
WHOLE_TEXTS = ("/readiness", "/translation", "/concordance", "/desk", "/compare", "/whole-text", "/text/{text}")
BY_TEXT, BY_HISTORY = 1.1, 0.3  # exponents: of what is shown, and of what happened before
LEAST = 8.0  # milliseconds: below, the growth of a page is that of the noise
Times = tuple[float, float]  # cold and warm


def report(targets: Targets, only: str = "") -> Iterator[str]:
    """Every page in the full database, and its growth. `only`: those whose pattern holds it."""
    with tempfile.TemporaryDirectory() as folder:
        with _opened(Path(folder) / "full.sqlite3", large.FULL) as (client, known):
            found = dict(_measured(client, known, only))
        taken = {route: times for route, times in found.items() if times}
        yield f"\nEvery page: {len(taken)} routes, with the full database"
        grown = {route: by for route, by in _growth(Path(folder), only) if route in taken}
    for route, times in sorted(taken.items(), key=lambda each: each[1]):
        powers = ", ".join(f"{name} n^{power:.2f}" for name, power in grown[route].items())
        yield f"  {route:<78} cold {times[0]:>7.1f} ms   warm {times[1]:>7.1f} ms   {powers}"
    yield f"  nothing there to show: {', '.join(route for route in sorted(found) if route not in taken)}"
    _aimed(targets, taken, grown)


def _aimed(targets: Targets, taken: Mapping[str, Times], grown: Mapping[str, Mapping[str, float]]) -> None:
    """A row for each page that is not far below its goal, and one for all the others; the growth that is steepest."""
    near = {route: times for route, times in taken.items() if times[1] > _goal(route) / 2}
    for route, (cold, warm) in sorted(near.items()):
        targets.most(f"{route}, cold", cold, _goal(route) * FIRST, "ms")
        targets.most(f"{route}, warm", warm, _goal(route), "ms")
    others = [warm for route, (_, warm) in taken.items() if route not in near]
    targets.most(f"each of {len(others)} other pages, warm", max(others, default=0), MOST, "ms")
    for name in SMALL.__struct_fields__:
        limit = BY_TEXT if name == "paragraphs" else BY_HISTORY
        every = {route: by[name] for route, by in grown.items() if name in by}
        for route, power in sorted(every.items()):
            if power > limit:
                targets.growth(f"{route}, by {name}", power, limit)
        rest = [power for power in every.values() if power <= limit]
        targets.growth(f"each of {len(rest)} other pages, by {name}", max(rest, default=0), limit)


def _goal(route: str) -> float:
    return DEAREST if route.endswith(WHOLE_TEXTS) else MOST


def _growth(folder: Path, only: str) -> Iterator[tuple[str, Mapping[str, float]]]:
    """The power by which each page grows with each thing; without those where it takes next to nothing."""
    axes = SMALL.__struct_fields__
    sizes = {"": SMALL, **{name: replace(SMALL, **{name: TIMES * getattr(SMALL, name)}) for name in axes}}
    found: dict[str, dict[str, float]] = {}
    for name, size in sizes.items():
        with _opened(folder / f"{name}.sqlite3", size) as (client, known):
            for route, times in _measured(client, known, only):
                found.setdefault(route, {})[name] = times[1] if times else 0.0
    for route, warm in found.items():
        small = max(warm[""], 1.0)
        yield route, {name: exponent([1, TIMES], [small, warm[name]]) for name in axes if warm[name] >= LEAST}


@contextmanager
def _opened(path: Path, size: large.Size) -> Iterator[tuple[TestClient[Litestar], Mapping[str, str]]]:
    store = large.made(str(path), size)
    with site.browser(store, chair_of(store)) as client:
        yield client, _known(store)
    store.close()
    path.unlink()


def _known(store: Store) -> Mapping[str, str]:
    """What stands in the places of an address: something of each kind, not the first."""
    with store.reading() as db:
        comment = db.scalars(sa.select(Comment).offset(7)).first()
        ids = {
            "block_id": db.scalars(sa.select(Head.block_id).offset(7)).first(),
            "comment_id": comment and comment.id,
            "thread_id": comment and comment.thread_id,
            "person_id": db.scalars(sa.select(Mandate.person_id).offset(7)).first(),
            "organisation_id": db.scalars(sa.select(Organisation.id).offset(7)).first(),
            "session_id": db.scalars(sa.select(Session.id).offset(7)).first(),
            "number": (db.scalar(sa.select(sa.func.max(Amendment.number))) or 7) - 6,
        }
    fixed = {"language": "en", "forum": "third-forum", "declaration": "declaration", "text": "fr", "source": "en"}
    return {**fixed, **{name: str(value) for name, value in ids.items()}}


def _measured(client: TestClient[Litestar], known: Mapping[str, str], only: str) -> Iterator[tuple[str, Times | None]]:
    """Each route with what it takes cold and warm; None for one that has nothing to show."""
    let_grow_old()
    for route in sorted({path for method, path, _ in policies(client.app.routes) if method == "GET"}):
        if not route.startswith("/{language}") or only not in route:
            continue
        named = re.findall(r"\{(\w+)\}", route)
        address = route.format(**{name: known.get(name, "1") for name in named})
        if route.endswith(("/new", "/oral", "/compromise", "/edit")):
            address += f"?block={known['block_id']}"
        yield route, _taken(client, address)


def _taken(client: TestClient[Litestar], address: str) -> Times | None:
    if client.get(address, follow_redirects=False).status_code != HTTPStatus.OK:
        return None
    times = []
    for is_cold in (True, True, False, False, False):
        if is_cold:
            forget_all()
        started = process_time()
        client.get(address)
        times.append((process_time() - started) * 1000)
    return min(times[:2]), min(times[2:])
