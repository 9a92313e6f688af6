"""Markdown to blocks and back, losing nothing: numbers, bullets and indentation become structure and return.

How nesting is told. A numbered item at the margin is OPERATIVE (level 0); an
ordered or lettered item anywhere else is ITEM with the level of its nesting, at
least 1; a BULLET has level 0 at the margin and n inside n other items. A further
paragraph of an item, or a quotation, table, code or rule inside it, stands one
level deeper than the item. HEADING level 0 is a `# ` after the title.

A number is what an author's count left, so it is computed again on writing. An
"item" numbered 1000 or more that does not continue a count is a sentence that
begins with a year: it stays a paragraph, with its number.

A mark at the start of a line that was escaped (`1900\\. The year`, `\\- a dash`)
is kept without the backslash and escaped again on writing. An address given by a
reference link is written into the link; a definition that nothing uses stays a
paragraph.
"""

import re
from collections.abc import Iterator

from drafts import dialect
from drafts.ordinals import counts, nesting, ordinal, ordinals
from drafts.reading import BLOCK_LIMIT, BRACKET_LIMIT, DEPTH_LIMIT, SOURCE_LIMIT, decode, read
from drafts.writing import block_markdown, write

__all__ = [
    "BLOCK_LIMIT",
    "BRACKET_LIMIT",
    "DEPTH_LIMIT",
    "SOURCE_LIMIT",
    "block_markdown",
    "counts",
    "decode",
    "nesting",
    "ordinal",
    "ordinals",
    "plain",
    "read",
    "write",
]


def plain(text: str) -> str:
    """Inline Markdown as plain text: marks, link targets and footnote references dropped, a hard break a new line."""
    note = re.match(r"\[\^[^\[\]\s]+\]:", text)
    return "".join(_plain_pieces(text[note.end() :] if note else text)).strip(" ")


def _plain_pieces(text: str) -> Iterator[str]:
    for token in dialect.inline(text):
        if token.type in ("text", "text_special", "code_inline", "image"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n" if token.type == "hardbreak" else " "
