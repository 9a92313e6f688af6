"""The sheet that members fill in: every paragraph of a text in its row, with room beside it for what they propose.

Each row carries a key that says of which revision, language and paragraph it is, so that rows may be copied,
sorted and left out, and the sheet saved as CSV.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from msgspec import Struct

from drafts.base.words import fold_text
from drafts.text.blocks import Document, Language
from drafts.text.numbering import printed
from workspace.core.sheets import name_of_sheet
from workspace.interchange.intake.mail_reader.paragraph_text import ParagraphWording
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, Messages, messages

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

_KEY = re.compile(
    r"(?P<revision>[1-9]\d{0,5})-(?P<language>es|en|fr)-"
    r"(?P<block>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
)
_KEY_IN_BYTES = re.compile(_KEY.pattern.encode())
_SPARE = 200  # rows below the text in which somebody may go on writing


class SheetField(StrEnum):
    """What stands in a column."""

    PARAGRAPH = "paragraph"
    CURRENT = "current"
    CHANGE = "change"
    NEW = "new"
    REASON = "reason"
    SENDER = "sender"
    KEY = "key"


class RowVerb(StrEnum):
    """What a row asks for."""

    REWORD = "reword"
    DELETE = "delete"
    AFTER = "after"
    BEFORE = "before"


HEADINGS: Mapping[SheetField, str] = {
    SheetField.PARAGRAPH: N_("Paragraph"),
    SheetField.CURRENT: N_("Current text"),
    SheetField.CHANGE: N_("Change"),
    SheetField.NEW: N_("New text"),
    SheetField.REASON: N_("Reason"),
    SheetField.SENDER: N_("Proposed by"),
    SheetField.KEY: N_("Key (do not change)"),
}
VERBS: Mapping[RowVerb, str] = {
    RowVerb.REWORD: N_("new wording"),
    RowVerb.DELETE: N_("delete"),
    RowVerb.AFTER: N_("new paragraph after"),
    RowVerb.BEFORE: N_("new paragraph before"),
}
_WIDTHS: Mapping[SheetField, int] = {
    SheetField.PARAGRAPH: 12,
    SheetField.CURRENT: 60,
    SheetField.CHANGE: 22,
    SheetField.NEW: 60,
    SheetField.REASON: 40,
    SheetField.SENDER: 26,
    SheetField.KEY: 14,
}


class RowKey(Struct, frozen=True):
    """Which paragraph a row is about, in which language of which revision."""

    revision: int
    language: Language
    block: UUID

    def __str__(self) -> str:
        return f"{self.revision}-{self.language}-{self.block}"


def row_key(cell: str) -> RowKey | None:
    """The key in a cell; None where there is none."""
    found = _KEY.fullmatch(cell.strip())
    return RowKey(int(found["revision"]), Language(found["language"]), UUID(found["block"])) if found else None


def may_be_filled(data: bytes) -> bool:
    """Whether a file that is no archive looks like the sheet, saved as comma-separated values."""
    return _KEY_IN_BYTES.search(data) is not None


def verb_of(cell: str) -> RowVerb | None:
    """What a row asks for; None for words that are none of the sheet's."""
    return _said_in_every_language(VERBS).get(fold_text(cell))


def headings_of(cells: Sequence[str]) -> Mapping[SheetField, int]:
    """In which column each field stands, in whichever language the sheet was made; of two alike the first."""
    earlier = {fold_text(said): field for field, every in _EARLIER.items() for said in every.split("|")}
    known = {**earlier, **_said_in_every_language(HEADINGS)}
    found: dict[SheetField, int] = {}
    for place, cell in enumerate(cells):
        if (field := known.get(fold_text(cell))) is not None:
            found.setdefault(field, place)
    return found


_Said = TypeVar("_Said", SheetField, RowVerb)


_EARLIER = {
    SheetField.CURRENT: "The text as it stands|El texto tal como está|Le texte tel qu’il est",
    SheetField.NEW: "New words|Palabras nuevas|Nouveaux mots",
    SheetField.KEY: "Key (leave as it is)|Clé (à laisser telle quelle)",
}  # headings of sheets that were downloaded before 0.3.0


def _said_in_every_language(words: Mapping[_Said, str]) -> Mapping[str, _Said]:
    """What each word of the sheet means, in every language in which a sheet can be made."""
    catalogues = [messages(language) for language in LANGUAGES]
    return {fold_text(catalogue.gettext(said)): meaning for catalogue in catalogues for meaning, said in words.items()}


def sheet_template(
    document: Document, numbers: Mapping[str, str], *, revision: int, name: str, says: Messages
) -> bytes:
    """The sheet for one language of a revision, as XLSX."""
    import xlsxwriter  # noqa: PLC0415  (as in `core.sheets`)

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    say = says.gettext
    sheet = book.add_worksheet(name_of_sheet(name))
    looks = _CellFormats.of(book)
    for place, field in enumerate(SheetField):
        sheet.write_string(0, place, say(HEADINGS[field]), looks.heading)
        sheet.set_column(place, place, _WIDTHS[field], looks.open if field in _OPEN else None)
    count = 0
    for count, row in enumerate(_rows(document, numbers, revision), start=1):
        for field, value in row.items():
            look = looks.key if field is SheetField.KEY else looks.fixed
            sheet.write_string(count, list(SheetField).index(field), value, look)
    change = list(SheetField).index(SheetField.CHANGE)
    verbs = {"validate": "list", "source": [say(VERBS[verb]) for verb in RowVerb], "error_type": "warning"}
    sheet.data_validation(1, change, count + _SPARE, change, verbs)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(count, 1), len(SheetField) - 1)
    book.close()
    return buffer.getvalue()


_OPEN = frozenset({SheetField.CHANGE, SheetField.NEW, SheetField.REASON, SheetField.SENDER})


class _CellFormats(Struct, frozen=True):
    """How cells look: what is to be read in grey, what is to be written in plain."""

    heading: object
    fixed: object
    key: object
    open: object

    @classmethod
    def of(cls, book: "Workbook") -> "_CellFormats":
        grey = {"text_wrap": True, "valign": "top", "bg_color": "#F2F2F2"}
        return cls(
            heading=book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True}),
            fixed=book.add_format(grey),
            key=book.add_format({**grey, "text_wrap": False, "font_color": "#595959"}),
            open=book.add_format({"text_wrap": True, "valign": "top"}),
        )


def _rows(document: Document, numbers: Mapping[str, str], revision: int) -> Iterator[Mapping[SheetField, str]]:
    for block in document:
        if not block.text:
            continue
        number = numbers.get(block.id, "")
        yield {
            SheetField.PARAGRAPH: printed(number, document.language) if number else "",
            SheetField.CURRENT: ParagraphWording(block, numbers).written_out,
            SheetField.KEY: str(RowKey(revision, document.language, UUID(block.id))),
        }
