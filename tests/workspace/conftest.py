"""The house of `house.py`, browsers and a clock, for every test of the service."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.clocks import MovedClock
from workspace.core.storage.db import Store

if TYPE_CHECKING:
    from tests.support.browser import Visit


@pytest.fixture
def moved_clock(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    """A clock that goes on, ahead of the real one."""
    return MovedClock(monkeypatch)


@pytest.fixture
def house(store):
    """A forum with somebody in every role, reached through the API."""
    from tests.workspace.house import opened  # noqa: PLC0415  (tests of one slice need not load the doors of all)

    with opened(store) as house:
        yield house


@pytest.fixture
def visit(store: Store) -> Iterator["Visit"]:
    """Open a browser as somebody."""
    from tests.support.browser import browsers  # noqa: PLC0415  (as above)

    with browsers(store) as visit:
        yield visit
