"""Blocks to Markdown: structure printed as numbers, bullets, marks and indentation (`markup` says how it is read)."""

import re

from msgspec import Struct

from drafts.blocks import HARD_BREAK, Block, BlockKind, Document
from drafts.escapes import escaped
from drafts.kinds import AS_IS, CONTAINERS, HEADINGS
from drafts.ordinals import ordinals


def write(document: Document) -> str:
    """Write Markdown, numbers printed from order; reading it again gives the same kinds, levels and texts.

    Parts of a declaration come back as paragraphs, for `drafts.parts` to tell. A
    block whose level hangs on nothing (its item is gone) is written one level up.
    """
    pieces: list[str] = []
    holders = [_Holder(0)]
    before: Block | None = None
    for block, number in zip(document.blocks, ordinals(document.blocks), strict=True):
        if before is not None:
            pieces.append("\n" if _is_tight(before, block) else "\n\n")
        holders = _still_open(block, holders)
        pieces.append(_indented(block_markdown(block, number), holders[-1].column))
        holders += _opened(block, number, holders)
        before = block
    return "".join(pieces) + "\n" if pieces else ""


class _Holder(Struct, frozen=True):
    """What a block stands in while the text is written: where its contents begin, and whether it is a footnote."""

    column: int
    is_note: bool = False


def _is_tight(before: Block, block: Block) -> bool:
    if not before.text and before.kind in CONTAINERS and block.level > before.level:
        return True  # nothing may come between an empty item and what it holds
    return before.kind is block.kind is BlockKind.BULLET and bool(before.text and block.text)


def _still_open(block: Block, holders: list[_Holder]) -> list[_Holder]:
    """The holders that `block` is inside of."""
    level = 0 if block.kind in HEADINGS or block.kind is BlockKind.OPERATIVE else block.level
    if block.kind is BlockKind.ITEM and level < len(holders) and holders[level].is_note:
        level -= 1  # it goes on with the list above the footnote: a footnote's own items stand deeper
    return holders[: level + 1]


def _opened(block: Block, number: str, holders: list[_Holder]) -> list[_Holder]:
    """What `block` opens for the blocks inside it."""
    if block.kind not in CONTAINERS:
        return []
    here = holders[-1].column
    width = {BlockKind.BULLET: 2, BlockKind.NOTE: 4}.get(block.kind, len(number) + 2)
    skipped = [_Holder(here)] * (block.level + 1 - len(holders))
    return [*skipped, _Holder(here + width, is_note=block.kind is BlockKind.NOTE)]


def _indented(markdown: str, column: int) -> str:
    margin = " " * column
    return "\n".join(margin + line if line else line for line in markdown.split("\n"))


def block_markdown(block: Block, number: str = "") -> str:
    """One block with its marks ("- ", "## ", "12. ", "a) "), without the indentation of its level.

    `number` may be a block's whole number ("12(a)"); without one an item counts as the first.
    """
    if block.kind in AS_IS:
        return block.text
    if block.kind in HEADINGS:
        return _heading_markdown(block)
    if block.kind is BlockKind.TABLE:
        rows = block.text.split("\n")
        return "\n".join(rows[:2] + [escaped(row) for row in rows[2:]])
    if block.kind is BlockKind.NOTE:
        return _note_markdown(block.text)
    further = "> " if block.kind is BlockKind.QUOTATION else None
    return _marked(_mark(block.kind, number), block.text, further=further)


def _mark(kind: BlockKind, number: str) -> str:
    item = number.removesuffix(")").rpartition("(")[2]
    marks = {BlockKind.OPERATIVE: f"{number or 1}. ", BlockKind.ITEM: f"{item or 'a'}) "}
    return marks.get(kind) or {BlockKind.BULLET: "- ", BlockKind.QUOTATION: "> "}.get(kind, "")


def _marked(mark: str, text: str, further: str | None = None) -> str:
    indent = " " * len(mark) if further is None else further
    lines = [escaped(line) for line in text.split(HARD_BREAK)]
    return (mark + f"\\\n{indent}".join(lines)).rstrip(" ")


def _note_markdown(text: str) -> str:
    label = re.match(r"\[\^[^\[\]\s]+\]: ?", text)
    return _marked(label[0], text[label.end() :], further="    ") if label else _marked("", text)


def _heading_markdown(block: Block) -> str:
    level = 0 if block.kind is BlockKind.TITLE else block.level
    if HARD_BREAK in block.text and level <= 1:  # only an underlined heading can have two lines
        return _marked("", block.text) + ("\n===" if level == 0 else "\n---")
    text = re.sub(r"(?<![^ ])(#+)$", r"\\\1", block.text.replace(HARD_BREAK, " "))
    return f"{'#' * (level + 1)} {text}".rstrip(" ")
