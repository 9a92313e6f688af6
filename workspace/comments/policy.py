"""Who may read and write comments."""

from workspace.core.actor import Actor
from workspace.declarations.models import Declaration
from workspace.declarations.policy import ensure_may, ensure_may_read


def ensure_may_comment(actor: Actor, declaration: Declaration) -> None:
    ensure_may(actor, "comment.open", declaration)


def ensure_may_read_comments(actor: Actor, declaration: Declaration) -> None:
    ensure_may_read(actor, declaration)
