"""Papers made from a table of the amendments: the compilation, the circular, and the table itself."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from operator import itemgetter
from types import MappingProxyType
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.diff.block_matching import ratio
from drafts.diff.hunks import HunkKind
from drafts.diff.word_diff import word_diff
from drafts.formats.docx.glyphs import PLAIN, GlyphKind, Style, StyledPiece
from drafts.formats.docx.inline_markdown import markdown_of
from drafts.formats.docx.package import MEDIA_TYPE, PageSetup
from drafts.formats.docx.tracked_changes import unchanged
from drafts.formats.docx.writer import text_file
from drafts.formats.pdf import PaperReport, report_pdf
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.markup import plain
from workspace.amendments.domain.committee_models import TableSnapshot
from workspace.amendments.domain.models import Verdict
from workspace.amendments.snapshots import SnapshotPlace, SnapshotService, TableRow, rows_of
from workspace.amendments.views.amendment import label_of, place_words
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.shapes import MadeFile
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Deadline, Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.letters.wordings import PHASES
from workspace.people.models import Person
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages


class TakenTable(Struct, frozen=True):
    """A table, the text of the revision it was taken of, and the names of those who propose."""

    declaration: Declaration
    snapshot: TableSnapshot
    text: Sequence[BlockRow]
    rows: Sequence[TableRow]
    names: Mapping[UUID, str]
    deadlines: Sequence[Deadline]

    @property
    def at(self) -> datetime:
        """When it was taken, as the clock stood where the forum is held."""
        return self.declaration.forum.local(self.snapshot.taken_at)

    @property
    def open(self) -> Sequence[TableRow]:
        """The amendments on which nobody had decided then."""
        return [row for row in self.rows if row.disposition.is_undecided]

    def who(self, row: TableRow, messages: Messages) -> str:
        """Who proposes, as papers name them, and whether from the floor."""
        name = self.names.get(row.proposer_id, "")
        who = f"{row.organisation} ({name})" if row.organisation and name else row.organisation or name
        return f"{who} · {messages.gettext('oral')}" if row.is_oral else who


def taken_table(db: Db, declaration: Declaration, number: int, *, actor: Actor) -> TakenTable:
    """The table of this number. Raises `NotFound`, also where the actor may not read it."""
    snapshot = SnapshotService(db).numbered_table(declaration, number, actor=actor)
    rows = rows_of(snapshot)
    persons = sa.select(Person.id, Person.name).where(Person.id.in_({row.proposer_id for row in rows}))
    deadlines = sa.select(Deadline).where(Deadline.declaration_id == declaration.id)
    return TakenTable(
        declaration=declaration,
        snapshot=snapshot,
        text=queries.pinned_rows(db, snapshot.revision.id),
        rows=rows,
        names={row.id: row.name for row in db.execute(persons)},
        deadlines=db.scalars(deadlines).all(),
    )


class PaperWriter:
    """The blocks of a paper, one after the other."""

    def __init__(self, messages: Messages) -> None:
        self.messages = messages
        self.blocks: list[Block] = []

    def add(self, kind: BlockKind, text: str, level: int = 0, block_id: str = "") -> None:
        self.blocks.append(Block(block_id or f"paper-{len(self.blocks)}", kind, text, level))

    def report(self, found: TakenTable, numbers: Mapping[str, str], *, is_landscape: bool = False) -> PaperReport:
        """The paper, under a line that says of what it was made."""
        header = self.messages.gettext(
            N_("%(declaration)s · table %(number)s of %(at)s · revision %(revision)s"),
            declaration=found.declaration.name.said_in(self.messages.language),
            number=found.snapshot.number,
            at=self.messages.date(found.at.date()),
            revision=found.snapshot.revision.number,
        )
        document = Document(tuple(self.blocks), self.messages.language)
        return PaperReport(document, numbers, header, found.at.date(), is_landscape)


def escape_markdown(words: str) -> str:
    """Somebody's words inside Markdown, in which nothing is a mark."""
    return "".join(_escaped(words))


def _escaped(words: str) -> Iterator[str]:
    for sign in " ".join(plain(words).split()):
        yield f"\\{sign}" if sign in "\\`*_[]<>|" else sign


_WAYS: tuple[tuple[str, str | None], ...] = (
    (N_("On the paragraph’s page: “Suggest a change”."), ""),
    (N_("In Word: download the text, change it with changes tracked, and import it."), "/word"),
    (N_("By e-mail to the secretariat: “Para 6: replace … by …”."), None),
)


