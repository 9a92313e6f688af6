"""Fit the weights by which the title of a note is chosen, whether it is about one session, its kind and its house.

`python -m tests.workspace.interchange.notes.learn_titles` prints how much of each marked set is told rightly by what
the other sets teach; with `--write` it keeps what all of them teach, but for the unread. It needs the extra `learning`.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from rapidfuzz import fuzz
from rapidfuzz.utils import default_process
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from tests.workspace.interchange.notes.test_marked import MARKED, MarkedNote, notes
from tests.workspace.interchange.notes.test_readings import NOTES
from workspace.interchange.notes import houses, session_details, titles
from workspace.interchange.notes.language import identify_language
from workspace.interchange.notes.layout import lay_out
from workspace.interchange.notes.lines import read_lines
from workspace.interchange.notes.sections import passages_in_sections
from workspace.interchange.notes.titles import weighable

STORED = Path(titles.__file__).parent / "rules" / "learned_titles.json"
PENALTY = 2.0  # of the square of each weight
RAREST = 3  # candidates with a trait
LEAST = 0.02
UNREAD = frozenset(
    {"thirtysixth", "fortyfirst", "fortysecond", "fortyfifth", "fortysixth", "fiftyfirst", "fiftysecond"}
)
ALIKE = 92
SURELY = 95
HEAD = 14  # passages


class Heading(Struct, frozen=True):
    """The candidates of a note about one session: the traits of each, and whether it is the title."""

    traits: list[frozenset[str]]
    is_right: list[bool]


def heading_of(note: MarkedNote) -> Heading | None:
    """None where it is about several sessions or none."""
    if len(note.facts["sessions"]) != 1:
        return None
    passages = passages_in_sections(lay_out(read_lines(note.text, source=note.name)).passages)
    title = str(note.facts["sessions"][0]["title"]).lower()
    found = list(weighable(passages))
    is_same = [fuzz.ratio(title, each.text.lower()) >= ALIKE for each, _ in found]
    is_close = [fuzz.token_set_ratio(title, each.text, processor=default_process) >= ALIKE for each, _ in found]
    return Heading([traits for _, traits in found], is_same if any(is_same) else is_close)


def about(note: MarkedNote) -> Heading:
    """Whether the note as a whole is about one session, as a choice between what speaks for it and nothing."""
    passages = passages_in_sections(lay_out(read_lines(note.text, source=note.name)).passages)
    title = titles.note_title(passages)
    traits = titles.about_traits(passages, title[0] if title else None, titles.looks_of(passages))
    is_one = len(note.facts["sessions"]) == 1
    return Heading([traits, frozenset()], [is_one, not is_one])


def kinds(note: MarkedNote) -> Heading:
    """Its kind, as a choice among all kinds."""
    passages = passages_in_sections(lay_out(read_lines(note.text, source=note.name)).passages)
    language = identify_language(" ".join(line.passage.text for line in passages))
    traits = titles.kind_traits(passages, titles.looks_of(passages), language=language)
    every = [frozenset(f"{kind} {trait}" for trait in traits) for kind in titles.KINDS]
    return Heading(every, [kind == note.facts["kind"] for kind in titles.KINDS])


def house(note: MarkedNote) -> Heading:
    """Where most of its sessions are, as a choice among the candidates and nowhere."""
    layout = lay_out(read_lines(note.text, source=note.name))
    passages = passages_in_sections(layout.passages)
    _, ruled = session_details.where_all_are(layout, passages, passages[:HEAD])
    told = Counter(session["place"] for session in note.facts["sessions"] if session.get("place"))
    where = told.most_common(1)[0][0] if told else None
    found = list(houses.weighable(passages, ruled))
    is_right = [where is not None and fuzz.ratio(where.lower(), each.text.lower()) >= SURELY for each, _ in found]
    return Heading([*(traits for _, traits in found), houses.nowhere(ruled)], [*is_right, where is None])


def readings() -> Iterator[MarkedNote]:
    for path in NOTES:
        found = msgspec.json.decode(path.with_name(f"{path.name}.json").read_bytes())
        facts = {"sessions": found["sessions"], "kind": found["document_kind"]}
        yield MarkedNote(path.name, facts, path.read_text(encoding="utf-8"), [], [])


def fitted(headings: Sequence[Heading]) -> dict[str, float]:
    """The weights under which the right candidates are likeliest among those of their note."""
    taught = [heading for heading in headings if any(heading.is_right) and not all(heading.is_right)]
    counted = Counter(chain.from_iterable(chain.from_iterable(heading.traits for heading in taught)))
    column = {trait: place for place, trait in enumerate(sorted(t for t, n in counted.items() if n >= RAREST))}
    rows = [[column[t] for t in sorted(each) if t in column] for heading in taught for each in heading.traits]
    ends = np.cumsum([0, *map(len, rows)])
    every = np.fromiter(chain.from_iterable(rows), dtype=np.int32)
    matrix = csr_matrix((np.ones(len(every)), every, ends.astype(np.int32)), shape=(len(rows), len(column)))
    sizes = [len(heading.traits) for heading in taught]
    begins, of_note = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(taught)), sizes)
    is_right = np.concatenate([heading.is_right for heading in taught])

    def unlikelihood(weights: np.ndarray) -> tuple[float, np.ndarray]:
        merit = matrix @ weights
        odds = np.exp(merit - np.maximum.reduceat(merit, begins)[of_note])
        every_odds, right_odds = np.add.reduceat(odds, begins), np.add.reduceat(odds * is_right, begins)
        excess = odds / every_odds[of_note] - odds * is_right / right_odds[of_note]
        loss = np.log(every_odds / right_odds).sum() + PENALTY * weights @ weights / 2
        return loss, matrix.T @ excess + PENALTY * weights

    weights = minimize(unlikelihood, np.zeros(len(column)), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return {trait: round(float(weights[at]), 3) for trait, at in column.items() if abs(weights[at]) >= LEAST}


def is_found(heading: Heading, weights: dict[str, float]) -> bool:
    merits = [sum(weights.get(trait, 0.0) for trait in traits) for traits in heading.traits]
    return bool(merits) and heading.is_right[merits.index(max(merits))]


def taught_by(sets: Mapping[str, Sequence[Heading]], *, without: str | None = None) -> dict[str, float]:
    """What the sets teach but for the unread, by which it is judged."""
    return fitted([heading for name, each in sets.items() if name not in {without, *UNREAD} for heading in each])


def read_by_others(sets: Mapping[str, Sequence[Heading]], what: str) -> dict[str, float]:
    """How much of each set is told rightly by what the others teach, and what all of them teach."""
    found = Counter[str]()
    for name, headings in sets.items():
        weights = taught_by(sets, without=name)
        found[name] = sum(is_found(heading, weights) for heading in headings)
        reachable = sum(any(heading.is_right) for heading in headings)
        sys.stdout.write(f"{name:12} {found[name]:3} of {len(headings)} {what} ({reachable} among the candidates)\n")
    sys.stdout.write(f"{'all':12} {found.total():3} of {sum(map(len, sets.values()))} {what}\n")
    return taught_by(sets)


def write(path: Path, weights: Mapping[str, float]) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(dict(sorted(weights.items()))), indent=1) + b"\n")


def main() -> None:
    marked = {path.stem: list(notes(path.stem)) for path in sorted(MARKED.glob("*.txt"))}
    marked["readings"] = list(readings())
    weights = read_by_others({name: [*filter(None, map(heading_of, each))] for name, each in marked.items()}, "titles")
    titles.WEIGHTS = weights
    weights |= read_by_others({name: [*map(about, each)] for name, each in marked.items()}, "sessions")
    weights |= read_by_others({name: [*map(kinds, each)] for name, each in marked.items()}, "kinds")
    of_houses = read_by_others({name: [*map(house, each)] for name, each in marked.items()}, "houses")
    sys.stdout.write(f"{len(weights)} and {len(of_houses)} weights\n")
    if "--write" in sys.argv:
        write(STORED, weights)
        write(houses.STORED, of_houses)


if __name__ == "__main__":
    main()
