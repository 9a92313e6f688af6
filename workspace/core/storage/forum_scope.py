"""Which rows of the database belong to a forum: each slice says it of its tables, for a forum written as one file."""

from collections.abc import Callable
from typing import Any, TypeAlias

import sqlalchemy as sa
from msgspec import Struct

from workspace.core.actor import Actor
from workspace.core.storage.db import Model

Column: TypeAlias = Any  # an attribute of a mapped class


class ForumScope(Struct, frozen=True):
    """The rows of `model` in which one of the columns `through` points at a row that belongs to the forum.

    `order` is that in which they can be inserted again, their key where it says nothing. `persons` is a column that
    names a person who goes along. `only` narrows the rows down to those that this actor may take out.
    """

    model: type[Model]
    through: tuple[Column, ...]
    order: tuple[Column, ...] = ()
    persons: Column = None
    only: Callable[[Actor], sa.ColumnElement[bool]] | None = None


def scope(model: type[Model], *through: Column, **more: Any) -> ForumScope:
    """As `ForumScope`; without a column, that of the declaration which the rows are about."""
    return ForumScope(model, through or (model.declaration_id,), **more)  # type: ignore[attr-defined]  # as it says
