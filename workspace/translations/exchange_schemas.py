"""Translators' files and suggestions, as programs read and write them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from drafts.blocks import Language
from workspace.translations.exchanging import Fate, Outcome
from workspace.translations.models import Suggestion, SuggestionSource


class OutcomeOut(Struct, frozen=True, kw_only=True):
    """What became of one unit of a file: `line` is where it stands there, `lost` how many marks were left out."""

    block: str
    line: int
    fate: Fate
    lost: int


class OutcomesOut(Struct, frozen=True, kw_only=True):
    """What became of a file, unit by unit."""

    units: list[OutcomeOut]

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "OutcomesOut":
        return cls(units=[OutcomeOut(block=one.block, line=one.line, fate=one.fate, lost=one.lost) for one in outcomes])


class SuggestionOut(Struct, frozen=True, kw_only=True):
    """Words that wait beside a text. `amendment_id` where they were prepared for one that is tabled."""

    id: UUID
    block_id: UUID
    language: Language
    content: str
    came_from: SuggestionSource
    origin: str
    amendment_id: UUID | None
    made_by_id: UUID | None
    made_at: datetime

    @classmethod
    def of(cls, one: Suggestion) -> "SuggestionOut":
        return cls(
            id=one.id,
            block_id=one.block_id,
            language=one.language,
            content=one.content,
            came_from=one.came_from,
            origin=one.origin,
            amendment_id=one.amendment_id,
            made_by_id=one.made_by_id,
            made_at=one.made_at,
        )


class SuggestionsOut(Struct, frozen=True, kw_only=True):
    """What waits beside the texts of a declaration."""

    suggestions: list[SuggestionOut]

    @classmethod
    def of(cls, some: Iterable[Suggestion]) -> "SuggestionsOut":
        return cls(suggestions=[SuggestionOut.of(one) for one in some])


class PreparedIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a tabled amendment would make of a paragraph, in another language."""

    block_id: UUID
    language: Language
    content: Annotated[str, Meta(max_length=20_000)]


class SettlementIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a suggestion was taken into the text."""

    is_taken: bool
