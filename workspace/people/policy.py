"""Who may found a forum, and do what concerns a forum as a whole."""

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotAllowed
from workspace.core.permissions import may
from workspace.people.models import Forum


def may_in(actor: Actor, action: str, forum: Forum) -> bool:
    """Whether the table lets `actor` do `action` in this forum today."""
    return may(actor, action, forum_id=forum.id, phase=forum.phase, day=clock.now().date())


def ensure_may_in(actor: Actor, action: str, forum: Forum) -> None:
    if not may_in(actor, action, forum):
        raise NotAllowed(action=action)


def ensure_may_found(actor: Actor) -> None:
    """A forum is founded at the machine itself, by its operator."""
    if not actor.is_operator:
        raise NotAllowed(action="forum.found")


def ensure_may_manage_people(actor: Actor, forum: Forum) -> None:
    ensure_may_in(actor, "organisation.manage_people", forum)
