"""The text in force and its translations, as JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from litestar import Controller, Response
from msgspec import Meta, Struct

from drafts.languages.staleness import State
from drafts.text.blocks import Language
from workspace.amendments.api.schemas import DecisionOut
from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.declarations.api import Readable, declared, opened
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.schemas import Absences, BlockOut, Reason, ReasonsOut, RevisionLine, StatesOut, TextOut
from workspace.translations.domain import policy
from workspace.translations.domain.changes_since import ChangesSince, ChangesSinceService
from workspace.translations.domain.checks import TextCheckService, TextFinding
from workspace.translations.domain.models import Waiver
from workspace.translations.domain.service import EditorialService, TranslationService
from workspace.web.api import DONE, answer, reads, replaces, writes
from workspace.web.http.guards import FOLLOW_THE_WORK, READ_THE_TEXT
from workspace.web.http.preconditions import NONE, IfMatch, expected_version_or_none
from workspace.web.http.request_context import Body, FromPath, PathId, Work
from workspace.web.i18n.messages import Messages
from workspace.web.refusals.check_sentences import said

Followed = Annotated[Declaration, declared(policy.may_follow)]

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
    def of(cls, row: BlockRow, language: Language, state: State, since: ChangesSince) -> "SinceOut":
        now, shape = row.texts.get(row.original_language), since.shape
        return cls(
            block_id=row.block_id,
            language=language,
            state=state,
            before=TextOut.of(since.before) if since.before else None,
            now=TextOut.of(now) if now else None,
            decisions=[DecisionOut.of(decision) for decision in since.decisions],
            number_then=shape.number_then or None,
            number_now=shape.number_now or None,
            split_from=shape.split_from,
            split_into=list(shape.split_into),
            joined=list(shape.joined),
            counterparts=[
                CounterpartOut(language=language, before=TextOut.of(then), now=TextOut.of(row.texts[language]))
                for language, then in since.counterparts.items()
            ],
        )


class WaiverOut(Struct, frozen=True, kw_only=True):
    """Who let a finding stand, and why; it holds until one of the texts changes."""

    id: UUID
    check: str
    reason: str
    waived_by_id: UUID | None
    waived_at: datetime

    @classmethod
    def of(cls, waiver: Waiver) -> "WaiverOut":
        return filled(cls, waiver, check=waiver.check_name)


class TextFindingOut(Struct, frozen=True, kw_only=True):
    """One finding. `source_language` is null where the three texts were compared; `language` is then the odd one out.

    Where the original is the odd one out because it was changed last, `behind` names the others, and `language` the
    first of them.
    `source` and `target` are the words at issue, `spans` their places in the text, and `fix` the whole text mended.
    """

    block_id: UUID
    language: Language
    source_language: Language | None
    check: str
    severity: str
    message: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    fix: str | None
    behind: tuple[Language, ...]
    waiver: WaiverOut | None

    @classmethod
    def of(cls, remark: TextFinding, messages: Messages) -> "TextFindingOut":
        return filled(
            cls,
            remark.finding,
            block_id=remark.block_id,
            language=remark.language,
            source_language=remark.source,
            message=said(remark.finding, messages),
            waiver=WaiverOut.of(remark.waiver) if remark.waiver else None,
        )


class SavedTextOut(TextInForceOut, frozen=True, kw_only=True):
    """The same after a save or a confirmation, with what the checks find in the words that are in force now."""

    findings: list[TextFindingOut]


class TextApi(Controller):
    """The text in force, and its translations."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Texts",)

    @reads("/text", policy=READ_THE_TEXT)
    def read_text(self, db: Db, declaration: Readable) -> Response[HeadTextOut]:
        """Read what is in force now, with the state of every translation.

        Its `ETag` is the head revision; a translation is replaced by the id of its own text version.
        """
        standings = TranslationService(db).standings(declaration)
        found = HeadTextOut.of(
            declaration,
            [standing.row for standing in standings],
            [standing.states for standing in standings],
            queries.absences(db, declaration),
        )
        return answer(found, etag=str(found.head.id))

    @reads("/blocks/{block_id:uuid}/texts/{language:str}", policy=READ_THE_TEXT)
    def read_block_text(
        self, db: Db, actor: Actor, declaration_id: PathId, block_id: PathId, language: FromPath[Language]
    ) -> Response[TextInForceOut]:
        """Read one paragraph in one language, with the entity tag by which it is replaced."""
        found = _in_force(db, opened(db, declaration_id, actor=actor), block_id, language)
        return _answered(found)

    @reads("/blocks/{block_id:uuid}/texts/{language:str}/changes", policy=FOLLOW_THE_WORK)
    def read_changes_since(
        self, db: Db, declaration: Followed, block_id: PathId, language: FromPath[Language]
    ) -> SinceOut:
        """Read what changed since a translation was right: words, decisions, number, splits, joins, the third language.

        Empty where the translation is up to date.
        """
        standing = TranslationService(db).standing(declaration, block_id)
        state = standing.states[language]
        since = ChangesSinceService(db).since(declaration, standing.row, language, state)
        return SinceOut.of(standing.row, language, state, since)

    @replaces("/blocks/{block_id:uuid}/texts/{language:str}", policy="translation.write")
    def save_translation(
        self,
        *,
        db: Db,
        work: Work,
        declaration: Readable,
        block_id: PathId,
        language: FromPath[Language],
        data: Body[TextIn],
        if_match: IfMatch = None,
    ) -> Response[SavedTextOut]:
        """Put a translation in force; makes no revision.

        `If-Match` names the text version it replaces, or `"none"` for the first. The words in force over again
        confirm that they are still valid, and make no new version. The original itself changes by
        amendments and edits only.
        """
        expected, actor = expected_version_or_none(if_match), work.actor
        TranslationService(db).save(
            declaration.id, block_id, language, data.content, sources=data.sources, expected=expected, actor=actor
        )
        return _answered(_saved(work, db, declaration, block_id, language))

    @writes(
        "/blocks/{block_id:uuid}/texts/{language:str}/confirmation", 412, 428, status=DONE, policy="translation.write"
    )
    def confirm_translation(
        self,
        *,
        db: Db,
        work: Work,
        declaration: Readable,
        block_id: PathId,
        language: FromPath[Language],
        if_match: IfMatch = None,
    ) -> Response[SavedTextOut]:
        """Say that a translation is still valid beside its original as it is now.

        `If-Match` names the text version that is confirmed.
        """
        expected = expected_version_or_none(if_match)
        TranslationService(db).confirm(declaration.id, block_id, language, expected=expected, actor=work.actor)
        return _answered(_saved(work, db, declaration, block_id, language))

    @writes(
        "/blocks/{block_id:uuid}/texts/{language:str}/editorial", 412, 428, status=DONE, policy="translation.assign"
    )
    def call_change_editorial(
        self,
        *,
        db: Db,
        actor: Actor,
        declaration: Followed,
        block_id: PathId,
        language: FromPath[Language],
        if_match: IfMatch = None,
    ) -> EditorialOut:
        """Claim that the last change of a text leaves its meaning as it was; a second person confirms it the same way.

        `If-Match` names the text version. Until two people have said so, a change counts as one of substance.
        """
        expected = expected_version_or_none(if_match)
        claims = EditorialService(db).claim(declaration.id, block_id, language, expected=expected, actor=actor)
        return EditorialOut(is_confirmed=not claims.steps, claimed_by=claims.claimed_by or None)

    @writes("/blocks/{block_id:uuid}/texts/{language:str}/absence", policy="amendment.decide_adopt_undo")
    def leave_text_out(
        self,
        *,
        db: Db,
        actor: Actor,
        declaration: Readable,
        block_id: PathId,
        language: FromPath[Language],
        data: Body[AbsenceIn],
    ) -> Response[TextInForceOut]:
        """Decide that a paragraph has no text in a language, with the reason that will be printed."""
        TranslationService(db).leave_out(declaration.id, block_id, language, reason=data.reason, actor=actor)
        left_out = _in_force(db, declaration, block_id, language)
        return _answered(left_out)


