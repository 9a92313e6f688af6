"""One city under two names in a note: "Burdeos" here and "Bordeaux" there."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from workspace.interchange.notes.rules.exonyms import AMBIGUOUS, CITIES
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.words import folded
from workspace.sessions.extraction import Evidence, Inconsistency

LONGEST = 20_000
IN_ADDRESS = re.compile(r"\S*(?:https?:|www\.|@|/)\S*")


def cities(passages: Sequence[Placed]) -> Iterator[Inconsistency]:
    """Each city that goes by more than one name, with the first place of each; names that only differ by their
    accents are left to the check of accents.
    """
    found: dict[int, dict[str, Evidence]] = {}
    form, city_of = _names()
    for line in passages:
        text = IN_ADDRESS.sub(lambda match: " " * len(match[0]), line.passage.text[:LONGEST])
        for match in form.finditer(text):
            where = Evidence(quote=match[0], line=line.passage.line_at(match.start()), page=line.passage.page)
            found.setdefault(city_of[match[0].lower()], {}).setdefault(folded(match[0]), where)
    for names in found.values():
        if len(names) > 1:
            told = "One city under several names: " + ", ".join(one.quote for one in names.values()) + "."
            yield Inconsistency(
                type="name_variant", severity="warning", description=told, evidence=tuple(names.values())
            )


@cache
def _names() -> tuple[re.Pattern[str], dict[str, int]]:
    """Every name, in capitals or not, and the city it is a name of."""
    city_of = {name.lower(): number for number, names in enumerate(CITIES) for name in names if name not in AMBIGUOUS}
    written = sorted((name for names in CITIES for name in names if name not in AMBIGUOUS), key=len, reverse=True)
    forms = "|".join(f"{re.escape(name)}|{re.escape(name.upper())}" for name in written)
    return re.compile(rf"(?<![\w-])(?:{forms})(?![\w-])"), city_of
