"""A forum with its people, whose declarations these tests move along."""

import pytest

from tests.workspace.house import opened


@pytest.fixture
def house(store):
    with opened(store) as house:
        yield house
