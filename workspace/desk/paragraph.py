"""One paragraph with all that is known about it: its languages, where it came from, how it changed, what is said."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from drafts.blocks import Block, BlockKind, Document, Language
from drafts.shown import shown
from drafts.staleness import EdgeKind
from workspace.amendments.models import Amendment, Decision
from workspace.amendments.passages import Passages, block_key
from workspace.amendments.service import AmendmentService
from workspace.amendments.views import Line, LineBuilder, compared, passages_in
from workspace.comments import policy as talking
from workspace.comments.models import CommentState
from workspace.comments.seen import SeenThread
from workspace.comments.service import CommentService
from workspace.comments.visitors import reader
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.declarations import queries
from workspace.declarations.frame import Frame, frame
from workspace.declarations.models import Edge, Provenance, ProvenanceKind, Revision, RevisionBlock, TextVersion
from workspace.desk.history import CAUSES, VERDICTS
from workspace.desk.moments import at_place
from workspace.desk.origins import where_said
from workspace.desk.rights import Rights, rights
from workspace.desk.rows import Paragraph, RowBuilder
from workspace.people.guests import is_guest
from workspace.web.i18n import LANGUAGES, N_
from workspace.web.pages import Page, page
from workspace.web.route_policies import READ_THE_TEXT
from workspace.web.services import Work

ANSWERED: Mapping[EdgeKind, str] = {
    EdgeKind.TRANSLATED: N_("Translated from the text in %(languages)s"),
    EdgeKind.CONFIRMED: N_("Confirmed beside the text in %(languages)s"),
}


@dataclass(frozen=True, slots=True)
class Origin:
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


@dataclass(frozen=True, slots=True)
class Wording:
    """One text of the paragraph: who wrote it when, why, and how it differs from the one before."""

    language: Language
    html: Markup
    by: str
    at: datetime
    why: Sequence[str]
    reasons: Sequence[str]
    revision: int | None
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class Remark:
    """`state` and `reason` are told as far as the reader may know them; `edit` is the address to change one's own."""

    id: UUID
    author: str
    language: Language
    text: str
    at: datetime
    is_edited: bool
    state: CommentState
    reason: str
    is_own: bool
    edit: str


@dataclass(frozen=True, slots=True)
class Thread:
    """One conversation about the paragraph."""

    id: UUID
    remarks: Sequence[Remark]
    is_internal: bool
    may_answer: bool
    may_close: bool
    is_resolved: bool
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    name: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphPage(Page):
    paragraph: Paragraph
    may: Rights
    origins: Sequence[Origin]
    wordings: Mapping[Language, Sequence[Wording]]
    open_amendments: Sequence[Line]
    decided_amendments: Sequence[Line]
    open_threads: Sequence[Thread]
    resolved_threads: Sequence[Thread]
    may_comment: bool
    may_come_as_guest: bool
    may_discuss: bool  # among those who draft
    may_moderate: bool
    before: Neighbour | None
    after: Neighbour | None


