"""Who looks after the letters of a forum: those who look after its people, because they can put an address right."""

from workspace.core.actor import Actor
from workspace.core.errors import NotAllowed
from workspace.people.models import Forum
from workspace.people.policy import may_in


def ensure_may_see_letters(actor: Actor, forum: Forum | None) -> None:
    """Those about a forum; all of the workspace, for None, are the operator's to look after."""
    if forum is None:
        ensure_is_operator(actor)
    elif not may_in(actor, "organisation.manage_people", forum):
        raise NotAllowed(action="organisation.manage_people")


def ensure_is_operator(actor: Actor) -> None:
    if not actor.is_operator:
        raise NotAllowed(action="letters.all")
