"""The OpenAPI document, taken apart."""

from collections.abc import Iterator, Mapping
from typing import Any

REFERENCE = "#/components/schemas/"
METHODS = {"get", "put", "post", "delete", "patch"}


def operations(document) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield path, method, operation


def references(value) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)
