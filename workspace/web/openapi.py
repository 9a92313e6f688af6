"""The OpenAPI document says of every shape what its docstring says."""

from inspect import cleandoc
from typing import Any

from litestar.openapi.spec import Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition


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
