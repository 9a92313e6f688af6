"""No text holds the character NUL: PostgreSQL cannot keep it, and what SQLite keeps could never move there.

Asked in one place, before a statement reaches the database, so that no door and no service can forget it.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from workspace.core.errors import Invalid

_NUL = "\x00"
_IN_JSON = "\\u0000"  # as it stands in a JSON column, unless it is a backslash that somebody wrote
_SUFFIX = re.compile(r"_\d+$")  # of a bound parameter: `slug_1`


def refuse_nul(_connection: Any, _cursor: Any, _statement: str, parameters: Any, context: Any, _many: bool) -> None:  # noqa: FBT001  (the signature is SQLAlchemy's)
    """Engine event: raises `Invalid` for a statement with such text among its parameters."""
    if _is_suspect(parameters):
        given = getattr(context, "compiled_parameters", None)
        for values in [{"text": parameters}] if given is None else given:
            refuse_nul_in(values)


def refuse_nul_in(values: Mapping[str, Any]) -> None:
    """Raise `Invalid`, naming the field, for the first value that holds the character, however deep."""
    for name, value in values.items():
        if _holds(value):
            raise Invalid(field=_SUFFIX.sub("", name), reason="nul")


def _is_suspect(parameters: Any) -> bool:
    """A quick look at values as the driver gets them: flat, or one level of rows."""
    values = parameters.values() if isinstance(parameters, Mapping) else parameters
    return any(
        (_NUL in value or _IN_JSON in value) if isinstance(value, str) else _is_suspect(value)
        for value in values
        if isinstance(value, str | tuple | Mapping)
    )


def _holds(value: Any) -> bool:
    if isinstance(value, str):
        return _NUL in value
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        return any(_holds(key) or _holds(one) for key, one in value.items())
    return isinstance(value, list | tuple) and any(_holds(one) for one in value)
