"""Lists that may grow are read page by page: a cursor says after what to go on."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar
from uuid import UUID

from msgspec import Struct

from workspace.core.errors import Invalid
from workspace.web.api import MOST_NUMBER

Item = TypeVar("Item")


class Slice(Struct, Generic[Item], frozen=True):
    """The items of one page; `next` is the cursor of the page after it, None at the end."""

    items: Sequence[Item]
    next: str | None


def sliced(found: Sequence[Item], *, cursor: Callable[[Item], object], limit: int) -> Slice[Item]:
    """The first `limit` items; `found` was asked for one more, to know whether the list goes on."""
    page = found[:limit]
    return Slice(page, str(cursor(page[-1])) if len(found) > limit else None)


def number_after(cursor: str) -> int:
    """The number to go on after, 0 for a first page. Raises `Invalid` for what was never a cursor."""
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit()) or int(cursor) > MOST_NUMBER:
        raise Invalid(field="cursor", reason="unknown_cursor", given=cursor)
    return int(cursor)


def id_after(cursor: str) -> UUID | None:
    """The id to go on after, None for a first page. Raises `Invalid` for what was never a cursor."""
    try:
        return UUID(cursor) if cursor else None
    except ValueError as error:
        raise Invalid(field="cursor", reason="unknown_cursor", given=cursor) from error
