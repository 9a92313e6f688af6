"""Who may have programs elsewhere told what happens in a forum."""

from workspace.core.actor import Actor
from workspace.core.errors import NotAllowed
from workspace.people.models import Forum
from workspace.people.policy import may_in

ACTION = "webhook.create"


def may_keep(actor: Actor, forum: Forum) -> bool:
    return may_in(actor, ACTION, forum)


def ensure_may_keep(actor: Actor, forum: Forum) -> None:
    if actor.person_id is None or not may_keep(actor, forum):
        raise NotAllowed(action=ACTION)
