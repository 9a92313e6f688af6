"""What every request must pass and every answer carries: host, origin, form token, headers, cookies."""

import base64
import binascii
import hashlib
import hmac
import secrets
from asyncio import timeout
from collections import deque
from collections.abc import Collection, Mapping
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.datastructures import FormMultiDict
from litestar.enums import ScopeType
from litestar.exceptions import ClientException, HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from workspace.core.errors import NotFound, WorkspaceError
from workspace.web.http.idempotency import ensure_once
from workspace.web.http.rate_limits import RATE, SAFE_METHODS, SIGNING_IN, SignInTurns, limit_rate
from workspace.web.http.request_context import is_api, provide_work
from workspace.web.http.request_limits import (
    ensure_readable_address,
    ensure_readable_body,
    is_printable_path,
    read_plain_words,
)
from workspace.web.http.sign_ins import cookie_name, cookie_token, program_token
from workspace.web.i18n import messages

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


LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
LONGEST_FORM = 100_000  # bytes of a form by which somebody signs in, before it waits for a turn
LONGEST_BODY, LONGEST_PAUSE = 600.0, 30.0  # seconds: ten megabytes over a telephone line, and none of silence
TOO_SLOW = 408
MOST_DIGITS = 6  # of the bytes of a body from anybody: no form that is open to all takes a million
KNOWS_ACTOR = "learns_who_asks"  # what a route says of itself
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), browsing-topics=(), camera=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), payment=(), usb=()",
}
POLICY = "Content-Security-Policy"
NOT_MODIFIED = 304
NO_SCRIPTS_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
DOWNLOAD_POLICY = f"{NO_SCRIPTS_POLICY}; sandbox"
ENCRYPTED_ONLY = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
_ALWAYS = tuple((name.lower().encode(), value.encode()) for name, value in HEADERS.items())
_POLICY = POLICY.lower().encode()


def page_policy(nonce: str) -> str:
    """What a page of ours may load: styles, fonts and pictures from here, and scripts that carry this nonce."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def new_nonce() -> str:
    return secrets.token_urlsafe(18)


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
    """Put the fixed headers on every answer; one that a handler chose for itself stays.

    What a page may do is not said again with a 304: a browser would put it in the place of what it keeps with the page.
    """
    if message["type"] != "http.response.start" or scope["type"] != ScopeType.HTTP:
        return
    given = {name.lower(): value for name, value in message["headers"]}
    added = list(_ALWAYS)
    if message["status"] != NOT_MODIFIED:
        is_a_file = given.get(b"content-disposition", b"").startswith(b"attachment")
        added.append((_POLICY, DOWNLOAD_POLICY.encode() if is_a_file else NO_SCRIPTS_POLICY.encode()))
    if scope["scheme"] == "https":
        added.append(ENCRYPTED_ONLY)
    if is_api(scope["path"]):
        added += scope.get("state", {}).get(RATE, ())
    message["headers"] = [*message["headers"], *(header for header in added if header[0] not in given)]


class RequestChecks(ASGIMiddleware):
    """Refuses wrong hosts, acts of other sites and bodies that never come, and lets sign-ins in by turns.

    `hosts` are the names this server answers to; None is any.
    """

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET)

    def __init__(self, hosts: Collection[str] | None) -> None:
        self.hosts = hosts
        self.turns = SignInTurns()

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        name = host.lower() if host.endswith("]") else host.lower().rpartition(":")[0] or host.lower()
        if self.hosts is not None and name not in self.hosts:
            raise WrongHost(host=host)
        if not is_printable_path(scope["path"]) or {b"content-length", b"transfer-encoding"} <= headers.keys():
            raise ClientException(headers={"Connection": "close"})  # two lengths: a proxy may have read another body
        if scope.get("method", "GET") not in SAFE_METHODS:
            _ensure_same_site(headers, host, scheme=scope["scheme"])
        handler = scope.get("route_handler")
        if scope.get("method") in SAFE_METHODS or handler is None or handler.opt.get("pace") != SIGNING_IN:
            await next_app(scope, _in_time(receive), send)
            return
        whole = await _read_ahead(_in_time(receive))
        await self.turns.take()
        try:
            await next_app(scope, whole, send)
        finally:
            self.turns.give_back()


async def _read_ahead(receive: Receive) -> Receive:
    """`receive` once the whole body is there, so that nobody holds a turn with a slow one. Not of a large one."""
    parts, size = deque[Any](), 0
    while size <= LONGEST_FORM:
        part: Any = await receive()
        parts.append(part)
        size += len(part.get("body", b""))
        if not part.get("more_body", False):
            break

    async def next_part() -> Any:
        return parts.popleft() if parts else await receive()

    return next_part


def _in_time(receive: Receive) -> Receive:
    """`receive`, which raises for a body that comes too slowly: as a whole, or with too long a pause."""
    ends_at = monotonic() + LONGEST_BODY
    is_whole = False

    async def next_part() -> Any:
        nonlocal is_whole
        if is_whole:
            return await receive()
        try:
            async with timeout(max(0, min(LONGEST_PAUSE, ends_at - monotonic()))):
                message = await receive()
        except TimeoutError as error:
            raise HTTPException(status_code=TOO_SLOW, headers={"Connection": "close"}) from error
        is_whole = not message.get("more_body", False)
        return message

    return next_part


def _ensure_same_site(headers: Mapping[bytes, str], host: str, *, scheme: str) -> None:
    site = headers.get(b"sec-fetch-site")
    origin = headers.get(b"origin")
    if site not in {None, "same-origin", "none"}:
        raise CrossSite(origin=origin or site or "")
    if origin is None:
        return
    try:
        parts = urlsplit(origin)
    except ValueError as error:
        raise CrossSite(origin=origin) from error
    if parts.netloc.lower() != host.lower() or (scheme == "https" and parts.scheme != "https"):
        raise CrossSite(origin=origin)


class HttpsOnlyHeaders:
    """The application behind a proxy that speaks HTTPS: every request is one that came encrypted.

    The operator says so once, with the public address; no header has to be believed for it.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope = {**scope, "scheme": "https"}
        await self.app(scope, receive, send)


