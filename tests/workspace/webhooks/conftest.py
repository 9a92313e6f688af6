"""A receiver on loopback, and a store that may call it."""

from collections.abc import Iterator

import pytest

from tests.workspace.webhooks.receiver import Receiver, receiving
from workspace.core.jobs import JobContext
from workspace.core.settings import Outbound, Settings
from workspace.core.storage.db import Store
from workspace.webhooks.delivery import tell


@pytest.fixture
def receiver(store: Store) -> Iterator[Receiver]:
    store.outbound = Outbound.LOOPBACK
    with receiving() as told:
        yield told


@pytest.fixture
def post_round(store: Store):
    """One round of the worker; how many messages arrived."""
    return lambda: tell(JobContext(store, Settings()))
