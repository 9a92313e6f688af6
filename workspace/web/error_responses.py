"""From a refusal to an answer: the only file that knows a status number."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, InternalServerException, ValidationException
from litestar.types import ExceptionHandlersMap
from litestar.utils.scope.state import ScopeState
from msgspec import Struct, field
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from drafts.base.errors import DraftsError
from workspace.core.errors import (
    AlreadyProposed,
    BadFile,
    CodeRefused,
    HistoryAltered,
    Invalid,
    LinkSpent,
    Misaligned,
    MissingPrecondition,
    NoKey,
    NotAllowed,
    NotEnrolled,
    NotFound,
    NotReady,
    Sealed,
    SecretsUnkept,
    SignInRefused,
    Stale,
    TooBusy,
    TooLate,
    Undecidable,
    UnderMaintenance,
    WorkspaceError,
)
from workspace.core.shapes import filled
from workspace.web.http import security
from workspace.web.http.addresses import own_path
from workspace.web.http.idempotency import KeyReused, ReplayedResponse, ResponseLost
from workspace.web.http.preconditions import address_of_current
from workspace.web.http.rate_limits import TooMany
from workspace.web.http.request_context import KeyInUse, Work, is_api, provide_work
from workspace.web.http.request_log import route_of
from workspace.web.http.retry import CONFLICT_MARK, is_serialization_failure
from workspace.web.http.sign_ins import ReadOnlyToken, SignInNeeded, UnknownToken
from workspace.web.i18n.messages import Messages
from workspace.web.pages import Page, PagePlace, page_of_refusal, redirect
from workspace.web.refusals.sentences import (
    MISSING,
    RefusalExplanation,
    explain,
    explained_code,
    locate_problem,
    say_problem,
)
from workspace.web.refusals.slice_registry import REGISTRY, Facts

SHORTEST = 4  # words; what is shorter is typed again sooner than copied, or no text at all
LARGEST = 2_000_000
_NOT_SHOWN = ("csrf", "password", "code", "token", "secret", "quote", "next", "to")


def lost_form_input(request: Request[Any, Any, Any]) -> Sequence[str]:
    """The longer words in the form that this request sent, in their order; no passwords, and nothing of its own."""
    body = ScopeState.from_scope(request.scope).body
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "POST" or kind != "application/x-www-form-urlencoded" or not isinstance(body, bytes):
        return ()
    if len(body) > LARGEST:
        return ()
    fields = parse_qsl(body.decode("utf-8", "replace"), errors="replace")
    return [
        words for name, words in fields if len(words.split()) >= SHORTEST and not name.lower().startswith(_NOT_SHOWN)
    ]


log = logging.getLogger("workspace.web")

NOT_FOUND = 404
FAILURE = 500
STATUS: Mapping[type[Exception], int] = {
    WorkspaceError: 400,
    NotFound: NOT_FOUND,
    NotAllowed: NOT_FOUND,
    Invalid: 422,
    MissingPrecondition: 428,
    Stale: 412,
    Undecidable: 409,
    AlreadyProposed: 409,
    NotReady: 409,
    Sealed: 409,
    BadFile: 422,
    Misaligned: 422,
    SignInRefused: 403,
    CodeRefused: 403,
    NotEnrolled: 403,
    LinkSpent: 410,
    TooLate: 409,
    TooBusy: 503,
    UnderMaintenance: 503,
    NoKey: 409,
    SecretsUnkept: 503,
    HistoryAltered: 409,
    DraftsError: 422,
    security.CrossSite: 403,
    security.StaleForm: 403,
    security.WrongHost: 421,
    UnknownToken: 401,
    SignInNeeded: 401,
    ReadOnlyToken: 403,
    TooMany: 429,
    KeyReused: 422,
    KeyInUse: 409,
    ResponseLost: 409,
}
_MISSING = re.compile(r"Missing required \w+ parameter '(?P<name>[^']+)'")  # how the framework says it
WRONG_METHOD = 405
TOO_LARGE = 413
HTTP_CODES: Mapping[int, str] = {
    NOT_FOUND: "workspace.not_found",
    WRONG_METHOD: "web.wrong_method",
    406: "web.not_acceptable",
    TOO_LARGE: "web.too_large",
    415: "web.wrong_form",
    429: "web.too_many",
}
CONFLICT = 409
REBASING = frozenset({412, 428})
OVERTAKEN = (IntegrityError,)  # two people made the same thing at once, and a constraint let one of them through
BUSY = 503
SECONDS_TO_WAIT = 2  # until what stood in each other's way in the database has gone
FULL = 507
SQLITE_FULL = 13
BUSY_STATES = ("40", "55P03", "57P0", "53", "08")  # PostgreSQL: deadlocks, locks, a restart, no room, no connection
SQLITE_BUSY = frozenset({5, 6})  # SQLite: busy, locked
CUT_OFF = "client disconnected prematurely"  # what litestar says when the sender has gone before the request was whole
UNREADABLE = (UnicodeError, RecursionError)  # from JSON that is not UTF-8, or nested without end


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A refusal as RFC 9457 has it. `code` is stable, `facts` are what the sentences were made from."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    facts: dict[str, str | int] = {}
    fields: dict[str, str] = {}
    blockers: tuple[Any, ...] = ()


class ErrorPage(Page, frozen=True, kw_only=True):
    """`readiness` is the page that says what is missing, "" where nothing is; `typed` what the form held.

    `back` is the page of the form that was refused, `field` what was wrong in it.
    """

    explanation: RefusalExplanation
    status: int
    readiness: str
    typed: Sequence[str] = ()
    back: str = ""
    field: str = ""


class RefusedRequest(Struct, frozen=True):
    """An exception seen from the door: a status, a code, and its facts. `fields` name parts that could not be read."""

    status: int
    code: str
    explained_as: str
    facts: Facts
    fields: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    blockers: tuple[object, ...] = ()


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer any exception. One that nobody foresaw is written to the log in full, and told in general words."""
    if isinstance(error, ReplayedResponse):
        return _replay(error)
    if isinstance(error, InternalServerException) and error.detail == CUT_OFF:
        return Response(b"", status_code=400)  # nobody is there to read it, and nothing of ours has failed
    is_form = request.method == "POST" and not is_api(request.scope["path"])
    if is_serialization_failure(error) or (is_form and isinstance(error, KeyInUse)):
        request.scope["state"][CONFLICT_MARK] = True
        log.warning("%s %s gave way to another change", request.method, route_of(request.scope))
    refusal = _refusal(error)
    if refusal.status >= FAILURE and not is_serialization_failure(error) and not isinstance(error, UnderMaintenance):
        log.error("%s %s failed", request.method, route_of(request.scope), exc_info=error)
    work = provide_work(request)
    if isinstance(error, SignInNeeded) and request.method == "GET" and "sign_in" in work.site.addresses.patterns:
        return redirect(work, work.url_for("sign_in", to=request.scope["path"]))
    if refusal.status == WRONG_METHOD and request.method == "GET" and not is_api(request.scope["path"]):
        return redirect(work, request.scope["path"].rpartition("/")[0])  # from where a form goes to where it stands
    code = "web.settled" if is_form and refusal.status == NOT_FOUND else refusal.explained_as
    said = explain(code, {**refusal.facts, **_named(refusal, work)}, work.messages)
    response = _problem(refusal, said, work.messages) if is_api(request.scope["path"]) else _page(work, refusal, said)
    for name, value in refusal.headers.items():
        response.headers[name] = value
    if refusal.status in REBASING and (address := address_of_current(request.scope["path"])):
        response.headers["Link"] = f'<{address}>; rel="latest-version"'
    return response


