"""A comparison as lines of text: colour where a terminal shows it, marks where it does not."""

from collections.abc import Iterator, Sequence

import click

from drafts.blocks import Block
from drafts.shown import Row, RowKind, Run, RunOp

_SAID = {
    RowKind.REWORD: "reworded",
    RowKind.INSERT: "inserted",
    RowKind.DELETE: "deleted",
    RowKind.MOVED: "moved here",
    RowKind.MOVED_FROM: "moved away",
    RowKind.SPLIT: "split",
    RowKind.JOIN: "joined",
}
_DELETED, _INSERTED = ("[-", "-]"), ("{+", "+}")
_CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) != "\n"} | {0x7F: 0x2421}
"""A text must not command the terminal it is shown on: control characters become pictures of themselves."""


def lines(rows: Sequence[Row], *, in_colour: bool) -> str:
    """What changed, one paragraph after the other, each under a line that says where and how; "" for no change."""
    return "\n".join(_lines(rows, in_colour=in_colour))


def _lines(rows: Sequence[Row], *, in_colour: bool) -> Iterator[str]:
    for row in rows:
        if row.kind is not RowKind.SAME:
            heading = f"@ {_place(row)} {_SAID[row.kind]}{_form(row)}"
            yield click.style(heading, bold=True) if in_colour else heading
            yield "".join(_run(run, row, in_colour=in_colour) for run in row.runs)
            yield ""


def _place(row: Row) -> str:
    """Paragraphs counted from 1, in the old text and in the new one."""
    old, new = (", ".join(str(index + 1) for index in side) for side in (row.old_blocks, row.new_blocks))
    return f"{old} → {new}" if old and new else f"{old} →" if old else f"→ {new}"


def _form(row: Row) -> str:
    """The change of a paragraph into a heading, an item and so on."""
    if not (row.old and row.new) or _said(row.old[0]) == _said(row.new[0]):
        return ""
    return f", {_said(row.old[0])} → {_said(row.new[0])}"


def _said(block: Block) -> str:
    return f"{block.kind.value} {block.level}" if block.level else block.kind.value


def _run(run: Run, row: Row, *, in_colour: bool) -> str:
    if run.op is RunOp.EQUAL or row.kind is RowKind.MOVED_FROM:
        return _plain(run.text)
    is_insertion = run.op in (RunOp.INSERT, RunOp.START_INSERTED)
    is_start = run.op in (RunOp.START_INSERTED, RunOp.START_DELETED)
    shown = "¶" if is_start else _plain(run.text)
    if in_colour:
        ink = "green" if is_insertion else "red"
        shown = click.style(shown, fg=ink, underline=is_insertion, strikethrough=not is_insertion)
    else:
        opening, closing = _INSERTED if is_insertion else _DELETED
        shown = f"{opening}{shown}{closing}"
    return shown + ("\n" if run.op is RunOp.START_INSERTED else "")


def _plain(text: str) -> str:
    return text.translate(_CONTROLS)
