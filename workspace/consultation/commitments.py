"""What follows: projects that members join, and what organisations promised to do."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from workspace.consultation import policy
from workspace.consultation.models import Commitment, CommitmentStatus, Project, ProjectInterest
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage import log
from workspace.core.storage.db import Db, lock_for_writing
from workspace.people.models import Forum, Organisation
from workspace.recommendations.policy import spoken_for
from workspace.sessions.extraction import CollaborationProject, SessionDetails
from workspace.sessions.models import Session

LONGEST_TEXT = 4_000


class CommitmentService:
    """The follow-up register."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def register(self, forum: Forum, *, actor: Actor) -> list[Commitment]:
        """Every commitment, those that are due first before the others."""
        policy.ensure_may_read(actor, forum)
        rows = (
            sa.select(Commitment)
            .where(Commitment.forum_id == forum.id)
            .options(joinedload(Commitment.organisation))
            .order_by(Commitment.due.is_(None), Commitment.due, Commitment.number)
        )
        return list(self.db.scalars(rows))

    def get(self, commitment_id: UUID, *, actor: Actor) -> Commitment:
        """One commitment; raises `NotFound`."""
        found = self.db.get(Commitment, commitment_id)
        if found is None or not policy.may_read(actor, found.forum):
            raise NotFound(what="commitment", id=str(commitment_id))
        return found

    def promise(
        self, forum: Forum, organisation_id: UUID, text: str, *, language: str, due: date | None, actor: Actor
    ) -> Commitment:
        """Note what an organisation of the network promised. Raises `Invalid` for an empty text."""
        policy.ensure_may_keep_commitments(actor, forum, organisation_id)
        organisation = _organisation(self.db, forum, organisation_id)
        text = _text("text", text)
        lock_for_writing(self.db, Forum, forum.id)
        last = self.db.scalar(sa.select(sa.func.max(Commitment.number)).where(Commitment.forum_id == forum.id))
        made = Commitment(
            forum_id=forum.id,
            number=(last or 0) + 1,
            organisation_id=organisation.id,
            text=text,
            language=language,
            due=due,
            status=CommitmentStatus.PROMISED,
            note="",
            made_by_id=actor.person_id,
            made_at=clock.now(),
        )
        self.db.add(made)
        self.db.flush()
        log.record(self.db, "commitment.made", actor=actor, forum_id=forum.id, commitment=str(made.id))
        return made

    def report(
        self, commitment: Commitment, status: CommitmentStatus, *, note: str, due: date | None, actor: Actor
    ) -> None:
        """Say how far it got, in a word and a note, and until when it is now due."""
        policy.ensure_may_keep_commitments(actor, commitment.forum, commitment.organisation_id)
        note = " ".join(note.split())
        if len(note) > LONGEST_TEXT:
            raise Invalid(field="note", reason="too_long", most=LONGEST_TEXT)
        commitment.status, commitment.note, commitment.due = status, note, due
        self.db.flush()
        log.record(
            self.db,
            "commitment.reported",
            actor=actor,
            forum_id=commitment.forum_id,
            commitment=str(commitment.id),
            status=status.value,
        )


class ProjectService:
    """Collaboration projects, as an annex has them."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def projects(self, forum: Forum, *, actor: Actor) -> list[Project]:
        """Every project with who wants to take part, by their numbers."""
        policy.ensure_may_read(actor, forum)
        rows = (
            sa.select(Project)
            .where(Project.forum_id == forum.id)
            .options(selectinload(Project.joined).joinedload(ProjectInterest.organisation))
            .order_by(Project.number)
        )
        return list(self.db.scalars(rows))

    def get(self, project_id: UUID, *, actor: Actor) -> Project:
        """One project; raises `NotFound`."""
        found = self.db.get(Project, project_id)
        if found is None or not policy.may_read(actor, found.forum):
            raise NotFound(what="project", id=str(project_id))
        return found

    def count_unread(self, session: Session) -> int:
        """How many projects the document of a session tells of that are not in the annex."""
        return len(self._fresh(session))

    def take_up(self, session: Session, *, actor: Actor) -> list[Project]:
        """Put the projects that the document of a session tells of into the annex, each once."""
        policy.ensure_may_edit(actor, session)
        lock_for_writing(self.db, Forum, session.forum_id)
        last = self.db.scalar(sa.select(sa.func.max(Project.number)).where(Project.forum_id == session.forum_id))
        made = [
            Project(
                forum_id=session.forum_id,
                session_id=session.id,
                number=number,
                title=project.title or "",
                promoter=project.promoter or "",
                language=session.language,
                actions=list(project.actions),
                interested=list(project.interested),
            )
            for number, project in enumerate(self._fresh(session), start=(last or 0) + 1)
        ]
        self.db.add_all(made)
        self.db.flush()
        if made:
            ids = [str(project.id) for project in made]
            log.record(self.db, "project.taken_up", actor=actor, forum_id=session.forum_id, projects=ids)
        return made

    def join(self, project: Project, organisation_id: UUID, *, actor: Actor) -> None:
        """Say that an organisation wants to take part; twice is once."""
        policy.ensure_may_join_for(actor, project.forum, organisation_id)
        organisation = _organisation(self.db, project.forum, organisation_id)
        if self.db.get(ProjectInterest, (project.id, organisation.id)) is None:
            self.db.add(ProjectInterest(project_id=project.id, organisation_id=organisation.id, joined_at=clock.now()))
            self._record("project.joined", project, organisation.id, actor)

    def leave(self, project: Project, organisation_id: UUID, *, actor: Actor) -> None:
        """Take that back; nothing where the organisation does not take part."""
        policy.ensure_may_join_for(actor, project.forum, organisation_id)
        known = self.db.get(ProjectInterest, (project.id, organisation_id))
        if known is not None:
            self.db.delete(known)
            self._record("project.left", project, organisation_id, actor)

    def voices(self, forum: Forum, *, actor: Actor) -> list[Organisation]:
        """The organisations that somebody may join a project for."""
        rows = sa.select(Organisation).where(Organisation.id.in_(spoken_for(actor, forum))).order_by(Organisation.name)
        return list(self.db.scalars(rows))

    def _fresh(self, session: Session) -> list[CollaborationProject]:
        details = msgspec.convert(session.details, SessionDetails)
        rows = sa.select(Project.title).where(Project.session_id == session.id)
        known = set(self.db.scalars(rows))
        return [project for project in details.collaboration_projects if project.title and project.title not in known]

    def _record(self, kind: str, project: Project, organisation_id: UUID, actor: Actor) -> None:
        self.db.flush()
        facts = {"project": str(project.id), "organisation": str(organisation_id)}
        log.record(self.db, kind, actor=actor, forum_id=project.forum_id, of=facts)


def organisations(db: Db, forum: Forum) -> Sequence[Organisation]:
    """The organisations of the forum's network that stand for themselves, by name."""
    rows = sa.select(Organisation).where(
        Organisation.network_id == forum.network_id, Organisation.merged_into_id.is_(None)
    )
    return db.scalars(rows.order_by(Organisation.name)).all()


def _organisation(db: Db, forum: Forum, organisation_id: UUID) -> Organisation:
    found = db.get(Organisation, organisation_id)
    if found is None or found.network_id != forum.network_id:
        raise NotFound(what="organisation", id=str(organisation_id))
    return found


def _text(field: str, text: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise Invalid(field=field, reason="required")
    if len(words) > LONGEST_TEXT:
        raise Invalid(field=field, reason="too_long", most=LONGEST_TEXT)
    return words
