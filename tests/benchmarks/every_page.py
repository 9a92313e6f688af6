"""Every page, list and file that the application has, measured without a list of them, and how each grows.

Each route that answers GET is asked for with real things in its address, in a small database and in five that have
four times as much of one thing. A page or a list costs what it shows: by paragraphs it may grow with the text, by
revisions, amendments, comments and recommendations hardly; a file that holds all of them grows with them, and only a
sheet is made of the full database. Routes whose things it has none of are asked for in a forum with one of everything;
those that nobody finds there either are named, and one that fails ends the run.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from http import HTTPStatus
from itertools import islice, product
from pathlib import Path

import sqlalchemy as sa
from litestar import Litestar
from litestar.testing import TestClient
from msgspec.structs import replace

from tests.benchmarks import large
from tests.benchmarks.measuring import Targets, Timed, exponent, least, worked
from tests.benchmarks.pages import chair_of
from tests.support import site
from tests.support.everything import one_of_everything
from workspace.amendments.domain.models import Amendment, AmendmentVersion, ChangeRecord, Disposition
from workspace.comments.models import Comment
from workspace.core.settings import Settings
from workspace.core.storage.db import Model, Store
from workspace.core.storage.schema import migrate
from workspace.declarations.domain.models import Declaration
from workspace.people.models import Mandate, Organisation, Person
from workspace.recommendations.models import Recommendation
from workspace.serving import let_grow_old
from workspace.sessions.models import Session
from workspace.web.http.guards import policies

SMALL = large.Size(paragraphs=60, revisions=20, amendments=400, comments=1_000, recommendations=800)
TIMES = 4
MOST, FIRST, DEAREST = 50.0, 2.0, 80.0  # milliseconds; times that, cold; of the pages that show the whole text
WHOLE_TEXTS = ("/readiness", "/translation", "/concordance", "/desk", "/compare", "/whole-text", "/text/{text}")
BY_TEXT, BY_HISTORY = 1.1, 0.3  # exponents: of what is shown, and of what happened before
LEAST = 8.0  # milliseconds: below, the growth of a page is that of the noise
FAILED = (HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR)  # the address was not understood; a fault
ENDLESS = "/events"
PREVIEW = "declaration.en.html"
FILES = ("/export", "/log.csv", "/log.jsonl", "/log.xlsx", "/word/amendments/{language}", "/data", "/file", "/sheets/")
ASKED: Mapping[str, str] = {  # what a route cannot do without, by how its pattern ends
    **dict.fromkeys(("/new", "/oral", "/compromise", "/edit"), "block={block_id}"),
    "/what-if": "with={number}",
    "/collisions": "text=en",
    "/comparison": "from=2&to=12&text=en",
    "/compare": "from=2&to=12&text=en",
    "/search": "words=gov+dis",
    "}/memory": "words=gov&language=en",
    "}/phase": "phase=drafting",
    "/common-ground": "first={session_id}&second={session_id}",
}
WORDS: Mapping[str, str] = {
    **dict.fromkeys(("name", "file"), PREVIEW),
    **dict.fromkeys(("language", "source"), "en"),
    **dict.fromkeys(("text", "target"), "fr"),
    **dict.fromkeys(("file/kind", "files/form", "form"), "xlsx"),
    "forum": "third-forum",
    "declaration": "declaration",
    "before": "2",
    "after": "12",
    "languages": "en,fr",
    "sheets/kind": "amendments",
    "paper": "order",
}
Times = tuple[float, float]  # cold and warm


def report(targets: Targets, only: str = "") -> Iterator[str]:
    """Every page and list in the full database, and the growth of all. `only`: those whose pattern holds it."""
    with tempfile.TemporaryDirectory() as folder:
        found = dict(_growth(Path(folder), only))
        grown = {route: by for route, by in found.items() if by is not None}
        pages = [route for route in grown if not _is_file(route) or "/sheets/" in route]
        with _opened(Path(folder) / "full.sqlite3", large.FULL) as (client, known):
            taken = {route: times for route, times in _measured(client, known, pages) if times}
        others = dict(_of_everything(Path(folder) / "one.sqlite3", [route for route in found if route not in grown]))
    yield f"\nEvery page: {len(grown)} routes, {len(taken)} of them with the full database"
    for route in sorted(grown, key=lambda each: taken.get(each, (0.0, 0.0))):
        powers = ", ".join(f"{name} n^{power:.2f}" for name, power in grown[route].items())
        times = "cold {:>7.1f} ms   warm {:>7.1f} ms".format(*taken[route]) if route in taken else " " * 34
        yield f"  {route:<78} {times}   {powers}"
    yield f"\nIn a forum with one of everything: {len(others)} routes more"
    for route, (cold, warm) in sorted(others.items(), key=lambda each: each[1]):
        yield f"  {route:<78} cold {cold:>7.1f} ms   warm {warm:>7.1f} ms"
    yield f"  nothing there to show: {', '.join(route for route in sorted(found) if route not in {*grown, *others})}"
    _aimed(targets, taken, grown)
    for place, when in enumerate(("cold", "warm")):
        dearest = max((times[place] for times in others.values()), default=0)
        targets.most(f"each of {len(others)} routes with one of everything, {when}", dearest, MOST * (2 - place), "ms")


def _aimed(targets: Targets, taken: Mapping[str, Times], grown: Mapping[str, Mapping[str, float]]) -> None:
    """A row for each page that is not far below its goal, and one for all the others; the growth that is steepest."""
    near = {route: times for route, times in taken.items() if max(times[0] / FIRST, 2 * times[1]) > _goal(route)}
    for route, (cold, warm) in sorted(near.items()):
        targets.most(f"{route}, cold", cold, _goal(route) * FIRST, "ms")
        targets.most(f"{route}, warm", warm, _goal(route), "ms")
    others = [warm for route, (_, warm) in taken.items() if route not in near]
    targets.most(f"each of {len(others)} other pages, warm", max(others, default=0), MOST, "ms")
    for name in SMALL.__struct_fields__:
        for limit, what in ((BY_TEXT, "files" if name != "paragraphs" else "routes"), (BY_HISTORY, "pages")):
            every = {route: by[name] for route, by in grown.items() if name in by and _limit(route, name) == limit}
            for route, power in sorted(every.items()):
                if power > limit:
                    targets.growth(f"{route}, by {name}", power, limit)
            if rest := [power for power in every.values() if power <= limit]:
                targets.growth(f"each of {len(rest)} other {what}, by {name}", max(rest), limit)


def _limit(route: str, name: str) -> float:
    return BY_TEXT if name == "paragraphs" or _is_file(route) else BY_HISTORY


def _is_file(route: str) -> bool:
    """Whether it answers with all that there is, however much that is.

    A sheet is one: a line for every amendment, which a committee sorts and filters outside. It may grow with what it
    holds; the milliseconds wanted of it are those of any page.
    """
    return any(part in route for part in FILES)


def _goal(route: str) -> float:
    return DEAREST if route.endswith(WHOLE_TEXTS) else MOST


def _growth(folder: Path, only: str) -> Iterator[tuple[str, Mapping[str, float] | None]]:
    """The powers by which each route grows; None for one that has nothing to show."""
    axes = SMALL.__struct_fields__
    sizes = {"": SMALL, **{name: replace(SMALL, **{name: TIMES * getattr(SMALL, name)}) for name in axes}}
    with ExitStack() as stack:
        opened = {
            name: stack.enter_context(_opened(folder / f"{name}.sqlite3", size, name)) for name, size in sizes.items()
        }
        let_grow_old()
        for route in _routes(opened[""][0], only):
            asked = {name: (client, _address(route, known)) for name, (client, known) in opened.items()}
            is_shown = all(_is_shown(*each) for each in asked.values())
            requests = {name: partial(TestClient.get, *each) for name, each in asked.items()}
            yield route, powers(requests) if is_shown else None


def powers(asked: Mapping[str, Timed]) -> Mapping[str, float]:
    """The power by which what is asked takes longer where there is `TIMES` as much of each thing than where there is
    no more (""), without those that take next to nothing even then.

    It is that of the whole, so what is the same in both makes it less; what has to be told from it is noise. Hence the
    least that each takes, several times, in turn: whatever slows the machine slows some of the runs of each.
    """
    taken = least(asked)
    small = max(taken.pop(""), 1.0)
    return {name: exponent([1, TIMES], [small, most]) for name, most in taken.items() if most >= LEAST}


def _routes(client: TestClient[Litestar], only: str) -> list[str]:
    every = {path for method, path, _ in policies(client.app.routes) if method == "GET"}
    return sorted(path for path in every if only in path and not path.endswith(ENDLESS))


@contextmanager
def _opened(path: Path, size: large.Size, door: str = "") -> Iterator[tuple[TestClient[Litestar], Mapping[str, str]]]:
    store = large.made(str(path), size)
    with site.browser(store, chair_of(store), door=door) as client:
        yield client, _known(store)
    store.close()
    path.unlink()


def _known(store: Store) -> Mapping[str, str]:
    """What stands in the places of an address: something of each kind, not the first, and always the same.

    The paragraph is one that has neither few nor many open amendments, for a text of this size: a page beside it shows
    them.
    """
    amended = sa.select(ChangeRecord.block_id).join(AmendmentVersion).join(Amendment)
    amended = amended.where(Amendment.disposition == Disposition.OPEN).group_by(ChangeRecord.block_id)
    with store.reading() as db:
        blocks = db.scalars(amended.order_by(sa.func.count(), ChangeRecord.block_id)).all()
        comment = db.scalars(sa.select(Comment).order_by(Comment.id).offset(7)).first()
        amendment = db.scalars(sa.select(Amendment).order_by(Amendment.number.desc()).offset(6).limit(1)).one()
        ids = {
            "block_id": blocks[len(blocks) // 2],
            "comment_id": comment and comment.id,
            "thread_id": comment and comment.thread_id,
            "person_id": db.scalars(sa.select(Mandate.person_id).order_by(Mandate.id).offset(7)).first(),
            "organisation_id": db.scalars(sa.select(Organisation.id).order_by(Organisation.id).offset(7)).first(),
            "session_id": db.scalars(sa.select(Session.id).order_by(Session.id).offset(7)).first(),
            "recommendation_id": db.scalars(sa.select(Recommendation.id).order_by(Recommendation.id).offset(7)).first(),
            "declaration_id": db.scalars(sa.select(Declaration.id)).first(),
            "amendment_id": amendment.id,
            "amendments/number": amendment.number,
            "number": amendment.number,
            "recommendations/number": 7,
            "revisions/number": 7,
        }
    return {**WORDS, **{name: str(value) for name, value in ids.items()}}


def _address(route: str, known: Mapping[str, str]) -> str:
    """The route with something in each place, and what it asks for."""

    def filled(place: re.Match[str]) -> str:
        before, name = place.groups()
        return f"{before}/{known.get(f'{before}/{name}', known.get(name, '1'))}"

    query = next((given for ending, given in ASKED.items() if route.endswith(ending)), "")
    return re.sub(r"(\w*\}?)/\{(\w+)\}", filled, route) + ("?" + query.format(**known) if query else "")


def _of_everything(path: Path, routes: Sequence[str]) -> Iterator[tuple[str, Times]]:
    """Those of the routes that show somebody something there, as the first who is shown it."""
    store = Store(Settings.for_file(path))
    migrate(store)
    with store.writing() as db:
        one_of_everything(db)
        tables = [table for table in Model.metadata.sorted_tables if "id" in table.c]
        rows = {table.name: list(map(str, db.scalars(sa.select(table.c.id).limit(6)))) for table in tables}
        slugs = db.scalars(sa.select(Declaration.slug)).all()
        people = {
            mandate.role: db.get_one(Person, mandate.person_id).as_actor() for mandate in db.scalars(sa.select(Mandate))
        }
    known = {name: [word] for name, word in WORDS.items()}
    known |= {"declaration": slugs, "paper": ["circular", "order"], "form": ["docx", "xlsx"]}

    def values(name: str) -> Sequence[str]:
        """What may stand there: rows of the tables that are called like it."""
        kind = name.removesuffix("_id")
        fitting = sorted((table for table in rows if kind in table), key=lambda table: table != kind)
        return known.get(name) or [key for table in fitting for key in rows[table]] or ["1", "2"]

    first = {name: values(name)[0] for name in ("block_id", "session_id", "number")}
    with TestClient(site.site(store, *people.values())) as client:
        for route in routes:
            names = [*dict.fromkeys(re.findall(r"\{(\w+)\}", route))]
            for person, *given in islice(
                product([each.person_id for each in people.values()], *map(values, names)), 200
            ):
                client.cookies.set("persona", str(person))
                if times := _taken(client, _address(route, {**first, **dict(zip(names, given, strict=True))})):
                    yield route, times
                    break
    store.close()


def _measured(
    client: TestClient[Litestar], known: Mapping[str, str], routes: Sequence[str]
) -> Iterator[tuple[str, Times | None]]:
    """Each route with what it takes cold and warm; None for one that has nothing to show."""
    let_grow_old()
    for route in routes:
        yield route, _taken(client, _address(route, known))


def _is_shown(client: TestClient[Litestar], address: str) -> bool:
    """Whether there is something to show; the template is compiled after that."""
    status = client.get(address, follow_redirects=False).status_code
    if status in FAILED:
        raise RuntimeError(f"{address}: {status}")
    return status == HTTPStatus.OK


def _taken(client: TestClient[Litestar], address: str) -> Times | None:
    if not _is_shown(client, address):
        return None
    times = []
    for is_cold in (True, True, False, False, False):
        if is_cold:
            site.forget_all()
        started = worked()
        client.get(address)
        times.append((worked() - started) * 1000)
    return min(times[:2]), min(times[2:])
