"""Passwords: hashed with Argon2id, and refused when they are the first that a guesser would try.

A hash costs 64 MiB and a tenth of a second. So at most two are made at once, never inside a unit
of work, and one is made for an unknown address too, which then cannot be told from a known one.
"""

import base64
import os
import threading
import unicodedata

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from workspace.accounts.guessable import objection
from workspace.core.errors import Invalid, TooBusy

SHORTEST, LONGEST = 12, 1024
AT_ONCE = 2
PATIENCE = 10  # seconds that a request waits for its turn

_HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)
_TURNS = threading.BoundedSemaphore(AT_ONCE)


def ensure_good(password: str, *, about: tuple[str, ...]) -> None:
    """Raise `Invalid` for a password that is too short or long, well known, a pattern, or made of what is in `about`.

    There are no other rules: no digits or signs are asked for.
    """
    length = len(_normal(password)) if len(password) <= LONGEST else len(password)
    if length < SHORTEST:
        raise Invalid(field="password", reason="too_short", least=SHORTEST)
    if length > LONGEST:
        raise Invalid(field="password", reason="too_long", most=LONGEST)
    if reason := objection(_normal(password), about=about):
        raise Invalid(field="password", reason=reason)


def hash_of(password: str) -> str:
    """The encoded Argon2id hash. Raises `TooBusy`."""
    with _Turn():
        return _HASHER.hash(_bytes(password))


def matches(encoded: str | None, password: str) -> bool:
    """Whether `password` is the one of this hash. Without a hash, False after the same time. Raises `TooBusy`."""
    with _Turn():
        try:
            _HASHER.verify(encoded or _NOBODYS, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
    return encoded is not None and len(password) <= LONGEST


def is_outdated(encoded: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(encoded)


class _Turn:
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


def _nobodys() -> str:
    """A hash with today's costs that no password has, because it was never computed from one."""
    salt, digest = (base64.b64encode(os.urandom(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m=65536,t=3,p=1${salt}${digest}"


_NOBODYS = _nobodys()
