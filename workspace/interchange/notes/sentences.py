"""Sentences of a passage, and the clauses of a sentence that recommend."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from msgspec import Struct

from workspace.interchange.notes.lines import folded
from workspace.interchange.notes.rules.table import ALL, Clauses

END = re.compile(r"[.!?…][)\]\"'”»’*_]{0,4}\s(?=[\"'“«‘(*_\[–—-]{0,4}\s?[^\W\d_]|[\"“«(*]{0,2}\d|[¿¡])")
SPANISH_QUESTION = re.compile(r"[^.!?…¿]¿")
NOT_AN_END = frozenset().union(*(cues.abbreviations for cues in ALL.values()))
LAST_WORD = re.compile(r"(?:^|[\s(«\"“'’])([^\W\d_](?:[\w.]{0,12}))\.$")
BEFORE_QUESTION = " ,:;–—-"


class Sentence(Struct, frozen=True):
    """The words as they stand, and how far into the passage they begin."""

    begins: int
    text: str

    @property
    def is_question(self) -> bool:
        return self.text.startswith("¿") or self.text.rstrip('*_"”») ').endswith("?")


def split_sentences(text: str) -> Iterator[Sentence]:
    """The sentences in order; what parts a statement from the question it leads to is left out."""
    for begins, sentence in _at_full_stops(text):
        yield from _at_question(begins, sentence)


def _at_full_stops(text: str) -> Iterator[tuple[int, str]]:
    begins = 0
    for match in END.finditer(text):
        stop = match.start() + 1
        following = text[match.end() : match.end() + 4].lstrip("\"'“«‘(*_[–—- ")
        if text[match.start()] == "." and (_is_abbreviation(text[max(0, stop - 16) : stop]) or following[:1].islower()):
            continue
        yield begins, text[begins : match.end()].rstrip()
        begins = match.end()
    if text[begins:].strip():
        yield begins, text[begins:].rstrip()


def _is_abbreviation(ending: str) -> bool:
    word = LAST_WORD.search(ending)
    return bool(word) and (len(word[1]) == 1 or word[1].lower() in NOT_AN_END)  # type: ignore[index]


def _at_question(begins: int, sentence: str) -> Iterator[Sentence]:
    found = SPANISH_QUESTION.search(sentence)
    place = found.end() - 1 if found else None
    if place is None and sentence.endswith("?"):
        after_colon = _asking_after_colon().search(sentence)
        place = after_colon.end() if after_colon else None
    if place is None:
        yield Sentence(begins, sentence)
        return
    if lead := sentence[:place].rstrip(BEFORE_QUESTION):
        yield Sentence(begins, lead)
    yield Sentence(begins + place, sentence[place:])


@cache
def _asking_after_colon() -> re.Pattern[str]:
    openers = sorted((re.escape(word) for cues in ALL.values() for word in cues.questions), key=len, reverse=True)
    return re.compile(rf"\s?:\s(?=(?:{'|'.join(openers)})\b)", re.IGNORECASE)


def begins_as_question(text: str) -> bool:
    """Whether a text begins as a question for debate does ("How can …", "¿Qué …", "Comment …")."""
    words = folded(text).lstrip('¿*_"“« ').split()[:4]
    return any(" ".join(words[:length]) in _openers() for length in range(1, 5))


@cache
def _openers() -> frozenset[str]:
    return frozenset(folded(word) for cues in ALL.values() for word in cues.questions)


FEWEST_KEPT = 12
FEWEST_BEFORE_COLON = 9
FEWEST_AFTER_CUE = 4
PARENTHESIS = re.compile(r"\([^()]*\)|«[^«»]*»|“[^“”]*”")
BETWEEN = re.compile(r"[,;—–]\s")
TRAILING = re.compile(r"\s+(?:y|e|o|and|or|et|ou)$")
COLON = re.compile(r":\s")
FIRST_WORD = re.compile(r"[\W_]*([\w'’]+)")


def recommending_clause(text: str, *, cue_begins: int, cue_ends: int, language: str) -> tuple[int, int]:
    """Where the recommending words of a sentence begin and end; conditions and the subject of the cue stay."""
    masked = PARENTHESIS.sub(lambda found: "\x01" * len(found[0]), text)
    begins = _begins(masked, cue_begins, language)
    return begins, _ends(masked, begins, cue_ends, language)


def aim_clause(text: str, language: str) -> str:
    """An aim without what follows from it and how it is pursued."""
    rules = ALL[language].clauses if language in ALL else None
    if rules is None:
        return text
    for piece in (rules.reasons, rules.gerund):
        for found in _after_comma(piece).finditer(text):
            if len(text[: found.start()].split()) >= FEWEST_AFTER_CUE:
                text = text[: found.start()]
                break
    return text


def _begins(masked: str, cue: int, language: str) -> int:
    rules = ALL[language].clauses
    if re.match(rules.gerund, masked[cue:], re.IGNORECASE):
        return cue
    begins = max((colon.end() for colon in COLON.finditer(masked, 0, cue)), default=0)
    begins = _after_connector(masked, begins, language)
    places = [begins, *(comma.end() for comma in BETWEEN.finditer(masked, begins, cue))]
    for place, following in pairwise(places):
        if not _leads_in(masked[place:following], rules) or not _opens(masked[following:], cue - following, rules):
            break
        begins = following
    if re.match(rules.impersonal, masked[cue:], re.IGNORECASE) and (
        _leads_in(masked[begins:cue], rules) or masked[:cue].rstrip().endswith((" que", " that"))
    ):
        return cue
    reported = masked.rfind(" de que ", begins, cue)
    if reported >= 0 and len(masked[begins:reported].split()) > FEWEST_KEPT:
        begins = reported + len(" de que ")
    return _after_connector(masked, begins, language)


def _leads_in(segment: str, rules: Clauses) -> bool:
    first = FIRST_WORD.match(segment)
    return first is not None and first[1].lower() in rules.leads


def _opens(rest: str, before_cue: int, rules: Clauses) -> bool:
    """Whether a clause can begin here: not in the middle of an enumeration, where the language shows that."""
    first = FIRST_WORD.match(rest)
    if before_cue == 0 or first is None or not rules.determiners:
        return True
    word = re.split(r"['’]", first[1].lower())[0]
    known = rules.determiners | rules.leads
    return word in known or first[1].lower() in known or first[1][:1].isupper()


def _after_connector(masked: str, begins: int, language: str) -> int:
    found = re.compile(rf"\s*(?:{ALL[language].clauses.connectors}),?\s+", re.IGNORECASE).match(masked, begins)
    return found.end() if found else begins


def _ends(masked: str, begins: int, cue_ends: int, language: str) -> int:
    rules = ALL[language].clauses
    ends = len(masked)
    found = _after_comma(rules.reasons).search(masked, cue_ends)
    if found and _says_something(masked, begins, cue_ends, found):
        ends = found.start()
    for found in _after_comma(rules.asides).finditer(masked, cue_ends, ends):
        if len(masked[begins : found.start()].split()) >= FEWEST_KEPT:
            ends = found.start()
            break
    colon = COLON.search(masked, cue_ends, ends)
    if colon and len(masked[begins : colon.start()].split()) >= FEWEST_BEFORE_COLON:
        ends = colon.start()
    return _before_second_relative(masked, begins, cue_ends, ends, rules.relative)


def _says_something(masked: str, begins: int, cue_ends: int, found: re.Match[str]) -> bool:
    """Whether enough stands after the cue, or before a cue at the end of its clause."""
    after, whole = masked[cue_ends : found.start()], masked[begins : found.start()]
    return len(after.split()) >= FEWEST_AFTER_CUE or len(whole.split()) > FEWEST_AFTER_CUE


def _before_second_relative(masked: str, begins: int, cue_ends: int, ends: int, relative: str) -> int:
    """A clause within a clause within a long sentence is left out."""
    inner = list(re.finditer(rf"\s(?={relative}\b)", masked[cue_ends:ends], re.IGNORECASE))[1:]
    for found in inner:
        kept, rest = masked[begins : cue_ends + found.start()], masked[cue_ends + found.end() : ends]
        if len(kept.split()) >= FEWEST_KEPT + 8 and len(rest.split()) >= FEWEST_KEPT:
            return begins + len(TRAILING.sub("", kept))
    return ends


@cache
def _after_comma(piece: str) -> re.Pattern[str]:
    return re.compile(rf",\s(?=(?:{piece})(?:(?<=\s)|\b))", re.IGNORECASE)
