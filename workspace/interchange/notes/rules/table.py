"""The cues by which notes are read, one table for each language: `es.toml`, `en.toml` and `fr.toml`.

A line break inside a piece of a table means nothing there, and a name in braces stands for one of its `parts`.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from workspace.sessions.extraction import Registration, SessionFormat


class Clauses(Struct, frozen=True):
    """The bounds of clauses of one language."""

    leads: frozenset[str]
    """First words of what only leads in ("In this context, …"); never a condition, which changes what is asked."""
    determiners: frozenset[str]
    """First words of a subject, where the language always has one; empty where it has none."""
    connectors: str
    """What ties a sentence to the one before it ("that is why")."""
    impersonal: str
    """How a cue without a subject begins: what stands before it is no part of it."""
    reasons: str
    """What follows a comma and only explains, justifies or concludes."""
    asides: str
    """What follows a comma and only adds to the last noun."""
    relative: str
    """What begins a clause inside the clause."""
    gerund: str
    """A participle after a comma, that adds how an aim is pursued."""
    roles: str
    """A claim of what local governments are: kept as a key message where a note has no section of them."""
    premises: str
    """What stands before a claim that is only a premise: such a claim ends at its comma."""


class Cues(Struct, frozen=True):
    """The cues of one language.

    The cues of recommendations are pieces of regular expressions, read without regard to case, between the bounds
    of words, in text with single spaces; `{inf}` stands for an infinitive. Names, labels and other words are plain,
    lower case, and compared without their accents.
    """

    requirements: tuple[str, ...]
    """What makes a sentence a recommendation."""
    hedges: tuple[str, ...]
    """A cautious recommendation: kept with its caution and marked."""
    refusals: tuple[str, ...]
    """What looks like a requirement and is none: taken out of the sentence before the cues are looked for."""
    logistics: tuple[str, ...]
    """A sentence about attending, not about policy."""
    list_openings: tuple[str, ...]
    """The end of a sentence whose colon opens a list of recommendations."""
    infinitive: str
    """How a statement that begins with a verb begins; empty where the language does not show it."""
    not_infinitives: frozenset[str]
    """Nouns and the like that end as infinitives do."""
    means: tuple[str, ...]
    """What leads to an infinitive that says how something is to be done."""
    calls_to_actors: frozenset[str]
    """First words of an objective that asks something of actors, rather than of the session itself."""
    coordination: str
    """What joins a second requirement to the first one's verb."""
    relative: tuple[str, ...]
    """Where a side clause begins, which a list of means does not include."""

    sections: Mapping[str, tuple[str, ...]]
    """Role of a section to the ways its heading may begin."""
    fields: Mapping[str, tuple[str, ...]]
    """Role of a labelled line ("Lugar: …") to its labels."""
    kinds: Mapping[str, tuple[str, ...]]
    """Kind of document to the words of a title, or of a file's first lines, that tell it."""
    session_types: tuple[str, ...]
    """What a session may be called; longest first where one begins another."""
    type_qualities: tuple[str, ...]
    """What may follow a session's type and belong to it ("de alto nivel")."""

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    rooms: tuple[str, ...]
    """First words of a place that is a room."""
    formats: Mapping[str, SessionFormat]
    registrations: Mapping[str, Registration]
    languages: Mapping[str, str]
    """Name of a language, or what forms put for it, to its code."""
    unconfirmed: tuple[str, ...]
    """How a speaker still to be confirmed is marked."""
    roles: tuple[str, ...]
    """First words of a post; what may stand before an organisation."""
    bodies: tuple[str, ...]
    """First words of an organisation's name."""
    role_joints: tuple[str, ...]
    """What joins a post to its organisation ("alcaldesa de Durrës")."""
    purposes: tuple[str, ...]
    """What leads to an objective inside a sentence."""
    projects: tuple[str, ...]
    """Words for a collaboration project, before its number."""
    interested: tuple[str, ...]
    """How the line of the members interested in a project begins."""
    project_actions: tuple[str, ...]
    """What opens the list of a project's actions."""
    local_time: str
    """The words for a time of the place, without an offset."""
    questions: tuple[str, ...]
    """First words of a question for debate."""
    limits: tuple[str, ...]
    """A stated limit of words, with the number in a group; read without regard to case."""
    continuing: frozenset[str]
    """Words no sentence ends with: a line that ends so goes on."""
    abbreviations: frozenset[str]
    """Words whose full stop ends no sentence, without it."""
    clauses: Clauses


def word_set(spaced: str) -> frozenset[str]:
    """A set of words, written as one readable line."""
    return frozenset(spaced.split())


_LINE_BREAK = re.compile(r"\n\s*")
_SETS = ("not_infinitives", "calls_to_actors", "continuing", "abbreviations", "leads", "determiners")


def read_table(name: str) -> dict[str, Any]:
    """What the file of this name says, with every piece in one line and its parts in their places."""
    table = tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))
    return _whole(table, table.pop("parts", {}))


def _whole(table: Mapping[str, Any], parts: Mapping[str, str]) -> dict[str, Any]:
    """The same with its sets as lists of words, and with every piece in one line and its parts in their places."""
    return {key: value.split() if key in _SETS else _filled_in(value, parts) for key, value in table.items()}


def _filled_in(value: Any, parts: Mapping[str, str]) -> Any:
    if isinstance(value, int):
        return value
    if isinstance(value, dict):
        return _whole(value, parts)
    if isinstance(value, list):
        return [_filled_in(piece, parts) for piece in value]
    piece = _LINE_BREAK.sub("", value)
    for name, words in parts.items():
        piece = piece.replace(f"{{{name}}}", _LINE_BREAK.sub("", words))
    return piece


ALL: Mapping[str, Cues] = {language: msgspec.convert(read_table(language), Cues) for language in ("es", "en", "fr")}
