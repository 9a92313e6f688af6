"""Recommendations as programs read and settle them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from workspace.recommendations.models import Recommendation, Standing


class RecommendationOut(Struct, frozen=True, kw_only=True):
    """What a session hands to the drafters: `text` is verbatim, `line` counts from 1 in the source document."""

    id: UUID
    number: int
    session_id: UUID
    session_title: str
    language: str
    text: str
    section: str
    line: int | None
    marker: str
    standing: Standing
    decided_at: datetime | None

    @classmethod
    def of(cls, one: Recommendation) -> "RecommendationOut":
        return cls(
            id=one.id,
            number=one.number,
            session_id=one.session_id,
            session_title=one.session.title,
            language=one.language,
            text=one.text,
            section=one.section,
            line=one.line,
            marker=one.marker,
            standing=one.standing,
            decided_at=one.decided_at,
        )


class RecommendationsOut(Struct, frozen=True, kw_only=True):
    """A page of the register in the order of the numbers. `next` is the cursor of the page after it."""

    items: list[RecommendationOut]
    next: str | None = None

    @classmethod
    def of(cls, found: Sequence[Recommendation], cursor: str | None = None) -> "RecommendationsOut":
        return cls(items=[RecommendationOut.of(one) for one in found], next=cursor)


class SettlementIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which proposals to confirm or drop, by number; no numbers means every proposal that is still open."""

    standing: Literal["confirmed", "dropped"]
    numbers: Annotated[list[Annotated[int, Meta(ge=1, le=2_000_000_000)]], Meta(max_length=1_000)] | None = None

    def to_standing(self) -> Standing:
        return Standing(self.standing)
