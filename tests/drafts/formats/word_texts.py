"""Texts and amendments for the tests of Word files, and the shortest ways to write and to read one."""

from datetime import UTC, datetime

from drafts.diff.amendments import Amendment
from drafts.formats.docx.entries import ChangeAuthor
from drafts.formats.docx.origin import origin_of
from drafts.formats.docx.package import PageSetup
from drafts.formats.docx.reader import read
from drafts.formats.docx.returned import ReturnedFile, read_returned
from drafts.formats.docx.tracked_changes import track_amendments, unchanged
from drafts.formats.docx.writer import text_file
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.numbering import numbers

K = BlockKind
SHEET = PageSetup("Declaration", Language.EN, "Declaration")
BASE = Document(
    (
        Block("t", K.TITLE, "Declaration of Vallemar"),
        Block("p1", K.PREAMBLE, "*Recalling* the Charter of Open Workshops,"),
        Block("h1", K.HEADING, "Water", 1),
        Block("o1", K.OPERATIVE, "Towns shall respect water and its **sources** in every quarter."),
        Block("i1", K.ITEM, "the wells;", 1),
        Block("i2", K.ITEM, "the springs.", 1),
        Block("o2", K.OPERATIVE, "They shall not sell it. Nobody may own the rain that falls on a town."),
        Block("o3", K.OPERATIVE, "Towns will meet again in 2029 to say aloud what was done."),
        Block("o4", K.OPERATIVE, "Every fountain shall carry the name of whoever mended it."),
        Block("q", K.QUOTATION, "A stopped clock is not dead."),
        Block("tb", K.TABLE, "| Town | Wells |\n|---|---|\n| Lyon | 12 |\n| Quito | 31 |"),
        Block("o5", K.OPERATIVE, "See paragraph [](#b-o1) and the [map](https://map.example/of-wells)[^1]."),
        Block("n1", K.NOTE, "[^1]: Counted in 2026 by the eleven towns."),
        Block("o6", K.OPERATIVE, "The last word belongs to those who carry the water."),
    ),
    Language.EN,
)


def hand(number: int) -> ChangeAuthor:
    return ChangeAuthor(f"Member {number}", datetime(2027, 5, number % 28 + 1, 9, 30, tzinfo=UTC))


def out(base: Document = BASE, **given) -> bytes:
    """The base as a clean file that knows where it came from."""
    origin = origin_of(base, declaration="d", revision=1)
    return text_file(unchanged(base), SHEET, numbers=numbers(base), origin=given.get("origin", origin))


def out_tracked(base: Document, amendments: list[Amendment], remarks=None, origin=None) -> bytes:
    made = track_amendments(base, amendments, {one.number: hand(one.number) for one in amendments})
    return text_file(made.entries, SHEET, numbers=numbers(base), remarks=remarks or {}, origin=origin)


def back(data: bytes, base: Document = BASE) -> ReturnedFile:
    text = read(data)
    return read_returned(text, base, numbers(base), remarks=text.origin.remarks if text.origin else ())


def told(found: ReturnedFile) -> dict[str, list[tuple[str, str, str | None]]]:
    """What each author proposes: operation, block and new words."""
    return {
        one.author: [(change.op.value, change.block, change.text) for change in one.changes] for one in found.proposals
    }
