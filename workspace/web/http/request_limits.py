"""How large, how deep and how strange a request may be, asked before anything of it is parsed.

What cannot be read is the sender's error and says where; it is never a failure of ours. Sizes of bodies are
bounded by the application (`request_max_body_size`), and where a route says so for itself.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import unquote_to_bytes
from uuid import UUID

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import UploadFile
from litestar.enums import MediaType, RequestEncodingType
from litestar.exceptions import HTTPException, SerializationException, ValidationException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.params import BodyKwarg
from litestar.utils.scope.state import ScopeState

from drafts.checks.characters import mended, plain_words
from workspace.core.errors import NotFound
from workspace.core.validation import MOST_NUMBER
from workspace.web.http.request_context import is_api
from workspace.web.refusals.sentences import TWICE, UNKNOWN

MOST_DEPTH = 64  # of JSON, brackets within brackets
MOST_PARTS = 1_000  # of a multipart form
MOST_FIELDS = 5_000  # of any other form
MOST_QUERY_FIELDS = 200  # fields in a query
LONGEST_QUERY = 8_000
LONGEST_WORD = 200  # of an address between two slashes
WRONG_FORM, NOT_ACCEPTABLE = 415, 406
NO_BODY = [{"key": "data"}]  # what is wrong is said of no part of it: there is none that could be read
_MARKS = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[{]|[\]}]|-?[0-9]{19,}', re.DOTALL)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ufffd]")
_OPENS, _CLOSES = (b"[", b"{"), (b"]", b"}")
_WHERE = re.compile(r" - at `(?:key in )?\$\.?(.*)`$")
_FORMS = frozenset({RequestEncodingType.MULTI_PART, RequestEncodingType.URL_ENCODED})


async def ensure_readable_address(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard of everything: ids and numbers are written in one way only, and the query is text of a bearable size."""
    segments = connection.scope["path"].split("/")
    for value in connection.path_params.values():
        is_plain = str(value) in segments if isinstance(value, UUID | int) else len(str(value)) <= LONGEST_WORD
        if not is_plain or (isinstance(value, int) and value > MOST_NUMBER):
            raise NotFound(what="page")
    query: bytes = connection.scope["query_string"]
    if len(query) > LONGEST_QUERY or query.count(b"&") >= MOST_QUERY_FIELDS or not _is_text(unquote_to_bytes(query)):
        raise ValidationException(extra=[{"key": "?"}])
    given = connection.query_params.keys() if query and is_api(connection.scope["path"]) else set()
    if unknown := given - _query_names(handler):
        raise ValidationException(extra=[{"key": name, "message": UNKNOWN} for name in sorted(unknown)])


@cache
def _query_names(handler: BaseRouteHandler) -> frozenset[str]:
    """What a route reads of a query: its parameters, by the names that a query gives them."""
    fields = handler.parsed_fn_signature.parameters
    queries = (getattr(field.kwarg_definition, "name", None) or name for name, field in fields.items())
    return frozenset(queries)