HANDLERS: ExceptionHandlersMap = {HTTPException: answer, Exception: answer}


def _refusal(error: Exception) -> RefusedRequest:
    if isinstance(error, WorkspaceError | DraftsError):
        return _of_our_error(error)
    if isinstance(error, HTTPException):
        return _from_framework(error)
    if isinstance(error, DBAPIError) and _is_full(error):
        return RefusedRequest(FULL, "web.full", "web.full", {})
    if isinstance(error, DBAPIError) and _is_busy(error):
        return RefusedRequest(BUSY, "web.busy", "web.busy", {}, headers={"Retry-After": str(SECONDS_TO_WAIT)})
    if isinstance(error, OVERTAKEN):
        return RefusedRequest(CONFLICT, "web.overtaken", "web.overtaken", {})
    is_unreadable = isinstance(error, UNREADABLE) and _is_about_the_request(error)
    code = "web.bad_request" if is_unreadable else "web.failure"
    return RefusedRequest(400 if is_unreadable else FAILURE, code, code, {})


def _of_our_error(error: WorkspaceError | DraftsError) -> RefusedRequest:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if status == NOT_FOUND:
        return RefusedRequest(status, NotFound.code, NotFound.code, {})
    blockers = error.blockers if isinstance(error, NotReady) else ()
    return RefusedRequest(
        status, error.code, explained_code(type(error)), error.facts, headers=_hints(error, status), blockers=blockers
    )


def _hints(error: WorkspaceError | DraftsError, status: int) -> Mapping[str, str]:
    """What the facts of a refusal say to a program by headers: when to come again, what is there now and where."""
    facts = error.facts
    hints = {}
    if "seconds" in facts or status == BUSY:
        hints["Retry-After"] = str(facts.get("seconds", SECONDS_TO_WAIT))
    if status in REBASING and facts.get("head"):
        hints["ETag"] = f'"{facts["head"]}"'
    if isinstance(error, UnknownToken):
        hints["WWW-Authenticate"] = f'{error.scheme} realm="Declaration Workspace", error="invalid_token"'
    return hints


def _is_full(error: DBAPIError) -> bool:
    """Whether the disk of the database has no room left."""
    state, code = (getattr(error.orig, name, None) for name in ("sqlstate", "sqlite_errorcode"))
    return state == "53100" or (code is not None and code & 0xFF == SQLITE_FULL)


