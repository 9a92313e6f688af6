"""What came in, parsed in the bounded child process: bytes that may be hostile in, plain values out.

A long mail is read there; a short one cannot cost more than starting that child would.
"""

import msgspec
from lxml import etree
from msgspec import Struct

from drafts.formats import odt
from drafts.formats.docx.document_model import WordText
from drafts.formats.docx.reader import read as read_word
from workspace.core.detection import DOCX, ODT, TEXT, ensure_unlocked, media_type
from workspace.core.errors import BadFile
from workspace.core.security.sandbox import ensure_bounded, run_bounded
from workspace.core.spreadsheets import ARCHIVE, read_rows, workbook_type
from workspace.interchange.intake.mail_reader.message import MailMessage, parse_message
from workspace.interchange.intake.mail_reader.request import MailRequests
from workspace.interchange.intake.mail_reader.requests import mail_requests
from workspace.interchange.intake.sheets.filled import FilledSheet, read_filled_sheet
from workspace.interchange.intake.sheets.template import headings_of, may_be_filled
from workspace.interchange.readers import read_file

LARGEST = 10_000_000  # bytes
MEMORY = 700_000_000
SHORT = 1_500  # bytes
SECONDS = 4  # of work; a mail of thirty pages takes half of it
LONGEST = 80_000  # characters of what a mail says itself, some thirty pages


class ParsedMail(Struct, frozen=True):
    """A mail and what it asks for; `sheet` is what it is where it is the sheet that members fill in."""

    mail: MailMessage
    reading: MailRequests
    sheet: FilledSheet | None = None


def parse_mail(data: bytes, *, source: str) -> ParsedMail:
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
        return _parse_mail(data, source)
    return msgspec.json.decode(
        run_bounded(parse_mail_in_child, data, source=source, memory=MEMORY, seconds=SECONDS), type=ParsedMail
    )


def parse_mail_in_child(data: bytes, source: str) -> bytes:
    """What the child does: `ParsedMail` as JSON."""
    return msgspec.json.encode(_parse_mail(data, source))


def _parse_mail(data: bytes, source: str) -> ParsedMail:
    mail = parse_message(data, source=source)
    if len(mail.said) > LONGEST:
        raise BadFile(source=source, reason="too_many_letters", most=LONGEST)
    return ParsedMail(mail, mail_requests(mail.said, mail.subject, mail.apart))


def is_sheet(data: bytes) -> bool:
    """Whether something is to be read as the sheet that members fill in."""
    return workbook_type(data) is not None or (not data.startswith(ARCHIVE) and may_be_filled(data))


def ensure_sheet(data: bytes, *, source: str) -> None:
    """Raise `BadFile`, `encrypted` or `not_our_sheet`, for anything else."""
    ensure_unlocked(data, source=source)
    if not is_sheet(data):
        raise BadFile(source=source, reason="not_our_sheet")


def _of_sheet(data: bytes, source: str) -> ParsedMail:
    filled = read_filled_sheet(read_rows(data, source=source, headings=headings_of), source=source)
    return ParsedMail(MailMessage("", "", "", filled.said, (), ()), MailRequests((), (), ()), filled)


WORD_MEMORY = 1_000_000_000  # of address space: the engine and the XML of a long text with all its changes


def word_text(data: bytes, *, source: str) -> WordText:
    """Everything that a Word file holds, or an OpenDocument text.

    Raises `BadFile`: `too_large`, `empty`, `not_word`, those of `media_type` and `ensure_bounded`, `too_costly`,
    `damaged_file`.
    """
    if len(data) > LARGEST:
        raise BadFile(source=source, reason="too_large", bytes=len(data), most=LARGEST)
    if not data:
        raise BadFile(source=source, reason="empty")
    if media_type(data, source=source) not in {DOCX, ODT}:
        raise BadFile(source=source, reason="not_word")
    return msgspec.json.decode(run_bounded(read_word_in_child, data, source=source, memory=WORD_MEMORY), type=WordText)


def read_word_in_child(data: bytes, source: str) -> bytes:
    """What the child does: `WordText` as JSON."""
    ensure_bounded(data, source=source)
    try:
        is_word = media_type(data, source=source) == DOCX
        return msgspec.json.encode(read_word(data) if is_word else odt.read(data))
    except (etree.XMLSyntaxError, ValueError, KeyError) as error:
        raise BadFile(source=source, reason="damaged_file") from error