async def ensure_readable_body(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard of everything: a body is of the kind that its route takes, bounded, and what it says it is."""
    if not isinstance(connection, Request) or not isinstance(handler, HTTPRouteHandler):
        return
    _ensure_acceptable(connection, handler)
    taken = _taken(handler)
    if taken is None:
        return
    kind, _ = connection.content_type
    if taken is RequestEncodingType.JSON:
        await _ensure_json(connection, handler, kind)
    elif is_api(connection.scope["path"]) and kind != taken:
        raise HTTPException(status_code=WRONG_FORM, headers={"Accept-Post": taken.value})
    elif kind == RequestEncodingType.URL_ENCODED and (await connection.body()).count(b"&") >= MOST_FIELDS:
        raise ValidationException(extra=NO_BODY)


async def read_plain_words(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard of everything: the one door at which the texts of a form or of JSON lose controls that nobody types, and
    become empty where nothing of them is seen. Of files it is the names, which also lose what turns directions."""
    state = ScopeState.from_scope(connection.scope)
    for body in (state.form, state.json):
        _in_plain_words(body)


def _in_plain_words(value: Any) -> Any:
    """The same value; lists and mappings are changed in their place, because the framework holds them already."""
    if isinstance(value, str):
        return plain_words(value)
    if isinstance(value, UploadFile):
        value.filename = mended(plain_words(value.filename), is_letter=False)
    elif isinstance(value, dict):
        value.update({name: _in_plain_words(part) for name, part in value.items()})
    elif isinstance(value, list):
        value[:] = map(_in_plain_words, value)
    return value


def _taken(handler: HTTPRouteHandler) -> RequestEncodingType | None:
    """What kind of body the route takes; None for none."""
    field = handler.parsed_data_field
    definition = field.kwarg_definition if field else None
    return RequestEncodingType(definition.media_type) if isinstance(definition, BodyKwarg) else None


def _ensure_acceptable(request: Request[Any, Any, Any], handler: HTTPRouteHandler) -> None:
    """Who asks the API for anything but JSON is told that there is nothing else; a file is what it is."""
    wanted = request.headers.get("accept", "")
    if not wanted or not is_api(request.scope["path"]) or handler.media_type != MediaType.JSON:
        return
    if not any(name in wanted.lower() for name in ("json", "*/*", "application/*")):
        raise HTTPException(status_code=NOT_ACCEPTABLE)


async def _ensure_json(request: Request[Any, Any, Any], handler: HTTPRouteHandler, kind: str) -> None:
    body = await request.body()
    if kind != RequestEncodingType.JSON and (body or kind):
        raise HTTPException(status_code=WRONG_FORM, headers={"Accept-Post": RequestEncodingType.JSON.value})
    if request.headers.get("content-encoding", "identity").lower() != "identity" or not _is_text(body):
        raise ValidationException(extra=NO_BODY)
    _ensure_shallow(body)
    try:
        value = await request.json()
    except (SerializationException, UnicodeError, RecursionError, ValueError) as error:
        raise ValidationException(extra=NO_BODY) from error
    json.loads(body or b"null", object_pairs_hook=_ensure_given_once)
    _ensure_of_its_type(value, handler)


def _ensure_given_once(pairs: Sequence[tuple[str, Any]]) -> None:
    """Of two values under one name, nobody can tell which is meant."""
    names = Counter(name for name, _ in pairs)
    if twice := [name for name, count in names.items() if count > 1]:
        raise ValidationException(extra=[{"key": name, "message": TWICE} for name in twice])


def _ensure_of_its_type(value: Any, handler: HTTPRouteHandler) -> None:
    """JSON has types of its own: "1" is no number here, though it is one in a query."""
    field = handler.parsed_data_field
    if field is None or (value is None and field.is_optional):
        return
    try:
        msgspec.convert(value, field.annotation, strict=True)
    except msgspec.ValidationError as error:
        where = _WHERE.search(str(error))
        message = str(error).partition(" - at ")[0]
        raise ValidationException(extra=[{"key": where[1] if where else "data", "message": message}]) from error


def _ensure_shallow(body: bytes) -> None:
    """Raise for brackets within brackets without end, and for whole numbers that no database holds."""
    depth = 0
    for mark in _MARKS.finditer(body):
        token = mark[0]
        if token in _OPENS:
            depth += 1
            if depth > MOST_DEPTH:
                raise ValidationException(extra=NO_BODY)
        elif token in _CLOSES:
            depth -= 1
        elif token[:1] != b'"' and (len(token) > len("-9223372036854775808") or abs(int(token)) >= 2**63):
            raise ValidationException(extra=NO_BODY)


def _is_text(given: bytes) -> bool:
    try:
        given.decode()
    except UnicodeDecodeError:
        return False
    return True


def is_printable_path(path: str) -> bool:
    """Whether an address holds text only: no control characters, and no bytes that were not UTF-8."""
    return _UNPRINTABLE.search(path) is None
