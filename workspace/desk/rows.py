"""The rows of the parallel text: one block in each language shown, with its state and what was said about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from markupsafe import Markup

from drafts.blocks import BlockKind, Language
from drafts.numbering import numbers
from drafts.staleness import State
from workspace.amendments.service import AmendmentService
from workspace.comments.service import CommentService
from workspace.core.db import Db
from workspace.declarations import queries
from workspace.declarations.models import Absence, Declaration, Provenance, ProvenanceKind, Revision
from workspace.declarations.queries import BlockRow
from workspace.desk import words
from workspace.desk.origins import where_said
from workspace.desk.rights import Rights
from workspace.desk.states import STATES
from workspace.translations.service import Standing, TranslationService
from workspace.web.services import Work

_SOME_BLOCK = str(UUID(int=0))  # stands in an address until the id of a block does
HEADINGS = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.ANNEX})


@dataclass(frozen=True, slots=True)
class Cell:
    """One block in one language. `mark` is "" when there is nothing to say about it, else `sentence` says it."""

    language: Language
    id: str
    html: Markup
    mark: str = ""
    sentence: str = ""
    remedy: str = ""
    href: str = ""  # where the state can be mended, for those who may


@dataclass(frozen=True, slots=True)
class Source:
    """A recommendation that a paragraph came from, in its own words and language."""

    number: int
    text: str
    language: str
    session: str  # or the organisation that sent it in
    is_sent_in: bool
    href: str
    is_partly: bool
    note: str


@dataclass(frozen=True, slots=True)
class Act:
    """Something this reader may do with a paragraph. `said` names the paragraph too."""

    label: str
    said: str
    href: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One row. `fragment` is the number as an address, where numbers are frozen; `href` its own page."""

    id: str
    kind: BlockKind
    level: int
    number: str
    name: str
    fragment: str
    href: str
    cells: Sequence[Cell]
    amendments: int = 0
    comments: int = 0
    sources: Sequence[Source] = ()
    acts: Sequence[Act] = ()

    @property
    def is_heading(self) -> bool:
        return self.kind in HEADINGS


@dataclass(frozen=True, slots=True)
class Column:
    """A language of the text: of how many blocks it is the original, and how many of its texts wait for somebody."""

    language: Language
    originals: int
    stale: int
    missing: int
    unverified: int


@dataclass(frozen=True, slots=True)
class Rows:
    paragraphs: Sequence[Paragraph]
    columns: Sequence[Column]