class ParagraphPages(Controller):
    """Paragraphs, one by one."""

    path = "/{forum:str}/{declaration:str}/paragraphs"

    @get("/{block_id:str}", name="paragraph", sync_to_thread=True, policy=READ_THE_TEXT)
    def paragraph(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str], block_id: FromPath[str]
    ) -> Response[str]:
        """A paragraph of the text in force."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work)
            context = _Builder(db, found, work).page(str(block_key(block_id) or block_id))
        return page(work, "desk/paragraph.html", context)


class _Builder:
    """Reads everything about one paragraph, in a fixed number of queries."""

    def __init__(self, db: Db, found: Frame, work: Work) -> None:
        self.db = db
        self.found = found
        self.work = work
        self.may = rights(work.actor, found.declaration)

    def page(self, block_id: str) -> ParagraphPage:
        rows = RowBuilder(
            self.work, self.found.declaration, forum=self.found.forum.slug, languages=LANGUAGES, may=self.may
        ).in_force(self.db)
        places = {one.id: place for place, one in enumerate(rows.paragraphs)}
        place = places.get(block_id)
        if place is None:
            raise NotFound(what="block", id=block_id)
        paragraph, key = rows.paragraphs[place], UUID(block_id)
        head = queries.head_rows(self.db, self.found.declaration)
        passages = passages_in(head, head[place].original_language, self.work, self.found)
        amendments = AmendmentService(self.db).at_block(self.found.declaration, key, actor=self.work.actor)
        builder = LineBuilder(self.work, self.found, passages)
        lines = [builder.line(one) for one in amendments]
        speaker = reader(self.db, self.work)
        threads = CommentService(self.db).threads(self.found.declaration, actor=speaker, block_id=key)
        talked = [self._thread(one, speaker) for one in threads.get(key, ())]
        neighbours = [None, *rows.paragraphs, None]
        return ParagraphPage(
            place=self.found.place,
            here="reading",
            paragraph=paragraph,
            may=self.may,
            origins=self._origins(key),
            wordings=self._wordings(key, paragraph.kind, passages, amendments),
            open_amendments=[line for line in lines if line.is_undecided],
            decided_amendments=[line for line in lines if not line.is_undecided],
            open_threads=[one for one in talked if not one.is_resolved],
            resolved_threads=[one for one in talked if one.is_resolved],
            may_comment=talking.may_comment(speaker, self.found.declaration),
            may_come_as_guest=talking.may_come_as_guest(speaker, self.found.declaration),
            may_discuss=talking.may_discuss_internally(speaker, self.found.declaration),
            may_moderate=talking.may_moderate(speaker, self.found.declaration),
            before=_neighbour(neighbours[place]),
            after=_neighbour(neighbours[place + 2]),
        )

    def _origins(self, block_id: UUID) -> Sequence[Origin]:
        if not self.may.read_sources:
            return ()
        links = queries.sources(self.db, self.found.declaration).get(block_id, ())
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

    def _thread(self, thread: SeenThread, speaker: Actor) -> Thread:
        forum, declaration = self.found.forum, self.found.declaration
        may_answer = (talking.may_discuss_internally if thread.is_internal else talking.may_comment)(
            speaker, declaration
        )
        return Thread(
            id=thread.id,
            remarks=[
                Remark(
                    id=one.id,
                    author=one.author,
                    language=one.language,
                    text=one.text,
                    at=at_place(one.written_at, forum),
                    is_edited=one.edited_at is not None,
                    state=one.state,
                    reason=one.reason,
                    is_own=one.is_own,
                    edit=self.work.url_for(
                        "edit_comment", forum=forum.slug, declaration=declaration.slug, comment_id=one.id
                    )
                    if one.may_edit
                    else "",
                )
                for one in thread.comments
            ],
            is_internal=thread.is_internal,
            may_answer=may_answer,
            may_close=may_answer and not is_guest(speaker, forum.id),
            is_resolved=thread.resolved_at is not None,
            resolved_at=at_place(thread.resolved_at, forum) if thread.resolved_at else None,
        )

    # How the words came about

    def _wordings(
        self, block_id: UUID, kind: BlockKind, passages: Passages, amendments: Sequence[Amendment]
    ) -> Mapping[Language, Sequence[Wording]]:
        """Every text of the paragraph by language, newest first; nothing for who may not read the history."""
        if not self.may.read_history:
            return {}
        versions = list(
            self.db.scalars(
                sa.select(TextVersion)
                .where(TextVersion.block_id == block_id)
                .options(joinedload(TextVersion.author))
                .order_by(TextVersion.sequence)
            )
        )
        pinned, answers = self._first_pinned(block_id), self._answers(block_id, versions)
        decisions = self._decisions(block_id, {one.id for one in amendments})
        found: dict[Language, list[Wording]] = {}
        for version in reversed(versions):
            revision = pinned.get(version.id)
            behind = decisions.get(revision.id, ()) if revision and version.id not in answers else ()
            of_language = found.setdefault(version.language, [])
            of_language.append(
                Wording(
                    language=version.language,
                    html=_difference(version, versions, kind, passages),
                    by=version.author.name if version.author else "",
                    at=at_place(version.made_at, self.found.forum),
                    why=answers.get(version.id) or self._why(revision, behind),
                    reasons=[one.reason for one in behind if one.reason],
                    revision=revision.number if revision else None,
                    is_in_force=not of_language,
                )
            )
        return {language: found[language] for language in LANGUAGES if language in found}

    def _why(self, revision: Revision | None, behind: Sequence[Decision]) -> Sequence[str]:
        """The decisions that gave the paragraph these words, or what the revision was made for."""
        say = self.work.messages.gettext
        adopted = [one for one in behind if one.amendment]
        if adopted:
            return [say(VERDICTS[one.verdict], number=one.amendment.number) for one in adopted if one.amendment]
        return [say(CAUSES[revision.cause])] if revision else []

    def _first_pinned(self, block_id: UUID) -> Mapping[UUID, Revision]:
        """The first revision in which each text stood."""
        rows = self.db.execute(
            sa.select(RevisionBlock, Revision)
            .join(Revision, Revision.id == RevisionBlock.revision_id)
            .where(RevisionBlock.block_id == block_id)
            .order_by(Revision.number)
        )
        found: dict[UUID, Revision] = {}
        for place, revision in rows:
            for language in LANGUAGES:
                if (text := place.pinned(language)) is not None:
                    found.setdefault(text, revision)
        return found

    def _answers(self, block_id: UUID, versions: Sequence[TextVersion]) -> Mapping[UUID, list[str]]:
        """What each text was made from, as sentences."""
        languages = {version.id: version.language for version in versions}
        made: dict[tuple[UUID, EdgeKind], list[Language]] = {}
        for edge in self.db.scalars(sa.select(Edge).where(Edge.block_id == block_id).order_by(Edge.sequence)):
            if edge.kind in ANSWERED:
                made.setdefault((edge.target_id, edge.kind), []).append(languages[edge.source_id])
        found: dict[UUID, list[str]] = {}
        for (target, kind), sources in made.items():
            names = self.work.messages.listed(map(self.work.messages.language_name, dict.fromkeys(sources)))
            found.setdefault(target, []).append(self.work.messages.gettext(ANSWERED[kind], languages=names))
        return found

    def _decisions(self, block_id: UUID, amendments: Container[UUID]) -> Mapping[UUID, Sequence[Decision]]:
        """The decisions on the paragraph that made a revision, by revision."""
        found: dict[UUID, list[Decision]] = {}
        for decision in AmendmentService(self.db).decisions(self.found.declaration):
            is_here = decision.block_id == block_id or decision.amendment_id in amendments
            if decision.revision_id is not None and is_here:
                found.setdefault(decision.revision_id, []).append(decision)
        return found


def _difference(version: TextVersion, versions: Sequence[TextVersion], kind: BlockKind, passages: Passages) -> Markup:
    """A text compared with the one before it, or as it is if it is the first."""
    new = Block(str(version.block_id), kind, version.content)
    before = next((one for one in versions if one.id == version.predecessor_id), None)
    told = Passages(passages.rows, version.language, passages.messages, passages.paragraphs)
    if before is None:
        return told.html(new)
    old = Block(new.id, kind, before.content)
    return compared(shown(Document((old,), version.language), Document((new,), version.language)), told)


def _neighbour(paragraph: Paragraph | None) -> Neighbour | None:
    return Neighbour(paragraph.name, paragraph.href) if paragraph else None
