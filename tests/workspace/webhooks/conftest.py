"""A receiver on loopback, a store that may call it, and a clock that can be moved."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.workspace.webhooks.receiver import Receiver, receiving
from workspace.core import clock
from workspace.core.db import Store
from workspace.core.jobs import Shift
from workspace.core.settings import Outbound, Settings
from workspace.webhooks.jobs import tell


@pytest.fixture
def receiver(store: Store) -> Iterator[Receiver]:
    store.outbound = Outbound.LOOPBACK
    with receiving() as told:
        yield told


class Later:
    """The clock of the program, put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.really = clock.now

    def __call__(self) -> datetime:
        return self.really() + self.ahead

    def forward(self, **by: float) -> None:
        self.ahead += timedelta(**by)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    moved = Later()
    monkeypatch.setattr(clock, "now", moved)
    return moved


@pytest.fixture
def post_round(store: Store):
    """One round of the worker; how many messages arrived."""
    return lambda: tell(Shift(store, Settings()))
