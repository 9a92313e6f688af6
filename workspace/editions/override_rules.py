"""Which obstacles to publication two people have let go out as they are: asked by readiness, whatever it finds."""

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.blocks import Language
from workspace.core.db import Db
from workspace.core.readings import read_once
from workspace.declarations import queries
from workspace.declarations.models import Declaration
from workspace.declarations.queries import BlockRow
from workspace.editions.models import Edition
from workspace.editions.override_models import Obstacle, ReadinessOverride


class Named(Struct, frozen=True):
    """One obstacle by its name: what kind, in which paragraph, in which language, found by which check."""

    obstacle: Obstacle
    block_id: UUID | None = None
    language: Language | None = None
    check: str = ""

    def __str__(self) -> str:
        return "/".join((self.obstacle, str(self.block_id or ""), self.language or "", self.check))


def let_out(db: Db, declaration: Declaration) -> frozenset[Named]:
    """What has been overridden and still is: the texts are those that two people looked at. Mostly nothing."""
    found = [one for one in open_ones(db, declaration) if one.confirmed_by_id is not None]
    if not found:
        return frozenset()
    rows = queries.head_rows(db, declaration)
    return frozenset(named(one) for one in found if holds(one, rows))


def open_ones(db: Db, declaration: Declaration) -> Sequence[ReadinessOverride]:
    """Those that were asked for and are neither taken back nor used by an edition, in the order of asking."""
    one = ReadinessOverride
    statement = sa.select(one).where(
        one.declaration_id == declaration.id, one.dropped_at.is_(None), one.edition_id.is_(None)
    )
    ordered = statement.order_by(one.requested_at, one.id)
    return read_once(db, (one, declaration.id), (one,), lambda: db.scalars(ordered).all())


def behind(db: Db, edition: Edition) -> Sequence[ReadinessOverride]:
    """Those with which an edition went out."""
    statement = sa.select(ReadinessOverride).where(ReadinessOverride.edition_id == edition.id)
    return db.scalars(statement.order_by(ReadinessOverride.requested_at, ReadinessOverride.id)).all()


def go_out_with(db: Db, declaration: Declaration, edition: Edition) -> Sequence[ReadinessOverride]:
    """Note for good what this edition goes out with; what was never confirmed, or is void, ends."""
    rows = queries.head_rows(db, declaration)
    used = []
    for one in open_ones(db, declaration):
        if one.confirmed_by_id is not None and holds(one, rows):
            one.edition_id = edition.id
            used.append(one)
        else:
            one.dropped_at = edition.published_at
    return used


def named(override: ReadinessOverride) -> Named:
    return Named(override.obstacle, override.block_id, override.language, override.check)


def holds(override: ReadinessOverride, rows: Sequence[BlockRow]) -> bool:
    """Whether the texts are still those that were looked at."""
    return override.seen == seen(named(override), rows)


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
