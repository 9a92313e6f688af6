"""Which words of a note are titles of its sessions, by what marked notes teach (`learned_sessions.json`).

Of each line some words may be a title: the whole of it, what follows a time or a dash, what stands in quotation marks.
What they and the lines around them look like speaks for that or against it; in a second round so does how likely the
lines are that look alike.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, groupby
from math import exp, fsum, log
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from workspace.interchange.notes import lines, people, places, programme, times
from workspace.interchange.notes.layout import NotePassage, PassageKind
from workspace.interchange.notes.learned import meant, sort_of_mark
from workspace.interchange.notes.lines import aligned, bare_title, ends_sentence, folded, unmarked
from workspace.interchange.notes.rules import forms
from workspace.interchange.notes.sections import SectionPassage
from workspace.interchange.notes.sentences import at_full_stops
from workspace.interchange.notes.times import ClockSpan, WrittenDay
from workspace.interchange.notes.titles import is_body, stated_kind_of
from workspace.sessions.extraction import DocumentKind, SpokenLanguage

FORM = forms("session_titles")
STORED = Path(__file__).parent / "rules" / "learned_sessions.json"
WEIGHTS: dict[str, float] = msgspec.json.decode(STORED.read_bytes(), type=dict[str, float])
JOINTS = ("dash", "colon", "stop", "comma", "bracket", "bar")
OF_ITS_KIND = frozenset(  # what titles of one programme share
    {"time first", "time inside", "day first", "day inside", "day line", "numbered", "lettered", "labelled", "counted"}
    | {"quoted", "quotes", "capitals", "shouts", "bracketed", "colon", "sentence", "person", "typed"}
)
LIKELY = 0.4
UNLIKELY = 0.01
SHORTEST = 3  # letters
LONGEST = 220
LONGEST_READ = 600
LONGEST_LINE = 100
LENGTHS = (1, 2, 3, 5, 8, 12, 20, 35)
COUNTS = (2, 3, 4, 6, 9, 14)
NEAR = ((-2, "above that"), (-1, "above"), (1, "below"), (2, "below that"))
ROW = 6  # cells
MOST_LIKELY = 4
MOST_TOTAL = 6
LEAST_LOG, MOST_LOG = -6, 4


class TitlePiece(Struct, frozen=True):
    """Words of a passage that may be the title of a session, and how they stand there."""

    place: int
    how: str
    text: str
    likelihood: float = 0.0
    """From 0 to 1."""

    @property
    def is_likely(self) -> bool:
        return self.likelihood >= LIKELY


class SeenNote(Struct, frozen=True):
    """The passages of a note with what each looks like and what makes some of them alike."""

    passages: Sequence[SectionPassage]
    looks: Sequence[frozenset[str]]
    sorts: Sequence[tuple[object, ...]]
    places: Mapping[tuple[object, ...], Sequence[int]]
    """Those of each sort."""
    often: Mapping[str, int]
    """How many passages look so."""


def rated_titles(
    passages: Sequence[SectionPassage], *, language: SpokenLanguage, kind: DocumentKind
) -> tuple[Sequence[SectionPassage], list[TitlePiece]]:
    """The likeliest piece of each passage, and the passages: a paragraph with several titles is its sentences.

    The cost grows with the length of the note.
    """
    origins = [at for at, line in enumerate(passages) for _ in _sentences_of(line)]
    told = in_sentences(passages)
    found = _rated(told, language=language, kind=kind)
    often = Counter(origins[piece.place] for piece in found if piece.is_likely)
    kept: list[SectionPassage] = []
    places: list[int] = []
    for at, (line, sentence) in enumerate(zip((passages[origin] for origin in origins), told, strict=True)):
        is_apart, is_first = often[origins[at]] > 1, not at or origins[at] != origins[at - 1]
        kept += [sentence] if is_apart else [line] if is_first else []
        places.append(len(kept) - 1)
    return kept, [structs.replace(piece, place=places[piece.place]) for piece in found]


def in_sentences(passages: Sequence[SectionPassage]) -> list[SectionPassage]:
    """The passages, and for a paragraph its sentences, each as one."""
    return [each for line in passages for each in _sentences_of(line)]


def _sentences_of(line: SectionPassage) -> Iterator[SectionPassage]:
    """A passage for each sentence of a paragraph, or what is none; the empty lines over it stand over the first."""
    passage = line.passage
    if passage.kind is not PassageKind.TEXT or passage.column or len(passage.text) <= LONGEST_LINE:
        yield line
        return
    for begins, text in at_full_stops(passage.text):
        ends = begins + len(text)
        inside = ((at - begins, on) for at, on in passage.starts if begins < at < ends)
        starts = ((0, passage.line_at(begins)), *inside)
        gap = 0 if begins else passage.gap
        yield structs.replace(line, passage=structs.replace(passage, text=text, starts=starts, gap=gap))


def _rated(passages: Sequence[SectionPassage], *, language: SpokenLanguage, kind: DocumentKind) -> list[TitlePiece]:
    """The likeliest piece of each passage."""
    seen = looked_at(passages)
    pieces = [piece for place in range(len(passages)) for piece in pieces_of(seen, place)]
    first = [frozenset(traits(seen, piece, language=language, kind=kind)) for piece in pieces]
    rated = [
        structs.replace(piece, likelihood=likelihood(f"1 {each}" for each in own))
        for piece, own in zip(pieces, first, strict=True)
    ]
    second = [own | also for own, also in zip(first, second_traits(seen, rated), strict=True)]
    rated = [structs.replace(p, likelihood=likelihood(own)) for p, own in zip(pieces, second, strict=True)]
    return [max(some, key=lambda p: p.likelihood) for _, some in groupby(rated, key=lambda p: p.place)]


def likelihood(traits: Iterable[str]) -> float:
    """How likely what has these traits is a title, from 0 to 1."""
    return 1 / (1 + exp(-fsum(WEIGHTS.get(trait, 0.0) for trait in traits)))


def looked_at(passages: Sequence[SectionPassage]) -> SeenNote:
    """The passages with what they look like."""
    looks = [_look_of(line.passage) for line in passages]
    sorts = [_sort(line.passage, look) for line, look in zip(passages, looks, strict=True)]
    places: dict[tuple[object, ...], list[int]] = {}
    for place, sort in enumerate(sorts):
        places.setdefault(sort, []).append(place)
    return SeenNote(passages, looks, sorts, places, Counter(chain.from_iterable(looks)))


def _look_of(passage: NotePassage) -> frozenset[str]:
    """What a passage looks like: its words, its kind and how it stands."""
    kept = {
        f"is {passage.kind}": True,
        "cell": passage.column > 0,
        f"column {min(passage.column, 4)}": passage.column > 0,
        "item": bool(passage.bullet),
        f"level {min(passage.level, 3)}": passage.level > 0,
        "gap": passage.gap > 0,
    }
    return _look(unmarked(passage.text)[:LONGEST_READ]) | {name for name, holds in kept.items() if holds}


def _sort(passage: NotePassage, look: frozenset[str]) -> tuple[object, ...]:
    """What is alike for the titles of one programme."""
    mark = sort_of_mark(passage.bullet) if passage.bullet else ""
    return passage.kind, passage.column, mark, min(passage.level, 3), look & OF_ITS_KIND


@lru_cache(maxsize=8192)
def _look(text: str) -> frozenset[str]:
    """What words look like, in any language."""
    span, days = times.told_span(text[:LONGEST]), times.written_days(text[:LONGEST])
    at = aligned(text).find(days[0].verbatim) if days else -1
    label, role = lines.labelled_value(text), lines.section_role(text)
    only = people.only_people(text)
    look = {
        "timed": span is not None,
        "time first": span is not None and text.find(span.verbatim) < SHORTEST,
        "time inside": span is not None and text.find(span.verbatim) >= SHORTEST,
        "range": span is not None and span.end is not None,
        "dated": bool(days),
        "day line": bool(days and times.day_line(text)),
        "day first": 0 <= at <= SHORTEST,
        "day inside": at > SHORTEST,
        "sentence": ends_sentence(text),
        "colon": text.endswith(":"),
        "asks": text.endswith("?"),
        "bracketed": text[:1] in "([" and bool(text),
        "quoted": text[:1] in '«“"„' and bool(text),
        "quotes": bool(FORM["quoted"].search(text)),
        "capitals": text.isupper(),
        "shouts": bool(FORM["shouts"].match(text)),
        "small": text[:1].islower(),
        "numbered": bool(FORM["numbered"].match(text)),
        "lettered": bool(FORM["lettered"].match(text)),
        "labelled": label is not None,
        f"label {label.role if label else None}": label is not None,
        f"section {role}": role is not None,
        "person": bool(only),
        "with person": not only and bool(people.without_people(text)[1]),
        "place": places.is_place_alone(text),
        "room": lines.is_room(text),
        "where": lines.says_where(text),
        "type": programme.type_alone(text) is not None,
        "typed": programme.split_type(text)[0] is not None,
        "counted": programme.series_entry(text) is not None,
        "break": bool(programme.FORM["break"].search(folded(text))),
        "chairs": any(clause.search(text) for clause in people.moderating()),
        f"kind {stated_kind_of(text)}": True,
        "body": is_body(text),
        f"long {_over(len(text.split()), LENGTHS)}": True,
    }
    return frozenset(name for name, holds in look.items() if holds)


def _over(number: float, steps: Sequence[float]) -> int:
    return sum(number >= step for step in steps)


def pieces_of(seen: SeenNote, place: int) -> Iterator[TitlePiece]:
    """Every piece of a passage once."""
    found: set[str] = set()
    for how, words in _pieces(unmarked(seen.passages[place].passage.text)[:LONGEST_READ]):
        text = programme.without_number(programme.unquoted(bare_title(words)).strip(" .;,"))
        if SHORTEST < len(text) <= LONGEST and text not in found:
            found.add(text)
            yield TitlePiece(place, how, text)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The whole, what stands beside its time and its day, the parts of these, quotations and what a label states."""
    span, days = times.told_span(text[:LONGEST]), times.written_days(text[:LONGEST])
    timed, dated = (
        list(_beside(text, name, said)) for name, said in (("time", span), ("day", days[0] if days else None))
    )
    yield "whole", text
    yield from (*timed, *dated)
    for how, words in (*(timed or [("whole", text)]), *dated):
        for joint in JOINTS:
            first, *others = FORM[joint].split(words, maxsplit=2)
            if others:
                yield f"{how} to {joint}", first
                yield f"{how} from {joint}", others[0]
                yield f"{how} behind {joint}", words[len(first) :].lstrip(f"{programme.LEAD}(;/")
    yield from (("quoted", found["title"]) for found in FORM["quoted"].finditer(text))
    if (label := lines.labelled_value(text)) and label.value:
        yield f"value of {label.role}", label.value


