"""Roles that confirm what others ask for: a second person confirms that they are given, and that they end."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workspace.approvals.models import ApprovalRequest, Matter, Outcome
from workspace.approvals.service import ApprovalService, LogKinds, Rule
from workspace.core import clock
from workspace.core.actor import CALENDAR, Actor, Role
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.events import RequestLapsed, RightsChanged, RoleHeld, TaskGiven, publish
from workspace.core.jobs import Job, JobContext
from workspace.core.security.permissions import roles_that_may
from workspace.core.storage import log
from workspace.core.storage.db import Db, lock_for_writing
from workspace.people import policy
from workspace.people.mandates import MandateService, confirming_people, ensure_not_held
from workspace.people.models import Forum, Mandate
from workspace.people.service import PeopleService


class RoleRule(Rule[Mandate], frozen=True, kw_only=True):
    """The second person is somebody else who may give this role; whoever holds it only where it is to end."""

    def lock(self, db: Db, subject: Mandate) -> Mandate:
        return lock_for_writing(db, Mandate, subject.id) or subject

    def subject_ids(self, subject: Mandate) -> Mapping[str, UUID]:
        return {"forum_id": subject.forum_id, "person_id": subject.person_id}

    def ensure_may_ask(self, actor: Actor, subject: Mandate) -> None:
        """Whoever gave it has been asked whether they may."""

    def may_confirm(self, actor: Actor, subject: Mandate, request: ApprovalRequest) -> bool:
        others = {None, request.requested_by_id, None if is_ending(request) else subject.person_id}
        is_another = actor.person_id not in others
        return is_another and Role(subject.role) in policy.roles_to_give(actor, subject.forum, subject.organisation_id)

    def ensure_may_confirm(self, db: Db, actor: Actor, subject: Mandate, request: ApprovalRequest) -> None:
        """Whoever asked must still have the right to give it, except a chair who named who stands in for them."""
        super().ensure_may_confirm(db, actor, subject, request)
        asked_by = PeopleService(db).actor(request.requested_by_id) if request.requested_by_id else None
        where = subject.forum, subject.organisation_id
        is_deputy = subject.deputy_of_id is not None
        if asked_by and not is_deputy and Role(subject.role) not in policy.roles_to_give(asked_by, *where):
            raise NotAllowed(action=self.action)

    def may_end(self, actor: Actor, subject: Mandate, request: ApprovalRequest) -> bool:
        is_own = actor.person_id is not None and actor.person_id == request.requested_by_id
        if is_own or actor.is_operator or actor.person_id != subject.person_id:
            return is_own or actor.is_operator or self.may_confirm(actor, subject, request)
        return self.may_confirm(actor, subject, request) and not self.other_than_holder(subject, request)

    def other_than_holder(self, subject: Mandate, request: ApprovalRequest) -> bool:
        """Whether the end of a role can be confirmed by another than its holder, who cannot refuse it then."""
        db = sa.orm.object_session(subject)
        others = confirming_people(db, subject.forum) if isinstance(db, Db) else ()
        return any(
            other.person_id != subject.person_id and self.may_confirm(other, subject, request) for other in others
        )

    def announce(self, db: Db, request: ApprovalRequest, actor: Actor) -> None:
        mandate = _mandate(db, request)
        for other in confirming_people(db, mandate.forum):
            if other.person_id and self.may_confirm(other, mandate, request):
                publish(db, TaskGiven(other.person_id, "role", mandate.forum_id, actor))

    def announce_declined(self, db: Db, subject: Mandate, request: ApprovalRequest, actor: Actor) -> None:
        if request.requested_by_id is not None:
            publish(db, TaskGiven(request.requested_by_id, "role_declined", subject.forum_id, actor))


ROLE = RoleRule(
    matter=Matter.ROLE,
    kinds=LogKinds("role.asked", "role.taken_back", "role.declined", "role.confirmed"),
    action="roles.assign",
    is_many=True,
)


class RoleService:
    """Requests that a role counts."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.approvals = ApprovalService(db)

    def pending(self, forum: Forum) -> Mapping[UUID, ApprovalRequest]:
        """What waits in a forum, by mandate, in the order of asking."""
        statement = (
            sa.select(ApprovalRequest)
            .where(ApprovalRequest.matter == Matter.ROLE, ApprovalRequest.outcome.is_(None))
            .where(ApprovalRequest.forum_id == forum.id)
            .options(joinedload(ApprovalRequest.requested_by))
            .order_by(ApprovalRequest.requested_at, ApprovalRequest.id)
        )
        return {UUID(request.details["mandate"]): request for request in self.db.scalars(statement)}

    def confirmable(self, forum: Forum, *, actor: Actor) -> Sequence[Mandate]:
        """The mandates that `actor` can confirm."""
        pending = self.pending(forum)
        mandates = {id_: _mandate(self.db, request) for id_, request in pending.items()}
        return [mandate for id_, mandate in mandates.items() if ROLE.may_confirm(actor, mandate, pending[id_])]

    def confirm(self, forum: Forum, mandate_id: UUID, *, actor: Actor) -> Mandate:
        """Let a role count, as the second person, or end; whoever is given it is told.

        Raises `NotFound` where nothing waits, `NotAllowed`, `Invalid` for whoever asked, for a role that is held on
        some of these days by now or has ended, and for a deputy on days that are no longer the chair's.
        """
        mandate, request = self._about(forum, mandate_id)
        self.approvals.confirm(ROLE, mandate, actor=actor, request_id=request.id)
        self.approvals.end(request, Outcome.CONFIRMED, actor=actor)
        starts_on, ends_on = wanted_days(request)
        if is_ending(request) and ends_on:
            return MandateService(self.db).let_end(mandate, ends_on, actor=actor)
        ensure_not_held(mandate.person, mandate, starts_on, ends_on)
        mandate.starts_on, mandate.ends_on = starts_on, ends_on
        self._ensure_within(mandate)
        self.db.flush()
        publish(self.db, RightsChanged(person_id=mandate.person_id, actor=actor))
        task = "deputy" if mandate.deputy_of_id else "role_given"
        giver = PeopleService(self.db).actor(request.requested_by_id) if request.requested_by_id else actor
        publish(self.db, TaskGiven(mandate.person_id, task, forum.id, giver))
        return mandate

    def withdraw(self, forum: Forum, mandate_id: UUID, *, actor: Actor, reason: str = "") -> bool:
        """Take it back, or decline it with a reason: nothing changes. Returns whether it was declined."""
        mandate, request = self._about(forum, mandate_id)
        return self.approvals.withdraw(ROLE, mandate, actor=actor, reason=reason, request_id=request.id)

    def _ensure_within(self, mandate: Mandate) -> None:
        """A deputy's days still are the chair's."""
        chair = self.db.get(Mandate, mandate.deputy_of_id) if mandate.deputy_of_id else None
        if chair and not all(day and chair.as_held().covers(day) for day in (mandate.starts_on, mandate.ends_on)):
            raise Invalid(field="starts_on", reason="outside_mandate")

    def _about(self, forum: Forum, mandate_id: UUID) -> tuple[Mandate, ApprovalRequest]:
        request = self.pending(forum).get(mandate_id)
        mandate = _mandate(self.db, request) if request else None
        if request is None or mandate is None or mandate.person.erased_at is not None:
            raise NotFound(what="request", id=str(mandate_id))
        return mandate, request


