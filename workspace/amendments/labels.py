"""How pages speak of a paragraph: by its number where it has one, otherwise by its first words."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from markupsafe import Markup, escape
from msgspec import Struct
from msgspec.structs import replace

from drafts.render.document_html import block_html
from drafts.render.inline_html import inline_html
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.numbering import label, printed
from workspace.declarations import labels
from workspace.declarations.domain import queries
from workspace.declarations.domain.queries import BlockRow
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages

FIRST_WORDS = 48  # characters of a paragraph without number by which it is known
_ID = re.compile(r' id="[^"]*"')
_REFERENCE = 'href="#b-'
_NOTE = re.compile(r"\[\^([^\[\]\s]+)\]:\s*")  # how a note begins
_WHOLE = frozenset({BlockKind.TABLE, BlockKind.CODE})


class ParagraphSentence(Struct, frozen=True):
    """One sentence about a paragraph, for those with a number and for those without."""

    numbered: str
    quoted: str


NAME = ParagraphSentence(labels.NUMBERED_PARAGRAPH, N_("“%(words)s”"))


class ParagraphLabels(Struct, frozen=True, dict=True):
    """The paragraphs of one text, as `messages` speak of them; quotations are in `language` where there is one.

    `paragraphs` is the address under which each paragraph has its own page.
    """

    rows: Sequence[BlockRow]
    language: Language
    messages: Messages
    paragraphs: str

    @cached_property
    def numbers(self) -> Mapping[str, str]:
        return queries.numbers_of(self.rows)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each paragraph stands, by id."""
        return {row.id: place for place, row in enumerate(self.rows)}

    def in_language(self, language: Language) -> "ParagraphLabels":
        """The same paragraphs quoted in `language`; they are numbered once for all."""
        made = replace(self, language=language)
        vars(made).update(numbers=self.numbers, places=self.places)
        return made

    def row(self, block_id: str) -> BlockRow | None:
        place = self.places.get(block_id)
        return None if place is None else self.rows[place]

    def following(self, block_id: str) -> BlockRow | None:
        """The paragraph after this one, if there is one."""
        place = self.places.get(block_id)
        return self.rows[place + 1] if place is not None and place + 1 < len(self.rows) else None

    def document(self) -> Document:
        return queries.document(self.rows, self.language)

    def name(self, block: Block) -> str:
        """What a paragraph is called: "Paragraph 12(a)", or its first words in quotation marks."""
        return self.say(NAME, block)

    def name_of(self, block_id: str) -> str:
        """The same by id; "" for one that the text does not have."""
        row = self.row(block_id)
        return self.name(self._block(row)) if row else ""

    def say(self, saying: ParagraphSentence, block: Block) -> str:
        number = self.numbers.get(block.id)
        if number:
            return self.messages.gettext(saying.numbered, number=printed(number, self.messages.language))
        return self.messages.gettext(saying.quoted, words=first_words(block.text))

    def margin(self, block_id: str) -> str:
        """What stands in the margin beside a paragraph, or nothing."""
        row = self.row(block_id)
        return label(row.original(), self.numbers.get(block_id, ""), self.messages.language) if row else ""

    def html(self, block: Block) -> Markup:
        """The words of a block, without a frame around them."""
        write = block_html if block.kind in _WHOLE and block.text else _inline_html
        return self.talked_about(write(block, language=self.language, numbers=self.numbers))

    def talked_about(self, html: str) -> Markup:
        """What `document_html` wrote, for a page about the text: no ids, references lead to pages of paragraphs."""
        return with_paragraph_links(html, self.paragraphs)

    def _block(self, row: BlockRow) -> Block:
        return row.block(self.language) if self.language in row.texts else row.original()


def _inline_html(block: Block, *, language: Language, numbers: Mapping[str, str]) -> str:
    begins = _NOTE.match(block.text) if block.kind is BlockKind.NOTE else None
    words = inline_html(block.text[begins.end() if begins else 0 :], language=language, numbers=numbers)
    return f"<sup>{escape(begins[1])}</sup> {words}" if begins else words


def with_paragraph_links(html: str, paragraphs: str) -> Markup:
    """What drafts.render.document_html wrote, without ids and with references to the pages below `paragraphs`."""
    html = _ID.sub("", html).replace(_REFERENCE, f'href="{paragraphs}/')
    return Markup(html)  # noqa: S704  (what `drafts.render` made, and addresses that hold no quotation mark)


def first_words(text: str) -> str:
    """The words by which a paragraph without number is known."""
    return labels.first_words(text, FIRST_WORDS)
