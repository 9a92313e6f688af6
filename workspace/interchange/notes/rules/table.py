"""What a language's table of cues holds; `es`, `en` and `fr` fill one each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, json, structs

from workspace.sessions.extraction import Registration, SessionFormat


class PlainWords(Struct, frozen=True, kw_only=True):
    """Names, labels and other words of one language: plain, lower case, and compared without their accents."""

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
    continuing: frozenset[str]
    """Words no sentence ends with: a line that ends so goes on."""
    abbreviations: frozenset[str]
    """Words whose full stop ends no sentence, without it."""


class Cues(PlainWords, frozen=True, kw_only=True):
    """The cues of one language.

    The cues of recommendations are pieces of regular expressions, read without regard to case, between the bounds
    of words, in text with single spaces; `{inf}` stands for an infinitive.
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
    limits: tuple[str, ...]
    """A stated limit of words, with the number in a group; read without regard to case."""
    purposes: tuple[str, ...]
    """What leads to an objective inside a sentence."""


def plain_words(language: str) -> dict[str, Any]:
    """The plain words of a language, by their fields."""
    data = Path(__file__).with_name(f"words.{language}.json").read_bytes()
    return structs.asdict(json.decode(data, type=PlainWords))


def word_set(spaced: str) -> frozenset[str]:
    """A set of words, written as one readable line."""
    return frozenset(spaced.split())
