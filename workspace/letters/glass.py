"""Telling those who run a forum that an administrator has opened its texts."""

from workspace.core.actor import Role
from workspace.core.db import Db
from workspace.core.events import GlassBroken
from workspace.letters.service import LetterService
from workspace.people.models import Forum, LentRight

CONCERNED = frozenset({Role.CHAIR, Role.SECRETARIAT})


def glass_broken(db: Db, event: GlassBroken) -> None:
    """Answer to `GlassBroken`: a letter to the chair and the secretariat; nobody can switch it off."""
    forum, lent = db.get_one(Forum, event.forum_id), db.get_one(LentRight, event.lent_id)
    LetterService(db).announce(
        forum,
        "break_glass",
        roles=CONCERNED,
        person=lent.person.name,
        until=lent.until.isoformat(),
        reason=lent.reason,
        path=f"/{{language}}/{forum.slug}",
    )
