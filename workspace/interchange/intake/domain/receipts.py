"""Receipts: a letter to whoever sent something in, with the numbers under which it is on record."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.accounts.domain.models import Account
from workspace.amendments.domain.models import Amendment
from workspace.core.outbox import queue_letter
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.people.models import Contact, Mandate, Person

KIND = "amendments_received"


class ReceiptsSent(Struct, frozen=True):
    """Who was sent a receipt, and whose address nobody knows."""

    receipts: int
    without_address: tuple[str, ...]


def send_receipts(db: Db, declaration: Declaration, amendments: Sequence[Amendment]) -> ReceiptsSent:
    """One letter to each proposer, to the address that the workspace has of them, whatever the mail said."""
    by_person: dict[UUID, list[Amendment]] = {}
    for amendment in amendments:
        by_person.setdefault(amendment.proposer_id, []).append(amendment)
    addresses, without = addresses_of(db, by_person), list[str]()
    for person_id, theirs in by_person.items():
        person = db.get_one(Person, person_id)
        if person_id not in addresses:
            without.append(person.name)
            continue
        numbers = sorted(amendment.number for amendment in theirs)
        page = f"/{{language}}/{declaration.forum.slug}/{declaration.slug}/amendments"
        queue_letter(
            db,
            KIND,
            to=addresses[person_id],
            language=person.language,
            person_id=person_id,
            forum_id=declaration.forum_id,
            forum=declaration.forum.name.to_dict(),
            declaration=declaration.name.to_dict(),
            numbers=", ".join(map(str, numbers)),
            path=f"{page}/{numbers[0]}" if len(numbers) == 1 else page,
        )
    return ReceiptsSent(len(by_person) - len(without), tuple(without))


def addresses_of(db: Db, persons: Mapping[UUID, object]) -> dict[UUID, str]:
    """The address of each person: that of their account, or the one they were invited at."""
    contacts = sa.select(Contact.person_id, Contact.email).where(Contact.person_id.in_(persons))
    accounts = sa.select(Account.person_id, Account.email).where(
        Account.person_id.in_(persons), Account.closed_at.is_(None)
    )
    return {row.person_id: row.email for statement in (contacts, accounts) for row in db.execute(statement)}


def person_at(db: Db, declaration: Declaration, address: str) -> Person | None:
    """The one person of the forum with this address; None where there is none, or more than one."""
    if not address:
        return None
    accounts = sa.select(Account.person_id).where(Account.email == address, Account.closed_at.is_(None))
    contacts = sa.select(Contact.person_id).where(Contact.email == address)
    here = sa.select(Mandate.person_id).where(Mandate.forum_id == declaration.forum_id)
    known = sa.or_(Person.id.in_(accounts), Person.id.in_(contacts))
    found = db.scalars(sa.select(Person).where(known, Person.id.in_(here), Person.erased_at.is_(None))).all()
    return found[0] if len(found) == 1 else None
