"""The register with 10,000 recommendations: its page, its searches, its spreadsheet, and near-duplicates among them.

Run it alone: `python -m tests.benchmarks.register`. The texts are put together from invented parts in three
languages; one in fifty says nearly the same as another, so that there is something to find.
"""

import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

import sqlalchemy as sa
from litestar import Litestar
from litestar.testing import TestClient

from tests.benchmarks.measuring import Targets
from tests.support import factories, site
from workspace import registration
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.core.storage.schema import migrate
from workspace.recommendations.models import RecommendationStatus, TaxonomyKind
from workspace.recommendations.near_duplicates import open_pairs
from workspace.recommendations.service import RecommendationService, VerbatimStatement
from workspace.recommendations.themes import ThemeService
from workspace.sessions.extraction import SessionDetails, SessionFound
from workspace.sessions.service import SessionService

COUNT, SESSIONS, TWIN_OF = 10_000, 100, 50
REGISTER = "/en/third-forum/recommendations"
PARTS = {
    "en": ("Towns must", "Regions should", "publish", "repair", "share", "map", "every", "with their neighbours"),
    "es": ("Las ciudades deben", "Es necesario", "publicar", "reparar", "compartir", "cuidar", "cada", "con el barrio"),
    "fr": (
        "Les villes doivent",
        "Il faut",
        "publier",
        "réparer",
        "partager",
        "soigner",
        "chaque",
        "avec les quartiers",
    ),
}


def texts(count: int, seed: int = 7) -> Iterator[VerbatimStatement]:
    """Recommendations of which one in `TWIN_OF` repeats the one before it, but for a word."""
    rng = random.Random(seed)
    words = ["".join(rng.choices("abcdefghilmnoprstuv", k=rng.randint(4, 9))) for _ in range(6_000)]
    before = VerbatimStatement("", "en")
    for number in range(count):
        if number % TWIN_OF == 1:
            yield VerbatimStatement(f"{before.text} Now.", before.language)
            continue
        language = rng.choice(list(PARTS))
        parts = PARTS[language]
        said = [rng.choice(parts[:2]), rng.choice(parts[2:6]), parts[6], *rng.choices(words, k=14), parts[7]]
        before = VerbatimStatement(" ".join(said) + ".", language, line=number + 1)
        yield before


def filled(store: Store) -> tuple[Actor, float]:
    """Put everything in; answers with a chair and the milliseconds it took."""
    said = list(texts(COUNT))
    with store.writing() as db:
        forum = factories.forum(db)
        factories.declaration(db, phase=Phase.REVIEW)
        chair = factories.person(db, Role.CHAIR)
        sessions = [
            SessionService(db).add(
                forum,
                SessionDetails(found=SessionFound(title=f"Session {n}")),
                language="en",
                document=None,
                actor=OPERATOR,
            )
            for n in range(SESSIONS)
        ]
        each = COUNT // SESSIONS
        started = perf_counter()
        for place, session in enumerate(sessions):
            RecommendationService(db).propose(session, said[place * each : (place + 1) * each], actor=OPERATOR)
        taken = (perf_counter() - started) * 1000
        RecommendationService(db).settle(forum, range(1, COUNT, 2), RecommendationStatus.CONFIRMED, actor=OPERATOR)
        goals = ThemeService(db).add_ready_made(forum, TaxonomyKind.GOALS, actor=OPERATOR)
        for place, theme in enumerate(goals.themes):
            ThemeService(db).assign(forum, range(place + 1, COUNT, 17), [theme.id], actor=OPERATOR)
        return chair, taken


def report(targets: Targets) -> Iterator[str]:
    """What each page takes, beside the pairs that were found of those that there are."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Settings.for_file(Path(folder) / "register.sqlite3"))
        migrate(store)
        chair, taken = filled(store)
        with store.reading() as db:
            found = open_pairs(db, factories.forum(db))
        yield f"\nRegister: {COUNT:,} recommendations of {SESSIONS} sessions"
        yield (
            f"  taken in and compared: {taken / 1000:.1f} s; pairs found: {found} of {COUNT // TWIN_OF} that were made"
        )
        targets.most(f"register of {COUNT:,}: taken in and compared", taken / 1000, 10, "s")
        with site.browser(store, chair) as client:
            for name, address, limit in (
                ("page", REGISTER, 150),
                ("page 100", f"{REGISTER}?from=5001", 150),
                ("two words", f"{REGISTER}?words=publier+partager", 150),
                ("a theme, nowhere yet", f"{REGISTER}?went=nowhere&standing=confirmed", 150),
                ("most endorsed first", f"{REGISTER}?sort=endorsed", 150),
                ("spreadsheet of all", f"{REGISTER}/file/xlsx", 8_000),
            ):
                times, queries = timed(store, client, address, rounds=3 if limit > 1_000 else 7)
                yield f"  {name:<32} {times:>9.1f} ms   {queries} queries"
                targets.most(f"register of {COUNT:,}: {name}", times, limit, "ms")
        store.close()


def timed(store: Store, client: TestClient[Litestar], address: str, *, rounds: int) -> tuple[float, int]:
    """Median milliseconds, and the queries of one request."""
    asked: list[str] = []

    def count(*given: object) -> None:
        asked.append(str(given[2]))

    times = []
    for _ in range(rounds):
        started = perf_counter()
        answer = client.get(address)
        times.append((perf_counter() - started) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
    sa.event.listen(store.engine, "before_cursor_execute", count)
    client.get(address)
    sa.event.remove(store.engine, "before_cursor_execute", count)
    return median(times), len(asked)


if __name__ == "__main__":
    registration.install()
    measured = Targets()
    for line in (*report(measured), *measured.table()):
        sys.stdout.write(line + "\n")
