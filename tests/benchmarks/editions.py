"""Editions: three columns of twenty pages, the same after one changed word, and every form, made in a child."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from msgspec.structs import replace

from drafts.formats import pdf
from drafts.formats.apparatus import Apparatus, Signatory
from drafts.formats.assembly import EditionText, EditionWording, Imprint, RevisionRow, edition_text
from drafts.text.blocks import BlockKind, Language
from tests.benchmarks.measuring import Targets, medians, row
from workspace.editions.domain.edition_store import files_of

WIDE = 70  # paragraphs of twenty pages in three columns
WHOLE = {60: 400, 400: 1_500, 800: 3_500}  # paragraphs of a whole edition, and milliseconds that it may take
_ROUNDS, _CHANGED = 3, 9
_SIGNATORIES, _IN_A_PART = 24, 20
_CLEAN = Path(__file__).parent.parent / "drafts" / "checks" / "clean.txt"
_WORDS = 45  # of a paragraph, about
_turn = iter(range(10**9))


def report(targets: Targets) -> Iterator[str]:
    pdf.parallel_pdf(declaration(2))  # fonts and template are read once
    fresh = [declaration(WIDE) for _ in range(_ROUNDS)]
    text = declaration(WIDE)
    pdf.parallel_pdf(text)
    changed = [with_word(text, 7 * (place + 1)) for place in range(_CHANGED)]
    wide = medians({"wide": lambda: pdf.parallel_pdf(fresh.pop())}, rounds=_ROUNDS)["wide"]
    pdf.parallel_pdf(text)
    again = medians({"again": lambda: pdf.parallel_pdf(changed.pop())}, rounds=_CHANGED)["again"]
    yield f"editions: {WIDE} paragraphs of about {_WORDS} words in three columns, and every form of {[*WHOLE]}"
    yield row("PDF, three columns, every text new", wide, wide)
    yield row("the same after one changed word", again, wide)
    targets.most("PDF in three columns, 20 pages", wide, 600, "ms")
    targets.most("PDF in three columns, 20 pages, after one changed word", again, 40, "ms")
    for size, limit in WHOLE.items():
        texts = iter([declaration(size) for _ in range(_ROUNDS)])
        taken = medians({"whole": lambda texts=texts: files_of(next(texts), {})}, rounds=_ROUNDS)["whole"]
        yield row(f"every form, {size} paragraphs", taken, wide)
        targets.most(f"edition of {size} paragraphs, every form", taken, limit, "ms")
    anew = subprocess.run([sys.executable, "-m", __name__], capture_output=True, check=True)
    targets.most(f"edition of {max(WHOLE)} paragraphs, memory of its process", float(anew.stdout), 300, "MB")


def main() -> None:
    """Print how much memory the longest edition takes, in MB: here no other child, and no large parent, is measured."""
    files_of(declaration(max(WHOLE)), {})
    sys.stdout.write(f"{getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024:.0f}\n")


def declaration(paragraphs: int) -> EditionText:
    """A declaration of clean paragraphs in parts, each made new by a number, so that nothing is remembered of it."""
    turn, said = next(_turn), _paragraphs()
    rows = [_row("title", BlockKind.TITLE, dict.fromkeys(Language, "Declaration of Vallemar"))]
    for place in range(paragraphs):
        if place % _IN_A_PART == 0:
            part = dict.fromkeys(Language, f"{place // _IN_A_PART + 1}. Vallemar {turn}")
            rows.append(_row(f"h{place}", BlockKind.HEADING, part, level=1))
        words = {language: f"{text} [{turn}.{place}]" for language, text in said[place % len(said)].items()}
        rows.append(_row(f"p{place}", BlockKind.OPERATIVE, words))
    name = dict.fromkeys(Language, "Vallemar")
    signed = tuple(Signatory(name, f"Mayor {place}", name, date(2027, 7, 1)) for place in range(_SIGNATORIES))
    return edition_text(rows, Imprint(name, name, name, date(2027, 7, 1)), Apparatus(signatories=signed))


def with_word(text: EditionText, place: int) -> EditionText:
    """The same text with one more word in a paragraph of one language."""
    row = text.rows[place]
    cell = row.cells[Language.FR]
    if not isinstance(cell, EditionWording):
        raise TypeError(place)
    words = f"{cell.text} mot"
    cells = {**row.cells, Language.FR: replace(cell, text=words, printed=words)}
    return replace(text, rows=(*text.rows[:place], replace(row, cells=cells), *text.rows[place + 1 :]))


def _row(name: str, kind: BlockKind, texts: Mapping[Language, str], *, level: int = 0) -> RevisionRow:
    return RevisionRow(id=name, kind=kind, texts=texts, level=level)


def _paragraphs() -> list[dict[Language, str]]:
    """The clean pairs of the checks, a few put together for each paragraph."""
    parts = [part.split("\n") for part in _CLEAN.read_text(encoding="utf-8").strip().split("\n\n")[1:]]
    clean = [{Language(line[:2]): _plain(line[4:]) for line in part} for part in parts]
    found: list[dict[Language, str]] = []
    held = dict.fromkeys(Language, "")
    for one in (one for one in clean if len(one) == len(Language)):
        held = {language: f"{held[language]} {one[language]}".strip() for language in Language}
        if len(held[Language.EN].split()) >= _WORDS:
            found.append(held)
            held = dict.fromkeys(Language, "")
    return found


def _plain(words: str) -> str:
    """Without the marks of the table, and without what Markdown would read as more than words."""
    return re.sub(r"[\[\]*_`^<>|\\]", "", words.replace("~", "\u00a0").replace("¬", "\u202f"))


if __name__ == "__main__":
    main()
