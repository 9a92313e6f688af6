"""The two jobs of the outbox: sending what is due, and forgetting what left long ago."""

import time
from datetime import timedelta

from workspace.core.jobs import Job, Shift
from workspace.core.settings import Settings
from workspace.letters.courier import Delivered, deliver, forget
from workspace.letters.transports import transport
from workspace.letters.writing import Desk

ROUND = 15.0  # seconds


def send_letters(shift: Shift) -> Delivered:
    """Send the letters that are due, for as long as a round may take: other jobs wait meanwhile."""
    settings, end = shift.settings, time.monotonic() + ROUND

    def is_over() -> bool:
        return shift.is_over() or time.monotonic() > end

    return deliver(shift.store, transport(settings), Desk.of(settings), is_over=is_over)


def ensure_sendable(settings: Settings) -> None:
    """Raise `BadSetting` for settings that no letter can be sent with, before anything is served."""
    transport(settings)
    Desk.of(settings)


def forget_letters(shift: Shift) -> int:
    return forget(shift.store)


SEND_LETTERS = Job("letters", every=timedelta(seconds=2), run=send_letters)
FORGET_LETTERS = Job("letters.forget", every=timedelta(days=1), run=forget_letters, is_alone=True)
