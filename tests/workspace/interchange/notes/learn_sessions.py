"""Fit the weights by which titles of sessions are found in a note.

`python -m tests.workspace.interchange.notes.learn_sessions` prints, for each set that teaches nothing, how many of its
sessions have a title that the others teach to find, and how many other pieces are taken for one; with `--write` it
keeps what they teach. It takes some minutes, and needs the extra `learning`.
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, groupby

import numpy as np
from msgspec import Struct, structs
from rapidfuzz import fuzz
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from tests.workspace.interchange.notes.learn_titles import UNREAD, readings, write
from tests.workspace.interchange.notes.test_layouts import DRAWN, Gathering, draw
from tests.workspace.interchange.notes.test_marked import MARKED, MarkedNote, notes
from workspace.interchange.notes import session_titles, titles
from workspace.interchange.notes.language import identify_language
from workspace.interchange.notes.layout import lay_out
from workspace.interchange.notes.lines import read_lines
from workspace.interchange.notes.programme import split_type
from workspace.interchange.notes.sections import passages_in_sections
from workspace.interchange.notes.session_titles import SeenNote, TitlePiece

STRENGTH = 0.4  # of what is taught, against weights of nought
RAREST = 3  # pieces with a trait
LEAST = 0.02
FOLDS = 5
FEW = 30
ALIKE = 90
NONE = -1


class TaughtNote(Struct):
    """The pieces of a note with their traits and the session of which each is the title."""

    seen: SeenNote
    pieces: list[TitlePiece]
    traits: list[frozenset[str]]
    sessions: list[int]
    number: int
    """Of its sessions."""


def taught_note(note: MarkedNote) -> TaughtNote:
    passages = passages_in_sections(lay_out(read_lines(note.text, source=note.name)).passages)
    language = identify_language(" ".join(line.passage.text for line in passages))
    kind = titles.weighed_kind(passages, titles.looks_of(passages), language=language)
    passages = session_titles.in_sentences(passages)
    seen = session_titles.looked_at(passages)
    pieces = [piece for place in range(len(passages)) for piece in session_titles.pieces_of(seen, place)]
    traits = [frozenset(session_titles.traits(seen, piece, language=language, kind=kind)) for piece in pieces]
    wanted = [each["title"] for each in note.facts["sessions"]]
    return TaughtNote(seen, pieces, traits, [_session_of(piece, wanted) for piece in pieces], len(wanted))


def _session_of(piece: TitlePiece, wanted: Sequence[str]) -> int:
    texts = {piece.text.lower(), split_type(piece.text)[1].lower()}
    alike = [max(fuzz.ratio(title.lower(), text) for text in texts) for title in wanted]
    return alike.index(max(alike)) if alike and max(alike) >= ALIKE else NONE


def fitted(taught: Sequence[TaughtNote]) -> dict[str, float]:
    """The weights under which what is right is likeliest."""
    rows = [(traits, at != NONE) for note in taught for traits, at in zip(note.traits, note.sessions, strict=True)]
    counted = Counter(chain.from_iterable(traits for traits, _ in rows))
    column = {trait: place for place, trait in enumerate(sorted(t for t, n in counted.items() if n >= RAREST))}
    places = [[column[trait] for trait in sorted(traits) if trait in column] for traits, _ in rows]
    ends = np.cumsum([0, *map(len, places)])
    every = np.fromiter(chain.from_iterable(places), dtype=np.int32)
    matrix = csr_matrix((np.ones(len(every)), every, ends), shape=(len(rows), len(column)))
    model = LogisticRegression(C=STRENGTH, solver="liblinear", fit_intercept=False, max_iter=300, random_state=0)
    weights = model.fit(matrix, [is_right for _, is_right in rows]).coef_[0]
    return {trait: round(float(weights[at]), 3) for trait, at in column.items() if abs(weights[at]) >= LEAST}


def rate(taught: Sequence[TaughtNote], weights: Mapping[str, float]) -> None:
    """Give each piece its likelihood."""
    session_titles.WEIGHTS = dict(weights)
    for note in taught:
        rated = zip(note.pieces, note.traits, strict=True)
        note.pieces = [structs.replace(p, likelihood=session_titles.likelihood(own)) for p, own in rated]


def know_others(taught: Sequence[TaughtNote]) -> None:
    """Add what speaks for a piece by how likely the others are."""
    for note in taught:
        more = session_titles.second_traits(note.seen, note.pieces)
        note.traits = [own | others for own, others in zip(note.traits, more, strict=True)]


def taught_in_two_rounds(sets: Mapping[str, list[TaughtNote]]) -> dict[str, float]:
    """What all sets but the unread teach, those of the first round beginning with "1 "; the unread are left rated.

    What a note learns of the lines around is how likely those are by what the other folds teach.
    """
    teaching = [name for name in sets if name not in UNREAD]
    every, unread = (list(chain.from_iterable(sets[name] for name in names)) for names in (teaching, {*sets} & UNREAD))
    for held in (teaching[fold::FOLDS] for fold in range(FOLDS)):
        others = fitted([note for name in teaching if name not in held for note in sets[name]])
        rate([note for name in held for note in sets[name]], others)
    first = fitted(every)
    rate(unread, first)
    know_others([*every, *unread])
    second = fitted(every)
    rate(unread, second)
    return {f"1 {trait}": weight for trait, weight in first.items()} | second


def tell(name: str, taught: Sequence[TaughtNote]) -> None:
    found: set[tuple[int, int]] = set()
    others: set[tuple[int, str]] = set()
    for number, note in enumerate(taught):
        rated = zip(note.pieces, note.sessions, strict=True)
        for _, some in groupby(rated, key=lambda pair: pair[0].place):
            piece, session = max(some, key=lambda pair: pair[0].likelihood)
            if piece.is_likely and session == NONE:
                others.add((number, piece.text))
            elif piece.is_likely:
                found.add((number, session))
    sessions = sum(note.number for note in taught)
    sys.stdout.write(f"{name:12} {len(found):3} of {sessions:3} sessions, {len(others):3} others\n")


def main() -> None:
    marked = {path.stem: [*map(taught_note, notes(path.stem))] for path in sorted(MARKED.glob("*.txt"))}
    marked["readings"] = [*map(taught_note, readings())]
    marked["programmes drawn"] = [taught_note(draw(seed)[1]) for seed in range(DRAWN, DRAWN + FEW)]
    marked["notes drawn"] = [taught_note(Gathering(seed).note()) for seed in range(DRAWN, DRAWN + FEW)]
    weights = taught_in_two_rounds(marked)
    for name in sorted({*marked} & UNREAD):
        tell(name, marked[name])
    sys.stdout.write(f"{len(weights)} weights\n")
    if "--write" in sys.argv:
        write(session_titles.STORED, weights)


if __name__ == "__main__":
    main()
