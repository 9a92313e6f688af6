"""Text in which each quotation and each named place is one sign, so that rules see sentences and not their contents.

Signs come from the private use area; a text's own characters from there are taken out first.
"""

import re
import unicodedata
from collections.abc import Mapping

from msgspec import Struct, field

from drafts.patterns import expression

FIRST_QUOTE, FIRST_PLACE, AFTER_PLACES = 0xE000, 0xE800, 0xF000
QUOTE = f"[{chr(FIRST_QUOTE)}-{chr(FIRST_PLACE - 1)}]"
PLACE = f"[{chr(FIRST_PLACE)}-{chr(AFTER_PLACES - 1)}]"
ANY = f"[{chr(FIRST_QUOTE)}-{chr(AFTER_PLACES - 1)}]"
VERB = chr(AFTER_PLACES)  # stands before each word that asks for something, so that no sentence reads past one
MOST = FIRST_PLACE - FIRST_QUOTE
_MOST_FOLDS = 5_000  # signs that are remembered
_PRIVATE = expression("[\ue000-\uf8ff]")
_SAME = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00a0": " ", "\u202f": " ", "\u2011": "-", "\t": " "})


class Quote(Struct, frozen=True):
    """Words that were quoted, without their quotation marks; or, with `sentence`, the nth sentence of a paragraph.

    `sentence` counts from 1, and -1 is the last; 0 is a quotation.
    """

    text: str
    sentence: int = 0


class Masked(Struct):
    """A text with signs, and what each of them stands for."""

    text: str
    quotes: list[Quote] = field(default_factory=list)
    places: list["tuple[Place, ...]"] = field(default_factory=list)
    _written: dict[str, str] = field(default_factory=dict)

    def sign_of_quote(self, quote: Quote, written: str) -> str:
        """A sign for a quotation; the words themselves once there are too many of them."""
        if len(self.quotes) >= MOST:
            return written
        self.quotes.append(quote)
        return self._sign(FIRST_QUOTE + len(self.quotes) - 1, written)

    def sign_of_places(self, places: "tuple[Place, ...]", written: str) -> str:
        """A sign for one place or several that are named together."""
        if len(self.places) >= MOST:
            return written
        self.places.append(places)
        return self._sign(FIRST_PLACE + len(self.places) - 1, written)

    def quote(self, sign: str) -> Quote:
        return self.quotes[ord(sign) - FIRST_QUOTE]

    def named(self, sign: str) -> "tuple[Place, ...]":
        return self.places[ord(sign) - FIRST_PLACE]

    def written(self, text: str) -> str:
        """A part of the text as its author wrote it."""
        for _ in range(2):  # a place may stand inside a quotation's surroundings, never deeper
            text = re.sub(ANY, lambda sign: self._written[sign[0]], text)
        return text.replace(VERB, "")

    def _sign(self, code: int, written: str) -> str:
        self._written[chr(code)] = written
        return chr(code)


class Place(Struct, frozen=True):
    """A paragraph as a mail names it: "12 bis", items `("b",)` of it, or by `part`.

    `part` is "" for a numbered paragraph, "preamble", "title", "last", "item" (an item of the paragraph named
    before). A weak one is a number at the start of a line, which may only count the mail's own points.
    """

    number: str = ""
    items: tuple[str, ...] = ()
    part: str = ""
    is_weak: bool = False


def folded(text: str) -> str:
    """The text in small letters without accents, character for character: what rules compare."""
    return text.translate(_FOLDS)


class _Folds(dict[int, str]):
    """Each sign without its case and accent, found out when it first comes."""

    def __missing__(self, code: int) -> str:
        sign = chr(code).translate(_SAME)
        base = unicodedata.normalize("NFD", sign)[0].lower()
        found = base if len(base) == 1 else sign
        if len(self) < _MOST_FOLDS:
            self[code] = found
        return found


_FOLDS = _Folds()


def without_signs(text: str) -> str:
    """The text without what could be taken for a sign."""
    return _PRIVATE.sub("", text)


PAIRS: Mapping[str, str] = {
    "«": "»",
    "“": "”",
    "„": "“”",
    "‘": "’",
    "‹": "›",
    "»": "«",
    "”": "”",
    "‟": "”",
    '"': '"',
    "'": "'",
    "`": "`'",
    "‚": "‘’",
    "*": "*",
}
_SINGLE = frozenset("‘'`‚‹*")
_LONGEST = 20_000


def masked(text: str) -> Masked:
    """Put a sign in the place of each quotation."""
    made = Masked("")
    out: list[str] = []
    at = 0
    text = _even(without_signs(text))
    while at < len(text):
        end = _end_of_quotation(text, at)
        if end is None:
            out.append(text[at])
            at += 1
            continue
        words = text[at + 1 : end].strip(" \u00a0\u202f\n")
        out.append(made.sign_of_quote(Quote(words), text[at : end + 1]))
        at = end + 1
    made.text = "".join(out)
    return made


def _even(text: str) -> str:
    """Quotation marks that were typed as two signs, as one."""
    return text.replace("``", "“").replace("''", "”").replace("<<", "«").replace(">>", "»").replace(",,", "„")


def _end_of_quotation(text: str, at: int) -> int | None:
    """Where the quotation ends that begins at `at`; None where none does."""
    sign = text[at]
    if sign not in PAIRS or not _opens(text, at):
        return None
    closing, depth = PAIRS[sign], 0
    limit = min(len(text), at + _LONGEST)
    for place in range(at + 1, limit):
        one = text[place]
        if one == "\n" and text[place : place + 2] == "\n\n" and sign not in "«“":
            break
        if one in closing and (sign not in _SINGLE or _closes(text, place)):
            if depth == 0:
                return place if place > at + 1 else None
            depth -= 1
        elif one == sign and sign not in "\"'`”":
            depth += 1
    return _unclosed(text, at)


def _unclosed(text: str, at: int) -> int | None:
    """A quotation that nobody closed ends with its paragraph, where it follows a colon."""
    if text[at] in _SINGLE or text[max(at - 100, 0) : at].rstrip()[-1:] != ":":
        return None
    end = text.find("\n\n", at)
    end = len(text) if end < 0 else end
    return end if end > at + 1 else None


def _opens(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    is_free = not before.isalnum()
    if text[at] in "»”":
        return is_free and after.isalnum() and before.isspace()
    return is_free and (not after.isspace() or text[at] in "«“" or after in "\u00a0\u202f")


def _closes(text: str, at: int) -> bool:
    after = text[at + 1] if at + 1 < len(text) else " "
    return not after.isalnum() and not text[at - 1].isspace()
