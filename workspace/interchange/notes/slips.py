"""Slips in a note: of scanning, of spelling, of a form filled in by many hands. Pointed at, never put right."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from workspace.interchange.notes import headings
from workspace.interchange.notes.layout import Kind, Layout
from workspace.interchange.notes.reading import Line
from workspace.interchange.notes.rules import slips as rules
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.words import folded
from workspace.sessions.extraction import Evidence, Inconsistency, SpokenLanguage

MOST_EVIDENCE = 12
LONGEST = 5000
WORD = re.compile(r"[^\W\d_]{3,}")
STUCK = re.compile(r"^([^\W\d_]{5,})(?:y|and|et)$")
ALONE = re.compile(r"(?<=\w )(?![aAeEiIoOuUyYxXàÀáóéíñIVXÒò])([b-df-hj-np-tv-z]) (?=[^\W\d_]{3,})")
EMAIL = re.compile(r"[\w.+-]{1,60}@([\w.-]{3,80}\w)")
HTML = re.compile(r"<(?:ul|li|p|i|td|tr|br|span|div)\b[^<>]{0,100}>")
SHORT_YEAR = re.compile(r"(?<![\d/.])[0-3]?\d[/.][01]?\d[/.]\d\d(?![\d/.])")
CODE = re.compile(r"\b[A-Z]{2,3}\b")
WORDS_OF_LIMITS = {"en": "words", "es": "palabras", "fr": "mots"}
FEWEST_STUCK = 3


def slips(
    lines: Sequence[Line], layout: Layout, passages: Sequence[Placed], *, language: SpokenLanguage
) -> Iterator[Inconsistency]:
    """Everything of the kind, one entry for each sort with all its places."""
    yield from _told("ocr", "Words that scanning has probably spoiled.", _scanned(lines, layout, passages, language))
    yield from _told("language_quality", "Slips of the pen.", _written(passages, language))
    yield from _told("template_language_mix", "The form speaks another language here.", _mixed(passages, language))
    yield from _told("date_format", "The year has two digits.", _short_years(passages))
    yield from _told("language_codes", "Languages are named by codes of different kinds.", _codes(passages))
    yield from _told("extraction_artifact", "Marks of a lost table or page stand in the text.", _marks(lines))
    yield from _told("contact", "An address that is probably misspelled.", _contacts(lines), severity_is_warning=True)


def _told(
    kind: str, told: str, evidence: Iterator[Evidence], *, severity_is_warning: bool = False
) -> Iterator[Inconsistency]:
    found = tuple(dict.fromkeys(evidence))[:MOST_EVIDENCE]
    if found:
        severity = "warning" if severity_is_warning else "info"
        yield Inconsistency(type=kind, severity=severity, description=told, evidence=found)  # type: ignore[arg-type]


def _at(line: Placed, found: re.Match[str]) -> Evidence:
    return Evidence(quote=found[0].strip(), line=line.passage.line_at(found.start()), page=line.passage.page)


def _scanned(
    lines: Sequence[Line], layout: Layout, passages: Sequence[Placed], language: SpokenLanguage
) -> Iterator[Evidence]:
    for number, text in layout.running:
        if re.match(rules.HEADER_NUMERAL, text.strip("*_# ")):
            yield Evidence(quote=text, line=number)
    vocabulary = Counter(word.lower() for line in lines for word in WORD.findall(line.text[:LONGEST]))
    impossible = re.compile(rules.IMPOSSIBLE.get(language, r"(?!)"))
    for placed in passages:
        yield from _spoiled_words(placed, vocabulary, impossible)
        for found in ALONE.finditer(placed.passage.text[:LONGEST]) if language == "es" else ():
            quote = placed.passage.text[max(0, found.start() - 20) : found.end() + 20].strip()
            yield Evidence(quote=quote, line=placed.passage.line_at(found.start()))


def _spoiled_words(line: Placed, vocabulary: Counter[str], impossible: re.Pattern[str]) -> Iterator[Evidence]:
    """Words that stand there twice, run together, or have letters no word has."""
    text = line.passage.text[:LONGEST]
    for found in re.finditer(rules.DOUBLED, text, re.IGNORECASE):
        if found[1].lower() not in rules.USUALLY_DOUBLED:
            yield _at(line, found)
    for found in WORD.finditer(text):
        word, stuck = found[0], STUCK.match(found[0])
        is_odd = word.islower() and vocabulary[word] == 1 and bool(impossible.fullmatch(word))
        if (stuck and _is_stuck(stuck[1], word, vocabulary)) or (is_odd and _is_known(word, vocabulary)):
            yield _at(line, found)


def _is_stuck(known: str, word: str, vocabulary: Counter[str]) -> bool:
    """Two words run together: the first is known on its own, and the whole never comes again."""
    return vocabulary[known.lower()] >= FEWEST_STUCK and vocabulary[word.lower()] == 1


def _is_known(word: str, vocabulary: Counter[str]) -> bool:
    """Whether a letter less makes it a word that the note has."""
    return any(vocabulary[word[:place] + word[place + 1 :]] for place in range(len(word)))


def _written(passages: Sequence[Placed], language: SpokenLanguage) -> Iterator[Evidence]:
    for pattern, _ in rules.LANGUAGE_QUALITY.get(language, ()):
        for line in passages:
            for found in re.finditer(pattern, line.passage.text[:LONGEST]):
                yield _at(line, found)


def _mixed(passages: Sequence[Placed], language: SpokenLanguage) -> Iterator[Evidence]:
    """A limit of words stated in a language that is not the note's."""
    for line in passages:
        aside = headings.PARENTHESIS.search(line.passage.text) if headings.limit(line.passage.text) else None
        if aside and any(
            re.search(rf"\b{words}\b", aside[0], re.IGNORECASE)
            for code, words in WORDS_OF_LIMITS.items()
            if code != language
        ):
            yield Evidence(quote=aside[0], line=line.passage.line, page=line.passage.page)


