"""What every JSON route has in common: documentation and examples (OpenAPI), answers, lists page by page."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from inspect import Parameter as SignatureParameter
from inspect import cleandoc, signature
from pathlib import Path
from typing import Annotated, Any, Generic, TypeAlias, TypeVar, get_args, get_origin
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIType, Operation, Parameter, Reference, RequestBody, Schema, SecurityScheme
from litestar.params import PathParameter, QueryParameter
from litestar.plugins import OpenAPISchemaPlugin
from litestar.types import Empty, EmptyType
from litestar.typing import FieldDefinition
from msgspec import Struct

from workspace.core.errors import Invalid, required
from workspace.core.storage.db import Db
from workspace.core.validation import MOST_NUMBER, whole_number
from workspace.web.error_responses import Problem
from workspace.web.http.request_context import Handler, Policy, Work, in_unit, knowing_who_asks, signed
from workspace.web.http.routing import delete, get, patch, post, put
from workspace.web.http.security import KNOWS_ACTOR

JSON = "application/json"
EXAMPLES = Path(__file__).with_name("api_examples.json")


@cache
def examples() -> Mapping[str, Any]:
    """Of each operation that takes JSON, by its id, a body as it may be sent."""
    return msgspec.json.decode(EXAMPLES.read_bytes(), type=dict[str, Any])


@dataclass
class ExampleOperation(Operation):
    """An operation whose body, where it has one, is shown by an example, and that says which header it cannot miss."""

    def __post_init__(self) -> None:
        if isinstance(self.request_body, RequestBody) and (body := self.request_body.content.get(JSON)):
            body.example = examples().get(self.operation_id or "")
            named = [shape for shape in getattr(body.schema, "one_of", None) or () if isinstance(shape, Reference)]
            if named:  # a body that may be left out
                body.schema, self.request_body.required = named[0], False
        for given in self.parameters or ():
            if isinstance(given, Parameter) and given.name == "If-Match" and "428" in (self.responses or {}):
                given.required, given.schema = True, Schema(type=OpenAPIType.STRING, max_length=200)


@dataclass
class IdempotentOperation(ExampleOperation):
    """An operation that may be sent again with the same key, and is then carried out once."""

    def __post_init__(self) -> None:
        super().__post_init__()
        key = Parameter(
            name="Idempotency-Key",
            param_in="header",
            required=False,
            description=(
                "Any words of your own that name this request: sent again with the same key within a day, it is "
                "answered as before and done once. For another request the same key is refused (422)."
            ),
            schema=Schema(type=OpenAPIType.STRING, min_length=1, max_length=200),
        )
        self.parameters = [*(self.parameters or []), key]


class DescribedSchemas(OpenAPISchemaPlugin):
    """Gives each struct and dataclass its docstring as description; its fields are described as without it."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        kind = field_definition.annotation
        is_shape = hasattr(kind, "__struct_fields__") or hasattr(kind, "__dataclass_fields__")
        return isinstance(kind, type) and is_shape and bool(kind.__doc__)

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        usual = next(
            plugin
            for plugin in schema_creator.plugins
            if plugin is not self and schema_creator.plugin_supports_field(plugin, field_definition)
        )
        schema: Schema = usual.to_openapi_schema(field_definition, schema_creator)
        schema.description = cleandoc(field_definition.annotation.__doc__)
        return schema


Answer = TypeVar("Answer")

