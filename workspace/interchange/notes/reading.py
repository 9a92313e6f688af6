"""The text of a note as numbered lines."""

from msgspec import Struct

from workspace.core.errors import BadFile

MOST_LINES = 100_000
MOST_CHARACTERS = 700_000  # some three hundred pages


class Line(Struct, frozen=True):
    """One line of the source; `page` is known only where form feeds part the pages."""

    number: int
    text: str
    page: int | None = None


def read_lines(text: str, *, source: str) -> tuple[Line, ...]:
    """The lines, numbered as editors number them: by line feeds alone. Raises `BadFile` for too many, or too long."""
    if text.count("\n") >= MOST_LINES:
        raise BadFile(source=source, reason="too_many_lines", line=MOST_LINES, most=MOST_LINES)
    if len(text) > MOST_CHARACTERS:
        raise BadFile(source=source, reason="too_many_letters", most=MOST_CHARACTERS)
    has_pages = "\f" in text
    page = 1
    lines = []
    for number, line in enumerate(text.split("\n"), start=1):
        page += line.count("\f")
        lines.append(Line(number, line.replace("\f", " "), page if has_pages else None))
    return tuple(lines)