def _short_years(passages: Sequence[Placed]) -> Iterator[Evidence]:
    for line in passages:
        if line.passage.kind in {Kind.FIELD, Kind.SLOT} and (found := SHORT_YEAR.search(line.passage.text)):
            yield _at(line, found)


def _codes(passages: Sequence[Placed]) -> Iterator[Evidence]:
    """Codes of languages that are not all of one kind ("ING - ESP - FR")."""
    for line in passages:
        stated = headings.field(line.passage.text) if line.passage.kind is Kind.FIELD else None
        codes = CODE.findall(stated.value) if stated and stated.role == "languages" else []
        if len({len(code) for code in codes}) > 1:
            yield Evidence(quote=line.passage.text, line=line.passage.line, page=line.passage.page)


def _marks(lines: Sequence[Line]) -> Iterator[Evidence]:
    for line in lines:
        found = HTML.search(line.text[:LONGEST]) or re.search("\N{REPLACEMENT CHARACTER}", line.text[:LONGEST])
        if found:
            yield Evidence(
                quote=line.text[found.start() : found.start() + 60].strip(), line=line.number, page=line.page
            )


def _contacts(lines: Sequence[Line]) -> Iterator[Evidence]:
    for line in lines:
        for found in EMAIL.finditer(line.text[:LONGEST]):
            if any(_is_nearly(part, known) for part in found[1].split(".") for known in rules.WORDS_OF_ADDRESSES):
                yield Evidence(quote=found[0], line=line.number, page=line.page)


def _is_nearly(part: str, known: str) -> bool:
    """Whether a part of an address holds a usual word with one letter wrong or lost, and not the word itself."""
    plain = folded(part)
    if known in plain or len(plain) < len(known) - 1:
        return False
    return any(
        OSA.distance(plain[begins : begins + length], known, score_cutoff=1) == 1
        for length in (len(known) - 1, len(known))
        for begins in range(len(plain) - length + 1)
    )
