"""Each request has a name of its own, is counted, and becomes a line of the log; who asked, and for what, is not told.

The name comes back in the answer (`X-Request-Id`), so that somebody who reports a fault can say which it was.
"""

import logging
import re
import time
from typing import Any, Protocol

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from workspace.core import instruments
from workspace.core.program_log import FIELDS, request_id
from workspace.core.storage.db import new_id

logger = logging.getLogger("workspace.requests")
HEADER = b"x-request-id"
NOWHERE = "none"  # the pattern of an address that is not one of ours
_GIVEN = re.compile(rb"[A-Za-z0-9._-]{8,64}")


class RequestCounter(Protocol):
    """What counts the requests of a process."""

    def request(self, *, method: str, route: str, status: int, seconds: float) -> None: ...


class RequestLog(ASGIMiddleware):
    """Names, times and counts every request. A proxy may have named it already: that name is kept."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        began = time.perf_counter()
        name = _named(scope)
        token = request_id.set(name)
        status = 0

        async def pass_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER, name.encode())]
            await send(message)

        try:
            with instruments.named({}):
                await next_app(scope, receive, pass_on)
        finally:
            _log_request(scope, status, time.perf_counter() - began)
            request_id.reset(token)


def route_of(scope: Any) -> str:
    """The pattern of the address, without what stands in its places: those may be names, or secrets."""
    return str(scope.get("path_template") or NOWHERE)


def _named(scope: Scope) -> str:
    given = next((value for name, value in scope["headers"] if name == HEADER), b"")
    return given.decode() if _GIVEN.fullmatch(given) else new_id().hex


def _log_request(scope: Any, status: int, seconds: float) -> None:
    counts: RequestCounter | None = scope["litestar_app"].state.get("counts")
    if counts is not None:
        counts.request(method=scope["method"], route=route_of(scope), status=status, seconds=seconds)
    fields = {
        "method": scope["method"],
        "route": route_of(scope),
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
    }
    logger.info("request", extra={FIELDS: fields})
