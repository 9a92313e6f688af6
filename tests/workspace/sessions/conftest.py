"""A forum whose rapporteur brings notes in."""

from collections.abc import Iterator

import pytest

from tests.support.browser import Visit, browsers
from workspace.core.storage.db import Store


@pytest.fixture
def visit(store: Store) -> Iterator[Visit]:
    """Open a browser as somebody."""
    with browsers(store) as visit:
        yield visit
