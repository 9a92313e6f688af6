"""Two people answer for a change of the signing key, once a workspace has two who administer it.

The first key is made when nobody is there yet. Afterwards one administrator asks and another one confirms, at the
machine itself; the log names both by their ids.
"""

from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.core import clock
from workspace.core.actor import Role
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound
from workspace.people.models import Mandate, Person

ENOUGH = 2


class Holders(Struct, frozen=True):
    """Who asks for another key, and who confirms it; names of administrators, as a command gives them."""

    asks: str = ""
    confirms: str = ""


def answering(db: Db, holders: Holders) -> tuple[UUID, ...]:
    """The ids of the two who answer; nobody's where a workspace has fewer than two administrators and names none.

    Raises `Invalid` where two are needed and not named, or are the same, and `NotFound` for a name that no
    administrator has, or that two of them share.
    """
    known = _administrators(db)
    if not holders.asks and not holders.confirms and len(known) < ENOUGH:
        return ()
    if not holders.asks or not holders.confirms:
        raise Invalid(field="second", reason="two_key_holders")
    asks, confirms = (_named(known, name) for name in (holders.asks, holders.confirms))
    if asks.id == confirms.id:
        raise Invalid(field="second", reason="second_person")
    return asks.id, confirms.id


def _administrators(db: Db) -> list[Person]:
    held = db.scalars(sa.select(Mandate).where(Mandate.role == Role.ADMIN))
    ids = {one.person_id for one in held if one.as_held().covers(clock.now())}
    return list(db.scalars(sa.select(Person).where(Person.id.in_(ids)).order_by(Person.id)))


def _named(known: list[Person], name: str) -> Person:
    found = [one for one in known if one.name == name]
    if len(found) != 1:
        raise NotFound(what="person", id=name)
    return found[0]
