"""Two people answer for a change of the signing key, once a workspace has two who administer it.

The first key is made when nobody is there yet. Afterwards one administrator asks and another one confirms, at the
machine itself; the log names both by their ids.
"""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.approvals.models import ApprovalRequest, Matter, Outcome
from workspace.approvals.service import ApprovalService, LogKinds, Rule
from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound
from workspace.people.models import Mandate, Person

ENOUGH = 2


class Holders(Struct, frozen=True):
    """Who asks for another key, and who confirms it; names of administrators, as a command gives them."""

    asks: str = ""
    confirms: str = ""


class KeyRule(Rule[None], frozen=True, kw_only=True):
    """Asked and confirmed at one moment, by administrators of whom the operator says who they are."""

    def lock(self, db: Db, subject: None) -> None:
        """Nothing is: the log, which the change is written to, is locked by that."""

    def subject_ids(self, subject: None) -> Mapping[str, UUID]:  # noqa: ARG002  (the signature is that of every rule)
        return {}

    def ensure_may_ask(self, actor: Actor, subject: None) -> None:
        """Whoever is an administrator, which was asked already."""

    def may_confirm(self, actor: Actor, subject: None, request: ApprovalRequest) -> bool:  # noqa: ARG002  (the signature is that of every rule)
        return actor.person_id != request.requested_by_id


SIGNING_KEY = KeyRule(matter=Matter.SIGNING_KEY, action="signing_key.manage", kinds=LogKinds())


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
    approvals = ApprovalService(db)
    approvals.ask(SIGNING_KEY, None, actor=asks.as_actor())
    request = approvals.confirm(SIGNING_KEY, None, actor=confirms.as_actor())
    approvals.end(request, Outcome.CONFIRMED, actor=confirms.as_actor())
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