def is_ending(request: ApprovalRequest) -> bool:
    """Whether it is about the end of a role, which may have ended otherwise meanwhile."""
    return bool(request.details.get("ends"))


def wanted_days(request: ApprovalRequest) -> tuple[date | None, date | None]:
    """From when until when a role is to count once it is confirmed."""
    first, last = (request.details[name] for name in ("starts_on", "ends_on"))
    return date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None


def waiting_days(db: Db, forum: Forum) -> Mapping[UUID, tuple[date | None, date | None]]:
    """What waits in a forum, by mandate, with the days that are asked for."""
    return {id_: wanted_days(request) for id_, request in RoleService(db).pending(forum).items()}


def ask_for_role(db: Db, event: RoleHeld) -> None:
    """Answer to `RoleHeld`: a second person is asked."""
    mandate = db.get_one(Mandate, event.mandate_id)
    days = {"starts_on": event.starts_on, "ends_on": event.ends_on}
    days_in_words = {name: day.isoformat() if day else None for name, day in days.items()}
    details = {"mandate": str(mandate.id), "role": Role(mandate.role).value, **days_in_words}
    ends = {"ends": True} if event.ends else {}
    ApprovalService(db).ask(ROLE, mandate, actor=event.actor, details={**details, **ends})


def _mandate(db: Db, request: ApprovalRequest) -> Mandate:
    return db.get_one(Mandate, UUID(request.details["mandate"]))


