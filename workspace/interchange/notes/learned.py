"""What marked notes teach of proposals: weights of words and of where they stand, as plain data that a command fits.

Words of three languages that mean the same (`rules/senses.json`) weigh together. The weights find what no rule has
words for, and refute what a rule finds and they hold most unlikely.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from math import fsum
from pathlib import Path

import msgspec
from msgspec import Struct

from workspace.interchange.notes.layout import PassageKind
from workspace.interchange.notes.lines import folded, unmarked
from workspace.interchange.notes.rules import ALL, forms
from workspace.interchange.notes.sections import SectionPassage
from workspace.interchange.notes.sentences import Sentence, split_sentences
from workspace.sessions.extraction import SpokenLanguage

WEIGHTS: Mapping[str, float] = msgspec.json.decode(
    (Path(__file__).parent / "rules" / "learned.json").read_bytes(), type=dict[str, float]
)
SENSES = msgspec.json.decode(
    (Path(__file__).parent / "rules" / "senses.json").read_bytes(), type=Mapping[str, Mapping[str, str]]
)
"""Kinds of words ("asks", "must", "future") to those of each language, as expressions; `_` is a space in a phrase."""
FORM = forms("learned")
WORD = re.compile(r"[a-z]+|\d+|[?:;%]")
PHRASE = re.compile("[_']")
FIRST = 4  # words
PUNCTUATION = '.,;:!?()[]{}"“”«»*_¿¡…–—-/'
MOST_WORDS = 60
OF_A_LIST = 0.3
OF_NEIGHBOURS = 0.1
MOST_SURE = 5.0
LENGTHS = (4, 8, 16, 32)


def _phrases(language: str) -> re.Pattern[str]:
    found = {sense: [*filter(PHRASE.search, words[language].split())] for sense, words in SENSES.items()}
    each = (f"(?P<{sense}>{'|'.join(some).replace('_', ' ')})" for sense, some in found.items() if some)
    return re.compile(rf"\b(?:{'|'.join(each)})(?:(?<=')|(?!\w))")


SENSES_OF = {
    language: [
        (sense, re.compile("|".join(each for each in words[language].split() if not PHRASE.search(each)) or "(?!)"))
        for sense, words in SENSES.items()
    ]
    for language in ALL
}
PHRASES = {language: _phrases(language) for language in ALL}


class Unit(Struct):
    """What may be a proposal: an item or a cell as a whole, or a sentence; `traits` are what weighs."""

    place: int
    line: SectionPassage
    said: Sentence
    is_whole: bool
    traits: frozenset[str]
    likelihood: float = 0.0
    """Above nought where it is more likely a proposal than not."""


def weighed(every: Iterable[Unit]) -> Sequence[Unit]:
    """Units with their likelihood, to which the rest of their list, or the sentences beside them, add a part."""
    found = list(every)
    for unit in found:
        unit.likelihood = WEIGHTS[""] + fsum(WEIGHTS.get(trait, 0.0) for trait in unit.traits)
    for unit, part in list(_shared(found)):
        unit.likelihood += part
    return found


def _shared(every: Sequence[Unit]) -> Iterator[tuple[Unit, float]]:
    wholes = [unit for unit in every if unit.is_whole and unit.line.passage.kind is PassageKind.ITEM]
    for _, group in groupby(wholes, key=lambda unit: (unit.line.section, sort_of_mark(unit.line.passage.bullet))):
        listed = list(group)
        total = sum(map(_bounded, listed))
        yield from ((unit, OF_A_LIST * (total - _bounded(unit)) / max(1, len(listed) - 1)) for unit in listed)
    for _, group in groupby((unit for unit in every if not unit.is_whole), key=lambda unit: unit.place):
        said = list(group)
        for place, unit in enumerate(said):
            near = [_bounded(other) for other in (*said[max(0, place - 1) : place], *said[place + 1 : place + 2])]
            yield unit, OF_NEIGHBOURS * sum(near) / max(1, len(near))


def _bounded(unit: Unit) -> float:
    return max(-MOST_SURE, min(MOST_SURE, unit.likelihood))


def likely(every: Iterable[Unit], least: float = 0.0) -> Iterator[Unit]:
    """What is likely a proposal, wherever it is said: of each passage the whole, or those of its sentences that are."""
    found = list(every)
    doubted = {unit.said.text for unit in found if unit.likelihood <= least}
    for _, group in groupby(found, key=lambda unit: unit.place):
        of_passage = list(group)
        best = max((unit.likelihood for unit in of_passage if not unit.is_whole), default=least)
        sure = [unit for unit in of_passage if unit.likelihood > least and unit.said.text not in doubted]
        whole = [unit for unit in sure if unit.is_whole and unit.likelihood >= best]
        yield from whole or (unit for unit in sure if not unit.is_whole)


def units(
    passages: Sequence[SectionPassage], *, language: SpokenLanguage, sort: str, spoken: Mapping[int, str]
) -> Iterator[Unit]:
    """Every item, cell and sentence, with its traits, without the name of its speaker or the number of its article."""
    opener = ""
    chairs = {_name(who) for who in spoken.values() if FORM["chair"].search(who)}
    for place, line in enumerate(passages):
        passage, is_item = line.passage, line.passage.kind is PassageKind.ITEM
        if line.is_heading or (not is_item and unmarked(passage.text).endswith(":")):
            opener = passage.text
        if line.is_heading:
            continue
        who = "" if is_item else spoken.get(place, "")
        where = ("chair" if _name(who) in chairs else "spoken") if who else str(passage.kind)
        at = 4 * place // len(passages)
        around = _around(line, opener if is_item else "", language, sort) | {where, f"at {at}", f"at {at} {where}"}
        can_be_whole = is_item or passage.column > 0
        if can_be_whole:
            whole = _without_label(Sentence(0, passage.text), who)
            yield Unit(place, line, whole, is_whole=True, traits=around | _own(whole.text, where, language))
        every = [_without_label(said, who) for said in split_sentences(passage.text)]
        before: frozenset[str] = frozenset()
        for number, said in enumerate(every if len(every) > 1 or not can_be_whole else ()):
            own = _own(said.text, where, language)
            last = {"last"} if said is every[-1] else set()
            traits = around | own | before | {"sentence", f"sentence {min(number, 2)}"} | last
            yield Unit(place, line, said, is_whole=False, traits=traits)
            before = frozenset(f"before {trait}" for trait in own if trait[0] == "~" and " " not in trait)


def _name(who: str) -> str:
    return who.split(" (", maxsplit=1)[0]


def _without_label(said: Sentence, who: str) -> Sentence:
    found = FORM["label"].match(said.text)
    ends = found.end() if found else 0
    if who and said.text.startswith(who):
        ends = said.text.find(":") + 1
        ends += len(said.text[ends:]) - len(said.text[ends:].lstrip())
    return Sentence(said.begins + ends, said.text[ends:]) if said.text[ends:] else said


def sort_of_mark(bullet: str) -> str:
    """Alike for the marks of one list: "1" for numbers, else the last sign."""
    return "1" if bullet.strip("(")[:1].isdigit() else bullet[-1:]


def _around(line: SectionPassage, opener: str, language: SpokenLanguage, sort: str) -> frozenset[str]:
    """Where it stands: its section, the heading or the line before it, the sort of note."""
    passage = line.passage
    places = [f"is {line.section.role}", f"of {sort}"]
    return frozenset(
        [f"in {passage.kind}", f"headed {line.head}", *places, *(f"{each} {passage.kind}" for each in places)]
        + ([f"mark {sort_of_mark(passage.bullet)}"] if passage.kind is PassageKind.ITEM else [])
    ).union(_over("under", line.section.name or "", language), _over("after", opener, language))


@lru_cache(maxsize=1024)
def _over(where: str, head: str, language: SpokenLanguage) -> frozenset[str]:
    plain = folded(unmarked(head))
    return frozenset(
        [f"{language} {where} {word[:6]}" for word in _words(plain)]
        + [f"~{sense} {where}" for sense, _ in meant(plain, language)]
    )


def _own(text: str, where: str, language: SpokenLanguage) -> set[str]:
    plain = folded(unmarked(text))
    words = _words(plain)
    senses = {*meant(plain, language)}
    first = words[0] if words else ""
    end = text.rstrip('*_"”» ')[-1:]
    return {
        *(f"{language} {word[:6]}" for word in words),
        *(f"{language} {place} {word}" for place, word in enumerate(words[:3])),
        *(f"{language} ..{first[-length:]}" for length in (2, 3)),
        f"ends {end if end in '.;:?!' else ''}",
        f"long {sum(len(words) >= length for length in LENGTHS)}",
        f"numbers {min(2, sum(word == '#' for word in words))}",
        f"shouted {text.isupper()}",
        *(
            f"~{sense}{first}{there}"
            for sense, at in senses
            for first in (" first", "")[at:]
            for there in ("", f" {where}")
        ),
    }


def meant(plain: str, language: SpokenLanguage) -> Iterator[tuple[str, int]]:
    """The kinds of the words of a text, each with nought where it is among the first, else one."""
    if language == "und":
        return
    for at, word in enumerate(plain.replace("'", " ").split()):
        yield from ((sense, int(at >= FIRST)) for sense in _senses_of(word.strip(PUNCTUATION), language))
    for found in PHRASES[language].finditer(plain):
        yield found.lastgroup or "", int(plain.count(" ", 0, found.start()) >= FIRST)


@lru_cache(maxsize=8192)
def _senses_of(word: str, language: SpokenLanguage) -> tuple[str, ...]:
    return tuple(sense for sense, form in SENSES_OF[language] if form.fullmatch(word))


def _words(plain: str) -> Sequence[str]:
    found = WORD.findall(plain)[:MOST_WORDS]
    return ["#" if word.isdigit() else word for word in found]
