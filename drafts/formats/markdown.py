"""An edition as Markdown, one file per language: the text, its closing clause, and what is printed around it."""

import re
from collections import Counter
from collections.abc import Iterator

from drafts.assembly import EditionRow, EditionText, Wording
from drafts.blocks import Block, BlockKind, Document, Language
from drafts.formats import pieces
from drafts.formats.literal import literal
from drafts.formats.words import WORDS, closing
from drafts.markup import write

_NOT_IN_ADDRESS = re.compile(r"[^\w\- ]")
WITHOUT_WORDS = frozenset({BlockKind.NOTE, BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE})


def page(text: EditionText, language: Language) -> bytes:
    """Return the text of one language, numbers and references printed.

    A paragraph absent by decision keeps its place and number and says why it is empty.
    """
    head, under = pieces.title(text, language)
    blocks = [Block("title", BlockKind.TITLE, head)]
    if under:
        blocks.append(Block("subtitle", BlockKind.PARAGRAPH, under))
    blocks += _contents(text, language)
    blocks += [_block(row, language) for row in pieces.body(text)]
    if clause := closing(text, language):
        blocks.append(Block("closing", BlockKind.CLOSING, literal(clause)))
    blocks += [_block(row, language) for row in pieces.back(text)]
    blocks = [block for block in blocks if block.text]
    return write(Document(blocks=tuple(blocks), language=language)).encode()


def _contents(text: EditionText, language: Language) -> Iterator[Block]:
    """The table of contents; a line leads to its heading where readers give headings an address from their words."""
    entries = pieces.contents(text, language)
    if entries:
        yield Block("contents", BlockKind.PARAGRAPH, f"**{literal(WORDS[language].contents)}**")
    seen: Counter[str] = Counter()
    for entry in entries:
        address = _NOT_IN_ADDRESS.sub("", entry.words.lower()).replace(" ", "-")
        again = f"-{seen[address]}" if seen[address] else ""
        seen[address] += 1
        yield Block(f"to-{entry.id}", BlockKind.BULLET, f"[{literal(entry.words)}](#{address}{again})", entry.depth)


def _block(row: EditionRow, language: Language) -> Block:
    cell = row.cells[language]
    if isinstance(cell, Wording):
        return Block(row.id, row.kind, cell.printed, row.level)
    kind = BlockKind.PARAGRAPH if row.kind in WITHOUT_WORDS else row.kind
    return Block(row.id, kind, f"*{literal(WORDS[language].absent.format(reason=cell.reason))}*", row.level)
