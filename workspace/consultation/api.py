"""Review, working groups and adopted texts, as JSON."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller
from litestar.params import QueryParameter

from drafts.text.block_roles import read_declaration
from drafts.text.blocks import Language
from workspace.consultation.adopted_texts import AdoptedTextFields, BankService
from workspace.consultation.groups import GroupService
from workspace.consultation.marks import MarkService
from workspace.consultation.projects import ProjectService
from workspace.consultation.review import ReviewService, facts_digest, finding_digest
from workspace.consultation.schemas import (
    AdoptedRowIn,
    AdoptedTextIn,
    AdoptedTextOut,
    AdoptedWholeOut,
    ConfirmationsIn,
    ConsultationReviewOut,
    DivisionIn,
    DroppingIn,
    FactsIn,
    FactsOut,
    GroupIn,
    GroupOut,
    ItemOut,
    JunctionIn,
    MarkIn,
    NewItemIn,
    NoteSuggestionOut,
    ParticipantIn,
    PassageIn,
    PassageOut,
    ProjectIn,
    ProjectOut,
    ReviewFindingOut,
    SeenIn,
    SessionEntryIn,
    SessionFactsDigest,
    SuggestionReturnIn,
    WordingIn,
)
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.shapes import filled
from workspace.core.storage.db import Db, Trilingual, new_id
from workspace.people.frame import InForum
from workspace.recommendations.models import Recommendation
from workspace.sessions.extraction import Inconsistency
from workspace.sessions.models import Session
from workspace.sessions.service import SessionService
from workspace.sessions.source_lines import source_lines
from workspace.web.api import DONE, ListOf, reads, removes, writes
from workspace.web.http.request_context import Body, FromQuery, PathId

PassageSearch = Annotated[
    str, QueryParameter(max_length=200, description="Beginnings of words, or a phrase in quotes.")
]


NearWords = Annotated[str, QueryParameter(max_length=4_000, description="Words that are being written.")]
LARGEST_TEXTS = 4_000_000


class ReviewApi(Controller):
    """Looking through imported documents."""

    path = "/api"
    tags = ("Review",)

    @reads("/documents/{document_id:uuid}/review", policy="recommendation.confirm_merge")
    def read_review(self, db: Db, actor: Actor, document_id: PathId) -> ConsultationReviewOut:
        """Read a document with its lines, what was read from it, and its inconsistencies."""
        service = ReviewService(db)
        document, sessions = service.document(document_id, actor=actor)
        items, seen = service.items(sessions), service.seen(sessions)
        traces = service.traces(items)
        return ConsultationReviewOut(
            document_id=document.id,
            name=document.name,
            language=document.language,
            lines=source_lines(document.text),
            items=[ItemOut.of(recommendation, traces.get(recommendation.id)) for recommendation in items],
            suggestions=[NoteSuggestionOut.of(each) for each in MarkService(db, document, sessions).suggestions(items)],
            findings=[finding for session in sessions for finding in _findings(session, seen)],
            undisputed=[
                SessionFactsDigest(number=each.number, digest=facts_digest(each))
                for each in service.undisputed(sessions, actor=actor)
            ],
        )

    @writes("/documents/{document_id:uuid}/items", policy="recommendation.confirm_merge")
    def add_item(self, db: Db, actor: Actor, document_id: PathId, data: Body[NewItemIn]) -> ItemOut:
        """Add words of the document that the reading passed over, to be confirmed."""
        service = ReviewService(db)
        document, sessions = service.document(document_id, actor=actor)
        session = next((session for session in sessions if session.id == data.session_id), None)
        if session is None:
            raise NotFound(what="session", id=str(data.session_id))
        made = service.add(document, session, text=data.text, first=data.first_line, last=data.last_line, actor=actor)
        return ItemOut.of(made, None)

    @writes("/documents/{document_id:uuid}/marks", policy="recommendation.confirm_merge")
    def mark_text(self, db: Db, actor: Actor, document_id: PathId, data: Body[MarkIn]) -> NoteSuggestionOut:
        """Say what words of a document are; this confirms them."""
        document, sessions = ReviewService(db).document(document_id, actor=actor)
        made = MarkService(db, document, sessions).mark(
            data.kind,
            data.text,
            near=data.first_line,
            session=next((session for session in sessions if session.id == data.session_id), None),
            theme_id=data.theme_id,
            instead_of=data.instead_of,
            reason=data.kind.value,
            actor=actor,
        )
        return NoteSuggestionOut.of(made)

    @writes("/documents/{document_id:uuid}/confirmations", status=DONE, policy="recommendation.confirm_merge")
    def confirm_suggestions(
        self, db: Db, actor: Actor, document_id: PathId, data: Body[ConfirmationsIn]
    ) -> ListOf[NoteSuggestionOut]:
        """Confirm suggestions of a document by their keys."""
        document, sessions = ReviewService(db).document(document_id, actor=actor)
        marks = MarkService(db, document, sessions)
        marks.take(data.keys, theme_id=data.theme_id, actor=actor)
        return ListOf(items=[NoteSuggestionOut.of(each) for each in marks.suggestions() if each.key in data.keys])

    @writes("/documents/{document_id:uuid}/returns", status=DONE, policy="recommendation.confirm_merge")
    def return_suggestion(
        self, db: Db, actor: Actor, document_id: PathId, data: Body[SuggestionReturnIn]
    ) -> ListOf[NoteSuggestionOut]:
        """Let a mark or a suggestion be confirmed again; what was only marked is gone."""
        document, sessions = ReviewService(db).document(document_id, actor=actor)
        marks = MarkService(db, document, sessions)
        marks.take_back(data.key, actor=actor)
        return ListOf(items=[NoteSuggestionOut.of(each) for each in marks.suggestions() if each.key == data.key])

    @writes("/documents/{document_id:uuid}/acceptance", status=DONE, policy="recommendation.confirm_merge")
    def accept_document(self, db: Db, actor: Actor, document_id: PathId) -> ListOf[ItemOut]:
        """Confirm everything of a document that nobody has settled."""
        service = ReviewService(db)
        _, sessions = service.document(document_id, actor=actor)
        service.confirm_rest(sessions, actor=actor)
        return _items(service, service.items(sessions))

    @writes("/documents/{document_id:uuid}/facts", status=DONE, policy="session.edit")
    def confirm_facts(self, db: Db, actor: Actor, document_id: PathId, data: Body[FactsIn]) -> FactsOut:
        """Confirm facts of sessions of a document as they were looked at, where nothing unchecked contradicts them."""
        service = ReviewService(db)
        _, sessions = service.document(document_id, actor=actor)
        shown = {each.number: each.digest for each in data.sessions}
        confirmed = service.confirm_facts(sessions, shown, actor=actor)
        return FactsOut(confirmed=confirmed, changed=[number for number in shown if number not in confirmed])

    @writes("/recommendations/{recommendation_id:uuid}/wording", status=DONE, policy="recommendation.confirm_merge")
    def reword_item(self, db: Db, actor: Actor, recommendation_id: PathId, data: Body[WordingIn]) -> ListOf[ItemOut]:
        """Give a recommendation other words; those that were read stay beside them."""
        service = ReviewService(db)
        item = service.register.get(recommendation_id, actor=actor)
        service.reword(item, data.text, actor=actor)
        return _items(service, [item])

    @writes("/recommendations/{recommendation_id:uuid}/division", policy="recommendation.confirm_merge")
    def divide_item(self, db: Db, actor: Actor, recommendation_id: PathId, data: Body[DivisionIn]) -> ListOf[ItemOut]:
        """Make a recommendation two or more, each to be confirmed."""
        service = ReviewService(db)
        item = service.register.get(recommendation_id, actor=actor)
        return _items(service, service.divide(item, data.parts, actor=actor))

    @writes("/recommendations/{recommendation_id:uuid}/junction", status=DONE, policy="recommendation.confirm_merge")
    def join_items(self, db: Db, actor: Actor, recommendation_id: PathId, data: Body[JunctionIn]) -> ListOf[ItemOut]:
        """Put another recommendation's words behind those of this one, into which it is merged."""
        service = ReviewService(db)
        item = service.register.get(recommendation_id, actor=actor)
        other = service.register.get(data.other_id, actor=actor)
        service.join(item, other, actor=actor)
        return _items(service, [item])

    @writes("/recommendations/{recommendation_id:uuid}/dropping", status=DONE, policy="recommendation.confirm_merge")
    def drop_item(self, db: Db, actor: Actor, recommendation_id: PathId, data: Body[DroppingIn]) -> ListOf[ItemOut]:
        """Leave a recommendation out of the register, with the reason. It stays listed as dropped."""
        service = ReviewService(db)
        item = service.register.get(recommendation_id, actor=actor)
        service.drop(item, reason=data.reason, actor=actor)
        return _items(service, [item])

    @writes("/sessions/{session_id:uuid}/findings-seen", status=DONE, policy="session.edit")
    def look_at_finding(self, db: Db, actor: Actor, session_id: PathId, data: Body[SeenIn]) -> SeenIn:
        """Note that somebody has looked at an inconsistency."""
        session = SessionService(db).get(session_id, actor=actor)
        ReviewService(db).look_at(session, data.digest, actor=actor)
        return data


