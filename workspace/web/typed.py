"""What somebody typed into a form that could not be taken: shown to them again, so that it is nowhere lost.

Browsers mostly bring a form back as it was; over a secure connection, for a page that no cache may keep, not all do.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.utils.scope.state import ScopeState

SHORTEST = 25  # characters; what is shorter is typed again sooner than copied
LARGEST = 2_000_000
_NOT_SHOWN = ("csrf", "password", "code", "token", "secret", "quote", "next", "to")


def typed(request: Request[Any, Any, Any]) -> Sequence[str]:
    """The longer words in the form that this request sent, in their order; no passwords, and nothing of its own."""
    body = ScopeState.from_scope(request.scope).body
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "POST" or kind != "application/x-www-form-urlencoded" or not isinstance(body, bytes):
        return ()
    if len(body) > LARGEST:
        return ()
    fields = parse_qsl(body.decode("utf-8", "replace"), errors="replace")
    return [words for name, words in fields if len(words) >= SHORTEST and not name.lower().startswith(_NOT_SHOWN)]
