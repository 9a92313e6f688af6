"""Who may read the programme, bring in notes, and say whose session it is."""

from uuid import UUID

import sqlalchemy as sa

from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.security.conditions import Case
from workspace.people.models import Forum
from workspace.people.policy import ensure_may_in, may_in, own_rapporteurs
from workspace.sessions.models import Session, SourceDocument


def may_import_notes(actor: Actor, forum: Forum) -> bool:
    return may_in(actor, "notes.import", forum, _own(actor))


def ensure_may_import_notes(actor: Actor, forum: Forum) -> None:
    ensure_may_in(actor, "notes.import", forum, _own(actor))


def may_place(actor: Actor, forum: Forum, document: SourceDocument) -> bool:
    """Whether they say of which session a note is: who brought it in, and the secretariat and the chair."""
    return may_in(actor, "notes.import", forum, Case(rapporteurs=frozenset({document.imported_by_id})))


def ensure_may_place(actor: Actor, forum: Forum, document: SourceDocument) -> None:
    ensure_may_in(actor, "notes.import", forum, Case(rapporteurs=frozenset({document.imported_by_id})))


def may_read(actor: Actor, forum: Forum) -> bool:
    """Whether the programme is open to them: to whoever takes part, and to the public where the forum shows it."""
    return may_in(actor, "session.read", forum)


def may_read_session(actor: Actor, session: Session) -> bool:
    """Whether this session is open to them: one for members only is to whoever takes part."""
    if session.removed_at is not None:
        return False
    is_closed = session.details.get("found", {}).get("members_only", False)
    return may_in(actor, "session.read", session.forum, Case(is_public_programme=not is_closed))


def shown_to(actor: Actor, forum: Forum) -> sa.ColumnElement[bool]:
    """What must hold of a session of a forum whose programme is open to them, to be shown to them."""
    here = Session.removed_at.is_(None)
    if may_in(actor, "session.read", forum, Case(is_public_programme=False)):
        return here
    return here & sa.not_(sa.func.coalesce(Session.details["found"]["members_only"].as_boolean(), sa.false()))


def ensure_may_read(actor: Actor, forum: Forum) -> None:
    ensure_may_in(actor, "session.read", forum)


def may_read_note(actor: Actor, forum: Forum) -> bool:
    """Whether the note, and what does not add up in it, is open to them: to whoever may read what it recommends."""
    return may_in(actor, "recommendation.read", forum, Case(is_released=True))


def may_edit(actor: Actor, session: Session) -> bool:
    """A rapporteur, their own session; the secretariat and the chair, every one."""
    return may_in(actor, "session.edit", session.forum, Case(rapporteurs=frozenset({session.rapporteur_id})))


def ensure_may_edit(actor: Actor, session: Session) -> None:
    ensure_may_in(actor, "session.edit", session.forum, Case(rapporteurs=frozenset({session.rapporteur_id})))


def rapporteur_of_new(actor: Actor, forum: Forum) -> UUID | None:
    """Whose session a new one is: the rapporteur's who brings it in."""
    return actor.person_id if is_rapporteur(actor, forum) else None


def is_rapporteur(actor: Actor, forum: Forum) -> bool:
    return Role.RAPPORTEUR in actor.roles_in(forum.id, clock.now())


def _own(actor: Actor) -> Case:
    """A rapporteur who brings in notes becomes the rapporteur of what they tell of."""
    return Case(rapporteurs=own_rapporteurs(actor))
