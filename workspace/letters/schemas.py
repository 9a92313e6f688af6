"""Letters as programs read them. What a letter told, and the link it held, is nobody's but the receiver's."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from workspace.core.mail import Letter
from workspace.core.shapes import filled
from workspace.letters.states import LetterState


class LetterOut(Struct, frozen=True, kw_only=True):
    """One letter of the outbox. `error` is why the last try failed: a stable word, and the server's reply code."""

    id: UUID
    kind: str
    to: str
    language: str
    state: LetterState
    due_at: datetime
    attempts: int
    next_try_at: datetime | None
    sent_at: datetime | None
    failed_at: datetime | None
    error: str

    @classmethod
    def of(cls, letter: Letter) -> "LetterOut":
        return filled(cls, letter, state=LetterState.of(letter), error=letter.last_error)


class LettersOut(Struct, frozen=True, kw_only=True):
    """A page of letters, newest first. `next` is the cursor of the page after it."""

    items: list[LetterOut]
    next: str | None = None


class RetriedOut(Struct, frozen=True):
    """How many letters are tried again now."""

    retried: int


class ReturnedLetterIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of a letter. `code` is the status of RFC 3463; `address` may say to whom it was, as a check."""

    letter: Annotated[str, Meta(min_length=1, max_length=400, description="Its Message-ID, or its id.")]
    kind: Literal["failed", "delayed", "delivered"]
    code: Annotated[str, Meta(max_length=400)] = ""
    address: Annotated[str, Meta(max_length=400)] = ""


class ReturnedLettersOut(Struct, frozen=True, kw_only=True):
    """How many addresses were marked, and how many reports changed nothing."""

    marked: int
    ignored: int
