"""What published files and comparisons say themselves, in the language of the text: `wording.json`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import msgspec

from drafts.text.blocks import Language

Words = TypeVar("Words", bound=msgspec.Struct)


def wording(table: str, kind: type[Words]) -> Mapping[Language, Words]:
    """One table of the file, by language; sentences hold {named} places."""
    return MappingProxyType(
        {language: msgspec.json.decode(raw, type=kind) for language, raw in _tables()[table].items()}
    )


@cache
def _tables() -> Mapping[str, Mapping[Language, msgspec.Raw]]:
    written = Path(__file__).with_suffix(".json").read_bytes()
    return msgspec.json.decode(written, type=dict[str, dict[Language, msgspec.Raw]])
