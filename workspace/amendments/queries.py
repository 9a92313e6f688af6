"""Finding amendments and decisions: statements that load all that a page or a merge needs, for any number of them."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from workspace.amendments.models import (
    Amendment,
    AmendmentVersion,
    ChangeRecord,
    Decision,
    Disposition,
    ShownText,
)
from workspace.core.actor import Actor
from workspace.declarations.models import Declaration, TextVersion
from workspace.declarations.policy import may_do


def readable(declaration: Declaration, *, actor: Actor) -> sa.Select[Amendment]:
    """The amendments that `actor` may read, by number, with proposers, organisations, versions and their texts."""
    statement = (
        sa.select(Amendment)
        .where(Amendment.declaration_id == declaration.id)
        .options(
            joinedload(Amendment.proposer),
            joinedload(Amendment.organisation),
            selectinload(Amendment.versions).options(
                selectinload(AmendmentVersion.changes),
                selectinload(AmendmentVersion.shown).joinedload(ShownText.text),
                joinedload(AmendmentVersion.base_revision),
            ),
        )
        .order_by(Amendment.number)
    )
    if not may_do(actor, "amendment.read_others", declaration):
        statement = statement.where(Amendment.proposer_id == actor.person_id)
    return statement


def about(statement: sa.Select[Amendment], block_id: UUID) -> sa.Select[Amendment]:
    """Of those, the ones that change one block, or put something new after it."""
    concern = sa.select(AmendmentVersion.amendment_id).where(
        sa.or_(
            AmendmentVersion.changes.any(ChangeRecord.block_id == block_id),
            AmendmentVersion.shown.any(ShownText.text.has(TextVersion.block_id == block_id)),
        )
    )
    return statement.where(Amendment.id.in_(concern))


def counted(declaration: Declaration, *, actor: Actor) -> sa.Select[UUID | None, int]:
    """How many undecided amendments concern each block, as `block_id` and `amendments`."""
    statement = (
        sa.select(ChangeRecord.block_id, sa.func.count(sa.distinct(Amendment.id)).label("amendments"))
        .join(AmendmentVersion, AmendmentVersion.id == ChangeRecord.version_id)
        .join(Amendment, Amendment.id == AmendmentVersion.amendment_id)
        .where(
            Amendment.declaration_id == declaration.id,
            Amendment.disposition.in_([one for one in Disposition if one.is_undecided]),
            ChangeRecord.block_id.is_not(None),
        )
        .group_by(ChangeRecord.block_id)
    )
    if not may_do(actor, "amendment.read_others", declaration):
        statement = statement.where(Amendment.proposer_id == actor.person_id)
    return statement


def decided(declaration: Declaration) -> sa.Select[Decision]:
    """Every decision in order, with its amendment, its revision and who took it."""
    return (
        sa.select(Decision)
        .where(Decision.declaration_id == declaration.id)
        .options(joinedload(Decision.amendment), joinedload(Decision.decided_by), joinedload(Decision.revision))
        .order_by(Decision.number)
    )
