"""Addresses elsewhere that are told of news: entering them, trying them out, seeing what reached them, ending them."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound, existing
from workspace.core.security.permissions import Phase
from workspace.core.settings import Outbound
from workspace.core.storage import log
from workspace.core.storage.db import Db, new_id, row_of, sealer
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.models import Declaration
from workspace.live.feed import BY_BEGINNING, EDITION, EventKind, event_data, event_kind, may_know
from workspace.people.models import Forum
from workspace.people.policy import may_in
from workspace.webhooks import outbound
from workspace.webhooks.models import Delivery, NewWebhook, Webhook

ACTION = "webhook.create"


def may_keep(actor: Actor, forum: Forum) -> bool:
    return may_in(actor, ACTION, forum)


def ensure_may_keep(actor: Actor, forum: Forum) -> None:
    if actor.person_id is None or not may_keep(actor, forum):
        raise NotAllowed(action=ACTION)


KINDS: Final = tuple(sorted({kind.event for kind in BY_BEGINNING.values()} | {EDITION.event}))
TEST: Final = "webhook.test"
_AMONG_US = frozenset({"comment.internal", "comment.moderate"})
_OUT = frozenset({Phase.PUBLISHED, Phase.ARCHIVED})


def event_message(entry: LogEntry, declaration: Declaration, kinds: frozenset[str], *, actor: Actor) -> str | None:
    """The body of the message about one entry; None where this is not told, to `actor`, at this moment."""
    facts = json.loads(entry.entry)["facts"]
    kind = event_kind(entry.kind, facts)
    if kind is None or kind.event not in kinds or not _may_leave(kind, declaration, actor):
        return None
    data = {
        **event_data(facts),
        "event": kind.event,
        "sequence": entry.sequence,
        "forum_id": str(declaration.forum_id),
        "declaration_id": str(declaration.id),
    }
    return delivery_body(entry.kind, entry.at.isoformat(), data)


def delivery_body(kind: str, at: str, data: Mapping[str, Any]) -> str:
    """The three parts that every message has."""
    return msgspec.json.encode({"type": kind, "timestamp": at, "data": data}).decode()


def _may_leave(kind: EventKind, declaration: Declaration, actor: Actor) -> bool:
    is_secret = declaration.is_embargoed and declaration.phase not in _OUT
    return not is_secret and not _AMONG_US.intersection(kind.rights) and may_know(actor, kind, declaration)


PREFIX = "whsec_"
_BYTES = 32


def new_webhook_secret() -> str:
    """A secret that the two sides share."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signature_headers(secret: str, message_id: str, seconds: int, body: bytes) -> Mapping[str, str]:
    """What goes with a message: its id, which stays the same when it is sent again, the time, and the signature."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    mac = hmac.new(key, f"{message_id}.{seconds}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


MOST = 20  # addresses of one forum


class WebhookService:
    """The webhooks of a forum. `outbound` is whom the operator lets the program call."""

    def __init__(self, db: Db, outbound: Outbound) -> None:
        self.db = db
        self.outbound = outbound

    def add(self, forum: Forum, *, url: str, kinds: Collection[str], actor: Actor) -> NewWebhook:
        """Have this address told of what happens from now on, as far as `actor` may know of it at that moment.

        Raises `Invalid` for an address that is never called, for no or unknown kinds, where there are
        twenty already, and where the operator lets the program call nobody.
        """
        ensure_may_keep(actor, forum)
        if self.outbound is Outbound.OFF:
            raise Invalid(field="url", reason="no_calls")
        outbound.call_target(url, self.outbound)
        if not kinds or not set(kinds) <= set(KINDS):
            raise Invalid(field="kinds", reason="choose_kinds")
        if len(self.listed(forum, actor=actor)) >= MOST:
            raise Invalid(field="url", reason="too_many", limit=MOST)
        hook_id, secret = new_id(), new_webhook_secret()
        row = Webhook(
            id=hook_id,
            forum_id=forum.id,
            url=url,
            kinds=sorted(set(kinds)),
            secret=sealer(self.db).seal(secret, about=delivery_about(hook_id)),
            made_by_id=actor.person_id,
            made_at=clock.now(),
            seen=0,
        )
        digest = hashlib.sha256(url.encode()).hexdigest()
        self.db.add(row)
        line = log.record(
            self.db, "webhook.made", actor=actor, forum_id=forum.id, webhook=str(row.id), kinds=row.kinds, url=digest
        )
        row.seen = line.sequence
        self.db.flush()
        return NewWebhook(row, secret)

    def listed(self, forum: Forum, *, actor: Actor) -> Sequence[Webhook]:
        """Those that are told, the oldest first."""
        ensure_may_keep(actor, forum)
        return self.db.scalars(
            sa.select(Webhook)
            .where(Webhook.forum_id == forum.id, Webhook.ended_at.is_(None))
            .options(joinedload(Webhook.made_by))
            .order_by(Webhook.id)
        ).all()

    def ended(self, forum: Forum, *, since: datetime, actor: Actor) -> Sequence[Webhook]:
        """Those that ended by themselves since a moment, the last first: somebody may miss them."""
        ensure_may_keep(actor, forum)
        by_itself = (Webhook.forum_id == forum.id, Webhook.ended_at >= since, Webhook.ended_for != "asked")
        return self.db.scalars(sa.select(Webhook).where(*by_itself).order_by(Webhook.ended_at.desc())).all()

    def get(self, forum: Forum, webhook_id: UUID, *, actor: Actor) -> Webhook:
        """One of the forum's, also if it has ended; raises `NotFound`."""
        ensure_may_keep(actor, forum)
        return existing(row_of(self.db, Webhook, webhook_id, forum_id=forum.id), "webhook", webhook_id)

    def end(self, forum: Forum, webhook_id: UUID, *, actor: Actor) -> None:
        """Tell it nothing any more; what waits is not sent either. Raises `NotFound`."""
        row = self._open(forum, webhook_id, actor=actor)
        finish_delivery(self.db, row, "asked", actor=actor)

    def test(self, forum: Forum, webhook_id: UUID, *, actor: Actor) -> Delivery:
        """Send it a message that says nothing, to see whether it arrives."""
        row = self._open(forum, webhook_id, actor=actor)
        now = clock.now()
        body = delivery_body(TEST, now.isoformat(), {"forum_id": str(forum.id), "webhook_id": str(row.id)})
        made = Delivery(webhook_id=row.id, kind=TEST, body=body, made_at=now, next_try_at=now, attempts=0)
        self.db.add(made)
        self.db.flush()
        return made

    def renew_secret(self, forum: Forum, webhook_id: UUID, *, actor: Actor) -> NewWebhook:
        """Sign with another secret from now on, also what waits already; the old one ends. Raises `NotFound`."""
        row = self._open(forum, webhook_id, actor=actor)
        secret = new_webhook_secret()
        row.secret = sealer(self.db).seal(secret, about=delivery_about(row.id))
        log.record(self.db, "webhook.secret_renewed", actor=actor, forum_id=forum.id, webhook=str(row.id))
        self.db.flush()
        return NewWebhook(row, secret)

    def deliveries(
        self, forum: Forum, webhook_id: UUID, *, actor: Actor, before: UUID | None = None, limit: int = 50
    ) -> Sequence[Delivery]:
        """The messages to it, newest first, those that came `before` one."""
        row = self.get(forum, webhook_id, actor=actor)
        statement = sa.select(Delivery).where(Delivery.webhook_id == row.id).order_by(Delivery.id.desc()).limit(limit)
        if before is not None:
            statement = statement.where(Delivery.id < before)
        return self.db.scalars(statement).all()

    def retry(self, forum: Forum, webhook_id: UUID, delivery_id: UUID, *, actor: Actor) -> Delivery:
        """Send a message again, now, with the id it had; raises `NotFound`, also where the webhook has ended."""
        row = self._open(forum, webhook_id, actor=actor)
        found = existing(row_of(self.db, Delivery, delivery_id, webhook_id=row.id), "delivery", delivery_id)
        found.next_try_at, found.failed_at, found.attempts = clock.now(), None, 0
        self.db.flush()
        return found

    def _open(self, forum: Forum, webhook_id: UUID, *, actor: Actor) -> Webhook:
        row = self.get(forum, webhook_id, actor=actor)
        if row.ended_at is not None:
            raise NotFound(what="webhook", id=str(webhook_id))
        return row


def delivery_about(webhook_id: UUID) -> str:
    """What the seal of its secret is bound to."""
    return f"webhook {webhook_id}"


def finish_delivery(db: Db, row: Webhook, reason: str, *, actor: Actor) -> None:
    """End a webhook, and whatever waits for it."""
    now = clock.now()
    row.ended_at, row.ended_for = now, reason
    undelivered = sa.update(Delivery).where(Delivery.webhook_id == row.id, Delivery.next_try_at.is_not(None))
    db.execute(undelivered.values(next_try_at=None, failed_at=now, last_error="ended"))
    log.record(db, "webhook.ended", actor=actor, forum_id=row.forum_id, webhook=str(row.id), reason=reason)


def last_log_entry(db: Db, forum_id: UUID) -> int:
    """The newest entry of the log about a forum."""
    return db.scalar(sa.select(sa.func.max(LogEntry.sequence)).where(LogEntry.forum_id == forum_id)) or 0
