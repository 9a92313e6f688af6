"""What the account pages share: forms that are shown again, cookies, limits on attempts, time zones."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from litestar import Response
from litestar.response import Redirect
from msgspec import field

from workspace.accounts.domain.models import Device, IssuedSignIn
from workspace.core import clock
from workspace.core.errors import Invalid, WorkspaceError
from workspace.core.storage import request_records
from workspace.web.http import security
from workspace.web.http.rate_limits import SIGNING_IN, TooMany, address_of
from workspace.web.http.request_context import Work
from workspace.web.http.sign_ins import SignedInActor, SignInNeeded
from workspace.web.pages import Page, field_errors, own_path_or_home, redirect
from workspace.web.refusals.sentences import sentence

PUBLIC_ROUTE = {"policy": "public"}
SIGN_IN_ROUTE = {"policy": "public", "pace": SIGNING_IN}
OWN_ROUTE = {"policy": "own"}
OWN_SIGN_IN_ROUTE = {"policy": "own", "pace": SIGNING_IN}
REFUSED = 422


class FormPage(Page, frozen=True, kw_only=True):
    """A page with a form. `errors` stand beside fields, `alert` above all of them."""

    errors: Mapping[str, str] = field(default_factory=dict)
    alert: str = ""


def device_of(work: Work) -> Device:
    """The browser that knocks, as it calls itself, and the address it knocks from."""
    client = work.request.client
    return Device(agent=work.request.headers.get("user-agent", ""), address=client.host if client else "")


def refusal_messages(work: Work, refusal: WorkspaceError | None) -> tuple[Mapping[str, str], str]:
    """What to say beside the fields of a form that is shown again, and what to say above them."""
    if refusal is None:
        return {}, ""
    if isinstance(refusal, Invalid):
        return field_errors(work, refusal), ""
    return {}, sentence(refusal, work.messages)


def signed_in_redirect(work: Work, issued: IssuedSignIn, *, to: str = "", said: str = "") -> Redirect:
    """Give the browser the cookie of its sign-in, and send it on: to a second step where one is owed."""
    inside = own_path_or_home(work, to) if to else f"/{work.language}"
    if not issued.is_full:
        response = redirect(work, work.url_for("sign_in_code", to=to or None))
    elif issued.must_enrol:
        response = redirect(work, work.url_for("second_step"), said=said)
    else:
        response = redirect(work, inside, said=said)
    set_cookie(work, response, issued)
    return response


def set_cookie(work: Work, response: Response[Any], issued: IssuedSignIn) -> None:
    left = issued.expires_at - clock.now()
    security.set_sign_in_cookie(work.request, response, issued.token, seconds=int(left.total_seconds()))


def require_sign_in(work: Work) -> SignedInActor:
    """Whoever has signed in, with every step. Raises `SignInNeeded`, which leads to the page for it and back."""
    found = work.signed_in
    if found is None or not found.is_full:
        raise SignInNeeded
    return found


def limit_attempts(
    work: Work, kind: str, target: str, *, most: int, within: timedelta, from_here: bool = False
) -> None:
    """Count a try at one target (an address of mail), in the database; raises `TooMany`.

    `from_here` counts the tries that come from one address of the net apart: so that nobody can shut somebody
    else out by failing in their name.
    """
    if work.site.limits is None:
        return
    of = (target.strip().casefold(), address_of(work.request) if from_here else "")
    with work.site.store.writing() as db:
        seconds = request_records.count_attempt(db, kind, *of, most=most, within=within)
    if seconds:
        raise TooMany(seconds=seconds)


def reset_attempts(work: Work, kind: str, target: str) -> None:
    """Begin counting anew: this was the right password."""
    if work.site.limits is not None:
        with work.site.store.writing() as db:
            request_records.reset_counter(db, kind, target.strip().casefold(), address_of(work.request))


def return_path(work: Work) -> str:
    """The page to come back to, as the query says it; still to be checked by `own`."""
    return str(work.request.query_params.get("to", ""))[:1_000]


_WORLD = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@cache
def time_zones() -> Sequence[str]:
    """Every zone that is named after a place, in alphabetical order, and UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(_WORLD)))