_ACTIONS = {  # by matter, the action that whoever asks needs a right to, and the one of whoever confirms
    Matter.ADOPTION: ("phase.to_adoption_or_published", "request.confirm"),
    Matter.CONSENSUS: ("question.put", "request.confirm"),
    Matter.EMBARGO: ("embargo.change", "request.confirm"),
    Matter.RELEASE: ("embargo.change", "request.confirm"),
    Matter.PUBLICATION: ("edition.publish", "edition.publish"),
    Matter.OVERRIDE: ("readiness.override", "request.confirm"),
    Matter.CORRIGENDUM: ("edition.corrigendum", "edition.corrigendum"),
    Matter.ROLE: ("roles.assign", "roles.assign"),
}


def lapse(db: Db) -> int:
    """End the requests of which one of the two is missing; how many. Whoever is left is told."""
    is_open = (ApprovalRequest.outcome.is_(None), ApprovalRequest.confirmed_by_id.is_(None))
    requests = db.scalars(sa.select(ApprovalRequest).where(*is_open, ApprovalRequest.matter.in_(_ACTIONS))).all()
    lapsed = [request for request in requests if _is_lapsed(db, request, db.get_one(Forum, request.forum_id))]
    for request in lapsed:
        ApprovalService(db).end(request, Outcome.VOID)
        about: dict[str, Any] = {"forum_id": request.forum_id, "declaration_id": request.declaration_id}
        about |= {"request": str(request.id), "matter": request.matter.value}
        log.record(db, "request.lapsed", actor=CALENDAR, **about)
        publish(db, RequestLapsed(request.id, roles_that_may(_ACTIONS[request.matter][1]), CALENDAR))
    return len(lapsed)


def _is_lapsed(db: Db, request: ApprovalRequest, forum: Forum) -> bool:
    people = {person.person_id: person for person in confirming_people(db, forum)}
    if request.matter is Matter.ROLE:
        mandate = _mandate(db, request)
        is_past = _is_past(db, request, mandate)
        return is_past or not any(_can_confirm(db, other, mandate, request) for other in people.values())
    asking, confirming = (roles_that_may(action) for action in _ACTIONS[request.matter])
    asker = people.pop(request.requested_by_id, None)
    may_ask = request.requested_by_id is None or (asker and asker.roles_in(forum.id, clock.now()) & asking)
    return not may_ask or not any(other.roles_in(forum.id, clock.now()) & confirming for other in people.values())


def _is_past(db: Db, request: ApprovalRequest, mandate: Mandate) -> bool:
    """Whether the role would count on no day, or has ended by now."""
    first, last = wanted_days(request)
    if is_ending(request):
        return bool(last and mandate.ends_on and mandate.ends_on <= last)
    chair = db.get(Mandate, mandate.deputy_of_id) if mandate.deputy_of_id else None
    is_without = chair is not None and not all(day and chair.as_held().covers(day) for day in (first, last))
    return is_without or (last is not None and last < clock.today(mandate.forum.timezone))


def _can_confirm(db: Db, actor: Actor, mandate: Mandate, request: ApprovalRequest) -> bool:
    try:
        ROLE.ensure_may_confirm(db, actor, mandate, request)
    except (Invalid, NotAllowed):
        return False
    return mandate.person.erased_at is None


def _lapse(shift: JobContext) -> None:
    with shift.store.writing() as db:
        lapse(db)


LAPSE_REQUESTS = Job("approvals.lapsing", timedelta(minutes=5), _lapse, is_alone=True)
