"""An edition as plain text, one file per language: wrapped lines for mail, terminals and archives of any age.

Numbers hang at the margin, footnotes stand at the end under the marks [1] that call them, and
what a link leads to follows it in angle brackets.
"""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from drafts.assembly import Absence, EditionRow, EditionText
from drafts.blocks import BlockKind, Language
from drafts.formats import pieces
from drafts.formats.runs import Run, runs
from drafts.formats.words import WORDS, closing

WIDTH = 72
_STEP = 4
_UNDER_TITLE, _UNDER_HEADING = "=", "-"
_LISTED = frozenset({BlockKind.ITEM, BlockKind.BULLET})


def page(text: EditionText, language: Language) -> bytes:
    """Return the text of one language (UTF-8). A paragraph absent by decision keeps its place and says why."""
    head, under = pieces.title(text, language)
    parts = [_underlined(_said(head), _UNDER_TITLE)]
    if under:
        parts.append(_wrapped(_said(under)))
    if entries := pieces.contents(text, language):
        lines = [" " * _STEP * (entry.depth - 1) + entry.words for entry in entries]
        parts.append("\n".join([WORDS[language].contents, "", *lines]))
    parts += [_block(row, language) for row in pieces.body(text) if row.kind is not BlockKind.NOTE]
    if clause := closing(text, language):
        parts.append(_wrapped(clause))
    parts += [_block(row, language) for row in pieces.back(text) if row.kind is not BlockKind.NOTE]
    if notes := pieces.notes(text, language):
        parts.append("-" * (WIDTH // 3))
        parts += [_hung(f"[{label}]", _said(words)) for label, words in notes.items()]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _block(row: EditionRow, language: Language) -> str:
    words = pieces.wording(row, language)
    mark = pieces.mark(row, language)
    if words is None:
        cell = row.cells[language]
        reason = cell.reason if isinstance(cell, Absence) else ""
        return _hung(f"{mark}." if mark else "", f"[{WORDS[language].absent.format(reason=reason)}]")
    return _set_apart(row.kind, words) or _running(row, words, mark)


def _set_apart(kind: BlockKind, words: str) -> str:
    """What is not running text; empty for what is."""
    if kind in pieces.HEADINGS:
        return _underlined(_said(words), _UNDER_HEADING)
    if kind is BlockKind.TABLE and (cells := pieces.table(words)):
        return "\n".join(_row(line) for line in cells)
    if kind is BlockKind.CODE:
        return "\n".join(" " * _STEP + line for line in pieces.code(words).rstrip("\n").split("\n"))
    return "* * *".center(WIDTH).rstrip() if kind is BlockKind.RULE else ""


def _running(row: EditionRow, words: str, mark: str) -> str:
    if row.kind is BlockKind.QUOTATION:
        return _wrapped(_said(words), indent=_STEP)
    if row.kind in _LISTED:
        return _hung(mark, _said(words), indent=_STEP * max(row.level, 1))
    return _hung(f"{mark}." if mark else "", _said(words), indent=_STEP * row.level)


def _hung(mark: str, words: str, *, indent: int = 0) -> str:
    """Words with a mark before the first line and as much space before the others."""
    if not mark:
        return _wrapped(words, indent=indent)
    wide = max(_STEP, len(mark) + 1)
    lines = _wrapped(words, indent=indent + wide)
    return " " * indent + mark.ljust(wide) + lines[indent + wide :]


def _wrapped(words: str, *, indent: int = 0) -> str:
    """Lines of at most `WIDTH` characters where the words allow; they break at ordinary spaces alone."""
    before = " " * indent
    lines: list[str] = []
    for line in words.split("\n"):
        lines += wrap(
            line,
            WIDTH,
            initial_indent=before,
            subsequent_indent=before,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [before]
    return "\n".join(lines)


def _underlined(words: str, sign: str) -> str:
    lines = _wrapped(words)
    return f"{lines}\n{sign * max(map(len, lines.split(chr(10))))}"


def _row(cells: Sequence[str]) -> str:
    return " | ".join(" ".join(_said(cell).split("\n")) for cell in cells)


def _said(words: str) -> str:
    return "".join(_pieces(runs(words)))


def _pieces(parts: Sequence[Run]) -> Iterator[str]:
    for run in parts:
        match run.kind:
            case "emph" | "strong" | "ref":
                yield from _pieces(run.body)
            case "link":
                words = "".join(_pieces(run.body))
                yield words if words == run.value else f"{words} <{run.value}>"
            case "break":
                yield "\n"
            case "note" | "footnote" | "again":
                yield f"[{run.value}]"
            case _:
                yield run.value