async def ensure_known_language(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard of every page: its address begins with one of the interface languages."""
    if connection.path_params["language"] not in messages.LANGUAGES:
        raise NotFound(what="page")


async def ensure_known_program(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard of everything: who shows the API a token shows a good one, and none for reading where it would write.

    A route that says `KNOWS_ACTOR` looks the token up by itself, before anything else.
    """
    if not isinstance(connection, Request) or handler.opt.get(KNOWS_ACTOR):
        return
    if is_api(connection.scope["path"]) and program_token(connection) is not None:
        work = provide_work(connection)
        await sync_to_thread(lambda: work.signed_in)


async def ensure_known_sender(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard of everything: of somebody who is not signed in, nothing is read that no open form is as large as.

    Else whoever likes could fill the disk with files that are refused once they are here.
    """
    if not isinstance(connection, Request) or connection.method in SAFE_METHODS:
        return
    if handler.opt.get(KNOWS_ACTOR) or not _sends_much(connection):
        return
    work = provide_work(connection)
    if work.persona is None and await sync_to_thread(lambda: work.signed_in) is None:
        raise StaleForm


def _sends_much(request: Request[Any, Any, Any]) -> bool:
    length = request.headers.get("content-length", "")
    return len(length.lstrip("0")) > MOST_DIGITS if length.isdecimal() else "transfer-encoding" in request.headers


async def ensure_form_token(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard of everything: what a browser sends to a page carries the token of its sign-in, or of that browser.

    A program with a token of its own needs no other. A browser that uses the API with the cookie of its sign-in
    shows by its headers that the request comes from here; where it sends none, it needs the token too.
    """
    if not isinstance(connection, Request) or connection.method in SAFE_METHODS:
        return
    form = await _form(connection)
    if is_api(connection.scope["path"]) and _needs_no_token(connection):
        return
    if not is_token(connection, connection.headers.get(FORM_HEADER) or str(form.get(FORM_FIELD, ""))):
        await form.close()  # the files in it: nobody else will
        raise StaleForm


def _needs_no_token(request: Request[Any, Any, Any]) -> bool:
    is_from_here = bool(request.headers.get("origin") or request.headers.get("sec-fetch-site"))  # and not cross-site
    return is_from_here or program_token(request) is not None or not cookie_token(request)


async def _form(request: Request[Any, Any, Any]) -> FormMultiDict:
    """The fields of a form, empty for any other body. Bytes that are not what they claim to be are refused."""
    try:
        return await request.form()
    except (UnicodeError, LookupError) as error:  # not in its character set; a character set that does not exist
        raise ClientException from error


IN_ORDER = (
    limit_rate,
    ensure_known_program,
    ensure_readable_address,
    ensure_readable_body,
    ensure_once,
    ensure_known_sender,
    ensure_form_token,
    read_plain_words,
)


async def check_request(request: Request[Any, Any, Any]) -> None:
    """What every request is checked for before its handler is called: raises whatever the first that objects raises."""
    for ensure in IN_ORDER:
        await ensure(request, request.route_handler)


def set_sign_in_cookie(request: Request[Any, Any, Any], response: Response[Any], token: str, *, seconds: int) -> None:
    """Give the browser the cookie of a sign-in; a new one each time, so that none can be planted beforehand."""
    response.set_cookie(
        cookie_name(request),
        token,
        path="/",
        max_age=max(0, seconds),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def device_cookie(request: Request[Any, Any, Any]) -> str:
    """The name of the cookie that says which sign-in was the last whole one in this browser, also when it has ended."""
    return "__Host-device" if request.url.scheme == "https" else "device"


def clear_sign_in_cookie(request: Request[Any, Any, Any], response: Response[Any]) -> None:
    """Take the cookie of a sign-in from the browser."""
    set_sign_in_cookie(request, response, "", seconds=0)


def set_preference_cookie(
    request: Request[Any, Any, Any], response: Response[Any], name: str, value: str, *, days: int = 365
) -> None:
    """Set a cookie that scripts cannot read and other sites do not send. An unchanged one is not set again."""
    if request.cookies.get(name) != value:
        is_secure = request.url.scheme == "https"
        response.set_cookie(
            name, value, path="/", max_age=days * 86_400, httponly=True, samesite="lax", secure=is_secure
        )
