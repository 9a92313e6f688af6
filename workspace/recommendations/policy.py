"""Who may read the register, and put a recommendation into it or out of it."""

from workspace.core.actor import Actor
from workspace.people.models import Forum
from workspace.people.policy import ensure_may_in, may_in


def may_confirm(actor: Actor, forum: Forum) -> bool:
    return may_in(actor, "recommendation.confirm_merge", forum)


def ensure_may_confirm(actor: Actor, forum: Forum) -> None:
    ensure_may_in(actor, "recommendation.confirm_merge", forum)


def may_read(actor: Actor, forum: Forum) -> bool:
    return may_in(actor, "recommendation.read", forum)


def ensure_may_read(actor: Actor, forum: Forum) -> None:
    ensure_may_in(actor, "recommendation.read", forum)
