"""Who reads and writes comments in a browser: whoever has signed in, else the guest whose token the browser holds."""

from typing import Any

from litestar import Request, Response

from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.people.guests import PASS_LASTS, GuestService
from workspace.web import security
from workspace.web.services import Work

_LONGEST = 100  # more than any token of ours


def reader(db: Db, work: Work) -> Actor:
    """Who asks, as far as comments go. Ask `work.actor` before `writing()`."""
    token = work.request.cookies.get(_cookie(work.request), "")
    if work.actor.person_id is not None or work.actor.is_operator or not token or len(token) > _LONGEST:
        return work.actor
    return GuestService(db).actor(token)


def go_on_as(work: Work, response: Response[None], token: str) -> None:
    """Give the browser the token of the guest it has just become."""
    security.remember(work.request, response, _cookie(work.request), token, days=PASS_LASTS.days)


def _cookie(request: Request[Any, Any, Any]) -> str:
    return "__Host-guest" if request.url.scheme == "https" else "guest"
