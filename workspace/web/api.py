"""What every JSON route has in common: how it is named, documented and answered.

A route's operation id is the name of its function, its summary the first line of the docstring. Refusals are
`application/problem+json` (`workspace.web.errors`), and no cache keeps an answer unless the route says so.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import cleandoc, signature
from typing import Annotated, Any, TypeAlias, TypeVar

from litestar import Response, delete, get, patch, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import PathParameter, QueryParameter
from litestar.types import Empty, EmptyType

from workspace.web.errors import Problem
from workspace.web.openapi import Repeatable, Shown
from workspace.web.security import LEARNS_WHO_ASKS
from workspace.web.services import Work

Handler: TypeAlias = Callable[..., Any]
Answer = TypeVar("Answer")
Policy: TypeAlias = str | tuple[str, ...]  # what `workspace.web.route_policies` says of it

PROBLEM = "application/problem+json"
NO_STORE: Mapping[str, str] = {"Cache-Control": "no-store"}
CREATED, DONE, GONE = 201, 200, 204
MOST_NUMBER = 2_000_000_000  # what a number of a revision, an amendment or an edition can be at most
MEANINGS: Mapping[int, str] = {
    400: "The request cannot be read; `fields` names the parts that could not be.",
    404: "There is no such thing, or the actor may not know of it.",
    409: "The state of things does not allow it; `code` and `facts` say why.",
    412: "Somebody else has moved what `If-Match` names; `facts.head` is what stands there now.",
    413: "The body is larger than this route takes.",
    422: "A value that cannot be taken; `code` and `facts` say which and why.",
    428: "The request does not say in `If-Match` what it replaces.",
}
READ_REFUSALS = (400, 404)
WRITE_REFUSALS = (400, 404, 413, 422)


class _Refusals(dict[int, ResponseSpec]):
    """What a route may answer with besides. The framework copies handlers with all that is in them; this stays one."""

    def __deepcopy__(self, memo: object) -> "_Refusals":
        return self


Number: TypeAlias = Annotated[int, PathParameter(ge=1, le=MOST_NUMBER)]
Limit: TypeAlias = Annotated[int, QueryParameter(ge=1, le=200, description="How many to answer with at most.")]
Cursor: TypeAlias = Annotated[
    str, QueryParameter(max_length=64, description="Where to go on: `next` of the page before; empty for the first.")
]


def reads(
    path: str, *refusals: int, policy: Policy = "", media_type: str | None = None
) -> Callable[[Handler], HTTPRouteHandler]:
    """A route that changes nothing. `refusals` are statuses it answers besides those of every reading route."""

    def made(function: Handler) -> HTTPRouteHandler:
        documented = _documented(function, policy, (*READ_REFUSALS, *refusals))
        named = {**documented, LEARNS_WHO_ASKS: "work" in signature(function).parameters}
        reading = _knowing_who_asks(function) if named[LEARNS_WHO_ASKS] else function
        return get(path, sync_to_thread=True, media_type=media_type, **named)(reading)

    return made


def _knowing_who_asks(function: Handler) -> Handler:
    """`function`, which first looks up the token it is shown: there, where it reads, it needs no thread of its own."""

    @wraps(function)
    def known(*given: Any, work: Work, **named: Any) -> Any:
        with work.begun():
            _ = work.signed_in
            return function(*given, work=work, **named)

    return known


def writes(
    path: str, *refusals: int, policy: Policy = "", status: int = CREATED, largest: int | EmptyType = Empty
) -> Callable[[Handler], HTTPRouteHandler]:
    """A route by which somebody does something. `largest` is the size of its body, where it is not everyone's."""

    def made(function: Handler) -> HTTPRouteHandler:
        documented = _documented(function, policy, (*WRITE_REFUSALS, *refusals))
        return post(
            path,
            sync_to_thread=True,
            status_code=status,
            request_max_body_size=largest,
            operation_class=Repeatable,
            **documented,
        )(function)

    return made


def replaces(path: str, *refusals: int, policy: Policy = "") -> Callable[[Handler], HTTPRouteHandler]:
    """A route that puts one thing in the place of another, which the request names in `If-Match`."""

    def made(function: Handler) -> HTTPRouteHandler:
        documented = _documented(function, policy, (*WRITE_REFUSALS, 412, 428, *refusals))
        return put(path, sync_to_thread=True, status_code=DONE, operation_class=Shown, **documented)(function)

    return made


def changes(path: str, *refusals: int, policy: Policy = "") -> Callable[[Handler], HTTPRouteHandler]:
    """A route that changes the parts of one's own thing that the body names, and leaves the others."""

    def made(function: Handler) -> HTTPRouteHandler:
        documented = _documented(function, policy, (*WRITE_REFUSALS, *refusals))
        return patch(path, sync_to_thread=True, status_code=DONE, operation_class=Shown, **documented)(function)

    return made


def removes(path: str, *refusals: int, policy: Policy = "") -> Callable[[Handler], HTTPRouteHandler]:
    """A route that ends one thing. It answers with nothing."""

    def made(function: Handler) -> HTTPRouteHandler:
        documented = _documented(function, policy, (*WRITE_REFUSALS, *refusals))
        return delete(path, sync_to_thread=True, status_code=GONE, **documented)(function)

    return made


def answer(content: Answer, *, etag: str = "", location: str = "") -> Response[Answer]:
    """An answer with the id that a later `If-Match` names, and the address of what was made."""
    headers = {"ETag": f'"{etag}"'} if etag else {}
    if location:
        headers["Location"] = location
    return Response(content, headers={**NO_STORE, **headers})


def _documented(function: Handler, policy: Policy, refusals: tuple[int, ...]) -> dict[str, Any]:
    summary, _, rest = cleandoc(function.__doc__ or "").partition("\n")
    guarded = {"policy": policy} if policy else {}  # a controller may say it for all its routes
    return {
        **guarded,
        "operation_id": function.__name__,
        "summary": summary,
        "description": rest.strip() or None,
        "responses": _Refusals(
            (status, ResponseSpec(Problem, generate_examples=False, description=MEANINGS[status], media_type=PROBLEM))
            for status in sorted(set(refusals))
        ),
    }
