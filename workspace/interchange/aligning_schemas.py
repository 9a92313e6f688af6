"""Texts written apart, put side by side: what is doubtful about it, and what somebody decides, as programs see it."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from drafts.aligning import Choice, choices
from drafts.alignment import Doubt, Row, doubtful
from drafts.blocks import Language
from workspace.declarations.schemas import DeclarationIn, TextsIn


class RowChoiceIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of one doubtful row, by its `row` in the answer that told of it."""

    row: Annotated[int, Meta(ge=0, le=100_000)]
    choice: Choice


class AlignedIn(DeclarationIn, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A declaration to take in, with what was decided about doubtful rows; a row nobody decides about stands."""

    decided: Annotated[tuple[RowChoiceIn, ...], Meta(max_length=20_000)] = ()

    def to_decided(self) -> Mapping[int, Choice]:
        return {one.row: one.choice for one in self.decided}


class SideBySideIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Texts to put side by side, without keeping anything."""

    texts: TextsIn


class RowOut(Struct, frozen=True, kw_only=True):
    """A row that somebody should look at: its texts, why, for which language the least speaks, and what can be done."""

    row: int
    es: str | None
    en: str | None
    fr: str | None
    confidence: float
    doubt: Doubt
    odd: Language | None
    choices: list[Choice]


class SideBySideOut(Struct, frozen=True, kw_only=True):
    """How many rows there are, and the doubtful ones among them."""

    total: int
    doubtful: list[RowOut]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "SideBySideOut":
        return cls(total=len(rows), doubtful=[_row(rows, index) for index in doubtful(rows)])


def _row(rows: Sequence[Row], index: int) -> RowOut:
    row = rows[index]
    es, en, fr = (block.text if (block := row.block(one)) else None for one in Language)
    return RowOut(
        row=index,
        es=es,
        en=en,
        fr=fr,
        confidence=row.confidence,
        doubt=row.doubt or Doubt.WEAK,
        odd=row.odd,
        choices=list(choices(rows, index)),
    )
