"""Who holds a session, where no labelled line says so: "organised by …, with the support of …"."""

import re
from collections.abc import Iterable, Iterator, Sequence

from workspace.interchange.notes.layout import Kind
from workspace.interchange.notes.sections import Placed
from workspace.interchange.notes.words import unmarked

FIRST = 16
LONGEST_NAME = 140
HOSTS = re.compile(
    r"\b(?i:(?:co)?organizad[oa]s?|convocad[oa]s?|se (?:realiza|organiza|celebra)(?: en conjunto| conjuntamente)?|"
    r"(?:co-?)?organi[sz]ed|convened|hosted|(?:co-?)?organisée?s?|convoquée?s?)"
    r"(?: jointly| conjuntamente| en conjunto| conjointement)? (?:por|by|par)\s(?P<names>[^.]{4,600})"
)
SUPPORT = re.compile(
    r",?\s(?:y |and |et )?(?:(?:con|with|avec) (?:el |the |le )?(?:\w+ )?(?:apoyo|support|soutien|appui|"
    r"colaboración|collaboration)"
    r"(?: \w+)? (?:de|of|du|des|from)|en (?:coordinación|colaboración) con|in (?:partnership|cooperation|"
    r"coordination) with|"
    r"en (?:partenariat|coopération|collaboration) avec)\s"
)
BETWEEN = re.compile(r"\s(?:y|and|et)\s(?=(?:la |el |los |las |the |le |les |l['’])[A-ZÀ-Þ]|[A-Z]{3})")
CONJUNCTION = re.compile(r"^(?:y|and|et)\s")
ARTICLE = re.compile(r"^(?:la |el |los |las |the |le |les |l['’])")
ACRONYM = re.compile(r"^[A-ZÀ-Þ][\w-]*[A-Z]s?\d?$")
NOTE_MARK = re.compile(r"\d+$")


def hosts(passages: Sequence[Placed]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The organisers, and those who support them or coordinate with them, as one sentence names them."""
    for line in passages[:FIRST]:
        if line.passage.kind not in {Kind.TEXT, Kind.HEADING}:
            continue
        if found := HOSTS.search(unmarked(line.passage.text)):
            first, *others = SUPPORT.split(found["names"])
            return tuple(_names(first)), tuple(name for other in others for name in _names(other))
    return (), ()


def _names(text: str) -> Iterator[str]:
    """Names parted by semicolons; by commas and "and" where each part is a name of its own."""
    for part in re.split(r"\s?;\s(?:y |and |et )?", text.strip(" ,")):
        pieces = [NOTE_MARK.sub("", ARTICLE.sub("", piece.strip())) for piece in part.split(",")]
        short = next((place for place, piece in enumerate(pieces) if place and ACRONYM.match(piece)), None)
        if short is not None:
            yield from _fitting([", ".join(pieces[: short + 1])])
            last = CONJUNCTION.sub("", part.split(",")[-1].strip())
            if len(pieces) > short + 1 and last != part.split(",")[-1].strip():
                yield from _fitting(name for name in [ARTICLE.sub("", last)] if name[:1].isupper())
        elif all(piece[:1].isupper() for piece in pieces):
            yield from _fitting([ARTICLE.sub("", name) for piece in pieces for name in BETWEEN.split(piece)])
        else:
            yield from _fitting(BETWEEN.split(pieces[0]))


def _fitting(names: Iterable[str]) -> Iterator[str]:
    yield from (ARTICLE.sub("", name) for name in names if 1 < len(name) <= LONGEST_NAME)
