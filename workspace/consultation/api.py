"""Review, working groups and adopted texts, as JSON."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from workspace.consultation.adopted_texts import BankService
from workspace.consultation.commitments import CommitmentService, ProjectService
from workspace.consultation.groups import GroupService
from workspace.consultation.review import ReviewService, finding_digest
from workspace.consultation.schemas import (
    CommitmentIn,
    CommitmentOut,
    CommitmentsOut,
    ConsultationReviewOut,
    DivisionIn,
    DroppingIn,
    GroupIn,
    GroupOut,
    GroupsOut,
    ItemOut,
    ItemsOut,
    JunctionIn,
    NewItemIn,
    ParticipantIn,
    PassageIn,
    PassageOut,
    PassagesOut,
    ProjectOut,
    ProjectsOut,
    ReportIn,
    ReviewFindingOut,
    SeenIn,
    SessionEntryIn,
    WordingIn,
)
from workspace.core.errors import NotFound
from workspace.core.shapes import filled
from workspace.people.service import PeopleService
from workspace.recommendations.models import Recommendation
from workspace.sessions.extraction import Inconsistency
from workspace.sessions.models import Session
from workspace.sessions.service import SessionService
from workspace.sessions.source_lines import source_lines
from workspace.web.api import DONE, answer, reads, writes
from workspace.web.http.request_context import FromPath, JSONBody, Work

PassageSearch = Annotated[
    str, QueryParameter(max_length=200, description="Beginnings of words, or a phrase in quotes.")
]


class ReviewApi(Controller):
    """Looking through imported documents."""

    path = "/api"
    tags = ("Review",)

    @reads("/documents/{document_id:uuid}/review", policy="recommendation.confirm_merge")
    def read_review(self, work: NamedDependency[Work], document_id: FromPath[UUID]) -> Response[ConsultationReviewOut]:
        """Read a document with its lines, what was read from it, and its inconsistencies."""
        actor = work.actor
        with work.reading() as db:
            service = ReviewService(db)
            document, sessions = service.document(document_id, actor=actor)
            items, seen = service.items(sessions), service.seen(sessions)
            traces = service.traces(items)
            return answer(
                ConsultationReviewOut(
                    document_id=document.id,
                    name=document.name,
                    language=document.language,
                    lines=source_lines(document.text),
                    items=[ItemOut.of(recommendation, traces.get(recommendation.id)) for recommendation in items],
                    findings=[finding for session in sessions for finding in _findings(session, seen)],
                )
            )

    @writes("/documents/{document_id:uuid}/items", policy="recommendation.confirm_merge")
    def add_item(
        self, work: NamedDependency[Work], document_id: FromPath[UUID], data: JSONBody[NewItemIn]
    ) -> Response[ItemOut]:
        """Add words of the document that the reading passed over, to be confirmed."""
        actor = work.actor
        with work.writing() as db:
            service = ReviewService(db)
            document, sessions = service.document(document_id, actor=actor)
            session = next((session for session in sessions if session.id == data.session_id), None)
            if session is None:
                raise NotFound(what="session", id=str(data.session_id))
            made = service.add(
                document, session, text=data.text, first=data.first_line, last=data.last_line, actor=actor
            )
            shown = ItemOut.of(made, None)
        return answer(shown)

    @writes("/documents/{document_id:uuid}/acceptance", status=DONE, policy="recommendation.confirm_merge")
    def accept_document(self, work: NamedDependency[Work], document_id: FromPath[UUID]) -> Response[ItemsOut]:
        """Confirm everything of a document that nobody has settled."""
        actor = work.actor
        with work.writing() as db:
            service = ReviewService(db)
            _, sessions = service.document(document_id, actor=actor)
            service.confirm_rest(sessions, actor=actor)
            shown = _items(service, service.items(sessions))
        return answer(shown)

    @writes("/recommendations/{recommendation_id:uuid}/wording", status=DONE, policy="recommendation.confirm_merge")
    def reword_item(
        self, work: NamedDependency[Work], recommendation_id: FromPath[UUID], data: JSONBody[WordingIn]
    ) -> Response[ItemsOut]:
        """Give a recommendation other words; those that were read stay beside them."""
        actor = work.actor
        with work.writing() as db:
            service = ReviewService(db)
            item = service.register.get(recommendation_id, actor=actor)
            service.reword(item, data.text, actor=actor)
            shown = _items(service, [item])
        return answer(shown)

    @writes("/recommendations/{recommendation_id:uuid}/division", policy="recommendation.confirm_merge")
    def divide_item(
        self, work: NamedDependency[Work], recommendation_id: FromPath[UUID], data: JSONBody[DivisionIn]
    ) -> Response[ItemsOut]:
        """Make a recommendation two or more, each to be confirmed."""
        actor = work.actor
        with work.writing() as db:
            service = ReviewService(db)
            item = service.register.get(recommendation_id, actor=actor)
            shown = _items(service, service.divide(item, data.parts, actor=actor))
        return answer(shown)

    @writes("/recommendations/{recommendation_id:uuid}/junction", status=DONE, policy="recommendation.confirm_merge")
    def join_items(
        self, work: NamedDependency[Work], recommendation_id: FromPath[UUID], data: JSONBody[JunctionIn]
    ) -> Response[ItemsOut]:
        """Put another recommendation's words behind those of this one, into which it is merged."""
        actor = work.actor
        with work.writing() as db:
            service = ReviewService(db)
            item = service.register.get(recommendation_id, actor=actor)
            other = service.register.get(data.other_id, actor=actor)
            service.join(item, other, actor=actor)
            shown = _items(service, [item])
        return answer(shown)

    @writes("/recommendations/{recommendation_id:uuid}/dropping", status=DONE, policy="recommendation.confirm_merge")
    def drop_item(
        self, work: NamedDependency[Work], recommendation_id: FromPath[UUID], data: JSONBody[DroppingIn]
    ) -> Response[ItemsOut]:
        """Leave a recommendation out of the register, with the reason. It stays listed as dropped."""
        actor = work.actor
        with work.writing() as db:
            service = ReviewService(db)
            item = service.register.get(recommendation_id, actor=actor)
            service.drop(item, reason=data.reason, actor=actor)
            shown = _items(service, [item])
        return answer(shown)

    @writes("/sessions/{session_id:uuid}/findings-seen", status=DONE, policy="session.edit")
    def look_at_finding(
        self, work: NamedDependency[Work], session_id: FromPath[UUID], data: JSONBody[SeenIn]
    ) -> Response[SeenIn]:
        """Note that somebody has looked at an inconsistency."""
        actor = work.actor
        with work.writing() as db:
            session = SessionService(db).get(session_id, actor=actor)
            ReviewService(db).look_at(session, data.digest, actor=actor)
        return answer(data)


