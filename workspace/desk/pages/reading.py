"""Reading the draft: the text in force or one revision, in one, two or three languages side by side."""

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import datetime
from threading import Lock
from uuid import UUID

import sqlalchemy as sa
from cachetools import LRUCache, cached
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from drafts.text.blocks import Language
from workspace.amendments.decisions import brackets
from workspace.core.errors import NotFound
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db
from workspace.core.storage.log import LogEntry
from workspace.declarations import labels
from workspace.declarations.domain.models import Declaration, Revision
from workspace.declarations.domain.service import DeclarationService
from workspace.declarations.frame import Frame
from workspace.desk.counts import closes_on, open_amendments
from workspace.desk.pages import block_html
from workspace.desk.pages.parallel_text import ParagraphRow, ParallelColumn, ParallelText, RowBuilder
from workspace.desk.rights import Rights, rights
from workspace.people.models import Forum
from workspace.web.http.request_context import Work
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page


def place_in_log(db: Db, forum_id: UUID) -> tuple[int, int]:
    """The last entry about this forum, and the last about none: what was read at one place is the same at it later."""
    about, none = LogEntry.forum_id == forum_id, LogEntry.forum_id.is_(None)
    last = (sa.select(sa.func.max(LogEntry.sequence)).where(condition).scalar_subquery() for condition in (about, none))
    row = db.execute(sa.select(*last)).one()
    return row[0] or 0, row[1] or 0


LONGEST = 68  # letters of a line; what a printed page holds beside its margin
EVERY = 5  # which lines show their number
_PIECE = re.compile(r"<[^>]*>|\s+|(?:[^\s<&]|&[^;\s]*;)+")
_SIGN = re.compile(r"&[^;\s]*;")


def line_numbered(html: Markup, first: int) -> tuple[Markup, int]:
    """The same words with a mark where each line begins, the first being line `first`; and the number of the next."""
    lines = list(_lines(str(html)))
    marked = (f"{_mark(first + place)}{line}" for place, line in enumerate(lines))
    return Markup("<br>".join(marked)), first + len(lines)  # noqa: S704  (safe HTML, cut between its words)


def _lines(html: str) -> Iterator[str]:
    line, length = "", 0
    for piece in _PIECE.findall(html):
        if piece.startswith("<"):
            line += piece
            continue
        size = len(_SIGN.sub("x", piece))
        if length + size > LONGEST and length and not piece.isspace():
            yield line.rstrip()
            line, length = "", 0
        if length or not piece.isspace():
            line += piece
            length += size
    yield line.rstrip()


def _mark(line: int) -> str:
    """The beginning of a line; its number stands in the margin and is no part of the words."""
    shown = f' data-line="{line}"' if line % EVERY == 0 else ""
    return f'<span class="line"{shown}></span>'


class RevisionChoice(Struct, frozen=True):
    """A revision to read or to compare with."""

    number: int
    made_at: datetime


class LanguageChoice(Struct, frozen=True):
    """A language of the text: where a click on it leads, and whether it is shown now."""

    language: Language
    href: str
    is_shown: bool


class OutlineItem(Struct, frozen=True):
    """A heading of the text, in the language it is best read in here."""

    id: str
    text: str
    language: Language
    level: int


class RevisionStep(Struct, frozen=True):
    """A place to go on the line of revisions: its name in the page, and its number."""

    name: str
    number: int


class RenderedText(Struct, frozen=True):
    """The text as it stands on the page, written once for all who see the same."""

    html: Markup
    passages: int
    columns: Sequence[ParallelColumn]
    outline: Sequence[OutlineItem]


SHEETS: LRUCache[Hashable, RenderedText] = LRUCache(
    48_000_000, getsizeof=lambda sheet: len(sheet.html)
)  # thirty long texts


class ReadingPage(Page, frozen=True, kw_only=True):
    """`revision` is the one shown; `is_in_force` says that it is the head, with everything live about it."""

    name: str
    phase: Phase
    state: str
    languages: Sequence[LanguageChoice]
    text: str  # the languages shown, as an address has them
    shown: Language  # the one shown where there is room for one
    sheet: RenderedText
    revision: RevisionChoice
    head: int
    steps: Sequence[RevisionStep]
    has_lines: bool
    lines_href: str
    revisions: Sequence[RevisionChoice]
    is_in_force: bool
    amendments: int
    brackets: int
    until: datetime | None  # when what is open now closes, at the place of the forum
    may: Rights


