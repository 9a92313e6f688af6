"""`python -m tests.benchmarks`: the engine beside its peers, and a large register; × is how many times our time."""

import sys

from tests.benchmarks import anchors, checks, diffs, memory, merges, register
from tests.benchmarks.measuring import Targets

targets = Targets()
for part in (diffs, merges, anchors, checks, memory, register):
    for line in part.report(targets):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
for line in targets.table():
    sys.stdout.write(line + "\n")
