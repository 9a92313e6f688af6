"""Adopted texts and cities under the names they go by in three languages."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct


class AdoptedText(Struct, frozen=True):
    """A text that was adopted: how it is called, when, and how it should not be called."""

    key: str
    titles: Mapping[str, str]
    year: int
    known_as: tuple[str, ...] = ()  # shorter names that are right too
    years: tuple[int, ...] = ()  # other years that rightly stand beside its name: entry into force, period, target
    misquoted: tuple[str, ...] = ()  # names under which it is cited and which it never had


class _Names(Struct, frozen=True):
    texts: tuple[AdoptedText, ...]
    cities: tuple[tuple[str, ...], ...]


_NAMES = msgspec.json.decode(Path(__file__).with_suffix(".json").read_bytes(), type=_Names)
ADOPTED_TEXTS, CITIES = _NAMES.texts, _NAMES.cities
KNOWN_AGENDAS = frozenset({2030, 2063, 2020, 2040, 2045, 2050})
"""Agendas that have a year in their name: the United Nations', the African Union's, and cities' own."""
NUMBER_OF_GOALS = 17
NUMBER_OF_TARGETS = 169
AMBIGUOUS = frozenset(
    {"Colonia", "Damas", "Fez", "Florence", "Gand", "Louvain", "Lyons", "Porto", "Roma", "Sofía", "Sofia", "Vienne"}
)
"""Names that are also a word, a person, a people or another place: they count for nothing."""
