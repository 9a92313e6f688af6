"""The words of a block as a page shows them: safe HTML, made once for each wording and kept."""

from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup
from msgspec.structs import replace

from drafts.render.document_html import block_html
from drafts.render.inline_html import SafeHtml, inline_html
from drafts.text.blocks import Block, BlockKind, Language
from drafts.text.numbering import label, references
from workspace.web.text_html import rendered

KEPT = 8_192  # wordings whose HTML stays in memory: three languages of a long declaration and of what preceded it
OWN_ID = frozenset({BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE})  # their HTML carries the id of the block
WHOLE = OWN_ID | {BlockKind.NOTE}  # not a mere run of inline text
_IN_BRACKETS = Markup('<span class="bracket"><b>[</b>{}<b>]</b></span>')


def paragraph_anchor(language: Language) -> str:
    """What stands before the ids of one language, so that three can stand on one page."""
    return f"{language}-"


def block_text_html(
    block: Block, language: Language, numbers: Mapping[str, str], *, is_contested: bool = False
) -> Markup:
    """The text of a block in `language`, references printed as `numbers` say; "" for a block without text.

    One that is contested as a whole stands in brackets, where it is a run of words.
    """
    if not block.text:
        return Markup()
    if is_contested and block.kind not in WHOLE:
        return _IN_BRACKETS.format(block_text_html(block, language, numbers))
    referred = tuple((other, numbers[other]) for other in references(block.text) if other in numbers)
    return _made(block if block.kind in OWN_ID else replace(block, id=""), language, referred)


@lru_cache(maxsize=KEPT)
def _made(block: Block, language: Language, referred: tuple[tuple[str, str], ...]) -> Markup:
    write = block_html if block.kind in WHOLE else _inline
    html = write(block, language=language, numbers=dict(referred), anchor=paragraph_anchor(language))
    return rendered(html)


def _inline(block: Block, *, language: Language, numbers: Mapping[str, str], anchor: str) -> SafeHtml:
    return inline_html(block.text, language=language, numbers=numbers, anchor=anchor)


def margin(block: Block, numbers: Mapping[str, str], language: Language) -> str:
    """What stands in the margin beside a block: "12", "(a)", or nothing."""
    return label(block, numbers.get(block.id, ""), language)


def paragraph_fragment(number: str) -> str:
    """The name of a number in an address, below a numbered revision: p12, p12a, p12-bis."""
    return "p" + number.replace("(", "").replace(")", "").replace(" ", "-") if number else ""
