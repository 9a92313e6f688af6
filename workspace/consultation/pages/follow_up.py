"""The calendar file of the sessions, and the projects that members join."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from msgspec import Struct
from msgspec.structs import replace

from workspace.consultation import policy
from workspace.consultation.models import CommitmentStatus, Project, ProjectState
from workspace.consultation.projects import ProjectFields, ProjectService
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.core.validation import chosen_id, parse_day
from workspace.declarations.frame import header
from workspace.people.frame import ForumFrame, FrameInForum, InForum, forum_named
from workspace.sessions.pages.calendar import calendar_answer
from workspace.sessions.service import SessionService
from workspace.web.http.request_context import FormBody, Loads, PathId, Slug, Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Done, Page, field_errors, gives, shows, takes

STATUSES: Mapping[CommitmentStatus, str] = {
    CommitmentStatus.PROMISED: N_("promised"),
    CommitmentStatus.UNDER_WAY: N_("under way"),
    CommitmentStatus.KEPT: N_("kept"),
    CommitmentStatus.GIVEN_UP: N_("given up"),
}
STATES: Mapping[ProjectState, str] = {
    ProjectState.PLANNED: N_("not started"),
    ProjectState.UNDER_WAY: N_("under way"),
    ProjectState.DONE: N_("done"),
    ProjectState.STOPPED: N_("stopped"),
}


class ProjectForm(Struct, frozen=True):
    """A project as it is typed: actions and partners line by line."""

    title: str = ""
    promoter: str = ""
    language: str = ""
    state: str = ""
    starts_on: str = ""
    ends_on: str = ""
    actions: str = ""
    interested: str = ""

    def fields(self, language: str) -> ProjectFields:
        """The values that it stands for; raises `Invalid`, naming the field."""
        return ProjectFields(
            title=self.title,
            language=self.language if self.language in LANGUAGES else language,
            promoter=self.promoter,
            state=ProjectState(self.state) if self.state in set(ProjectState) else ProjectState.PLANNED,
            starts_on=parse_day("starts_on", self.starts_on),
            ends_on=parse_day("ends_on", self.ends_on),
            actions=self.actions.splitlines(),
            interested=self.interested.splitlines(),
        )


class ProjectLine(Struct, frozen=True):
    """A project of the annex. `joined` are those who take part here; `may_join` by organisation, and whether it has.

    `state` is a stable word, `said` the same in the reader's language.
    """

    id: UUID
    number: int
    title: str
    promoter: str
    language: str
    actions: Sequence[str]
    interested: Sequence[str]
    joined: Sequence[str]
    may_join: Sequence[tuple[UUID, str, bool]]
    state: str
    said: str
    starts_on: date | None
    ends_on: date | None
    form: ProjectForm


class ProjectsPage(Page, frozen=True, kw_only=True):
    lines: Sequence[ProjectLine]
    unread: Sequence[tuple[UUID, str, int]]  # sessions whose documents tell of more: id, title, how many
    states: Sequence[tuple[str, str]]
    may_edit: bool
    sent: ProjectForm
    changing: UUID | None  # the project that `sent` is of
    errors: Mapping[str, str]


class JoinFields(Struct, frozen=True):
    """For which organisation; `act` is to join or to leave."""

    act: str = ""
    organisation: str = ""


def _own(db: Db, forum: Slug, project_id: PathId, *, actor: Actor) -> Project:
    """A project of this forum; raises `NotFound`."""
    where = forum_named(db, forum)
    project = ProjectService(db).get(project_id, actor=actor)
    if project.forum_id != where.id:
        raise NotFound(what="project", id=str(project_id))
    return project


OwnProject = Annotated[Project, Loads(_own)]


class FollowUpPages(Controller):
    """Calendar and projects of a forum."""

    path = "/{forum:str}/sessions"

    @gives("/calendar.ics", name="calendar_feed", policy="session.read")
    def calendar_feed(self, db: Db, work: Work, found: FrameInForum) -> Response[bytes]:
        """For a calendar: sessions whose day is known, deadlines, and no names of people."""
        return calendar_answer(db, found.forum, work)

    @shows("desk/projects.html", "/projects", name="projects", policy="session.read")
    def projects(
        self, db: Db, work: Work, found: FrameInForum, form: ProjectForm | None = None, refusal: Invalid | None = None
    ) -> ProjectsPage:
        """The annex of collaboration projects."""
        context = _projects_page(db, found, work)
        if form:
            changing = work.request.path_params.get("project_id")
            return replace(context, sent=form, changing=changing, errors=field_errors(work, refusal))
        wanted = work.request.query_params.get("edit", "")
        chosen = next((line for line in context.lines if str(line.id) == wanted and context.may_edit), None)
        return replace(context, sent=chosen.form, changing=chosen.id) if chosen else context

    @takes("/projects", again=projects, name="add_project", policy="commitment.keep")
    def add_project(self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[ProjectForm]) -> Done:
        """Put one into the annex by hand."""
        return _saved(ProjectService(db).make(forum, data.fields(work.language), actor=actor), work)

    @takes("/projects/{project_id:uuid}/fields", again=projects, name="change_project", policy="commitment.keep")
    def change_project(
        self, db: Db, work: Work, actor: Actor, project: OwnProject, data: FormBody[ProjectForm]
    ) -> Done:
        """Say it anew."""
        ProjectService(db).change(project, data.fields(project.language), actor=actor)
        return _saved(project, work)

    @takes("/projects/{project_id:uuid}", name="join_project", policy="session.read")
    def join_project(self, db: Db, work: Work, actor: Actor, project: OwnProject, data: FormBody[JoinFields]) -> Done:
        """Take part in a project for an organisation, or no longer."""
        service = ProjectService(db)
        verb = service.leave if data.act == "leave" else service.join
        verb(project, chosen_id(data.organisation, "organisation"), actor=actor)
        said = work.messages.gettext("Participants of project %(number)s saved.", number=project.number)
        return Done("projects", said, anchor=f"p-{project.number}")

    @takes("/{session_id:uuid}/projects", name="take_up_projects", policy="session.edit")
    def take_up_projects(self, db: Db, work: Work, actor: Actor, forum: InForum, session_id: PathId) -> Done:
        """Put what a document tells of into the annex."""
        session = SessionService(db).get(session_id, actor=actor, forum=forum)
        count = len(ProjectService(db).take_up(session, actor=actor))
        said = work.messages.ngettext("One project added to the annex.", "%(n)s projects added to the annex.", count)
        return Done("projects", said)


def _saved(project: Project, work: Work) -> Done:
    said = work.messages.gettext("Project %(number)s saved.", number=project.number)
    return Done("projects", said, anchor=f"p-{project.number}")


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
        lines=[_project(project, voices, work) for project in projects],
        unread=[(session.id, session.title, count) for session in telling if (count := service.count_unread(session))],
        states=[(state.value, work.messages.gettext(words)) for state, words in STATES.items()],
        may_edit=policy.may_keep_commitments(work.actor, found.forum),
        sent=ProjectForm(language=work.language),
        changing=None,
        errors={},
    )


def _project(project: Project, voices: Sequence[tuple[UUID, str]], work: Work) -> ProjectLine:
    joined = {interest.organisation_id: interest.organisation.name for interest in project.joined}
    return filled(
        ProjectLine,
        project,
        language=project.language if project.language in LANGUAGES else "und",
        joined=list(joined.values()),
        may_join=[(key, name, key in joined) for key, name in voices],
        state=project.state.value,
        said=work.messages.gettext(STATES[project.state]),
        form=filled(
            ProjectForm,
            project,
            state=project.state.value,
            starts_on=project.starts_on.isoformat() if project.starts_on else "",
            ends_on=project.ends_on.isoformat() if project.ends_on else "",
            actions="\n".join(project.actions),
            interested="\n".join(project.interested),
        ),
    )