PROBLEM = "application/problem+json"
NO_STORE: Mapping[str, str] = {"Cache-Control": "no-store"}
CREATED, DONE, GONE = 201, 200, 204
MEANINGS: Mapping[int, str] = {
    400: "The request cannot be read; `fields` names the parts that could not be.",
    401: "The token is not known, or no longer.",
    403: "A token that may only read, or a request of another site.",
    404: "There is no such thing, or the actor may not know of it.",
    409: "The state of things does not allow it; `code` and `facts` say why.",
    412: "Somebody else has moved what `If-Match` names; `facts.head` is what stands there now.",
    413: "The body is larger than this route takes.",
    415: "The body is of another kind than this route takes.",
    422: "A value that cannot be taken; `code` and `facts` say which and why.",
    428: "The request does not say in `If-Match` what it replaces.",
    429: "Too many requests; `Retry-After` says how many seconds to wait.",
    503: "Maintenance, or too much work at this moment; `Retry-After` says how many seconds to wait.",
}
READ_REFUSALS = (400, 401, 404, 422, 429, 503)
WRITE_REFUSALS = (*READ_REFUSALS, 403, 413, 415)
SECURITY: Mapping[str, SecurityScheme] = {
    "token": SecurityScheme(type="http", scheme="bearer", description="A token that a person made for a program."),
    "sign_in": SecurityScheme(
        type="apiKey", name="__Host-sign-in", security_scheme_in="cookie", description="The sign-in of a browser."
    ),
}
SECURED: list[dict[str, list[str]]] = [{"token": []}, {"sign_in": []}, {}]  # what is public needs neither
ABOUT = (
    "Answers carry `RateLimit-Policy` and `RateLimit`: how many requests one address may send at once and has left. "
    'A list is answered in parts: `Link` with `rel="next"`, or `next` in it, leads to the part after it. '
    "What is refused is a problem (RFC 9457) whose `type` leads to a page about it."
)


Number: TypeAlias = Annotated[int, PathParameter(ge=1, le=MOST_NUMBER)]
Limit: TypeAlias = Annotated[int, QueryParameter(ge=1, le=200, description="How many to answer with at most.")]
Cursor: TypeAlias = Annotated[
    str, QueryParameter(max_length=64, description="Where to go on: `next` of the page before; empty for the first.")
]


MOST_ITEMS = 1_000
Offset: TypeAlias = Annotated[
    int, QueryParameter(ge=0, le=MOST_NUMBER, description="How many to leave out at the beginning.")
]
Part: TypeAlias = Annotated[int, QueryParameter(ge=1, le=MOST_ITEMS, description="How many to answer with at most.")]
LISTS = ("items", "assignments", "findings", "reviews", "suggestions", "terms")  # fields that hold the whole of a list


def reads(
    path: str, *refusals: int, policy: Policy = "", media_type: str | None = None
) -> Callable[[Handler], HTTPRouteHandler]:
    """A route that changes nothing. `refusals` are statuses it answers besides those of every reading route."""

    def made(function: Handler) -> HTTPRouteHandler:
        documented = _documented(function, policy, (*READ_REFUSALS, *refusals))
        handler = _in_parts(_given_unit(function, Work.reading))
        named = {**documented, KNOWS_ACTOR: "work" in signature(handler).parameters}
        reading = knowing_who_asks(handler) if named[KNOWS_ACTOR] else handler
        return get(path, media_type=media_type, **named)(reading)

    return made


def _given_unit(function: Handler, open_unit: Callable[[Work], AbstractContextManager[Db]]) -> Handler:
    returned = _answered(signature(function).return_annotation)
    return in_unit(
        function,
        open_unit,
        answer=lambda _, made: answer(made) if isinstance(made, Struct) else made,
        returned=returned,
    )


def _answered(returned: Any) -> Any:
    """The answer that programs are told of, where a route is annotated with what it returns."""
    if get_origin(returned) is Response:
        (content,) = get_args(returned)
        return Response[_named(content)]  # type: ignore[misc]  # built while the program runs
    is_shape = isinstance(shape := get_origin(returned) or returned, type) and issubclass(shape, Struct)
    return Response[_named(returned)] if is_shape else returned  # type: ignore[misc]  # the same


@cache
def _named(shape: Any) -> Any:
    """A list of shapes under a name of its own in the description of the API, such as ListOfAnnexOut."""
    if (base := get_origin(shape)) not in (ListOf, PageOf):
        return shape
    item: Any
    (item,) = get_args(shape)
    name, fields, namespace = f"{base.__name__}{item.__name__}", [("items", Sequence[item])], {"__doc__": base.__doc__}
    return msgspec.defstruct(
        name, fields, bases=(base,), namespace=namespace, module=__name__, frozen=True, kw_only=True
    )


