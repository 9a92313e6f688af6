"""Who may see how the languages stand, who may translate, and who may decide that a text stays away."""

from collections.abc import Collection
from uuid import UUID

from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.errors import NotAllowed
from workspace.core.security.conditions import Case, Condition
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_may, may_do
from workspace.declarations.domain.service import DeclarationService
from workspace.people.service import PeopleService
from workspace.terms.policy import Scope


def may_follow(actor: Actor, declaration: Declaration) -> bool:
    """Whoever takes part and reads the text in force, or its history, sees what waits for translation."""
    return may_do(actor, "head.read", declaration) or may_do(actor, "history.read", declaration)


def may_translate(actor: Actor, declaration: Declaration, language: Language | None = None) -> bool:
    """Whether they write translations into this language; into any, where none is named."""
    languages = [language] if language else list(Language)
    return any(may_do(actor, "translation.write", declaration, Case(language=language)) for language in languages)


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


def scope_of(declaration: Declaration) -> Scope:
    """Where the declaration agrees on its own wording."""
    return Scope(declaration.forum, declaration.id, declaration.phase)


def may_review(actor: Actor, declaration: Declaration, language: Language, author: UUID | None) -> bool:
    """A second translator approves or returns a text, never one of their own."""
    return may_do(actor, "translation.approve", declaration, Case(language=language, authors=_people([author])))


def ensure_may_review(actor: Actor, declaration: Declaration, language: Language, author: UUID | None) -> None:
    ensure_may(actor, "translation.approve", declaration, Case(language=language, authors=_people([author])))


def may_sign(actor: Actor, declaration: Declaration, language: Language, authors: Collection[UUID | None]) -> bool:
    """Whether they may answer for this language: entered for it, and author of no text in question."""
    return may_do(actor, "concordance.sign", declaration, Case(language=language, authors=_people(authors)))


def may_assign(actor: Actor, declaration: Declaration, language: Language) -> bool:
    """Secretariat and chair hand out the work; a translator takes on what is of their own languages."""
    return may_do(actor, "translation.assign", declaration, Case(language=language))


def ensure_may_assign(actor: Actor, declaration: Declaration, language: Language) -> None:
    ensure_may(actor, "translation.assign", declaration, Case(language=language))


def _people(some: Collection[UUID | None]) -> frozenset[UUID]:
    return frozenset(person_id for person_id in some if person_id)


def scope_at(db: Db, place: str) -> Scope:
    """The scope of "third-forum" or "third-forum/our-declaration". Raises `NotFound` or `Invalid`."""
    if "/" not in place:
        return Scope(PeopleService(db).forum(place))
    return scope_of(DeclarationService(db).addressed(place))
