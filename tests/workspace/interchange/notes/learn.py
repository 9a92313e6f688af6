"""Fit the weights by which proposals are found where no rule has words.

`python -m tests.workspace.interchange.notes.learn` prints how well each marked set is read by what the other sets
teach; with `--write` it keeps what all of them teach. It needs the extra `learning`.
"""

import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from tests.workspace.interchange.notes.test_marked import MARKED, MarkedNote, is_same, notes
from tests.workspace.interchange.notes.test_readings import NOTES
from workspace.interchange.notes import learned
from workspace.interchange.notes.layout import lay_out
from workspace.interchange.notes.learned import Unit, likely, weighed
from workspace.interchange.notes.lines import read_lines
from workspace.interchange.notes.proposals import document_kind
from workspace.interchange.notes.recommendations import units_of_note
from workspace.interchange.notes.sections import passages_in_sections
from workspace.interchange.notes.titles import note_title
from workspace.sessions.extraction import SpokenLanguage

STORED = Path(learned.__file__).parent / "rules" / "learned.json"
WEIGHT_OF_A_PROPOSAL = 3
FEWEST = 3  # units that have a trait
STRENGTH = 0.5  # the smaller, the more alike the weights


def units_of(note: MarkedNote) -> Sequence[Unit]:
    layout = lay_out(read_lines(note.text, source=note.name))
    passages = passages_in_sections(layout.passages)
    title = note_title(passages)
    kind = document_kind(layout, passages, name=title[0] if title else None)
    language = msgspec.convert(note.name.rpartition(".")[2], SpokenLanguage)
    return weighed(units_of_note(passages, language=language, kind=kind))


def readings() -> Iterator[MarkedNote]:
    for path in NOTES:
        found = msgspec.json.decode(path.with_name(f"{path.name}.json").read_bytes(), type=dict[str, Any])
        yield MarkedNote(path.stem, {}, path.read_text(encoding="utf-8"), found.get("recommendations", []), [])


def fitted(rows: Sequence[tuple[Unit, bool]]) -> dict[str, float]:
    vectors = DictVectorizer()
    often = Counter(trait for unit, _ in rows for trait in unit.traits)
    known = {trait for trait, number in often.items() if number >= FEWEST}
    matrix = vectors.fit_transform([dict.fromkeys(sorted(unit.traits & known), 1) for unit, _ in rows])
    matrix.indices, matrix.indptr = matrix.indices.astype("int32"), matrix.indptr.astype("int32")
    weighed = {False: 1, True: WEIGHT_OF_A_PROPOSAL}
    model = LogisticRegression(C=STRENGTH, l1_ratio=0, solver="liblinear", max_iter=300, class_weight=weighed)
    model.fit(matrix, [is_asked for _, is_asked in rows])
    weights = zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)
    telling = {name: rounded for name, weight in weights if (rounded := round(float(weight), 2))}
    return {"": round(float(model.intercept_[0]), 2), **dict(sorted(telling.items()))}


def tried(of_set: Sequence[tuple[MarkedNote, Sequence[Unit]]]) -> Iterator[float]:
    """Precision and recall of the weights in use."""
    found = [(note, [unit.said.text for unit in likely(weighed(each))]) for note, each in of_set]
    right = sum(any(is_same(wanted, text) for wanted in note.proposals) for note, texts in found for text in texts)
    met = sum(any(is_same(wanted, text) for text in texts) for note, texts in found for wanted in note.proposals)
    yield right / max(1, sum(len(texts) for _, texts in found))
    yield met / sum(len(note.proposals) for note, _ in of_set)


def main() -> None:
    warnings.simplefilter("ignore")
    sets = {path.stem: [(n, units_of(n)) for n in notes(path.stem)] for path in sorted(MARKED.glob("*.txt"))}
    sets["readings"] = [(note, units_of(note)) for note in readings()]
    rows = {
        name: [
            (unit, any(is_same(wanted, unit.said.text) for wanted in n.proposals))
            for n, each in of_set
            for unit in each
        ]
        for name, of_set in sets.items()
    }
    if "--write" in sys.argv:
        weights = fitted([row for each in rows.values() for row in each])
        STORED.write_bytes(msgspec.json.format(msgspec.json.encode(weights), indent=1) + b"\n")
        return
    for name, of_set in sets.items():
        learned.WEIGHTS = fitted([row for other in sets if other != name for row in rows[other]])
        sys.stdout.write(f"{name:10} {' '.join(f'{figure:.2f}' for figure in tried(of_set))} {len(learned.WEIGHTS)}\n")


if __name__ == "__main__":
    main()
