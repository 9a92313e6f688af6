"""An edition as PDF: one language, or three side by side, set by typst from `typeset/`.

The text travels as JSON, never as source, so that nothing in it can act. It comes as a file, not as an input of the
compiler: typst keeps in mind whatever it has set, and after one changed word sets that paragraph alone again. The
fonts are the shipped ones, then those inside typst, never the machine's, and the
date is the edition's: the same text gives the same bytes anywhere. The files are PDF/A-2a and PDF/UA-1.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

import msgspec
import typst
from msgspec import Struct
from msgspec.structs import replace

from drafts.assembly import Absence, EditionRow, EditionText, Part
from drafts.blocks import BlockKind, Language
from drafts.formats import pieces
from drafts.formats.runs import Run, runs
from drafts.formats.spaces import together, unbroken
from drafts.formats.words import WORDS, adopted, closing
from drafts.markup import plain
from drafts.numbering import printed

HERE = Path(__file__).parent
BOOK = ("look", "words", "blocks", "rows", "front")  # what `typeset/edition.typ` is made of
LONG_TITLE = 60  # characters; a longer one is set smaller


class Cell(Struct, frozen=True):
    """One block in one language, as the template reads it; only one of `runs`, `table`, `absent` is filled."""

    mark: str = ""
    runs: tuple[Run, ...] = ()
    table: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    absent: str = ""
    spoken: str = ""  # the language of words that are not in the column's


class Line(Struct, frozen=True):
    """One block in every language of the file."""

    id: str
    kind: BlockKind
    level: int
    number: str
    cells: tuple[Cell, ...]
    part: Part = Part.TEXT


class Column(Struct, frozen=True):
    """What a language says around its text: title page, running head, colophon."""

    language: Language
    label: str
    name: str
    forum: str
    title: tuple[Run, ...]
    subtitle: tuple[Run, ...]
    adopted: str
    contents: str
    edition: str
    fingerprint: str
    is_long: bool


class Sheet(Struct, frozen=True):
    """Everything that is printed."""

    columns: tuple[Column, ...]
    rows: tuple[Line, ...]
    date: tuple[int, int, int]
    fingerprint: str
    is_leaf: bool  # a paper of a page or two: no title page, no contents


def book(text: EditionText, language: Language) -> bytes:
    """Return one language on upright A4: title page, contents, numbers in the margin, notes at the foot."""
    return compiled(sheet(text, (language,)))


def parallel(text: EditionText) -> bytes:
    """Return the three languages side by side on wide A4, each paragraph beside its counterparts."""
    return compiled(sheet(text, tuple(Language)))


def sheet(text: EditionText, languages: Sequence[Language]) -> Sheet:
    """Return what is printed, in words and runs. Notes go to the foot of the page on which they are first marked."""
    depths = pieces.depths(text, languages)
    body, back = (
        tuple(line(row, text, languages, depths.get(row.id, row.level)) for row in rows)
        for rows in (pieces.body(text), pieces.back(text))
    )
    lines = footed(body + ending(text, languages) + back, said_below(text, languages))
    day, fingerprint = text.imprint.date, text.fingerprint
    return Sheet(
        columns=tuple(column(text, language) for language in languages),
        rows=lines,
        date=(day.year, day.month, day.day),
        fingerprint=" ".join(fingerprint[start : start + 4] for start in range(0, 64, 4)),
        is_leaf=bool(text.stands_for),
    )


def column(text: EditionText, language: Language) -> Column:
    title, subtitle = pieces.title(text, language)
    words, imprint = WORDS[language], text.imprint
    return Column(
        language=language,
        label=words.name,
        name=imprint.declaration[language],
        forum=together(imprint.forum[language], imprint.place[language]),
        title=runs(together(title, imprint.place[language])),
        subtitle=runs(subtitle),
        is_long=len(plain(title)) > LONG_TITLE,
        adopted=adopted(imprint, language),
        contents=words.contents,
        edition=". ".join(pieces.edition_named(text, language)),
        fingerprint=words.fingerprint,
    )


def line(row: EditionRow, text: EditionText, languages: Sequence[Language], level: int) -> Line:
    return Line(
        id=row.id,
        kind=row.kind,
        level=level,
        number="" if row.kind is BlockKind.ITEM else row.number,
        cells=tuple(cell(row, text, language) for language in languages),
        part=row.part,
    )


def cell(row: EditionRow, text: EditionText, language: Language) -> Cell:
    wording = row.cells[language]
    if isinstance(wording, Absence):
        return Cell(absent=WORDS[language].absent.format(reason=wording.reason))
    if row.kind is BlockKind.TABLE and (rows := pieces.table(wording.printed)):
        return Cell(table=tuple(tuple(set_runs(words, language) for words in cells) for cells in rows))
    if row.kind is BlockKind.CODE:
        return Cell(runs=(Run("text", pieces.code(wording.printed)),))
    if row.kind is BlockKind.NOTE:
        label, words = pieces.note(wording.text)
        return Cell(runs=(Run("note", label), Run("text", " "), *numbered(set_runs(words, language), text, language)))
    own = Language(wording.spoken) if wording.spoken in set(Language) else language
    said = numbered(set_runs(wording.text, own), text, language)
    return Cell(mark=pieces.mark(row, language), runs=said, spoken=wording.spoken)


@lru_cache(maxsize=4_096)  # a preview needs nearly the same again
def set_runs(words: str, language: Language) -> tuple[Run, ...]:
    """Return inline Markdown as runs, with the spaces at which no line may break."""
    return runs(unbroken(words, language))


def numbered(found: tuple[Run, ...], text: EditionText, language: Language) -> tuple[Run, ...]:
    """Give every reference to a paragraph the number that is printed for it."""
    return numbered_runs(found, text.numbers, language) if any(map(_may_refer, found)) else found


def _may_refer(run: Run) -> bool:
    return run.kind == "ref" or bool(run.body)


def numbered_runs(found: Iterable[Run], numbers: Mapping[str, str], language: Language) -> tuple[Run, ...]:
    """The same by the numbers themselves; a reference to what has none keeps its place empty."""
    return tuple(
        replace(run, body=(Run("text", printed(numbers.get(run.value, ""), language)),))
        if run.kind == "ref" and not run.body
        else replace(run, body=numbered_runs(run.body, numbers, language))
        if run.body
        else run
        for run in found
    )


def said_below(text: EditionText, languages: Sequence[Language]) -> Mapping[str, tuple[Run, ...]]:
    """Return what stands at the foot for each label: the words of the note, or a column of them for each language."""
    said = {language: pieces.notes(text, language) for language in languages}
    if len(languages) == 1:
        return {label: set_runs(words, languages[0]) for label, words in said[languages[0]].items()}
    labels = dict.fromkeys(label for notes in said.values() for label in notes)
    return {
        label: tuple(Run("column", one, set_runs(said[one].get(label, ""), one)) for one in languages)
        for label in labels
    }


def footed(lines: Iterable[Line], below: Mapping[str, tuple[Run, ...]]) -> tuple[Line, ...]:
    """Move each footnote from its own row to its first mark; a note that nothing marks stays where it is."""
    seen: set[str] = set()

    def placed(run: Run) -> Run:
        if run.kind != "note" and not run.body:
            return run
        if run.kind != "note" or run.value not in below:
            return replace(run, body=tuple(placed(inner) for inner in run.body))
        if run.value in seen:
            return Run("again", run.value)
        seen.add(run.value)
        return Run("footnote", run.value, below[run.value])

    marked = [
        replace(row, cells=tuple(replace(one, runs=tuple(map(placed, one.runs))) for one in row.cells))
        if below and row.kind is not BlockKind.NOTE
        else row
        for row in lines
    ]
    return tuple(without_footed(marked, seen))


def without_footed(rows: Iterable[Line], labels: set[str]) -> Iterator[Line]:
    """Leave out the first note of each label, which stands at the foot now."""
    left = set(labels)
    for row in rows:
        if (label := note_label(row)) in left:
            left.discard(label)
        else:
            yield row


def note_label(row: Line) -> str:
    """Return the label of the note that a row defines; empty where it defines none."""
    first = next((cell.runs[0] for cell in row.cells if cell.runs), None)
    return first.value if row.kind is BlockKind.NOTE and first else ""


def ending(text: EditionText, languages: Sequence[Language]) -> tuple[Line, ...]:
    """Return the closing clause that the imprint implies, as a row; none when the text brings its own."""
    cells = tuple(Cell(runs=(Run("text", closing(text, language)),)) for language in languages)
    return () if text.has_closing else (Line("", BlockKind.CLOSING, 0, "", cells),)


@cache
def fonts() -> typst.Fonts:
    """The shipped fonts, read once for every file of an edition."""
    return typst.Fonts(include_system_fonts=False, font_paths=[HERE / "fonts"])


@cache
def sources() -> Mapping[str, bytes]:
    """The template, read once."""
    names = {"main.typ": "edition.typ"} | {f"{name}.typ": f"{name}.typ" for name in BOOK}
    return {name: (HERE / "typeset" / file).read_bytes() for name, file in names.items()}


def compiled(page: Sheet) -> bytes:
    """Return the PDF, to its standards unless the text cannot be: they forbid a character that no font has."""
    try:
        return typeset(page, to_standards=True)
    except typst.TypstError as error:
        if not error.message.startswith("PDF/"):
            raise
        return typeset(page, to_standards=False)


def typeset(page: Sheet, *, to_standards: bool) -> bytes:
    made = typst.compile(  # type: ignore[call-overload]  # its stub does not know files in memory
        {**sources(), "edition.json": msgspec.json.encode(page)},
        font_paths=fonts(),
        pdf_standards=["a-2a", "ua-1"] if to_standards else [],
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gives a PDF as one run of bytes")
    return made
