"""What one reader sees of a conversation: what waits for a moderator or was removed is not there for everybody."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from drafts.anchors import AnchorState
from drafts.blocks import Language
from workspace.comments import policy, remarks
from workspace.comments.models import Comment, CommentPlace, CommentState, CommentThread, SubjectKind
from workspace.comments.phrases import shown_words
from workspace.comments.policy import Ground
from workspace.core.actor import Actor
from workspace.core.shapes import filled


class SeenComment(Struct, frozen=True):
    """One remark. One that was removed has neither words nor reason, but for its author and the moderators.

    `text` has people's names, `kept` their ids in the place of them, and `names` says whose they are.
    `language` stays, so that the place it left can be told apart from the interface.
    """

    id: UUID
    author: str
    author_id: UUID
    is_own: bool
    language: Language
    text: str
    kept: str
    names: Mapping[UUID, str]
    written_at: datetime
    edited_at: datetime | None
    state: CommentState
    reason: str
    may_edit: bool


class SeenWords(Struct, frozen=True):
    """The words, or the paragraph, that a conversation is about, as the last revision left them.

    `chosen` is what was quoted, as a reader sees it, and `now` what stands there; both are empty for a
    whole paragraph, unless it is gone: then they hold its last words. `text_version_id` is where `starts_at`
    and `ends_at` count.
    """

    language: Language
    chosen: str
    now: str
    block_id: UUID
    text_version_id: UUID
    starts_at: int
    ends_at: int
    written: str  # what stands there, with its marks
    content: str  # the whole text in which it stands
    is_whole: bool
    is_lost: bool
    has_moved: bool

    @property
    def state(self) -> Literal["kept", "edited", "moved", "lost"]:
        """What became of the words, in one word."""
        if self.is_lost:
            return "lost"
        if self.now != self.chosen:
            return "edited"
        return "moved" if self.has_moved else "kept"

    @classmethod
    def of(cls, places: Sequence[CommentPlace]) -> "SeenWords | None":
        if not places:
            return None
        first, last = places[0], places[-1]
        is_whole = not first.quote
        quote = first.text.content if is_whole and last.is_lost else first.quote
        return filled(
            cls,
            last,
            language=first.language,
            chosen=shown_words(quote) if quote else "",
            now="" if last.is_lost else shown_words(last.quote),
            written=last.quote,
            content=last.text.content,
            is_whole=is_whole,
            has_moved=not last.is_lost
            and (last.state is AnchorState.MOVED if is_whole else last.block_id != first.block_id),
        )


class SeenThread(Struct, frozen=True):
    """A conversation, oldest remark first. `block_id` is the paragraph beside which it is shown."""

    id: UUID
    kind: SubjectKind
    subject_id: UUID
    number: int | None  # of the amendment or recommendation
    block_id: UUID | None
    revision_id: UUID | None
    words: SeenWords | None
    opened_at: datetime
    resolved_at: datetime | None
    resolved_by: str
    is_internal: bool
    may_answer: bool
    may_close: bool
    comments: Sequence[SeenComment]


class Waiting(Struct, frozen=True):
    """A remark in the queue. `email` is empty for who may not learn it; `is_checked`: the guest opened our letter."""

    id: UUID
    thread_id: UUID
    block_id: UUID | None
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
    """Shows the conversations on one declaration, or about the recommendations of one forum, to one reader."""

    def __init__(self, actor: Actor, ground: Ground) -> None:
        self.actor, self.ground = actor, ground
        self.moderates = policy.may_moderate(actor, ground)
        self.discusses = policy.may_discuss_internally(actor, ground)

    def thread(self, thread: CommentThread) -> SeenThread:
        return filled(
            SeenThread,
            thread,
            number=numbered.number if (numbered := thread.amendment or thread.recommendation) else None,
            words=SeenWords.of(thread.places),
            resolved_by=thread.resolved_by.name if thread.resolved_by else "",
            may_answer=policy.may_answer(self.actor, thread, self.ground),
            may_close=policy.may_close(self.actor, thread, self.ground),
            comments=[self.comment(one) for one in thread.comments if self.sees(one)],
        )

    def sees(self, comment: Comment) -> bool:
        """A remark that waits for a moderator is there for them and its author alone."""
        return comment.state is not CommentState.HELD or self.moderates or self._is_own(comment)

    def comment(self, comment: Comment) -> SeenComment:
        is_own = self._is_own(comment)
        has_words = comment.state is not CommentState.HIDDEN or self.moderates or is_own
        names = {one.person_id: one.person.name for one in comment.mentions}
        return filled(
            SeenComment,
            comment,
            author=comment.author.name,
            is_own=is_own,
            text=remarks.said(comment.text, names) if has_words else "",
            kept=comment.text if has_words else "",
            names=names if has_words else {},
            reason=comment.reason if has_words else "",
            may_edit=is_own
            and comment.state is not CommentState.HIDDEN
            and policy.may_edit(self.actor, comment, self.ground),
        )

    def _is_own(self, comment: Comment) -> bool:
        return self.actor.person_id is not None and comment.author_id == self.actor.person_id
