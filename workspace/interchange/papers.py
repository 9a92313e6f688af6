"""Papers of the secretariat, made from a table that was taken: the compilation, the circular, and the table itself."""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct

from drafts.blocks import BlockKind
from drafts.formats.docx.files import clean_file
from drafts.formats.docx.package import MEDIA_TYPE, Sheet
from drafts.formats.report import Report, pdf
from drafts.markup import plain
from drafts.numbering import printed
from workspace.amendments.snapshots import Place, TableRow
from workspace.amendments.views import NEW_PARAGRAPH, SAID, STANDINGS
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.declarations.models import Declaration
from workspace.interchange.circular import circular
from workspace.interchange.compilation import compilation, marked
from workspace.interchange.taken_tables import Taken, Writing, escaped, taken
from workspace.web.i18n import N_, Messages

PDF = "application/pdf"
_LONGEST_TITLE = 200


class Paper(StrEnum):
    """What can be made of a table that was taken."""

    COMPILATION = "compilation"
    CIRCULAR = "circular"
    TABLE = "table"


class Form(StrEnum):
    """As what kind of file."""

    DOCX = "docx"
    PDF = "pdf"


MEDIA_TYPES = {Form.DOCX: MEDIA_TYPE, Form.PDF: PDF}


class PaperFile(Struct, frozen=True):
    """A paper as a file."""

    name: str
    content: bytes
    media_type: str


class Papers:
    """Makes papers in the language of `messages`. `site` is where the workspace is read, for the links in them."""

    def __init__(self, db: Db, messages: Messages, site: str) -> None:
        self.db, self.messages, self.site = db, messages, site.rstrip("/")

    def paper(self, declaration: Declaration, number: int, paper: Paper, *, actor: Actor) -> Report:
        """A paper. Raises `NotFound` for a table that is not there, or that the actor may not read."""
        found = taken(self.db, declaration, number, actor=actor)
        match paper:
            case Paper.COMPILATION:
                return compilation(found, self.messages)
            case Paper.CIRCULAR:
                return circular(found, self.messages, self.site)
            case Paper.TABLE:
                return table(found, self.messages)

    def file(self, declaration: Declaration, number: int, paper: Paper, form: Form, *, actor: Actor) -> PaperFile:
        """The same as a file."""
        report = self.paper(declaration, number, paper, actor=actor)
        content = pdf(report) if form is Form.PDF else docx(report)
        name = f"{declaration.slug}.{paper}-{number}.{self.messages.language}.{form}"
        return PaperFile(name, content, MEDIA_TYPES[form])


def docx(report: Report) -> bytes:
    """A paper as a Word file."""
    title = " ".join(plain(report.title).split())[:_LONGEST_TITLE]
    day = report.made_on
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    sheet = Sheet(title, report.document.language, report.header, report.is_landscape, made_at=at)
    return clean_file(report.document, sheet, numbers=report.numbers)


def table(found: Taken, messages: Messages) -> Report:
    """Every amendment with the words it changes, side by side."""
    say, made = messages.gettext, Writing(messages)
    made.add(BlockKind.TITLE, escaped(say(N_("Table %(number)s of the amendments"), number=found.snapshot.number)))
    made.add(BlockKind.PARAGRAPH, escaped(f"{messages.moment(found.at)}. SHA-256 {found.snapshot.sha256}"))
    lines = [line for row in found.rows for line in _lines(row, found, messages)]
    if lines:
        head = [N_("Amendment"), N_("Where"), N_("Proposed by"), N_("The text"), N_("Proposed words"), N_("Result")]
        written = [_line(map(say, head)), _line(["---"] * len(head)), *lines]
        made.add(BlockKind.TABLE, "\n".join(written))
    else:
        made.add(BlockKind.PARAGRAPH, escaped(say(N_("There was no amendment."))))
    return made.report(found, {}, is_landscape=True)


def _lines(row: TableRow, found: Taken, messages: Messages) -> Iterator[str]:
    for place in row.places:
        result = messages.gettext(STANDINGS[row.disposition].words)
        before = (str(row.number), _where(place, messages), found.who(row), place.old)
        yield _line([*(escaped(cell) or "–" for cell in before), _new_words(place), escaped(result)])


def _new_words(place: Place) -> str:
    """What is proposed; of another wording, the words that the text does not have in bold."""
    if not place.old or not place.new:
        return escaped(place.new) or "–"
    return marked(plain(place.old), plain(place.new)).replace("|", "\\|")


def _line(cells: "Iterator[str] | list[str]") -> str:
    return f"| {' | '.join(cells)} |"


def _where(place: Place, messages: Messages) -> str:
    if place.kind not in SAID:
        return messages.gettext(NEW_PARAGRAPH)
    if place.number:
        return messages.gettext(SAID[place.kind].numbered, number=printed(place.number, messages.language))
    return messages.gettext(SAID[place.kind].quoted, words=place.words)
