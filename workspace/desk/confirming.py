"""What waits for a second person to confirm it: a fixed number of queries."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, field

from workspace.approvals.models import ApprovalRequest, Matter
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.declarations.approvals import ADOPTION, EMBARGO, DeclarationRule
from workspace.declarations.models import Declaration
from workspace.editions import corrigendum_policy
from workspace.editions.approvals import CORRIGENDUM, PUBLICATION, RELEASE
from workspace.editions.corrigendum_models import Corrigendum, CorrigendumState
from workspace.editions.override_rules import OVERRIDE
from workspace.editions.overriding import OverrideService
from workspace.history.erasure import ErasureService
from workspace.history.policy import may_see_requests
from workspace.people.models import Forum
from workspace.web.i18n import N_

SOMETHING = N_("Something waits for you to confirm it, as the second person")
LET_OUT = N_("One thing that stops publication is to go out as it is, and waits for a second person")
LET_OUT = N_("One thing that stops publication is to go out as it is, and waits for a second person")
RULES: Mapping[Matter, tuple[DeclarationRule, str, str]] = {  # with what is said of a request, and its page
    rule.matter: (rule, said, route)
    for rule, said, route in (
        (ADOPTION, SOMETHING, "phase"),
        (EMBARGO, SOMETHING, "phase"),
        (PUBLICATION, N_("Publication waits for you to confirm it, as the second person"), "readiness"),
        (OVERRIDE, LET_OUT, "readiness"),
        (RELEASE, N_("Another time for the sealed edition waits for a second person"), "readiness"),
        (CORRIGENDUM, N_("Corrections to the published text wait for a second person"), "corrigendum"),
    )
}


class Confirmable(Struct, frozen=True):
    """One thing that this reader can confirm: what it is (a message), and the page on which it is done."""

    title: str
    route: str
    values: Mapping[str, object] = field(default_factory=dict)


class Standing(Struct, frozen=True):
    """Corrections that stand unless a member objects in time, and this reader may."""

    number: int
    closes_at: datetime | None


class Asked(Struct, frozen=True):
    """What others have asked for: to confirm and to object to, by declaration; people to erase, in the forum.

    `publications` are the declarations whose publication has been asked for, by whomever.
    """

    confirmable: Mapping[UUID, Sequence[Confirmable]]
    standing: Mapping[UUID, Sequence[Standing]]
    publications: Collection[UUID]
    erasures: int


def asked_by_others(db: Db, forum: Forum, declarations: Sequence[Declaration], *, actor: Actor) -> Asked:
    """What waits for this reader; nothing for whoever has not signed in."""
    if actor.person_id is None:
        return Asked({}, {}, (), 0)
    known = {one.id: one for one in declarations}
    requests = [(known[one.declaration_id], one) for one in _waiting(db, known) if one.declaration_id]
    found: dict[UUID, list[Confirmable]] = {}
    for declaration, request in requests:
        rule, said, route = RULES[request.matter]
        if rule.may_confirm(actor, declaration, request):
            values = {"number": request.details["number"]} if rule is CORRIGENDUM else {}
            found.setdefault(declaration.id, []).append(Confirmable(said, route, values))
    publications = {declaration.id for declaration, request in requests if request.matter is PUBLICATION.matter}
    return Asked(found, _standing(db, known, actor), publications, _erasures(db, forum, actor))


def _waiting(db: Db, known: Mapping[UUID, Declaration]) -> Iterator[ApprovalRequest]:
    """Without what a later text has voided; one override of a declaration, however many: they stand on one page."""
    statement = sa.select(ApprovalRequest).where(
        ApprovalRequest.declaration_id.in_(known),
        ApprovalRequest.outcome.is_(None),
        ApprovalRequest.confirmed_by_id.is_(None),
    )
    seen: set[tuple[Matter, UUID]] = set()
    for request in db.scalars(statement.order_by(ApprovalRequest.requested_at, ApprovalRequest.id)):
        if request.declaration_id is None or (request.matter, request.declaration_id) in seen:
            continue
        seen.add((request.matter, request.declaration_id))
        declaration = known[request.declaration_id]
        if request.matter is OVERRIDE.matter:
            valid = OverrideService(db).open_ones(declaration)
            yield from [one for one in valid if one.is_waiting][:1]
        elif not RULES[request.matter][0].is_about_text or declaration.head_id == request.revision_id:
            yield request


def _standing(db: Db, known: Mapping[UUID, Declaration], actor: Actor) -> Mapping[UUID, Sequence[Standing]]:
    statement = (
        sa.select(Corrigendum)
        .where(Corrigendum.declaration_id.in_(known), Corrigendum.state == CorrigendumState.SILENT)
        .order_by(Corrigendum.declaration_id, Corrigendum.number)
    )
    standing: dict[UUID, list[Standing]] = {}
    for corrigendum in db.scalars(statement):
        if corrigendum_policy.may_object(actor, corrigendum):
            said = Standing(corrigendum.number, corrigendum.closes_at)
            standing.setdefault(corrigendum.declaration_id, []).append(said)
    return standing


def _erasures(db: Db, forum: Forum, actor: Actor) -> int:
    """Requests of other administrators."""
    if not may_see_requests(actor, forum):
        return 0
    requests = ErasureService(db).waiting_in(forum, actor=actor)
    return sum(request.requested_by_id != actor.person_id for request, _ in requests)
