"""The three states of a letter in the outbox."""

from enum import StrEnum

from workspace.core.mail import Letter


class LetterState(StrEnum):
    """Whether a letter waits (for its first or a later try), was sent, or could not be delivered."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"

    @classmethod
    def of(cls, letter: Letter) -> "LetterState":
        return cls.WAITING if letter.next_try_at else cls.SENT if letter.sent_at else cls.FAILED
