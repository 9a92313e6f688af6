"""Tokens: 256 random bits for whoever holds them, and only their hash for the database.

A hash without salt is enough here: nobody can guess 256 bits. Tokens of programs say what they
are (`dw_`) and carry a checksum, so that one that leaked can be recognised wherever it is found.
"""

import base64
import hashlib
import hmac
import secrets
import zlib

PROGRAM = "dw_"
_BYTES = 32
_SHOWN = 6  # characters of a program's token that its owner sees in the list, after "dw_"
_CHECKSUM = 6


def new_token() -> str:
    """A token that can stand in an address."""
    return secrets.token_urlsafe(_BYTES)


def hashed(token: str) -> str:
    """What the database holds in place of `token`."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def bound_to(token: str, purpose: str) -> bytes:
    """A key that only whoever holds `token` can have, for one purpose; the database cannot give it away."""
    return hmac.digest(token.encode("utf-8", "surrogatepass"), purpose.encode(), "sha256")


def new_program_token() -> str:
    random = base64.b32encode(secrets.token_bytes(_BYTES)).decode().rstrip("=").lower()
    return PROGRAM + random + _checksum(random)


def is_program_token(token: str) -> bool:
    """Whether this was ever a token of a program here: begins right, and its checksum is right."""
    random = token[len(PROGRAM) : -_CHECKSUM]
    return token.startswith(PROGRAM) and token.isascii() and token[-_CHECKSUM:] == _checksum(random)


def shown(token: str) -> str:
    """The beginning of a program's token, by which its owner knows it again."""
    return token[: len(PROGRAM) + _SHOWN]


def _checksum(random: str) -> str:
    return base64.b32encode(zlib.crc32(random.encode()).to_bytes(4)).decode()[:_CHECKSUM].lower()
