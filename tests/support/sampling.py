"""The sample of a run: of what is tried in many ways some, and others the next day; `.ci/run` tries everything.

A run is a sample where it is given no paths, words or marks. Its number is the day's; WORKSPACE_TESTS_SAMPLE gives
another number, to repeat a sample, or `all`.
"""

import os
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from zlib import crc32

import pytest

NAME = "WORKSPACE_TESTS_SAMPLE"
ALL = "all"
FILES = {"tests/browsers/": 5, "tests/security/": 4}  # of so many files every test
WORLDS = ("tests/auditor/", "tests/workspace/demo/")  # every test of one world, which takes longest to make
FUNCTIONS, CASES = 2, 1  # of a file that needs databases, and of a function with parameters
LAWS = 3  # a law is tried on one input of so many
PROCESSES = "tests/drafts/test_hostile.py"  # every test starts one
STORES = ("tests/security/", "tests/test_migrations.py", "tests/workspace/core/", "tests/workspace/history/")
_DATABASES = frozenset({"empty_database", "any_store", "any_store_elsewhere", "postgresql"})


class Place(NamedTuple):
    """A test's part of a group, of which so many parts at `most` are tried in a day."""

    group: str
    part: str
    most: int


def begin(config: pytest.Config) -> None:
    """Decide for every process of the run."""
    if hasattr(config, "workerinput"):  # started by the process that has decided
        return
    has_paths = config.args_source is config.ArgsSource.ARGS
    if has_paths or config.option.keyword or config.option.markexpr.strip() != "not long":
        os.environ[NAME] = ALL
    os.environ.setdefault(NAME, str(datetime.now(UTC).toordinal()))


def number() -> int | None:
    """The number of this run's sample; None where everything is tried."""
    given = os.environ.get(NAME, ALL)
    return None if given == ALL else int(given)


def select(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the sample of this run in `items`."""
    if (sample := number()) is None:
        return
    tried = in_sample([places(item) for item in items], sample)
    config.hook.pytest_deselected(items=[item for item, is_tried in zip(items, tried, strict=True) if not is_tried])
    items[:] = [item for item, is_tried in zip(items, tried, strict=True) if is_tried]


def in_sample(tests: Sequence[Sequence[Place]], sample: int) -> list[bool]:
    """Whether each test is in this sample: where its part of every group has its turn, the outermost group first.

    Consecutive samples go through all parts of a group, and of a group inside it each time the next ones.
    """
    parts: dict[str, set[str]] = defaultdict(set)
    for place in (place for test in tests for place in test):
        parts[place.group].add(place.part)
    turns = {group: {part: turn for turn, part in enumerate(sorted(parts[group], key=_shuffled))} for group in parts}

    def has_its_turn(test: Sequence[Place]) -> bool:
        rest = sample
        for group, part, most in test:
            days = -(-len(turns[group]) // most)
            if turns[group][part] % days != rest % days:
                return False
            rest //= days
        return True

    return [has_its_turn(test) for test in tests]


def _shuffled(part: str) -> tuple[int, str]:
    return crc32(part.encode()), part


def places(item: pytest.Item) -> list[Place]:
    """The places of a test; none where it is always tried, as almost everything is that needs no database."""
    file, _, name = item.nodeid.partition("::")
    for folder, most in FILES.items():
        if file.startswith(folder):
            return [Place(folder, file, most)]
    assert isinstance(item, pytest.Function)
    if file.startswith(WORLDS):
        return [Place(file, _world(item), 1)]
    call = item.callspec if hasattr(item, "callspec") else None
    params = call.params if call else {}
    if _DATABASES.isdisjoint(item.fixturenames) and not file.startswith(PROCESSES):
        return []
    if "postgresql" in (params.get(database) for database in _DATABASES) and not file.startswith(STORES):
        return [Place(f"{file} on PostgreSQL", name, 1)]
    found = [Place(file, item.originalname, FUNCTIONS)]
    if call and not _DATABASES.issuperset(params):
        found.append(Place(f"{file}::{item.originalname}", call.id, CASES))
    return found


def _world(item: pytest.Function) -> str:
    """The fixture of its module that a test needs, or the test itself."""
    shared = (name for name, (found, *_) in item._fixtureinfo.name2fixturedefs.items() if found.scope == "module")
    return next(shared, item.originalname)
