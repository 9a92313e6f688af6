"""An address elsewhere that is told of news, and each message to it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workspace.core.storage.db import Model, primary_key
from workspace.people.models import Forum, Person


class Webhook(Model):
    """An address that hears of what happens in a forum: of the `kinds` chosen, as far as its maker may know of them.

    `seen` is the last entry of the log that was looked at for it. `ended_for` is a word: "asked", "rights",
    "gone" (the receiver said so) or "silence" (it never answered).
    """

    __tablename__ = "webhook"

    id: Mapped[UUID] = primary_key()
    forum_id: Mapped[UUID] = mapped_column(sa.ForeignKey("forum.id"), index=True)
    url: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(sa.JSON)
    secret: Mapped[str]  # sealed
    made_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]
    seen: Mapped[int]
    ended_at: Mapped[datetime | None]
    ended_for: Mapped[str] = mapped_column(default="", server_default="")

    forum: Mapped[Forum] = relationship()
    made_by: Mapped[Person] = relationship()


class Delivery(Model):
    """One message to one address; it is tried while `next_try_at` says when. `sequence` is None for a mere test."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (sa.UniqueConstraint("webhook_id", "sequence"),)

    id: Mapped[UUID] = primary_key()
    webhook_id: Mapped[UUID] = mapped_column(sa.ForeignKey("webhook.id"))
    sequence: Mapped[int | None]
    kind: Mapped[str]
    body: Mapped[str]
    made_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    delivered_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="", server_default="")  # a stable word, and the status if any

    webhook: Mapped[Webhook] = relationship()


class NewWebhook(Struct, frozen=True):
    """A webhook, and its secret, which is told only here."""

    made: Webhook
    secret: str
