"""`python -m tests.benchmarks`: the engine and the doors beside their peers; × is how many times our time.

`--write` keeps the table in docs/benchmarks.md, its chief rows in the README, and draws docs/benchmarks.svg.
`--pages` measures every page on a large database as well, how it grows, and what a browser on a slow line makes of the
text, which takes minutes longer. Names of parts (`doors`, `diffs` …) measure only those.

Each part is measured in a process of its own, so that its place in the order does not count.
"""

import argparse
import sys
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path

from tests.benchmarks import (
    anchors,
    checks,
    decisions,
    diffs,
    doors,
    drawing,
    editions,
    every_page,
    memory,
    merges,
    pages,
    register,
    throttled,
)
from tests.benchmarks.measuring import Measured, Targets
from workspace import registration

PARTS = {
    "doors": doors,
    "diffs": diffs,
    "merges": merges,
    "anchors": anchors,
    "checks": checks,
    "memory": memory,
    "register": register,
    "editions": editions,
    "decisions": decisions,
    "pages": pages,
    "routes": every_page,
    "throttled": throttled,
}
LARGE = ("decisions", "pages", "routes", "throttled")  # what needs the large database


def measured(part: str) -> Sequence[Measured]:
    """Tell what a part measures while it does, and give its rows."""
    registration.install()
    targets = Targets()
    for line in PARTS[part].report(targets):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    return targets.rows


parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
parser.add_argument("parts", nargs="*", help=", ".join(PARTS))
parser.add_argument("--pages", action="store_true")
parser.add_argument("--write", action="store_true")
given = parser.parse_args()
if unknown := set(given.parts) - set(PARTS):
    parser.error(f"there is no part {min(unknown)}")
chosen = given.parts or [name for name in PARTS if name not in LARGE]
if given.pages:
    chosen = [*dict.fromkeys((*chosen, *LARGE))]
targets = Targets()
with get_context("fork").Pool(1, maxtasksperchild=1) as processes:
    for part in chosen:
        targets.rows += processes.apply(measured, (part,))
for line in targets.table():
    sys.stdout.write(line + "\n")
if given.write:
    for path in drawing.keep(targets, Path(__file__).parents[2]):
        sys.stdout.write(f"wrote {path}\n")
