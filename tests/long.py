"""`python -m tests.long`: every long test, one after another, and what came of it in one table.

Names choose some of them: `python -m tests.long kills restarts`. `--sample` runs a short piece of each, as `.ci/run`
does. Each is a run of pytest of its own, so that one that fails, or hangs, keeps no other from running.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

HOURS = 3_600
_PAGES = "tests/browsers/test_every_page.py"
_LOOK = int(time.time()) // 86_400 % 4  # another each day
_SUMMARY = re.compile(r"^(?:=+ )?((?:\d+ \w+(?:, )?)+) in [\d.]+s", re.MULTILINE)  # the last line of pytest
_COUNTS = {
    "passed": re.compile(r"(\d+) passed"),
    "failed": re.compile(r"(\d+) (?:failed|error)"),
    "skipped": re.compile(r"(\d+) (?:skipped|xfailed)"),
}


@dataclass(frozen=True, slots=True)
class Long:
    """What is run, what of it is a sample, and in how many seconds it must be over."""

    name: str
    about: str
    tests: Sequence[str]
    sample: Sequence[str] = ()
    limit: int = 2 * HOURS


EVERY: Sequence[Long] = (
    Long(
        "kills",
        "the server is killed 200 times while people write, on each database",
        ("tests/security/test_killed.py",),
        ("tests/security/test_killed.py::test_a_server_that_is_killed_has_lost_nothing[sqlite]",),
    ),
    Long("restarts", "PostgreSQL crashes under load", ("tests/security/test_restarted.py",)),
    Long(
        "servers",
        "two servers of one PostgreSQL: live events, sign-out, one killed",
        ("tests/security/test_two_servers.py",),
        ("tests/security/test_two_servers.py::test_two_servers_are_one_workspace",),
    ),
    Long(
        "workers",
        "two workers, one of them killed: everything that is due is done once",
        ("tests/security/test_two_workers.py",),
    ),
    Long("refused", "every form of every page is refused", ("tests/security/test_refused_forms.py",)),
    Long("streams", "a server stops under fifty open streams", ("tests/security/test_streams.py",)),
    Long(
        "hall",
        "500 visitors follow the public screen while the chair gives the floor",
        ("tests/security/test_screen_hall.py",),  # no sample: it is timed, as the rush is
    ),
    Long(
        "sitting",
        "forty amendments in three languages, five votes, twelve speakers: chair, secretariat, three phones, screen",
        ("tests/browsers/test_whole_sitting.py",),
        ("tests/browsers/test_whole_sitting.py",),
    ),
    Long(
        "rush",
        "what is published is read, 500 files a second, while five people edit; and memory over time",
        ("tests/security/test_rush.py",),  # no sample: it is timed, and a busy machine would be blamed on the program
    ),
    Long(
        "model",
        "the store against a model, on each database",
        ("tests/security/test_model.py",),
    ),
    Long(
        "claims",
        "random histories, and what every door says of them, on each database",
        ("tests/auditor",),
        ("tests/auditor",),
        limit=6 * HOURS,
    ),
    Long(
        "requests",
        "requests that nobody would write, of every role (schemathesis)",
        ("tests/security/test_every_request.py", "tests/workspace/api"),
    ),
    Long("doors", "permissions, each cell flipped; canaries", ("tests/security/test_doors.py",)),
    Long(
        "scripts",
        "hostile words in a real browser",
        ("tests/security/test_scripts.py",),
        ("tests/security/test_scripts.py::test_no_page_runs_what_somebody_wrote[everybody]",),
    ),
    Long("deceiving", "signs that deceive, in every field and on every page", ("tests/security/test_deceiving.py",)),
    Long(
        "browsers",
        "every page, and long work on some, in a real browser",
        ("tests/browsers",),
        (f"{_PAGES}::test_links_lead_to_every_page", f"{_PAGES}::test_no_page_stands_in_anybodys_way[look{_LOOK}]"),
    ),
    Long(
        "surface",
        "controls, words, heights and presses beside their limits; what is heard of the main pages",
        ("tests/test_surface.py", "tests/test_heard.py"),
        ("tests/test_surface.py", "tests/test_heard.py"),
    ),
    Long(
        "files",
        "files that nobody would send, to every importer; hostile texts",
        ("tests/workspace/interchange", "tests/drafts/test_hostile.py", "tests/drafts/formats"),
    ),
    Long("laws", "laws of the engine, on many more inputs", ("tests/drafts/test_laws.py",)),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one went."""

    name: str
    passed: int
    failed: int
    skipped: int
    seconds: float
    note: str = ""


def run(one: Long, *, is_sample: bool) -> Outcome:
    """Run one and say what came of it; what pytest prints goes through."""
    tests = one.sample if is_sample else one.tests
    marks = "long or not long" if is_sample else "long"
    settings = ["-p", "no:cacheprovider", "-o", f"faulthandler_timeout={one.limit}"]  # one test may be all of it
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-n0", "-m", marks, *settings, *tests]
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ)
    said, note = "", ""
    try:
        said, _ = process.communicate(timeout=one.limit)
    except subprocess.TimeoutExpired:
        process.kill()
        said, _ = process.communicate()
        note = "not over in time"
    sys.stdout.write(said)
    counts = counted(said)
    if process.returncode and not counts["failed"]:
        counts["failed"] = 1
        note = note or f"pytest ended with {process.returncode}"
    return Outcome(one.name, **counts, seconds=time.monotonic() - began, note=note)


def counted(said: str) -> dict[str, int]:
    """How many tests passed, failed and were skipped, as pytest says in its last line; what tests print is not it."""
    lines = _SUMMARY.findall(said)
    return {word: sum(map(int, one.findall(lines[-1]))) if lines else 0 for word, one in _COUNTS.items()}


def main(arguments: Sequence[str]) -> int:
    """Run what was chosen, and print the table; 1 when anything failed."""
    is_sample = "--sample" in arguments
    names = [name for name in arguments if name != "--sample"]
    if unknown := sorted(set(names) - {one.name for one in EVERY}):
        sys.stderr.write(f"There is no {unknown[0]!r}; there are: {', '.join(one.name for one in EVERY)}\n")
        return 2
    chosen = [one for one in EVERY if (not names or one.name in names) and (one.sample or not is_sample)]
    outcomes = [run(one, is_sample=is_sample) for one in chosen]
    abouts = {one.name: one.about for one in EVERY}
    heading = "a short piece of:" if is_sample else ""
    columns = f"{'passed':>7} {'failed':>7} {'skipped':>7} {'seconds':>9}"
    sys.stdout.write(f"\n  {'':<10} {columns}  {heading}".rstrip() + "\n")
    for one in outcomes:
        sys.stdout.write(
            f"  {one.name:<10} {one.passed:>7} {one.failed:>7} {one.skipped:>7} {one.seconds:>9.0f}  "
            f"{one.note or abouts[one.name]}\n"
        )
    return int(any(one.failed for one in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
