"""What waits for a second person to confirm it, beside phases and publication: a fixed number of queries."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, field

from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.declarations.models import Declaration
from workspace.editions import corrigendum_policy
from workspace.editions.corrigendum_models import Corrigendum, CorrigendumState
from workspace.editions.embargo import may_confirm as may_confirm_release
from workspace.editions.embargo_models import SealedEdition
from workspace.editions.override_models import ReadinessOverride
from workspace.editions.overriding import OverrideService
from workspace.editions.overriding import may_confirm as may_confirm_override
from workspace.history.erasure import ErasureService
from workspace.history.policy import may_see_requests
from workspace.people.models import Forum
from workspace.web.i18n import N_

OVERRIDE = N_("One thing that stops publication is to go out as it is, and waits for a second person")
RELEASE = N_("Another time for the sealed edition waits for a second person")
CORRIGENDUM = N_("Corrections to the published text wait for a second person")


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
    """What others have asked for: to confirm and to object to, by declaration; people to erase, in the forum."""

    confirmable: Mapping[UUID, Sequence[Confirmable]]
    standing: Mapping[UUID, Sequence[Standing]]
    erasures: int


def asked_by_others(db: Db, forum: Forum, declarations: Sequence[Declaration], *, actor: Actor) -> Asked:
    """What waits for this reader; nothing for whoever has not signed in."""
    if actor.person_id is None:
        return Asked({}, {}, 0)
    corrigenda = _corrigenda(db, declarations)
    found: dict[UUID, list[Confirmable]] = {}
    for key, one in (*_overrides(db, declarations, actor), *_releases(db, declarations, actor)):
        found.setdefault(key, []).append(one)
    for corrigendum in corrigenda:
        if corrigendum_policy.may_confirm(actor, corrigendum):
            page = Confirmable(CORRIGENDUM, "corrigendum", {"number": corrigendum.number})
            found.setdefault(corrigendum.declaration_id, []).append(page)
    standing: dict[UUID, list[Standing]] = {}
    for corrigendum in corrigenda:
        if corrigendum_policy.may_object(actor, corrigendum):
            said = Standing(corrigendum.number, corrigendum.closes_at)
            standing.setdefault(corrigendum.declaration_id, []).append(said)
    return Asked(found, standing, _erasures(db, forum, actor))


def _overrides(db: Db, declarations: Sequence[Declaration], actor: Actor) -> Iterator[tuple[UUID, Confirmable]]:
    """One for each declaration, however many are asked for: they stand on one page."""
    one = ReadinessOverride
    statement = sa.select(one.declaration_id).where(
        one.declaration_id.in_(_ids(declarations)),
        one.confirmed_by_id.is_(None),
        one.dropped_at.is_(None),
        one.edition_id.is_(None),
    )
    waiting = set(db.scalars(statement))
    for declaration in declarations:
        if declaration.id in waiting and any(
            asked.confirmed_by_id is None and may_confirm_override(actor, declaration, asked)
            for asked in OverrideService(db).open_ones(declaration)
        ):
            yield declaration.id, Confirmable(OVERRIDE, "readiness")


def _releases(db: Db, declarations: Sequence[Declaration], actor: Actor) -> Iterator[tuple[UUID, Confirmable]]:
    known = {one.id: one for one in declarations}
    statement = sa.select(SealedEdition).where(
        SealedEdition.declaration_id.in_(known), SealedEdition.asked_by_id.is_not(None)
    )
    for sealed in db.scalars(statement):
        if may_confirm_release(actor, known[sealed.declaration_id], sealed):
            yield sealed.declaration_id, Confirmable(RELEASE, "readiness")


def _corrigenda(db: Db, declarations: Sequence[Declaration]) -> Sequence[Corrigendum]:
    statement = (
        sa.select(Corrigendum)
        .where(Corrigendum.declaration_id.in_(_ids(declarations)))
        .where(Corrigendum.state.in_([CorrigendumState.ASKED, CorrigendumState.SILENT]))
        .order_by(Corrigendum.declaration_id, Corrigendum.number)
    )
    return db.scalars(statement).all()


def _erasures(db: Db, forum: Forum, actor: Actor) -> int:
    """Requests of other administrators."""
    if not may_see_requests(actor, forum):
        return 0
    requests = ErasureService(db).waiting_in(forum, actor=actor)
    return sum(request.requested_by_id != actor.person_id for request, _ in requests)


def _ids(declarations: Sequence[Declaration]) -> list[UUID]:
    return [one.id for one in declarations]
