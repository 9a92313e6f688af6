"""Expressions that are compiled when they are first used.

Several hundred stand in the engine, and few are needed to begin with: compiling all of them kept a server that starts
from answering.
"""

import re
from typing import AnyStr, Generic, cast

_SAYS = frozenset({"search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split", "pattern", "flags"})


def lazy_regex(written: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` makes of `written`, made at its first use. A mistake in it is raised then, not here."""
    return cast("re.Pattern[AnyStr]", _LazyPattern(written, flags))


class _LazyPattern(Generic[AnyStr]):
    def __init__(self, written: AnyStr, flags: int) -> None:
        self._used: tuple[AnyStr, int] = (written, flags)

    def __getattr__(self, name: str) -> object:
        compiled = re.compile(*self._used)
        self.__dict__.update(
            {method: getattr(compiled, method) for method in _SAYS}
        )  # from now on as quick as the expression
        return getattr(compiled, name)
