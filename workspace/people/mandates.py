"""Mandates: who holds which role from when to when, and who stands in for a chair."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload, lazyload

from workspace.core import clock, events
from workspace.core.actor import Actor, ActorMandate, EmergencyRight, Role
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.provided import WAITING_ROLES
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service
from workspace.people import policy
from workspace.people.models import EmergencyAccess, Forum, Mandate, Organisation, OrganisationKind, Person, held_of
from workspace.people.validation import ensure_in_order, folded


def counting(forum: Forum) -> Iterable[sa.ColumnElement[bool]]:
    """Mandates of the forum that count today, other than those of guests."""
    today = clock.today(forum.timezone)
    return (
        Mandate.forum_id == forum.id,
        Mandate.role != Role.GUEST,
        sa.or_(Mandate.starts_on.is_(None), Mandate.starts_on <= today),
        sa.or_(Mandate.ends_on.is_(None), Mandate.ends_on >= today),
    )


class MandateService(Service):
    """Roles of people who are already listed. Each change tells what was lent to the person to end."""

    def get(self, forum: Forum, mandate_id: UUID) -> Mandate:
        """A mandate of this forum; raises `NotFound`."""
        found = self.db.get(Mandate, mandate_id, options=[joinedload(Mandate.person), joinedload(Mandate.organisation)])
        if found is None or found.forum_id != forum.id:
            raise NotFound(what="mandate", id=str(mandate_id))
        return found

    def someone(self, forum: Forum, person_id: UUID) -> Person:
        """Somebody who holds or held a mandate in the forum, guests apart; raises `NotFound`."""
        person = self.db.get(Person, person_id, options=[joinedload(Person.mandates).joinedload(Mandate.organisation)])
        if person is None or not any(
            mandate.forum_id == forum.id and Role(mandate.role) is not Role.GUEST for mandate in person.mandates
        ):
            raise NotFound(what="person", id=str(person_id))
        return person

    def person(self, forum: Forum, person_id: UUID, *, actor: Actor) -> Person:
        """The same for who may see them in the register."""
        person, own = self.someone(forum, person_id), policy.stewarded(actor, forum)
        here = [mandate for mandate in person.mandates if mandate.forum_id == forum.id]
        if not policy.sees_everybody(actor, forum) and not any(mandate.organisation_id in own for mandate in here):
            raise NotFound(what="person", id=str(person_id))
        return person

    def give(
        self,
        forum: Forum,
        person: Person,
        *,
        role: Role,
        actor: Actor,
        organisation: Organisation | None = None,
        starts_on: date | None = None,
        ends_on: date | None = None,
        is_steward: bool = False,
        by_two: bool | None = None,
    ) -> Mandate:
        """Give somebody a role, for an organisation where there is one; some count once a second person confirms them.

        `by_two` says whether that is asked about; without it, of everybody but the operator. Raises `Invalid` when
        they hold it already on some of these days, or would give it to themselves.
        """
        policy.ensure_may_give(actor, forum, role, organisation.id if organisation else None)
        if actor.person_id == person.id:
            raise Invalid(field="role", reason="not_yourself")
        ensure_in_order(starts_on, ends_on)
        mandate = Mandate(
            person_id=person.id,
            forum_id=forum.id,
            role=role,
            organisation_id=organisation.id if organisation else None,
            starts_on=starts_on,
            ends_on=ends_on,
            is_steward=is_steward,
        )
        return self._added(forum, person, mandate, "mandate.given", actor=actor, by_two=by_two)

    def end(self, forum: Forum, mandate_id: UUID, *, on: date, actor: Actor, by_two: bool | None = None) -> Mandate:
        """Let a mandate, and those of its deputies, end with the day `on`, the last on which it counts.

        The day before its first one means that it never counts. Some end once a second person, who may be their
        holder, confirms it; `by_two` as for `give`. Raises `Invalid` for an earlier day, for a day after the one it
        ends on already, and while such a request waits.
        """
        mandate = self.get(forum, mandate_id)
        if not policy.may_give(actor, mandate, forum):
            raise NotAllowed(action="roles.assign")
        if mandate.is_void:  # it waits for a second person, or never counted
            raise NotFound(what="mandate", id=str(mandate_id))
        _ensure_can_end(mandate, on)
        takes_second = not actor.is_operator if by_two is None else by_two
        if takes_second and policy.takes_two(mandate, forum, confirming_people(self.db, forum), with_holder=True):
            if mandate.id in WAITING_ROLES.get()(self.db, forum):
                raise Invalid(field="on", reason="end_waits")
            events.publish(self.db, events.RoleHeld(mandate.id, mandate.starts_on, on, actor, ends=True))
            return mandate
        return self.let_end(mandate, on, actor=actor)

    def let_end(self, mandate: Mandate, on: date, *, actor: Actor) -> Mandate:
        """Let it end without asking anybody; raises `Invalid` as `end` does for the day."""
        _ensure_can_end(mandate, on)
        deputies = self.db.scalars(sa.select(Mandate).where(Mandate.deputy_of_id == mandate.id)).all()
        for ended in (mandate, *(deputy for deputy in deputies if deputy.ends_on is None or deputy.ends_on > on)):
            ended.ends_on = on if ended.starts_on is None else max(on, ended.starts_on - timedelta(days=1))
            self._logged("mandate.ended", ended, actor=actor)
        return mandate

    def entrust(self, forum: Forum, mandate_id: UUID, *, is_steward: bool, actor: Actor) -> Mandate:
        """Let whoever holds a mandate look after the people of its organisation from today on, or no longer.

        The mandate ends with yesterday and another follows it, so that it can be told who was a steward when.
        Raises `Invalid` for one that stands for no organisation, is over or still to come, waits, or is so already.
        """
        held = self.get(forum, mandate_id)
        if Role(held.role) is Role.CHAIR:
            raise NotAllowed(action="roles.assign")  # ending it would end the days of its deputies
        if held.organisation is None or held.is_steward == is_steward:
            raise Invalid(field="is_steward", reason="is_so_already" if held.organisation else "speaks_for_none")
        today, until = clock.today(forum.timezone), held.ends_on
        waits = held.id in WAITING_ROLES.get()(self.db, forum)
        if waits or not held.as_held().covers(today):
            raise Invalid(field="is_steward", reason="end_waits" if waits else "ended_already")
        self.end(forum, mandate_id, on=today - timedelta(days=1), by_two=False, actor=actor)
        return self.give(
            forum,
            held.person,
            role=Role(held.role),
            organisation=held.organisation,
            starts_on=today,
            ends_on=until,
            is_steward=is_steward,
            by_two=False,
            actor=actor,
        )

    def appoint_deputy(
        self,
        forum: Forum,
        mandate_id: UUID,
        deputy: Person,
        *,
        starts_on: date,
        ends_on: date,
        actor: Actor,
        by_two: bool | None = None,
    ) -> Mandate:
        """Let somebody stand in for a chair from one day to another: on those days they are chair too. They are told.

        Raises `Invalid` when the days are not within the chair's own, or the deputy is the chair.
        """
        mandate = self.get(forum, mandate_id)
        if not policy.may_appoint_deputy(actor, mandate, forum):
            raise NotAllowed(action="roles.assign")
        ensure_in_order(starts_on, ends_on)
        if deputy.id == mandate.person_id:
            raise Invalid(field="person", reason="itself")
        if not (mandate.as_held().covers(starts_on) and mandate.as_held().covers(ends_on)):
            raise Invalid(field="starts_on", reason="outside_mandate")
        stands_in = Mandate(
            person_id=deputy.id,
            forum_id=forum.id,
            role=Role(mandate.role),
            organisation_id=mandate.organisation_id,
            starts_on=starts_on,
            ends_on=ends_on,
            deputy_of_id=mandate.id,
        )
        appointed = self._added(forum, deputy, stands_in, "deputy.appointed", actor=actor, by_two=by_two)
        if not appointed.is_void:
            events.publish(self.db, events.TaskGiven(deputy.id, "deputy", forum.id, actor))
        return appointed

    def _added(
        self, forum: Forum, person: Person, mandate: Mandate, kind: str, *, actor: Actor, by_two: bool | None
    ) -> Mandate:
        ensure_not_held(person, mandate, mandate.starts_on, mandate.ends_on, WAITING_ROLES.get()(self.db, forum))
        held = hold_back(self.db, forum, [mandate], actor=actor, by_two=by_two)
        person.mandates.append(mandate)
        if held:
            self.db.flush()
            held.announce(self.db, actor=actor)
        else:
            self._logged(kind, mandate, actor=actor)
        return mandate

    def _logged(self, kind: str, mandate: Mandate, *, actor: Actor) -> None:
        self.db.flush()
        log.record(self.db, kind, actor=actor, forum_id=mandate.forum_id, **facts_of(mandate))
        events.publish(self.db, events.RightsChanged(person_id=mandate.person_id, actor=actor))


class HeldBack(Struct, frozen=True):
    """Mandates that count on no day until a second person confirms them, with the dates that they are to have."""

    mandates: Sequence[tuple[Mandate, date | None, date | None]]

    def __bool__(self) -> bool:
        return bool(self.mandates)

    def announce(self, db: Db, *, actor: Actor) -> None:
        """Ask a second person for each; they are stored."""
        for mandate, starts_on, ends_on in self.mandates:
            events.publish(db, events.RoleHeld(mandate.id, starts_on, ends_on, actor))


def hold_back(
    db: Db, forum: Forum, mandates: Sequence[Mandate], *, actor: Actor, by_two: bool | None = None
) -> HeldBack:
    """Let those of these new mandates that take two people count on no day yet."""
    takes_second = not actor.is_operator if by_two is None else by_two
    confirming = [mandate for mandate in mandates if takes_second and Role(mandate.role) in policy.CONFIRMING]
    others = confirming_people(db, forum) if confirming else ()
    held = [(made, made.starts_on, made.ends_on) for made in confirming if policy.takes_two(made, forum, others)]
    today = clock.today(forum.timezone)
    for mandate, _, _ in held:
        mandate.starts_on, mandate.ends_on = today, today - timedelta(days=1)
    return HeldBack(held)


def confirming_people(db: Db, forum: Forum) -> Sequence[Actor]:
    """Who holds or held a role that confirms what others ask for."""
    here = sa.select(Mandate.person_id).where(Mandate.forum_id == forum.id, Mandate.role.in_(policy.CONFIRMING))
    return [known.actor for known in participants(db, forum.id, here)]


class Participant(Struct, frozen=True):
    """Somebody with all their mandates, and the name of the organisation they stand for in one forum; "" for none."""

    actor: Actor
    organisation: str

    @property
    def id(self) -> UUID:
        return cast("UUID", self.actor.person_id)

    @property
    def name(self) -> str:
        return self.actor.name


def participants(db: Db, forum_id: UUID, people: sa.Select[UUID]) -> list[Participant]:
    """These people who are not erased, by name. Three queries of columns, for any number of them."""
    held: dict[UUID, list[ActorMandate]] = defaultdict(list)
    lent: dict[UUID, list[EmergencyRight]] = defaultdict(list)
    named: dict[UUID, str] = {}
    stated = sa.select(Mandate.__table__, Forum.timezone, Organisation.name).join(Forum).outerjoin(Organisation)
    for row in db.execute(stated.where(Mandate.person_id.in_(people)).order_by(Mandate.id)):
        held[row.person_id].append(held_of(row, row.timezone))
        if row.forum_id == forum_id and row.name:
            named.setdefault(row.person_id, row.name)
    rights = sa.select(EmergencyAccess.person_id, EmergencyAccess.forum_id, EmergencyAccess.until)
    for person, forum, until in db.execute(rights.where(EmergencyAccess.closed_at.is_(None))):
        if any(mandate.role is Role.ADMIN for mandate in held[person]):
            lent[person].append(EmergencyRight(forum, until))
    every = sa.select(Person.id, Person.name, Person.timezone).where(Person.id.in_(people), Person.erased_at.is_(None))
    return [
        Participant(Actor(key, name, tuple(held[key]), lent=tuple(lent[key]), timezone=zone), named.get(key, ""))
        for key, name, zone in db.execute(every.order_by(Person.name, Person.id))
    ]


def facts_of(mandate: Mandate) -> dict[str, Any]:
    """What the log says of a mandate: ids, its role and its dates."""
    return {
        "person": str(mandate.person_id),
        "mandate": str(mandate.id),
        "role": Role(mandate.role).value,
        "organisation": str(mandate.organisation_id) if mandate.organisation_id else None,
        "starts_on": mandate.starts_on.isoformat() if mandate.starts_on else None,
        "ends_on": mandate.ends_on.isoformat() if mandate.ends_on else None,
        "deputy_of": str(mandate.deputy_of_id) if mandate.deputy_of_id else None,
        "is_steward": mandate.is_steward,
    }


def _ensure_can_end(mandate: Mandate, on: date) -> None:
    if mandate.starts_on and on < mandate.starts_on - timedelta(days=1):
        raise Invalid(field="on", reason="before_start")
    if mandate.ends_on and on > mandate.ends_on:
        raise Invalid(field="on", reason="ended_already")


def _is_same(first: Mandate, second: Mandate) -> bool:
    return (first.forum_id, first.role, first.organisation_id) == (second.forum_id, second.role, second.organisation_id)


def ensure_not_held(
    person: Person,
    mandate: Mandate,
    starts_on: date | None,
    ends_on: date | None,
    waiting: Mapping[UUID, tuple[date | None, date | None]] | None = None,
) -> None:
    """Raise `Invalid` where they hold the role of this mandate on one of these days, or it is `waiting` for that."""
    for present in person.mandates:
        begins, ends = (waiting or {}).get(present.id, (present.starts_on, present.ends_on))
        first, last = max(begins or date.min, starts_on or date.min), min(ends or date.max, ends_on or date.max)
        if present is not mandate and _is_same(present, mandate) and first <= last:
            raise Invalid(field="role", reason="held_already")


MANDATE_STANDINGS = ("now", "past", "coming", "all")
_ORDER = {role: place for place, role in enumerate(reversed(Role))}


class MandateSearch(Struct, frozen=True):
    """Which mandates are looked for; what is empty is not asked about."""

    words: str = ""  # in the name of the person, or a name of the organisation
    role: Role | None = None
    kind: OrganisationKind | None = None
    country: str = ""
    organisation_id: UUID | None = None
    standing: str = "now"

    def fits(self, mandate: Mandate, today: date) -> bool:
        organisation = mandate.organisation
        if self.role is not None and Role(mandate.role) is not self.role:
            return False
        if self.organisation_id is not None and mandate.organisation_id != self.organisation_id:
            return False
        if self.kind is not None and (organisation is None or organisation.kind is not self.kind):
            return False
        if self.country and (organisation is None or organisation.country != self.country):
            return False
        return self.standing in {"all", mandate_standing(mandate, today)} and self._names(mandate)

    def _names(self, mandate: Mandate) -> bool:
        of = mandate.organisation
        names = (mandate.person.name, *((of.name, *of.aliases) if of else ()))
        said = folded(" ".join(names))
        return all(word in said for word in folded(self.words).split())


def mandate_standing(mandate: Mandate, today: date) -> str:
    """Whether a mandate counts now, did once, or will."""
    if mandate.ends_on and mandate.ends_on < today:
        return "past"
    return "coming" if mandate.starts_on and mandate.starts_on > today else "now"


def find_mandates(db: Db, forum: Forum, wanted: MandateSearch, *, actor: Actor) -> list[Mandate]:
    """The mandates that fit, by organisation, role and name; a steward finds those of their own organisation alone.

    One query, whatever their number. Guests are no part of the register.
    """
    policy.ensure_may_see_people(actor, forum)
    statement = (
        sa.select(Mandate)
        .where(Mandate.forum_id == forum.id, Mandate.role != Role.GUEST)
        .options(joinedload(Mandate.person), joinedload(Mandate.organisation), lazyload(Mandate.forum))
    )
    if not policy.sees_everybody(actor, forum):
        statement = statement.where(Mandate.organisation_id.in_(policy.stewarded(actor, forum)))
    today = clock.today(forum.timezone)
    return sorted((mandate for mandate in db.scalars(statement) if wanted.fits(mandate, today)), key=_place)


def count_people(found: Sequence[Mandate]) -> tuple[int, int]:
    """How many people, of how many organisations."""
    return len({mandate.person_id for mandate in found}), len(
        {mandate.organisation_id for mandate in found if mandate.organisation_id}
    )


def _place(mandate: Mandate) -> tuple[bool, str, int, str, UUID]:
    of = mandate.organisation
    name = folded(mandate.person.name)
    return (of is None, folded(of.name) if of else "", _ORDER[Role(mandate.role)], name, mandate.id)
