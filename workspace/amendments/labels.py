"""How pages speak of the paragraphs of one text, and show them."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from markupsafe import Markup, escape
from msgspec import Struct
from msgspec.structs import replace

from drafts.render.document_html import block_html
from drafts.render.inline_html import inline_html
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.numbering import label
from workspace.declarations import labels
from workspace.declarations.domain import queries
from workspace.declarations.domain.queries import BlockRow
from workspace.web.i18n.messages import Messages

_ID = re.compile(r' id="[^"]*"')
_REFERENCE = 'href="#b-'
_NOTE = re.compile(r"\[\^([^\[\]\s]+)\]:\s*")  # how a note begins
_WHOLE = frozenset({BlockKind.TABLE, BlockKind.CODE})


class ParagraphLabels(Struct, frozen=True, dict=True):
    """The paragraphs of one text, as `messages` speak of them, and their words in `language` where they have some.

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
    def counts(self) -> Mapping[str, int]:
        return queries.counts_of(self.rows)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each paragraph stands, by id."""
        return {row.id: place for place, row in enumerate(self.rows)}

    def in_language(self, language: Language) -> "ParagraphLabels":
        """The same paragraphs with their words in `language`."""
        return self._like(replace(self, language=language))

    def spoken(self, messages: Messages) -> "ParagraphLabels":
        """The same paragraphs as `messages` speak of them."""
        return self._like(replace(self, messages=messages))

    def _like(self, made: "ParagraphLabels") -> "ParagraphLabels":
        """They are numbered once for all."""
        vars(made).update(numbers=self.numbers, counts=self.counts, places=self.places)
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

    def name_of(self, block_id: str) -> str:
        """What a paragraph is called; "" for one that the text does not have."""
        row = self.row(block_id)
        if row is None:
            return ""
        return labels.paragraph_name(row.kind, self.numbers.get(row.id, ""), self.counts[row.id], self.messages)

    def say(self, sentence: str, block_id: str) -> str:
        """A sentence about a paragraph, also about one that the text has no longer."""
        name = self.name_of(block_id) or labels.paragraph_name(BlockKind.PARAGRAPH, "", 0, self.messages)
        return self.messages.gettext(sentence, paragraph=name)

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


def _inline_html(block: Block, *, language: Language, numbers: Mapping[str, str]) -> str:
    begins = _NOTE.match(block.text) if block.kind is BlockKind.NOTE else None
    words = inline_html(block.text[begins.end() if begins else 0 :], language=language, numbers=numbers)
    return f"<sup>{escape(begins[1])}</sup> {words}" if begins else words


def with_paragraph_links(html: str, paragraphs: str) -> Markup:
    """What drafts.render.document_html wrote, without ids and with references to the pages below `paragraphs`."""
    html = _ID.sub("", html).replace(_REFERENCE, f'href="{paragraphs}/')
    return Markup(html)  # noqa: S704  (what `drafts.render` made, and addresses that hold no quotation mark)
