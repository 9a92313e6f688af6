"""Who may read and change a glossary and a memory: translators with a task in the forum, secretariat and chair."""

from uuid import UUID

from msgspec import Struct

from drafts.text.blocks import Language
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotAllowed
from workspace.core.security.conditions import Case
from workspace.core.security.permissions import Phase, may
from workspace.people.models import Forum
from workspace.people.policy import may_in


class Scope(Struct, frozen=True):
    """Where wording is agreed: in a whole forum, or in one declaration of it, which is in `phase`."""

    forum: Forum
    declaration_id: UUID | None = None
    phase: Phase | None = None


def may_edit(actor: Actor, scope: Scope) -> bool:
    """Whether the glossary, the style and the memory are theirs to use and to change."""
    return any(_may(actor, scope, Case(language=language)) for language in Language)


def ensure_may_edit(actor: Actor, scope: Scope) -> None:
    if not may_edit(actor, scope):
        raise NotAllowed(action="glossary.edit")


def _may(actor: Actor, scope: Scope, case: Case) -> bool:
    if scope.phase is None:
        return may_in(actor, "glossary.edit", scope.forum, case)
    day = clock.now()
    return may(actor, "glossary.edit", forum_id=scope.forum.id, phase=scope.phase, day=day, case=case)
