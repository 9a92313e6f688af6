"""The token that every form of ours carries, so that another site cannot send one in the reader's name."""

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import Any

from litestar import Request

from workspace.web.sign_ins import cookie_token

FORM_FIELD = "csrf"
FORM_HEADER = "X-CSRF-Token"
_AT_LEAST = 32  # characters: fewer than any token has that is given here


def form_cookie(request: Request[Any, Any, Any]) -> str:
    return "__Host-form" if request.url.scheme == "https" else "form"


def form_token(request: Request[Any, Any, Any]) -> str:
    """The token of this reader's forms: made from the sign-in, and ending with it; before, that of the browser."""
    signed_in = cookie_token(request)
    if not signed_in:
        return browser_token(request)
    digest = hmac.digest(signed_in.encode(), b"forms", hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def browser_token(request: Request[Any, Any, Any]) -> str:
    """What the browser's own cookie holds, or a new token for its cookie."""
    held = request.cookies.get(form_cookie(request), "")
    return held if len(held) >= _AT_LEAST else secrets.token_urlsafe(_AT_LEAST)


def is_token(request: Request[Any, Any, Any], given: str) -> bool:
    """Whether a form carries the token of this reader, as a page was given it. Without a cookie there is none."""
    expected = form_token(request) if cookie_token(request) else request.cookies.get(form_cookie(request), "")
    return bool(expected) and hmac.compare_digest(expected.encode(), unmasked(given))


def masked(token: str) -> str:
    """The token as one answer holds it; no two are alike.

    A proxy compresses a page together with words that somebody else may choose: from the length of many answers the
    token could be guessed, if it were the same in all of them (BREACH).
    """
    held = token.encode()
    pad = secrets.token_bytes(len(held))
    return base64.urlsafe_b64encode(pad + _xor(pad, held)).decode()


def unmasked(given: str) -> bytes:
    """What `masked` was given; nothing, where this is not such a token."""
    try:
        both = base64.urlsafe_b64decode(given.encode())
    except (binascii.Error, UnicodeError):
        return b""
    middle = len(both) // 2
    return _xor(both[:middle], both[middle:]) if len(both) % 2 == 0 else b""


def _xor(these: bytes, those: bytes) -> bytes:
    return bytes(first ^ second for first, second in zip(these, those, strict=True))
