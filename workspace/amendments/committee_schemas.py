"""Opinions, answers, brackets, tables and the status of paragraphs, as programs give and read them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from drafts.blocks import Language
from workspace.amendments.brackets import Wanted
from workspace.amendments.committee_models import (
    Answer,
    Bracket,
    BracketAlternative,
    BracketState,
    Opinion,
    Reply,
    Stance,
    TableSnapshot,
)
from workspace.amendments.schemas import ChangesIn, Wording
from workspace.amendments.snapshots import TableRow, rows_of
from workspace.core.actor import Role
from workspace.core.db import Trilingual
from workspace.declarations.paragraph_models import ParagraphState, ParagraphStatus
from workspace.declarations.schemas import Reason

Counted = Annotated[int, Meta(ge=1, le=2_000_000_000)]


class OpinionIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An opinion on an amendment. `changes` are the words one would put, for `modify`."""

    stance: Stance
    reason: Reason
    changes: ChangesIn = []


class OpinionOut(Struct, frozen=True, kw_only=True):
    """What somebody of the committee advises."""

    stance: Stance
    reason: str
    role: Role
    given_by: str
    given_at: datetime

    @classmethod
    def of(cls, opinion: Opinion) -> "OpinionOut":
        return cls(
            stance=opinion.stance,
            reason=opinion.reason,
            role=opinion.role,
            given_by=opinion.given_by.name if opinion.given_by else "",
            given_at=opinion.given_at,
        )


class OpinionsOut(Struct, frozen=True, kw_only=True):
    """The newest opinion of each person."""

    items: list[OpinionOut]


class AnswerIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the proposer says to other words for their amendment."""

    reply: Reply
    word: Reason = ""


class AnswerOut(Struct, frozen=True, kw_only=True):
    """The same as it is on record."""

    reply: Reply
    word: str
    answered_at: datetime

    @classmethod
    def of(cls, answer: Answer) -> "AnswerOut":
        return cls(reply=answer.reply, word=answer.word, answered_at=answer.answered_at)


class UndoIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which decisions to take back, by the number of their round, and why."""

    round: Counted
    reason: Reason


class WordsIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A wording in the languages that have it."""

    es: Wording = ""
    en: Wording = ""
    fr: Wording = ""


class AlternativeIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One alternative to a paragraph, whole, and the organisations that want it. No text: the paragraph would go."""

    texts: WordsIn = WordsIn()
    organisations: Annotated[list[UUID], Meta(max_length=200)] = []

    def wanted(self) -> Wanted:
        texts = Trilingual(es=self.texts.es, en=self.texts.en, fr=self.texts.fr)
        return Wanted(texts, organisations=tuple(self.organisations))


class BracketIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Alternatives to set beside a paragraph as it stands."""

    block_id: UUID
    language: Language
    alternatives: Annotated[list[AlternativeIn], Meta(min_length=1, max_length=20)]
    reason: Reason = ""


class ResolutionIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The place of the alternative that becomes the text, and the language that leads."""

    alternative: Annotated[int, Meta(ge=0, le=1_000)]
    language: Language
    reason: Reason = ""


class AlternativeOut(Struct, frozen=True, kw_only=True):
    """One alternative, with the amendments and the organisations behind it."""

    position: int
    es: str
    en: str
    fr: str
    is_as_it_stands: bool
    amendments: list[int]
    organisations: list[str]

    @classmethod
    def of(cls, alternative: BracketAlternative) -> "AlternativeOut":
        return cls(
            position=alternative.position,
            es=alternative.texts.es,
            en=alternative.texts.en,
            fr=alternative.texts.fr,
            is_as_it_stands=alternative.is_as_it_stands,
            amendments=[sponsor.amendment.number for sponsor in alternative.sponsors if sponsor.amendment],
            organisations=[sponsor.organisation.name for sponsor in alternative.sponsors if sponsor.organisation],
        )


class BracketOut(Struct, frozen=True, kw_only=True):
    """A contested paragraph. `chosen` is the place of the alternative that became the text."""

    number: int
    block_id: UUID
    state: BracketState
    reason: str
    opened_at: datetime
    alternatives: list[AlternativeOut]
    chosen: int | None

    @classmethod
    def of(cls, bracket: Bracket) -> "BracketOut":
        return cls(
            number=bracket.number,
            block_id=bracket.block_id,
            state=bracket.state,
            reason=bracket.reason,
            opened_at=bracket.opened_at,
            alternatives=[AlternativeOut.of(one) for one in bracket.alternatives],
            chosen=bracket.chosen,
        )


class BracketsOut(Struct, frozen=True, kw_only=True):
    """Every bracket of a declaration, by number."""

    open: int
    items: list[BracketOut]


class StatusIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far a paragraph is agreed. To open one that is closed takes a reason."""

    status: ParagraphStatus
    reason: Reason = ""


class StatusOut(Struct, frozen=True, kw_only=True):
    """The status that a paragraph has."""

    block_id: UUID
    status: ParagraphStatus
    reason: str
    set_by: str
    set_at: datetime

    @classmethod
    def of(cls, state: ParagraphState) -> "StatusOut":
        return cls(
            block_id=state.block_id,
            status=state.status,
            reason=state.reason,
            set_by=state.set_by.name if state.set_by else "",
            set_at=state.set_at,
        )


class StatusesOut(Struct, frozen=True, kw_only=True):
    """The paragraphs that were ever given a status; the others are open."""

    items: list[StatusOut]


class TableOut(Struct, frozen=True, kw_only=True):
    """A table of the amendments as it was taken; `rows` are in the order of the text."""

    number: int
    revision: int
    taken_at: datetime
    sha256: str
    rows: list[TableRow]

    @classmethod
    def of(cls, snapshot: TableSnapshot) -> "TableOut":
        return cls(
            number=snapshot.number,
            revision=snapshot.revision.number,
            taken_at=snapshot.taken_at,
            sha256=snapshot.sha256,
            rows=rows_of(snapshot),
        )
