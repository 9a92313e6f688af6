"""Webhooks as programs read and write them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from workspace.core.shapes import Shape, filled
from workspace.webhooks.models import Delivery


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


class WebhookOut(Shape, frozen=True, kw_only=True):
    """An address that is told."""

    id: UUID
    url: str
    kinds: list[str]
    made_at: datetime
    made_by_id: UUID


class NewWebhookOut(Shape, frozen=True, kw_only=True):
    """A webhook that was made. `secret` is told now and never again: with it the receiver checks every signature."""

    secret: str
    made: WebhookOut


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
        return filled(cls, row, error=row.last_error)


class DeliveriesOut(Struct, frozen=True, kw_only=True):
    """A page of messages, newest first. `next` is the cursor of the page after it."""

    items: list[DeliveryOut]
    next: str | None = None