def _beside(text: str, name: str, said: ClockSpan | WrittenDay | None) -> Iterator[tuple[str, str]]:
    at = aligned(text).find(said.verbatim) if said and said.verbatim else -1
    if said and at >= 0:
        yield f"after {name}", text[at + len(said.verbatim) :].lstrip(f"{programme.LEAD})]")
        yield f"before {name}", FORM["tail"].sub("", text[:at])


def traits(seen: SeenNote, piece: TitlePiece, *, language: SpokenLanguage, kind: DocumentKind) -> Iterator[str]:
    """What speaks for a piece or against it, but for how likely others are."""
    place, look, passage = piece.place, seen.looks[piece.place], seen.passages[piece.place]
    alike = seen.places[seen.sorts[place]]
    often, plain = _over(len(alike), COUNTS), folded(piece.text)
    timed, dated = (_over(seen.often.get(each, 0), COUNTS) for each in ("timed", "dated"))
    yield from ("", f"alike {often}", f"first {alike[0] == place}", f"at {min(place, 3)}", f"of {kind}")
    yield from (f"timed {timed}", f"dated {dated}", f"timed {timed} of {kind}")
    yield from (f"quarter {4 * place // len(seen.passages)}", f"in {passage.section.role}", f"head {passage.head}")
    for away, name in NEAR:
        near = seen.looks[place + away] if 0 <= place + away < len(seen.looks) else frozenset({"nothing"})
        yield from (f"{name} {each}" for each in near)
    around = range(max(0, place - ROW), min(len(seen.looks), place + ROW + 1))
    beside = (at for at in around if at != place and seen.passages[at].passage.line == passage.passage.line)
    yield from {f"row {each}" for at in beside for each in seen.looks[at]}
    for each in (*look, f"how {piece.how}"):
        yield from (f"line {each}", f"{kind} {each}", f"alike {often} {each}", f"{piece.how} {each}")
    for each in _look(piece.text):
        yield from (f"own {each}", f"own {each} {piece.how}")
    words = FORM["word"].findall(plain)
    yield from {f"word {word[:6]}" for word in words if len(word) > 2}
    yield from {f"sense {sense}" for sense, _ in meant(plain, language)}
    yield from (f"begins {word[:6]}" for word in words[:1])
    yield from (f"ends {word[:6]}" for word in words[-1:])


