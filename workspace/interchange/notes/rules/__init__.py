"""The cues by which notes are read, a table for each language (`es.json`, `en.json`, `fr.json`), and proper names."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from workspace.sessions.extraction import Registration, SessionFormat


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """A cue, with words in which it is found and words in which it is not; both are tests."""

    cue: str
    yes: tuple[str, ...]
    no: tuple[str, ...]


RuleKind = str
"""What a cue is for ("asks", "speech", "total"): every language has the same kinds, each with its examples."""


class Cues(Struct, frozen=True, forbid_unknown_fields=True):
    """The cues of one language.

    Cues are pieces of regular expressions, read without regard to case, between the bounds of words, in text with
    single spaces; `{inf}` stands for an infinitive, other names in braces for one of the `parts`. Names, labels and
    other words are plain, lower case, and compared without their accents.
    """

    parts: Mapping[str, str]
    cues: Mapping[RuleKind, tuple[Rule, ...]]
    infinitive: str  # how a statement that begins with a verb begins; empty where the language does not show it
    not_infinitives: frozenset[str]  # nouns and the like that end as infinitives do
    sections: Mapping[str, tuple[str, ...]]  # role of a section to the ways its heading may begin
    fields: Mapping[str, tuple[str, ...]]  # role of a labelled line ("Lugar: …") to its labels
    kinds: Mapping[str, tuple[str, ...]]
    """Kind of document to the words of a title, or of a file's first lines, that tell it."""
    session_types: tuple[str, ...]  # what a session may be called; longest first where one begins another
    type_qualities: tuple[str, ...]  # what may follow a session's type and belong to it ("de alto nivel")

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    short_months: Mapping[str, int]
    short_weekdays: Mapping[str, int]
    rooms: tuple[str, ...]  # first words of a place that is a room
    venues: tuple[str, ...]  # words of the name of a house where people meet
    apart: tuple[str, ...]  # first words of the title of a note that is about no session
    formats: Mapping[str, SessionFormat]
    registrations: Mapping[str, Registration]
    languages: Mapping[str, str]  # name of a language, or what forms put for it, to its code
    unconfirmed: tuple[str, ...]  # how a speaker still to be confirmed is marked
    roles: tuple[str, ...]  # first words of a post; what may stand before an organisation
    bodies: tuple[str, ...]  # first words of an organisation's name
    portfolios: tuple[str, ...]  # what a post is about, where it is no body and no place: "secretaria de Movilidad"
    networks: tuple[str, ...]  # A word by which a line of a heading is who writes, and no title
    role_joints: tuple[str, ...]  # what joins a post to its organisation ("alcaldesa de Durrës")
    purposes: tuple[str, ...]  # what leads to an objective inside a sentence
    projects: tuple[str, ...]  # words for a collaboration project, before its number
    interested: tuple[str, ...]  # how the line of the members interested in a project begins
    project_actions: tuple[str, ...]  # what opens the list of a project's actions
    local_time: str  # the words for a time of the place, without an offset
    questions: tuple[str, ...]  # first words of a question for debate
    limits: tuple[str, ...]  # A stated limit of words, with the number in a group; read without regard to case
    continuing: frozenset[str]  # words no sentence ends with: a line that ends so goes on
    numbers: Mapping[str, int]
    holds: tuple[str, ...]  # verbs before the number of what a gathering or a note has
    columns: Mapping[str, tuple[str, ...]]  # what a table's column is for to how its head may read
    abbreviations: frozenset[str]  # words whose full stop ends no sentence, without it


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
    return re.compile(rf"(?<!\w)(?:{piece})(?:(?<=[^\w])|(?!\w))".replace("À-Þ", CAPITALS), re.IGNORECASE)


LETTERS = {"a": "àáâ", "e": "éèê", "i": "íî", "o": "óô", "u": "úûù", "c": "ç", "n": "ñ"}
NAME = re.compile(r"\{([a-z_]+)\}")
CAPITALS = "À-Þ" + "".join(letter for letter in map(chr, range(0x100, 0x220)) if letter.isupper())
"""The capitals with marks, of all languages written in Latin letters."""
_FORMS = msgspec.json.decode(Path(__file__).with_name("forms.json").read_bytes(), type=Mapping[str, Mapping[str, str]])


def forms(module: str) -> Mapping[str, re.Pattern[str]]:
    """The expressions by which a module knows shapes of any language, by name: those of `forms.json`.

    A name in braces stands for all words of that kind, the longest first.
    """
    return {
        name: re.compile(NAME.sub(_words, expression).replace("À-Þ", CAPITALS))
        for name, expression in _FORMS[module].items()
    }


def _words(found: re.Match[str]) -> str:
    return _WORDS[found[1]]


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, {*words}), key=len, reverse=True))


def _with_accents(words: str) -> str:
    return "".join(f"[{letter}{LETTERS[letter]}]" if letter in LETTERS else letter for letter in words)


def _of(field: str) -> list[str]:
    return [word for cues in ALL.values() for word in getattr(cues, field)]


_TYPES, _QUALITIES = _longest_first(_of("session_types")), _longest_first(_of("type_qualities"))
_NUMBERS = {word: number for cues in ALL.values() for word, number in cues.numbers.items()}
_TENS = _longest_first(word for word, number in _NUMBERS.items() if number > 15 and number % 10 == 0)
_UNITS = _longest_first(word for word, number in _NUMBERS.items() if number < 100)
_GENERAL = {"sesión", "session", "séance", "foro", "forum"}
_WORDS = {
    "types": rf"(?:{_TYPES})(?:\s(?:{_QUALITIES}))*",
    "generic": _longest_first({*_of("session_types")} - _GENERAL),
    "months": _longest_first([*_of("months"), *_of("short_months")]),
    "weekdays": _longest_first([*_of("weekdays"), *_of("short_weekdays")]),
    "purposes": "|".join(_of("purposes")),
    "venues": _with_accents(_longest_first([*_of("venues"), *_of("rooms")])),
    "kinds": _longest_first(
        {name for cues in ALL.values() for kind in cues.kinds.values() for name in kind if name[:6] != "titulo"}
    ),
    "people": _longest_first(
        name for cues in ALL.values() for role in ("speakers", "moderators") for name in cues.fields[role]
    ),
    "counts": rf"(?:{_TENS})(?:\sy\s|\set\s|[-\s])(?:{_UNITS}|un[ae]?)|{_longest_first(_NUMBERS)}",
    **{field: _longest_first(_of(field)) for field in ("numbers", "holds", "projects", "questions", "unconfirmed")},
}
_WORDS |= {name: NAME.sub(_words, expression) for name, expression in _FORMS["words"].items()}


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


_NAMES = msgspec.json.decode(Path(__file__).with_name("proper_names.json").read_bytes(), type=_Names)
ADOPTED_TEXTS, CITIES = _NAMES.texts, _NAMES.cities
KNOWN_AGENDAS = frozenset({2030, 2063, 2020, 2040, 2045, 2050})
"""Agendas that have a year in their name: the United Nations', the African Union's, and cities' own."""
NUMBER_OF_GOALS = 17
NUMBER_OF_TARGETS = 169
AMBIGUOUS = frozenset(
    {"Colonia", "Damas", "Fez", "Florence", "Gand", "Louvain", "Lyons", "Porto", "Roma", "Sofía", "Sofia", "Vienne"}
)
"""Names that are also a word, a person, a people or another place: they count for nothing."""
