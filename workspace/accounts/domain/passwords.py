"""Passwords: hashed with Argon2id, and refused when they are among the first that a guesser would try."""

import base64
import math
import os
import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from drafts.base.words import without_accents
from workspace.core.errors import Invalid, TooBusy

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


def password_objection(password: str, *, about: Iterable[str]) -> Objection | None:
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
    text = without_accents(password)
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


def _words(texts: Iterable[str]) -> frozenset[str]:
    """The words in names and addresses, and each name run together."""
    plain = [without_accents(text) for text in texts]
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
    return frozenset(
        without_accents(word) for line in text.splitlines() if not line.startswith("#") for word in line.split()
    )


SHORTEST, LONGEST = 12, 1024
AT_ONCE = 2
PATIENCE = 10  # seconds that a request waits for its turn

_HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)
_TURNS = threading.BoundedSemaphore(AT_ONCE)


def ensure_good_password(password: str, *, about: tuple[str, ...]) -> None:
    """Raise `Invalid` for a password that is too short or long, well known, a pattern, or made of what is in `about`.

    There are no other rules: no digits or signs are asked for.
    """
    length = len(_normal(password)) if len(password) <= LONGEST else len(password)
    if length < SHORTEST:
        raise Invalid(field="password", reason="too_short", least=SHORTEST)
    if length > LONGEST:
        raise Invalid(field="password", reason="too_long", most=LONGEST)
    if reason := password_objection(_normal(password), about=about):
        raise Invalid(field="password", reason=reason)


def hash_password(password: str) -> str:
    """The encoded Argon2id hash. Raises `TooBusy`."""
    with _HashingSlot():
        return _HASHER.hash(_bytes(password))


def verify_password(encoded: str | None, password: str) -> bool:
    """Whether `password` is the one of this hash. Without a hash, False after the same time. Raises `TooBusy`."""
    with _HashingSlot():
        try:
            _HASHER.verify(encoded or _NOBODYS, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
    return encoded is not None and len(password) <= LONGEST


def is_outdated_hash(encoded: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(encoded)


class _HashingSlot:
    """One of the few hashings that may run at the same time."""

    def __enter__(self) -> None:
        if not _TURNS.acquire(timeout=PATIENCE):
            raise TooBusy

    def __exit__(self, *_: object) -> None:
        _TURNS.release()


def _normal(password: str) -> str:
    """As it is compared: the same characters typed on another keyboard or system are the same password."""
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _normal(password[:LONGEST]).encode("utf-8", "surrogatepass")


def _dummy_hash() -> str:
    """A hash with today's costs that no password has, because it was never computed from one."""
    salt, digest = (base64.b64encode(os.urandom(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m=65536,t=3,p=1${salt}${digest}"


_NOBODYS = _dummy_hash()
