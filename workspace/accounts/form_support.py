"""What the account pages share: forms that are shown again, cookies, limits on attempts, time zones."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from hashlib import sha256
from typing import Annotated, Any
from zoneinfo import available_timezones

from litestar import Response
from litestar.response import Redirect
from msgspec import Struct, field

from workspace.accounts.domain.models import Device, IssuedSignIn
from workspace.core import clock
from workspace.core.actor import SignedInPerson
from workspace.core.errors import Invalid, WorkspaceError
from workspace.core.storage import request_records
from workspace.core.storage.db import Db
from workspace.web.http import security
from workspace.web.http.rate_limits import SIGNING_IN, TooMany, address_of
from workspace.web.http.request_context import Loads, Work
from workspace.web.http.sign_ins import SignInNeeded
from workspace.web.pages import Page, field_errors, own_path_or_home, redirect
from workspace.web.refusals.sentences import sentence

PUBLIC_ROUTE = {"policy": "public"}
SIGN_IN_ROUTE = {"policy": "public", "pace": SIGNING_IN}
OWN_ROUTE = {"policy": "own"}
OWN_SIGN_IN_ROUTE = {"policy": "own", "pace": SIGNING_IN}
REFUSED = 422


class GuessLimits(Struct, frozen=True):
    """How many guesses one source has, and how many all devices together on which the account was never used."""

    most: int
    within: timedelta
    most_of_all: int
    of_all_within: timedelta


class FormPage(Page, frozen=True, kw_only=True):
    """A page with a form. `errors` stand beside fields, `alert` above all of them."""

    errors: Mapping[str, str] = field(default_factory=dict)
    alert: str = ""


def device_of(work: Work) -> Device:
    """The browser that knocks, as it calls itself, and the address it knocks from."""
    client = work.request.client
    last = work.request.cookies.get(security.device_cookie(work.request), "")
    agent = work.request.headers.get("user-agent", "")
    return Device(agent=agent, address=client.host if client else "", last_token=last)


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
    if issued.is_full:
        security.set_preference_cookie(
            work.request, response, security.device_cookie(work.request), issued.token, days=60
        )


def require_sign_in(work: Work) -> SignedInPerson:
    """Whoever has signed in, with every step. Raises `SignInNeeded`, which leads to the page for it and back."""
    found = work.signed_in
    if found is None or not found.is_full:
        raise SignInNeeded
    return found


def _own(_: Db, *, work: Work) -> SignedInPerson:
    return require_sign_in(work)


Oneself = Annotated[SignedInPerson, Loads(_own)]  # of a route for whoever has signed in


def limit_attempts(work: Work, kind: str, target: str, *, most: int, within: timedelta, source: str = "") -> None:
    """Count a try at one target (an address of mail), in the database; raises `TooMany`.

    Tries from one `source` are counted apart from those of all others.
    """
    if work.site.limits is None:
        return
    of = (target.strip().casefold(), source)
    with work.site.store.writing() as db:
        seconds = request_records.count_attempt(db, kind, *of, most=most, within=within)
    if seconds:
        raise TooMany(seconds=seconds)


def limit_guesses(work: Work, kind: str, target: str, limits: GuessLimits, *, is_known: bool) -> str:
    """Count a guess at what opens an account; the source it is counted under, for `reset_attempts`.

    A device on which the account was used before has a count of its own: whatever others try in somebody's name,
    the person gets in there. All other devices share one more count. Raises `TooMany`.
    """
    device = sha256(device_of(work).last_token.encode()).hexdigest() if is_known else ""
    source = device or address_of(work.request)
    limit_attempts(work, kind, target, most=limits.most, within=limits.within, source=source)
    if not is_known:
        limit_attempts(work, kind, target, most=limits.most_of_all, within=limits.of_all_within)
    return source


def reset_attempts(work: Work, kind: str, target: str, source: str) -> None:
    """Begin counting anew for this source: it was the right one."""
    if work.site.limits is not None:
        with work.site.store.writing() as db:
            request_records.reset_counter(db, kind, target.strip().casefold(), source)


def return_path(work: Work) -> str:
    """The page to come back to, as the query says it; still to be checked by `own`."""
    return str(work.request.query_params.get("to", ""))[:1_000]


_WORLD = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@cache
def time_zones() -> Sequence[str]:
    """Every zone that is named after a place, in alphabetical order, and UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(_WORLD)))
