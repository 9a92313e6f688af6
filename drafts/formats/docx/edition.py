"""An edition as Word files: each language as a printed declaration, and all three in columns."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, time
from itertools import pairwise, takewhile

from drafts.assembly import EditionRow, EditionText, Part, Wording
from drafts.blocks import Block, BlockKind, Document, Language
from drafts.formats import added, pieces
from drafts.formats.docx.body import Kept
from drafts.formats.docx.files import Column, clean_file, columns_file
from drafts.formats.docx.package import Sheet
from drafts.formats.literal import literal
from drafts.formats.words import WORDS, adopted, closing


def page(text: EditionText, language: Language) -> bytes:
    """The text of one language as it is printed. A paragraph absent by decision keeps its place and says why."""
    document = Document(tuple(_blocks(text, language, (language,))), language)
    tongues = _tongues(text, language)
    return clean_file(document, _sheet(text, language), numbers=text.numbers, tongues=tongues, kept=_kept(text))


def parallel(text: EditionText) -> bytes:
    """The three languages side by side, paragraph by paragraph."""
    columns = [
        Column(
            Document(tuple(_blocks(text, language, frozenset(Language))), language),
            WORDS[language].name,
            language,
            _tongues(text, language),
        )
        for language in Language
    ]
    return columns_file(columns, _sheet(text, Language.EN, is_landscape=True), numbers=text.numbers, kept=_kept(text))


def _kept(text: EditionText) -> Kept:
    """The head of a reservation stays with its words, a signatory's name with office and date."""
    rows = list(added.every(text))
    heads = (row for row, after in pairwise(rows) if after.id == f"{row.id}-text")
    signed = (row.id for row in rows if row.part is Part.SIGNATORY)
    return Kept(with_next=frozenset(row.id for row in heads), within=frozenset(signed))


def _tongues(text: EditionText, language: Language) -> Mapping[str, Language]:
    """The blocks whose words are left in the language in which they were said."""
    cells = ((row.id, row.cells[language]) for row in added.every(text))
    return {
        name: Language(cell.spoken)
        for name, cell in cells
        if isinstance(cell, Wording) and cell.spoken in set(Language)
    }


def _sheet(text: EditionText, language: Language, *, is_landscape: bool = False) -> Sheet:
    name = text.imprint.declaration[language]
    day = datetime.combine(text.imprint.date, time(), tzinfo=UTC)
    return Sheet(name, language, header=name, is_landscape=is_landscape, made_at=day)


def _blocks(text: EditionText, language: Language, beside: Collection[Language]) -> Iterator[Block]:
    """The blocks of one language: the same number of them in all that stand `beside` each other."""
    head, under = pieces.title(text, language)
    body = pieces.body(text)
    yield Block("", BlockKind.TITLE, head)
    if any(pieces.title(text, other)[1] for other in beside):
        yield Block("", BlockKind.PLACE_DATE, under)
    depths = pieces.depths(text, beside)
    dated = [_block(row, language, depths) for row in takewhile(_is_place_date, body)]
    yield from dated
    if not any(map(_is_place_date, body)):
        yield Block("", BlockKind.PLACE_DATE, literal(adopted(text.imprint, language)))
    if len(beside) == 1:
        yield from _contents(text, language)
    yield from (_block(row, language, depths) for row in body[len(dated) :])
    if clause := closing(text, language):
        yield Block("", BlockKind.CLOSING, literal(clause))
    yield from (_block(row, language, depths) for row in pieces.back(text))


def _is_place_date(row: EditionRow) -> bool:
    return row.kind is BlockKind.PLACE_DATE


def _contents(text: EditionText, language: Language) -> Iterator[Block]:
    """The table of contents, each line a link to its heading."""
    if entries := pieces.contents(text, language):
        yield Block("", BlockKind.PARAGRAPH, f"**{literal(WORDS[language].contents)}**")
    for entry in entries:
        link = f"[{literal(entry.words)}](#b-{entry.id})"
        yield Block("", BlockKind.PARAGRAPH, link, max(0, entry.depth - 1))


def _block(row: EditionRow, language: Language, depths: Mapping[str, int]) -> Block:
    cell = row.cells[language]
    level = depths.get(row.id, row.level) if row.kind is BlockKind.HEADING else row.level
    if isinstance(cell, Wording):
        return Block(row.id, row.kind, cell.text, level)
    kind = BlockKind.PARAGRAPH if row.kind in _WITHOUT_WORDS else row.kind
    return Block(row.id, kind, f"*{literal(WORDS[language].absent.format(reason=cell.reason))}*", level)


_WITHOUT_WORDS = frozenset({BlockKind.NOTE, BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE})
