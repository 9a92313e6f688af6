"""`python -m tests.benchmarks`: the engine beside its peers, in one run; × is how many times the time of ours."""

import sys

from tests.benchmarks import anchors, diffs, merges

for part in (diffs, merges, anchors):
    for line in part.report():
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
