"""A mail read: bytes that may be hostile in, plain values out.

A long one is read in the bounded child process; a short one cannot cost more than starting that child would.
"""

import io
import zipfile
from itertools import islice

import msgspec
from msgspec import Struct

from workspace.core.errors import BadFile
from workspace.core.ods import is_ods
from workspace.core.sandbox import run_bounded
from workspace.interchange.readers import read_file
from workspace.interchange.readers.kinds import TEXT, media_type
from workspace.interchange.sheets.filled import Filled, filled_of
from workspace.interchange.sheets.template import may_be_filled
from workspace.interchange.side_door.asked import Reading
from workspace.interchange.side_door.mails import Mail, mail_of
from workspace.interchange.side_door.requests import requests
from workspace.people.roster_file import read_table

LARGEST = 10_000_000  # bytes
MEMORY = 700_000_000
SHORT = 1_500  # bytes
SECONDS = 4  # of work; a mail of thirty pages takes half of it
LONGEST = 80_000  # characters of what a mail says itself, some thirty pages
READ = "workspace.interchange.side_door.child:read"
READ_SHEET = "workspace.interchange.side_door.child:read_sheet"
LONGEST_SHEET = 5_000  # rows
_ARCHIVE, _WORKBOOK = b"PK\x03\x04", "xl/workbook.xml"


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
    return msgspec.json.decode(run_bounded(READ, data, source=source, memory=MEMORY, seconds=SECONDS), type=Heard)


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
    if not data.startswith(_ARCHIVE):
        return may_be_filled(data)
    if is_ods(data):
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _WORKBOOK in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return False


def read_sheet(data: bytes, source: str) -> bytes:
    """What the child does with a sheet: its rows as JSON."""
    rows = list(islice(read_table(data, source=source), LONGEST_SHEET + 1))
    if len(rows) > LONGEST_SHEET:
        raise BadFile(source=source, reason="too_many_rows", most=LONGEST_SHEET)
    return msgspec.json.encode(rows)


def _of_sheet(data: bytes, source: str) -> Heard:
    rows = msgspec.json.decode(run_bounded(READ_SHEET, data, source=source, memory=MEMORY), type=list[list[str]])
    filled = filled_of(rows, source=source)
    return Heard(Mail("", "", "", filled.said, (), ()), Reading((), (), ()), filled)