def circular(found: TakenTable, messages: Messages, site: str) -> PaperReport:
    """The circular of a table, in the language of the messages; `site` is where the workspace is read."""
    say, made = messages.gettext, PaperWriter(messages)
    name = found.declaration.name.said_in(messages.language)
    home = f"{site}/{messages.language}/{found.declaration.forum.slug}/{found.declaration.slug}"
    number = found.snapshot.number
    made.add(
        BlockKind.TITLE,
        escape_markdown(say(N_("Circular %(number)s: %(declaration)s"), number=number, declaration=name)),
    )
    forum = found.declaration.forum.name.said_in(messages.language)
    made.add(BlockKind.PARAGRAPH, escape_markdown(f"{forum}, {messages.moment(found.at)}"))
    made.add(BlockKind.HEADING, escape_markdown(say(N_("Status of the text"))), 1)
    made.add(BlockKind.PARAGRAPH, f"{escape_markdown(_state_text(found, messages))} <{home}>")
    made.add(BlockKind.HEADING, escape_markdown(say(N_("Open, and until when"))), 1)
    dated = ((deadline.closes_at, deadline) for deadline in found.deadlines if deadline.closes_at)
    dates = [deadline for _, deadline in sorted(dated, key=itemgetter(0)) if not deadline.closed_at]
    for deadline in dates:
        made.add(BlockKind.BULLET, escape_markdown(_until(deadline, found, messages)))
    if dates:
        today = messages.date(clock.now().astimezone(found.at.tzinfo).date())
        made.add(BlockKind.PARAGRAPH, escape_markdown(say(N_("Dates as set on %(at)s."), at=today)))
    else:
        said = say(N_("No date has been set."))
        made.add(BlockKind.PARAGRAPH, escape_markdown(said))
    made.add(BlockKind.HEADING, escape_markdown(say(N_("How to propose a change"))), 1)
    for words, address in _WAYS:
        made.add(
            BlockKind.BULLET, f"{escape_markdown(say(words))}{f' <{home}{address}>' if address is not None else ''}"
        )
    made.add(BlockKind.HEADING, escape_markdown(_count(found, messages)), 1)
    for row in found.open:
        made.add(BlockKind.BULLET, escape_markdown(_listed(row, found, messages)))
    return made.report(found, {})


def _state_text(found: TakenTable, messages: Messages) -> str:
    return messages.gettext(
        N_("Revision %(revision)s, table %(number)s (SHA-256 %(sha256)s)."),
        revision=found.snapshot.revision.number,
        number=found.snapshot.number,
        sha256=found.snapshot.sha256[:16],
    )


def _until(deadline: Deadline, found: TakenTable, messages: Messages) -> str:
    zone = found.at.tzinfo
    at = deadline.closes_at.astimezone(zone) if deadline.closes_at else found.at
    word = deadline.stage.phase.value if deadline.stage.phase else deadline.stage.value
    stage = messages.gettext(PHASES[word])
    return messages.gettext(N_("%(stage)s: until %(at)s"), stage=stage, at=messages.moment(at))


def _count(found: TakenTable, messages: Messages) -> str:
    count = len(found.open)
    return messages.ngettext("One open amendment", "%(n)s open amendments", count)


def _listed(row: TableRow, found: TakenTable, messages: Messages) -> str:
    said = messages.gettext(N_("Amendment %(number)s, %(who)s"), number=row.number, who=found.who(row, messages))
    places = dict.fromkeys(place_words(place, messages) for place in row.places)
    return f"{said}{messages.gettext(':')} {'; '.join(places)}"


_GONE = 2.0  # further from the text than any other wording of it
_BOLD = Style(is_bold=True)
_SIGNS = " ,;:.!?…()[]«»“”‘’\"'¡¿\u00a0\u202f"
_BEFORE: Mapping[HunkKind, str] = MappingProxyType(
    {
        HunkKind.INSERT: N_("New paragraph:"),
        HunkKind.MOVE: N_("Moved elsewhere:"),
        HunkKind.SPLIT: N_("Split:"),
        HunkKind.JOIN: N_("Joined with what follows:"),
    }
)
_UNDER = frozenset({BlockKind.OPERATIVE, BlockKind.ITEM, BlockKind.BULLET})


class PlacedProposal(Struct, frozen=True):
    """What one amendment asks for at one place. `distance` is 0 for the words of the text."""

    row: TableRow
    place: SnapshotPlace
    distance: float


