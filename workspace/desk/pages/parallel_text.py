"""The rows of the parallel text: one block in each language shown, with its state and what was said about it."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from drafts.languages.staleness import State
from drafts.text.blocks import BlockKind, Language
from workspace.amendments.decisions import brackets
from workspace.amendments.service import AmendmentService
from workspace.amendments.views.agreement import STATUSES
from workspace.amendments.views.amendment import ChangedPlace
from workspace.comments.service import CommentService
from workspace.core.storage.db import Db
from workspace.declarations.domain import paragraph_status, queries
from workspace.declarations.domain.models import Absence, Declaration, ParagraphState, ParagraphStatus, Revision
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.labels import names_of
from workspace.desk import counts
from workspace.desk.pages import block_html
from workspace.desk.rights import Rights
from workspace.translations.domain.queries import BlockStanding, states_of
from workspace.translations.labels import STATE_LABELS
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_

_SOME_BLOCK = str(UUID(int=0))  # stands in an address until the id of a block does
HEADINGS = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.ANNEX})
_TAGS: Mapping[BlockKind, str] = {
    BlockKind.QUOTATION: "blockquote",
    **dict.fromkeys((BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE, BlockKind.NOTE), "div"),
}


class AmendmentInPlace(Struct, frozen=True):
    """A pending amendment below the text it concerns; `parts` are what does not stand among its words.

    `is_prepared`: among them are those that translators have prepared for it. `is_elsewhere`: it stands in the column
    of its own language, and here only where one language is shown at a time.
    """

    number: int
    href: str
    who: str
    language: Language
    parts: Sequence[ChangedPlace] = ()
    is_prepared: bool = False
    is_elsewhere: bool = False
    children: Sequence["AmendmentInPlace"] = ()


class TextMarks(Struct, frozen=True):
    """What is not agreed, by paragraph and language: what stands instead of its text, and whose amendments below it."""

    html: Mapping[tuple[str, Language], Markup] = {}
    below: Mapping[tuple[str, Language], Mapping[int, AmendmentInPlace]] = {}


class TextCell(Struct, frozen=True):
    """One block in one language. `mark` is "" when there is nothing to say about it, else `sentence` says it."""

    language: Language
    id: str
    html: Markup
    mark: str = ""
    sentence: str = ""
    remedy: str = ""
    href: str = ""  # where the state can be mended, for those who may
    amendments: Sequence[AmendmentInPlace] = ()


class ParagraphCount(Struct, frozen=True):
    """How many things of one kind belong to a paragraph. `name` is that of their place on its page; `said` is heard."""

    name: str
    drawing: str
    number: int
    said: str
    is_hot: bool = False


class AgreementMark(Struct, frozen=True):
    """How far the committee has agreed on a paragraph, in a drawing and in words."""

    drawing: str
    words: str
    is_hot: bool


class ParagraphAction(Struct, frozen=True):
    """Something this reader may do with a paragraph. `said` names the paragraph too."""

    name: str
    label: str
    said: str
    href: str


class ParagraphRow(Struct, frozen=True):
    """One row. `fragment` is the number as an address, where numbers are frozen; `href` its own page."""

    id: str
    kind: BlockKind
    level: int
    number: str
    name: str
    fragment: str
    href: str
    cells: Sequence[TextCell]
    counts: Sequence[ParagraphCount] = ()
    acts: Sequence[ParagraphAction] = ()
    agreed: AgreementMark | None = None
    is_live: bool = True  # something can be opened beside it

    @property
    def beside(self) -> str:
        """The names of what is counted."""
        return " ".join([count.name for count in self.counts])

    @property
    def is_heading(self) -> bool:
        return self.kind in HEADINGS

    @property
    def tag(self) -> str:
        """The element that its words stand in, on a page that has a heading of its own."""
        if self.kind is BlockKind.TITLE:
            return "h2"
        if self.is_heading:
            return f"h{min(max(self.level, 1) + 2, 6)}"
        return _TAGS.get(self.kind, "p")

    @property
    def look(self) -> str:
        """The classes of that element."""
        return {"h2": "text doc-title"}.get(self.tag, "text doc-head" if self.is_heading else "text")


class ParagraphLink(Struct, frozen=True):
    """A paragraph by its name, and its own page."""

    name: str
    href: str


class ParallelColumn(Struct, frozen=True):
    """A language of the text: of how many blocks it is the original, and how many of its texts wait for somebody."""

    language: Language
    originals: int
    stale: int
    missing: int
    unverified: int


class ParallelText(Struct, frozen=True):
    paragraphs: Sequence[ParagraphRow]
    columns: Sequence[ParallelColumn]


class RowBuilder:
    """Builds the rows of one declaration for one reader."""

    def __init__(
        self, work: Work, declaration: Declaration, *, forum: str, languages: Sequence[Language], may: Rights
    ) -> None:
        self.marks = TextMarks()
        self.names: Mapping[UUID, str] = {}
        self.work = work
        self.declaration = declaration
        self.forum = forum
        self.languages = languages
        self._preferred = sorted(
            languages, key=lambda language: language is not work.language
        )  # the reader's own first
        self.may = may
        self._addresses: dict[tuple[str, ...], str] = {}

    def in_force(self, db: Db, marks: TextMarks) -> ParallelText:
        """The text in force with everything that is live about it, and these `marks`. A fixed number of queries."""
        self.marks = marks
        rows = queries.shown_rows(db, self.declaration)
        standings = [
            BlockStanding(row, known) for row, known in zip(rows, states_of(db, self.declaration, rows), strict=True)
        ]
        absent = queries.absences(db, self.declaration)
        amendments = AmendmentService(db).counts(self.declaration, actor=self.work.actor)
        comments = CommentService(db).counts(self.declaration)
        sources = counts.sources_by_block(db, self.declaration) if self.may.read_sources else {}
        contested = brackets.open_kinds(db, self.declaration)
        agreed = paragraph_status.states(db, self.declaration)
        numbered, self.names = queries.numbers_of(rows), names_of(rows, self.work.messages)
        paragraphs = [
            self._paragraph(
                standing.row,
                numbered,
                cells=[
                    self._cell(
                        standing,
                        language,
                        numbered,
                        absent.get((standing.row.block_id, language)),
                        is_contested=contested.get(standing.row.id, False),
                    )
                    for language in self.languages
                ],
                counted=(
                    sources.get(standing.row.block_id, 0),
                    amendments.get(standing.row.block_id, 0),
                    comments.get(standing.row.block_id, 0),
                ),
                agreed=self._agreed(standing.row, contested, agreed.get(standing.row.block_id)),
            )
            for standing in standings
        ]
        states = {language: [standing.states[language] for standing in standings] for language in self.languages}
        originals = [standing.row.original_language for standing in standings]
        return ParallelText(paragraphs, [_column(language, originals, states[language]) for language in self.languages])

    def single(self, db: Db, rows: Sequence[BlockRow], place: int) -> ParagraphRow:
        """One block of the text in force, which has these rows, without the counts."""
        row, numbered = rows[place], queries.numbers_of(rows)
        self.names = names_of(rows, self.work.messages, rows[max(place - 1, 0) : place + 2])
        [known] = states_of(db, self.declaration, [row])
        absent = queries.absences(db, self.declaration)
        cells = [
            self._cell(BlockStanding(row, known), language, numbered, absent.get((row.block_id, language)))
            for language in self.languages
        ]
        state = paragraph_status.states(db, self.declaration).get(row.block_id)
        paragraph = self._paragraph(row, numbered, cells=cells)
        is_closed = state is not None and state.status is ParagraphStatus.CLOSED
        acts = self._acts(self._amended(row), row.id, paragraph.name, is_closed=is_closed)
        return replace(paragraph, acts=tuple(acts))

    def link(self, rows: Sequence[BlockRow], place: int) -> ParagraphLink | None:
        """The name and the page of the block at this place, if there is one, beside the one of these that was built."""
        if not 0 <= place < len(rows):
            return None
        return ParagraphLink(self.names[rows[place].block_id], self._url("paragraph", rows[place]))

    def pinned(self, db: Db, revision: Revision) -> ParallelText:
        """The text as one revision pins it; nothing about it changes any more."""
        rows = queries.pinned_rows(db, revision.id)
        numbered, self.names = queries.numbers_of(rows), names_of(rows, self.work.messages)
        paragraphs = [
            self._paragraph(
                row,
                numbered,
                cells=[self._pinned_cell(row, language, numbered) for language in self.languages],
                fragment=block_html.paragraph_fragment(numbered.get(row.id, "")),
                is_live=False,
            )
            for row in rows
        ]
        originals = [row.original_language for row in rows]
        missing = {
            language: [State.CURRENT if language in row.texts else State.MISSING for row in rows]
            for language in self.languages
        }
        return ParallelText(
            paragraphs, [_column(language, originals, missing[language]) for language in self.languages]
        )

    def _paragraph(
        self,
        row: BlockRow,
        numbered: Mapping[str, str],
        *,
        cells: Sequence[TextCell],
        fragment: str = "",
        counted: tuple[int, int, int] = (0, 0, 0),
        agreed: AgreementMark | None = None,
        is_live: bool = True,
    ) -> ParagraphRow:
        block = row.original()
        return ParagraphRow(
            id=block.id,
            kind=row.kind,
            level=row.level,
            number=block_html.margin(
                block, numbered, (self.languages[0] if len(self.languages) == 1 else self.work.language)
            ),
            name=self.names[row.block_id],
            fragment=fragment,
            href=self._url("paragraph", row),
            cells=tuple(cells),
            counts=tuple(self._counts(counted)) if any(counted) else (),
            agreed=agreed,
            is_live=is_live,
        )

    def _agreed(
        self, row: BlockRow, contested: Mapping[str, bool], state: ParagraphState | None
    ) -> AgreementMark | None:
        """Only what says more than "open", and only to those who follow the work."""
        if not self.may.read_history:
            return None
        say = self.work.messages.gettext
        if row.id in contested:
            said = N_("new, in brackets") if contested[row.id] else N_("in brackets")
            return AgreementMark("bracket", say(said), is_hot=True)
        if state is None or state.status is ParagraphStatus.OPEN:
            return None
        words, _, drawing = STATUSES[state.status]
        return AgreementMark(drawing, say(words), is_hot=False)

    def _cell(
        self,
        standing: BlockStanding,
        language: Language,
        numbered: Mapping[str, str],
        absence: Absence | None,
        *,
        is_contested: bool = False,
    ) -> TextCell:
        row, state_label = standing.row, STATE_LABELS[standing.states[language]]
        say, reason = self.work.messages.gettext, absence.reason if absence else ""
        place = row.id, language
        mends = self.may.translate and bool(state_label.mends)
        return TextCell(
            language=language,
            id=_cell_id(row, language),
            html=self.marks.html.get(place)
            or block_html.block_text_html(row.block(language), language, numbered, is_contested=is_contested),
            mark=state_label.mark,
            sentence=say(state_label.sentence, reason=reason) if state_label.sentence else "",
            remedy=say(state_label.mends) if mends else "",
            href=self._url("translate", row, text=language) if mends else "",
            amendments=tuple(self.marks.below.get(place, {}).values()),
        )

    def _pinned_cell(self, row: BlockRow, language: Language, numbered: Mapping[str, str]) -> TextCell:
        is_missing = language not in row.texts
        return TextCell(
            language=language,
            id=_cell_id(row, language),
            html=block_html.block_text_html(row.block(language), language, numbered),
            mark="missing" if is_missing else "",
            sentence=self.work.messages.gettext("There was no text in this language yet.") if is_missing else "",
        )

    def _counts(self, counted: tuple[int, int, int]) -> Iterator[ParagraphCount]:
        sources, amendments, comments = counted
        say_count = self.work.messages.ngettext
        if sources:
            yield ParagraphCount("sources", "source", sources, say_count("source", "sources", sources))
        if amendments:
            said = say_count("open amendment", "open amendments", amendments)
            yield ParagraphCount("amendments", "amend", amendments, said, is_hot=amendments > 1)
        if comments:
            yield ParagraphCount("comments", "comment", comments, say_count("comment", "comments", comments))

    def _amended(self, row: BlockRow) -> Language:
        """The language in which this reader would change a paragraph."""
        return next((language for language in self._preferred if language in row.texts), row.original_language)

    def _acts(self, language: Language, block: str, called: str, *, is_closed: bool) -> Iterator[ParagraphAction]:
        """What can be done with a paragraph; one that is closed takes no other words."""
        say, href = self.work.messages.gettext, self._address
        if self.may.amend and not is_closed:
            said = say("Suggest a change: %(name)s", name=called)
            amending = href("new_amendment", block, text=language, op="reword")
            yield ParagraphAction("amend", say("Suggest a change"), said, amending)
            label, adding = say("Add a paragraph after it"), href("new_amendment", block, text=language, op="insert")
            yield ParagraphAction("insert", label, label, adding)
        if self.may.record_oral and not is_closed:
            label, oral = say("Record oral amendment"), href("record_oral", block)
            yield ParagraphAction("oral", label, f"{label}{say(':')} {called}", oral)
        if self.may.edit and not is_closed:
            editing = href("edit_paragraph", block, text=language)
            yield ParagraphAction("edit", say("Edit"), say("Edit: %(name)s", name=called), editing)
        if self.may.comment:
            said = say("Add comment: %(name)s", name=called)
            yield ParagraphAction("comment", say("Add comment"), said, href("paragraph", block) + "#comments")

    def _url(self, route: str, row: BlockRow, **values: str) -> str:
        return self._address(route, row.id, **values)

    def _address(self, route: str, block_id: str, **values: str) -> str:
        """The address of a page about a block. The same for every block but for its id, so made once."""
        key = (route, *values.values())
        if key not in self._addresses:
            block = "block_id" if "block_id" in self.work.site.addresses.parameters(route) else "block"
            self._addresses[key] = self.work.url_for(
                route, forum=self.forum, declaration=self.declaration.slug, **{block: _SOME_BLOCK, **values}
            )
        return self._addresses[key].replace(_SOME_BLOCK, block_id)


def _cell_id(row: BlockRow, language: Language) -> str:
    """The id of a cell: "" where the HTML of the block brings it along."""
    is_there = row.kind in block_html.OWN_ID and language in row.texts
    return "" if is_there else f"{block_html.paragraph_anchor(language)}b-{row.id}"


def _column(language: Language, originals: Sequence[Language], states: Sequence[State]) -> ParallelColumn:
    return ParallelColumn(
        language=language,
        originals=originals.count(language),
        stale=sum(state.is_stale for state in states),
        missing=states.count(State.MISSING),
        unverified=states.count(State.UNVERIFIED),
    )
