"""Who may read, write, change and moderate remarks, and learn who a guest is.

A conversation stands on a declaration, or, about a recommendation, on its forum: what may be done
depends on the phase of the one, or on those of the other. What it is about, they must be able to read.
"""

from typing import TypeAlias

from workspace.amendments.domain.policy import may_read as may_read_amendment
from workspace.comments.models import Comment, CommentThread
from workspace.core.actor import Actor, ActorMandate, Role
from workspace.core.errors import NotAllowed, NotFound
from workspace.core.security.conditions import Case
from workspace.core.security.permissions import NOTHING_KNOWN
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_do, may_read
from workspace.people.guests import is_guest
from workspace.people.models import Forum
from workspace.people.policy import may_in
from workspace.recommendations.policy import may_read_recommendation

ThreadContext: TypeAlias = Declaration | Forum


def forum_of(ground: ThreadContext) -> Forum:
    return ground if isinstance(ground, Forum) else ground.forum


def may_comment(actor: Actor, ground: ThreadContext) -> bool:
    """Whether they may write a remark under their name, be it as a guest; a guest speaks of a declaration alone."""
    open_to = Case(is_open_forum=forum_of(ground).guest_comments)
    if isinstance(ground, Forum) and is_guest(actor, ground.id):
        return False
    return actor.person_id is not None and _may(actor, "comment.open", ground, open_to)


def ensure_may_comment(actor: Actor, ground: ThreadContext) -> None:
    if not may_comment(actor, ground):
        raise NotAllowed(action="comment.open")


def may_come_as_guest(actor: Actor, declaration: Declaration) -> bool:
    """Whether a visitor may comment by saying who they are: the forum has guests, and a guest may comment now."""
    if actor.person_id is not None or actor.is_operator:
        return False
    guest = Actor(None, "", (ActorMandate(declaration.forum_id, Role.GUEST),))
    return may_do(guest, "comment.open", declaration, Case(is_open_forum=declaration.forum.guest_comments))


def ensure_may_come_as_guest(actor: Actor, declaration: Declaration) -> None:
    if not may_come_as_guest(actor, declaration):
        raise NotAllowed(action="comment.open")


def may_discuss_internally(actor: Actor, ground: ThreadContext) -> bool:
    return actor.person_id is not None and _may(actor, "comment.internal", ground)


def may_answer(actor: Actor, thread: CommentThread, ground: ThreadContext) -> bool:
    """Whether they may write in a conversation of this kind."""
    return may_discuss_internally(actor, ground) if thread.is_internal else may_comment(actor, ground)


def may_close(actor: Actor, thread: CommentThread, ground: ThreadContext) -> bool:
    """Whoever may write in a conversation may close it and open it again, but for a guest."""
    return may_answer(actor, thread, ground) and not is_guest(actor, forum_of(ground).id)


def ensure_may_begin(actor: Actor, ground: ThreadContext, *, is_internal: bool) -> None:
    if is_internal and not may_discuss_internally(actor, ground):
        raise NotAllowed(action="comment.internal")
    if not is_internal:
        ensure_may_comment(actor, ground)


def may_read_subject(actor: Actor, thread: CommentThread, ground: ThreadContext) -> bool:
    """Whether what a conversation is about is open to them."""
    if thread.recommendation is not None:
        return may_read_recommendation(actor, forum_of(ground), thread.recommendation)
    if thread.amendment is not None and not may_read_amendment(actor, thread.amendment):
        return False
    return isinstance(ground, Declaration) and may_read(actor, ground)


def may_read_thread(actor: Actor, thread: CommentThread, ground: ThreadContext) -> bool:
    is_open = not thread.is_internal or may_discuss_internally(actor, ground)
    return is_open and may_read_subject(actor, thread, ground)


def ensure_may_write_in(actor: Actor, thread: CommentThread, ground: ThreadContext) -> None:
    """Whoever may comment may answer; an internal thread is there only for those who draft."""
    if not may_read_thread(actor, thread, ground):
        raise NotFound(what="thread", id=str(thread.id))
    if not thread.is_internal:
        ensure_may_comment(actor, ground)


def ensure_may_close(actor: Actor, thread: CommentThread, ground: ThreadContext) -> None:
    ensure_may_write_in(actor, thread, ground)
    if not may_close(actor, thread, ground):
        raise NotAllowed(action="comment.open")


def may_edit(actor: Actor, comment: Comment, ground: ThreadContext) -> bool:
    case = Case(authors=frozenset({comment.author_id}), written_at=comment.written_at)
    return _may(actor, "comment.edit_own", ground, case)


def ensure_may_edit(actor: Actor, comment: Comment, ground: ThreadContext) -> None:
    if not may_edit(actor, comment, ground):
        raise NotAllowed(action="comment.edit_own")


def may_moderate(actor: Actor, ground: ThreadContext) -> bool:
    return _may(actor, "comment.moderate", ground)


def ensure_may_moderate(actor: Actor, ground: ThreadContext) -> None:
    if not may_moderate(actor, ground):
        raise NotAllowed(action="comment.moderate")


def may_read_identity(actor: Actor, comment: Comment, declaration: Declaration) -> bool:
    """Whether they may see the address that a guest declared."""
    case = Case(authors=frozenset({comment.author_id}), is_declared=True)
    return may_do(actor, "commenter.identity_read", declaration, case)


def _may(actor: Actor, action: str, ground: ThreadContext, case: Case = NOTHING_KNOWN) -> bool:
    if isinstance(ground, Forum):
        return may_in(actor, action, ground, case)
    return may_do(actor, action, ground, case)