def _is_busy(error: DBAPIError) -> bool:
    """Whether the database was occupied, or away for a moment: the same request can be taken a little later."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(BUSY_STATES)
    code = getattr(error.orig, "sqlite_errorcode", None)
    is_away = error.connection_invalidated or isinstance(error, OperationalError)
    return code & 0xFF in SQLITE_BUSY if code is not None else is_away


def _from_framework(error: HTTPException) -> RefusedRequest:
    code = HTTP_CODES.get(error.status_code, "web.failure" if error.status_code >= FAILURE else "web.bad_request")
    fields = _fields(error) if isinstance(error, ValidationException) else {}
    return RefusedRequest(error.status_code, code, code, {}, fields=fields, headers=error.headers or {})


def _fields(error: ValidationException) -> Mapping[str, str]:
    if missing := _MISSING.match(error.detail):
        return {missing["name"]: MISSING}
    parts = error.extra if isinstance(error.extra, list) else []
    return {str(part.get("key", "")): str(part.get("message", "")) for part in parts if isinstance(part, dict)}


def _is_about_the_request(error: Exception) -> bool:
    """Whether the error arose while the framework read the request, before any slice saw it."""
    trace = error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.startswith(("drafts", "workspace.")):
            return False
        trace = trace.tb_next
    return True


def _named(refusal: RefusedRequest, work: Work) -> Facts:
    """The parts that could not be read; for a program, with what is wrong with each."""
    is_program = is_api(work.request.scope["path"])
    items = [
        locate_problem(name, problem if is_program else "", work.messages) for name, problem in refusal.fields.items()
    ]
    return {"fields": work.messages.listed(items)} if items else {}


def _problem(refusal: RefusedRequest, said: RefusalExplanation, messages: Messages) -> Response[Problem]:
    problem = filled(
        Problem,
        refusal,
        type=f"/problems/{refusal.code}",
        title=said.happened,
        detail=said.detail,
        facts=dict(refusal.facts),
        fields={name: say_problem(problem, messages) for name, problem in refusal.fields.items()},
    )
    headers = {"Cache-Control": "no-store"}
    return Response(problem, status_code=refusal.status, media_type="application/problem+json", headers=headers)


def _kinds(*of: type[WorkspaceError | DraftsError]) -> Iterator[type[WorkspaceError | DraftsError]]:
    for kind in of:
        yield kind
        yield from _kinds(*kind.__subclasses__())


def about_problem(work: Work, code: str) -> Response[str]:
    """The page about a kind of refusal. Raises `NotFound` for a code that nothing is refused with."""
    kinds = {kind.code: explained_code(kind) for kind in _kinds(WorkspaceError, DraftsError)}
    known = kinds.get(code, code)
    if known not in REGISTRY.get().explanations:
        raise NotFound(what="problem", id=code)
    context = ErrorPage(explanation=explain(known, {}, work.messages), status=200, readiness="")
    return page_of_refusal(work, "error.html", context, who="", status=200)


def _replay(replayed: ReplayedResponse) -> Response[bytes]:
    """What was answered to the same request before, byte for byte."""
    kept = replayed.answer
    headers = {name: value for name, value in kept.headers.items() if name != "content-type"}
    headers["Idempotency-Replayed"] = "true"
    media_type = kept.headers.get("content-type", "application/json")
    return Response(kept.body, status_code=kept.status, media_type=media_type, headers=headers)


def _page(work: Work, refusal: RefusedRequest, said: RefusalExplanation) -> Response[str]:
    who, place = ("", None) if refusal.status >= FAILURE else _error_frame(work)
    field = str(refusal.facts.get("field", "")) if refusal.code == Invalid.code else ""
    is_ours = work.request.headers.get("sec-fetch-site") == "same-origin"  # no other site puts words on a page of ours
    words = lost_form_input(work.request) if refusal.status >= FAILURE or field or is_ours else ()
    readiness = _readiness(work, refusal)
    back = work.request.scope["path"] if refusal.status == TOO_LARGE else ""
    if field or words or said.code == "web.settled":
        came_from = work.request.headers.get("referer", "")
        back = own_path(came_from.removeprefix(str(work.request.base_url).rstrip("/")), otherwise="")
    context = ErrorPage(
        explanation=said, status=refusal.status, readiness=readiness, typed=words, back=back, field=field, place=place
    )
    return page_of_refusal(work, "error.html", context, who=who, status=refusal.status)


def _readiness(work: Work, refusal: RefusedRequest) -> str:
    where = {name: work.request.path_params.get(name) for name in ("forum", "declaration")}
    is_on_readiness = refusal.code in {NotReady.code, Sealed.code}
    return work.url_for("readiness", **where) if is_on_readiness and all(where.values()) else ""


def _error_frame(work: Work) -> tuple[str, PagePlace | None]:
    """Who asks, and the forum whose header the page keeps, as far as that can be known."""
    try:
        who = work.signed_in.name if work.signed_in else work.persona.name if work.persona else ""
        return who, work.site.find_place(work) if work.site.find_place else None
    except (WorkspaceError, SQLAlchemyError):
        return "", None
