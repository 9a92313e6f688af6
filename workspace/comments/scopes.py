"""The tables of comments that belong to a forum."""

from workspace.comments.models import Comment, CommentPlace, CommentThread, CommentVersion, Mention
from workspace.core.forum_scope import scope

SCOPES = (
    scope(CommentThread, CommentThread.declaration_id, CommentThread.recommendation_id),
    scope(Comment, Comment.thread_id, persons=Comment.author_id),
    scope(CommentVersion, CommentVersion.comment_id),
    scope(CommentPlace, CommentPlace.thread_id),
    scope(Mention, Mention.comment_id),
)
