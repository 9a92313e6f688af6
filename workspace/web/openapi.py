"""The OpenAPI document says of every shape what its docstring says, and shows of every body an example.

It also says which requests may be repeated. The examples stand in a file beside this one, by the name of the operation:
a programmer who reads them in a row sees the whole work of a forum.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec
from litestar.openapi.spec import OpenAPIType, Operation, Parameter, RequestBody, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

JSON = "application/json"
EXAMPLES = Path(__file__).with_name("api_examples.json")


@cache
def examples() -> Mapping[str, Any]:
    """Of each operation that takes JSON, by its id, a body as it may be sent."""
    return msgspec.json.decode(EXAMPLES.read_bytes(), type=dict[str, Any])


@dataclass
class Shown(Operation):
    """An operation whose body, where it has one, is shown by an example."""

    def __post_init__(self) -> None:
        if isinstance(self.request_body, RequestBody) and (body := self.request_body.content.get(JSON)):
            body.example = examples().get(self.operation_id or "")


@dataclass
class Repeatable(Shown):
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


class Described(OpenAPISchemaPlugin):
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
