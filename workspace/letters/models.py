"""What each person wants by mail, addresses that bounced, and the states of a letter."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from workspace.core.outbox import Letter
from workspace.core.storage.db import Model


class MailFrequency(StrEnum):
    """How soon something is written about, if at all."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


class MailKind(StrEnum):
    """What letters are about that somebody can choose not to get. The last two are kept in the account itself."""

    MENTIONS = "mentions"  # somebody named them, or answered in a conversation of theirs
    DECISIONS = "decisions"  # on their amendments, and those that they follow
    TASKS = "tasks"  # something waits for them
    TEXT = "text"  # what happens to what they follow
    DEADLINES = "deadlines"
    PHASES = "phases"
    CHECKPOINTS = "checkpoints"


class MailChoice(Model):
    """That somebody wants one kind of letter otherwise than everybody does without saying."""

    __tablename__ = "mail_choice"

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    kind: Mapped[MailKind] = mapped_column(primary_key=True)
    pace: Mapped[MailFrequency]


class Bounce(Model):
    """An address from which a letter came back for good. `code` is what its server said, such as 5.1.1."""

    __tablename__ = "bounce"

    address: Mapped[str] = mapped_column(primary_key=True)  # in small letters
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    letter_id: Mapped[UUID]
    code: Mapped[str]
    at: Mapped[datetime]


class LetterState(StrEnum):
    """Whether a letter waits (for its first or a later try), was sent, or could not be delivered."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"

    @classmethod
    def of(cls, letter: Letter) -> "LetterState":
        return cls.WAITING if letter.next_try_at else cls.SENT if letter.sent_at else cls.FAILED
