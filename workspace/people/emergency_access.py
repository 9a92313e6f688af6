"""Breaking the glass: an administrator sees the texts of a forum for an hour, with a reason, and everybody concerned
learns of it.

An administrator runs the machine and has no part in the drafting, so nothing that is not
public is open to them. What is opened ends by itself, and whoever runs the forum can end it at once.
"""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workspace.core import clock
from workspace.core.actor import NOBODY, Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.events import GlassBroken, publish
from workspace.core.security.conditions import Case
from workspace.core.storage import log
from workspace.core.storage.db import Service, Store
from workspace.core.validation import ensure_short
from workspace.people.models import EmergencyAccess, Forum
from workspace.people.policy import ensure_may_in, may_in

EMERGENCY_ACCESS_LASTS = timedelta(minutes=60)
LONGEST_REASON = 2_000  # characters


class EmergencyAccessService(Service):
    """The rights that were lent in a forum."""

    def open(self, forum: Forum, *, reason: str, actor: Actor) -> EmergencyAccess:
        """See the texts of this forum for an hour. Raises `Invalid` without a reason, or while it is open already."""
        if not reason.strip() and may_open_emergency_access(actor, forum):
            raise Invalid(field="reason", reason="empty")
        ensure_may_in(actor, "breakglass.open", forum, Case(reason=reason))
        if actor.person_id is None:
            raise NotAllowed(action="breakglass.open")
        ensure_short(reason, LONGEST_REASON)
        if any(access.person_id == actor.person_id for access in self._open_in(forum)):
            raise Invalid(field="reason", reason="is_so_already")
        now = clock.now()
        lent = EmergencyAccess(
            person_id=actor.person_id,
            forum_id=forum.id,
            reason=reason.strip(),
            opened_at=now,
            until=now + EMERGENCY_ACCESS_LASTS,
        )
        self.db.add(lent)
        self.db.flush()
        log.record(
            self.db,
            "breakglass.opened",
            actor=actor,
            forum_id=forum.id,
            lent=str(lent.id),
            until=lent.until.isoformat(),
            reason=lent.reason,
        )
        publish(self.db, GlassBroken(forum.id, lent.id))
        return lent

    def close(self, forum: Forum, lent_id: UUID, *, actor: Actor) -> None:
        """End it now. Raises `NotFound` when it is not open in this forum."""
        lent = next((access for access in self._open_in(forum) if access.id == lent_id), None)
        if lent is None:
            raise NotFound(what="lent_right", id=str(lent_id))
        ensure_may_in(actor, "breakglass.close", forum, Case(authors=frozenset({lent.person_id})))
        lent.closed_at, lent.closed_by_id = clock.now(), actor.person_id
        log.record(self.db, "breakglass.closed", actor=actor, forum_id=forum.id, lent=str(lent.id))

    def opened(self, forum: Forum, *, actor: Actor) -> list[EmergencyAccess]:
        """What is open now, for those whom it concerns; nothing for anybody else."""
        return self._open_in(forum) if may_in(actor, "breakglass.read", forum) else []

    def _open_in(self, forum: Forum) -> list[EmergencyAccess]:
        is_open = sa.and_(EmergencyAccess.closed_at.is_(None), EmergencyAccess.until > clock.now())
        statement = sa.select(EmergencyAccess).where(EmergencyAccess.forum_id == forum.id, is_open)
        return list(
            self.db.scalars(statement.options(joinedload(EmergencyAccess.person)).order_by(EmergencyAccess.opened_at))
        )


def may_open_emergency_access(actor: Actor, forum: Forum) -> bool:
    return may_in(actor, "breakglass.open", forum, Case(reason="-"))


def end_emergency_access(store: Store) -> int:
    """Mark as ended what has run out, so that a clock that is put back does not give it again."""
    is_over = sa.and_(EmergencyAccess.closed_at.is_(None), EmergencyAccess.until <= clock.now())
    with store.reading() as db:
        if not db.scalar(sa.select(EmergencyAccess.id).where(is_over).limit(1)):
            return 0
    with store.writing() as db:
        ended = db.scalars(sa.select(EmergencyAccess).where(is_over)).all()
        for access in ended:
            access.closed_at = access.until
            log.record(db, "breakglass.ended", actor=NOBODY, forum_id=access.forum_id, lent=str(access.id))
        return len(ended)
