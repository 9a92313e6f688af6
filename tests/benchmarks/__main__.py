"""`python -m tests.benchmarks`: the engine beside its peers, in one run; × is how many times the time of ours."""

import sys

from tests.benchmarks import anchors, checks, diffs, merges
from tests.benchmarks.measuring import Targets

targets = Targets()
for part in (diffs, merges, anchors, checks):
    for line in part.report(targets):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
for line in targets.table():
    sys.stdout.write(line + "\n")
