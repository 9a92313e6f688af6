"""Comment threads as programs read and write them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from drafts.text.blocks import Language
from workspace.comments.queries import CommentView, DiscussedWords, QueuedRemark, VisibleThread
from workspace.comments.quotes import LONGEST_QUOTE, QuotedPhrase
from workspace.core.shapes import Shape, filled

Remark = Annotated[str, Meta(max_length=10_000)]
Quote = Annotated[str, Meta(min_length=1, max_length=LONGEST_QUOTE)]
StateWord = Literal["shown", "held", "hidden"]
AboutWord = Literal["paragraph", "amendment", "recommendation", "declaration"]
WordsState = Literal["kept", "edited", "moved", "lost"]


class CommentIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A remark, in the language it is written in."""

    text: Remark
    language: Language


class PhraseIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words of a paragraph as they are read in one language.

    Where they stand there twice, `before` are those in front of the ones that are meant.
    """

    quote: Quote
    language: Language
    before: Annotated[str, Meta(max_length=LONGEST_QUOTE)] = ""

    def to_phrase(self) -> QuotedPhrase:
        return QuotedPhrase(self.quote, self.language, self.before)


class ThreadIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A first remark: on the paragraph `block_id`, on the words `phrase` of it, or without it on the whole draft.

    An internal thread is seen only by those who draft. A name after an at sign, such as @Ana Pérez, tells its bearer.
    """

    block_id: UUID | None = None
    phrase: PhraseIn | None = None
    text: Remark
    language: Language
    is_internal: bool = False


class BeginningIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A first remark on an amendment or a recommendation. An internal thread is seen only by those who draft."""

    text: Remark
    language: Language
    is_internal: bool = False


class GuestThreadIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A first remark on a paragraph by somebody without an account. The address is never shown."""

    name: Annotated[str, Meta(max_length=200)]
    email: Annotated[str, Meta(max_length=254)]
    block_id: UUID
    text: Remark
    language: Language


class ModerationIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of a remark. To hide it takes a reason, which its author is told."""

    state: Literal["shown", "hidden"]
    reason: Annotated[str, Meta(max_length=1_000)] = ""


class NamedOut(Struct, frozen=True, kw_only=True):
    """Somebody whom a remark names."""

    person_id: UUID
    name: str


class CommentOut(Struct, frozen=True, kw_only=True):
    """One remark in a thread, its words in a little Markdown. `mentions` are the people whom it names.

    `state` is held while it waits for a moderator, and then only they and its author see it; what is
    hidden was removed by a moderator, and has words and a reason for the same people alone.
    `recommendation` and `amendment` are the numbers of what was made of it.
    """

    id: UUID
    author: str
    language: Language
    text: str
    written_at: datetime
    edited_at: datetime | None
    state: StateWord
    reason: str
    mentions: list[NamedOut]
    recommendation: int | None
    amendment: int | None

    @classmethod
    def of(cls, comment: CommentView) -> "CommentOut":
        names = sorted(comment.names.items())
        return filled(cls, comment, mentions=[NamedOut(person_id=key, name=name) for key, name in names])


class CommentAmendmentIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The amendment that was made of a remark."""

    amendment_id: UUID


class CommentVersionOut(Shape, frozen=True, kw_only=True):
    """What a remark said before."""

    number: int
    language: Language
    text: str
    written_at: datetime


class HeldOut(Struct, frozen=True, kw_only=True):
    """A remark that waits for a moderator, or was removed by one.

    `email` is the address a guest declared, null for who may not learn it; `email_checked` says that
    somebody opened the letter sent there.
    """

    id: UUID
    thread_id: UUID
    block_id: UUID | None
    author: str
    is_guest: bool
    email: str | None
    email_checked: bool
    language: Language
    text: str
    written_at: datetime
    edited_at: datetime | None
    state: StateWord
    reason: str

    @classmethod
    def of(cls, queued_remark: QueuedRemark) -> "HeldOut":
        return filled(cls, queued_remark, email=queued_remark.email or None, email_checked=queued_remark.is_checked)


class WordsOut(Struct, frozen=True, kw_only=True):
    """The words that a thread is about. `quote` are those that were chosen, `now` what stands there.

    `state` says what became of them: kept, edited, moved with the same words to another paragraph, or lost;
    then `now` is empty. A thread about a whole paragraph that is gone has the last words of it.
    """

    language: Language
    quote: str
    now: str
    state: WordsState

    @classmethod
    def of(cls, words: DiscussedWords) -> "WordsOut":
        return filled(cls, words, quote=words.chosen)


class ThreadOut(Struct, frozen=True, kw_only=True):
    """A conversation, oldest remark first. `resolved_at` is null while it is open.

    `about` says of what kind `subject_id` is. One about a paragraph has the `block_id` beside which it is shown.
    """

    id: UUID
    about: AboutWord
    subject_id: UUID
    block_id: UUID | None
    revision_id: UUID | None
    words: WordsOut | None
    opened_at: datetime
    resolved_at: datetime | None
    resolved_by: str
    is_internal: bool
    comments: list[CommentOut]

    @classmethod
    def of(cls, thread: VisibleThread) -> "ThreadOut":
        return filled(
            cls,
            thread,
            about=thread.kind,
            words=WordsOut.of(thread.words) if thread.words else None,
            comments=[CommentOut.of(comment) for comment in thread.comments],
        )


class ThreadsOut(Struct, frozen=True, kw_only=True):
    """A page of threads in the order in which they were opened. `next` is the cursor of the page after it."""

    items: list[ThreadOut]
    next: str | None = None

    @classmethod
    def of(cls, found: Sequence[VisibleThread], cursor: str | None) -> "ThreadsOut":
        return cls(items=[ThreadOut.of(thread) for thread in found], next=cursor)
