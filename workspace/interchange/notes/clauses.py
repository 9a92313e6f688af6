"""The words of a sentence that recommend, without what leads in to them and what only explains them."""

import re
from functools import cache
from itertools import pairwise

from workspace.interchange.notes.rules.clauses import CLAUSES, Clauses

FEWEST_KEPT = 12
FEWEST_BEFORE_COLON = 9
FEWEST_AFTER_CUE = 4
PARENTHESIS = re.compile(r"\([^()]*\)|«[^«»]*»|“[^“”]*”")
BETWEEN = re.compile(r"[,;—–]\s")
TRAILING = re.compile(r"\s+(?:y|e|o|and|or|et|ou)$")
COLON = re.compile(r":\s")
FIRST_WORD = re.compile(r"[\W_]*([\w'’]+)")


def narrowed(text: str, *, cue_begins: int, cue_ends: int, language: str) -> tuple[int, int]:
    """Where the recommending words of a sentence begin and end; conditions and the subject of the cue stay."""
    masked = PARENTHESIS.sub(lambda found: "\x01" * len(found[0]), text)
    begins = _begins(masked, cue_begins, language)
    return begins, _ends(masked, begins, cue_ends, language)


def aim(text: str, language: str) -> str:
    """An aim without what follows from it and how it is pursued."""
    rules = CLAUSES.get(language)
    if rules is None:
        return text
    for piece in (rules.reasons, rules.gerund):
        for found in _after_comma(piece).finditer(text):
            if len(text[: found.start()].split()) >= FEWEST_AFTER_CUE:
                text = text[: found.start()]
                break
    return text


def _begins(masked: str, cue: int, language: str) -> int:
    rules = CLAUSES[language]
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
    found = re.compile(rf"\s*(?:{CLAUSES[language].connectors}),?\s+", re.IGNORECASE).match(masked, begins)
    return found.end() if found else begins


def _ends(masked: str, begins: int, cue_ends: int, language: str) -> int:
    rules = CLAUSES[language]
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
