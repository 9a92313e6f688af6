"""What changed since a translation was made, as programs read it."""

from uuid import UUID

from msgspec import Struct

from drafts.blocks import Language
from drafts.staleness import State
from workspace.amendments.schemas import DecisionOut
from workspace.declarations.queries import BlockRow
from workspace.declarations.schemas import TextOut
from workspace.translations.since import Since


class CounterpartOut(Struct, frozen=True, kw_only=True):
    """What the third language made of the same change: its text then and now."""

    language: Language
    before: TextOut
    now: TextOut


class SinceOut(Struct, frozen=True, kw_only=True):
    """Everything since a translation agreed with its original: words, decisions, number, splits and joins.

    `before` is the original of that time, null where nothing has changed in it or no agreement is known. Numbers
    are language-neutral; `number_then` is null where the paragraph had none, or is new.
    """

    block_id: UUID
    language: Language
    state: State
    before: TextOut | None
    now: TextOut | None
    decisions: list[DecisionOut]
    number_then: str | None
    number_now: str | None
    split_from: UUID | None
    split_into: list[UUID]
    joined: list[UUID]
    counterparts: list[CounterpartOut]

    @classmethod
    def of(cls, row: BlockRow, language: Language, state: State, since: Since) -> "SinceOut":
        now, shape = row.texts.get(row.original_language), since.shape
        return cls(
            block_id=row.block_id,
            language=language,
            state=state,
            before=TextOut.of(since.before) if since.before else None,
            now=TextOut.of(now) if now else None,
            decisions=[DecisionOut.of(one) for one in since.decisions],
            number_then=shape.number_then or None,
            number_now=shape.number_now or None,
            split_from=shape.split_from,
            split_into=list(shape.split_into),
            joined=list(shape.joined),
            counterparts=[
                CounterpartOut(language=one, before=TextOut.of(then), now=TextOut.of(row.texts[one]))
                for one, then in since.counterparts.items()
            ],
        )
