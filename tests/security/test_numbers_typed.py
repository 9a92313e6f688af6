"""Numbers in addresses and forms: what is too large, negative or in digits of another script never fails at our end."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from tests.security.walking import Quarter
from workspace import app as application
from workspace.core.actor import Role
from workspace.core.errors import Invalid
from workspace.core.security.permissions import Phase
from workspace.core.validation import MOST_NUMBER, whole_number
from workspace.recommendations.models import Recommendation

SOURCE = Path(application.__file__).parent
OVER, ARABIC, FULL_WIDTH = str(2**63), "\u0661", "\uff11"
STRANGE = (OVER, ARABIC, "-1", "9" * 100)
_ASKED = re.compile(r"(?:query_params|asked|chosen|params|query|settings|given)(?:\.get\(|\[)\"(\w+)\"")
_IDS = frozenset({"text", "language", "block", "declaration", "person", "organisation", "theme", "session"})


def names_in_queries() -> set[str]:
    """Every name that a page looks for in its query by itself."""
    sources = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")]
    return {name for source in sources if "query_params" in source for name in _ASKED.findall(source)} - _IDS


def handlers(app: Litestar) -> dict[tuple[str, str], HTTPRouteHandler]:
    routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
    return {
        (method, route.path_format): handler
        for route in routes
        for method, (handler, _) in route.route_handler_map.items()
    }


def integers_of(handler: HTTPRouteHandler) -> set[str]:
    """The names of the query that the route itself takes for numbers."""
    fields = handler.parsed_fn_signature.parameters.values()
    typed = {
        field.name for field in fields if int in {field.annotation, *(inner.annotation for inner in field.inner_types)}
    }
    return typed - set(re.findall(r"{(\w+)[:}]", "".join(handler.paths)))


@pytest.fixture(scope="module")
def names() -> set[str]:
    found = names_in_queries()
    assert {"from", "to", "page", "revision", "before", "first"} <= found
    return found


@pytest.mark.parametrize("strange", STRANGE, ids=["over", "arabic", "negative", "long"])
def test_no_number_in_a_query_is_a_failure_of_ours(store, names, strange):
    failed, counted = [], 0
    with Quarter(store, Phase.CONSULTATION) as quarter:
        known = handlers(quarter.client.app)
        for door in quarter.doors():
            if door.method != "GET":
                continue
            asked = names | integers_of(known[door.method, door.route])
            answers = [
                quarter.ask(Role.CHAIR, "GET", door.path.partition("?")[0], params=dict.fromkeys(some, strange))
                for some in ([*sorted(asked)], ["from"], ["page"])
            ]
            counted += len(answers)
            failed += [(door.route, answer.status_code) for answer in answers if answer.status_code >= 500]
    assert failed == []
    assert counted > 500


@pytest.mark.parametrize("strange", STRANGE, ids=["over", "arabic", "negative", "long"])
def test_no_number_in_a_path_is_a_failure_of_ours(store, strange):
    with Quarter(store, Phase.CONSULTATION) as quarter:
        wrong, counted = [], 0
        for door in quarter.doors():
            names = re.findall(r"{(number|question|before|after|revision|which)}", door.route)
            if door.method == "GET" and names:
                rest = dict.fromkeys(re.findall(r"{(\w+)}", door.route), "1")
                path = door.route.format_map({**rest, **quarter.known, **dict.fromkeys(names, strange)})
                status = quarter.ask(Role.CHAIR, "GET", path).status_code
                counted += 1
                wrong += [] if 400 <= status < 500 else [(door.route, status)]
        assert wrong == []
        assert counted > 10


@pytest.mark.parametrize("strange", [OVER, ARABIC], ids=["over", "arabic"])
def test_no_number_in_a_form_is_a_failure_of_ours(store, strange):
    failed, read = [], 0
    with Quarter(store, Phase.CONSULTATION) as quarter:
        known = handlers(quarter.client.app)
        for door in quarter.doors():
            if door.method != "POST" or door.path.startswith("/api"):
                continue
            body = known[door.method, door.route].parsed_data_field
            fields = getattr(body.annotation, "__struct_fields__", ()) if body else ()
            for sent in (
                dict.fromkeys(fields, strange),
                *({**dict.fromkeys(fields, "1"), name: strange} for name in fields),
            ):
                answer = quarter.ask(Role.CHAIR, "POST", door.path, data=sent)
                read += answer.status_code not in {403, 404}
                failed += [(door.route, answer.status_code)] if answer.status_code >= 500 else []
    assert failed == []
    assert read > 100


@pytest.mark.parametrize("number", [2**63, -(2**63), 10**40], ids=["over", "under", "long"])
def test_a_number_that_no_database_holds_is_refused_wherever_it_comes_in(store, number):
    pair = {"one": str(number), "other": "4", "act": "keep_apart", "back": "/en"}
    with Quarter(store, Phase.CONSULTATION) as quarter:
        answer = quarter.ask(Role.CHAIR, "POST", "/en/third-forum/recommendations/pairs", data=pair)
        assert answer.status_code in {303, 404, 422}
    with store.reading() as db, pytest.raises(Invalid):
        db.scalar(sa.select(Recommendation).where(Recommendation.number == number))


@pytest.mark.parametrize(
    ("written", "number"),
    [("7", 7), (" 12 ", 12), ("007", 7), ("0", 0), (ARABIC, None), (FULL_WIDTH, None), ("-1", None),
     ("1_000", None), ("1e3", None), ("", None), (OVER, None), (str(MOST_NUMBER), MOST_NUMBER),
     (str(MOST_NUMBER + 1), None), ("²", None)],
)  # fmt: skip
def test_one_reader_of_numbers(written, number):
    assert whole_number(written) == number


def test_nothing_else_reads_numbers_that_people_type():
    """`isdecimal` and its like are true for every script; `int` reads them all, and underscores."""
    doors = [path for path in SOURCE.rglob("*.py") if not {"notes", "readers", "mail_reader"} & set(path.parts)]
    loose = re.compile(r"\.is(?:decimal|digit|numeric)\(")
    found = {path.relative_to(SOURCE).as_posix() for path in doors if loose.search(path.read_text(encoding="utf-8"))}
    assert found <= {
        "core/validation.py",
        "doctor.py",
        "editions/messages.py",
        "recommendations/similarity.py",
        "web/http/security.py",
    }