class GroupApi(Controller):
    """Working groups and what they recommended."""

    path = "/api/sessions/{session_id:uuid}"
    tags = ("Sessions",)

    @reads("/groups", policy="session.read")
    def list_groups(self, db: Db, actor: Actor, session_id: PathId) -> ListOf[GroupOut]:
        """List the working groups of a session."""
        session = SessionService(db).get(session_id, actor=actor)
        return ListOf(items=[GroupOut.of(group) for group in GroupService(db).groups(session)])

    @writes("/groups", policy="session.edit")
    def add_group(self, db: Db, actor: Actor, session_id: PathId, data: Body[GroupIn]) -> GroupOut:
        """Let a session have one more working group."""
        session = SessionService(db).get(session_id, actor=actor)
        return GroupOut.of(GroupService(db).add_group(session, data.name, language=data.language, actor=actor))

    @writes("/entries", policy="session.edit")
    def enter_list(self, db: Db, actor: Actor, session_id: PathId, data: Body[SessionEntryIn]) -> ListOf[ItemOut]:
        """Write down a pasted list of recommendations: each of its items becomes one."""
        session = SessionService(db).get(session_id, actor=actor)
        made = GroupService(db).enter(
            session, data.text, language=data.language, group_id=data.group_id, confirms=data.confirm, actor=actor
        )
        return ListOf(items=[ItemOut.of(recommendation, None) for recommendation in made])


