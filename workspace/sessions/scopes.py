"""The tables of sessions that belong to a forum."""

from workspace.core.forum_scope import scope
from workspace.sessions.models import Session, SourceDocument

SCOPES = (
    scope(SourceDocument, SourceDocument.forum_id),
    scope(Session, Session.forum_id, order=(Session.number,)),
)
