"""Text in which each quotation and each named place is one sign, so that rules see sentences and not their contents.

Signs come from the private use area; a text's own characters from there are taken out first.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field, json

from drafts.base.lazy_regex import lazy_regex

FIRST_QUOTE, FIRST_PLACE, AFTER_PLACES = 0xE000, 0xE800, 0xF000
QUOTE = f"[{chr(FIRST_QUOTE)}-{chr(FIRST_PLACE - 1)}]"
PLACE = f"[{chr(FIRST_PLACE)}-{chr(AFTER_PLACES - 1)}]"
ANY = f"[{chr(FIRST_QUOTE)}-{chr(AFTER_PLACES - 1)}]"
MOST = FIRST_PLACE - FIRST_QUOTE
_MOST_FOLDS = 5_000  # signs that are remembered
_PRIVATE = lazy_regex("[\ue000-\uf8ff]")
_SAME = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00a0": " ", "\u202f": " ", "\u2011": "-", "\t": " "})


_WRITTEN: Mapping[str, Mapping[str, Sequence[str]]] = json.decode(
    Path(__file__).with_name("expressions.json").read_bytes()
)


def expressions(table: str, **parts: str) -> Mapping[str, str]:
    """The expressions of one table of `expressions.json` by name, without accents, in three languages.

    `parts` stand where their names do in braces.
    """
    found = {name: "|".join(alternatives) for name, alternatives in _WRITTEN[table].items()}
    for part, said in parts.items():
        found = {name: words.replace(f"{{{part}}}", said) for name, words in found.items()}
    return found


class MailPlace(Struct, frozen=True):
    """A paragraph as a mail names it: "12 bis", items `("b",)` of it; `part` may be "preamble" or "title"."""

    number: str = ""
    items: tuple[str, ...] = ()
    part: str = ""


class MaskedText(Struct):
    """A text with signs, and what each of them stands for."""

    text: str
    quotes: list[str] = field(default_factory=list)
    places: list[tuple[MailPlace, ...]] = field(default_factory=list)
    _written: dict[str, str] = field(default_factory=dict)

    def sign_of_quote(self, words: str, written: str) -> str:
        """A sign for a quotation; the words themselves once there are too many of them."""
        if len(self.quotes) >= MOST:
            return written
        self.quotes.append(words)
        return self._sign(FIRST_QUOTE + len(self.quotes) - 1, written)

    def sign_of_places(self, places: tuple[MailPlace, ...], written: str) -> str:
        """A sign for one place or several that are named together."""
        if len(self.places) >= MOST:
            return written
        self.places.append(places)
        return self._sign(FIRST_PLACE + len(self.places) - 1, written)

    def quote(self, sign: str) -> str:
        return self.quotes[ord(sign) - FIRST_QUOTE]

    def named(self, sign: str) -> tuple[MailPlace, ...]:
        return self.places[ord(sign) - FIRST_PLACE]

    def written(self, text: str) -> str:
        """A part of the text as its author wrote it."""
        return re.sub(ANY, lambda sign: self._written[sign[0]], text)

    def _sign(self, code: int, written: str) -> str:
        self._written[chr(code)] = self.written(written)
        return chr(code)


def fold_characters(text: str) -> str:
    """The text in small letters without accents, character for character: what rules compare."""
    return text.translate(_FOLDS)


class _FoldTable(dict[int, str]):
    """Each sign without its case and accent, found out when it first comes."""

    def __missing__(self, code: int) -> str:
        sign = chr(code).translate(_SAME)
        base = unicodedata.normalize("NFD", sign)[0].lower()
        found = base if len(base) == 1 else sign
        if len(self) < _MOST_FOLDS:
            self[code] = found
        return found


_FOLDS = _FoldTable()
_PAIRS: Mapping[str, str] = {"«": "»", "“": "”", "„": "“”", "”": "”", "‘": "’", "‹": "›", "‚": "‘’", '"': '"', "'": "'"}
_SINGLE = frozenset("‘'‹‚")
_LONGEST = 20_000


def mask_quotations(text: str) -> MaskedText:
    """Put a sign in the place of each quotation that is opened and closed."""
    made = MaskedText("")
    out: list[str] = []
    at = 0
    text = _even(_PRIVATE.sub("", text))
    last = {sign: max(map(text.rfind, closing)) for sign, closing in _PAIRS.items()}
    while at < len(text):
        end = _end_of_quotation(text, at) if last.get(text[at], -1) > at else None
        if end is None:
            out.append(text[at])
            at += 1
            continue
        words = text[at + 1 : end].strip(" \u00a0\u202f\n")
        out.append(made.sign_of_quote(words, text[at : end + 1]))
        at = end + 1
    made.text = "".join(out)
    return made


def _even(text: str) -> str:
    """Quotation marks that were typed as two signs, as one."""
    return text.replace("``", "“").replace("''", "”").replace("<<", "«").replace(">>", "»").replace(",,", "„")


def _end_of_quotation(text: str, at: int) -> int | None:
    """Where the quotation ends that begins at `at`; None where none does."""
    if not _opens(text, at):
        return None
    sign = text[at]
    closing, depth = _PAIRS[sign], 0
    for place in range(at + 1, min(len(text), at + _LONGEST)):
        found = text[place]
        if text.startswith("\n\n", place) and sign not in "«“":
            return None
        is_last = not text[place + 1 : place + 2].isalnum() and not text[place - 1].isspace()
        if found in closing and (sign not in _SINGLE or is_last):
            if depth == 0:
                return place if place > at + 1 else None
            depth -= 1
        elif found == sign and sign not in "\"'”":
            depth += 1
    return None


def _opens(text: str, at: int) -> bool:
    before, after = text[at - 1 : at] or " ", text[at + 1 : at + 2] or " "
    if text[at] == "”":
        return before.isspace() and after.isalnum()
    return not before.isalnum() and (not after.isspace() or text[at] in "«“" or after in "\u00a0\u202f")