def compilation(found: TakenTable, messages: Messages) -> PaperReport:
    """The compilation of a table, in the language of the messages."""
    language, say = messages.language, messages.gettext
    numbered = queries.numbers_of(found.text)
    by_place = dict(_by_place(found, numbered))
    made = PaperWriter(messages)
    name = found.declaration.name.said_in(language)
    made.add(
        BlockKind.TITLE, escape_markdown(say(N_("Compilation of the proposals on %(declaration)s"), declaration=name))
    )
    made.add(BlockKind.PARAGRAPH, escape_markdown(_about(found, messages)))
    for proposal in by_place.get(-1, ()):
        made.add(BlockKind.PARAGRAPH, _said(proposal, found, messages), 1)
    for place, row in enumerate(found.text):
        block = row.block(language) if language in row.texts else row.original()
        kind = BlockKind.HEADING if block.kind is BlockKind.TITLE else block.kind
        made.add(kind, block.text, max(block.level, int(block.kind is BlockKind.TITLE)), block.id)
        level = row.level + 1 if row.kind in _UNDER else 1
        for proposal in by_place.get(place, ()):
            made.add(BlockKind.PARAGRAPH, _said(proposal, found, messages), level)
    return made.report(found, numbered)


def _about(found: TakenTable, messages: Messages) -> str:
    count = len([row for row in found.open if row.amends is None])
    return messages.ngettext(
        "One open amendment on %(at)s, in brackets; new text in bold.",
        "%(n)s open amendments on %(at)s, in brackets, the furthest from the text first; new text in bold.",
        count,
        at=messages.moment(found.at),
    )


def _by_place(found: TakenTable, numbered: Mapping[str, str]) -> Iterator[tuple[int, Sequence[PlacedProposal]]]:
    """The proposals by the place of their paragraph in the text; -1 for what is to stand before all of it."""
    gathered: dict[int, list[PlacedProposal]] = {}
    where = _ParagraphFinder(found, numbered)
    for row in found.open:
        for place in row.places:
            gathered.setdefault(where.of(row, place), []).append(PlacedProposal(row, place, _distance(place)))
    for at, proposals in gathered.items():
        yield at, sorted(proposals, key=_rank)


def _rank(proposal: PlacedProposal) -> tuple[bool, float, int]:
    """What is furthest from the text first; a new paragraph, which has no text to be far from, last."""
    return proposal.place.kind is HunkKind.INSERT, -proposal.distance, proposal.row.number


class _ParagraphFinder:
    """Finds the paragraph of the text that a place of a table is about: by its words, then by its number."""

    def __init__(self, found: TakenTable, numbered: Mapping[str, str]) -> None:
        self.by_words: dict[tuple[Language, str], int] = {}
        self.by_number: dict[str, int] = {}
        for at, row in enumerate(found.text):
            for language in row.texts:
                self.by_words.setdefault((language, row.content(language)), at)
            if number := numbered.get(row.id):
                self.by_number.setdefault(number, at)
        self.last = len(found.text) - 1

    def of(self, row: TableRow, place: SnapshotPlace) -> int:
        first = place.old.split("\n\n")[0]
        if first and (row.language, first) in self.by_words:
            return self.by_words[row.language, first]
        if place.number in self.by_number:
            return self.by_number[place.number]
        at_start = place.kind is HunkKind.INSERT and row.order == 0
        return -1 if at_start else min(row.order, self.last)


def _distance(place: SnapshotPlace) -> float:
    if place.kind is HunkKind.INSERT:
        return 0.0
    return 1.0 - ratio(plain(place.old), plain(place.new)) if place.new else _GONE


def _said(proposal: PlacedProposal, found: TakenTable, messages: Messages) -> str:
    """One proposal: its words in brackets, what is new in bold, and whose it is."""
    row, say = proposal.row, messages.gettext
    words = _words(proposal.place, messages)
    facts = {"number": row.number, "who": found.who(row, messages)}
    whose = say(N_("Amendment %(number)s, %(who)s"), **facts)
    if row.amends:
        whose = say(N_("Amendment %(number)s, %(who)s, to amendment %(amends)s"), amends=row.amends, **facts)
    if row.language is not messages.language:
        whose = f"{whose}; {messages.language_name(row.language)}"
    return f"\\[{words}\\] *{escape_markdown(whose)}*"


def _words(place: SnapshotPlace, messages: Messages) -> str:
    if not place.new:
        return escape_markdown(messages.gettext(N_("The paragraph is deleted.")))
    new = mark_new_words(plain(place.old), plain(place.new))
    return f"{escape_markdown(messages.gettext(_BEFORE[place.kind]))} {new}" if place.kind in _BEFORE else new


def mark_new_words(old: str, new: str) -> str:
    """The new words, those that the text does not have in bold."""
    old, new = " ".join(old.split()), " ".join(new.split())
    pieces, at = [], 0
    for hunk in word_diff(old, new):
        pieces.append(StyledPiece(GlyphKind.TEXT, old[at : hunk.start.offset]))
        pieces += styled(hunk.new, _BOLD)
        at = hunk.end.offset
    pieces.append(StyledPiece(GlyphKind.TEXT, old[at:]))
    return markdown_of([piece for piece in pieces if piece.text])


