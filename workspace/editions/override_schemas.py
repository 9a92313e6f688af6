"""Overrides of what stops publication, as programs read and write them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct, convert

from drafts.blocks import Language
from workspace.approvals.models import ApprovalRequest
from workspace.editions.override_rules import Named, Obstacle, named
from workspace.editions.overriding import LONGEST_REASON


class OverrideIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One obstacle, named as readiness names it, and the reason for letting it be.

    `check` is the check of a contradiction, or the state of a text; `block_id` is null for the signature of a
    whole language. The reason becomes part of the edition's public record.
    """

    obstacle: Obstacle
    reason: Annotated[str, Meta(max_length=LONGEST_REASON)]
    block_id: UUID | None = None
    language: Language | None = None
    check: Annotated[str, Meta(max_length=60)] = ""

    def named(self) -> Named:
        return Named(self.obstacle, self.block_id, self.language, self.check)


class ObstacleOut(Struct, frozen=True, kw_only=True):
    """One obstacle as a program names it to have it overridden."""

    obstacle: Obstacle
    block_id: UUID | None
    language: Language | None
    check: str

    @classmethod
    def of(cls, one: Named) -> "ObstacleOut":
        return convert(one, cls, from_attributes=True)


class OverrideOut(Struct, frozen=True, kw_only=True):
    """An obstacle that one person asked to override; once `confirmed_at` is there it stops publication no longer."""

    id: UUID
    obstacle: Obstacle
    block_id: UUID | None
    language: Language | None
    check: str
    reason: str
    requested_at: datetime
    confirmed_at: datetime | None

    @classmethod
    def of(cls, one: ApprovalRequest) -> "OverrideOut":
        obstacle = named(one)
        return cls(
            id=one.id,
            obstacle=obstacle.obstacle,
            block_id=obstacle.block_id,
            language=obstacle.language,
            check=obstacle.check,
            reason=one.reason,
            requested_at=one.requested_at,
            confirmed_at=one.confirmed_at,
        )


class OverridesOut(Struct, frozen=True, kw_only=True):
    """What waits or is confirmed, and what could be overridden; void ones are left out."""

    items: list[OverrideOut]
    obstacles: list[ObstacleOut]


class EditionOverridesOut(Struct, frozen=True, kw_only=True):
    """With what an edition went out, in the order of asking."""

    items: list[OverrideOut]
