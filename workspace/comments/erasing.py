"""What becomes of the comments of a person who is erased."""

import sqlalchemy as sa

from workspace.comments.models import Comment, CommentVersion
from workspace.core.db import Db
from workspace.core.erased import WITHDRAWN
from workspace.core.events import PersonErased


def withdraw_words(db: Db, event: PersonErased) -> None:
    """Listener: where they wished so, a line stands in the place of their words, and earlier versions go."""
    if not event.withdraws_comments:
        return
    theirs = db.scalars(sa.select(Comment).where(Comment.author_id == event.person_id)).all()
    ids = [one.id for one in theirs]
    db.execute(sa.delete(CommentVersion).where(CommentVersion.comment_id.in_(ids)))
    for one in theirs:
        one.text = WITHDRAWN[one.language.value]
