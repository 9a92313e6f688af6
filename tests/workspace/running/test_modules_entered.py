"""How many of the product's modules one request enters, from its first middleware to its answer."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import drafts
import workspace
from drafts.text.blocks import Language
from tests.workspace.house import House, opened
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Store

PRODUCT = tuple(str(Path(package.__path__[0])) for package in (drafts, workspace))
MOST = {"propose": 54, "decide": 72, "publish": 96}  # wanted: 30, 45, 60


class Entered:
    """The files of the product in which a function was called while it listens."""

    def __init__(self) -> None:
        self.files: set[str] | None = None

    def note(self, frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and self.files is not None and frame.f_code.co_filename.startswith(PRODUCT):
            self.files.add(frame.f_code.co_filename)

    @contextmanager
    def listening(self) -> Iterator[set[str]]:
        self.files = files = set()
        try:
            yield files
        finally:
            self.files = None


@pytest.fixture
def entered() -> Iterator[Entered]:
    """Set before the threads that serve are started: each takes it over when it begins."""
    entered, before = Entered(), sys.getprofile()
    threading.setprofile(entered.note)
    yield entered
    threading.setprofile(before)


@pytest.fixture
def served(entered: Entered, store: Store) -> Iterator[House]:
    with entered.listening(), opened(store) as house:
        yield house


def test_a_proposal_enters_few_modules(served, entered):
    table = served.declaration("Towns share water.", "Towns mend pumps.")
    table.propose("Towns share rain water.")
    with entered.listening() as files:
        table.propose("Towns share clean water.")
    assert 0 < len(files) <= MOST["propose"]


def test_a_decision_enters_few_modules(served, entered):
    table = served.declaration("Towns share water.", "Towns mend pumps.")
    rulings, head = table.rulings(table.propose("Towns share clean water.")), table.head
    with entered.listening() as files:
        answer = served.chair.post(f"{table.path}/decisions", rulings, if_match=head)
    assert answer.status_code == 201, answer.text
    assert 0 < len(files) <= MOST["decide"]


def test_a_publication_enters_few_modules(served, entered):
    texts = [{language: f"{text} ({language.value})." for language in Language} for text in ("Water", "Pumps")]
    table = served.declaration(*texts, phase=Phase.ADOPTION)
    asked = served[Role.SECRETARIAT].post(f"{table.path}/publication-request", {"adopted_on": "2026-06-12"})
    assert asked.status_code == 201, asked.text
    with entered.listening() as files:
        answer = served.chair.post(f"{table.path}/publication", {"adopted_on": "2026-06-12"})
    assert answer.status_code == 201, answer.text
    assert 0 < len(files) <= MOST["publish"]
