"""Requests lapse where one of the two can no longer be: they left, were erased, or their role is over."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from workspace.approvals.models import ApprovalRequest, Matter, Outcome
from workspace.approvals.roles import ROLE, is_ending, wanted_days
from workspace.approvals.service import ApprovalService
from workspace.core import clock
from workspace.core.actor import CALENDAR, Actor
from workspace.core.errors import Invalid, NotAllowed
from workspace.core.events import RequestLapsed, publish
from workspace.core.jobs import Job, JobContext
from workspace.core.security.permissions import roles_that_may
from workspace.core.storage import log
from workspace.core.storage.db import Db
from workspace.people.mandates import confirming_people
from workspace.people.models import Forum, Mandate

ASKED = {  # by matter, the action that whoever asks needs a right to, and the one of whoever confirms
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
    waiting = (ApprovalRequest.outcome.is_(None), ApprovalRequest.confirmed_by_id.is_(None))
    asked = db.scalars(sa.select(ApprovalRequest).where(*waiting, ApprovalRequest.matter.in_(ASKED))).all()
    lapsed = [request for request in asked if _is_lapsed(db, request, db.get_one(Forum, request.forum_id))]
    for request in lapsed:
        ApprovalService(db).end(request, Outcome.VOID)
        where = {"forum_id": request.forum_id, "declaration_id": request.declaration_id}
        facts = {"request": str(request.id), "matter": request.matter.value}
        log.record(db, "request.lapsed", actor=CALENDAR, **where, **facts)
        publish(db, RequestLapsed(request.id, roles_that_may(ASKED[request.matter][1]), CALENDAR))
    return len(lapsed)


def _is_lapsed(db: Db, request: ApprovalRequest, forum: Forum) -> bool:
    people = {person.person_id: person for person in confirming_people(db, forum)}
    if request.matter is Matter.ROLE:
        mandate = db.get_one(Mandate, UUID(request.details["mandate"]))
        is_past = _is_past(db, request, mandate)
        return is_past or not any(_can_confirm(db, other, mandate, request) for other in people.values())
    asking, confirming = (roles_that_may(action) for action in ASKED[request.matter])
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
