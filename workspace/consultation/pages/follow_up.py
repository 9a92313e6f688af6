"""What follows the sessions: the calendar file, the projects that members join, and what was promised."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from litestar import Controller, Response
from litestar.response import Redirect
from msgspec import Struct

from workspace.consultation import policy
from workspace.consultation.commitments import CommitmentService, ProjectService, organisations
from workspace.consultation.models import Commitment, CommitmentStatus, Project
from workspace.core import clock
from workspace.core.errors import Invalid, NotFound
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.declarations.frame import header
from workspace.people.frame import ForumFrame, forum_frame
from workspace.people.models import Forum
from workspace.sessions.pages.calendar import calendar_answer
from workspace.sessions.service import SessionService
from workspace.web.http.request_context import CurrentWork, FromPath, Slug, URLEncodedBody, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, field_errors, page, redirect

STATUSES: Mapping[CommitmentStatus, str] = {
    CommitmentStatus.PROMISED: N_("promised"),
    CommitmentStatus.UNDER_WAY: N_("under way"),
    CommitmentStatus.KEPT: N_("kept"),
    CommitmentStatus.GIVEN_UP: N_("given up"),
}
_OPEN = frozenset({CommitmentStatus.PROMISED, CommitmentStatus.UNDER_WAY})


class CommitmentLine(Struct, frozen=True):
    """What somebody promised. `status` is a stable word, `state` the same in the reader's language."""

    id: UUID
    number: int
    organisation: str
    text: str
    language: str
    due: date | None
    status: str
    state: str
    note: str
    is_overdue: bool
    may_report: bool


class CommitmentFields(Struct, frozen=True):
    """A promise: whose, what, until when."""

    organisation: str = ""
    text: str = ""
    language: str = ""
    due: str = ""


class CommitmentsPage(Page, frozen=True, kw_only=True):
    lines: Sequence[CommitmentLine]
    open_ones: int
    choices: Sequence[tuple[UUID, str]]  # organisations that the reader may note promises for
    statuses: Sequence[tuple[str, str]]
    sent: CommitmentFields
    errors: Mapping[str, str]


class ReportFields(Struct, frozen=True):
    """How far somebody got."""

    status: str = ""
    note: str = ""
    due: str = ""


class ProjectLine(Struct, frozen=True):
    """A project of the annex. `joined` are those who take part here; `may_join` by organisation, and whether it has."""

    id: UUID
    number: int
    title: str
    promoter: str
    language: str
    actions: Sequence[str]
    interested: Sequence[str]
    joined: Sequence[str]
    may_join: Sequence[tuple[UUID, str, bool]]


class ProjectsPage(Page, frozen=True, kw_only=True):
    lines: Sequence[ProjectLine]
    unread: Sequence[tuple[UUID, str, int]]  # sessions whose documents tell of more: id, title, how many


class JoinFields(Struct, frozen=True):
    """For which organisation; `act` is to join or to leave."""

    act: str = ""
    organisation: str = ""


