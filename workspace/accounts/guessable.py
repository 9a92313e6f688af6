"""Which passwords a guesser tries first.

Lists of leaked passwords of twelve characters and more are, nearly all, a few well-known words and
rows of keys, put together and decorated with digits and signs ("Password2024!", "qwerty123456",
"iloveyouforever"). So what is kept here are those words, and a password is refused when it is made
of nothing but at most three of them: that covers the lists, and what will be on the next ones.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

Objection = Literal["too_common", "too_plain", "about_you"]

_ROWS = (
    "qwertyuiop",
    "asdfghjklñ",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "1234567890",
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "qazwsxedcrfvtgbyhnujm",
    "qweasdzxc",
    "qwaszx",
)
_THIS_PLACE = ("declaration", "declaracion", "workspace", "forum", "foro")
_LEET = str.maketrans("0134578@$!", "oieastbasi")
_MOST_PIECES = 3
_FEWEST_CHARACTERS = 5  # different ones
_NUMBER = 20  # a password of digits alone is a telephone number or a date unless it is this long
_LONGEST_LOOKED_AT = 64
_FREE = re.compile(r"[\W\d_]")


def objection(password: str, *, about: Iterable[str]) -> Objection | None:
    """Why a guesser would have it soon, or None. `about` are names and addresses of the person."""
    if _is_plain(password):
        return "too_plain"
    if len(password) > _LONGEST_LOOKED_AT:
        return None
    if _made_of(password, _rows()):
        return "too_plain"
    known = _rows() | _well_known()
    if _made_of(password, known):
        return "too_common"
    return "about_you" if _made_of(password, known | _words(about) | _words(_THIS_PLACE)) else None


def _is_plain(password: str) -> bool:
    few = len(set(password.casefold())) < _FEWEST_CHARACTERS
    return few or _repeats(password.casefold()) or (len(password) < _NUMBER and not re.search(r"[^\W\d_]", password))


def _repeats(password: str) -> bool:
    """Whether a short beginning said again and again makes the whole."""
    return any(
        (password[:size] * (len(password) // size + 1)).startswith(password)
        for size in range(1, len(password) // 3 + 1)
    )


def _made_of(password: str, pieces: frozenset[str]) -> bool:
    """Whether at most three pieces make the password, with any digits and signs between them or in place of letters."""
    text = _plain(password)
    read = text.translate(_LEET)
    longest = max(map(len, pieces))
    fewest: list[float] = [0]  # pieces that make the first so many characters
    for end in range(1, len(text) + 1):
        starts = range(max(0, end - longest), end)
        reached = [fewest[start] + 1 for start in starts if text[start:end] in pieces or read[start:end] in pieces]
        if _FREE.match(text[end - 1]):
            reached.append(fewest[end - 1])
        fewest.append(min(reached, default=math.inf))
    return fewest[-1] <= _MOST_PIECES


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def _words(texts: Iterable[str]) -> frozenset[str]:
    """The words in names and addresses, and each name run together."""
    plain = [_plain(text) for text in texts]
    apart = [word for text in plain for word in re.split(r"[\W_]+", text)]
    together = [re.sub(r"[\W_]+", "", text) for text in plain]
    return frozenset(word for word in (*apart, *together) if len(word) > 2)  # noqa: PLR2004  (three letters make a word)


@cache
def _rows() -> frozenset[str]:
    """Every run of three or more keys that lie in a row, in both directions."""
    both = [*_ROWS, *(row[::-1] for row in _ROWS)]
    return frozenset(
        row[start:end] for row in both for start in range(len(row)) for end in range(start + 3, len(row) + 1)
    )


@cache
def _well_known() -> frozenset[str]:
    text = Path(__file__).with_name("well_known_passwords.txt").read_text(encoding="utf-8")
    return frozenset(_plain(word) for line in text.splitlines() if not line.startswith("#") for word in line.split())
