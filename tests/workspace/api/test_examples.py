"""Every body that the API takes is shown by an example that it takes."""

import json

import msgspec
import pytest
from litestar.routes import HTTPRoute

from tests.workspace.api.described import operations
from workspace.web.api import examples


@pytest.fixture
def taken(house):
    """The type of the body of every operation, by its id."""
    return {
        handler.operation_id: handler.parsed_fn_signature.parameters["data"].annotation
        for route in house.client.app.routes
        if isinstance(route, HTTPRoute) and route.path.startswith("/api/")
        for handler in route.route_handlers
        if "data" in handler.parsed_fn_signature.parameters
    }


def test_every_operation_that_takes_json_shows_a_body_in_the_document(document):
    shown = {
        operation["operationId"]: content.get("example")
        for _, _, operation in operations(document)
        for kind, content in operation.get("requestBody", {}).get("content", {}).items()
        if kind == "application/json"
    }
    assert [name for name, example in shown.items() if not example] == []
    assert shown == examples()


def test_every_example_is_taken_by_its_operation_and_names_no_field_in_vain(taken):
    for name, example in examples().items():
        read = msgspec.json.decode(json.dumps(example).encode(), type=taken[name])
        assert example.keys() <= {one.encode_name for one in msgspec.structs.fields(read)}, name
