"""Who may put a recommendation into the register or out of it."""

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.permissions import ensure, may
from workspace.people.models import Forum


def ensure_may_confirm(actor: Actor, forum: Forum) -> None:
    if not actor.is_operator:
        ensure(actor, "recommendation.confirm_merge", forum_id=forum.id, phase=forum.phase, day=clock.now().date())


def may_confirm(actor: Actor, forum: Forum) -> bool:
    return actor.is_operator or may(
        actor, "recommendation.confirm_merge", forum_id=forum.id, phase=forum.phase, day=clock.now().date()
    )


def may_read(actor: Actor, forum: Forum) -> bool:
    return actor.is_operator or may(
        actor, "recommendation.read", forum_id=forum.id, phase=forum.phase, day=clock.now().date()
    )


def ensure_may_read(actor: Actor, forum: Forum) -> None:
    if not actor.is_operator:
        ensure(actor, "recommendation.read", forum_id=forum.id, phase=forum.phase, day=clock.now().date())