class BankApi(Controller):
    """The bank of adopted texts."""

    path = "/api/forums/{forum:str}"
    tags = ("Adopted texts",)

    @reads("/passages", policy="session.read")
    def list_passages(
        self,
        *,
        db: Db,
        actor: Actor,
        forum: InForum,
        words: PassageSearch = "",
        near: NearWords = "",
        language: FromQuery[str] = "",
    ) -> ListOf[PassageOut]:
        """Look for words in the bank of adopted texts, or for what says nearly the same as those in `near`."""
        bank = BankService(db)
        if near.strip():
            found = bank.nearest(forum, near, language=language, actor=actor)
        else:
            found = bank.find(forum, words, language=language, actor=actor)
        return ListOf(items=[PassageOut.of(passage) for passage in found])

    @writes("/passages", policy=("session.edit", "provenance.link"))
    def add_passage(self, db: Db, actor: Actor, forum: InForum, data: Body[PassageIn]) -> PassageOut:
        """Put words of an adopted text into the bank."""
        return PassageOut.of(
            BankService(db).add(
                forum, source=data.source, citation=data.citation, language=data.language, text=data.text, actor=actor
            )
        )


class AdoptedTextApi(Controller):
    """Whole adopted texts, which every forum of the network reads."""

    path = "/api/forums/{forum:str}/adopted-texts"
    tags = ("Adopted texts",)

    @reads("", policy="session.read")
    def list_adopted_texts(self, db: Db, actor: Actor, forum: InForum) -> ListOf[AdoptedTextOut]:
        """List the whole texts of the network's bank, the one adopted last first."""
        found = BankService(db).texts(forum, actor=actor)
        return ListOf(items=[AdoptedTextOut.of(text, count) for text, count in found])

    @writes("", policy=("session.edit", "provenance.link"), largest=LARGEST_TEXTS)
    def add_adopted_text(self, db: Db, actor: Actor, forum: InForum, data: Body[AdoptedTextIn]) -> AdoptedWholeOut:
        """Bring a whole text in; its paragraphs are aligned by what they say."""
        documents = {
            Language(language): read_declaration(text, language=Language(language), new_id=lambda: str(new_id()))
            for language, text in data.texts.items()
            if text.strip()
        }
        service, title = BankService(db), Trilingual(**data.title)
        wanted = AdoptedTextFields(documents, title, data.symbol, data.adopted_on)
        made = service.take_in(forum, wanted, actor=actor)
        return AdoptedWholeOut.of(*service.text(forum, made.id, actor=actor))

    @reads("/{text_id:uuid}", policy="session.read")
    def read_adopted_text(self, db: Db, actor: Actor, forum: InForum, text_id: PathId) -> AdoptedWholeOut:
        """Read a whole text, its languages side by side."""
        return AdoptedWholeOut.of(*BankService(db).text(forum, text_id, actor=actor))

    @writes("/{text_id:uuid}/rows", status=DONE, policy=("session.edit", "provenance.link"))
    def settle_adopted_row(
        self, db: Db, actor: Actor, forum: InForum, text_id: PathId, data: Body[AdoptedRowIn]
    ) -> AdoptedWholeOut:
        """Say whether the languages of a paragraph answer one another."""
        service = BankService(db)
        service.settle_row(forum, text_id, data.position, is_same=data.is_same, actor=actor)
        return AdoptedWholeOut.of(*service.text(forum, text_id, actor=actor))

    @removes("/{text_id:uuid}", policy=("session.edit", "provenance.link"))
    def remove_adopted_text(self, db: Db, actor: Actor, forum: InForum, text_id: PathId) -> None:
        """Take a whole text out of the bank of the forum that brought it in."""
        BankService(db).remove(forum, text_id, actor=actor)


