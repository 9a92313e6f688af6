"""The messages of one language, as gettext gives them: by the plural rule that the catalogue states.

A catalogue is compiled when it is first read, which takes a tenth of a second, and kept in `__pycache__` beside it,
as Python keeps its own code; from there it is read in some milliseconds.
"""

import os
from contextlib import suppress
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from threading import get_ident
from typing import Any, Self

from workspace.core import instruments


class Catalogue(GNUTranslations):
    """What is marked as a guess ("fuzzy") or is not translated yet is said in English.

    What names an instrument says the names that are in force.
    """

    def _parse(self, fp: Any) -> None:
        super()._parse(fp)
        said: dict[Any, str] = self._catalog  # type: ignore[attr-defined]
        self.language = (self.info().get("language") or "en")[:2]
        self.marked = {key: text for key, text in said.items() if "{" in text and instruments.plain(text) != text}
        said.update({key: instruments.plain(text) for key, text in self.marked.items()})

    def gettext(self, message: str) -> str:
        names = instruments.in_force()
        if names and message in self.marked:
            return instruments.said(self.marked[message], self.language, names)
        return super().gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        names, key = instruments.in_force(), (msgid1, self.plural(n))  # type: ignore[attr-defined]
        if names and key in self.marked:
            return instruments.said(self.marked[key], self.language, names)
        return super().ngettext(msgid1, msgid2, n)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The messages of a `.po` file."""
        compiled = path.parent / "__pycache__" / f"{path.stem}.mo"
        written = path.stat().st_mtime_ns
        with suppress(OSError):
            if compiled.stat().st_mtime_ns == written:
                return cls(BytesIO(compiled.read_bytes()))
        content = _compiled(path)
        with suppress(OSError):  # a folder that may not be written: compiled again at the next start
            _keep(content, compiled, written)
        return cls(BytesIO(content))


class English(NullTranslations):
    """The messages as the program says them, with the names that are in force."""

    def gettext(self, message: str) -> str:
        names = instruments.in_force()
        return instruments.said(message, "en", names) if names else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def _compiled(path: Path) -> bytes:
    from babel.messages.mofile import write_mo  # noqa: PLC0415  (only to compile)
    from babel.messages.pofile import read_po  # noqa: PLC0415  (only to compile)

    content = BytesIO()
    with path.open("rb") as file:
        write_mo(content, read_po(file, abort_invalid=True))
    return content.getvalue()


def _keep(content: bytes, compiled: Path, written: int) -> None:
    """Put the file in place whole, with the time of its source: other processes may read it, or write it too."""
    compiled.parent.mkdir(exist_ok=True)
    own = compiled.with_suffix(f".{os.getpid()}-{get_ident()}")
    own.write_bytes(content)
    os.utime(own, ns=(written, written))
    own.replace(compiled)
