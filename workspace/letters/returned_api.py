"""Letters that came back, reported over HTTP by whoever carries them: closed unless the operator opens it.

Who reports is known by one secret (`WORKSPACE_BOUNCE_SECRET`), after `Authorization: Bearer`, or as the password in
the address to which messages are posted (https://service:SECRET@…). What is reported goes the way of the messages
that `workspace letters bounced` reads.
"""

import base64
import binascii
import hmac
from typing import Any

from litestar import Controller, Request, Response
from litestar.di import NamedDependency
from litestar.params import RawBody

from workspace.core.actor import OPERATOR
from workspace.core.errors import NotFound
from workspace.letters import bounces
from workspace.letters.bounces import Returned
from workspace.letters.schemas import ReturnedLetterIn, ReturnedLettersOut
from workspace.web.api import DONE, answer, writes
from workspace.web.params import JSONBody
from workspace.web.route_policies import PUBLIC
from workspace.web.security import LEARNS_WHO_ASKS
from workspace.web.services import Work
from workspace.web.sign_ins import UnknownToken

MOST_BYTES = 5_000_000


class UnknownSecret(UnknownToken):
    """The request does not show the operator's secret. Some services only do when they are asked for a password."""

    code = "letters.unknown_secret"
    scheme = "Basic"


class ReturnedApi(Controller):
    """Letters that did not arrive."""

    path = "/api/returned-letters"
    tags = ("Letters",)
    opt = {LEARNS_WHO_ASKS: True}  # noqa: RUF012  (litestar reads it from the class)

    @writes("/", policy=PUBLIC, status=DONE)
    def report_returned_letter(
        self, work: NamedDependency[Work], data: JSONBody[ReturnedLetterIn]
    ) -> Response[ReturnedLettersOut]:
        """Say that a letter failed: for programs that an operator writes.

        Needs the operator's secret (`WORKSPACE_BOUNCE_SECRET`), after `Authorization: Bearer`; without one set, there
        is nothing here. `letter` is the Message-ID that it was sent with, or its id. Only `failed` marks its address,
        to which nothing but links to sign in is written then; a letter that is not known marks nothing.
        """
        _ensure_known(work)
        found = bounces.named(data.letter, data.code) if data.kind == "failed" else None
        return answer(_marked(work, found, address=data.address))

    @writes("/reports", policy=PUBLIC, status=DONE, largest=MOST_BYTES)
    def take_report(self, work: NamedDependency[Work], body: RawBody) -> Response[ReturnedLettersOut]:
        """Take a message as mail servers send it back (RFC 3464).

        Needs the operator's secret, after `Authorization: Bearer` or as the password of `Authorization: Basic`. What
        does not say that a letter of ours failed for good changes nothing, and is counted as `ignored`.
        """
        _ensure_known(work)
        return answer(_marked(work, bounces.read(body)))


def _marked(work: Work, returned: Returned | None, *, address: str = "") -> ReturnedLettersOut:
    """Mark the address of this letter; nothing is written where there is none."""
    is_marked = False
    if returned:
        with work.writing() as db:
            is_marked = bounces.come_back(db, returned, actor=OPERATOR, address=address) is not None
    return ReturnedLettersOut(marked=int(is_marked), ignored=int(not is_marked))


def _ensure_known(work: Work) -> None:
    """Raise `NotFound` where the operator has set no secret, and `UnknownSecret` for another one."""
    secret = work.site.store.bounce_secret
    if not secret:
        raise NotFound(what="page")
    if not hmac.compare_digest(_shown(work.request), secret.encode()):
        raise UnknownSecret


def _shown(request: Request[Any, Any, Any]) -> bytes:
    """The secret that the request shows; empty where it shows none."""
    scheme, _, rest = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip().encode()
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(rest.strip(), validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return b""
