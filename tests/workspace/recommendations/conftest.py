"""A register of recommendations, seen in a browser."""

from collections.abc import Iterator

import pytest

from tests.support.browser import Visit, browsers
from workspace.core.storage.db import Store


@pytest.fixture
def visit(store: Store) -> Iterator[Visit]:
    """Open a browser as somebody."""
    with browsers(store) as visit:
        yield visit
