"""What the pages of the accounts share: who knocks, how somebody is let in, and forms that are shown again."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from litestar import Response
from litestar.response import Redirect
from msgspec import field

from workspace.accounts.values import Device, Issued
from workspace.core import clock, tallies
from workspace.core.errors import Invalid, WorkspaceError
from workspace.web import security
from workspace.web.limits import SIGNING_IN, TooMany, address_of
from workspace.web.pages import Page, field_errors, own, redirect
from workspace.web.sentences import sentence
from workspace.web.services import Work
from workspace.web.sign_ins import SignedIn, SignInNeeded

OPEN_TO_ALL = {"policy": "public"}
KNOCKING = {"policy": "public", "pace": SIGNING_IN}
OWN = {"policy": "own"}
OWN_KNOCKING = {"policy": "own", "pace": SIGNING_IN}
REFUSED = 422


class FormPage(Page, frozen=True, kw_only=True):
    """A page with a form. `errors` stand beside fields, `alert` above all of them."""

    errors: Mapping[str, str] = field(default_factory=dict)
    alert: str = ""


def device(work: Work) -> Device:
    """The browser that knocks, as it calls itself, and the address it knocks from."""
    client = work.request.client
    return Device(agent=work.request.headers.get("user-agent", ""), address=client.host if client else "")


def told(work: Work, refusal: WorkspaceError | None) -> tuple[Mapping[str, str], str]:
    """What to say beside the fields of a form that is shown again, and what to say above them."""
    if refusal is None:
        return {}, ""
    if isinstance(refusal, Invalid):
        return field_errors(work, refusal), ""
    return {}, sentence(refusal, work.messages)


def let_in(work: Work, issued: Issued, *, to: str = "", said: str = "") -> Redirect:
    """Give the browser the cookie of its sign-in, and send it on: to a second step where one is owed."""
    inside = own(work, to) if to else f"/{work.language}"
    if not issued.is_full:
        response = redirect(work, work.url_for("sign_in_code", to=to or None))
    elif issued.must_enrol:
        response = redirect(work, work.url_for("second_step"), said=said)
    else:
        response = redirect(work, inside, said=said)
    give_cookie(work, response, issued)
    return response


def give_cookie(work: Work, response: Response[Any], issued: Issued) -> None:
    left = issued.expires_at - clock.now()
    security.let_in(work.request, response, issued.token, seconds=int(left.total_seconds()))


def signed_in(work: Work) -> SignedIn:
    """Whoever has signed in, with every step. Raises `SignInNeeded`, which leads to the page for it and back."""
    found = work.signed_in
    if found is None or not found.is_full:
        raise SignInNeeded
    return found


def ensure_few(work: Work, kind: str, target: str, *, most: int, within: timedelta, from_here: bool = False) -> None:
    """Count a try at one target (an address of mail), in the database; raises `TooMany`.

    `from_here` counts the tries that come from one address of the net apart: so that nobody can shut somebody
    else out by failing in their name.
    """
    if work.site.limits is None:
        return
    of = (target.strip().casefold(), address_of(work.request) if from_here else "")
    with work.site.store.writing() as db:
        seconds = tallies.count(db, kind, *of, most=most, within=within)
    if seconds:
        raise TooMany(seconds=seconds)


def forget_tries(work: Work, kind: str, target: str) -> None:
    """Begin counting anew: this was the right password."""
    if work.site.limits is not None:
        with work.site.store.writing() as db:
            tallies.forget(db, kind, target.strip().casefold(), address_of(work.request))


def where_to(work: Work) -> str:
    """The page to come back to, as the query says it; still to be checked by `own`."""
    return str(work.request.query_params.get("to", ""))[:1_000]
