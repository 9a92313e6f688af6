"""Lists that may grow are read page by page: a cursor says after what to go on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from workspace.core.errors import Invalid

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Slice(Generic[Item]):
    """The items of one page; `next` is the cursor of the page after it, None at the end."""

    items: Sequence[Item]
    next: str | None


def sliced(items: Iterable[Item], *, key: Callable[[Item], int], after: str, limit: int) -> Slice[Item]:
    """The first `limit` items beyond the cursor `after`; `items` stand in the order of their keys.

    An item that has left the list meanwhile does no harm. Raises `Invalid` for what was never a cursor.
    """
    if after and not (after.isascii() and after.isdigit()):
        raise Invalid(field="cursor", reason="unknown_cursor", given=after)
    beyond = int(after) if after else -1
    found = list(islice((item for item in items if key(item) > beyond), limit + 1))
    page = found[:limit]
    return Slice(page, str(key(page[-1])) if len(found) > limit else None)
