"""Notes of fourteen genres, marked by hand: what they recommend, the sessions they tell of and what does not add up.

In `marked/*.txt` each note begins with `%%%`, its facts as JSON, and `%%`; ⟦…⟧ is a proposal, ⟪…⟫ a planted error.
`tuned.txt` the rules were made with; `unseen.txt` was written after them and changed none. Every other set was new
once. Of what it gave when read for the first time, before anything was mended by it, this is the record; from then on
it mended the reader and teaches the weights of proposals: limits below prove nothing. Those from
`twentyninth.txt` on mended how programmes are laid out and where sessions are, and taught no weights of proposals.
Still unread, `thirtysixth.txt` gave .79 of its facts by what those before it had mended, `fortyfirst.txt` .70.
`fortythird.txt` to `fiftyfirst.txt` are of forty short notes each, no two laid out alike, with no marks but their
facts: of these .35, .31, .37, .29, .38, .35, .46, .35, .38 were read rightly at first, and two notes not at all. The
third, the fourth and the last teach nothing and were read by nobody, as `thirtysixth.txt`, `fortyfirst.txt`,
`fortysecond.txt` and `fiftysecond.txt` (`learn_titles.UNREAD`); all others mended the reader or teach its weights:

    set           precision  recall  facts  errors  false alarms  phantoms
    later              0.89    0.80   0.48    0.77
    fresh              1       0.90   1       0.71           0.1         1
    first              0.77    0.61   0.83    0.68           0           0
    second             0.96    0.96   0.86    0.81           0           0
    third              0.89    0.68   0.25    0.47           0.3         3
    fourth             0.71    0.65   0.36    0.22           0.4         3
    fifth              0.63    0.61   0.34    0.17           1.7         9
    sixth              0.84    0.62   0.50    0.36           0.4         5
    seventh            0.68    0.58   0.48    0.48           0.4         4
    eighth             0.89    0.76   0.31    0.57           0.7         3
    ninth              0.89    0.66   0.28    0.63           0.6        16
    tenth              0.65    0.48   0.62    0.54           0.3        12
    eleventh           0.65    0.69   0.62    0.65           0.9         3
    twelfth            0.87    0.56   0.66    0.29           0.3         2
    thirteenth         0.89    0.66   0.57    0.54           0.3        24
    fourteenth         0.83    0.55   0.47                              17
    sixteenth          0.82    0.30   0.53                               7
    seventeenth        0.90    0.49   0.61                              11
    eighteenth         0.89    0.43   0.50                              13
    nineteenth         0.63    0.37   0.37    0.66           0.5        16
    twentieth          0.81    0.74   0.35    0.40           0.8        14
    twentyfirst        0.90    0.66   0.45    0.54           0.25       19
    twentysecond       0.88    0.72   0.62    0.63           0.50        5
    twentythird        0.80    0.84   0.65    0.60           0.25        2
    twentyfourth       0.70    0.76   0.32    0.43           0.19       12
    twentyfifth        0.70    0.77   0.56    0.71           0.44        3
    twentysixth        0.89    0.82   0.73    0.59           0.06        1
    twentyseventh      0.80    0.84   0.42    0.46           0           5
    twentyeighth       0.82    0.68   0.59    0.91           0.31       15
    twentyninth        0.86    0.86   0.58    0.65           0.08        3
    thirtieth          0.85    0.85   0.61    0.55           0.12        3
    thirtyfirst        0.80    0.78   0.57    0.69           0.14       13
    thirtysecond       0.79    0.77   0.39    0.56           0.36        5
    thirtythird        0.74    0.83   0.32    0.60           0.14        7
    thirtyfourth       0.81    0.81   0.41    0.67           0.14        4
    thirtyfifth        0.89    0.84   0.36    0.61           0.64       10
    thirtysixth        0.80    0.83   0.44    0.85           0.21        5
    thirtyseventh      0.64    0.80   0.47    0.50           0.36        3
    thirtyeighth       0.84    0.77   0.57    0.45           1.14        4
    thirtyninth        0.81    0.83   0.78    0.74           0.36        0
    fortieth           0.87    0.70   0.70    0.89           0.36        2
    fortyfirst         0.96    0.92   0.65    0.58           0.14        3
    fortysecond        0.81    0.85   0.66    0.72           0.14       10
    fiftysecond        0.83    0.88   0.82    0.50           0.06        2
    fiftythird         0.81    0.90   0.62    0.60           0.38        9

The writers of `first.txt` and from `third.txt` on saw neither rules nor sets. By rules and weights mended by sets
before them only, the sets from `fourteenth.txt` on gave, each still unread: `fourteenth.txt` recall 0.78 and 2
phantoms, `sixteenth.txt` 0.45 and 6, `seventeenth.txt` 0.67 and 4, `eighteenth.txt` 0.52 and 1, `nineteenth.txt` 0.51,
`twentieth.txt` 0.83, and, when proposals alone had been mended by others, `twentyfirst.txt` 0.87, 0.81, facts 0.48 and
16 phantoms, `twentysecond.txt` 0.92, 0.81, 0.63 and 5; `twentythird.txt`, when sessions had been too, 0.80, 0.84, 0.67
and 3. Errors of those without a figure were 0.45 to 0.65, false alarms 0.1 to 0.6.

Marks put right: kinds that the reader does not know, in `sixth.txt` to `eighth.txt`, are 0.02 to 0.03 of their facts; a
resolution is about no session, and a title in quotation marks after what sort of gathering it is stands without that.
One definition of kinds holds for all: a report is what was said in sessions, by a rapporteur or on flip-charts, minutes
are of a meeting of a body, a call is a circular, and a yearly report is none of them. By it 60 kinds were put right,
none in the last thirteen sets. Ten times of `twentyfifth.txt` bear the zone that their note names.

An error counts as found where a sentence is quoted that stands on its line, wherever in the line the quotation begins.
A place marked without a room may be the room, or the room and its house, either first; titles before names do not
count.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from rapidfuzz import fuzz

from workspace.interchange.notes import extract_text
from workspace.sessions.extraction import Evidence, Extraction, SessionFound, Statement

MARKED = Path(__file__).parents[1] / "marked"
MARKS = re.compile(r"[⟦⟧⟪⟫]")
SAME = 92
TITLE = re.compile(r"^(?:Dra?|Mr?s?|Mme|Sra?|Prof)\.?\s(?=[A-ZÀ-Þ])")


class MarkedNote(NamedTuple):
    name: str
    facts: dict[str, Any]
    text: str
    proposals: Sequence[str]
    errors: Sequence[int]
    """The lines of planted errors."""


class Score(NamedTuple):
    """How much of a set of notes was found."""

    precision: float
    recall: float
    facts: float
    errors: float
    false_alarms: float
    phantoms: int


def notes(name: str) -> Iterator[MarkedNote]:
    for note in (MARKED / f"{name}.txt").read_text(encoding="utf-8").split("%%% ")[1:]:
        head, text = note.split("\n%%\n", 1)
        title, facts = head.split("\n", 1)
        proposals = [" ".join(MARKS.sub("", found).split()) for found in re.findall(r"⟦([^⟧]*)⟧", text)]
        errors = [text.count("\n", 0, found.start()) + 1 for found in re.finditer("⟪", text)]
        yield MarkedNote(title, json.loads(facts), MARKS.sub("", text), proposals, errors)


def is_same(wanted: str, found: str) -> bool:
    return fuzz.ratio(wanted.strip(" .;").lower(), found.strip(" .;").lower()) >= SAME


def invented(note: MarkedNote, found: Sequence[Statement]) -> list[str]:
    return [each.text for each in found if not any(is_same(wanted, each.text) for wanted in note.proposals)]


def missed(note: MarkedNote, found: Sequence[Statement]) -> list[str]:
    return [wanted for wanted in note.proposals if not any(is_same(wanted, each.text) for each in found)]


def wrong_facts(note: MarkedNote, read: Extraction) -> Iterator[tuple[str, Any, Any]]:
    """Each fact that differs: its name, what it is and what was read."""
    if read.document_kind != note.facts["kind"]:
        yield "kind", note.facts["kind"], read.document_kind
    if read.language != note.name.rpartition(".")[2]:
        yield "language", note.name, read.language
    for wanted in note.facts["sessions"]:
        session = next((each for each in read.sessions if is_that(wanted, each)), None)
        for name, marked in wanted.items():
            value = [TITLE.sub("", person) for person in marked] if isinstance(marked, list) else marked
            mine = _said(session, name) if session else None
            if mine != value and not (session and (name == "title" or _is_where(wanted, name, session))):
                yield name, value, mine


def _is_where(wanted: dict[str, Any], name: str, session: SessionFound) -> bool:
    """Whether a place marked without a room is the room, or the room and its house in either order."""
    parts = [part for part in (session.room, session.place) if part]
    where = (session.room, ", ".join(parts), ", ".join(parts[::-1]))
    return name == "place" and "room" not in wanted and wanted[name] in where


def is_that(wanted: dict[str, Any], session: SessionFound) -> bool:
    return fuzz.token_set_ratio(wanted["title"].lower(), session.title.lower()) >= SAME


def _said(session: SessionFound, name: str) -> Any:
    value = getattr(session, name)
    if name in {"speakers", "moderators"}:
        return [person.name for person in value]
    return [item.title for item in value] if name == "agenda" else list(value) if isinstance(value, tuple) else value


def phantoms(note: MarkedNote, read: Extraction) -> list[str]:
    return [s.title for s in read.sessions if not any(is_that(wanted, s) for wanted in note.facts["sessions"])]


def quoted(note: MarkedNote, place: Evidence) -> range:
    """The lines over which a quoted sentence runs."""
    if place.line is None:
        return range(0)
    quote, first = place.quote.split(), note.text.splitlines()[place.line - 1].split()
    begins = next((at for at in range(len(first)) if first[at : at + len(quote)] == quote[: len(first) - at]), 0)
    words = begins + len(quote)
    so_far = accumulate(len(line.split()) for line in note.text.splitlines()[place.line - 1 :])
    more = next((number for number, count in enumerate(so_far) if count >= words), 0)
    return range(place.line, place.line + more + 1)


def unfound(note: MarkedNote, read: Extraction) -> list[int]:
    pointed = {line for found in read.inconsistencies for place in found.evidence for line in quoted(note, place)}
    return [line for line in note.errors if line not in pointed]


def false_alarms(note: MarkedNote, read: Extraction) -> list[str]:
    return [
        f"{finding.type}: {finding.description} {[place.line for place in finding.evidence]}"
        for finding in read.inconsistencies
        if not {line for place in finding.evidence for line in quoted(note, place)} & set(note.errors)
    ]


@cache
def read(name: str) -> list[tuple[MarkedNote, Extraction]]:
    return [(note, extract_text(note.text, source=note.name)) for note in notes(name)]


def facts_told(name: str) -> float:
    """The share of all facts that were read rightly."""
    facts = sum(2 + sum(map(len, note.facts["sessions"])) for note, _ in read(name))
    return 1 - sum(len(list(wrong_facts(note, found))) for note, found in read(name)) / facts


@cache
def score(name: str) -> Score:
    every = read(name)
    proposed = sum(len(read.recommendations) for _, read in every)
    wanted = sum(len(note.proposals) for note, _ in every)
    planted = sum(len(note.errors) for note, _ in every)
    return Score(
        precision=1 - sum(len(invented(note, read.recommendations)) for note, read in every) / proposed,
        recall=1 - sum(len(missed(note, read.recommendations)) for note, read in every) / wanted,
        facts=facts_told(name),
        errors=1 - sum(len(unfound(note, read)) for note, read in every) / planted,
        false_alarms=sum(len(false_alarms(note, read)) for note, read in every) / len(every),
        phantoms=sum(len(phantoms(note, read)) for note, read in every),
    )


REACHED = {
    "tuned": (0.97, 0.97, 0.97, 0.95, 0.2),
    "later": (0.97, 0.97, 0.97, 0.9, 0.2),
    "unseen": (0.95, 0.95, 0.97, 0.97, 0.1),
    "fresh": (0.97, 0.97, 0.97, 0.92, 0.1),
    "first": (0.96, 0.97, 0.97, 0.81, 0.1),
    "second": (0.95, 0.97, 0.93, 0.87, 0.1),
    "third": (0.94, 0.89, 0.97, 0.97, 0.1),
    "fourth": (0.97, 0.97, 0.94, 0.94, 0.2),
    "fifth": (0.94, 0.97, 0.97, 0.83, 0.1),
    "sixth": (0.97, 0.97, 0.97, 0.77, 0.3),
    "seventh": (0.97, 0.97, 0.95, 0.8, 0.1),
    "eighth": (0.97, 0.97, 0.92, 0.9, 0.1),
    "ninth": (0.97, 0.94, 0.95, 0.9, 0.2),
    "tenth": (0.97, 0.86, 0.92, 0.85, 0.1),
    "eleventh": (0.97, 0.97, 0.85, 0.76, 0.1),
    "twelfth": (0.88, 0.86, 0.97, 0.52, 0.2),
    "thirteenth": (0.94, 0.89, 0.95, 0.73, 0.2),
    "fourteenth": (0.88, 0.92, 0.95, 0.63, 0.2),
    "sixteenth": (0.9, 0.77, 0.9, 0.54, 0.2),
    "seventeenth": (0.93, 0.83, 0.94, 0.75, 0.1),
    "eighteenth": (0.93, 0.85, 0.9, 0.63, 0.2),
    "nineteenth": (0.84, 0.84, 0.84, 0.9, 0.4),
    "twentieth": (0.89, 0.95, 0.77, 0.6, 0.3),
    "twentyfirst": (0.94, 0.92, 0.85, 0.84, 0.2),
    "twentysecond": (0.96, 0.97, 0.89, 0.94, 0.2),
    "twentythird": (0.92, 0.94, 0.92, 0.67, 0.1),
    "twentyfourth": (0.87, 0.88, 0.81, 0.47, 0.32),
    "twentyfifth": (0.93, 0.95, 0.82, 0.7, 0.25),
    "twentysixth": (0.93, 0.97, 0.86, 0.81, 0.13),
    "twentyseventh": (0.82, 0.9, 0.78, 0.78, 0.1),
    "twentyeighth": (0.98, 0.95, 0.85, 0.94, 0.4),
    "twentyninth": (0.86, 0.86, 0.76, 0.68, 0.09),
    "thirtieth": (0.87, 0.85, 0.95, 0.55, 0.13),
    "thirtyfirst": (0.8, 0.77, 0.9, 0.68, 0.15),
    "thirtysecond": (0.83, 0.76, 0.83, 0.5, 0.43),
    "thirtythird": (0.79, 0.82, 0.86, 0.6, 0.15),
    "thirtyfourth": (0.86, 0.81, 0.87, 0.72, 0.22),
    "thirtyfifth": (0.88, 0.83, 0.84, 0.61, 0.5),
    "thirtysixth": (0.85, 0.83, 0.85, 0.85, 0.08),
    "thirtyseventh": (0.64, 0.8, 0.79, 0.5, 0.29),
    "thirtyeighth": (0.84, 0.77, 0.85, 0.5, 0.29),
    "thirtyninth": (0.8, 0.78, 0.88, 0.73, 0.36),
    "fortieth": (0.86, 0.7, 0.88, 0.89, 0.29),
    "fortyfirst": (0.95, 0.89, 0.77, 0.52, 0.15),
    "fortysecond": (0.8, 0.85, 0.74, 0.72, 0.22),
    "fiftysecond": (0.82, 0.87, 0.82, 0.5, 0.07),
    "fiftythird": (0.81, 0.9, 0.86, 0.6, 0.38),
}
PHANTOMS = {
    "tuned": 2,
    "later": 1,
    "second": 1,
    "fourth": 1,
    "eighth": 1,
    "eleventh": 3,
    "twelfth": 1,
    "thirteenth": 1,
    "seventeenth": 2,
    "eighteenth": 2,
    "nineteenth": 2,
    "twentieth": 7,
    "twentysecond": 2,
    "twentyfourth": 1,
    "twentyfifth": 1,
    "twentyeighth": 2,
    "twentyninth": 3,
    "thirtieth": 2,
    "thirtyfirst": 1,
    "thirtysecond": 1,
    "thirtyfourth": 2,
    "thirtyfifth": 4,
    "thirtysixth": 3,
    "thirtyseventh": 4,
    "thirtyeighth": 2,
    "fortieth": 2,
    "fortyfirst": 6,
    "fortysecond": 9,
    "fiftysecond": 3,
    "fiftythird": 3,
}


SHORT = (
    ("fortythird", 0.6, 25),
    ("fortyfourth", 0.61, 10),
    ("fortyfifth", 0.44, 13),
    ("fortysixth", 0.47, 17),
    ("fortyseventh", 0.55, 5),
    ("fortyeighth", 0.52, 16),
    ("fortyninth", 0.62, 20),
    ("fiftieth", 0.5, 11),
    ("fiftyfirst", 0.46, 26),
)


@pytest.mark.parametrize("name", REACHED)
def test_proposals_facts_and_errors_of_marked_notes_are_found(name):
    found = score(name)
    precision, recall, facts, errors, false_alarms = REACHED[name]

    assert found.precision >= precision, found
    assert found.recall >= recall, found
    assert found.facts >= facts, found
    assert found.errors >= errors, found
    assert found.false_alarms <= false_alarms, found
    assert found.phantoms <= PHANTOMS.get(name, 0), found


@pytest.mark.parametrize(("name", "facts", "most"), SHORT)
def test_sessions_of_short_notes_no_two_laid_out_alike_are_found(name, facts, most):
    assert facts_told(name) >= facts
    assert sum(len(phantoms(note, found)) for note, found in read(name)) <= most
