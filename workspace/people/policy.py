"""Who may change who takes part."""

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotAllowed
from workspace.core.permissions import ensure
from workspace.people.models import Forum


def ensure_may_found(actor: Actor) -> None:
    """A forum is founded at the machine itself, by its operator."""
    if not actor.is_operator:
        raise NotAllowed(action="forum.found")


def ensure_may_manage_people(actor: Actor, forum: Forum) -> None:
    if not actor.is_operator:
        ensure(actor, "organisation.manage_people", forum_id=forum.id, phase=forum.phase, day=clock.now().date())