class GroupApi(Controller):
    """Working groups and what they recommended."""

    path = "/api/sessions/{session_id:uuid}"
    tags = ("Sessions",)

    @reads("/groups", policy="session.read")
    def list_groups(self, work: NamedDependency[Work], session_id: FromPath[UUID]) -> Response[GroupsOut]:
        """List the working groups of a session."""
        actor = work.actor
        with work.reading() as db:
            session = SessionService(db).get(session_id, actor=actor)
            return answer(GroupsOut(items=[GroupOut.of(group) for group in GroupService(db).groups(session)]))

    @writes("/groups", policy="session.edit")
    def add_group(
        self, work: NamedDependency[Work], session_id: FromPath[UUID], data: JSONBody[GroupIn]
    ) -> Response[GroupOut]:
        """Let a session have one more working group."""
        actor = work.actor
        with work.writing() as db:
            session = SessionService(db).get(session_id, actor=actor)
            made = GroupOut.of(GroupService(db).add_group(session, data.name, language=data.language, actor=actor))
        return answer(made)

    @writes("/entries", policy="session.edit")
    def enter_list(
        self, work: NamedDependency[Work], session_id: FromPath[UUID], data: JSONBody[SessionEntryIn]
    ) -> Response[ItemsOut]:
        """Write down a pasted list of recommendations: each of its items becomes one."""
        actor = work.actor
        with work.writing() as db:
            session = SessionService(db).get(session_id, actor=actor)
            made = GroupService(db).enter(
                session,
                data.text,
                language=data.language,
                group_id=data.group_id,
                confirms=data.confirm,
                actor=actor,
            )
            shown = ItemsOut(items=[ItemOut.of(recommendation, None) for recommendation in made])
        return answer(shown)


class BankApi(Controller):
    """The bank of adopted texts."""

    path = "/api/forums/{forum:str}"
    tags = ("Adopted texts",)

    @reads("/passages", policy="session.read")
    def list_passages(
        self, work: NamedDependency[Work], forum: FromPath[str], words: PassageSearch = ""
    ) -> Response[PassagesOut]:
        """Look for words in the bank of adopted texts."""
        actor = work.actor
        with work.reading() as db:
            found = BankService(db).find(PeopleService(db).forum(forum), words, actor=actor)
            return answer(PassagesOut(items=[PassageOut.of(passage) for passage in found]))

    @writes("/passages", policy=("session.edit", "provenance.link"))
    def add_passage(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[PassageIn]
    ) -> Response[PassageOut]:
        """Put words of an adopted text into the bank."""
        actor = work.actor
        with work.writing() as db:
            made = PassageOut.of(
                BankService(db).add(
                    PeopleService(db).forum(forum),
                    source=data.source,
                    citation=data.citation,
                    language=data.language,
                    text=data.text,
                    actor=actor,
                )
            )
        return answer(made)


def _items(service: ReviewService, items: list[Recommendation]) -> ItemsOut:
    traces = service.traces(items)
    return ItemsOut(items=[ItemOut.of(recommendation, traces.get(recommendation.id)) for recommendation in items])


def _findings(session: Session, seen: frozenset[tuple[UUID, str]]) -> list[ReviewFindingOut]:
    told = [msgspec.convert(detail, Inconsistency) for detail in session.details.get("inconsistencies", ())]
    return [
        filled(
            ReviewFindingOut,
            inconsistency,
            session_id=session.id,
            digest=finding_digest(inconsistency),
            is_seen=(session.id, finding_digest(inconsistency)) in seen,
        )
        for inconsistency in told
    ]


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
            return answer(CommitmentsOut(items=[CommitmentOut.of(commitment) for commitment in rows]))

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
            return answer(ProjectsOut(items=[ProjectOut.of(project) for project in rows]))

    @writes("/sessions/{session_id:uuid}/projects", policy="session.edit")
    def take_up_projects(self, work: NamedDependency[Work], session_id: FromPath[UUID]) -> Response[ProjectsOut]:
        """Put the projects that a session's document tells of into the annex, each once."""
        actor = work.actor
        with work.writing() as db:
            session = SessionService(db).get(session_id, actor=actor)
            made = ProjectsOut(
                items=[ProjectOut.of(project) for project in ProjectService(db).take_up(session, actor=actor)]
            )
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
