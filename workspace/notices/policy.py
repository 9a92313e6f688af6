"""What somebody may follow and be told of: what they may read, when they follow it and again when they read of it."""

from workspace.amendments.domain.models import Amendment
from workspace.amendments.domain.policy import may_read as may_read_amendment
from workspace.comments.models import CommentThread
from workspace.comments.policy import forum_of, may_read_thread
from workspace.comments.queries import Conversations
from workspace.core.actor import Actor
from workspace.core.errors import NotAllowed
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import BlockRecord, Declaration
from workspace.declarations.domain.policy import may_read
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation
from workspace.recommendations.policy import may_read_recommendation
from workspace.sessions.models import Session
from workspace.sessions.policy import may_read_session

Followable = Forum | Declaration | BlockRecord | Amendment | Recommendation | Session | CommentThread


def ensure_is_somebody(actor: Actor) -> None:
    """Only people follow things and are told of them."""
    if actor.person_id is None:
        raise NotAllowed(action="notices")


def forum_open_to(db: Db, actor: Actor, subject: Followable) -> Forum | None:
    """The forum of something, for somebody who may read it; None for who may not."""
    if isinstance(subject, Forum):
        return subject
    if isinstance(subject, Session):
        forum = db.get_one(Forum, subject.forum_id)
        return forum if may_read_session(actor, subject) else None
    if isinstance(subject, CommentThread):
        ground = Conversations(db).ground_of(subject)
        return forum_of(ground) if may_read_thread(actor, subject, ground) else None
    if isinstance(subject, Recommendation):
        return subject.forum if may_read_recommendation(actor, subject.forum, subject) else None
    if isinstance(subject, Amendment) and not may_read_amendment(actor, subject):
        return None
    declaration = subject if isinstance(subject, Declaration) else db.get_one(Declaration, subject.declaration_id)
    return declaration.forum if may_read(actor, declaration) else None
