"""Webhooks as programs read and write them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from workspace.webhooks.models import Delivery, NewWebhook, Webhook


class WebhookIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address to tell, and of what: names of events as the stream of a declaration has them."""

    url: Annotated[str, Meta(max_length=1_000, description="https, and reachable from the public net.")]
    kinds: Annotated[
        list[str],
        Meta(
            max_length=20,
            description="Any of amendment, calendar, comment, decision, edition, floor, paragraph, phase, question, "
            "text, translation.",
        ),
    ]


class WebhookOut(Struct, frozen=True, kw_only=True):
    """An address that is told."""

    id: UUID
    url: str
    kinds: list[str]
    made_at: datetime
    made_by_id: UUID

    @classmethod
    def of(cls, row: Webhook) -> "WebhookOut":
        return cls(id=row.id, url=row.url, kinds=row.kinds, made_at=row.made_at, made_by_id=row.made_by_id)


class NewWebhookOut(Struct, frozen=True, kw_only=True):
    """A webhook that was made. `secret` is told now and never again: with it the receiver checks every signature."""

    secret: str
    made: WebhookOut

    @classmethod
    def of(cls, new: NewWebhook) -> "NewWebhookOut":
        return cls(secret=new.secret, made=WebhookOut.of(new.row))


class WebhooksOut(Struct, frozen=True, kw_only=True):
    """The webhooks of a forum."""

    items: list[WebhookOut]


class DeliveryOut(Struct, frozen=True, kw_only=True):
    """One message. It waits while `next_try_at` says when it is tried; `error` is why the last try failed."""

    id: UUID
    kind: str
    made_at: datetime
    attempts: int
    next_try_at: datetime | None
    delivered_at: datetime | None
    failed_at: datetime | None
    error: str

    @classmethod
    def of(cls, row: Delivery) -> "DeliveryOut":
        return cls(
            id=row.id,
            kind=row.kind,
            made_at=row.made_at,
            attempts=row.attempts,
            next_try_at=row.next_try_at,
            delivered_at=row.delivered_at,
            failed_at=row.failed_at,
            error=row.last_error,
        )


class DeliveriesOut(Struct, frozen=True, kw_only=True):
    """A page of messages, newest first. `next` is the cursor of the page after it."""

    items: list[DeliveryOut]
    next: str | None = None

    @classmethod
    def of(cls, rows: Sequence[Delivery], cursor: str | None) -> "DeliveriesOut":
        return cls(items=[DeliveryOut.of(row) for row in rows], next=cursor)
