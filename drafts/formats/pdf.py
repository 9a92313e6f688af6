"""An edition as PDF: one language, or three side by side, set by typst from `typeset/`.

The text travels as JSON, never as source, so that nothing in it can act. It comes as a file, not as an input of the
compiler: typst keeps in mind whatever it has set, and after one changed word sets that paragraph alone again. The
fonts are the shipped ones, then those inside typst, never the machine's, and the
date is the edition's: the same text gives the same bytes anywhere. The files are PDF/A-2a and PDF/UA-1.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

import msgspec
import typst
from msgspec import Struct
from msgspec.structs import replace

from drafts.formats import text_parts
from drafts.formats.assembly import Absence, EditionRow, EditionText, RowPart
from drafts.formats.inline_runs import InlineRun, runs, together, unbroken
from drafts.formats.labels import WORDS, adopted, closing
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.markup import plain
from drafts.text.numbering import label, printed

HERE = Path(__file__).parent
BOOK = ("look", "words", "blocks", "rows", "front")  # what `typeset/edition.typ` is made of
LONG_TITLE = 60  # characters; a longer one is set smaller
LONG = 150  # rows: setting them in four files leaves 100 MB behind
_SHORT = 400  # bytes of the words of a cell
_REMEMBERED = 11  # runs after which typst forgets what none of them has used


class PdfCell(Struct, frozen=True):
    """One block in one language, as the template reads it; only one of `runs`, `table`, `absent` is filled."""

    mark: str = ""
    runs: tuple[InlineRun, ...] = ()
    table: tuple[tuple[tuple[InlineRun, ...], ...], ...] = ()
    absent: str = ""
    spoken: str = ""  # the language of words that are not in the column's


class PdfLine(Struct, frozen=True):
    """One block in every language of the file. The template does not ask for itself what is known of all its words:
    typst remembers whatever was looked through.
    """

    id: str
    kind: BlockKind
    level: int
    number: str
    cells: tuple[PdfCell, ...]
    part: RowPart = RowPart.TEXT
    is_empty: bool = False
    is_short: bool = False  # about eight lines at most
    is_kept: bool = False  # in the language in which it was said, once for all columns


class PdfColumn(Struct, frozen=True):
    """What a language says around its text: title page, running head, colophon."""

    language: Language
    label: str
    name: str
    forum: str
    title: tuple[InlineRun, ...]
    subtitle: tuple[InlineRun, ...]
    adopted: str
    contents: str
    edition: str
    fingerprint: str
    is_long: bool


class PdfDocument(Struct, frozen=True):
    """Everything that is printed."""

    columns: tuple[PdfColumn, ...]
    rows: tuple[PdfLine, ...]
    date: tuple[int, int, int]
    fingerprint: str
    is_leaf: bool  # a paper of a page or two: no title page, no contents


def language_pdf(text: EditionText, language: Language) -> bytes:
    """Return one language on upright A4: title page, contents, numbers in the margin, notes at the foot."""
    return compiled(pdf_document(text, (language,)))


def parallel_pdf(text: EditionText) -> bytes:
    """Return the three languages side by side on wide A4, each paragraph beside its counterparts."""
    return compiled(pdf_document(text, tuple(Language)))


def pdf_document(text: EditionText, languages: Sequence[Language]) -> PdfDocument:
    """Return what is printed, in words and runs. Notes go to the foot of the page on which they are first marked."""
    if len(languages) > 1:
        text = replace(text, leading=languages[0])
    depths = text_parts.depths(text, languages)
    body, back = (
        tuple(line(row, text, languages, depths.get(row.id, row.level)) for row in rows)
        for rows in (text_parts.body(text), text_parts.back(text))
    )
    lines = footed(body + ending(text, languages) + back, said_below(text, languages))
    day, fingerprint = text.imprint.date, text.fingerprint
    return PdfDocument(
        columns=tuple(column(text, language) for language in languages),
        rows=lines,
        date=(day.year, day.month, day.day),
        fingerprint=" ".join(fingerprint[start : start + 4] for start in range(0, 64, 4)),
        is_leaf=bool(text.stands_for),
    )


def column(text: EditionText, language: Language) -> PdfColumn:
    title, subtitle = text_parts.title(text, language)
    words, imprint = WORDS[language], text.imprint
    return PdfColumn(
        language=language,
        label=words.name,
        name=imprint.declaration[language],
        forum=together(imprint.forum[language], imprint.place[language]),
        title=runs(together(title, imprint.place[language])),
        subtitle=runs(subtitle),
        is_long=len(plain(title)) > LONG_TITLE,
        adopted=adopted(imprint, language),
        contents=words.contents,
        edition=". ".join(text_parts.edition_named(text, language)),
        fingerprint=words.fingerprint,
    )


def line(row: EditionRow, text: EditionText, languages: Sequence[Language], level: int) -> PdfLine:
    return PdfLine(
        id=row.id,
        kind=row.kind,
        level=level,
        number="" if row.kind is BlockKind.ITEM else row.number,
        cells=tuple(cell(row, text, language) for language in languages),
        part=row.part,
    )


def cell(row: EditionRow, text: EditionText, language: Language) -> PdfCell:
    wording = row.cells[language]
    if isinstance(wording, Absence):
        return PdfCell(absent=WORDS[language].absent.format(reason=wording.reason))
    if row.kind is BlockKind.TABLE and (rows := text_parts.table(wording.printed)):
        return PdfCell(table=tuple(tuple(set_runs(words, language) for words in cells) for cells in rows))
    if row.kind is BlockKind.CODE:
        return PdfCell(runs=(InlineRun("text", text_parts.code(wording.printed)),))
    if row.kind is BlockKind.NOTE:
        label, words = text_parts.note(wording.text)
        said = numbered_runs(set_runs(words, language), text.numbers, language)
        return PdfCell(runs=(InlineRun("note", label), InlineRun("text", " "), *said))
    own = Language(wording.spoken) if wording.spoken in set(Language) else language
    said = numbered_runs(set_runs(wording.text, own), text.numbers, language)
    return PdfCell(mark=text_parts.mark(row, language), runs=said, spoken=wording.spoken)


@lru_cache(maxsize=4_096)  # a preview needs nearly the same again
def set_runs(words: str, language: Language) -> tuple[InlineRun, ...]:
    """Return inline Markdown as runs, with the spaces at which no line may break."""
    return runs(unbroken(words, language))


def numbered_runs(found: Iterable[InlineRun], numbers: Mapping[str, str], language: Language) -> tuple[InlineRun, ...]:
    """Give every reference to a paragraph the number printed for it; one to what has none keeps its place empty."""
    return tuple(
        replace(run, body=(InlineRun("text", printed(numbers.get(run.value, ""), language)),))
        if run.kind == "ref" and not run.body
        else replace(run, body=numbered_runs(run.body, numbers, language))
        if run.body
        else run
        for run in found
    )


def said_below(text: EditionText, languages: Sequence[Language]) -> Mapping[str, tuple[InlineRun, ...]]:
    """Return what stands at the foot for each label: the words of the note, or a column of them for each language."""
    said = {language: text_parts.notes(text, language) for language in languages}
    if len(languages) == 1:
        return {label: set_runs(words, languages[0]) for label, words in said[languages[0]].items()}
    labels = dict.fromkeys(label for notes in said.values() for label in notes)
    return {
        label: tuple(
            InlineRun("column", language, set_runs(said[language].get(label, ""), language)) for language in languages
        )
        for label in labels
    }


def footed(lines: Iterable[PdfLine], below: Mapping[str, tuple[InlineRun, ...]]) -> tuple[PdfLine, ...]:
    """Move each footnote from its own row to its first mark; a note that nothing marks stays where it is."""
    seen: set[str] = set()

    def placed(run: InlineRun) -> InlineRun:
        if run.kind != "note" and not run.body:
            return run
        if run.kind != "note" or run.value not in below:
            return replace(run, body=tuple(placed(inner) for inner in run.body))
        if run.value in seen:
            return InlineRun("again", run.value)
        seen.add(run.value)
        return InlineRun("footnote", run.value, below[run.value])

    marked = [
        replace(row, cells=tuple(replace(cell, runs=tuple(map(placed, cell.runs))) for cell in row.cells))
        if below and row.kind is not BlockKind.NOTE
        else row
        for row in lines
    ]
    return tuple(map(looked_through, without_footed(marked, seen)))


def looked_through(row: PdfLine) -> PdfLine:
    """The row with what the template has to know of its words."""
    first, *others = (cell.runs for cell in row.cells)
    return replace(
        row,
        is_empty=not any(cell.absent or cell.runs or cell.table for cell in row.cells),
        is_short=not any(cell.table or letters(cell.runs) >= _SHORT for cell in row.cells),
        is_kept=bool(first) and any(cell.spoken for cell in row.cells) and all(runs == first for runs in others),
    )


def letters(found: Iterable[InlineRun]) -> int:
    return sum(len(run.value.encode()) + letters(run.body) for run in found)


def without_footed(rows: Iterable[PdfLine], labels: set[str]) -> Iterator[PdfLine]:
    """Leave out the first note of each label, which stands at the foot now."""
    left = set(labels)
    for row in rows:
        if (label := note_label(row)) in left:
            left.discard(label)
        else:
            yield row


def note_label(row: PdfLine) -> str:
    """Return the label of the note that a row defines; empty where it defines none."""
    first = next((cell.runs[0] for cell in row.cells if cell.runs), None)
    return first.value if row.kind is BlockKind.NOTE and first else ""


def ending(text: EditionText, languages: Sequence[Language]) -> tuple[PdfLine, ...]:
    """Return the closing clause that the imprint implies, as a row; none when the text brings its own."""
    cells = tuple(PdfCell(runs=(InlineRun("text", closing(text, language)),)) for language in languages)
    return () if text.has_closing else (PdfLine("", BlockKind.CLOSING, 0, "", cells),)


@cache
def fonts() -> typst.Fonts:
    """The shipped fonts, read once for every file of an edition."""
    return typst.Fonts(include_system_fonts=False, font_paths=[HERE / "fonts"])


@cache
def sources() -> Mapping[str, bytes]:
    """The template, read once."""
    names = {"main.typ": "edition.typ"} | {f"{name}.typ": f"{name}.typ" for name in BOOK}
    return {name: (HERE / "typeset" / file).read_bytes() for name, file in names.items()}


def compiled(page: PdfDocument) -> bytes:
    """Return the PDF, to its standards unless the text cannot be: they forbid a character that no font has.

    What typst keeps in mind of a long text, for the next one that is nearly the same, is let go.
    """
    try:
        return typeset(page, to_standards=True)
    except typst.TypstError as error:
        if not error.message.startswith("PDF/"):
            raise
        return typeset(page, to_standards=False)
    finally:
        for _ in range(_REMEMBERED if len(page.rows) >= LONG else 0):
            typst.compile(b"", font_paths=fonts())


def typeset(page: PdfDocument, *, to_standards: bool) -> bytes:
    made = typst.compile(  # type: ignore[call-overload]  # its stub does not know files in memory
        {**sources(), "edition.json": msgspec.json.encode(page)},
        font_paths=fonts(),
        pdf_standards=["a-2a", "ua-1"] if to_standards else [],
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gives a PDF as one run of bytes")
    return made


class PaperReport(Struct, frozen=True):
    """A paper: its blocks, the numbers they are printed with, and the line at the head of every page.

    `tongues` are the languages of blocks that are not in that of the paper.
    """

    document: Document
    numbers: Mapping[str, str]
    header: str
    made_on: date
    is_landscape: bool = False
    tongues: Mapping[str, Language] = {}

    @property
    def title(self) -> str:
        first = next(iter(self.document), None)
        return first.text if first else self.header


class _Line(Struct, frozen=True):
    kind: BlockKind
    level: int
    mark: str
    runs: tuple[InlineRun, ...]
    table: tuple[tuple[tuple[InlineRun, ...], ...], ...] = ()
    shares: tuple[float, ...] = ()  # of the page, for each column of the table
    spoken: str = ""  # the language of words that are not in the paper's


class _Paper(Struct, frozen=True):
    language: Language
    title: str
    header: str
    is_landscape: bool
    date: tuple[int, int, int]
    lines: tuple[_Line, ...]


def report_pdf(report: PaperReport) -> bytes:
    """The paper as PDF: the same paper gives the same bytes."""
    day = report.made_on
    paper = _Paper(
        language=report.document.language,
        title=report.title,
        header=report.header,
        is_landscape=report.is_landscape,
        date=(day.year, day.month, day.day),
        lines=tuple(_line(block, report) for block in report.document),
    )
    made = typst.compile(
        HERE / "report.typ", font_paths=fonts(), sys_inputs={"report": msgspec.json.encode(paper).decode()}
    )
    if not isinstance(made, bytes):
        raise TypeError(type(made))
    return made


def _line(block: Block, report: PaperReport) -> _Line:
    language = report.document.language
    if block.kind is BlockKind.TABLE and (rows := text_parts.table(block.text)):
        cells = tuple(tuple(runs(words) for words in row) for row in rows)
        return _Line(block.kind, block.level, "", (), cells, tuple(text_parts.column_widths(rows)))
    if block.kind is BlockKind.CODE:
        return _Line(block.kind, block.level, "", (InlineRun("text", text_parts.code(block.text)),))
    mark = (
        text_parts.BULLET
        if block.kind is BlockKind.BULLET
        else label(block, report.numbers.get(block.id, ""), language)
    )
    spoken = report.tongues.get(block.id, language)
    words = numbered_runs(runs(block.text), report.numbers, spoken)
    return _Line(block.kind, block.level, mark, words, spoken=spoken)