def second_traits(seen: SeenNote, pieces: Sequence[TitlePiece]) -> Iterator[frozenset[str]]:
    """What speaks for each piece, by how likely it is and those are that stand near it or look alike."""
    best: dict[int, float] = {}
    alike: dict[tuple[object, ...], dict[int, float]] = {}
    for piece in pieces:
        sort = seen.sorts[piece.place]
        best[piece.place] = max(best.get(piece.place, 0.0), piece.likelihood)
        alike.setdefault((sort, piece.how), {})[piece.place] = piece.likelihood
        alike.setdefault((sort,), {})[piece.place] = best[piece.place]
    sums = {key: (fsum(some.values()), sorted(some.values())[-2:]) for key, some in alike.items()}
    likely = min(MOST_LIKELY, sum(each > LIKELY for each in best.values()))
    total = min(MOST_TOTAL, int(fsum(best.values())))
    for piece in pieces:
        own, is_best = _step(piece.likelihood), piece.likelihood >= best[piece.place]
        found = {f"2 own {own}", f"2 likely {likely}", f"2 total {total}", f"2 best {is_best}"}
        found.add(f"2 own {own} {min(MOST_LIKELY - 1, likely)}")
        for name, key in (("line", (seen.sorts[piece.place],)), ("how", (seen.sorts[piece.place], piece.how))):
            here, (every, highest), number = alike[key][piece.place], sums[key], len(alike[key])
            mean = _step((every - here) / (number - 1)) if number > 1 else "none"
            most = (highest[0] if here == highest[-1] else highest[-1]) if number > 1 else 0.0
            found |= {f"2 {name} {mean}", f"2 {name} {mean} {own}", f"2 {name} most {_step(most)}"}
        found |= {f"2 {name} {_step(best[piece.place + away])}" for away, name in NEAR if piece.place + away in best}
        yield frozenset(found)


def _step(likelihood: float) -> int:
    """A likelihood in steps of its logarithmic odds."""
    bounded = min(max(likelihood, 1e-6), 1 - 1e-6)
    return int(min(MOST_LOG, max(LEAST_LOG, log(bounded / (1 - bounded)) // 1)))
