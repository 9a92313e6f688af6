"""People who registered with an open forum and have no role in it yet."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.accounts.models import Account, Ticket, TicketKind
from workspace.core.actor import Actor, Role
from workspace.core.db import Db
from workspace.core.errors import NotFound
from workspace.core.events import PersonAsked, publish
from workspace.people import policy
from workspace.people.mandates import MandateService
from workspace.people.models import Forum, Mandate, Organisation, Person


class Registered(Struct, frozen=True):
    """Somebody who registered, and has no role in the forum yet."""

    person_id: UUID
    name: str
    since: datetime


class RegisteredService:
    """Those who came in by themselves."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def waiting(self, forum: Forum, *, actor: Actor) -> Sequence[Registered]:
        """Who waits, the longest first; nobody, for who could give them no role."""
        if not policy.roles_to_give(actor, forum):
            return []
        since = sa.func.min(Ticket.used_at)
        statement = (
            sa.select(Person.id, Person.name, since)
            .join(Account, Account.person_id == Person.id)
            .join(Ticket, sa.or_(Ticket.person_id == Person.id, Ticket.email == Account.email))
            .where(
                Ticket.kind == TicketKind.REGISTRATION,
                Ticket.forum_id == forum.id,
                Ticket.used_at.is_not(None),
                Account.closed_at.is_(None),
                Person.erased_at.is_(None),
                ~sa.exists().where(Mandate.person_id == Person.id, Mandate.forum_id == forum.id),
            )
            .group_by(Person.id, Person.name)
            .order_by(since, Person.id)
        )
        return [Registered(person_id, name, at) for person_id, name, at in self.db.execute(statement) if at]

    def give_role(
        self,
        forum: Forum,
        person_id: UUID,
        *,
        role: Role,
        actor: Actor,
        organisation: Organisation | None = None,
    ) -> Mandate:
        """Give one of them their first role here, and tell them.

        Raises `NotFound` for anybody else, and what giving a role does.
        """
        if all(one.person_id != person_id for one in self.waiting(forum, actor=actor)):
            raise NotFound(what="person", id=str(person_id))
        person = self.db.get_one(Person, person_id)
        given = MandateService(self.db).give(forum, person, role=role, organisation=organisation, actor=actor)
        publish(self.db, PersonAsked(person.id, "role_given", forum.id, actor))
        return given
