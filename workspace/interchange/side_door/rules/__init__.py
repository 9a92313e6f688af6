"""How each language asks for a change: one readable table per language.

Stems are shared between the languages, so what stands around a request is looked for in all of them.
"""

from functools import cache

from workspace.interchange.side_door.rules import en, es, fr
from workspace.interchange.side_door.rules.table import Around

TABLES = (en.TABLE, es.TABLE, fr.TABLE)


@cache
def around(name: Around) -> str:
    """The words of this name in any of the languages, as a regular expression without bounds."""
    return "|".join(getattr(table, name) for table in TABLES)


@cache
def nth_words() -> tuple[tuple[int, str], ...]:
    """The words of each ordinal in any of the languages."""
    return tuple((count, "|".join(table.nth[count] for table in TABLES)) for count in en.TABLE.nth)
