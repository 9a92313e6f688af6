"""What a file is by its first bytes and members, and text in whatever encoding it came."""

import codecs
import io
import re
import unicodedata
import zipfile
import zlib

from workspace.core.errors import BadFile

TEXT = "text/plain"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
FIRST_BYTES = 1024
OTHER_KINDS = (b"{\\rtf", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"II*\0", b"MM\0*")
WEB_PAGES = (b"<!doctype html", b"<html")
OLE = b"\xd0\xcf\x11\xe0"
OLE_MESSAGE = "__substg1.0_".encode("utf-16-le")
MAIN = re.compile(r"word/document\d*\.xml")  # some programs count the parts they write
OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def media_type(data: bytes, *, source: str) -> str:
    """Raises `BadFile`: `encrypted`, `old_word`, `outlook_message`, `has_macros`, `unknown_kind`, `not_an_archive`."""
    if b"%PDF-" in data[:FIRST_BYTES]:
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _archive(data, source)
    ensure_unlocked(data, source=source)
    if data.startswith(OLE):
        raise BadFile(source=source, reason="outlook_message" if OLE_MESSAGE in data else "old_word")
    if data.startswith(OTHER_KINDS) or data[:FIRST_BYTES].lstrip().lower().startswith(WEB_PAGES):
        raise BadFile(source=source, reason="unknown_kind")
    return TEXT


def ensure_unlocked(data: bytes, *, source: str) -> None:
    """Raise `BadFile`, `encrypted`, for what an office has locked with a password: it is no archive then."""
    if data.startswith(OLE) and OLE_ENCRYPTED in data:
        raise BadFile(source=source, reason="encrypted")


def _archive(data: bytes, source: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if any(MAIN.fullmatch(name) for name in names):
                if any(name.endswith("vbaProject.bin") for name in names):
                    raise BadFile(source=source, reason="has_macros")
                return DOCX
            if "mimetype" in names and archive.open("mimetype").read(100).startswith(ODT.encode()):
                return ODT
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, zlib.error) as error:
        raise BadFile(source=source, reason="not_an_archive") from error
    raise BadFile(source=source, reason="unknown_kind")


MOST_CONTROLS = 0.02
ORDINARY_CONTROLS = frozenset("\t\n\r\f\v")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 4000
MOST_NULS = 0.3
FEWEST_LETTERS = 0.6


def decode_text(data: bytes, *, source: str) -> str:
    """The text, its lines parted by line feeds.

    Raises `BadFile`: `encrypted`, `empty`, `encoding`, or `binary` with `offset`.
    """
    ensure_unlocked(data, source=source)
    text = _text(data, source)
    if not any(character.isalnum() for character in text):
        raise BadFile(source=source, reason="empty")
    if sum(map(_is_control, text)) > MOST_CONTROLS * len(text):
        raise BadFile(source=source, reason="binary", line=1, offset=0)
    return clean_text(text)


LIGATURES = {sign: unicodedata.normalize("NFKC", chr(sign)) for sign in range(0xFB00, 0xFB07)}


def clean_text(text: str) -> str:
    """Lines parted by line feeds alone, and no character that a database or a page cannot hold."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").translate(LIGATURES)
    return "".join(character for character in unified if not _is_control(character) and character not in "\ufffe\uffff")


def _text(data: bytes, source: str) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding, source)
    if wide := _wide(data):
        return _strictly(data, wide, source)
    if (offset := data.find(b"\0")) >= 0:
        raise BadFile(source=source, reason="binary", line=_line_of(data, offset), offset=offset)
    try:
        return data.decode()
    except UnicodeDecodeError as refusal:
        return _western(data, refusal.start, source)


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of European text is zero."""
    sample = data[:SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > MOST_NULS * len(sample) and not even:
        return "utf-16-le"
    return "utf-16-be" if even > MOST_NULS * len(sample) and not odd else None


def _strictly(data: bytes, encoding: str, source: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as refusal:
        raise BadFile(source=source, reason="encoding", line=1, offset=refusal.start) from None


_WESTERN = frozenset("áàâäãåæçéèêëíìîïñóòôöõøœßúùûüýÿÁÀÂÄÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØŒÚÙÛÜÝŠšŽž«»“”‘’–—¿¡º°ª§…€²³½·•\xa0")
_OF_A_MACINTOSH = frozenset("‡Žˆ†Š‹ŸÐ")  # its á, é, à and others, as Windows reads them
_WITHIN = re.compile(r"(?<=[a-z])[–—œŽŠ](?=[a-z])")


def _western(data: bytes, offset: int, source: str) -> str:
    """Windows-1252, if what that makes of the strange bytes are letters and the marks of a sentence."""
    refused = BadFile(source=source, reason="encoding", line=_line_of(data, offset), offset=offset)
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise refused from None
    strange = [character for character in text if character > "\x7f"]
    good = sum(character in _WESTERN for character in strange)
    if any(character in _OF_A_MACINTOSH for character in strange):
        good -= len(_WITHIN.findall(text))
    if good < FEWEST_LETTERS * len(strange):
        raise refused
    return text


def _line_of(data: bytes, offset: int) -> int:
    before = data[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1


def _is_control(character: str) -> bool:
    return character < " " and character not in ORDINARY_CONTROLS
