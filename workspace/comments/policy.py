"""Who may read, write, change and moderate comments, and learn who a guest is."""

from workspace.comments.models import Comment, CommentThread
from workspace.core.actor import Actor, Held, Role
from workspace.core.conditions import Case
from workspace.core.errors import NotAllowed, NotFound
from workspace.declarations.models import Declaration
from workspace.declarations.policy import ensure_may, ensure_may_read, may_do
from workspace.people.guests import is_guest


def may_comment(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may write a remark under their name, be it as a guest."""
    open_to = Case(is_open_forum=declaration.forum.guest_comments)
    return actor.person_id is not None and may_do(actor, "comment.open", declaration, open_to)


def ensure_may_comment(actor: Actor, declaration: Declaration) -> None:
    if not may_comment(actor, declaration):
        raise NotAllowed(action="comment.open")


def may_come_as_guest(actor: Actor, declaration: Declaration) -> bool:
    """Whether a visitor may comment by saying who they are: the forum has guests, and a guest may comment now."""
    if actor.person_id is not None or actor.is_operator:
        return False
    guest = Actor(None, "", (Held(declaration.forum_id, Role.GUEST),))
    return may_do(guest, "comment.open", declaration, Case(is_open_forum=declaration.forum.guest_comments))


def ensure_may_come_as_guest(actor: Actor, declaration: Declaration) -> None:
    if not may_come_as_guest(actor, declaration):
        raise NotAllowed(action="comment.open")


def may_discuss_internally(actor: Actor, declaration: Declaration) -> bool:
    return actor.person_id is not None and may_do(actor, "comment.internal", declaration)


def ensure_may_begin(actor: Actor, declaration: Declaration, *, is_internal: bool) -> None:
    if is_internal and not may_discuss_internally(actor, declaration):
        raise NotAllowed(action="comment.internal")
    if not is_internal:
        ensure_may_comment(actor, declaration)


def ensure_may_write_in(actor: Actor, thread: CommentThread, declaration: Declaration) -> None:
    """Whoever may comment may answer; an internal thread is there only for those who draft."""
    if thread.is_internal and not may_discuss_internally(actor, declaration):
        raise NotFound(what="thread", id=str(thread.id))
    if not thread.is_internal:
        ensure_may_comment(actor, declaration)


def ensure_may_close(actor: Actor, thread: CommentThread, declaration: Declaration) -> None:
    """Whoever may write in a thread may close it, but for a guest."""
    ensure_may_write_in(actor, thread, declaration)
    if is_guest(actor, declaration.forum_id):
        raise NotAllowed(action="comment.open")


def may_edit(actor: Actor, comment: Comment, declaration: Declaration) -> bool:
    return may_do(actor, "comment.edit_own", declaration, _of(comment))


def ensure_may_edit(actor: Actor, comment: Comment, declaration: Declaration) -> None:
    ensure_may(actor, "comment.edit_own", declaration, _of(comment))


def may_moderate(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "comment.moderate", declaration)


def ensure_may_moderate(actor: Actor, declaration: Declaration) -> None:
    ensure_may(actor, "comment.moderate", declaration)


def may_read_identity(actor: Actor, comment: Comment, declaration: Declaration) -> bool:
    """Whether they may see the address that a guest declared."""
    case = Case(authors=frozenset({comment.author_id}), is_declared=True)
    return may_do(actor, "commenter.identity_read", declaration, case)


def ensure_may_read_comments(actor: Actor, declaration: Declaration) -> None:
    ensure_may_read(actor, declaration)


def _of(comment: Comment) -> Case:
    return Case(authors=frozenset({comment.author_id}), written_at=comment.written_at)