def _in_parts(function: Handler) -> Handler:
    """`function`, whose list is answered in parts, each with a `Link` to the next; others are left as they are."""
    asked = signature(function)
    (shape,) = get_args(asked.return_annotation) or (None,)
    name = next((name for name in LISTS if name in getattr(shape, "__struct_fields__", ())), "")
    if not name or "limit" in asked.parameters:
        return function

    def handler(*given: Any, work: Work, offset: int, limit: int, **named: Any) -> Any:
        made, end = function(*given, work=work, **named), offset + limit
        whole = getattr(made.content, name)
        made.content = msgspec.structs.replace(made.content, **{name: whole[offset:end]})
        if end < len(whole):
            onward = urlencode({**work.request.query_params, "offset": end, "limit": limit})
            made.headers["Link"] = f'<{work.request.url.path}?{onward}>; rel="next"'
        return made

    added = [
        SignatureParameter("offset", SignatureParameter.KEYWORD_ONLY, annotation=Offset, default=0),
        SignatureParameter("limit", SignatureParameter.KEYWORD_ONLY, annotation=Part, default=MOST_ITEMS),
    ]
    return signed(handler, function, asked.replace(parameters=[*asked.parameters.values(), *added]))


def _changing(
    verb: Callable[..., Any], path: str, refusals: tuple[int, ...], policy: Policy, **more: Any
) -> Callable[[Handler], HTTPRouteHandler]:
    def made(function: Handler) -> HTTPRouteHandler:
        documented = _documented(function, policy, (*WRITE_REFUSALS, *refusals))
        handler: HTTPRouteHandler = verb(path, **more, **documented)(_given_unit(function, Work.writing))
        return handler

    return made


def writes(
    path: str, *refusals: int, policy: Policy = "", status: int = CREATED, largest: int | EmptyType = Empty
) -> Callable[[Handler], HTTPRouteHandler]:
    """A route by which somebody does something. `largest` is the size of its body, where it is not everyone's."""
    sent = {"status_code": status, "request_max_body_size": largest, "operation_class": IdempotentOperation}
    return _changing(post, path, refusals, policy, **sent)


_ANSWERED: Mapping[str, Any] = {"status_code": DONE, "operation_class": ExampleOperation}


def replaces(path: str, *refusals: int, policy: Policy = "") -> Callable[[Handler], HTTPRouteHandler]:
    """A route that puts one thing in the place of another, which the request names in `If-Match`."""
    return _changing(put, path, (412, 428, *refusals), policy, **_ANSWERED)


def changes(path: str, *refusals: int, policy: Policy = "") -> Callable[[Handler], HTTPRouteHandler]:
    """A route that changes the parts of one's own thing that the body names, and leaves the others."""
    return _changing(patch, path, refusals, policy, **_ANSWERED)


def removes(path: str, *refusals: int, policy: Policy = "") -> Callable[[Handler], HTTPRouteHandler]:
    """A route that ends one thing. It answers with nothing."""
    return _changing(delete, path, refusals, policy, status_code=GONE, operation_class=ExampleOperation)


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
        "responses": {status: _refusal(status) for status in sorted(set(refusals))},
    }


@cache
def _refusal(status: int) -> ResponseSpec:
    return ResponseSpec(Problem, generate_examples=False, description=MEANINGS[status], media_type=PROBLEM)


Item = TypeVar("Item")


class ListOf(Struct, Generic[Item], frozen=True, kw_only=True):
    """The whole of a list, in the order that its operation names."""

    items: Sequence[Item]


class PageOf(Struct, Generic[Item], frozen=True, kw_only=True):
    """The items of one page; `next` is the cursor of the page after it, null at the end."""

    items: Sequence[Item]
    next: str | None = None


def list_page(found: Sequence[Item], *, cursor: Callable[[Item], object], limit: int) -> PageOf[Item]:
    """The first `limit` items; `found` was asked for one more, to know whether the list goes on."""
    page = found[:limit]
    return PageOf(items=page, next=str(cursor(page[-1])) if len(found) > limit else None)


def number_after(cursor: str) -> int:
    """The number to go on after, 0 for a first page. Raises `Invalid` for what was never a cursor."""
    if not cursor:
        return 0
    return required(whole_number(cursor), Invalid(field="cursor", reason="unknown_cursor", given=cursor))


def id_after(cursor: str) -> UUID | None:
    """The id to go on after, None for a first page. Raises `Invalid` for what was never a cursor."""
    try:
        return UUID(cursor) if cursor else None
    except ValueError as error:
        raise Invalid(field="cursor", reason="unknown_cursor", given=cursor) from error
