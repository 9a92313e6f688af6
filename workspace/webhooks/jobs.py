"""The two jobs of webhooks: telling what is new, and forgetting what was told long ago."""

import time
from datetime import timedelta

from workspace.core.jobs import Job, Shift
from workspace.core.settings import Outbound
from workspace.webhooks import courier

ROUND = 20.0  # seconds that a round may take: other jobs wait meanwhile


def tell(shift: Shift) -> int:
    """Send whatever is new; nothing where the operator lets the program call nobody."""
    outbound, end = shift.store.outbound, time.monotonic() + ROUND
    if outbound is Outbound.OFF:
        return 0
    courier.gather(shift.store)
    return courier.deliver(shift.store, outbound, is_over=lambda: shift.is_over() or time.monotonic() > end)


TELL_WEBHOOKS = Job("webhooks", every=timedelta(seconds=3), run=tell)
FORGET_DELIVERIES = Job(
    "webhooks.forget", every=timedelta(days=1), run=lambda shift: courier.forget(shift.store), is_alone=True
)
