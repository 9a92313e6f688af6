"""Notes of fourteen genres, marked by hand: what they recommend, the sessions they tell of and what does not add up.

In `marked/*.txt` each note begins with `%%%`, its facts as JSON, and `%%`; ⟦…⟧ is a proposal, ⟪…⟫ a planted error.
The rules were made with `tuned.txt`; `unseen.txt` was written after them and changed none. `later.txt` was new when it
gave precision 0.89, recall 0.80, facts 0.48 and errors 0.77, and the rules were mended by it. `fresh.txt` came after;
read for the first time it gave precision 1, recall 0.90, facts 1, errors 0.71, 0.1 false alarms a note and one session
too many, a pause; that and a heading of one word were mended since. `first.txt` was written by someone who had not read
the rules: at first precision 0.77, recall 0.61, facts 0.83, errors 0.68, no false alarm and no phantom; 0.91 and 0.71
with five marks made whole sentences. The rules were mended by it, so that its limits below are no
proof. `second.txt` came after that and changed nothing: read for the first time it gave precision 0.96,
recall 0.96, facts 0.86, errors 0.81, no false alarm and no phantom session; whoever wrote it had read some of them.
`third.txt` is of a writer who saw neither rules nor sets: precision 0.89, recall 0.68, facts 0.25, errors 0.47, 0.3
false alarms a note, three phantoms. `fourth.txt` is of another such writer: precision 0.71, recall 0.65,
facts 0.36, errors 0.22, 0.4 false alarms, three phantoms; `fifth.txt` of the same: 0.63, 0.61, 0.34, 0.17, 1.7, nine
phantoms. The reader was rebuilt by these three, so that they prove nothing from then on. `sixth.txt` and `seventh.txt`
are of two more such writers. Read for the first time after that, `sixth.txt` gave precision 0.84, recall 0.62, facts
0.50, errors 0.36, 0.4 false alarms, five phantoms, and the rules were mended by it; `seventh.txt`, read after that,
0.68, 0.58, 0.48, 0.48, 0.4, four phantoms; `eighth.txt`, of one more writer, 0.89, 0.76, 0.31, 0.57, 0.7, three
phantoms. In these three, kinds of documents that the reader does not know ("resolution") were put right before; of the
facts that is 0.02 to 0.03. `ninth.txt` and `tenth.txt` are of two more writers who saw neither rules nor sets. Read
before anything was mended by these four, `ninth.txt` gave precision 0.89, recall 0.66, facts 0.28, errors 0.63, 0.6
false alarms, sixteen phantoms, and `tenth.txt` 0.65, 0.48, 0.62, 0.54, 0.3, twelve phantoms. All four are used to mend
the reader and prove nothing about it from then on. `eleventh.txt`, of one more writer, was read
for the first time when the four were mended by, precision 0.65, recall 0.69, facts 0.62, errors 0.65, 0.9 false
alarms, three phantoms; read by the rules as they were before `ninth.txt` and `tenth.txt` were studied, 0.63, 0.63,
0.58, 0.54, 0.9, three phantoms. Whatever it gives below was mended by it.

`twelfth.txt` to `eighteenth.txt` are of more writers who saw neither rules nor sets. Read for the first time,
`twelfth.txt` gave precision 0.87, recall 0.56, facts 0.66, errors 0.29, 0.3 false alarms, two phantoms, and by it
weights of words were added to the rules (`learned.json`). `thirteenth.txt`, read for the first time after that, gave
0.89, 0.66, 0.57, 0.54, 0.3, twenty-four phantoms; without the weights 0.93 and 0.52. Both then mended how sessions are
read. Before weights and sessions and after them, read by what neither rules nor weights had from them, `fourteenth.txt`
gave precision 0.83 and 0.83, recall 0.55 and 0.78, facts 0.47 and 0.53, seventeen phantoms and two; `sixteenth.txt`
0.82 and 0.87, 0.30 and 0.45, 0.53 and 0.54, seven and six; `seventeenth.txt` 0.90 and 0.81, 0.49 and 0.67, 0.61 and
0.72, eleven and four; `eighteenth.txt` 0.89 and 0.79, 0.43 and 0.52, 0.50 and 0.52, thirteen and one; errors 0.45 to
0.65, 0.1 to 0.6 false alarms. From then on they teach the weights too, so that their limits below are no proof.

Two more sets of such writers, read for the first time, gave precision 0.76 and 0.88, recall 0.67 and 0.79, facts 0.70
and 0.74, errors 0.58 and 0.58, 0.6 and 0.8 false alarms, three phantoms each. The rules were then mended by them.

`nineteenth.txt` and `twentieth.txt` are of two more writers. Read for the first time they gave precision 0.63 and 0.81,
recall 0.37 and 0.74, facts 0.37 and 0.35, errors 0.66 and 0.40, 0.5 and 0.8 false alarms, 16 phantoms and 14; then
proposals were mended by them. With weights of what words mean, before either was studied, 0.67 and 0.86, 0.51 and 0.83.

Sessions of `seventh.txt` to `tenth.txt` were read better by rules made with them, so that their facts prove nothing
from then on. Four marks were put right: a resolution is about no session, a rapporteur's report is a report, and a
title in quotation marks after what sort of gathering it is stands without that, as in the other sets.

An error counts as found where a sentence is quoted that stands on its line, wherever in the line the quotation begins.
A place marked without a room may be the room, or the room and its house; titles before names do not count.
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
    """Whether a place marked without a room is the room, or the room and its house."""
    where = (session.room, ", ".join(filter(None, (session.room, session.place))))
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
def score(name: str) -> Score:
    every = [(note, extract_text(note.text, source=note.name)) for note in notes(name)]
    proposed = sum(len(read.recommendations) for _, read in every)
    wanted = sum(len(note.proposals) for note, _ in every)
    facts = sum(2 + sum(map(len, note.facts["sessions"])) for note, _ in every)
    planted = sum(len(note.errors) for note, _ in every)
    return Score(
        precision=1 - sum(len(invented(note, read.recommendations)) for note, read in every) / proposed,
        recall=1 - sum(len(missed(note, read.recommendations)) for note, read in every) / wanted,
        facts=1 - sum(len(list(wrong_facts(note, read))) for note, read in every) / facts,
        errors=1 - sum(len(unfound(note, read)) for note, read in every) / planted,
        false_alarms=sum(len(false_alarms(note, read)) for note, read in every) / len(every),
        phantoms=sum(len(phantoms(note, read)) for note, read in every),
    )


REACHED = {
    "tuned": (0.97, 0.97, 0.97, 0.95, 0.2),
    "later": (0.97, 0.97, 0.92, 0.9, 0.2),
    "unseen": (0.95, 0.95, 0.97, 0.97, 0.1),
    "fresh": (0.97, 0.97, 0.97, 0.92, 0.1),
    "first": (0.97, 0.97, 0.82, 0.8, 0.1),
    "second": (0.95, 0.97, 0.92, 0.87, 0.1),
    "third": (0.97, 0.89, 0.98, 0.97, 0.1),
    "fourth": (0.97, 0.97, 0.91, 0.94, 0.2),
    "fifth": (0.97, 0.97, 0.87, 0.83, 0.1),
    "sixth": (0.97, 0.97, 0.95, 0.75, 0.3),
    "seventh": (0.97, 0.97, 0.82, 0.7, 0.4),
    "eighth": (0.97, 0.97, 0.84, 0.85, 0.4),
    "ninth": (0.97, 0.94, 0.91, 0.85, 0.4),
    "tenth": (0.97, 0.86, 0.87, 0.77, 0.1),
    "eleventh": (0.97, 0.97, 0.77, 0.65, 0.2),
    "twelfth": (0.88, 0.86, 0.94, 0.42, 0.3),
    "thirteenth": (0.94, 0.89, 0.91, 0.6, 0.4),
    "fourteenth": (0.88, 0.92, 0.9, 0.6, 0.4),
    "sixteenth": (0.9, 0.77, 0.85, 0.5, 0.6),
    "seventeenth": (0.93, 0.83, 0.86, 0.64, 0.2),
    "eighteenth": (0.93, 0.85, 0.73, 0.51, 0.2),
    "nineteenth": (0.88, 0.83, 0.44, 0.81, 0.4),
    "twentieth": (0.9, 0.95, 0.62, 0.5, 0.5),
}
PHANTOMS = {
    "later": 1,
    "seventh": 1,
    "twelfth": 1,
    "thirteenth": 1,
    "seventeenth": 2,
    "nineteenth": 11,
    "twentieth": 6,
}


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
