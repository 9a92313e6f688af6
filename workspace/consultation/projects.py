"""Collaboration projects: told of in documents or entered by hand, and joined by members."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import selectinload

from workspace.consultation import policy
from workspace.consultation.models import Project, ProjectInterest, ProjectState
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage import log
from workspace.core.storage.db import Service, lock_for_writing, next_number
from workspace.core.validation import ensure_short
from workspace.people.models import Forum, Organisation
from workspace.people.organisations import OrganisationService
from workspace.recommendations.policy import spoken_for
from workspace.sessions.extraction import CollaborationProject, SessionDetails
from workspace.sessions.models import Session

LONGEST_TEXT = 4_000
MOST_LINES = 200  # actions of a project, or partners by name


class ProjectFields(Struct, frozen=True):
    """Everything that is said of a project by hand."""

    title: str
    language: str
    promoter: str = ""
    state: ProjectState = ProjectState.PLANNED
    starts_on: date | None = None
    ends_on: date | None = None
    actions: Sequence[str] = ()
    interested: Sequence[str] = ()


class ProjectService(Service):
    """Collaboration projects, as an annex has them."""

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
        first = next_number(self.db, Project.number, Project.forum_id == session.forum_id)
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
            for number, project in enumerate(self._fresh(session), start=first)
        ]
        self.db.add_all(made)
        self.db.flush()
        if made:
            ids = [str(project.id) for project in made]
            log.record(self.db, "project.taken_up", actor=actor, forum_id=session.forum_id, projects=ids)
        return made

    def make(self, forum: Forum, fields: ProjectFields, *, actor: Actor) -> Project:
        """Put a project into the annex by hand. Raises `Invalid` without a title, or where it ends before it begins."""
        policy.ensure_may_keep_commitments(actor, forum, None)
        lock_for_writing(self.db, Forum, forum.id)
        number = next_number(self.db, Project.number, Project.forum_id == forum.id)
        made = Project(forum_id=forum.id, number=number, **_checked(fields))
        self.db.add(made)
        self.db.flush()
        log.record(self.db, "project.made", actor=actor, forum_id=forum.id, project=str(made.id))
        return made

    def change(self, project: Project, fields: ProjectFields, *, actor: Actor) -> None:
        """Say it all anew, also of one that a document told of. Raises what `make` does."""
        policy.ensure_may_keep_commitments(actor, project.forum, None)
        for name, value in _checked(fields).items():
            setattr(project, name, value)
        self.db.flush()
        log.record(self.db, "project.changed", actor=actor, forum_id=project.forum_id, project=str(project.id))

    def join(self, project: Project, organisation_id: UUID, *, actor: Actor) -> None:
        """Say that an organisation wants to take part; twice is once."""
        policy.ensure_may_join_for(actor, project.forum, organisation_id)
        organisation = OrganisationService(self.db).get(project.forum, organisation_id)
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
        known = set(self.db.scalars(sa.select(Project.title).where(Project.forum_id == session.forum_id)))
        return [project for project in details.collaboration_projects if project.title and project.title not in known]

    def _record(self, kind: str, project: Project, organisation_id: UUID, actor: Actor) -> None:
        self.db.flush()
        facts = {"project": str(project.id), "organisation": str(organisation_id)}
        log.record(self.db, kind, actor=actor, forum_id=project.forum_id, of=facts)


def _checked(fields: ProjectFields) -> dict[str, Any]:
    """The fields as they are kept."""
    if fields.starts_on and fields.ends_on and fields.ends_on < fields.starts_on:
        raise Invalid(field="ends_on", reason="ends_before_it_starts")
    return {
        "title": short_text("title", fields.title),
        "language": fields.language,
        "promoter": short_text("promoter", fields.promoter, is_required=False),
        "state": fields.state,
        "starts_on": fields.starts_on,
        "ends_on": fields.ends_on,
        "actions": _lines("actions", fields.actions),
        "interested": _lines("interested", fields.interested),
    }


def _lines(field: str, lines: Sequence[str]) -> list[str]:
    if len(lines) > MOST_LINES:
        raise Invalid(field=field, reason="too_long", most=MOST_LINES)
    return [words for line in lines if (words := short_text(field, line, is_required=False))]


def short_text(field: str, text: str, *, is_required: bool = True) -> str:
    """The words with single spaces; raises `Invalid` where they are missing or too many."""
    words = " ".join(text.split())
    if is_required and not words:
        raise Invalid(field=field, reason="required")
    ensure_short(words, LONGEST_TEXT, field)
    return words
