"""What marked notes teach of proposals: weights of words and of where they stand, as plain data that a command fits.

The rules come first; this finds what they have no word for.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import msgspec
from msgspec import Struct

from workspace.interchange.notes.layout import PassageKind
from workspace.interchange.notes.lines import folded, unmarked
from workspace.interchange.notes.sections import SectionPassage
from workspace.interchange.notes.sentences import Sentence, split_sentences
from workspace.sessions.extraction import DocumentKind, SpokenLanguage

WEIGHTS: Mapping[str, float] = msgspec.json.decode(
    (Path(__file__).parent / "rules" / "learned.json").read_bytes(), type=dict[str, float]
)
WORD = re.compile(r"[a-z]+|\d+|[?:;%]")
MOST_WORDS = 60
LENGTHS = (4, 8, 16, 32)


class Unit(Struct, frozen=True):
    """What may be a proposal: an item or a cell as a whole, or a sentence; `traits` are what weighs."""

    place: int
    line: SectionPassage
    said: Sentence
    is_whole: bool
    traits: frozenset[str]

    @property
    def likelihood(self) -> float:
        """Above nought where it is more likely a proposal than not."""
        return WEIGHTS[""] + sum(WEIGHTS.get(trait, 0.0) for trait in self.traits)


def likely(every: Iterable[Unit], least: float = 0.0) -> Iterator[Unit]:
    """What is likely a proposal: of each passage the whole, or those of its sentences that are."""
    for _, group in groupby(every, key=lambda unit: unit.place):
        weighed = [(unit.likelihood, unit) for unit in group]
        best = max((likelihood for likelihood, unit in weighed if not unit.is_whole), default=least)
        whole = [unit for likelihood, unit in weighed if unit.is_whole and likelihood > least and likelihood >= best]
        yield from whole or (unit for likelihood, unit in weighed if not unit.is_whole and likelihood > least)


def units(
    passages: Sequence[SectionPassage], *, language: SpokenLanguage, kind: DocumentKind, spoken: Mapping[int, str]
) -> Iterator[Unit]:
    """Every item, cell and sentence, with its traits."""
    opener = ""
    for place, line in enumerate(passages):
        passage, is_item = line.passage, line.passage.kind is PassageKind.ITEM
        if line.is_heading or (not is_item and unmarked(passage.text).endswith(":")):
            opener = passage.text
        if line.is_heading:
            continue
        around = _around(line, opener if is_item else "", f"at {4 * place // len(passages)}", language, kind)
        around |= {"spoken"} if place in spoken and not is_item else set()
        can_be_whole = is_item or passage.column > 0
        if can_be_whole:
            whole = Sentence(0, passage.text)
            yield Unit(place, line, whole, is_whole=True, traits=around | _own(passage.text, language))
        every = list(split_sentences(passage.text))
        for number, said in enumerate(every if len(every) > 1 or not can_be_whole else ()):
            traits = around | _own(said.text, language) | {"sentence", f"sentence {min(number, 2)}"}
            last = {"last"} if said is every[-1] else set()
            yield Unit(place, line, said, is_whole=False, traits=traits | last)


def _around(line: SectionPassage, opener: str, at: str, language: SpokenLanguage, kind: DocumentKind) -> frozenset[str]:
    """Where it stands: its section, the heading or the line before it, the kind of document."""
    passage = line.passage
    mark = "1" if passage.bullet.strip("(")[:1].isdigit() else passage.bullet[-1:]
    places = [f"is {line.section.role}", f"of {kind}"]
    return frozenset(
        [at, f"in {passage.kind}", f"headed {line.head}", *places, *(f"{each} {passage.kind}" for each in places)]
        + [f"{language} under {word[:6]}" for word in _words(line.section.name or "")]
        + [f"{language} after {word[:6]}" for word in _words(opener)]
        + ([f"mark {mark}"] if passage.kind is PassageKind.ITEM else [])
    )


def _own(text: str, language: SpokenLanguage) -> set[str]:
    words = _words(text)
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
    }


def _words(text: str) -> Sequence[str]:
    found = WORD.findall(folded(unmarked(text)))[:MOST_WORDS]
    return ["#" if word.isdigit() else word for word in found]
