"""Taking a spreadsheet of people in: the register and the accounts together."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.accounts.models import Account, Ticket
from workspace.accounts.tickets import Invited, TicketService
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.people.models import Forum, Mandate, Roster
from workspace.people.rosters import RosterService


class TakenIn(Struct, frozen=True):
    """How many rows were taken in, how many people are new, how many were invited."""

    rows: int
    new_people: int
    invited: int


def known_addresses(db: Db, forum: Forum) -> Mapping[str, UUID]:
    """The addresses that accounts and open invitations hold of people who are in this forum, with whose they are."""
    here = sa.select(Mandate.person_id).where(Mandate.forum_id == forum.id)
    invited = db.execute(
        sa.select(Ticket.email, Ticket.person_id).where(Ticket.person_id.in_(here), Ticket.ended_at.is_(None))
    )
    accounts = db.execute(sa.select(Account.email, Account.person_id).where(Account.person_id.in_(here)))
    return {row.email: row.person_id for row in (*invited, *accounts) if row.person_id}


def take_in(db: Db, forum: Forum, roster: Roster, *, only_good: bool, invite: bool, actor: Actor) -> TakenIn:
    """Bring the rows into the register, all or none of them, and invite the people who are new if that is wished."""
    taken = RosterService(db).take_in(forum, roster, known=known_addresses(db, forum), only_good=only_good, actor=actor)
    new = {row.person.id: row for row in taken if row.is_new}
    invited = 0
    if invite:
        letters = [Invited(row.person, row.email, row.person.language) for row in new.values() if row.email]
        invited = TicketService(db).invite_many(forum, letters, actor=actor)
    return TakenIn(rows=len(taken), new_people=len(new), invited=invited)
