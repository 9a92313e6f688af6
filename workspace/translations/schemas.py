"""The text in force and its translations, as programs read and write them."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from drafts.blocks import Language
from drafts.staleness import State
from workspace.declarations.models import Declaration
from workspace.declarations.queries import BlockRow
from workspace.declarations.schemas import (
    Absences,
    BlockOut,
    Reason,
    ReasonsOut,
    RevisionLine,
    StatesOut,
    TextOut,
)

States = Mapping[Language, State]


class StandingOut(Struct, frozen=True, kw_only=True):
    """A block of the text in force, and how each language stands towards its original."""

    block: BlockOut
    states: StatesOut
    absent_because: ReasonsOut


class HeadTextOut(Struct, frozen=True, kw_only=True):
    """What is in force now: the tree of the head revision with the latest text of each language."""

    head: RevisionLine
    blocks: list[StandingOut]

    @classmethod
    def of(
        cls, declaration: Declaration, rows: Sequence[BlockRow], states: Sequence[States], absences: Absences
    ) -> "HeadTextOut":
        blocks = [
            StandingOut(block=block, states=StatesOut.of(state), absent_because=ReasonsOut.of(block.id, absences))
            for block, state in zip(BlockOut.every(rows), states, strict=True)
        ]
        return cls(head=RevisionLine.of(declaration.head), blocks=blocks)


class TextInForceOut(Struct, frozen=True, kw_only=True):
    """The text of one block in one language, null where there is none; its id is what `If-Match` names."""

    block_id: UUID
    language: Language
    original_language: Language
    state: State
    text: TextOut | None

    @classmethod
    def of(cls, row: BlockRow, language: Language, states: States) -> "TextInForceOut":
        version = row.texts.get(language)
        return cls(
            block_id=row.block_id,
            language=language,
            original_language=row.original_language,
            state=states[language],
            text=TextOut.of(version) if version else None,
        )


class TextIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A translation, and the languages its translator had beside it; the original where none is named."""

    content: Annotated[str, Meta(max_length=20_000)]
    sources: Annotated[list[Language], Meta(max_length=3)] = []


class EditorialOut(Struct, frozen=True, kw_only=True):
    """Whether the last change of a text is editorial by now, and who claimed it where a second person is missing."""

    is_confirmed: bool
    claimed_by: str | None


class AbsenceIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a paragraph is to have no text in a language."""

    reason: Reason
