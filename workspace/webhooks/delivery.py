"""Taking the news out of the log, and to the addresses that wait for it.

Gathering follows the log, so nothing that was committed is left out, whichever process wrote it or died. A message
is claimed in a short unit of work, sent outside any, and ticked off in another: who dies in between leaves one that
is sent again, with the id it had.
"""

import time
from collections.abc import Callable, Collection
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.core import clock
from workspace.core.actor import NOBODY
from workspace.core.errors import Invalid
from workspace.core.jobs import Job, JobContext
from workspace.core.settings import Outbound
from workspace.core.storage.db import Db, Store
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.models import Declaration
from workspace.webhooks import outbound as calling
from workspace.webhooks import service
from workspace.webhooks.models import Delivery, Webhook
from workspace.webhooks.outbound import CallFailed
from workspace.webhooks.service import delivery_about, finish_delivery, last_log_entry, may_keep

LEASE = timedelta(minutes=2)  # longer than any call
PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (10, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
TOLD_WITHIN = timedelta(days=3)  # older news is none, to whoever could not be told
KEPT_FOR = timedelta(days=30)
MOST_AT_ONCE = 500
GONE = 410
_GOOD = range(200, 300)


class ClaimedDelivery(Struct, frozen=True):
    """A message that is ours to send."""

    id: UUID
    webhook_id: UUID
    url: str
    secret: str | None  # None where the key that sealed it is lost
    body: bytes
    attempts: int


def gather_deliveries(store: Store) -> int:
    """Make a message of every entry of the log that a webhook has not seen; returns how many."""
    newest = sa.select(sa.func.max(LogEntry.sequence)).where(LogEntry.forum_id == Webhook.forum_id).scalar_subquery()
    behind = sa.select(Webhook.id).where(Webhook.ended_at.is_(None), Webhook.seen < newest).order_by(Webhook.id)
    with store.reading() as db:
        new_deliveries = db.scalars(behind).all()
    made = 0
    for webhook_id in new_deliveries:
        with store.writing() as db:
            made += _gather_for(db, webhook_id)
    return made


def _gather_for(db: Db, webhook_id: UUID) -> int:
    still = sa.select(Webhook).where(Webhook.id == webhook_id, Webhook.ended_at.is_(None))
    hook = db.scalar(still.with_for_update(skip_locked=True))
    if hook is None:
        return 0  # another process has it in hand, or somebody has ended it
    actor = hook.made_by.as_actor()
    if not may_keep(actor, hook.forum):
        finish_delivery(db, hook, "rights", actor=NOBODY)
        return 0
    entries = db.scalars(
        sa.select(LogEntry)
        .where(LogEntry.forum_id == hook.forum_id, LogEntry.sequence > hook.seen)
        .order_by(LogEntry.sequence)
        .limit(MOST_AT_ONCE)
    ).all()
    now, kinds = clock.now(), frozenset(hook.kinds)
    made = 0
    for entry in entries:
        declaration = db.get(Declaration, entry.declaration_id) if entry.declaration_id else None
        body = service.event_message(entry, declaration, kinds, actor=actor) if declaration else None
        if body and entry.at > now - TOLD_WITHIN:
            db.add(_delivery(hook, entry, body))
            made += 1
    hook.seen = entries[-1].sequence if entries else last_log_entry(db, hook.forum_id)
    return made


def _delivery(hook: Webhook, entry: LogEntry, body: str) -> Delivery:
    now = clock.now()
    return Delivery(
        webhook_id=hook.id,
        sequence=entry.sequence,
        kind=entry.kind,
        body=body,
        made_at=now,
        next_try_at=now,
        attempts=0,
    )


def deliver_due(store: Store, outbound: Outbound, *, is_over: Callable[[], bool] = bool) -> int:
    """Send what is due, until `is_over`; returns how many arrived.

    Of an address that does not answer, one message is tried in a round: the others are not kept waiting for it.
    """
    arrived, silent = 0, set[UUID]()
    while not is_over() and (delivery := _claim(store, silent)):
        try:
            status = _send(delivery, outbound)
        except CallFailed as failure:
            silent.add(delivery.webhook_id)
            _put_back(store, delivery, failure.reason)
        else:
            if status in _GOOD:
                _note(store, delivery, delivered_at=clock.now(), next_try_at=None, last_error="")
                arrived += 1
            else:
                silent.add(delivery.webhook_id)
                _refused(store, delivery, status)
    return arrived


def forget_old_deliveries(store: Store) -> None:
    """Take out messages that are over since long ago."""
    past = clock.now() - KEPT_FOR
    with store.writing() as db:
        db.execute(sa.delete(Delivery).where(Delivery.made_at < past, Delivery.next_try_at.is_(None)))


def _send(delivery: ClaimedDelivery, outbound: Outbound) -> int:
    if delivery.secret is None:
        raise CallFailed("no_secret")
    try:
        goal = calling.call_target(delivery.url, outbound)
    except Invalid as refusal:
        raise CallFailed(str(refusal.facts["reason"])) from refusal
    signed = service.signature_headers(
        delivery.secret, f"msg_{delivery.id.hex}", int(clock.now().timestamp()), delivery.body
    )
    return calling.post_message(goal, delivery.body, signed, outbound)


def _claim(store: Store, silent: Collection[UUID]) -> ClaimedDelivery | None:
    """The next message that is due, kept from every other process for the length of a lease."""
    now = clock.now()
    due = sa.select(Delivery).where(Delivery.next_try_at <= now, Delivery.webhook_id.not_in(silent))
    with store.reading() as db:
        if db.scalar(due.limit(1)) is None:
            return None  # the usual case, and it writes nothing
    next_due = due.order_by(Delivery.next_try_at, Delivery.id).limit(1).with_for_update(skip_locked=True)
    with store.writing() as db:
        row = db.scalar(next_due)
        if row is None:
            return None  # another process was quicker
        row.attempts += 1
        row.next_try_at = now + LEASE
        secret = store.sealer.open(row.webhook.secret, about=delivery_about(row.webhook_id))
        return ClaimedDelivery(row.id, row.webhook_id, row.webhook.url, secret, row.body.encode(), row.attempts)


def _refused(store: Store, delivery: ClaimedDelivery, status: int) -> None:
    if status == GONE:
        _note(store, delivery, failed_at=clock.now(), next_try_at=None, last_error=f"status {status}")
        with store.writing() as db:
            _end(db, delivery, "gone")
    else:
        _put_back(store, delivery, f"status {status}")


def _put_back(store: Store, delivery: ClaimedDelivery, error: str) -> None:
    """Try again later, ever more rarely; at last give it up, and the address too where nothing else has reached it."""
    now = clock.now()
    if delivery.attempts <= len(PAUSES):
        _note(store, delivery, next_try_at=now + PAUSES[delivery.attempts - 1], last_error=error)
        return
    _note(store, delivery, failed_at=now, next_try_at=None, last_error=error)
    with store.writing() as db:
        made_at = db.scalar(sa.select(Delivery.made_at).where(Delivery.id == delivery.id))
        since = sa.select(Delivery.id).where(
            Delivery.webhook_id == delivery.webhook_id, Delivery.delivered_at >= made_at
        )
        if db.scalar(since.limit(1)) is None:
            _end(db, delivery, "silence")


def _end(db: Db, delivery: ClaimedDelivery, reason: str) -> None:
    hook = db.get(Webhook, delivery.webhook_id)
    if hook is not None and hook.ended_at is None:
        finish_delivery(db, hook, reason, actor=NOBODY)


def _note(store: Store, delivery: ClaimedDelivery, **values: object) -> None:
    """Write down how it went; what has ended meanwhile stays ended."""
    with store.writing() as db:
        waits = (Delivery.id == delivery.id, Delivery.next_try_at.is_not(None))
        db.execute(sa.update(Delivery).where(*waits).values(values))


ROUND = 20.0  # seconds that a round may take: other jobs wait meanwhile


def tell(shift: JobContext) -> int:
    """Send whatever is new; nothing where the operator lets the program call nobody."""
    outbound, end = shift.store.outbound, time.monotonic() + ROUND
    if outbound is Outbound.OFF:
        return 0
    gather_deliveries(shift.store)
    return deliver_due(shift.store, outbound, is_over=lambda: shift.is_over() or time.monotonic() > end)


TELL_WEBHOOKS = Job("webhooks", every=timedelta(seconds=3), run=tell)
FORGET_DELIVERIES = Job(
    "webhooks.forget", every=timedelta(days=1), run=lambda shift: forget_old_deliveries(shift.store), is_alone=True
)
