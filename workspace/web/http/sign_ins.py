"""Who asks, as the request itself says it: the cookie of a browser that signed in, or the token of a program.

What a token is worth is known to the accounts, which stand above: the application hands their question over.
"""

from typing import Any, Protocol

from litestar import Request
from litestar.connection import ASGIConnection

from workspace.core.actor import Actor, SignedInPerson
from workspace.core.errors import WorkspaceError
from workspace.core.storage.db import Db, Store

_SCHEME = "bearer"
_LONGEST = 200  # more than any token of ours; a longer one is not looked up


class UnknownToken(WorkspaceError):
    """A program has shown a token that is not one, or is no longer. `scheme` is how it has to be shown."""

    code = "web.unknown_token"
    scheme = "Bearer"


class ReadOnlyToken(WorkspaceError):
    """A program has tried to change something with a token that may only read."""

    code = "web.read_only_token"


class SignInNeeded(WorkspaceError):
    """The page is about the reader's own account, and nobody has signed in."""

    code = "web.sign_in_needed"


def require_somebody(actor: Actor) -> Actor:
    """Whoever has signed in; raises `SignInNeeded`, which leads to the page for it and back."""
    if actor.person_id is None:
        raise SignInNeeded
    return actor


class RecogniseToken(Protocol):
    """Looks a token up, in the reading unit that has `begun` if there is one."""

    def __call__(self, store: Store, token: str, *, begun: Db | None = None) -> SignedInPerson | None: ...


def cookie_name(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    return "__Host-sign-in" if connection.url.scheme == "https" else "sign-in"


def cookie_token(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The token that the browser's cookie holds, or ""."""
    token = connection.cookies.get(cookie_name(connection), "")
    return token if len(token) <= _LONGEST else ""


def program_token(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    """The token after `Authorization: Bearer`, None without that header; "" for any other scheme."""
    header = connection.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.strip().partition(" ")
    return token.strip() if scheme.lower() == _SCHEME and len(token) <= _LONGEST else ""


def recognised(
    store: Store, recognise: RecogniseToken, request: Request[Any, Any, Any], *, is_api: bool, begun: Db | None = None
) -> SignedInPerson | None:
    """Who asks; raises `UnknownToken` for a program whose token is not known. A program's token opens the API only."""
    token = program_token(request) if is_api else None
    if token is not None:
        found = recognise(store, token, begun=begun) if token else None
        if found is None or not found.is_program:
            raise UnknownToken
        return found
    held = cookie_token(request)
    found = recognise(store, held, begun=begun) if held else None
    return None if found is None or found.is_program else found
