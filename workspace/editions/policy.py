"""Who may preview and publish, and who may read an edition."""

from workspace.core.actor import Actor
from workspace.declarations.models import Declaration
from workspace.declarations.policy import ensure_may, may_ask, may_do


def ensure_may_preview(actor: Actor, declaration: Declaration) -> None:
    ensure_may(actor, "edition.preview", declaration)


def may_preview(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "edition.preview", declaration)


def may_publish(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may be one of the two people who publish it now."""
    return may_ask(actor, "edition.publish", declaration)


def may_read_editions(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "edition.read_verify", declaration)
