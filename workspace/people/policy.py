"""Who may found a forum, and do what concerns a forum as a whole."""

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotAllowed
from workspace.core.permissions import Phase, allowed
from workspace.people.models import Forum


def may_in(actor: Actor, action: str, forum: Forum) -> bool:
    """Whether the table lets `actor` do `action` in this forum today."""
    return action in allowed_in(actor, forum)


def allowed_in(actor: Actor, forum: Forum) -> frozenset[str]:
    """Every action open to `actor` today because of the phase of at least one of the forum's declarations.

    So what one declaration has released stays open when another is begun.
    """
    day = clock.now().date()
    return frozenset().union(
        *(allowed(actor, forum_id=forum.id, phase=Phase(letter), day=day) for letter in forum.phases)
    )


def ensure_may_in(actor: Actor, action: str, forum: Forum) -> None:
    if not may_in(actor, action, forum):
        raise NotAllowed(action=action)


def ensure_may_found(actor: Actor) -> None:
    """A forum is founded at the machine itself, by its operator."""
    if not actor.is_operator:
        raise NotAllowed(action="forum.found")


def ensure_may_manage_people(actor: Actor, forum: Forum) -> None:
    ensure_may_in(actor, "organisation.manage_people", forum)
