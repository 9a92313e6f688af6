"""Bytes of a text file into numbered lines; whatever is not text is refused with the place where that shows."""

from dataclasses import dataclass

from workspace.core.errors import BadFile

MOST_BYTES = 5 * 1024 * 1024
MOST_LINES = 100_000
MOST_CONTROLS = 0.02
SIGNATURES = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
)
ORDINARY_CONTROLS = frozenset("\t\n\r\f\v")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the source; `page` is known only where form feeds part the pages."""

    number: int
    text: str
    page: int | None = None


def read_lines(data: bytes, *, source: str) -> tuple[Line, ...]:
    """The lines of a UTF-8 file, numbered as editors number them: by line feeds and carriage returns alone.

    Raises `BadFile` with the reason `too_large`, `binary`, `encoding` (and the byte `offset`) or `empty`.
    """
    text = _decoded(data, source=source)
    has_pages = "\f" in text
    page = 1
    lines = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        page += line.count("\f")
        lines.append(Line(number, line.replace("\f", " "), page if has_pages else None))
    if len(lines) > MOST_LINES:
        raise BadFile(source=source, reason="too_many_lines", line=MOST_LINES, most=MOST_LINES)
    return tuple(lines)


def _decoded(data: bytes, *, source: str) -> str:
    if len(data) > MOST_BYTES:
        raise BadFile(source=source, reason="too_large", bytes=len(data), most=MOST_BYTES)
    if data.startswith(SIGNATURES):
        raise BadFile(source=source, reason="binary", line=1, offset=0)
    if (offset := data.find(b"\0")) >= 0:
        raise BadFile(source=source, reason="binary", line=_line_of(data, offset), offset=offset)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as refusal:
        offset = refusal.start
        raise BadFile(source=source, reason="encoding", line=_line_of(data, offset), offset=offset) from None
    if not any(character.isalnum() for character in text):
        raise BadFile(source=source, reason="empty")
    if sum(map(_is_control, text)) > MOST_CONTROLS * len(text):
        raise BadFile(source=source, reason="binary", line=1, offset=0)
    return text


def _line_of(data: bytes, offset: int) -> int:
    before = data[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1


def _is_control(character: str) -> bool:
    return character < " " and character not in ORDINARY_CONTROLS