def reading(db: Db, frame: Frame, *, work: Work, revision_number: int | None) -> ReadingPage:
    """Everything the reading page shows. Raises `NotFound` for a revision that is not there or not this reader's."""
    declaration = frame.declaration
    may = rights(work.actor, declaration)
    head = declaration.head
    revision = _revision(db, declaration, revision_number, may=may)
    is_in_force = revision_number is None
    has_lines = work.request.query_params.get("lines") == "1"
    languages = work.texts(*LANGUAGES)[: 1 if has_lines else None]  # numbered lines are those of one language
    builder = RowBuilder(work, declaration, forum=frame.forum.slug, languages=languages, may=may)

    def write() -> RenderedText:
        rows = builder.in_force(db) if is_in_force else builder.pinned(db, revision)
        return _sheet(with_lines(rows) if has_lines else rows, work)

    state = place_in_log(db, frame.forum.id) if is_in_force else revision.id
    reader = None if may.read_amendments else work.actor.person_id  # who sees but their own amendments counted
    return ReadingPage(
        place=frame.place,
        here="reading",
        name=declaration.name.said_in(work.language),
        phase=declaration.phase,
        state=labels.PHASE_STATES[declaration.phase],
        languages=[_choice(work, frame, language, languages, revision_number) for language in LANGUAGES],
        text=",".join(languages),
        shown=work.language if work.language in languages else languages[0],
        sheet=_kept_sheet((declaration.id, state, languages, work.language, may, reader, has_lines), write),
        revision=RevisionChoice(revision.number, frame.forum.local(revision.made_at)),
        head=head.number,
        steps=tuple(_steps(revision.number, head.number)) if may.read_history else (),
        has_lines=has_lines,
        lines_href=work.url_for(
            "reading",
            forum=frame.forum.slug,
            declaration=declaration.slug,
            text=",".join(languages),
            revision=revision_number,
            lines=None if has_lines else 1,
        ),
        revisions=revision_choices(db, declaration, frame.forum) if may.read_history else (),
        is_in_force=is_in_force,
        amendments=open_amendments(db, [declaration], actor=work.actor).get(declaration.id, 0),
        brackets=brackets.count_open(db, [declaration.id]).get(declaration.id, 0) if may.read_history else 0,
        until=closes_on(declaration, frame.forum),
        may=may,
    )


def _sheet(rows: ParallelText, work: Work) -> RenderedText:
    template = work.site.templates[work.language].get_template("desk/_text.html")
    return RenderedText(
        html=Markup(template.render(paragraphs=rows.paragraphs)),  # noqa: S704  (a template escapes what it is given)
        passages=len(rows.paragraphs),
        columns=rows.columns,
        outline=[_outlined(paragraph, work.language) for paragraph in rows.paragraphs if paragraph.is_heading],
    )


def with_lines(rows: ParallelText) -> ParallelText:
    """The rows with the lines of their words numbered through the whole text; what is no running text has none."""
    paragraphs, line = [], 1
    for paragraph in rows.paragraphs:
        [cell] = paragraph.cells
        if cell.html and paragraph.kind not in block_html.OWN_ID:
            html, line = line_numbered(cell.html, line)
            paragraph = replace(paragraph, cells=(replace(cell, html=html),))  # noqa: PLW2901  (the same, numbered)
        paragraphs.append(paragraph)
    return replace(rows, paragraphs=paragraphs)


@cached(SHEETS, key=lambda key, _: key, lock=Lock())
def _kept_sheet(key: Hashable, write: Callable[[], RenderedText]) -> RenderedText:  # noqa: ARG001  (the cache takes it)
    """The sheet under `key`, written now if it is not in memory; two who ask at once may both write it."""
    return write()


def _steps(here: int, head: int) -> Iterator[RevisionStep]:
    """Where one can go from a revision: to the first, one back, one on; the last is the text in force."""
    if here > 1:
        yield RevisionStep("first", 1)
        yield RevisionStep("before", here - 1)
    if here < head:
        yield RevisionStep("after", here + 1)


def revision_choices(db: Db, declaration: Declaration, forum: Forum) -> list[RevisionChoice]:
    """Every revision, newest first. One query."""
    statement = (
        sa.select(Revision.number, Revision.made_at)
        .where(Revision.declaration_id == declaration.id)
        .order_by(Revision.number.desc())
    )
    return [RevisionChoice(row.number, forum.local(row.made_at)) for row in db.execute(statement)]


def _revision(db: Db, declaration: Declaration, number: int | None, *, may: Rights) -> Revision:
    if number is None:
        return declaration.head
    if not may.read_history:
        raise NotFound(what="revision", id=str(number))
    return DeclarationService(db).revision(declaration, number)


def _choice(
    work: Work, frame: Frame, language: Language, shown: Sequence[Language], revision_number: int | None
) -> LanguageChoice:
    """A click adds a language or takes it away; the last one stays."""
    is_shown = language in shown
    wanted = {choice for choice in shown if choice != language} if is_shown else {*shown, language}
    text = ",".join(choice for choice in LANGUAGES if choice in wanted or (not wanted and choice == language))
    href = work.url_for(
        "reading", forum=frame.forum.slug, declaration=frame.declaration.slug, text=text, revision=revision_number
    )
    return LanguageChoice(language, href, is_shown)


def _outlined(paragraph: ParagraphRow, language: Language) -> OutlineItem:
    """The heading in the reader's language if it is shown and has one, else in the first language that has."""
    cells = sorted(paragraph.cells, key=lambda cell: (not cell.html, cell.language is not language))
    return OutlineItem(paragraph.id, cells[0].html.striptags(), cells[0].language, paragraph.level)
