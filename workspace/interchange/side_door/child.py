"""A mail read: bytes that may be hostile in, plain values out.

A long one is read in the bounded child process; a short one cannot cost more than starting that child would.
"""

from dataclasses import dataclass

import msgspec

from workspace.core.errors import BadFile
from workspace.core.sandbox import run_bounded
from workspace.interchange.side_door.mails import Mail, mail_of
from workspace.interchange.side_door.requests import Reading, requests

LARGEST = 10_000_000  # bytes
MEMORY = 700_000_000
SHORT = 1_500  # bytes
READ = "workspace.interchange.side_door.child:read"


@dataclass(frozen=True, slots=True)
class Heard:
    """A mail and what it asks for."""

    mail: Mail
    reading: Reading


def heard(data: bytes, *, source: str) -> Heard:
    """Read a mail. Raises `BadFile`: `too_large`, `empty`, `too_costly`, `damaged_file`."""
    if len(data) > LARGEST:
        raise BadFile(source=source, reason="too_large", bytes=len(data), most=LARGEST)
    if not data.strip():
        raise BadFile(source=source, reason="empty")
    if len(data) <= SHORT:
        return _heard(data)
    return msgspec.json.decode(run_bounded(READ, data, source=source, memory=MEMORY), type=Heard)


def read(data: bytes, source: str) -> bytes:
    """What the child does: `Heard` as JSON."""
    del source  # every child is told it; here nothing is refused
    return msgspec.json.encode(_heard(data))


def _heard(data: bytes) -> Heard:
    mail = mail_of(data)
    return Heard(mail, requests(mail.said))
