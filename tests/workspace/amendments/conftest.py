"""The committee room of `room.py`, empty of amendments."""

import pytest

from tests.workspace.amendments.room import opened


@pytest.fixture
def room(store):
    """Three paragraphs under review, on SQLite."""
    return opened(store)


@pytest.fixture
def any_room(any_store):
    """The same, once on each database."""
    return opened(any_store)
