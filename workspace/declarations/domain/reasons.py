"""Why a phase was gone back from, or a date changed: words that stand in the log alone."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.core.security.permissions import Phase
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.core.storage.log import LogEntry
from workspace.declarations.domain.policy import ORDER

MOVED, REDATED = "phase.moved", "deadline.changed"
_BY_WORD = {phase.name.lower(): phase for phase in Phase}


class GivenReason(Struct, frozen=True):
    """What the log says of one move or one change of dates. `phase` is where a move led."""

    declaration_id: UUID | None
    kind: str
    at: datetime
    reason: str
    phase: Phase | None
    is_back: bool


class GivenReasons:
    """The moves and changes of dates of some declarations. One query, however many there are."""

    def __init__(self, db: Db, declaration_ids: Collection[UUID | None]) -> None:
        statement = sa.select(LogEntry).where(
            LogEntry.declaration_id.in_(declaration_ids), LogEntry.kind.in_([MOVED, REDATED])
        )
        self._given = [_read(entry) for entry in db.scalars(statement)] if declaration_ids else []

    def at(
        self, declaration_id: UUID | None, kind: str, moment: datetime, *, phase: Phase | None = None
    ) -> GivenReason | None:
        """The one that was told of at `moment`, in the same unit of work; None where this log does not have it."""
        here = (
            given_reason
            for given_reason in self._given
            if (given_reason.declaration_id, given_reason.kind) == (declaration_id, kind)
        )
        return min(
            (given_reason for given_reason in here if given_reason.phase is phase),
            key=lambda given_reason: abs(given_reason.at - moment),
            default=None,
        )

    def last_move(self, declaration_id: UUID) -> datetime | None:
        """When the declaration entered the phase that it is in."""
        here = (
            given_reason.at
            for given_reason in self._given
            if (given_reason.declaration_id, given_reason.kind) == (declaration_id, MOVED)
        )
        return max(here, default=None)


def _read(entry: LogEntry) -> GivenReason:
    facts: Mapping[str, str] = json.loads(entry.entry)["facts"]
    before, phase = _BY_WORD.get(facts.get("before", "")), _BY_WORD.get(facts.get("phase", ""))
    return filled(
        GivenReason,
        entry,
        reason=facts.get("reason", ""),
        phase=phase,
        is_back=before is not None and phase is not None and ORDER.index(phase) < ORDER.index(before),
    )
