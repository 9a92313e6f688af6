"""The messages of one language, as gettext gives them: by the plural rule that the catalogue states.

A catalogue is compiled when it is first read, which takes a tenth of a second, and kept in `__pycache__` beside it,
as Python keeps its own code; from there it is read in some milliseconds.
"""

import os
from contextlib import suppress
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from threading import get_ident
from typing import Self


class Catalogue(GNUTranslations):
    """What is marked as a guess ("fuzzy") or is not translated yet is said in English."""

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
