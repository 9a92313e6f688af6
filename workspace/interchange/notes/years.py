"""The year of a note that states none, from the days of the week it names: a guess with its reason, never a fact."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from workspace.interchange.notes import times
from workspace.interchange.notes.rules.adopted_texts import ADOPTED_TEXTS
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.times import Day
from workspace.interchange.notes.words import folded
from workspace.sessions.extraction import Guess

FIRST, LAST = 2005, 2036
FEWEST_LETTERS = 10
PAST_YEAR = re.compile(r"(?<![\d/.-])(?:19|20)\d\d(?![\d/-])")
AHEAD = re.compile(
    r"(?:agenda|programme|horizon\w*|horizonte|hasta|para|until|till|by|before|antes de|d'ici|jusqu'en|vers|"
    r"avant|hacia|"
    r"objetivos?|goals?)(?: (?:de|del|el|a|the|year|l'annee|en|2030))*\s?$"
)


def guessed(passages: Sequence[Placed]) -> dict[str, Guess]:
    """The year in which the days fall as the note names them; several, joined by strokes, if nothing decides."""
    named = [day for line in passages for day in times.days(line.passage.text) if day.weekday is not None]
    if not named or any(day.year for day in named):
        return {}
    fitting = [year for year in range(FIRST, LAST) if all(_falls(day, year) for day in named)]
    if not fitting:
        return {}
    told = f"{named[0].verbatim} falls in {', '.join(map(str, fitting))}"
    known = max(_mentioned(passages), default=None)
    later = [year for year in fitting if known is not None and year >= known]
    if not later:
        return {"year": Guess(value=" / ".join(map(str, fitting)), reason=told)}
    return {"year": Guess(value=str(later[0]), reason=f"{told}; the note speaks of {known}, so not before that")}


def _falls(day: Day, year: int) -> bool:
    dated: date | None = day.on(year)
    return dated is not None and dated.weekday() == day.weekday


def _mentioned(passages: Sequence[Placed]) -> Iterator[int]:
    """The years that the note speaks of as past or present: in its words, and of the adopted texts it cites."""
    whole = folded(" ".join(line.passage.text for line in passages))
    for found in PAST_YEAR.finditer(whole):
        year = int(found[0])
        if FIRST <= year < LAST and not AHEAD.search(whole[max(0, found.start() - 40) : found.start()]):
            yield year
    for adopted in ADOPTED_TEXTS:
        names = (*adopted.titles.values(), *adopted.known_as)
        if any(len(name) >= FEWEST_LETTERS and folded(name) in whole for name in names):
            yield adopted.year
