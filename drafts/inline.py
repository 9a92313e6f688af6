"""The text of one block as safe HTML, and what a screen reader says around it, in the language of the text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from types import MappingProxyType

from markdown_it.token import Token
from msgspec import Struct

from drafts import dialect
from drafts.blocks import Language
from drafts.numbering import printed

NO_NUMBERS: Mapping[str, str] = MappingProxyType({})
_SCHEMES = ("http://", "https://", "mailto:")
_REFERENCE = "#b-"
_MARKS = {"strong_open": "<strong>", "strong_close": "</strong>", "em_open": "<em>", "em_close": "</em>"}
_MAY_MEAN_MORE = re.compile(r"[\\`*_\[\]!<&\n\x00]")  # without one of these, the parser leaves a text as it is


class Words(Struct, frozen=True):
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


WORDS = {
    Language.ES: Words(
        insertion=("insertado: ", " fin de lo insertado"),
        deletion=("suprimido: ", " fin de lo suprimido"),
        moved=("trasladado: ", " fin de lo trasladado"),
        moved_from="desde aquí se trasladó: ",
        to_new_place="ver adónde se trasladó",
        to_old_place="ver de dónde viene",
        split="aquí se divide",
        joined="aquí se une",
        form="cambia la forma del párrafo",
        note="nota ",
        dangling="referencia a un párrafo sin número",
    ),
    Language.EN: Words(
        insertion=("inserted: ", " end of insertion"),
        deletion=("deleted: ", " end of deletion"),
        moved=("moved: ", " end of moved text"),
        moved_from="moved from here: ",
        to_new_place="see where it went",
        to_old_place="see where it came from",
        split="split here",
        joined="joined here",
        form="the form of the paragraph changes",
        note="note ",
        dangling="reference to a paragraph without number",
    ),
    Language.FR: Words(
        insertion=("inséré\u00a0: ", " fin de l’insertion"),
        deletion=("supprimé\u00a0: ", " fin de la suppression"),
        moved=("déplacé\u00a0: ", " fin du déplacement"),
        moved_from="déplacé d’ici\u00a0: ",
        to_new_place="voir où il a été placé",
        to_old_place="voir d’où il vient",
        split="scindé ici",
        joined="réuni ici",
        form="la forme du paragraphe change",
        note="note ",
        dangling="renvoi à un paragraphe sans numéro",
    ),
}


def inline_html(text: str, *, language: Language, numbers: Mapping[str, str] = NO_NUMBERS, anchor: str = "") -> str:
    """The text of a block as safe HTML; a reference to a block is printed as its number.

    A link to any other kind of address keeps its words and loses its address. A
    reference to a block without number is shown as a question mark and announced.
    """
    if not _MAY_MEAN_MORE.search(text):
        return escape(text)  # most texts, and a hundred times faster
    return _Inline(language, numbers, anchor).html(dialect.inline(text))


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
