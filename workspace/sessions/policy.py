"""Who may read sessions and bring in notes."""

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.permissions import ensure, may
from workspace.people.models import Forum


def ensure_may_import_notes(actor: Actor, forum: Forum) -> None:
    if not actor.is_operator:
        ensure(actor, "notes.import", forum_id=forum.id, phase=forum.phase, day=clock.now().date())


def may_import_notes(actor: Actor, forum: Forum) -> bool:
    return actor.is_operator or may(actor, "notes.import", forum_id=forum.id, phase=forum.phase, day=clock.now().date())
