"""An edition as Markdown, one file per language: the text and nothing around it but its closing clause."""

import re

from drafts.assembly import EditionRow, EditionText, Wording
from drafts.blocks import Block, BlockKind, Document, Language
from drafts.formats import pieces
from drafts.formats.words import WORDS, closing
from drafts.markup import write

MARKS = re.compile(r"([\\`*_\[\]<>])")
WITHOUT_WORDS = frozenset({BlockKind.NOTE, BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE})


def page(text: EditionText, language: Language) -> bytes:
    """Return the text of one language, numbers and references printed.

    A paragraph absent by decision keeps its place and number and says why it is empty.
    """
    head, under = pieces.title(text, language)
    blocks = [Block("title", BlockKind.TITLE, head)]
    if under:
        blocks.append(Block("subtitle", BlockKind.PARAGRAPH, under))
    blocks += [_block(row, language) for row in pieces.body(text)]
    if clause := closing(text, language):
        blocks.append(Block("closing", BlockKind.CLOSING, literal(clause)))
    blocks += [_block(row, language) for row in pieces.annexes(text)]
    return write(Document(blocks=tuple(blocks), language=language)).encode()


def literal(words: str) -> str:
    """Return plain words as Markdown that prints them."""
    return MARKS.sub(r"\\\1", words)


def _block(row: EditionRow, language: Language) -> Block:
    cell = row.cells[language]
    if isinstance(cell, Wording):
        return Block(row.id, row.kind, cell.printed, row.level)
    kind = BlockKind.PARAGRAPH if row.kind in WITHOUT_WORDS else row.kind
    return Block(row.id, kind, f"*{literal(WORDS[language].absent.format(reason=cell.reason))}*", row.level)
