"""Which obstacles to publication two people have let go out as they are: asked by readiness, whatever it finds."""

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, convert, to_builtins

from drafts.blocks import Language
from workspace.approvals.models import ApprovalRequest, Matter, Outcome
from workspace.approvals.service import ApprovalService, LogKinds
from workspace.core.db import Db
from workspace.declarations import queries
from workspace.declarations.approvals import DeclarationRule
from workspace.declarations.models import Declaration
from workspace.declarations.queries import BlockRow
from workspace.editions.models import Edition


class Obstacle(StrEnum):
    """What kind of thing stops publication, of those that can be overridden: the text is there, but not vouched for."""

    STATE = "state"
    CONTRADICTION = "contradiction"
    SIGNATURE = "signature"


class Named(Struct, frozen=True, rename={"block_id": "block"}):
    """One obstacle by its name: what kind, in which paragraph, in which language, found by which check."""

    obstacle: Obstacle
    block_id: UUID | None = None
    language: Language | None = None
    check: str = ""

    def __str__(self) -> str:
        return "/".join((self.obstacle, str(self.block_id or ""), self.language or "", self.check))


class OverrideRule(DeclarationRule, frozen=True, kw_only=True):
    """An override holds as long as the texts are those that two people looked at."""

    def valid(self, db: Db, subject: Declaration, requests: list[ApprovalRequest]) -> list[ApprovalRequest]:
        rows = queries.head_rows(db, subject)
        return [one for one in requests if one.details["seen"] == seen(named(one), rows)]


OVERRIDE = OverrideRule(
    matter=Matter.OVERRIDE,
    kinds=LogKinds("override.requested", "override.dropped", "override.declined", "override.confirmed"),
    what="override",
    id_fact="override",
    action="readiness.override",
    is_many=True,
    is_lasting=True,
)


def let_out(db: Db, declaration: Declaration) -> frozenset[Named]:
    """What has been overridden and still is. Mostly nothing."""
    return frozenset(
        named(one) for one in ApprovalService(db).valid_requests(OVERRIDE, declaration) if one.confirmed_by_id
    )


def behind(db: Db, edition: Edition) -> Sequence[ApprovalRequest]:
    """Those with which an edition went out."""
    kept = sa.select(ApprovalRequest).where(ApprovalRequest.edition_id == edition.id)
    return db.scalars(kept.order_by(ApprovalRequest.requested_at, ApprovalRequest.id)).all()


def go_out_with(db: Db, declaration: Declaration, edition: Edition) -> Sequence[ApprovalRequest]:
    """Note for good what this edition goes out with; what was never confirmed, or is void, ends."""
    service = ApprovalService(db)
    used = [one for one in service.valid_requests(OVERRIDE, declaration) if one.confirmed_by_id]
    for request in service.open_requests(OVERRIDE, declaration):
        service.end(request, Outcome.CONFIRMED if request in used else Outcome.VOID)
    for request in used:
        request.edition_id = edition.id
    return used


def details(obstacle: Named, rows: Sequence[BlockRow]) -> Mapping[str, str | None]:
    """What a request to override it keeps, and the log says of it."""
    return {**to_builtins(obstacle), "seen": seen(obstacle, rows)}


def named(override: ApprovalRequest) -> Named:
    """The obstacle that a request is about."""
    return convert(override.details, Named)


def seen(obstacle: Named, rows: Sequence[BlockRow]) -> str:
    """Stands for the texts that an obstacle is about: of its paragraph in every language, or of a whole language."""
    texts: Mapping[UUID, Sequence[str]] = {
        row.block_id: [str(row.texts[one].id) for one in _languages(obstacle) if one in row.texts]
        for row in rows
        if obstacle.block_id in {None, row.block_id}
    }
    lines = "\n".join(" ".join((str(block_id), *ids)) for block_id, ids in texts.items())
    return hashlib.sha256(lines.encode()).hexdigest()


def _languages(obstacle: Named) -> Sequence[Language]:
    return tuple(Language) if obstacle.block_id is not None or obstacle.language is None else (obstacle.language,)
