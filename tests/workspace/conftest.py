"""The house of `house.py`, for every test of the API."""

import pytest


@pytest.fixture
def house(store):
    """A forum with somebody in every role, reached through the API."""
    from tests.workspace.house import opened  # noqa: PLC0415  (tests of one slice need not load the doors of all)

    with opened(store) as house:
        yield house
