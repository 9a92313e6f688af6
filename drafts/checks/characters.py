"""Characters that nobody sees, and letters composed of two."""

import re
import unicodedata

from drafts.checks.values import Found, Pair
from drafts.patterns import expression

_INVISIBLE = expression(
    "[\u200b\u200c\u200e\u200f\u2060-\u2064\ufeff\u00ad\u202a-\u202e\u2066-\u2069\u180e\u034f\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
    "|(?<![\ufe0f\U0001f000-\U0001faff\u2600-\u27bf])\u200d|\u200d(?![\U0001f000-\U0001faff\u2600-\u27bf])"
)


def invisible_char(pair: Pair) -> Found | None:
    """Zero-width spaces, soft hyphens, byte order marks, marks of direction."""
    text = pair.target.text
    if text.isascii() and text.isprintable():
        return None
    found = list(_INVISIBLE.finditer(text))
    if not found:
        return None
    names = tuple(f"U+{ord(one[0]):04X}" for one in found)
    return Found((), names, tuple(one.span() for one in found), _INVISIBLE.sub("", text))


def not_nfc(pair: Pair) -> Found | None:
    """Letters and accents that should be one character."""
    text = pair.target.raw
    if unicodedata.is_normalized("NFC", text):
        return None
    composed = unicodedata.normalize("NFC", text)
    wrong = tuple(word for word in re.findall(r"\S+", text) if not unicodedata.is_normalized("NFC", word))
    return Found((), wrong[:5], (), composed)
