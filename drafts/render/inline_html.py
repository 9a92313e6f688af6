"""The text of one block as safe HTML, and what a screen reader says around it, in the language of the text."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import NewType

from markdown_it.token import Token
from msgspec import Struct

from drafts.diff.word_diff import word_diff
from drafts.render.wording import wording
from drafts.text import markdown_parser
from drafts.text.blocks import Language
from drafts.text.numbering import printed
from drafts.text.tokens import PARAGRAPH_START

NO_NUMBERS: Mapping[str, str] = MappingProxyType({})
_SCHEMES = ("http://", "https://", "mailto:")
_REFERENCE = "#b-"
_MARKS = {"strong_open": "<strong>", "strong_close": "</strong>", "em_open": "<em>", "em_close": "</em>"}


SafeHtml = NewType("SafeHtml", str)  # every word in it is escaped


class ScreenReaderWords(Struct, frozen=True):
    """What a screen reader says around a change, in the language of the text."""

    insertion: tuple[str, str]
    deletion: tuple[str, str]
    moved: tuple[str, str]
    moved_from: str
    to_new_place: str
    to_old_place: str
    split: str
    joined: str
    form: str
    note: str
    dangling: str


WORDS = wording("screen_reader", ScreenReaderWords)


def inline_html(
    text: str, *, language: Language, numbers: Mapping[str, str] = NO_NUMBERS, anchor: str = ""
) -> SafeHtml:
    """The text of a block as safe HTML; a reference to a block is printed as its number.

    A link to any other kind of address keeps its words and loses its address. A
    reference to a block without number is shown as a question mark and announced.
    """
    return SafeHtml(_Inline(language, numbers, anchor).html(markdown_parser.inline(text)))


def hidden(words: str) -> str:
    return f'<span class="vh">{words}</span>'


class _Inline(Struct, frozen=True):
    """Writes the inline tokens of one text."""

    language: Language
    numbers: Mapping[str, str]
    anchor: str

    def html(self, tokens: Sequence[Token]) -> str:
        return "".join(self._pieces(tokens))

    def _pieces(self, tokens: Sequence[Token]) -> Iterator[str]:
        closings: list[str] = []
        for index, token in enumerate(tokens):
            if token.type == "link_open":
                opening, closing = self._link(str(token.attrs.get("href", "")), is_empty=_is_empty(tokens, index))
                closings.append(closing)
                yield opening
            elif token.type == "link_close":
                yield closings.pop()
            elif token.type == "image" and closings:
                yield escape(token.content)
            else:
                yield self._piece(token)

    def _piece(self, token: Token) -> str:
        match token.type:
            case "text" | "text_special":
                return escape(token.content)
            case "code_inline":
                return f"<code>{escape(token.content)}</code>"
            case "hardbreak" | "softbreak":
                return "<br>" if token.type == "hardbreak" else " "
            case "footnote_ref":
                return self._note(str(token.meta["label"]))
            case "image":
                opening, closing = self._link(str(token.attrs.get("src", "")), is_empty=False)
                return f"{opening}{escape(token.content)}{closing}"
            case _:
                return _MARKS.get(token.type, "")

    def _note(self, note: str) -> str:
        target = escape(f"#{self.anchor}note-{note}")
        spoken = hidden(WORDS[self.language].note)
        return f'<sup class="note-ref"><a href="{target}" role="doc-noteref">{spoken}{escape(note)}</a></sup>'

    def _link(self, address: str, *, is_empty: bool) -> tuple[str, str]:
        """What stands before and after the words of a link."""
        if address.startswith(_REFERENCE):
            return self._reference(address.removeprefix(_REFERENCE), is_empty=is_empty)
        if address.lower().startswith(_SCHEMES):
            return f'<a href="{escape(address)}">', ("" if not is_empty else escape(address)) + "</a>"
        return "", ""

    def _reference(self, block_id: str, *, is_empty: bool) -> tuple[str, str]:
        opening = f'<a href="#{escape(self.anchor)}b-{escape(block_id)}">'
        if not is_empty:
            return opening, "</a>"
        number = self.numbers.get(block_id)
        if number is None:
            return f'<span class="dangling">?{hidden(WORDS[self.language].dangling)}</span>', ""
        return opening, f"{escape(printed(number, self.language))}</a>"


def _is_empty(tokens: Sequence[Token], index: int) -> bool:
    return index + 1 < len(tokens) and tokens[index + 1].type == "link_close"


def marked_columns(old: str, new: str, language: Language) -> tuple[str, str]:
    """Both as safe HTML. A paragraph that is new, gone, split or joined is nothing but its words."""
    if not (old and new) or PARAGRAPH_START in old or PARAGRAPH_START in new:
        return escape(old), escape(new)
    hunks = word_diff(old, new)
    gone = [(hunk.start.offset, hunk.end.offset) for hunk in hunks]
    come = [(hunk.new_start.offset, hunk.new_end.offset) for hunk in hunks]
    words = WORDS[language]
    left = "".join(_pieces(old, gone, "del", words.deletion))
    right = "".join(_pieces(new, come, "ins", words.insertion))
    return left, right


def _pieces(text: str, spans: Sequence[tuple[int, int]], tag: str, said: tuple[str, str]) -> Iterator[str]:
    at = 0
    for start, end in spans:
        yield escape(text[at:start])
        if text[start:end].strip():
            yield f"<{tag}>{hidden(said[0])}{escape(text[start:end])}{hidden(said[1])}</{tag}>"
        else:
            yield escape(text[start:end])
        at = end
    yield escape(text[at:])
