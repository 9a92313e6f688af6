"""The home of a forum, and the search over all that is in it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller
from litestar.params import QueryParameter
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import joinedload, selectinload

from drafts.text.markup import plain
from workspace.amendments.decisions import brackets
from workspace.amendments.domain.models import Amendment
from workspace.amendments.views.amendment import DispositionLabel, label_of
from workspace.comments import remark_text
from workspace.comments.models import Comment, Mention
from workspace.core.actor import Actor
from workspace.core.security.permissions import Phase
from workspace.core.shapes import Shape
from workspace.core.storage.db import Db
from workspace.core.storage.search_index import Hit, search
from workspace.core.storage.text_search import highlighted, phrases
from workspace.core.validation import whole_number
from workspace.declarations import labels
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Revision
from workspace.declarations.domain.policy import may_create
from workspace.declarations.frame import forum_place, known_declarations
from workspace.declarations.labels import PhaseStep, phase_steps
from workspace.desk import counts
from workspace.desk.pages.reading import RevisionChoice
from workspace.desk.pages.tasks import Task, pending_elsewhere, tasks
from workspace.desk.pending import PendingCounts, pending_counts
from workspace.desk.rights import Rights
from workspace.editions.domain.models import Edition
from workspace.forms.service import FormService
from workspace.people.emergency_access import may_open_emergency_access
from workspace.people.frame import ForumFrame, FrameInForum, forum_frame, header_place
from workspace.people.models import Forum, Registration
from workspace.people.pages.emergency_access import EmergencyAccessLine, emergency_access_lines
from workspace.people.service import PeopleService
from workspace.recommendations.models import Recommendation, RecommendationStatus
from workspace.recommendations.pages.spreadsheets import STANDINGS
from workspace.recommendations.policy import may_read as may_read_recommendations
from workspace.sessions.models import Session
from workspace.sessions.pages.programme import on_clocks_of, period
from workspace.sessions.policy import may_read as may_read_sessions
from workspace.sessions.policy import shown_to
from workspace.sessions.service import by_date
from workspace.web.api import Cursor, Limit, list_page, number_after, reads
from workspace.web.http.request_context import Slug, Work
from workspace.web.i18n.marking import N_
from workspace.web.pages import Page, shows

SESSIONS_SHOWN = 5
TASKS_SHOWN = 6
_Programmed: TypeAlias = "sa.Row[UUID, int, str, str, str | None, str | None]"


class EditionLine(Struct, frozen=True):
    number: int
    adopted_on: date


class DeclarationCard(Struct, frozen=True):
    """A declaration as the home shows it: its state in words, its way, and what is in it."""

    slug: str
    name: str
    phase: Phase
    state: str
    meaning: str
    until: datetime | None  # when what is open now closes, at the place of the forum
    steps: Sequence[PhaseStep]
    head: RevisionChoice
    blocks: int
    amendments: int
    brackets: int
    comments: int
    editions: Sequence[EditionLine]
    may: Rights


class SessionCard(Struct, frozen=True):
    """A session of the programme; `starts` is a moment, a day, or what the notes say."""

    id: UUID
    number: int
    title: str
    language: str
    starts: datetime | date | str | None
    place: str


class HomePage(Page, frozen=True, kw_only=True):
    name: str
    where: str
    description: str
    starts_on: date | None
    ends_on: date | None
    cards: Sequence[DeclarationCard]
    tasks: Sequence[Task]  # the first of them
    task_count: int
    elsewhere: Sequence[Task]
    sessions: Sequence[SessionCard]
    session_count: int
    confirmed: int  # recommendations
    proposed: int
    may_read_recommendations: bool
    may_create: bool
    lent: Sequence[EmergencyAccessLine]
    may_break_glass: bool
    forum_id: UUID
    is_followed: bool | None  # None for nobody in particular
    is_open: bool  # to everybody who registers
    forms: Sequence[tuple[str, str]]  # those that can be answered now: title and address


def home(db: Db, forum_slug: str, *, work: Work) -> HomePage:
    """Everything the home shows. The number of queries does not depend on how much there is to show."""
    found = forum_frame(db, forum_slug, work=work)
    forum, actor = found.forum, work.actor
    declarations = known_declarations(db, found, work=work)
    sessions = _sessions(db, found, actor) if may_read_sessions(actor, forum) else []
    wait = pending_counts(db, forum, declarations, session_count=len(sessions), actor=actor)
    mine = tasks(wait, forum, work=work)
    return HomePage(
        place=forum_place(found, declarations, work=work),
        here="forum",
        name=forum.name.said_in(work.language),
        where=forum.place.said_in(work.language),
        description=forum.description.said_in(work.language),
        starts_on=forum.starts_on,
        ends_on=forum.ends_on,
        cards=_cards(db, declarations, wait, forum=forum, work=work),
        tasks=mine[:TASKS_SHOWN],
        task_count=len(mine),
        elsewhere=pending_elsewhere(wait, forum, work=work),
        sessions=[_session(session, forum, work) for session in sessions[:SESSIONS_SHOWN]],
        session_count=len(sessions),
        confirmed=wait.recommendations.get(RecommendationStatus.CONFIRMED, 0),
        proposed=wait.recommendations.get(RecommendationStatus.PROPOSED, 0),
        may_read_recommendations=may_read_recommendations(actor, forum),
        may_create=may_create(actor, forum),
        lent=emergency_access_lines(db, found, work=work),
        may_break_glass=may_open_emergency_access(actor, forum),
        forum_id=forum.id,
        is_followed=work.follows(db, "forum", forum.id),
        is_open=forum.registration is Registration.OPEN,
        forms=[
            (form.title.said_in(work.language), work.url_for("form", forum=forum.slug, number=form.number))
            for form, _ in FormService(db).forms(forum, actor=actor)
            if form.is_open
        ],
    )


def _cards(
    db: Db, declarations: Sequence[Declaration], wait: PendingCounts, *, forum: Forum, work: Work
) -> list[DeclarationCard]:
    heads = _heads(db, declarations, forum)
    blocks, comments = counts.count_blocks(db, declarations), counts.open_comments(db, declarations)
    editions = counts.editions_by_declaration(db, declarations)
    contested = brackets.count_open(db, [declaration.id for declaration in declarations])
    return [
        DeclarationCard(
            slug=declaration.slug,
            name=declaration.name.said_in(work.language),
            phase=declaration.phase,
            state=labels.PHASE_STATES[declaration.phase],
            meaning=labels.PHASE_MEANINGS[declaration.phase],
            until=counts.closes_on(declaration, forum),
            steps=phase_steps(declaration.phase),
            head=heads[declaration.id],
            blocks=blocks.get(declaration.id, 0),
            amendments=wait.amendments.get(declaration.id, 0),
            brackets=contested.get(declaration.id, 0),
            comments=comments.get(declaration.id, 0),
            editions=[
                EditionLine(edition.number, edition.adopted_on)
                for edition in editions.get(declaration.id, ())
                if wait.rights[declaration.id].read_editions
            ],
            may=wait.rights[declaration.id],
        )
        for declaration in declarations
    ]


def _heads(db: Db, declarations: Sequence[Declaration], forum: Forum) -> dict[UUID, RevisionChoice]:
    statement = sa.select(Revision).where(Revision.id.in_([declaration.head_id for declaration in declarations]))
    return {
        revision.declaration_id: RevisionChoice(revision.number, forum.local(revision.made_at))
        for revision in db.scalars(statement)
    }


def _sessions(db: Db, found: ForumFrame, actor: Actor) -> Sequence[_Programmed]:
    """The programme, without what the notes tell of each session."""
    statement = sa.select(
        Session.id, Session.number, Session.title, Session.language, Session.starts, Session.place
    ).where(Session.forum_id == found.forum.id, shown_to(actor, found.forum))
    return by_date(db.execute(statement).all(), found.forum)


def _session(row: _Programmed, forum: Forum, work: Work) -> SessionCard:
    starts = period(row.starts, work) or on_clocks_of(forum, row.starts)
    return SessionCard(row.id, row.number, row.title, row.language, starts, row.place or "")


class HomePages(Controller):
    """The home of a forum."""

    @shows("desk/home.html", "/{forum:str}", name="forum", policy="public")
    def forum(self, db: Db, work: Work, forum: Slug) -> HomePage:
        """Where its declarations are, and what awaits the reader."""
        return home(db, forum, work=work)


KINDS: Mapping[str, str] = {
    "paragraph": N_("Text"),
    "amendment": N_("Amendments"),
    "comment": N_("Comments"),
    "recommendation": N_("Recommendations"),
    "session": N_("Sessions"),
    "edition": N_("Editions"),
}
FEW, MANY = 5, 30  # of each kind, and of one kind alone
BEFORE, LENGTH = 80, 320  # characters before the first word found, and of a whole excerpt


class FoundLine(Struct, frozen=True):
    """Something found: what it is, where it stands, its state, and its words in pieces."""

    title: str
    where: str
    state: DispositionLabel
    href: str
    language: str
    pieces: Sequence[tuple[str, bool]]


class FoundGroup(Struct, frozen=True):
    """What was found of one kind; `more` is the address of the others, "" where there are none."""

    kind: str
    name: str
    lines: Sequence[FoundLine]
    more: str


class SearchPage(Page, frozen=True, kw_only=True):
    words: str
    kind: str
    groups: Sequence[FoundGroup]


class SearchPages(Controller):
    """What can be found in a forum."""

    path = "/{forum:str}"

    @shows("desk/search.html", "/search", name="search", policy="public")
    def search(self, db: Db, work: Work, found: FrameInForum) -> SearchPage:
        """A few of each kind; with `?kind=` more of one, those before `?before=`."""
        given = work.request.query_params
        words, kind = given.get("words", "")[:400], given.get("kind", "")
        kind = kind if kind in KINDS else ""
        limit = MANY if kind else FEW
        begin = whole_number(given.get("before", "")) or 0
        hits = search(db, found.forum, words, actor=work.actor, kind=kind, before=begin, limit=limit + 1)
        lines = _Lines(db, found.forum, words, work)
        groups = [lines.group(name, hits[name], limit, is_alone=bool(kind)) for name in KINDS if name in hits]
        return SearchPage(place=header_place(db, found, work=work), words=words, kind=kind, groups=groups)


class _Lines(Struct, frozen=True):
    db: Db
    forum: Forum
    words: str
    work: Work

    def group(self, kind: str, hits: Sequence[Hit], limit: int, *, is_alone: bool) -> FoundGroup:
        href = ""
        if len(hits) > limit:
            before = hits[limit - 1].id if is_alone else None
            href = self.work.url_for("search", forum=self.forum.slug, words=self.words, kind=kind, before=before)
        return FoundGroup(kind, self.work.messages.gettext(KINDS[kind]), list(self._lines(kind, hits[:limit])), href)

    def _lines(self, kind: str, hits: Sequence[Hit]) -> Iterator[FoundLine]:
        rows: dict[UUID, Any] = {}
        if kind in _MODELS:
            model, *options = _MODELS[kind]
            chosen = sa.select(model).where(model.id.in_({hit.subject_id for hit in hits})).options(*options)
            rows = {row.id: row for row in self.db.scalars(chosen)}
        names = {known.id: known for known in queries.of_forum(self.db, self.forum)}
        for hit in hits:
            declaration = names.get(hit.declaration_id) if hit.declaration_id else None
            title, route, text = self._place(hit, rows.get(hit.subject_id), declaration)
            about = {"declaration": declaration.slug} if declaration and kind != "comment" else {}
            href = self.work.url_for(route[0], forum=self.forum.slug, **about, **{route[1]: route[2]})
            where = declaration.name.said_in(self.work.language) if declaration else ""
            state = self._state(kind, rows.get(hit.subject_id))
            yield FoundLine(title, where, state, href, hit.language, excerpt(text, self.words))

    def _place(self, hit: Hit, row: Any, declaration: Declaration | None) -> tuple[str, tuple[str, str, object], str]:
        """What it is called, its route with the one value that names it there, and its words."""
        say = self.work.messages
        if hit.kind == "paragraph":
            rows = queries.bare_rows(self.db, declaration.head_id if declaration else None)
            title = labels.names_of(rows, say).get(hit.subject_id, "")
            return title, ("paragraph", "block_id", hit.subject_id), plain(hit.text)
        if hit.kind == "comment":
            names = {mention.person_id: mention.person.name for mention in row.mentions}
            text = remark_text.readable_text(hit.text, names)
            return row.author.name, ("thread", "thread_id", row.thread_id), text
        if hit.kind == "session":
            return row.title, ("session", "session_id", row.id), hit.text
        return say.gettext(_NUMBERED[hit.kind], number=row.number), (hit.kind, "number", row.number), plain(hit.text)

    def _state(self, kind: str, row: Any) -> DispositionLabel:
        say, label = self.work.messages.gettext, DispositionLabel("")
        if kind == "amendment":
            label = label_of(row.disposition, is_modified=row.is_modified)
        elif kind == "recommendation":
            label = DispositionLabel(STANDINGS[row.standing], name=row.standing.value)
        return replace(label, words=say(label.words)) if label.words else label


_MODELS: Mapping[str, tuple[Any, ...]] = {
    "amendment": (Amendment, selectinload(Amendment.decisions)),
    "comment": (Comment, joinedload(Comment.author), selectinload(Comment.mentions).joinedload(Mention.person)),
    "recommendation": (Recommendation,),
    "session": (Session,),
    "edition": (Edition,),
}
_NUMBERED: Mapping[str, str] = {
    "amendment": N_("Amendment %(number)s"),
    "recommendation": N_("Recommendation %(number)s"),
    "edition": N_("Edition %(number)s"),
}


def excerpt(text: str, words: str) -> Sequence[tuple[str, bool]]:
    """The part of a text around the first words looked for, in pieces."""
    pieces = highlighted(text, phrases(words))
    begins = len(pieces[0][0]) if pieces and not pieces[0][1] and len(pieces) > 1 else 0
    start = text.rfind(" ", 0, max(0, begins - BEFORE)) + 1 if begins > BEFORE else 0
    end = start + LENGTH if len(text) <= start + LENGTH else text.rfind(" ", start, start + LENGTH)
    cut = highlighted(text[start : end if end > start else start + LENGTH], phrases(words))
    return [*([("… ", False)] if start else []), *cut, *([(" …", False)] if end < len(text) else [])]


class HitOut(Shape, frozen=True, kw_only=True):
    """Something found: `subject_id` is its id, and of a paragraph that of its block."""

    kind: str
    subject_id: UUID
    declaration_id: UUID | None
    language: str
    text: str


class HitsOut(Struct, frozen=True):
    """A page of what was found, what was written last first. `next` is the cursor of the page after it."""

    items: list[HitOut]
    next: str | None


class SearchApi(Controller):
    """The search over a forum."""

    path = "/api/forums/{forum:str}/search"
    tags = ("Forums",)

    @reads("/", policy="public")
    def search_forum(
        self,
        *,
        work: Work,
        db: Db,
        forum: Slug,
        words: Annotated[str, QueryParameter(max_length=400, description="The beginnings of words; “quoted” whole.")],
        kind: Annotated[str, QueryParameter(description="One kind alone.", enum=list(KINDS))] = "",
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> HitsOut:
        """Find what the actor may read in a forum by its words, whatever their accents."""
        found = PeopleService(db).forum(forum)
        hits = search(db, found, words, actor=work.actor, kind=kind, before=number_after(cursor), limit=limit + 1)
        every = sorted((hit for some in hits.values() for hit in some), key=lambda hit: -hit.id)
        listed = list_page(every, cursor=lambda hit: hit.id, limit=limit)
        return HitsOut([HitOut.of(hit) for hit in listed.items], listed.next)