def _in_force(db: Db, declaration: Declaration, block_id: UUID, language: Language) -> TextInForceOut:
    for standing in TranslationService(db).standings(declaration):
        if standing.row.block_id == block_id:
            return TextInForceOut.of(standing.row, language, standing.states)
    raise NotFound(what="block", id=str(block_id))


def _saved(work: Work, db: Db, declaration: Declaration, block_id: UUID, language: Language) -> SavedTextOut:
    standing = TranslationService(db).standing(declaration, block_id)
    found = TextCheckService(db).of_text(declaration, standing.row, language, standing.row.content(language))
    return filled(
        SavedTextOut,
        TextInForceOut.of(standing.row, language, standing.states),
        findings=ChecksOut.of(found, work.messages).findings,
    )


_Answer = TypeVar("_Answer", bound=TextInForceOut)


def _answered(found: _Answer) -> Response[_Answer]:
    return answer(found, etag=str(found.text.id) if found.text else NONE)


class ChecksOut(Struct, frozen=True, kw_only=True):
    """Everything the checks found, in the order of the text."""

    findings: list[TextFindingOut]

    @classmethod
    def of(cls, remarks: Sequence[TextFinding], messages: Messages) -> "ChecksOut":
        return cls(findings=[TextFindingOut.of(remark, messages) for remark in remarks])


class CheckedWordsIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words to be checked as the text of a paragraph; nothing is kept of them."""

    content: Annotated[str, Meta(max_length=20_000)]


class WaiverIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which finding is to stand, and why."""

    check: Annotated[str, Meta(max_length=60)]
    reason: Reason


class CheckApi(Controller):
    """What the checks find in the three languages."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Texts",)

    @reads("/checks", policy=FOLLOW_THE_WORK)
    def read_checks(self, work: Work, db: Db, declaration: Followed) -> ChecksOut:
        """Read everything that the checks find in the texts in force, and what was let stand.

        A text that is stale is not compared with its original, from which it differs by nature.
        """
        return ChecksOut.of(TextCheckService(db).remarks(declaration), work.messages)

    @writes("/blocks/{block_id:uuid}/texts/{language:str}/check", status=DONE, policy="translation.write")
    def check_words(
        self,
        work: Work,
        declaration_id: PathId,
        block_id: PathId,
        language: FromPath[Language],
        data: Body[CheckedWordsIn],
    ) -> Response[ChecksOut]:
        """Check words as the text of a paragraph, against its original, without keeping them."""
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=work.actor)
            policy.ensure_may_translate(work.actor, declaration, language)
            row = TranslationService(db).standing(declaration, block_id).row
            remarks = TextCheckService(db).of_text(declaration, row, language, data.content)
            return answer(ChecksOut.of(remarks, work.messages))

    @writes("/blocks/{block_id:uuid}/texts/{language:str}/waivers", policy="check.waive")
    def waive_check(
        self,
        *,
        db: Db,
        actor: Actor,
        declaration_id: PathId,
        block_id: PathId,
        language: FromPath[Language],
        data: Body[WaiverIn],
    ) -> WaiverOut:
        """Let a finding stand, with the reason; it is found again once one of the texts has changed."""
        opened(db, declaration_id, actor=actor)
        waiver = TextCheckService(db).waive(
            declaration_id, block_id, language, data.check, reason=data.reason, actor=actor
        )
        return WaiverOut.of(waiver)
