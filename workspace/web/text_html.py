"""Paragraphs and comparisons of the engine as HTML for a template, which escapes everything else."""

from collections.abc import Mapping

from markupsafe import Markup

from drafts.diff.side_by_side import diff_rows
from drafts.render.document_html import block_html, diff_html
from drafts.render.inline_html import SafeHtml
from drafts.text.blocks import Block, BlockKind, Document, Language

VERBATIM = frozenset({BlockKind.TABLE, BlockKind.CODE})  # shown as what they are; all others without number or mark


def rendered(html: SafeHtml) -> Markup:
    """What the engine wrote, as a template takes it."""
    return Markup(html)  # noqa: S704  (only `drafts.render` makes a `SafeHtml`, and it escapes every word)


def paragraph_html(block: Block, language: Language, numbers: Mapping[str, str], side: str) -> Markup:
    """A paragraph without number; `side` tells it from the same one on the other side of the page."""
    shown = Block(f"{side}-{block.id}", _shown_as(block.kind), block.text)
    return rendered(block_html(shown, language=language, numbers=numbers, anchor=f"{side}-"))


def compared_html(
    texts: tuple[str, str],
    language: Language,
    numbers: Mapping[str, str],
    *,
    anchor: str,
    name: str = "text",
    kind: BlockKind = BlockKind.PARAGRAPH,
) -> Markup:
    """The second text with what it changes against the first, under the id `name`; an empty one is none."""
    old, new = (Document((Block(name, _shown_as(kind), text),) if text else (), language) for text in texts)
    return rendered(diff_html(diff_rows(old, new), language=language, numbers=numbers, anchor=anchor))


def _shown_as(kind: BlockKind) -> BlockKind:
    return kind if kind in VERBATIM else BlockKind.PARAGRAPH
