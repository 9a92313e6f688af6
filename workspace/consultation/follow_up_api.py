"""Projects that members join and what was promised, as JSON."""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency

from workspace.consultation.promises import CommitmentService, ProjectService
from workspace.consultation.schemas import (
    CommitmentIn,
    CommitmentOut,
    CommitmentsOut,
    ParticipantIn,
    ProjectOut,
    ProjectsOut,
    ReportIn,
)
from workspace.people.service import PeopleService
from workspace.sessions.service import SessionService
from workspace.web.api import DONE, answer, reads, writes
from workspace.web.params import FromPath, JSONBody
from workspace.web.services import Work


class FollowUpApi(Controller):
    """Commitments and collaboration projects."""

    path = "/api"
    tags = ("Follow-up",)

    @reads("/forums/{forum:str}/commitments", policy="session.read")
    def list_commitments(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[CommitmentsOut]:
        """List what was promised, what is due first before the rest."""
        actor = work.actor
        with work.reading() as db:
            rows = CommitmentService(db).register(PeopleService(db).forum(forum), actor=actor)
            return answer(CommitmentsOut(items=[CommitmentOut.of(one) for one in rows]))

    @writes("/forums/{forum:str}/commitments", policy="commitment.keep")
    def add_commitment(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[CommitmentIn]
    ) -> Response[CommitmentOut]:
        """Note what an organisation promised."""
        actor = work.actor
        with work.writing() as db:
            made = CommitmentOut.of(
                CommitmentService(db).promise(
                    PeopleService(db).forum(forum),
                    data.organisation_id,
                    data.text,
                    language=data.language,
                    due=data.due,
                    actor=actor,
                )
            )
        return answer(made)

    @writes("/commitments/{commitment_id:uuid}/report", status=DONE, policy="commitment.keep")
    def report_on_commitment(
        self, work: NamedDependency[Work], commitment_id: FromPath[UUID], data: JSONBody[ReportIn]
    ) -> Response[CommitmentOut]:
        """Say how far a commitment got."""
        actor = work.actor
        with work.writing() as db:
            service = CommitmentService(db)
            found = service.get(commitment_id, actor=actor)
            service.report(found, data.status, note=data.note, due=data.due, actor=actor)
            shown = CommitmentOut.of(found)
        return answer(shown)

    @reads("/forums/{forum:str}/projects", policy="session.read")
    def list_projects(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[ProjectsOut]:
        """List the collaboration projects with who takes part."""
        actor = work.actor
        with work.reading() as db:
            rows = ProjectService(db).projects(PeopleService(db).forum(forum), actor=actor)
            return answer(ProjectsOut(items=[ProjectOut.of(one) for one in rows]))

    @writes("/sessions/{session_id:uuid}/projects", policy="session.edit")
    def take_up_projects(self, work: NamedDependency[Work], session_id: FromPath[UUID]) -> Response[ProjectsOut]:
        """Put the projects that a session's document tells of into the annex, each once."""
        actor = work.actor
        with work.writing() as db:
            session = SessionService(db).get(session_id, actor=actor)
            made = ProjectsOut(items=[ProjectOut.of(one) for one in ProjectService(db).take_up(session, actor=actor)])
        return answer(made)

    @writes("/projects/{project_id:uuid}/participants", status=DONE, policy="session.read")
    def join_project(
        self, work: NamedDependency[Work], project_id: FromPath[UUID], data: JSONBody[ParticipantIn]
    ) -> Response[ProjectOut]:
        """Take part in a project for an organisation, or no longer."""
        actor = work.actor
        with work.writing() as db:
            service = ProjectService(db)
            project = service.get(project_id, actor=actor)
            verb = service.join if data.takes_part else service.leave
            verb(project, data.organisation_id, actor=actor)
            db.expire(project, ["joined"])
            shown = ProjectOut.of(project)
        return answer(shown)
