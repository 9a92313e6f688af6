"""Who may see how the languages stand, who may translate, and who may decide that a text stays away."""

from drafts.blocks import Language
from workspace.core.actor import Actor
from workspace.core.conditions import Case, Condition
from workspace.core.errors import NotAllowed
from workspace.declarations.models import Declaration
from workspace.declarations.policy import ensure_may, may_do


def may_follow(actor: Actor, declaration: Declaration) -> bool:
    """Whoever takes part and reads the text in force, or its history, sees what waits for translation."""
    return may_do(actor, "head.read", declaration) or may_do(actor, "history.read", declaration)


def may_translate(actor: Actor, declaration: Declaration, language: Language | None = None) -> bool:
    """Whether they write translations into this language; into any, where none is named."""
    languages = [language] if language else list(Language)
    return any(may_do(actor, "translation.write", declaration, Case(language=one)) for one in languages)


def may_leave_out(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "amendment.decide_adopt_undo", declaration, given={Condition.NOT_AUTHOR})


def ensure_may_translate(actor: Actor, declaration: Declaration, language: Language) -> None:
    ensure_may(actor, "translation.write", declaration, Case(language=language))


def ensure_may_leave_out(actor: Actor, declaration: Declaration) -> None:
    """To have no text in a language is a decision on the text, taken by whoever may decide on amendments."""
    if not may_leave_out(actor, declaration):
        raise NotAllowed(action="amendment.decide_adopt_undo")


def may_waive(actor: Actor, declaration: Declaration, language: Language) -> bool:
    """Whether a reason is all that they need to let a finding in this language stand."""
    return may_do(actor, "check.waive", declaration, Case(language=language, reason="-"))


def ensure_may_waive(actor: Actor, declaration: Declaration, language: Language, *, reason: str) -> None:
    ensure_may(actor, "check.waive", declaration, Case(language=language, reason=reason))
