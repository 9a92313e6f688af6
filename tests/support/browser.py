"""Several browsers at once on one store, each in the hands of somebody."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from litestar import Litestar
from litestar.testing import TestClient

from tests.support import site
from workspace.core.actor import Actor
from workspace.core.storage.db import Store

Visit = Callable[[Actor], TestClient[Litestar]]


@contextmanager
def browsers(store: Store) -> Iterator[Visit]:
    """Open browsers as whoever is asked for; each has seen a page, so that it holds a form token."""
    with ExitStack() as opened:
        yield lambda actor: opened.enter_context(site.browser(store, actor))
