"""Whom letters do not reach: addresses from which one came back for good, whose they are, and since when.

Such an address gets nothing but links to sign in. Nobody but its person can change the address of an account, so
what the secretariat can do is to reach them otherwise, or to have the address tried again.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.accounts.models import Account
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.core.mail import Letter
from workspace.letters import policy
from workspace.letters.models import Bounce
from workspace.people.models import Forum, Mandate, Organisation, Person


class Cause(StrEnum):
    """Why letters came back, as far as the status of a server tells (RFC 3463, or the reply code of RFC 5321)."""

    NO_ADDRESS = "no_address"
    FULL = "full"
    CLOSED = "closed"
    NO_SERVER = "no_server"
    REFUSED = "refused"
    OTHER = "other"

    @classmethod
    def of(cls, code: str) -> "Cause":
        return next((cause for begins, cause in _CAUSES if code.startswith(begins)), cls.OTHER)


_CAUSES = (
    ("5.2.2", Cause.FULL),
    ("552", Cause.FULL),
    ("5.2.", Cause.CLOSED),
    ("5.1.2", Cause.NO_SERVER),
    ("5.1.10", Cause.NO_ADDRESS),
    ("5.1.8", Cause.REFUSED),  # this one, and the one before it, are about who wrote
    ("5.1.7", Cause.REFUSED),
    ("5.1.", Cause.NO_ADDRESS),
    ("550", Cause.NO_ADDRESS),
    ("551", Cause.NO_ADDRESS),
    ("553", Cause.NO_ADDRESS),
    ("5.4.", Cause.NO_SERVER),
    ("5.7.", Cause.REFUSED),
    ("5.6.", Cause.REFUSED),
    ("554", Cause.REFUSED),
)


class Unreached(Struct, frozen=True, kw_only=True):
    """One address that is not written to. `letter_id` is the letter that came back, by which it is called here."""

    letter_id: UUID
    address: str
    person_id: UUID | None  # None where it is nobody's that is known
    name: str
    organisation: str
    since: datetime
    code: str
    cause: Cause
    has_account: bool  # with this address: its person alone can change it


class UnreachedService:
    """The addresses that are not written to."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def listed(self, *, forum: Forum | None, actor: Actor) -> Sequence[Unreached]:
        """Those of the people of a forum, and of the letters about it, the latest first; all, where it is None.

        Raises `NotAllowed`; all addresses are the operator's to see.
        """
        rows = self.db.execute(self._open_to(actor, forum).order_by(Bounce.at.desc(), Bounce.address)).all()
        bodies = self._organisations([bounce.person_id for bounce, _, _ in rows if bounce.person_id], forum)
        return [
            Unreached(
                letter_id=bounce.letter_id,
                address=bounce.address,
                person_id=bounce.person_id,
                name=name or "",
                organisation=bodies.get(bounce.person_id, ""),
                since=bounce.at,
                code=bounce.code,
                cause=Cause.of(bounce.code),
                has_account=email is not None,
            )
            for bounce, name, email in rows
        ]

    def write_again(self, letter_id: UUID, *, forum: Forum | None, actor: Actor) -> None:
        """Write to an address again from now on. What came back is not sent again. Raises `NotFound`."""
        found = self.db.execute(self._open_to(actor, forum).where(Bounce.letter_id == letter_id)).first()
        if found is None:
            raise NotFound(what="letter", id=str(letter_id))
        self.db.delete(found[0])
        about = forum.id if forum else None
        log.record(self.db, "letter.address_cleared", actor=actor, forum_id=about, letter=str(letter_id))

    def _open_to(self, actor: Actor, forum: Forum | None) -> sa.Select[Bounce, str, str]:
        rows = (
            sa.select(Bounce, Person.name, Account.email)
            .outerjoin(Person, Person.id == Bounce.person_id)
            .outerjoin(Account, sa.and_(Account.email == Bounce.address, Account.closed_at.is_(None)))
        )
        if forum is None:
            policy.ensure_is_operator(actor)
            return rows
        policy.ensure_may_see_letters(actor, forum)
        people = sa.select(Mandate.person_id).where(Mandate.forum_id == forum.id)
        about = sa.select(Letter.id).where(Letter.forum_id == forum.id)
        return rows.where(sa.or_(Bounce.person_id.in_(people), Bounce.letter_id.in_(about)))

    def _organisations(self, people: Sequence[UUID], forum: Forum | None) -> dict[UUID | None, str]:
        """For whom each of these people speaks now, in this forum or in any."""
        today = clock.today(forum.timezone if forum else "UTC")
        statement = (
            sa.select(Mandate.person_id, Organisation.name)
            .join(Organisation, Organisation.id == Mandate.organisation_id)
            .where(Mandate.person_id.in_(people), sa.or_(Mandate.ends_on.is_(None), Mandate.ends_on >= today))
            .order_by(Organisation.name.desc())
        )
        here = statement if forum is None else statement.where(Mandate.forum_id == forum.id)
        return {row.person_id: row.name for row in self.db.execute(here)}