class RowBuilder:
    """Builds the rows of one declaration for one reader."""

    def __init__(
        self, work: Work, declaration: Declaration, *, forum: str, languages: Sequence[Language], may: Rights
    ) -> None:
        self.work = work
        self.declaration = declaration
        self.forum = forum
        self.languages = languages
        self.may = may
        self._addresses: dict[tuple[str, ...], str] = {}

    def in_force(self, db: Db) -> Rows:
        """The text in force with everything that is live about it. A fixed number of queries."""
        standings = TranslationService(db).standings(self.declaration)
        absent = queries.absences(db, self.declaration)
        amendments = AmendmentService(db).counts(self.declaration, actor=self.work.actor)
        comments = CommentService(db).counts(self.declaration)
        sources = queries.sources(db, self.declaration) if self.may.read_sources else {}
        numbered = numbers(queries.structure(standing.row for standing in standings))
        paragraphs = [
            self._paragraph(
                standing.row,
                numbered,
                cells=[
                    self._cell(standing, language, numbered, absent.get((standing.row.block_id, language)))
                    for language in self.languages
                ],
                amendments=amendments.get(standing.row.block_id, 0),
                comments=comments.get(standing.row.block_id, 0),
                sources=[self._source(link) for link in sources.get(standing.row.block_id, ())],
            )
            for standing in standings
        ]
        states = {language: [standing.states[language] for standing in standings] for language in self.languages}
        originals = [standing.row.original_language for standing in standings]
        return Rows(paragraphs, [_column(language, originals, states[language]) for language in self.languages])

    def pinned(self, db: Db, revision: Revision) -> Rows:
        """The text as one revision pins it; nothing about it changes any more."""
        rows = queries.pinned_rows(db, revision.id)
        numbered = numbers(queries.structure(rows))
        paragraphs = [
            self._paragraph(
                row,
                numbered,
                cells=[self._pinned_cell(row, language, numbered) for language in self.languages],
                fragment=words.fragment(numbered.get(str(row.block_id), "")),
            )
            for row in rows
        ]
        originals = [row.original_language for row in rows]
        missing = {
            language: [State.CURRENT if language in row.texts else State.MISSING for row in rows]
            for language in self.languages
        }
        return Rows(paragraphs, [_column(language, originals, missing[language]) for language in self.languages])

    def _paragraph(
        self,
        row: BlockRow,
        numbered: Mapping[str, str],
        *,
        cells: Sequence[Cell],
        fragment: str = "",
        amendments: int = 0,
        comments: int = 0,
        sources: Sequence[Source] = (),
    ) -> Paragraph:
        block = row.original()
        called = words.name(block, numbered, self.work.messages)
        return Paragraph(
            id=block.id,
            kind=row.kind,
            level=row.level,
            number=words.margin(block, numbered, self._numbering()),
            name=called,
            fragment=fragment,
            href=self._url("paragraph", row),
            cells=cells,
            amendments=amendments,
            comments=comments,
            sources=sources,
            acts=() if fragment else tuple(self._acts(row, called)),
        )

    def _numbering(self) -> Language:
        """The language whose habit the numbers follow: that of the text if there is one, else the reader's."""
        return self.languages[0] if len(self.languages) == 1 else self.work.language

    def _cell(
        self, standing: Standing, language: Language, numbered: Mapping[str, str], absence: Absence | None
    ) -> Cell:
        row, told = standing.row, STATES[standing.states[language]]
        say, reason = self.work.messages.gettext, absence.reason if absence else ""
        mends = self.may.translate and bool(told.remedy)
        return Cell(
            language=language,
            id=_cell_id(row, language),
            html=words.words(row.block(language), language, numbered),
            mark=told.mark,
            sentence=say(told.sentence, reason=reason) if told.sentence else "",
            remedy=say(told.remedy) if mends else "",
            href=self._url("translate", row, text=language) if mends else "",
        )

    def _pinned_cell(self, row: BlockRow, language: Language, numbered: Mapping[str, str]) -> Cell:
        is_missing = language not in row.texts
        return Cell(
            language=language,
            id=_cell_id(row, language),
            html=words.words(row.block(language), language, numbered),
            mark="missing" if is_missing else "",
            sentence=self.work.messages.gettext("There was no text in this language yet.") if is_missing else "",
        )

    def _acts(self, row: BlockRow, called: str) -> Iterator[Act]:
        language = next((one for one in self.languages if one in row.texts), row.original_language)
        messages = self.work.messages
        if self.may.amend:
            href = self._url("new_amendment", row, text=language, op="reword")
            yield Act(messages.gettext("Amend"), messages.gettext("Amend: %(name)s", name=called), href)
        if self.may.edit:
            href = self._url("edit_paragraph", row, text=language)
            yield Act(messages.gettext("Edit"), messages.gettext("Edit: %(name)s", name=called), href)
        if self.may.comment:
            href = self._url("paragraph", row) + "#comments"
            yield Act(messages.gettext("Comment"), messages.gettext("Comment: %(name)s", name=called), href)

    def _source(self, link: Provenance) -> Source:
        found = link.recommendation
        return Source(
            number=found.number,
            text=found.text,
            language=found.language,
            session=found.origin,
            is_sent_in=found.session_id is None,
            href=where_said(self.work, self.forum, found),
            is_partly=link.kind is ProvenanceKind.PARTLY,
            note=link.note,
        )

    def _url(self, route: str, row: BlockRow, **values: str) -> str:
        """The address of a page about this block. The same for every block but for its id, so made once."""
        key = (route, *values.values())
        if key not in self._addresses:
            block = "block_id" if "block_id" in self.work.site.addresses.parameters(route) else "block"
            self._addresses[key] = self.work.url_for(
                route, forum=self.forum, declaration=self.declaration.slug, **{block: _SOME_BLOCK, **values}
            )
        return self._addresses[key].replace(_SOME_BLOCK, str(row.block_id))


def _cell_id(row: BlockRow, language: Language) -> str:
    """The id of a cell: "" where the HTML of the block brings it along."""
    is_there = row.kind in words.OWN_ID and language in row.texts
    return "" if is_there else f"{words.anchor(language)}b-{row.block_id}"


def _column(language: Language, originals: Sequence[Language], states: Sequence[State]) -> Column:
    return Column(
        language=language,
        originals=originals.count(language),
        stale=sum(state.is_stale for state in states),
        missing=states.count(State.MISSING),
        unverified=states.count(State.UNVERIFIED),
    )
