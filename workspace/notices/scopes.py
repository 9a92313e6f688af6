"""The tables of notices that belong to a forum."""

from workspace.core.forum_scope import scope
from workspace.notices.models import Follow, Notice

SCOPES = (
    scope(Follow, Follow.forum_id, persons=Follow.person_id),
    scope(Notice, Notice.forum_id, persons=Notice.person_id),
)
