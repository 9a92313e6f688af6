"""A text that somebody wrote in a word processor, as the Markdown of a first draft."""

from msgspec.structs import replace

from drafts.blocks import BlockKind, Document, Language
from drafts.formats.docx.placing import Placer
from drafts.formats.docx.read_values import WordText
from drafts.formats.docx.views import hands, view
from drafts.markup import write


def first_text(text: WordText) -> str:
    """The text with every tracked change accepted: headings, numbered paragraphs, items, tables and footnotes.

    A text without a title has its first heading as one. Comments are left out.
    """
    nothing = Document((), Language.EN)  # Markdown is the same in every language
    blocks = list(Placer(text, nothing, {}).placed(view(text, frozenset(hands(text)))).document.blocks)
    has_title = any(block.kind is BlockKind.TITLE for block in blocks)
    if blocks and not has_title and blocks[0].kind is BlockKind.HEADING:
        blocks[0] = replace(blocks[0], kind=BlockKind.TITLE, level=0)
    return write(Document(tuple(blocks), Language.EN))