def styled(words: str, style: Style) -> Iterator[StyledPiece]:
    """Words in a style, signs at their ends without it: marks beside those would not be read as marks."""
    inside = words.strip(_SIGNS)
    before, after = words.split(inside, 1) if inside else (words, "")
    for text, look in ((before, PLAIN), (inside, style), (after, PLAIN)):
        yield StyledPiece(GlyphKind.TEXT, text, look)


PDF = "application/pdf"
_LONGEST_TITLE = 200


class Paper(StrEnum):
    """What can be made of a table that was taken."""

    COMPILATION = "compilation"
    CIRCULAR = "circular"
    TABLE = "table"


class PaperFormat(StrEnum):
    """As what kind of file."""

    DOCX = "docx"
    PDF = "pdf"


MEDIA_TYPES = {PaperFormat.DOCX: MEDIA_TYPE, PaperFormat.PDF: PDF}


class PaperBuilder:
    """Makes papers in the language of `messages`. `site` is where the workspace is read, for the links in them."""

    def __init__(self, db: Db, messages: Messages, site: str) -> None:
        self.db, self.messages, self.site = db, messages, site.rstrip("/")

    def paper(self, declaration: Declaration, number: int, paper: Paper, *, actor: Actor) -> PaperReport:
        """A paper. Raises `NotFound` for a table that is not there, or that the actor may not read."""
        found = taken_table(self.db, declaration, number, actor=actor)
        match paper:
            case Paper.COMPILATION:
                return compilation(found, self.messages)
            case Paper.CIRCULAR:
                return circular(found, self.messages, self.site)
            case Paper.TABLE:
                return paper_table(found, self.messages)

    def file(self, declaration: Declaration, number: int, paper: Paper, form: PaperFormat, *, actor: Actor) -> MadeFile:
        """The same as a file."""
        report = self.paper(declaration, number, paper, actor=actor)
        return paper_file(f"{declaration.slug}.{paper}-{number}.{self.messages.language}", report, form)


def paper_file(name: str, report: PaperReport, form: PaperFormat) -> MadeFile:
    """A paper as a PDF or a Word file."""
    content = report_pdf(report) if form is PaperFormat.PDF else paper_docx(report)
    return MadeFile(f"{name}.{form}", content, MEDIA_TYPES[form])


def paper_docx(report: PaperReport) -> bytes:
    """A paper as a Word file."""
    title = " ".join(plain(report.title).split())[:_LONGEST_TITLE]
    day = report.made_on
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    sheet = PageSetup(title, report.document.language, report.header, report.is_landscape, made_at=at)
    return text_file(unchanged(report.document), sheet, numbers=report.numbers, tongues=report.tongues)


def paper_table(found: TakenTable, messages: Messages) -> PaperReport:
    """Every amendment with the words it changes, side by side."""
    say, made = messages.gettext, PaperWriter(messages)
    made.add(
        BlockKind.TITLE, escape_markdown(say(N_("Table %(number)s of the amendments"), number=found.snapshot.number))
    )
    made.add(BlockKind.PARAGRAPH, escape_markdown(f"{messages.moment(found.at)}. SHA-256 {found.snapshot.sha256}"))
    lines = [line for row in found.rows for line in _lines(row, found, messages)]
    if lines:
        head = [N_("Amendment"), N_("Place"), N_("Proposed by"), N_("The text"), N_("Proposed text"), N_("Result")]
        written = [_line(map(say, head)), _line(["---"] * len(head)), *lines]
        made.add(BlockKind.TABLE, "\n".join(written))
    else:
        made.add(BlockKind.PARAGRAPH, escape_markdown(say(N_("No amendments."))))
    return made.report(found, {}, is_landscape=True)


def _lines(row: TableRow, found: TakenTable, messages: Messages) -> Iterator[str]:
    for place in row.places:
        result = messages.gettext(label_of(row.disposition, is_modified=row.verdict is Verdict.ADOPT_MODIFIED).words)
        before = (str(row.number), place_words(place, messages), found.who(row, messages), place.old)
        yield _line([*(escape_markdown(cell) or "–" for cell in before), _new_words(place), escape_markdown(result)])


def _new_words(place: SnapshotPlace) -> str:
    """What is proposed; of another wording, the words that the text does not have in bold."""
    if not place.old or not place.new:
        return escape_markdown(place.new) or "–"
    return mark_new_words(plain(place.old), plain(place.new)).replace("|", "\\|")


def _line(cells: "Iterator[str] | list[str]") -> str:
    return f"| {' | '.join(cells)} |"
