"""The dictionaries that an operator has installed, read once: Hunspell's files, named after their language."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from drafts.checks import Dictionary
from drafts.text.blocks import Language

_ENCODING = re.compile(rb"^SET\s+(\S+)", re.MULTILINE)
_SPELLINGS = ("", "_GB", "_US", "_ES", "_FR", "-GB", "-US", "-ES", "-FR")


@cache
def installed(folder: str) -> Mapping[Language, Sequence[Dictionary]]:
    """What a folder has: es.aff and es.dic, fr_FR.aff …; both of en_GB and en_US are believed. Nothing for ""."""
    found = {language: _of(Path(folder), language) for language in Language} if folder else {}
    return {language: known for language, known in found.items() if known}


def _of(folder: Path, language: Language) -> tuple[Dictionary, ...]:
    bases = [folder / f"{language.value}{spelling}" for spelling in _SPELLINGS]
    return tuple(
        Dictionary(_text(base.with_suffix(".aff")), _text(base.with_suffix(".dic"), base.with_suffix(".aff")))
        for base in bases
        if base.with_suffix(".aff").is_file() and base.with_suffix(".dic").is_file()
    )


def _text(path: Path, names_encoding: Path | None = None) -> str:
    """A file in the encoding that the first of the two names."""
    said = _ENCODING.search((names_encoding or path).read_bytes())
    encoding = said[1].decode("ascii", "replace").replace("ISO8859", "iso-8859") if said else "iso-8859-1"
    return path.read_text(encoding="utf-8-sig" if encoding.upper() == "UTF-8" else encoding, errors="replace")