def _items(service: ReviewService, items: list[Recommendation]) -> ListOf[ItemOut]:
    traces = service.traces(items)
    return ListOf(items=[ItemOut.of(recommendation, traces.get(recommendation.id)) for recommendation in items])


def _findings(session: Session, seen: frozenset[tuple[UUID, str]]) -> list[ReviewFindingOut]:
    findings = [msgspec.convert(detail, Inconsistency) for detail in session.details.get("inconsistencies", ())]
    return [
        filled(
            ReviewFindingOut,
            inconsistency,
            session_id=session.id,
            digest=finding_digest(inconsistency),
            is_seen=(session.id, finding_digest(inconsistency)) in seen,
        )
        for inconsistency in findings
    ]


class ProjectApi(Controller):
    """Collaboration projects."""

    path = "/api"
    tags = ("Follow-up",)

    @reads("/forums/{forum:str}/projects", policy="session.read")
    def list_projects(self, db: Db, actor: Actor, forum: InForum) -> ListOf[ProjectOut]:
        """List the collaboration projects with who takes part."""
        rows = ProjectService(db).projects(forum, actor=actor)
        return ListOf(items=[ProjectOut.of(project) for project in rows])

    @writes("/forums/{forum:str}/projects", policy="commitment.keep")
    def add_project(self, db: Db, actor: Actor, forum: InForum, data: Body[ProjectIn]) -> ProjectOut:
        """Put a project into the annex by hand."""
        return ProjectOut.of(ProjectService(db).make(forum, data.fields(), actor=actor))

    @writes("/projects/{project_id:uuid}/fields", status=DONE, policy="commitment.keep")
    def change_project(self, db: Db, actor: Actor, project_id: PathId, data: Body[ProjectIn]) -> ProjectOut:
        """Say everything of a project anew: dates, state, partners, actions."""
        service = ProjectService(db)
        project = service.get(project_id, actor=actor)
        service.change(project, data.fields(), actor=actor)
        return ProjectOut.of(project)

    @writes("/sessions/{session_id:uuid}/projects", policy="session.edit")
    def take_up_projects(self, db: Db, actor: Actor, session_id: PathId) -> ListOf[ProjectOut]:
        """Put the projects that a session's document tells of into the annex, each once."""
        session = SessionService(db).get(session_id, actor=actor)
        return ListOf(items=[ProjectOut.of(project) for project in ProjectService(db).take_up(session, actor=actor)])

    @writes("/projects/{project_id:uuid}/participants", status=DONE, policy="session.read")
    def join_project(self, db: Db, actor: Actor, project_id: PathId, data: Body[ParticipantIn]) -> ProjectOut:
        """Take part in a project for an organisation, or no longer."""
        service = ProjectService(db)
        project = service.get(project_id, actor=actor)
        verb = service.join if data.takes_part else service.leave
        verb(project, data.organisation_id, actor=actor)
        db.expire(project, ["joined"])
        return ProjectOut.of(project)
