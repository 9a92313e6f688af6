"""A paragraph's words as they stand beside those of another language: without its number or mark."""

from collections.abc import Mapping

from markupsafe import Markup

from drafts.blocks import Block, BlockKind, Language
from drafts.render import block_html

_VERBATIM = frozenset({BlockKind.TABLE, BlockKind.CODE})


def words_html(block: Block, language: Language, numbered: Mapping[str, str], side: str) -> Markup:
    """Safe HTML; `side` tells this paragraph from the same one on the other side of the page."""
    kind = block.kind if block.kind in _VERBATIM else BlockKind.PARAGRAPH
    html = block_html(
        Block(f"{side}-{block.id}", kind, block.text), language=language, numbers=numbered, anchor=f"{side}-"
    )
    return Markup(html)  # noqa: S704  (drafts.render promises safe HTML)
