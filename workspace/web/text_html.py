"""What people wrote, and what the engine makes of texts, as HTML for a template, which escapes everything else."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from drafts.diff.side_by_side import diff_rows
from drafts.render.document_html import block_html, diff_html
from drafts.render.inline_html import SafeHtml
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.markdown_parser import ready

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


@lru_cache(maxsize=2_048)
def written_html(text: str) -> Markup:
    """Paragraphs, lists, quotations, emphasis and links of what a person wrote, and nothing else."""
    return Markup(_PARSER.render(text))  # noqa: S704  (markdown-it has escaped the words)


_OFF = ("heading", "lheading", "hr", "code", "fence", "table", "image", "html_block", "html_inline", "reference")
_SCHEMES = ("http://", "https://", "mailto:")


def _new_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 12}).disable(list(_OFF))
    parser.validateLink = lambda url: url.lower().startswith(_SCHEMES)  # type: ignore[method-assign]
    parser.add_render_rule("link_open", _link)
    return parser


def _link(renderer: Any, tokens: Sequence[Any], index: int, options: Any, _env: Any) -> str:
    """A link that somebody wrote leads away from here, and says so to programs."""
    tokens[index].attrs.pop("title", None)
    tokens[index].attrSet("rel", "nofollow ugc noopener")
    opened: str = renderer.renderToken(tokens, index, options, _env)
    return opened


_PARSER = ready(_new_parser())


def _shown_as(kind: BlockKind) -> BlockKind:
    return kind if kind in VERBATIM else BlockKind.PARAGRAPH
