"""Adopted texts that a note cites: under another name, with another year, or an agenda that nobody adopted."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from workspace.interchange.notes.rules.adopted_texts import (
    ADOPTED_TEXTS,
    KNOWN_AGENDAS,
    NUMBER_OF_GOALS,
    NUMBER_OF_TARGETS,
    AdoptedText,
)
from workspace.interchange.notes.rules.table import words as word_set
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.words import folded
from workspace.sessions.extraction import Evidence, Inconsistency

LONGEST = 20_000
AGENDA = re.compile(r"\bagendas?\s(?:de\s)?((?:19|20)\d\d)\b|\b((?:19|20)\d\d)\sagenda\b")
SPAN_AFTER = re.compile(r"\s?\(?((?:19|20)\d\d)\s?[-–]\s?((?:19|20)\d\d)\b")
FEWEST_WORDS = 4
PROPER = re.compile(
    r"[A-ZÀ-Þ][\w'’-]+(?:\s(?:(?:de|del|la|las|los|y|el|para|of|the|for|and|on|in|du|des|le|les|pour|et|sur|en)\s){0,3}[A-ZÀ-Þ][\w'’-]+){3,9}"
)
YEAR_AFTER = re.compile(
    r"\s?(?:,|\(|\bde\b|\bdel\b|\bof\b|\ben\b|\bin\b|\badopt\w+\s(?:in|en)\b)?\s?\(?((?:19|20)\d\d)\b(?!\s?[-–])"
)
GOALS = re.compile(
    r"\b(\d{1,3})\s(?:objetivos de desarrollo sostenible|ods\b|sustainable development goals|sdgs\b|"
    r"objectifs de developpement durable|odd\b)"
)
JOINTS = word_set(
    "de del la las los el y e en a al para por d l of the for and on in to du des le les pour et sur aux au"
)
YEARS_AT_END = re.compile(r"\s\d{4}\s?[-–]\s?\d{4}$")
A_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
TARGETS = re.compile(r"\b(\d{2,3})\s(?:metas de los ods|sdg targets|cibles des odd)")


def citations(passages: Sequence[Placed]) -> Iterator[Inconsistency]:
    """Each misquotation once, with its line."""
    told: set[str] = set()
    for line in passages:
        for words, why, begins in _wrong(line.passage.text[:LONGEST]):
            if words.lower() not in told:
                told.add(words.lower())
                evidence = Evidence(quote=words, line=line.passage.line_at(begins), page=line.passage.page)
                yield Inconsistency(type="wrong_reference", severity="warning", description=why, evidence=(evidence,))


def _wrong(text: str) -> Iterator[tuple[str, str, int]]:
    plain = _aligned(text)
    for found in AGENDA.finditer(plain):
        if int(found[1] or found[2]) not in KNOWN_AGENDAS:
            words = text[found.start() : found.end()]
            yield words, f"{words} is no agenda that is known; the 2030 Agenda may be meant.", found.start()
    for form, right in ((GOALS, NUMBER_OF_GOALS), (TARGETS, NUMBER_OF_TARGETS)):
        for found in form.finditer(plain):
            if int(found[1]) > right:
                yield text[found.start() : found.end()], f"There are {right} of them.", found.start()
    form, meant = _misquoted()
    for found in form.finditer(plain):
        words, adopted = text[found.start() : found.end()], meant[found[0]]
        yield words, f"“{words}” is cited; the title is “{adopted.titles['en']}” ({adopted.year}).", found.start()
    yield from _nearly(text)
    if A_YEAR.search(plain):
        yield from _years(text, plain)


def _nearly(text: str) -> Iterator[tuple[str, str, int]]:
    """Long titles with one word wrong: "Milan Urban Food Policy Act"."""
    for found in PROPER.finditer(text):
        said = _essential(found[0])
        meant = next((adopted for adopted, title in _long_titles() if _is_nearly(said, title)), None)
        if meant:
            told = f"“{found[0]}” is cited; the title is “{meant.titles['en']}” ({meant.year})."
            yield found[0], told, found.start()


def _is_nearly(said: tuple[str, ...], title: tuple[str, ...]) -> bool:
    """Whether the words hold a title with exactly one of its words replaced, and hold it nowhere as it is."""
    length = len(title)
    wrong = [
        sum(a != b for a, b in zip(said[begins : begins + length], title, strict=True))
        for begins in range(len(said) - length + 1)
    ]
    return 1 in wrong and 0 not in wrong


@cache
def _long_titles() -> tuple[tuple[AdoptedText, tuple[str, ...]], ...]:
    """The titles of four words and more, as the words that carry them."""
    every = ((adopted, _essential(name)) for adopted in ADOPTED_TEXTS for name in _right_names(adopted))
    return tuple(sorted((pair for pair in every if len(pair[1]) >= FEWEST_WORDS), key=lambda pair: pair[0].key))


def _essential(name: str) -> tuple[str, ...]:
    """The words of a title that carry it: no joints, no years, no plural."""
    spelled = re.findall(r"[^\W\d_]+", folded(name))
    return tuple(word.rstrip("s") for word in spelled if word not in JOINTS)


def _years(text: str, plain: str) -> Iterator[tuple[str, str, int]]:
    for adopted, form in _named():
        for found in form.finditer(plain):
            year = YEAR_AFTER.match(plain, found.end())
            span = SPAN_AFTER.match(plain, found.end())
            wrong = year and int(year[1]) not in {adopted.year, *adopted.years}
            if span and not {int(span[1]), int(span[2])} <= {adopted.year, *adopted.years}:
                years = "–".join(map(str, sorted({adopted.year, *adopted.years})))
                yield (
                    text[found.start() : span.end()],
                    f"The years of “{adopted.titles['en']}” are {years}.",
                    found.start(),
                )
            elif year and wrong:
                words = text[found.start() : year.end()]
                yield words, f"“{adopted.titles['en']}” was adopted in {adopted.year}.", found.start()


def _aligned(text: str) -> str:
    """Lower case without accents, every character in its place."""
    return "".join((folded(character) or " ")[:1] if character > "\x7f" else character.lower() for character in text)


@cache
def _misquoted() -> tuple[re.Pattern[str], dict[str, AdoptedText]]:
    """Every wrong name, and the text that is meant by it."""
    meant = {_aligned(name): adopted for adopted in ADOPTED_TEXTS for name in adopted.misquoted}
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, meant))})\b"), meant


@cache
def _named() -> tuple[tuple[AdoptedText, re.Pattern[str]], ...]:
    return tuple(
        (adopted, re.compile(rf"\b{re.escape(_aligned(name))}\b(?![-–]?\d)"))
        for adopted in ADOPTED_TEXTS
        for name in _right_names(adopted)
    )


def _right_names(adopted: AdoptedText) -> frozenset[str]:
    """Every right name, long ones also without the years at their end."""
    names = (*adopted.titles.values(), *adopted.known_as)
    return frozenset(names) | {YEARS_AT_END.sub("", name) for name in names}
