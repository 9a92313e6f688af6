"""The OpenAPI document is true and complete."""

import re
from collections import Counter

from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from tests.support import site
from tests.support.page import Page
from tests.workspace.api import doors
from tests.workspace.api.described import REFERENCE, operations, references
from workspace.core.actor import OPERATOR
from workspace.core.security.permissions import Phase
from workspace.declarations.domain.service import DeclarationService
from workspace.web.http.rate_limits import RateLimiter
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.refusals.slice_registry import REGISTRY
from workspace.webhooks.service import KINDS


def test_every_request_that_may_be_sent_again_says_so(document):
    repeatable = {
        operation["operationId"]
        for _, method, operation in operations(document)
        if any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", ()))
    }
    posts = {operation["operationId"] for _, method, operation in operations(document) if method == "post"}
    assert repeatable == posts


def test_the_document_lists_every_route_of_the_api(house, document):
    served = {
        (route.path_format, method.lower())
        for route in house.client.app.routes
        if isinstance(route, HTTPRoute) and route.path.startswith("/api/") and not route.path.startswith("/api/openapi")
        for handler in route.route_handlers
        for method in handler.http_methods
        if method != "OPTIONS"
    }
    assert {(path, method) for path, method, _ in operations(document)} == served
    assert len(served) > 40


def test_the_document_holds_together_as_openapi_3_1(document):
    assert document["openapi"].startswith("3.1.")
    assert document["info"].keys() >= {"title", "version"}
    schemas = document["components"]["schemas"]
    for reference in references(document):
        assert reference.startswith(REFERENCE)
        assert reference.removeprefix(REFERENCE) in schemas
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    for path, method, operation in operations(document):
        named = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"]
        assert sorted(named) == sorted(re.findall(r"\{(\w+)\}", path))
        assert all(one["required"] for one in operation.get("parameters", ()) if one["in"] == "path")
        assert ("requestBody" in operation) <= (method != "get")
        assert all(re.fullmatch(r"[1-5]\d\d", status) for status in operation["responses"])
        assert all(response["description"] for response in operation["responses"].values())


def test_every_operation_says_what_it_does_and_how_it_refuses(document):
    for path, method, operation in operations(document):
        assert operation["summary"].endswith("."), path
        assert operation["tags"]
        refusals = {status: one for status, one in operation["responses"].items() if status >= "400"}
        assert refusals.keys() >= {"400", "404"}
        assert refusals.keys() >= {"422"} | ({"413", "415"} if method != "get" else set())
        for response in refusals.values():
            problem = response["content"]["application/problem+json"]
            assert problem["schema"] == {"$ref": REFERENCE + "Problem"}


def test_whatever_replaces_something_documents_if_match(document):
    for path, _, operation in operations(document):
        headers = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
        assert ("If-Match" in headers) == ("428" in operation["responses"]), path
        assert ("428" in operation["responses"]) <= ("412" in operation["responses"]), path


def test_every_shape_is_described(document):
    shapes = document["components"]["schemas"]
    assert [name for name, shape in shapes.items() if "properties" in shape and not shape.get("description")] == []


def test_what_comes_in_names_every_field_it_takes(document):
    schemas = document["components"]["schemas"]
    for path, _, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            schema = content["schema"]
            name = schema.get("oneOf", [schema])[0]["$ref"].removeprefix(REFERENCE)  # a body that may be missing
            assert name.endswith("In"), path
            assert schemas[name]["properties"], path


def test_every_route_that_writes_is_knocked_at(place, document):
    writing = {operation["operationId"] for _, method, operation in operations(document) if method != "get"}
    assert {operation for _, operation, _, _ in doors.every(place)} == writing


def test_every_shape_has_a_title_of_its_own_that_says_what_it_is(document):
    shapes = document["components"]["schemas"]
    assert [name for name in shapes if "_" in name] == []  # no path of a module
    titles = [shape["title"] for shape in shapes.values() if "title" in shape]
    assert [title for title, count in Counter(titles).items() if count > 1] == []


def test_who_may_ask_and_what_everything_may_answer_is_told(document):
    assert {scheme["type"] for scheme in document["components"]["securitySchemes"].values()} == {"http", "apiKey"}
    assert document["security"]
    for path, method, operation in operations(document):
        assert operation["responses"].keys() >= {"401", "429", "503"}, path
        assert ("403" in operation["responses"]) == (method != "get"), path


def test_a_header_that_cannot_be_missed_is_required(document):
    for path, _, operation in operations(document):
        for given in operation.get("parameters", ()):
            if given["name"] == "If-Match":
                assert given["required"], path


def test_what_webhooks_are_sent_is_described(document):
    assert set(document["webhooks"]) == set(KINDS)
    for item in document["webhooks"].values():
        assert item["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"].keys() >= {
            "type",
            "data",
        }


def test_the_type_of_a_problem_leads_to_a_page_about_it(house):
    refused = house.chair.get("/forums/nowhere").json()
    for language in LANGUAGES:
        page = house.client.get(refused["type"], headers={"Accept-Language": language})
        assert page.status_code == 200
        assert Page(page).language == language
        assert "(200)" not in page.text, "nothing failed here"
    for code in REGISTRY.get().explanations:
        assert house.client.get(f"/problems/{code}").status_code == 200, code
    assert house.client.get("/problems/nothing").status_code == 404


def test_the_tag_of_a_declaration_is_another_one_in_another_phase(house):
    table = house.declaration("One.", phase=Phase.DRAFTING)
    before = house.chair.get(table.path).headers["etag"]
    with house.store.writing() as db:
        DeclarationService(db).enter(DeclarationService(db).get(table.id), Phase.REVIEW, actor=OPERATOR)
    after = house.chair.get(table.path).headers["etag"]
    assert before != after
    assert before.startswith(f'"{table.head}')
    body = {"block_id": table.block(), "text": "Two.", "language": "en", "reason": "Clearer."}
    answer = house.chair.post(f"{table.path}/edits", body, if_match=after.strip('"'))
    assert answer.json().get("code") != "workspace.invalid" or answer.json()["facts"].get("field") != "If-Match"


def test_what_is_left_of_the_pace_is_told(store):
    with TestClient(site.with_accounts(store, pace=RateLimiter())) as client:
        first, second = (client.get("/api/forums").headers["ratelimit"] for _ in range(2))
    assert re.fullmatch(r'"reading";r=1499;t=\d+', first)
    assert re.fullmatch(r'"reading";r=149[89];t=\d+', second)
