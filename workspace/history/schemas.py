"""Checkpoints and proofs, as JSON."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from workspace.approvals.models import ApprovalRequest, Outcome
from workspace.core.shapes import Shape, filled
from workspace.history.signing import KnownKey


class CheckpointOut(Shape, frozen=True):
    """A signed checkpoint of the log. `root` is hexadecimal; `note` is what was signed, word for word."""

    size: int
    root: str
    note: str
    key: str
    made_at: datetime


class CheckpointsOut(Shape, frozen=True):
    """Checkpoints, the newest first. `next` is the cursor of the page after this one."""

    items: Sequence[CheckpointOut]
    next: str | None


class ConsistencyOut(msgspec.Struct, frozen=True):
    """That the log of `size` entries begins with that of `since`: hashes as RFC 6962, 2.1.2, hexadecimal."""

    since: int
    size: int
    path: Sequence[str]


class InclusionOut(msgspec.Struct, frozen=True):
    """That the entry with this `sequence` is in the log of `size` entries: RFC 6962, 2.1.1; its leaf is `index`."""

    sequence: int
    index: int
    size: int
    leaf: str
    path: Sequence[str]


class KeyOut(msgspec.Struct, frozen=True):
    """A public key, and the entries of the log from which and before which it is in force."""

    key: str
    public: str
    since: int
    until: int | None
    end: str | None

    @classmethod
    def of(cls, known: KnownKey) -> "KeyOut":
        return filled(cls, known, key=known.hint, public=known.public.line)


class KeysOut(msgspec.Struct, frozen=True):
    """The keys that checkpoints are signed with, oldest first."""

    items: Sequence[KeyOut]


class ErasureIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to erase (oneself, if nobody is named), and whether the words of their comments go too."""

    person_id: UUID | None = None
    withdraws_comments: bool = False


class ErasureOut(msgspec.Struct, frozen=True):
    """A request to erase a person. It is done once it has been confirmed."""

    id: UUID
    person_id: UUID
    withdraws_comments: bool
    requested_at: datetime
    is_done: bool

    @classmethod
    def of(cls, request: ApprovalRequest) -> "ErasureOut":
        return cls(
            id=request.id,
            person_id=msgspec.convert(request.person_id, UUID),
            withdraws_comments=request.details["withdraws_comments"],
            requested_at=request.requested_at,
            is_done=request.outcome is Outcome.CONFIRMED,
        )


class ErasuresOut(msgspec.Struct, frozen=True):
    """Requests of administrators that wait for a second one, the oldest first."""

    items: list[ErasureOut]
