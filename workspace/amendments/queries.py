"""Finding amendments and decisions: statements that load all that a page or a merge needs, for any number of them."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from drafts.amendments import ChangeOp
from drafts.blocks import Language
from workspace.amendments.models import (
    Amendment,
    AmendmentVersion,
    Carrying,
    ChangeRecord,
    Cosponsor,
    Decision,
    Disposition,
    ShownText,
    Support,
)
from workspace.amendments.touching import Touched
from workspace.core.actor import Actor
from workspace.declarations.models import Declaration, TextVersion
from workspace.declarations.policy import may_do

Selecting = TypeVar("Selecting", bound=sa.Select[*tuple[Any, ...]])
UNDECIDED = [one for one in Disposition if one.is_undecided]


def readable(declaration: Declaration, *, actor: Actor) -> sa.Select[Amendment]:
    """The amendments that `actor` may read, by number, with all that a page or a merge needs of them."""
    return permitted(every(declaration), declaration, actor)


def permitted(statement: Selecting, declaration: Declaration, actor: Actor) -> Selecting:
    """Of what is selected of amendments, that of those of this declaration that `actor` may read."""
    statement = statement.where(Amendment.declaration_id == declaration.id)
    if not may_do(actor, "amendment.read_others", declaration):
        statement = statement.where(Amendment.proposer_id == actor.person_id)
    return statement


def every(declaration: Declaration) -> sa.Select[Amendment]:
    """The same for who may read them all."""
    return (
        sa.select(Amendment)
        .where(Amendment.declaration_id == declaration.id)
        .options(joinedload(Amendment.proposer), joinedload(Amendment.organisation), *whole(), *backed())
        .order_by(Amendment.number)
    )


def ruled(declaration: Declaration, *, with_backers: bool) -> sa.Select[Amendment]:
    """Those that are ruled on, with what ruling takes, in few queries: they are few, and so are their versions."""
    children = joinedload(Amendment.children).options(
        joinedload(Amendment.proposer), joinedload(Amendment.organisation)
    )
    return (
        sa.select(Amendment)
        .where(Amendment.declaration_id == declaration.id)
        .options(
            joinedload(Amendment.proposer),
            joinedload(Amendment.organisation),
            joinedload(Amendment.parent),
            _shown(joinedload(Amendment.versions), joinedload(AmendmentVersion.shown)),
            children,
            _shown(
                joinedload(Amendment.children).selectinload(Amendment.versions), selectinload(AmendmentVersion.shown)
            ),
            *((_backers(selectinload(kind), of) for kind, of in _BACKERS) if with_backers else ()),
        )
    )


def named(declaration: Declaration, *, actor: Actor) -> sa.Select[Amendment]:
    """Those that `actor` may read, by number, with whose they are and nothing else."""
    statement = sa.select(Amendment).options(joinedload(Amendment.proposer), joinedload(Amendment.organisation))
    return permitted(statement, declaration, actor).order_by(Amendment.number)


def one(amendment_id: UUID) -> sa.Select[Amendment]:
    """One amendment, with its declaration."""
    return (
        sa.select(Amendment)
        .where(Amendment.id == amendment_id)
        .options(joinedload(Amendment.declaration), *whole(), *backed())
    )


def backed() -> tuple[Any, ...]:
    """Load who stands behind amendments and behind those to them."""
    children = selectinload(Amendment.children)
    return (
        *(_backers(selectinload(kind), of) for kind, of in _BACKERS),
        *(_backers(children.selectinload(kind), of) for kind, of in _BACKERS),
    )


_BACKERS: tuple[tuple[Any, type[Cosponsor | Support]], ...] = (
    (Amendment.cosponsors, Cosponsor),
    (Amendment.supports, Support),
)


def _backers(path: Any, of: type[Cosponsor | Support]) -> Any:
    return path.options(joinedload(of.person), joinedload(of.organisation))


def whole() -> tuple[Any, ...]:
    """Load what a merge needs: versions with their texts, how they were carried, and the amendments to them."""
    return (
        _versions(selectinload(Amendment.versions)),
        selectinload(Amendment.carryings).options(joinedload(Carrying.revision)),
        joinedload(Amendment.parent),
        selectinload(Amendment.children).options(joinedload(Amendment.proposer), joinedload(Amendment.organisation)),
        _versions(selectinload(Amendment.children).selectinload(Amendment.versions)),
    )


def _versions(path: Any) -> Any:
    shown = selectinload(AmendmentVersion.shown)
    return _shown(path.options(selectinload(AmendmentVersion.changes)), shown)


def _shown(path: Any, shown: Any) -> Any:
    return path.options(
        shown.joinedload(ShownText.text),
        joinedload(AmendmentVersion.base_revision),
        selectinload(AmendmentVersion.parent_version).selectinload(AmendmentVersion.shown).joinedload(ShownText.text),
    )


def touched(declaration: Declaration, changed: Mapping[Language, Touched]) -> sa.Select[Amendment]:
    """The open amendments to the text that a change of it concerns; it may give a few that it does not.

    What was moved, or put at the beginning, names no block by which it could be left out.
    """
    concerned = sa.or_(*(_concerned(language, key) for language, key in changed.items()))
    return (
        sa.select(Amendment)
        .where(
            Amendment.declaration_id == declaration.id,
            Amendment.parent_id.is_(None),
            Amendment.disposition.in_(UNDECIDED),
            concerned,
        )
        .options(*whole())
        .order_by(Amendment.number)
    )


def _concerned(language: Language, changed: Touched) -> sa.ColumnElement[bool]:
    is_concerned = [
        ChangeRecord.block_id.in_(changed.blocks),
        ChangeRecord.op == ChangeOp.MOVE,
        ChangeRecord.block_id.is_(None),
    ]
    if changed.is_reordered:
        is_concerned.append(ChangeRecord.op != ChangeOp.REWORD)
    versions = sa.select(AmendmentVersion.amendment_id)
    by_change = versions.join(ChangeRecord, ChangeRecord.version_id == AmendmentVersion.id).where(sa.or_(*is_concerned))
    by_text = (
        versions.join(ShownText, ShownText.version_id == AmendmentVersion.id)
        .join(TextVersion, TextVersion.id == ShownText.text_version_id)
        .where(TextVersion.block_id.in_(changed.blocks))
    )
    return sa.and_(Amendment.language == language, sa.or_(Amendment.id.in_(by_change), Amendment.id.in_(by_text)))


def about(statement: sa.Select[Amendment], *block_ids: UUID | None) -> sa.Select[Amendment]:
    """Of those, the ones that change one of these blocks, or put something new after it.

    None is the beginning of the text.
    """
    known = [block_id for block_id in block_ids if block_id is not None]
    place: sa.ColumnElement[bool] = ChangeRecord.block_id.in_(known)
    if len(known) < len(block_ids):
        place = sa.or_(place, ChangeRecord.block_id.is_(None))
    versions = sa.select(AmendmentVersion.amendment_id)
    by_change = versions.join(ChangeRecord, ChangeRecord.version_id == AmendmentVersion.id).where(place)
    by_text = (
        versions.join(ShownText, ShownText.version_id == AmendmentVersion.id)
        .join(TextVersion, TextVersion.id == ShownText.text_version_id)
        .where(TextVersion.block_id.in_(known))
    )
    return statement.where(Amendment.id.in_(by_change.union(by_text)))


def counted(declaration: Declaration, *, actor: Actor) -> sa.Select[UUID | None, int]:
    """How many undecided amendments concern each block, as `block_id` and `amendments`."""
    statement = (
        sa.select(ChangeRecord.block_id, sa.func.count(sa.distinct(Amendment.id)).label("amendments"))
        .join(AmendmentVersion, AmendmentVersion.id == ChangeRecord.version_id)
        .join(Amendment, Amendment.id == AmendmentVersion.amendment_id)
        .where(
            Amendment.disposition.in_(UNDECIDED),
            ChangeRecord.block_id.is_not(None),
        )
        .group_by(ChangeRecord.block_id)
    )
    return permitted(statement, declaration, actor)


def decided(declaration: Declaration) -> sa.Select[Decision]:
    """Every decision in order, with its amendment, its revision and who took it."""
    return (
        sa.select(Decision)
        .where(Decision.declaration_id == declaration.id)
        .options(
            joinedload(Decision.amendment),
            joinedload(Decision.because_of),
            joinedload(Decision.decided_by),
            joinedload(Decision.revision),
        )
        .order_by(Decision.number)
    )
