"""Two changes that wait for each other in the database: the one that gave way is carried out again, from the start.

PostgreSQL ends a deadlock by undoing one of the two. Nothing is wrong with that request, so nobody has to be told
to come again: the whole of it runs once more, with what it had sent, unless a unit of work of it has been committed
already. Three in a row that give way are told (`web.busy`).
"""

import random
from typing import Any

from anyio import sleep
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from sqlalchemy.exc import DBAPIError

from workspace.core.storage.db import committed_units
from workspace.web.http.rate_limits import SAFE_METHODS

TRIES = 4
PAUSE = 0.03  # seconds before the second try, and twice as long before each further one
SERIALIZATION_FAILURES = frozenset(
    {"40001", "40P01"}
)  # PostgreSQL: a serialization failure, a deadlock; undone as a whole
CONFLICT_MARK = "gave_way"


def is_serialization_failure(error: Exception) -> bool:
    """Whether the database undid a unit of work only because another one stood in its way."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in SERIALIZATION_FAILURES


class RetryOnConflict(ASGIMiddleware):
    """Runs a request again that has given way. `errors.answer` says so by `mark`."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] in SAFE_METHODS:
            await next_app(scope, receive, send)
            return
        body = _ReplayedBody(receive)
        for number in range(1, TRIES + 1):
            attempt: Any = {**scope, "state": dict(scope["state"])}
            has_given_way = False
            with committed_units() as committed:

                async def pass_on(
                    message: Message, *, attempt: Any = attempt, committed: list[None] = committed, number: int = number
                ) -> None:
                    nonlocal has_given_way
                    has_given_way = has_given_way or (
                        CONFLICT_MARK in attempt["state"] and not committed and number < TRIES
                    )
                    if not has_given_way:
                        await send(message)

                await next_app(attempt, body.from_the_start(), pass_on)
            if not has_given_way:
                return
            await sleep(random.uniform(0.5, 1) * PAUSE * 2**number)  # noqa: S311  (so that the two do not meet again)


class _ReplayedBody:
    """What a request sends, kept as it is read so that it can be read again."""

    def __init__(self, receive: Receive) -> None:
        self.receive = receive
        self.kept: list[Any] = []

    def from_the_start(self) -> Receive:
        position = 0

        async def read() -> Any:
            nonlocal position
            if position == len(self.kept):
                self.kept.append(await self.receive())
            position += 1
            return self.kept[position - 1]

        return read
