"""A mail read: bytes that may be hostile in, plain values out.

A long one is read in the bounded child process; a short one cannot cost more than starting that child would.
"""

import msgspec
from msgspec import Struct

from workspace.core.errors import BadFile
from workspace.core.sandbox import run_bounded
from workspace.core.spreadsheets import ARCHIVE, read_rows, workbook_type
from workspace.interchange.readers import read_file
from workspace.interchange.readers.kinds import TEXT, media_type
from workspace.interchange.sheets.filled import Filled, filled_of
from workspace.interchange.sheets.template import headings_of, may_be_filled
from workspace.interchange.side_door.asked import Reading
from workspace.interchange.side_door.mails import Mail, mail_of
from workspace.interchange.side_door.requests import requests

LARGEST = 10_000_000  # bytes
MEMORY = 700_000_000
SHORT = 1_500  # bytes
SECONDS = 4  # of work; a mail of thirty pages takes half of it
LONGEST = 80_000  # characters of what a mail says itself, some thirty pages


class Heard(Struct, frozen=True):
    """A mail and what it asks for; `sheet` is what it is where it is the sheet that members fill in."""

    mail: Mail
    reading: Reading
    sheet: Filled | None = None


def heard(data: bytes, *, source: str) -> Heard:
    """Read a mail, a sheet, or a letter in a file of its own. Raises `BadFile` like `readers.read_file`."""
    if len(data) > LARGEST:
        raise BadFile(source=source, reason="too_large", bytes=len(data), most=LARGEST)
    if not data.strip():
        raise BadFile(source=source, reason="empty")
    if is_sheet(data):
        return _of_sheet(data, source)
    if media_type(data, source=source) != TEXT:
        data = read_file(data, source=source).text.encode()
    if len(data) <= SHORT:
        return _heard(data, source)
    return msgspec.json.decode(run_bounded(read, data, source=source, memory=MEMORY, seconds=SECONDS), type=Heard)


def read(data: bytes, source: str) -> bytes:
    """What the child does: `Heard` as JSON."""
    return msgspec.json.encode(_heard(data, source))


def _heard(data: bytes, source: str) -> Heard:
    mail = mail_of(data, source=source)
    if len(mail.said) > LONGEST:
        raise BadFile(source=source, reason="too_many_letters", most=LONGEST)
    return Heard(mail, requests(mail.said, mail.subject))


def is_sheet(data: bytes) -> bool:
    """Whether something is to be read as the sheet that members fill in."""
    return workbook_type(data) is not None or (not data.startswith(ARCHIVE) and may_be_filled(data))


def _of_sheet(data: bytes, source: str) -> Heard:
    filled = filled_of(read_rows(data, source=source, headings=headings_of), source=source)
    return Heard(Mail("", "", "", filled.said, (), ()), Reading((), (), ()), filled)
