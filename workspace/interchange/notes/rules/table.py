"""The cues by which notes are read, one table for each language: `es.json`, `en.json` and `fr.json`."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from workspace.sessions.extraction import Registration, SessionFormat


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """A cue, with words in which it is found and words in which it is not; both are tests."""

    cue: str
    yes: tuple[str, ...]
    no: tuple[str, ...]


RuleKind = Literal[
    "asks",  # makes a sentence a recommendation
    "hedges",  # a cautious recommendation: kept with its caution and marked
    "refusals",  # looks like a requirement and is none: taken out before the cues are looked for
    "procedure",  # about attending, handing in and holding the meeting, not about policy
    "speech",  # what one person said
    "decides",  # what a body decides, whoever announces it
    "operative",  # how a paragraph of a resolution begins
    "preamble",  # how a paragraph before those begins
    "agreed",  # a heading or an opening above what was agreed
    "not_agreed",  # what only looks like such a heading
    "total",  # before or after the sum of what is listed
    "of_which",  # before parts that need not be all
    "that_is",  # between a whole and all of its parts
    "out_of",  # between a part and the whole
    "opposed",  # two shares that make a whole
    "change",  # a share of growth, and not of a whole
    "each",  # a product
    "came",  # those that are new, beside a number before and after
    "went",  # those that left
    "plenary",  # a session that a count of sessions may leave out
    "to_come",  # that a gathering is still to be held
    "next_meeting",  # the one after this one, at the beginning of a line
    "deadline",  # the last day to hand something in
    "event",  # the day of a gathering
    "claims",  # what local governments are said to be: a key message where a note has no section of them
]


class Cues(Struct, frozen=True, forbid_unknown_fields=True):
    """The cues of one language.

    Cues are pieces of regular expressions, read without regard to case, between the bounds of words, in text with
    single spaces; `{inf}` stands for an infinitive, other names in braces for one of the `parts`. Names, labels and
    other words are plain, lower case, and compared without their accents.
    """

    parts: Mapping[str, str]
    cues: Mapping[RuleKind, tuple[Rule, ...]]
    infinitive: str
    """How a statement that begins with a verb begins; empty where the language does not show it."""
    not_infinitives: frozenset[str]
    """Nouns and the like that end as infinitives do."""
    calls_to_actors: frozenset[str]
    """First words of an objective that asks something of actors, rather than of the session itself."""

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
    venues: tuple[str, ...]
    """Words of the name of a house where people meet."""
    apart: tuple[str, ...]
    """First words of the title of a note that is about no session."""
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
    numbers: Mapping[str, int]
    holds: tuple[str, ...]
    """Verbs before the number of what a gathering or a note has."""
    abbreviations: frozenset[str]
    """Words whose full stop ends no sentence, without it."""


def word_set(spaced: str) -> frozenset[str]:
    """A set of words, written as one readable line."""
    return frozenset(spaced.split())


def _read(language: str) -> Cues:
    return msgspec.json.decode(Path(__file__).with_name(f"{language}.json").read_bytes(), type=Cues)


ALL: Mapping[str, Cues] = {language: _read(language) for language in ("es", "en", "fr")}


@cache
def form(language: str, kind: RuleKind) -> re.Pattern[str]:
    """Every cue of one kind in `es`, `en` or `fr`, as one pattern."""
    return pattern(language, "|".join(rule.cue for rule in ALL[language].cues[kind]))


@cache
def form_in_any(kind: RuleKind) -> re.Pattern[str]:
    """Every cue of one kind in all languages, as one pattern."""
    return re.compile("|".join(form(language, kind).pattern for language in ALL), re.IGNORECASE)


def pattern(language: str, piece: str) -> re.Pattern[str]:
    """A piece with its names in braces filled in, between the bounds of words."""
    names = {"inf": ALL[language].infinitive, **ALL[language].parts}
    while found := NAME.search(piece):
        piece = f"{piece[: found.start()]}(?:{names[found[1]]}){piece[found.end() :]}"
    return re.compile(rf"(?<!\w)(?:{piece})(?:(?<=[^\w])|(?!\w))", re.IGNORECASE)


NAME = re.compile(r"\{([a-z]+)\}")
