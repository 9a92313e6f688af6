"""Who may bring in notes; sessions themselves are open to everybody."""

from workspace.core.actor import Actor
from workspace.people.models import Forum
from workspace.people.policy import ensure_may_in, may_in


def may_import_notes(actor: Actor, forum: Forum) -> bool:
    return may_in(actor, "notes.import", forum)


def ensure_may_import_notes(actor: Actor, forum: Forum) -> None:
    ensure_may_in(actor, "notes.import", forum)
