"""Reading the draft: the text in force or one revision, in one, two or three languages side by side."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime
from sys import getsizeof
from threading import Lock
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from cachetools import LRUCache, cached
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from drafts.diff.hunks import Hunk, HunkKind
from drafts.diff.side_by_side import DiffRow, RowKind, overlaid
from drafts.diff.word_diff import WordHunk, word_diff
from drafts.render.document_html import words_html
from drafts.text.blocks import Block, BlockKind, Language
from workspace.amendments.decisions import brackets
from workspace.amendments.domain import policy as amendment_policy
from workspace.amendments.domain.committee_models import Bracket
from workspace.amendments.domain.models import Amendment
from workspace.amendments.domain.stored_amendments import changes_of
from workspace.amendments.service import AmendmentService
from workspace.amendments.views.agreement import contested, contested_html
from workspace.amendments.views.amendment import AmendmentViewBuilder, ChangedPlace, passages_in
from workspace.core import instruments
from workspace.core.errors import NotFound
from workspace.core.security.permissions import Phase
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.declarations import labels
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Revision
from workspace.declarations.domain.policy import may_do
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.domain.service import DeclarationService
from workspace.declarations.frame import Frame
from workspace.desk.counts import closes_on, open_amendments
from workspace.desk.pages import block_html
from workspace.desk.pages.parallel_text import (
    AmendmentInPlace,
    ParagraphRow,
    ParallelColumn,
    ParallelText,
    RowBuilder,
    TextMarks,
)
from workspace.desk.rights import Rights, rights
from workspace.people.models import Forum
from workspace.translations.domain.suggestions import SuggestionService
from workspace.web.http.request_context import Work
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, Piece

_LOG = log.LogEntry.__table__


def place_in_log(db: Db, forum_id: UUID) -> tuple[int, int]:
    """The last entry about this forum, and the last about none: what was read at one place is the same at it later."""
    row = db.execute(_LAST, {"forum": forum_id}).one()
    return row[0] or 0, row[1] or 0


_LAST = sa.select(
    *(
        sa.select(sa.func.max(_LOG.c.sequence)).where(condition).scalar_subquery()
        for condition in (_LOG.c.forum_id == sa.bindparam("forum"), _LOG.c.forum_id.is_(None))
    )
)


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


CLEAN, BRACKETS, AMENDMENTS = "clean", "brackets", "amendments"
TEXT_VIEWS = (CLEAN, BRACKETS, AMENDMENTS)


class TextMarker:
    """What is not agreed, where it belongs in the text, for one reader. A fixed number of queries."""

    def __init__(self, db: Db, found: Frame, work: Work, languages: Sequence[Language]) -> None:
        self.found = found
        self.work = work
        self.languages = languages
        self.service = AmendmentService(db)
        self.rows = queries.shown_rows(db, found.declaration)
        self.builder = AmendmentViewBuilder(work, found, passages_in(self.rows, work.language, work, found))
        self.opened = (
            brackets.open_of(db, found.declaration) if may_do(work.actor, "history.read", found.declaration) else {}
        )
        self.prepared = SuggestionService(db).prepared(found.declaration, actor=work.actor)
        self.html: dict[tuple[str, Language], Markup] = {}
        self.below: dict[tuple[str, Language], dict[int, AmendmentInPlace]] = defaultdict(dict)
        self.worded: dict[tuple[str, Language], dict[int, Sequence[WordHunk]]] = defaultdict(dict)
        self.deleted: dict[tuple[str, Language], list[int]] = defaultdict(list)

    def marks(self, view: str) -> TextMarks:
        """What stands in `view` beside the text itself; pending amendments come with the brackets."""
        for row in self.rows:
            if bracket := self.opened.get(row.block_id):
                for language in self.languages:
                    self.html[row.id, language] = self._contested(bracket, row, language)
        if view == AMENDMENTS:
            for amendment in self.service.undecided(self.found.declaration, actor=self.work.actor):
                self._place(amendment)
            for place, numbers in self.deleted.items():
                self.worded.setdefault(place, dict.fromkeys(numbers, word_diff(self._text(*place), "")))
            self.html.update((place, self._overlaid(*place)) for place in self.worded)
        return TextMarks(self.html, self.below)

    def _text(self, block: str, language: Language) -> str:
        row = self.builder.passages.row(block)
        return row.content(language) if row else ""

    def _contested(self, bracket: Bracket, row: BlockRow, language: Language) -> Markup:
        numbers = self.builder.passages.numbers
        return contested_html(contested(bracket, language, row), language, numbers, self.work.messages)

    def _overlaid(self, block: str, language: Language) -> Markup:
        """The text of a paragraph with the changes to its words, each with a link to who asks for it."""
        old, text = Block(block, BlockKind.PARAGRAPH, ""), self._text(block, language)
        runs = tuple(overlaid(text, self.worded[block, language]))
        row = DiffRow(RowKind.REWORD, (old,), (old,), (0,), (0,), runs)
        html = words_html(row, language=language, numbers=self.builder.passages.numbers)
        return Markup(html.replace('href="#amendment-', f'href="{self.builder.href(0)[:-1]}'))  # noqa: S704  (an address without quotation marks)

    def _place(self, amendment: Amendment) -> None:
        """Each of its changes in the paragraph it is about; a new paragraph, below the one that it follows."""
        carried = amendment.carrying.made_id if amendment.carrying else None
        version = next((version for version in amendment.versions if version.id == carried), amendment.own)
        hunks, changes = version.diff, changes_of(version)
        passages, row = self.builder.passages_in(amendment.language), self.rows[0]
        after = {change.block: change.after for change in changes}
        line = self._line(amendment, children=self._children(amendment))
        for hunk, part in zip(hunks, self.builder.parts(hunks, changes, passages), strict=True):
            row = passages.row((hunk.old[0].id if hunk.old else after.get(hunk.new[0].id)) or "") or row
            self._put(line, hunk, part, row)
            line = replace(line, children=())

    def _put(self, line: AmendmentInPlace, hunk: Hunk, part: ChangedPlace, row: BlockRow) -> None:
        """In the column of its language, and where translators have prepared it; else below one that is shown."""
        home = line.language
        worded = {language: self._words(hunk, row, language, home) for language in self.languages}
        own = home if home in worded else self.languages[0]
        if hunk.kind is HunkKind.DELETE and row.block_id not in self.opened and row.id == hunk.old[0].id:
            self.deleted[row.id, own].append(line.number)
            part = replace(part, html=Markup())
        for language, words in worded.items():
            if words:
                self.worded[row.id, language][line.number] = words
                self._below(row, language, replace(line, is_prepared=language is not home))
            elif language is own or home in worded:
                self._below(row, language, replace(line, parts=(part,), is_elsewhere=language is not own))

    def _below(self, row: BlockRow, language: Language, line: AmendmentInPlace) -> None:
        lines = self.below[row.id, language]
        before = lines.get(line.number)
        lines[line.number] = replace(before, parts=(*before.parts, *line.parts)) if before else line

    def _words(self, hunk: Hunk, row: BlockRow, language: Language, home: Language) -> Sequence[WordHunk]:
        """What a change does to the words of a paragraph in one language, if it can stand among them."""
        is_of_words = hunk.kind is HunkKind.REWORD and (hunk.old[0].kind, hunk.old[0].level) == (
            hunk.new[0].kind,
            hunk.new[0].level,
        )
        if not is_of_words or row.block_id in self.opened or row.kind in block_html.WHOLE or language not in row.texts:
            return ()
        if language is home:
            return hunk.words if hunk.old[0].text == row.content(language) else ()
        prepared = self.prepared.get((language, row.id, hunk.new[0].text))
        return word_diff(row.content(language), prepared) if prepared else ()

    def _line(self, amendment: Amendment, **more: Any) -> AmendmentInPlace:
        who = amendment.organisation or amendment.proposer
        href = self.builder.href(amendment.number)
        return AmendmentInPlace(amendment.number, href, who.name, amendment.language, **more)

    def _children(self, amendment: Amendment) -> Sequence[AmendmentInPlace]:
        """Those to it that are pending, with what they would make of its words."""
        passages = self.builder.passages_in(amendment.language)
        return [
            self._line(child, parts=tuple(self.builder.parts(child.own.diff, changes_of(child.own), passages)))
            for child in amendment.children
            if child.disposition.is_undecided and amendment_policy.may_read(self.work.actor, child)
        ]


class RevisionChoice(Struct, frozen=True):
    """A revision to read or to compare with."""

    number: int
    made_at: datetime


class TextChoice(Struct, frozen=True):
    """A language of the text, or a way to show it, by its name in an address, and where a click on it leads."""

    name: str
    href: str
    is_shown: bool


class OutlineItem(Struct, frozen=True):
    """A heading of the text, in the language it is best read in here."""

    id: str
    text: str
    language: Language
    level: int


class RenderedText(Struct, frozen=True):
    """The text as it stands on the page, written once for all who see the same."""

    html: Piece
    passages: int
    columns: Sequence[ParallelColumn]
    outline: Sequence[OutlineItem]


SHEETS: log.Readings = LRUCache(24_000_000, getsizeof=lambda kept: len(kept[1].html.content))
"""Bytes of twenty long texts, each as it stands now."""


class ReadingPage(Page, frozen=True, kw_only=True):
    """`revision` is the one shown; `is_in_force` says that it is the head, with everything live about it."""

    name: str
    phase: Phase
    state: str
    languages: Sequence[TextChoice]
    views: Sequence[TextChoice]  # none where there is nothing to choose
    text: str  # the languages shown, as an address has them
    shown: Language  # the one shown where there is room for one
    sheet: RenderedText
    revision: RevisionChoice
    head: int
    has_lines: bool
    lines_href: str
    has_revisions: bool
    options: Markup  # of the revisions, to choose from
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
    revisions = revision_choices(db, declaration, frame.forum) if may.read_history else []
    options = declaration.head_id, frame.forum.timezone, work.language, revision_number
    has_lines = work.request.query_params.get("lines") == "1"
    languages = work.texts(*LANGUAGES)[: 1 if has_lines else None]  # numbered lines are those of one language
    builder = RowBuilder(work, declaration, forum=frame.forum.slug, languages=languages, may=may)

    brackets_open = brackets.count_open(db, [declaration.id]).get(declaration.id, 0) if may.read_history else 0
    amendments = open_amendments(db, [declaration], actor=work.actor).get(declaration.id, 0)
    counted = {BRACKETS: brackets_open, AMENDMENTS: amendments} if is_in_force and not has_lines else {}
    views = _views(work, frame, [view for view, count in counted.items() if count], languages)
    view = next((choice.name for choice in views if choice.is_shown), CLEAN)

    def write() -> RenderedText:
        if is_in_force:
            marks = TextMarker(db, frame, work, languages).marks(view) if view != CLEAN else TextMarks()
            rows = builder.in_force(db, marks)
        else:
            rows = builder.pinned(db, revision)
        return _sheet(with_lines(rows) if has_lines else rows, work)

    shown, state = (declaration.id, place_in_log(db, frame.forum.id)) if is_in_force else (revision.id, None)
    reader = None if may.read_amendments else work.actor.person_id  # who sees but their own amendments counted
    return ReadingPage(
        place=frame.place,
        here="reading",
        name=declaration.name.said_in(work.language),
        phase=declaration.phase,
        state=labels.PHASE_STATES[declaration.phase],
        languages=[_choice(work, frame, language, languages, revision_number) for language in LANGUAGES],
        views=views,
        text=",".join(languages),
        shown=work.language if work.language in languages else languages[0],
        sheet=log.as_of(SHEETS, (shown, languages, work.language, may, reader, has_lines, view), state, write),
        revision=RevisionChoice(revision.number, frame.forum.local(revision.made_at)),
        head=head.number,
        has_lines=has_lines,
        lines_href=work.url_for(
            "reading",
            forum=frame.forum.slug,
            declaration=declaration.slug,
            text=",".join(languages),
            revision=revision_number,
            lines=None if has_lines else 1,
        ),
        has_revisions=len(revisions) > 1,
        options=_revision_options((*options, bool(revisions)), revisions, revision_number or 0, work),
        is_in_force=is_in_force,
        amendments=amendments,
        brackets=brackets_open,
        until=closes_on(declaration, frame.forum),
        may=may,
    )


def _sheet(rows: ParallelText, work: Work) -> RenderedText:
    return RenderedText(
        html=Piece.of("".join(_articles(rows.paragraphs, work)), work.messages),
        passages=len(rows.paragraphs),
        columns=rows.columns,
        outline=[_outlined(paragraph, work.language) for paragraph in rows.paragraphs if paragraph.is_heading],
    )


ARTICLES: LRUCache[Hashable, str] = LRUCache(12_000_000, getsizeof=getsizeof)  # bytes, by what is said of each row
_ARTICLES_LOCK = Lock()
_END = "</article>\n"


def _articles(paragraphs: Sequence[ParagraphRow], work: Work) -> Iterator[str]:
    """Each paragraph as it stands on the page. One that has been shown just like this is not written again.

    An entry in the log makes the whole sheet anew, for all who read; most rows of it are as they were.
    """
    said = work.language, instruments.in_force()
    keys = [None if any(cell.amendments for cell in row.cells) else (*said, row) for row in paragraphs]
    with _ARTICLES_LOCK:
        known = [ARTICLES.get(key) if key else None for key in keys]
    missing = [place for place, html in enumerate(known) if html is None]
    written = write_articles([paragraphs[place] for place in missing], work) if missing else ()
    with _ARTICLES_LOCK:
        for place, html in zip(missing, written, strict=True):
            known[place] = html
            if key := keys[place]:
                ARTICLES[key] = html
    return (html for html in known if html is not None)


def write_articles(paragraphs: Sequence[ParagraphRow], work: Work) -> Sequence[str]:
    """The HTML of each of these rows."""
    template = work.site.templates[work.language].get_template("desk/_text.html")
    html = template.render(paragraphs=paragraphs)
    pieces = [piece + _END for piece in html.split(_END)[:-1]]
    if len(pieces) == len(paragraphs):
        return pieces
    return [template.render(paragraphs=[paragraph]) for paragraph in paragraphs]  # words that hold the end of one


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


@cached(LRUCache(64), key=lambda _, declaration, forum: (declaration.head_id, forum.timezone), lock=Lock())
def revision_choices(db: Db, declaration: Declaration, forum: Forum) -> list[RevisionChoice]:
    """Every revision, newest first. One query, until there is another head."""
    statement = sa.select(Revision.number, Revision.made_at).where(Revision.declaration_id == declaration.id)
    rows = db.execute(statement.order_by(Revision.number.desc()))
    return [RevisionChoice(row.number, forum.local(row.made_at)) for row in rows]


@cached(LRUCache(64), key=lambda key, *_: key, lock=Lock())
def _revision_options(_key: Hashable, revisions: Sequence[RevisionChoice], shown: int, work: Work) -> Markup:
    """What to choose a revision from, written once for the same list; `shown` is 0 for none of it."""
    option, chosen = Markup('<option value="{}"{}>{} · {}</option>\n'), Markup(" selected")
    return Markup().join(
        option.format(each.number, chosen if each.number == shown else "", each.number, date(each.made_at, "medium"))
        for date in [work.messages.date]
        for each in revisions
    )


def _revision(db: Db, declaration: Declaration, number: int | None, *, may: Rights) -> Revision:
    if number is None:
        return declaration.head
    if not may.read_history:
        raise NotFound(what="revision", id=str(number))
    return DeclarationService(db).revision(declaration, number)


def _choice(
    work: Work, frame: Frame, language: Language, shown: Sequence[Language], revision_number: int | None
) -> TextChoice:
    """A click adds a language or takes it away; the last one stays."""
    is_shown = language in shown
    wanted = {choice for choice in shown if choice != language} if is_shown else {*shown, language}
    text = ",".join(choice for choice in LANGUAGES if choice in wanted or (not wanted and choice == language))
    href = work.url_for(
        "reading", forum=frame.forum.slug, declaration=frame.declaration.slug, text=text, revision=revision_number
    )
    return TextChoice(language, href, is_shown)


def _views(work: Work, frame: Frame, pending: Sequence[str], languages: Sequence[Language]) -> Sequence[TextChoice]:
    """The text as it is, or with what is `pending` in it: as the address says, else as was chosen last."""
    wanted = work.request.query_params.get("view") or work.request.cookies.get("view", "")
    names = [CLEAN, *pending] if pending else ()
    shown = wanted if wanted in names else CLEAN
    here = {"forum": frame.forum.slug, "declaration": frame.declaration.slug, "text": ",".join(languages)}
    return [TextChoice(name, work.url_for("reading", **here, view=name), name == shown) for name in names]


def _outlined(paragraph: ParagraphRow, language: Language) -> OutlineItem:
    """The heading in the reader's language if it is shown and has one, else in the first language that has."""
    cells = sorted(paragraph.cells, key=lambda cell: (not cell.html, cell.language is not language))
    return OutlineItem(paragraph.id, cells[0].html.striptags(), cells[0].language, paragraph.level)
