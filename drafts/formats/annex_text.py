"""An annex written in Markdown, as the lines of an edition: its numbers printed, its footnotes kept from the text's."""

import re
from collections.abc import Callable, Iterator
from itertools import count, zip_longest

from msgspec.structs import replace

from drafts.apparatus import AnnexLine, Said
from drafts.blocks import Block, BlockKind, Language
from drafts.markup import read
from drafts.numbering import label, numbers

_REFERENCE = re.compile(r"\[([^\[\]]*)\]\(#b-[^()\s]*\)")
_NOTE = re.compile(r"\[\^([^\[\]\s]+)\]")
_KEPT = frozenset(
    {BlockKind.BULLET, BlockKind.QUOTATION, BlockKind.NOTE, BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE}
)
_HEADS = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.ANNEX})


def written(texts: Said, name: str) -> tuple[AnnexLine, ...]:
    """Return the lines of an annex; the same place in every language is one line.

    `name` tells its footnotes from those of other annexes. Where a language has other blocks than the first one,
    its words stand in the first one's place and kind.
    """
    columns = {language: list(_lines(text, language, name)) for language, text in texts.items() if text.strip()}
    found = []
    for blocks in zip_longest(*columns.values()):
        first = next(block for block in blocks if block is not None)
        said = {language: block.text for language, block in zip(columns, blocks, strict=True) if block is not None}
        found.append(AnnexLine(first.kind, said, first.level))
    return tuple(found)


def _lines(text: str, language: Language, name: str) -> Iterator[Block]:
    document = read(text, language=language, new_id=_ids())
    found = numbers(document)
    for block in document:
        yield _line(block, found.get(block.id, ""), language, name)


def _ids() -> Callable[[], str]:
    made = count(1)
    return lambda: str(next(made))


def _line(block: Block, number: str, language: Language, name: str) -> Block:
    """A block that counts is printed with its number as words, because the text alone has numbered paragraphs."""
    words = block.text
    if block.kind is not BlockKind.CODE:
        words = _NOTE.sub(rf"[^{name}-\1]", _REFERENCE.sub(r"\1", words))
    if block.kind in _HEADS:
        return replace(block, kind=BlockKind.HEADING, text=words, level=max(block.level, 1))
    if block.kind in _KEPT:
        return replace(block, text=words)
    mark = label(block, number, language)
    spoken = f"{mark}. {words}" if block.kind is BlockKind.OPERATIVE else f"{mark} {words}" if mark else words
    return Block(block.id, BlockKind.PARAGRAPH, spoken, block.level)
