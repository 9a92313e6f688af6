"""One paragraph with all that is known about it: its languages, where it came from, how it changed, what is said."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from drafts.blocks import Language
from workspace.amendments.models import Amendment
from workspace.amendments.passages import block_key
from workspace.amendments.service import AmendmentService
from workspace.amendments.views import STANDINGS, Line, LineBuilder, Standing, passages_in
from workspace.comments.phrases import marked
from workspace.comments.views import Talk, talk_about_paragraph
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.declarations import queries
from workspace.declarations.frame import Frame, frame
from workspace.declarations.models import Provenance, ProvenanceKind
from workspace.declarations.queries import BlockRow
from workspace.desk import words
from workspace.desk.origins import where_said
from workspace.desk.rights import Rights, rights
from workspace.desk.rows import Cell, Link, Paragraph, RowBuilder
from workspace.desk.wordings import Blame, WordingBuilder, Wordings
from workspace.web.i18n import LANGUAGES
from workspace.web.pages import Page, page
from workspace.web.params import FromPath
from workspace.web.route_policies import READ_THE_TEXT
from workspace.web.services import Work


class Origin(Struct, frozen=True):
    """A recommendation that the paragraph came from, and where it stands in the notes of its session."""

    number: int
    text: str
    language: str
    session: str  # or the organisation that sent it in
    is_sent_in: bool
    href: str
    register: str  # its own page
    section: str
    line: int | None
    is_partly: bool
    note: str


class Settled(Struct, frozen=True):
    """An amendment that is decided: its number, whose it was, and what became of it."""

    number: int
    href: str
    who: str
    state: Standing


class ParagraphPage(Page, frozen=True, kw_only=True):
    paragraph: Paragraph
    may: Rights
    origins: Sequence[Origin]
    wordings: Mapping[Language, Wordings]
    blame: Sequence[Blame]
    open_amendments: Sequence[Line]
    decided_amendments: Sequence[Settled]
    talk: Talk
    before: Link | None
    after: Link | None


class BesidePage(Page, frozen=True, kw_only=True):
    """What stands beside a paragraph of the text, as a part of the page that is being read."""

    paragraph: Paragraph
    may: Rights
    origins: Sequence[Origin]
    blame: Sequence[Blame]
    open_amendments: Sequence[Line]
    talk: Talk
    link: str  # to the paragraph, whatever becomes of it
    revision: int
    pinned: str  # to what it says in this revision; "" for whoever may not read those


class ParagraphPages(Controller):
    """Paragraphs, one by one."""

    path = "/{forum:str}/{declaration:str}/paragraphs"

    @get("/{block_id:str}", name="paragraph", sync_to_thread=True, policy=READ_THE_TEXT)
    def paragraph(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str], block_id: FromPath[str]
    ) -> Response[str]:
        """A paragraph of the text in force; with `?texts=all`, every text that it ever had."""
        every = work.request.query_params.get("texts") == "all"
        with work.reading() as db:
            context = _Builder(db, frame(db, forum, declaration, work=work), work, block_id).page(every=every)
        return page(work, "desk/paragraph.html", context)

    @get("/{block_id:str}/beside", name="beside", sync_to_thread=True, policy=READ_THE_TEXT)
    def beside(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str], block_id: FromPath[str]
    ) -> Response[str]:
        """The same for the margin of the text: no page of its own, and only the languages in `?text=`."""
        with work.reading() as db:
            context = _Builder(db, frame(db, forum, declaration, work=work), work, block_id).beside()
        return page(work, "desk/beside.html", context)


class _Builder:
    """Reads everything about one paragraph, in a fixed number of queries. Raises `NotFound`."""

    def __init__(self, db: Db, found: Frame, work: Work, block_id: str) -> None:
        key = block_key(block_id)
        if key is None:
            raise NotFound(what="block", id=block_id)
        self.db = db
        self.found = found
        self.work = work
        self.key = key
        self.may = rights(work.actor, found.declaration)
        service = AmendmentService(db)
        self.amendments = service.at_block(found.declaration, key, actor=work.actor)
        self.settled = service.settled_at_block(found.declaration, key, actor=work.actor)
        texts = {key, *_concerned(self.amendments)}
        self.rows = queries.shown_rows(db, found.declaration, only=texts)
        self.at = next((place for place, row in enumerate(self.rows) if row.block_id == key), -1)
        if self.at < 0:
            raise NotFound(what="block", id=block_id)
        self.builder = RowBuilder(work, found.declaration, forum=found.forum.slug, languages=LANGUAGES, may=self.may)
        self.passages = passages_in(self.rows, self.row.original_language, work, found)
        self.wording = WordingBuilder(db, found, work, key, [*self.amendments, *self.settled])

    @property
    def row(self) -> BlockRow:
        return self.rows[self.at]

    def page(self, *, every: bool) -> ParagraphPage:
        talk = talk_about_paragraph(self.db, self.found, self.row, work=self.work)
        reads = self.may.read_history
        return ParagraphPage(
            place=self.found.place,
            here="reading",
            paragraph=self._with_words_marked(self._paragraph(), talk),
            may=self.may,
            origins=self._origins(self.key),
            wordings=self.wording.wordings(self.row.kind, self.passages, every=every) if reads else {},
            blame=self.wording.blame(self.row.kind, LANGUAGES) if reads else (),
            open_amendments=self._open(),
            decided_amendments=[self._settled(one) for one in self.settled],
            talk=talk,
            before=self._link_to(self.at - 1),
            after=self._link_to(self.at + 1),
        )

    def beside(self) -> BesidePage:
        shown = self.work.texts(*LANGUAGES)
        return BesidePage(
            place=self.found.place,
            paragraph=self._paragraph(),
            may=self.may,
            origins=self._origins(self.key),
            blame=self.wording.blame(self.row.kind, shown) if self.may.read_history else (),
            open_amendments=self._open(),
            talk=talk_about_paragraph(self.db, self.found, self.row, work=self.work),
            link=self._link(None),
            revision=self.found.declaration.head.number,
            pinned=self._link(self.found.declaration.head.number) if self.may.read_history else "",
        )

    def _paragraph(self) -> Paragraph:
        return self.builder.one(self.db, self.row, self.passages.numbers)

    def _link_to(self, place: int) -> Link | None:
        """The name and the page of the block at this place, if there is one."""
        is_there = 0 <= place < len(self.rows)
        return self.builder.link(self.rows[place], self.passages.numbers) if is_there else None

    def _link(self, revision: int | None) -> str:
        """The paragraph in the text, now or in one revision."""
        here = {"forum": self.found.forum.slug, "declaration": self.found.declaration.slug}
        return f"{self.work.url_for('reading', **here, revision=revision)}#b-{self.key}"

    def _open(self) -> Sequence[Line]:
        builder = LineBuilder(self.work, self.found, self.passages)
        return [builder.line(one) for one in self.amendments]

    def _settled(self, amendment: Amendment) -> Settled:
        standing = STANDINGS[amendment.disposition]
        here = {"forum": self.found.forum.slug, "declaration": self.found.declaration.slug}
        return Settled(
            number=amendment.number,
            href=self.work.url_for("amendment", **here, number=amendment.number),
            who=amendment.organisation.name if amendment.organisation else amendment.proposer.name,
            state=replace(standing, words=self.work.messages.gettext(standing.words), name=amendment.disposition.value),
        )

    def _origins(self, block_id: UUID) -> Sequence[Origin]:
        if not self.may.read_sources:
            return ()
        links = queries.sources(self.db, self.found.declaration, block_id).get(block_id, ())
        return [self._origin(link) for link in links]

    def _origin(self, link: Provenance) -> Origin:
        said = link.recommendation
        return Origin(
            number=said.number,
            text=said.text,
            language=said.language,
            session=said.origin,
            is_sent_in=said.session_id is None,
            href=where_said(self.work, self.found.forum.slug, said),
            register=self.work.url_for("recommendation", forum=self.found.forum.slug, number=said.number),
            section=said.section,
            line=said.line,
            is_partly=link.kind is ProvenanceKind.PARTLY,
            note=link.note,
        )

    def _with_words_marked(self, paragraph: Paragraph, talk: Talk) -> Paragraph:
        """The paragraph with the words marked that open conversations are about."""
        row, numbered = self.row, self.passages.numbers

        def label(number: int) -> str:
            return self.work.messages.gettext("conversation %(number)s", number=number)

        def shown_in(cell: Cell) -> Cell:
            def write(text: str) -> Markup:
                return words.words(replace(row.block(cell.language), text=text), cell.language, numbered)

            spoken = talk.spoken.get(cell.language, ())
            return replace(cell, html=marked(row.content(cell.language), spoken, write, label)) if spoken else cell

        return replace(paragraph, cells=[shown_in(cell) for cell in paragraph.cells])


def _concerned(amendments: Sequence[Amendment]) -> Iterator[UUID]:
    """The blocks that these amendments speak of, which may be others than the one they were found by."""
    for amendment in amendments:
        for version in amendment.versions:
            for record in version.changes:
                yield from filter(None, (record.block_id, block_key(record.change.get("after") or "")))