class FollowUpPages(Controller):
    """Calendar, projects and commitments of a forum."""

    path = "/{forum:str}/sessions"

    @get("/calendar.ics", name="calendar_feed", policy="session.read")
    def calendar_feed(self, work: CurrentWork, forum: Slug) -> Response[bytes]:
        """For a calendar: sessions whose day is known, deadlines, and no names of people."""
        with work.reading() as db:
            found = forum_frame(db, forum, work=work).forum
            return calendar_answer(db, found, work)

    @get("/commitments", name="commitments", policy="session.read")
    def commitments(self, work: CurrentWork, forum: Slug) -> Response[str]:
        """The follow-up register."""
        return _commitments(work, forum)

    @post("/commitments", name="promise", policy="commitment.keep")
    def promise(
        self, work: CurrentWork, forum: Slug, data: URLEncodedBody[CommitmentFields]
    ) -> Response[str] | Response[None]:
        """Note what an organisation promised."""
        actor = work.actor
        try:
            with work.writing() as db:
                where = forum_frame(db, forum, work=work).forum
                CommitmentService(db).promise(
                    where,
                    _id(data.organisation),
                    data.text,
                    language=data.language if data.language in LANGUAGES else work.language,
                    due=_day(data.due),
                    actor=actor,
                )
        except Invalid as refusal:
            return _commitments(work, forum, sent=data, errors=field_errors(work, refusal))
        said = work.messages.gettext("Commitment added.")
        return redirect(work, work.url_for("commitments", forum=forum), said=said)

    @post("/commitments/{commitment_id:uuid}", name="report", policy="commitment.keep")
    def report(
        self, work: CurrentWork, forum: Slug, commitment_id: FromPath[UUID], data: URLEncodedBody[ReportFields]
    ) -> Response[str] | Response[None]:
        """Say how far it got."""
        actor = work.actor
        try:
            with work.writing() as db:
                where = forum_frame(db, forum, work=work).forum
                service = CommitmentService(db)
                found = service.get(commitment_id, actor=actor)
                if found.forum_id != where.id:
                    raise NotFound(what="commitment", id=str(commitment_id))
                service.report(found, _status(data.status), note=data.note, due=_day(data.due), actor=actor)
                number = found.number
        except Invalid as refusal:
            return _commitments(work, forum, errors=field_errors(work, refusal))
        said = work.messages.gettext("Commitment %(number)s updated.", number=number)
        return redirect(work, work.url_for("commitments", forum=forum) + f"#c-{number}", said=said)

    @get("/projects", name="projects", policy="session.read")
    def projects(self, work: CurrentWork, forum: Slug) -> Response[str]:
        """The annex of collaboration projects."""
        with work.reading() as db:
            found = forum_frame(db, forum, work=work)
            context = _projects_page(db, found, work)
        return page(work, "desk/projects.html", context)

    @post("/projects/{project_id:uuid}", name="join_project", policy="session.read")
    def join_project(
        self, work: CurrentWork, forum: Slug, project_id: FromPath[UUID], data: URLEncodedBody[JoinFields]
    ) -> Redirect:
        """Take part in a project for an organisation, or no longer."""
        actor = work.actor
        with work.writing() as db:
            where = forum_frame(db, forum, work=work).forum
            service = ProjectService(db)
            project = service.get(project_id, actor=actor)
            if project.forum_id != where.id:
                raise NotFound(what="project", id=str(project_id))
            verb = service.leave if data.act == "leave" else service.join
            verb(project, _id(data.organisation), actor=actor)
            number = project.number
        said = work.messages.gettext("Participants of project %(number)s saved.", number=number)
        return redirect(work, work.url_for("projects", forum=forum) + f"#p-{number}", said=said)

    @post("/{session_id:uuid}/projects", name="take_up_projects", policy="session.edit")
    def take_up_projects(self, work: CurrentWork, forum: Slug, session_id: FromPath[UUID]) -> Redirect:
        """Put what a document tells of into the annex."""
        actor = work.actor
        with work.writing() as db:
            where = forum_frame(db, forum, work=work).forum
            session = SessionService(db).get(session_id, actor=actor)
            if session.forum_id != where.id:
                raise NotFound(what="session", id=str(session_id))
            count = len(ProjectService(db).take_up(session, actor=actor))
        said = work.messages.ngettext("One project added to the annex.", "%(n)s projects added to the annex.", count)
        return redirect(work, work.url_for("projects", forum=forum), said=said)


def _commitments(
    work: Work, forum: str, *, sent: CommitmentFields | None = None, errors: Mapping[str, str] | None = None
) -> Response[str]:
    say = work.messages.gettext
    with work.reading() as db:
        found = forum_frame(db, forum, work=work)
        rows = CommitmentService(db).register(found.forum, actor=work.actor)
        known = [
            organisation
            for organisation in organisations(db, found.forum)
            if policy.may_keep_commitments(work.actor, found.forum, organisation.id)
        ]
        context = CommitmentsPage(
            place=header(db, found, work=work),
            here="sessions",
            lines=[_commitment(commitment, found.forum, work) for commitment in rows],
            open_ones=sum(commitment.status in _OPEN for commitment in rows),
            choices=[(organisation.id, organisation.name) for organisation in known],
            statuses=[(status.value, say(words)) for status, words in STATUSES.items()],
            sent=sent or CommitmentFields(language=work.language),
            errors=errors or {},
        )
    return page(work, "desk/commitments.html", context, status=422 if errors else 200)


def _commitment(commitment: Commitment, forum: Forum, work: Work) -> CommitmentLine:
    return filled(
        CommitmentLine,
        commitment,
        organisation=commitment.organisation.name,
        status=commitment.status.value,
        state=work.messages.gettext(STATUSES[commitment.status]),
        is_overdue=commitment.due is not None
        and commitment.status in _OPEN
        and commitment.due < clock.today(forum.timezone),
        may_report=policy.may_keep_commitments(work.actor, forum, commitment.organisation_id),
    )


def _projects_page(db: Db, found: ForumFrame, work: Work) -> ProjectsPage:
    service = ProjectService(db)
    projects = service.projects(found.forum, actor=work.actor)
    voices = [(organisation.id, organisation.name) for organisation in service.voices(found.forum, actor=work.actor)]
    sessions = SessionService(db).programme(found.forum, actor=work.actor)
    telling = [
        session
        for session in sessions
        if session.details.get("collaboration_projects") and policy.may_edit(work.actor, session)
    ]
    return ProjectsPage(
        place=header(db, found, work=work),
        here="sessions",
        lines=[_project(project, voices) for project in projects],
        unread=[(session.id, session.title, count) for session in telling if (count := service.count_unread(session))],
    )


def _project(project: Project, voices: Sequence[tuple[UUID, str]]) -> ProjectLine:
    joined = {interest.organisation_id: interest.organisation.name for interest in project.joined}
    return filled(
        ProjectLine,
        project,
        language=project.language if project.language in LANGUAGES else "und",
        joined=list(joined.values()),
        may_join=[(key, name, key in joined) for key, name in voices],
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(field="organisation", reason="required") from None


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(field="due", reason="not_a_day", given=text) from None


def _status(text: str) -> CommitmentStatus:
    try:
        return CommitmentStatus(text)
    except ValueError:
        raise Invalid(field="status", reason="required") from None
