"""What comparing texts across languages asks of whoever keeps a forum's agreed wording and its earlier translations."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct

from workspace.core.provided import Provided

if TYPE_CHECKING:
    from workspace.core.storage.db import Db


class Terminology(Struct, frozen=True):
    """Both are given the id of a forum.

    `agreed_wordings` returns all forms of each notion. `translations` is given texts by id, each a language and its
    words, and returns ids with a language and the words that this text, or one very like it, had in it before.
    """

    agreed_wordings: "Callable[[Db, UUID], Sequence[tuple[str, ...]]]"
    translations: "Callable[[Db, UUID, Mapping[UUID, tuple[str, str]]], Sequence[tuple[UUID, str, str]]]"


TERMINOLOGY: Provided[Terminology] = Provided("the terminology of forums")
