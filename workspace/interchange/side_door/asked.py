"""What a mail asks for, before anybody has looked whether the text can take it."""

from msgspec import Struct

from workspace.interchange.side_door.rules.table import Kind
from workspace.interchange.side_door.signs import Place, Quote

MOST = 400  # requests that are read in one mail
EVERY = 0  # as an occurrence: all of them
ONLY = 1_000  # as an occurrence: the words stand there once


class Request(Struct, frozen=True):
    """One change that is asked for, before anybody has looked whether the text can take it.

    `places` are the paragraphs it names, `to_places` those that it moves something to; none if it names none.
    `nth` says which occurrence of the words is meant. `source` is the sentence as it was written.
    """

    kind: Kind
    source: str
    places: tuple[Place, ...] = ()
    to_places: tuple[Place, ...] = ()
    old: Quote | None = None
    new: str = ""
    mark: Quote | None = None
    to: Quote | None = None
    nth: int = ONLY
    is_everywhere: bool = False
    reason: str = ""


class Reading(Struct, frozen=True):
    """The requests of a mail; sentences that ask for something and were not understood; the rest of it."""

    requests: tuple[Request, ...]
    not_read: tuple[str, ...]
    rest: tuple[str, ...]
