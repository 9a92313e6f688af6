"""`Idempotency-Key`: a request that is sent twice is carried out once, and answered alike.

So is a form that a browser sends again: no two pages hold the same form token, so what it sent is its own key.

A guard looks for the key before a route runs; `Work.writing()` lays the claim in the unit of work that does what
was asked; the middleware keeps the answer. What was refused is not kept: it can be sent again with the same key.
"""

import hashlib
from datetime import timedelta
from typing import Any

from anyio.to_thread import run_sync
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import ValidationException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from workspace.core import clock
from workspace.core.errors import WorkspaceError
from workspace.core.storage import request_records
from workspace.core.storage.db import Store
from workspace.core.storage.request_records import KEPT_FOR, KeptResponse, KeyClaim
from workspace.web.http.rate_limits import SIGNING_IN, address_of
from workspace.web.http.request_context import KeyInUse, Work, is_api, provide_work
from workspace.web.refusals.sentences import NO_KEY

HEADER = "Idempotency-Key"
LONGEST = 200
CLAIM_TIMEOUT = timedelta(seconds=60)  # a claim without an answer that is older was left by a process that died
KEPT_HEADERS = frozenset({b"content-type", b"etag", b"location", b"cache-control", b"set-cookie"})
FAILURE = 500


class KeyReused(WorkspaceError):
    """The key has been used for another request."""

    code = "web.key_reused"


class ResponseLost(WorkspaceError):
    """What was asked has been done, but the answer was lost with the process that made it."""

    code = "web.answer_lost"


class ReplayedResponse(Exception):
    """Not a refusal: the answer that was given before, to be given again."""

    def __init__(self, answer: KeptResponse) -> None:
        super().__init__(answer.status)
        self.answer = answer


async def ensure_once(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard of everything: a form, and a POST of the API that names a key, is answered as before, or claims the key."""
    is_form = _is_form(connection.scope)
    if not isinstance(connection, Request) or not (is_form or _names_a_key(connection.scope)):
        return
    work = provide_work(connection)
    actor = await run_sync(lambda: work.actor)
    request_hash = await _request_hash(connection)
    claim = KeyClaim(
        who=str(actor.person_id or f"address {address_of(connection)}"),
        key=request_hash if is_form else _key(connection),
        request_hash=request_hash,
    )
    if (known := await run_sync(_kept_response, work.site.store, claim)) is not None:
        raise ReplayedResponse(known)
    work.claim = claim


def _kept_response(store: Store, claim: KeyClaim) -> KeptResponse | None:
    """The answer that was given before; raises when the key stands for something else, or has no answer."""
    with store.reading() as db:
        row = request_records.find_record(db, claim)
        if row is None:
            return None
        if row.request_hash != claim.request_hash:
            raise KeyReused
        if answer := request_records.kept_response(row, claim):
            return answer
        if clock.now() - (row.until - KEPT_FOR) < CLAIM_TIMEOUT:
            raise KeyInUse(seconds=1)
        raise ResponseLost


def _names_a_key(scope: Scope) -> bool:
    return (
        scope["type"] == ScopeType.HTTP
        and scope["method"] == "POST"
        and is_api(scope["path"])
        and any(name == HEADER.lower().encode() for name, _ in scope["headers"])
    )


def _is_form(scope: Scope) -> bool:
    """Whether this is a form that a browser sends as it goes to the next page; none by which somebody signs in."""
    if scope["type"] != ScopeType.HTTP or scope["method"] != "POST" or is_api(scope["path"]):
        return False
    headers, handler = dict(scope["headers"]), scope.get("route_handler")
    is_encoded = headers.get(b"content-type", b"").startswith(b"application/x-www-form-urlencoded")
    is_sent = is_encoded and headers.get(b"sec-fetch-mode") == b"navigate"
    return is_sent and handler is not None and handler.opt.get("pace") != SIGNING_IN


def _key(request: Request[Any, Any, Any]) -> str:
    key = request.headers[HEADER].strip()
    if not key or len(key) > LONGEST or not (key.isascii() and key.isprintable()):
        raise ValidationException(extra=[{"key": HEADER, "message": NO_KEY}])
    return key


async def _request_hash(request: Request[Any, Any, Any]) -> str:
    """A hash of all that the request asks for. A boundary between files is chosen anew each time, and left out."""
    body = await request.body()
    kind, options = request.content_type
    if boundary := options.get("boundary", "").encode():
        body = body.replace(boundary, b"")
    query: bytes = request.scope["query_string"]
    parts = (request.scope["path"].encode(), query, request.headers.get("if-match", "").encode(), kind.encode(), body)
    return hashlib.sha256(b"".join(len(part).to_bytes(8) + part for part in parts)).hexdigest()


class ResponseKeeper(ASGIMiddleware):
    """Keeps what was answered to a request whose key was claimed, before it is sent."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if not (_is_form(scope) or _names_a_key(scope)):
            await next_app(scope, receive, send)
            return
        messages: list[Message] = []

        async def hold(message: Message) -> None:
            messages.append(message)

        await next_app(scope, receive, hold)
        work = scope["state"].get("work")
        if isinstance(work, Work) and work.claim and work.has_claimed:
            await run_sync(_store_response, work.site.store, work.claim, _answer(messages))
        for message in messages:
            await send(message)


def _answer(messages: list[Message]) -> KeptResponse:
    status, headers, body = FAILURE, {}, b""
    for message in messages:
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = {
                name.decode("latin-1"): value.decode("latin-1")
                for name, value in message["headers"]
                if name.lower() in KEPT_HEADERS
            }
        elif message["type"] == "http.response.body":
            body += message["body"]
    return KeptResponse(status, headers, body)


def _store_response(store: Store, claim: KeyClaim, answer: KeptResponse) -> None:
    if answer.status < FAILURE:
        with store.writing() as db:
            request_records.store_response(db, claim, answer)
