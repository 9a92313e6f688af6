"""Marks at the start of a line that are words after all: escaped in files, plain in the text of blocks."""

import re

from drafts import dialect
from drafts.patterns import expression

_BLOCK_MARK = expression(
    r"""[-+*](?:\ |$) | \#{1,6}(?:\ |$) | > | ([-*_])(?:\ *\1){2,}$ | [=|:-][=|:\ -]*$ | ~~~""", re.VERBOSE
)
_NUMBER = expression(r"(\d{1,9}(?=[.)])|[a-z]{1,6}(?=\)))[.)](?= |$)")
_PARENTHESISED = expression(r"\(([a-z]{1,6})\)(?= |$)")
_ESCAPED_NUMBER = expression(r"(\d{1,9}|[a-z]{1,6})\\([.)])(?= |$)")
_KEPT_ESCAPE = expression(r"`{3,}[^`]*$|\[\^[^\[\]\s]+\]:")


def escaped(line: str) -> str:
    """A line of prose so that it does not begin a block of another kind."""
    if _BLOCK_MARK.match(line) or _KEPT_ESCAPE.match(line):
        return "\\" + line
    if (number := _NUMBER.match(line)) and (number[1].isdigit() or dialect.is_letter(number[1])):
        return f"{number[1]}\\{line[number.end(1) :]}"
    if (item := _PARENTHESISED.match(line)) and dialect.is_letter(item[1]):
        return "\\" + line
    return line


def unescaped(line: str) -> str:
    """Undo `escaped`, but for the two marks that also mean something inside a line."""
    number = _ESCAPED_NUMBER.match(line)
    plain_line = f"{number[1]}{line[number.end(1) + 1 :]}" if number else line.removeprefix("\\")
    return plain_line if _KEPT_ESCAPE.match(plain_line) is None and escaped(plain_line) == line else line


def settled_line(line: str) -> str:
    """A line as block text holds it. A mark that a form feed or the like hid from the parser is escaped at once."""
    line = unescaped(line)
    return "\\" + line if _KEPT_ESCAPE.match(line) else line
