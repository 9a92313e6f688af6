"""Why a phase was gone back from, a date changed, or a request declined: words that stand in the log alone."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.core.db import Db
from workspace.core.log import LogEntry
from workspace.core.permissions import Phase
from workspace.declarations.policy import ORDER

MOVED, REDATED = "phase.moved", "deadline.changed"
DECLINED: Mapping[str, str] = {  # what a second person was asked for -> what the log says of its refusal
    "adoption": "adoption.declined",
    "embargo": "embargo.declined",
    "publication": "publication.declined",
    "override": "override.declined",
    "release": "edition.release_declined",
    "corrigendum": "corrigendum.declined",
    "erasure": "erasure.declined",
}
_BY_WORD = {phase.name.lower(): phase for phase in Phase}


class Given(Struct, frozen=True):
    """What the log says of one move, one change of dates, or one refusal. `phase` is where a move led."""

    declaration_id: UUID | None
    kind: str
    at: datetime
    reason: str
    phase: Phase | None
    is_back: bool


class ReasonsGiven:
    """The moves, changes of dates and refusals of some declarations; None is for what belongs to none.

    One query, however many there are.
    """

    def __init__(self, db: Db, declaration_ids: Collection[UUID | None]) -> None:
        here = LogEntry.declaration_id
        concerned = [here.in_([one for one in declaration_ids if one])]
        concerned += [here.is_(None)] if None in declaration_ids else []
        kinds = [MOVED, REDATED, *DECLINED.values()]
        statement = sa.select(LogEntry).where(sa.or_(*concerned), LogEntry.kind.in_(kinds))
        self._given = [_read(entry) for entry in db.scalars(statement)] if declaration_ids else []

    def at(
        self, declaration_id: UUID | None, kind: str, told_at: datetime, *, phase: Phase | None = None
    ) -> Given | None:
        """The one that was told of at `told_at`, in the same unit of work; None where this log does not have it."""
        here = (one for one in self._given if (one.declaration_id, one.kind) == (declaration_id, kind))
        return min((one for one in here if one.phase is phase), key=lambda one: abs(one.at - told_at), default=None)

    def last(self, declaration_id: UUID, kind: str) -> Given | None:
        """The last one of its kind; None where the declaration has gone to another phase since."""
        here = [one for one in self._given if one.declaration_id == declaration_id and one.kind in {MOVED, kind}]
        found = max(here, key=lambda one: one.at, default=None)
        return found if found and found.kind == kind else None


def _read(entry: LogEntry) -> Given:
    facts: Mapping[str, str] = json.loads(entry.entry)["facts"]
    before, phase = _BY_WORD.get(facts.get("before", "")), _BY_WORD.get(facts.get("phase", ""))
    return Given(
        declaration_id=entry.declaration_id,
        kind=entry.kind,
        at=entry.at,
        reason=facts.get("reason", ""),
        phase=phase,
        is_back=before is not None and phase is not None and ORDER.index(phase) < ORDER.index(before),
    )
