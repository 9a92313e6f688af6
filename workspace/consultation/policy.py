"""Who reviews what was read from a document, enters what groups said, and keeps the registers of follow-up."""

from collections.abc import Sequence
from uuid import UUID

from workspace.core.actor import Actor
from workspace.core.errors import NotAllowed
from workspace.core.security.conditions import Case
from workspace.people.models import Forum
from workspace.people.policy import ensure_may_in, may_in, own_rapporteurs
from workspace.recommendations.policy import spoken_for
from workspace.sessions.models import Session
from workspace.sessions.policy import ensure_may_edit, ensure_may_read, may_edit, may_read

__all__ = ["ensure_may_edit", "ensure_may_read", "may_edit", "may_read"]


def may_review(actor: Actor, forum: Forum, sessions: Sequence[Session]) -> bool:
    """Whether they settle what any session of a document gave: a rapporteur, those of their own."""
    return any(may_in(actor, "recommendation.confirm_merge", forum, _of(session)) for session in sessions)


def may_enter(actor: Actor, forum: Forum, session: Session) -> bool:
    """Whether they write down what the session and its groups recommended."""
    return may_edit(actor, session) and may_in(actor, "recommendation.confirm_merge", forum, _of(session))


def may_keep_commitments(actor: Actor, forum: Forum, organisation_id: UUID | None = None) -> bool:
    """Whether they note what an organisation promised and how far it got: secretariat, chair, its own steward."""
    return may_in(actor, "commitment.keep", forum, Case(organisation_id=organisation_id))


def ensure_may_keep_commitments(actor: Actor, forum: Forum, organisation_id: UUID | None) -> None:
    ensure_may_in(actor, "commitment.keep", forum, Case(organisation_id=organisation_id))


def may_join_for(actor: Actor, forum: Forum, organisation_id: UUID) -> bool:
    """Whether they join a project for an organisation: whoever speaks for it, or looks after its people."""
    looks_after = may_in(actor, "organisation.manage_people", forum, Case(organisation_id=organisation_id))
    return looks_after or organisation_id in spoken_for(actor, forum)


def ensure_may_join_for(actor: Actor, forum: Forum, organisation_id: UUID) -> None:
    ensure_may_read(actor, forum)
    if not may_join_for(actor, forum, organisation_id):
        raise NotAllowed(action="session.read")


def may_quote(actor: Actor, forum: Forum) -> bool:
    """Whether they add to the bank of adopted texts: whoever prepares sessions, or says what a paragraph comes from."""
    own = Case(rapporteurs=own_rapporteurs(actor))
    return any(may_in(actor, action, forum, own) for action in ("session.edit", "provenance.link"))


def ensure_may_quote(actor: Actor, forum: Forum) -> None:
    if not may_quote(actor, forum):
        raise NotAllowed(action="provenance.link")


def _of(session: Session) -> Case:
    return Case(rapporteurs=frozenset({session.rapporteur_id}))
