"""The OpenAPI document is true and complete."""

import re

from litestar.routes import HTTPRoute

from tests.workspace.api import doors
from tests.workspace.api.described import REFERENCE, operations, references


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
        assert refusals.keys() >= ({"413", "422"} if method != "get" else set())
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
            name = content["schema"]["$ref"].removeprefix(REFERENCE)
            assert name.endswith("In"), path
            assert schemas[name]["properties"], path


def test_every_route_that_writes_is_knocked_at(place, document):
    writing = {operation["operationId"] for _, method, operation in operations(document) if method != "get"}
    assert {operation for _, operation, _, _ in doors.every(place)} == writing
