"""Letters as people meet them: one to everybody of a forum, and those that could not be delivered."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workspace.accounts.domain.models import Account
from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.errors import NotFound
from workspace.core.events import GlassBroken
from workspace.core.outbox import Letter, Receiver, queue_letters
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service
from workspace.core.storage.log import Fact
from workspace.letters import bounces, policy
from workspace.letters.models import LetterState
from workspace.letters.preferences import bounced_addresses
from workspace.people.mandates import counting
from workspace.people.models import EmergencyAccess, Forum, Mandate, Person

_IN_STATE = {
    LetterState.WAITING: Letter.next_try_at.is_not(None),
    LetterState.SENT: Letter.sent_at.is_not(None),
    LetterState.FAILED: Letter.failed_at.is_not(None),
}
_CAN_BE_RETRIED = sa.and_(Letter.failed_at.is_not(None), Letter.to != "")


class LetterService(Service):
    """The outbox. Sending is the worker's (`workspace.letters.delivery`)."""

    def announce(
        self, forum: Forum, kind: str, *, notice: str = "", roles: Collection[Role] | None = None, **facts: Fact
    ) -> int:
        """Put one letter in the outbox for each person who has a mandate in the forum today, and an address.

        `roles` are the roles it concerns, all without. Who has switched off the notices named `notice` in their
        profile is left in peace, and so is an address that letters come back from. Returns how many letters there
        are. The facts may be told to every receiver.
        """
        rows = self.db.execute(
            sa.select(Account.email, Person.language, Account.person_id, Account.notices)
            .join(Person, Person.id == Account.person_id)
            .where(Account.closed_at.is_(None), Account.person_id.in_(_takes_part(forum, roles)))
            .order_by(Account.person_id)
        )
        receivers = [
            Receiver(email, language, person_id)
            for email, language, person_id, notices in rows
            if not notice or notices.get(notice, True)
        ]
        returned = bounced_addresses(self.db, (receiver.address for receiver in receivers))
        receivers = [receiver for receiver in receivers if receiver.address not in returned]
        names = {"forum": forum.name.to_dict(), **facts}
        return queue_letters(self.db, kind, receivers, forum_id=forum.id, **names)

    def unreached(self, forum: Forum) -> int:
        """How many people with a mandate in the forum today have no account, and so get no letter of `announce`."""
        taking_part = _takes_part(forum).distinct().subquery()
        accounts = sa.select(Account.person_id).where(Account.closed_at.is_(None))
        return self.db.scalar(sa.select(sa.func.count()).where(taking_part.c.person_id.not_in(accounts))) or 0

    def listed(
        self, state: LetterState, *, forum: Forum | None, actor: Actor, after: UUID | None = None, limit: int = 50
    ) -> Sequence[Letter]:
        """Letters about this forum and letters to its people, newest first; all letters, where `forum` is None.

        Raises `NotAllowed`; all letters are the operator's to see.
        """
        older = Letter.id < after if after else sa.true()
        wanted = self._open_to(actor, forum).where(_IN_STATE[state], older)
        return self.db.scalars(wanted.order_by(Letter.id.desc()).limit(limit)).all()

    def retry(self, letter_id: UUID, *, forum: Forum | None, actor: Actor) -> Letter:
        """Try again to deliver a letter that failed, as if it were new.

        Raises `NotFound` if it did not fail, or so long ago that nobody remembers its address.
        """
        letter = self.db.scalar(self._open_to(actor, forum).where(Letter.id == letter_id, _CAN_BE_RETRIED))
        if letter is None:
            raise NotFound(what="letter", id=str(letter_id))
        self._put_on_the_table(letter, actor)
        return letter

    def retry_all(self, *, forum: Forum | None, actor: Actor) -> int:
        """Try again to deliver every letter that failed; returns how many."""
        failed = self.db.scalars(self._open_to(actor, forum).where(_CAN_BE_RETRIED)).all()
        for letter in failed:
            self._put_on_the_table(letter, actor)
        return len(failed)

    def _open_to(self, actor: Actor, forum: Forum | None) -> sa.Select[Letter]:
        policy.ensure_may_see_letters(actor, forum)
        if forum is None:
            return sa.select(Letter)
        people = sa.select(Mandate.person_id).where(Mandate.forum_id == forum.id)
        return sa.select(Letter).where(sa.or_(Letter.forum_id == forum.id, Letter.person_id.in_(people)))

    def _put_on_the_table(self, letter: Letter, actor: Actor) -> None:
        letter.due_at = letter.next_try_at = clock.now()
        letter.failed_at, letter.attempts = None, 0
        bounces.clear_bounce(self.db, letter.to)
        log.record(self.db, "letter.retried", actor=actor, forum_id=letter.forum_id, letter=str(letter.id))


def _takes_part(forum: Forum, roles: Collection[Role] | None = None) -> sa.Select[Any]:
    """Ids of the persons whose mandate in this forum counts today, other than guests."""
    found = sa.select(Mandate.person_id).where(*counting(forum))
    return found if roles is None else found.where(Mandate.role.in_(roles))


CONCERNED = frozenset({Role.CHAIR, Role.SECRETARIAT})


def notify_emergency_access(db: Db, event: GlassBroken) -> None:
    """Answer to `GlassBroken`: a letter to the chair and the secretariat; nobody can switch it off."""
    forum, lent = db.get_one(Forum, event.forum_id), db.get_one(EmergencyAccess, event.lent_id)
    LetterService(db).announce(
        forum,
        "break_glass",
        roles=CONCERNED,
        person=lent.person.name,
        until=lent.until.isoformat(),
        reason=lent.reason,
        path=f"/{{language}}/{forum.slug}",
    )
