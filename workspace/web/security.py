"""What every request must pass and every answer carries: host, origin, form token, headers, cookies."""

import hmac
import secrets
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.datastructures import FormMultiDict, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.exceptions import ClientException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from workspace.core.errors import NotFound, WorkspaceError
from workspace.web import i18n
from workspace.web.services import is_api

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
FORM_FIELD = "csrf"
FORM_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class WrongHost(WorkspaceError):
    """The address in the browser is not one this server answers to (DNS rebinding)."""

    code = "web.wrong_host"


class CrossSite(WorkspaceError):
    """A form or a program on another site tried to act here in the reader's name."""

    code = "web.cross_site"


class StaleForm(WorkspaceError):
    """A form without the token of this browser: its cookie is gone, or the form came from elsewhere."""

    code = "web.stale_form"


async def add_headers(message: Message, scope: Scope) -> None:
    """Put the fixed headers on every answer; one that a handler chose for itself stays."""
    if message["type"] == "http.response.start" and scope["type"] == ScopeType.HTTP:
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)


class Doorkeeper(ASGIMiddleware):
    """Refuses wrong hosts, and acts of other sites. `hosts` are the names this server answers to; None is any."""

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET)

    def __init__(self, hosts: Collection[str] | None) -> None:
        self.hosts = hosts

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        if self.hosts is not None and _name(host) not in self.hosts:
            raise WrongHost(host=host)
        if scope.get("method", "GET") not in SAFE_METHODS:
            _ensure_same_site(headers, host)
        await next_app(scope, receive, send)


def _name(host: str) -> str:
    return host.lower() if host.endswith("]") else host.lower().rpartition(":")[0] or host.lower()


def _ensure_same_site(headers: Mapping[bytes, str], host: str) -> None:
    site = headers.get(b"sec-fetch-site")
    origin = headers.get(b"origin")
    if site not in {None, "same-origin", "none"}:
        raise CrossSite(origin=origin or site or "")
    if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
        raise CrossSite(origin=origin)


def known_language(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard of every page: its address begins with one of the interface languages."""
    if connection.path_params["language"] not in i18n.LANGUAGES:
        raise NotFound(what="page")


async def form_token_matches(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard of everything: what a browser sends to a page carries the token of that browser.

    Programs that use the API need no token; `Doorkeeper` has kept other sites out.
    """
    if not isinstance(connection, Request) or connection.method in SAFE_METHODS:
        return
    form = await _form(connection)
    if is_api(connection.scope["path"]):
        return
    expected = connection.cookies.get(form_cookie(connection), "")
    given = connection.headers.get(FORM_HEADER) or str(form.get(FORM_FIELD, ""))
    if not expected or not hmac.compare_digest(expected.encode(), given.encode()):
        raise StaleForm


async def _form(request: Request[Any, Any, Any]) -> FormMultiDict:
    """The fields of a form, empty for any other body. Bytes that are not what they claim to be are refused."""
    try:
        return await request.form()
    except (UnicodeError, LookupError) as error:  # not in its character set; a character set that does not exist
        raise ClientException from error


def form_cookie(request: Request[Any, Any, Any]) -> str:
    return "__Host-form" if request.url.scheme == "https" else "form"


def form_token(request: Request[Any, Any, Any]) -> str:
    """The token of this browser's forms: the one its cookie holds, or a new one for `remember` to set."""
    held = request.cookies.get(form_cookie(request), "")
    return held if len(held) >= 32 else secrets.token_urlsafe(32)  # noqa: PLR2004  (what token_urlsafe gives at least)


def remember(
    request: Request[Any, Any, Any], response: Response[Any], name: str, value: str, *, days: int = 365
) -> None:
    """Set a cookie that scripts cannot read and other sites do not send. An unchanged one is not set again."""
    if request.cookies.get(name) != value:
        is_secure = request.url.scheme == "https"
        response.set_cookie(
            name, value, path="/", max_age=days * 86_400, httponly=True, samesite="lax", secure=is_secure
        )
