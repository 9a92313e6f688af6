"""What one reader sees of a conversation: what waits for a moderator or was removed is not there for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from drafts.blocks import Language
from workspace.comments import policy
from workspace.comments.models import Comment, CommentState, CommentThread
from workspace.core.actor import Actor
from workspace.declarations.models import Declaration


@dataclass(frozen=True, slots=True)
class SeenComment:
    """One remark. One that was removed has neither words nor reason, but for its author and the moderators.

    `language` stays, so that the place it left can be told apart from the interface.
    """

    id: UUID
    author: str
    is_own: bool
    language: Language
    text: str
    written_at: datetime
    edited_at: datetime | None
    state: CommentState
    reason: str
    may_edit: bool


@dataclass(frozen=True, slots=True)
class SeenThread:
    """A conversation about one paragraph, oldest remark first."""

    id: UUID
    block_id: UUID
    revision_id: UUID
    opened_at: datetime
    resolved_at: datetime | None
    is_internal: bool
    comments: Sequence[SeenComment]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A remark in the queue. `email` is empty for who may not learn it; `is_checked`: the guest opened our letter."""

    id: UUID
    thread_id: UUID
    block_id: UUID
    author: str
    is_guest: bool
    email: str
    is_checked: bool
    language: Language
    text: str
    written_at: datetime
    edited_at: datetime | None
    state: CommentState
    reason: str


class Reader:
    """Shows the threads of one declaration to one reader."""

    def __init__(self, actor: Actor, declaration: Declaration) -> None:
        self.actor, self.declaration = actor, declaration
        self.moderates = policy.may_moderate(actor, declaration)
        self.discusses = policy.may_discuss_internally(actor, declaration)

    def thread(self, thread: CommentThread) -> SeenThread:
        return SeenThread(
            id=thread.id,
            block_id=thread.block_id,
            revision_id=thread.revision_id,
            opened_at=thread.opened_at,
            resolved_at=thread.resolved_at,
            is_internal=thread.is_internal,
            comments=[self.comment(one) for one in thread.comments if self.sees(one)],
        )

    def sees(self, comment: Comment) -> bool:
        """A remark that waits for a moderator is there for them and its author alone."""
        return comment.state is not CommentState.HELD or self.moderates or self._is_own(comment)

    def comment(self, comment: Comment) -> SeenComment:
        is_own = self._is_own(comment)
        has_words = comment.state is not CommentState.HIDDEN or self.moderates or is_own
        return SeenComment(
            id=comment.id,
            author=comment.author.name,
            is_own=is_own,
            language=comment.language,
            text=comment.text if has_words else "",
            written_at=comment.written_at,
            edited_at=comment.edited_at,
            state=comment.state,
            reason=comment.reason if has_words else "",
            may_edit=is_own
            and comment.state is not CommentState.HIDDEN
            and policy.may_edit(self.actor, comment, self.declaration),
        )

    def _is_own(self, comment: Comment) -> bool:
        return self.actor.person_id is not None and comment.author_id == self.actor.person_id
