"""Who may see how the languages stand, who may translate, and who may decide that a text stays away."""

from workspace.core.actor import Actor
from workspace.declarations.models import Declaration
from workspace.declarations.policy import ensure_may, may_do


def may_follow(actor: Actor, declaration: Declaration) -> bool:
    """Whoever takes part and reads the text in force, or its history, sees what waits for translation."""
    return may_do(actor, "head.read", declaration) or may_do(actor, "history.read", declaration)


def may_translate(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "translation.write", declaration)


def may_leave_out(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "amendment.decide_adopt_undo", declaration)


def ensure_may_translate(actor: Actor, declaration: Declaration) -> None:
    ensure_may(actor, "translation.write", declaration)


def ensure_may_leave_out(actor: Actor, declaration: Declaration) -> None:
    """To have no text in a language is a decision on the text, taken by whoever may decide on amendments."""
    ensure_may(actor, "amendment.decide_adopt_undo", declaration)
