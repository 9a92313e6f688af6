"""The work of a committee besides its decisions, as JSON: opinions, answers, undoing, brackets, tables, paragraphs."""

from collections.abc import Container
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from msgspec import Meta, Struct

from drafts.text.blocks import Language
from workspace.amendments.api.schemas import ChangesIn, DecisionOut, Wording, to_changes
from workspace.amendments.decisions import brackets
from workspace.amendments.decisions.brackets import WantedAlternative
from workspace.amendments.domain.committee_models import (
    Bracket,
    BracketAlternative,
    BracketState,
    Opinion,
    Reply,
    Stance,
    TableSnapshot,
)
from workspace.amendments.domain.models import Decision
from workspace.amendments.domain.opinions import AdviceService
from workspace.amendments.service import AmendmentService
from workspace.amendments.snapshots import SnapshotService, TableRow, rows_of
from workspace.core.actor import Actor, Role
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db, Trilingual
from workspace.declarations.api import Readable, held, opened
from workspace.declarations.domain import paragraph_status
from workspace.declarations.domain.models import ParagraphState, ParagraphStatus
from workspace.declarations.domain.paragraph_status import ParagraphStates
from workspace.declarations.schemas import Reason
from workspace.procedure.agreeing import agree
from workspace.web.api import DONE, ListOf, Number, answer, reads, writes
from workspace.web.http.guards import READ_THE_TEXT
from workspace.web.http.preconditions import IfMatch
from workspace.web.http.request_context import Body, PathId

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
        return filled(cls, opinion, given_by=opinion.given_by.name if opinion.given_by else "")


class AnswerIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the proposer says to other words for their amendment."""

    reply: Reply
    word: Reason = ""


class AnswerOut(Shape, frozen=True, kw_only=True):
    """The same as it is on record."""

    reply: Reply
    word: str
    answered_at: datetime


class UndoIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which decisions to take back, by the number of their round, and why."""

    round: Counted
    reason: Reason


class UndoDecisionIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why one decision is taken back."""

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

    def wanted(self) -> WantedAlternative:
        texts = Trilingual(es=self.texts.es, en=self.texts.en, fr=self.texts.fr)
        return WantedAlternative(texts, organisations=tuple(self.organisations))


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
        alternatives = [AlternativeOut.of(alternative) for alternative in bracket.alternatives]
        return filled(cls, bracket, alternatives=alternatives)


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

    number: int
    block_id: UUID
    status: ParagraphStatus
    reason: str
    set_by: str
    set_at: datetime

    @classmethod
    def of(cls, state: ParagraphState) -> "StatusOut":
        return filled(cls, state, set_by=state.set_by.name if state.set_by else "")


class StatusesIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The paragraphs to agree on at once, and how far."""

    paragraphs: Annotated[list[UUID], Meta(max_length=2_000)]
    status: ParagraphStatus


class StatusUndoIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The numbers of the first and the last status that were given at once."""

    first: Counted
    last: Counted


class TableOut(Struct, frozen=True, kw_only=True):
    """A table of the amendments as it was taken; `rows` are in the order of the text.

    `undone` are the numbers of decisions in it that have been taken back since.
    """

    number: int
    revision: int
    taken_at: datetime
    sha256: str
    rows: list[TableRow]
    undone: list[int]

    @classmethod
    def of(cls, snapshot: TableSnapshot, undone: Container[int] = ()) -> "TableOut":
        rows = rows_of(snapshot)
        return filled(
            cls,
            snapshot,
            revision=snapshot.revision.number,
            rows=rows,
            undone=[row.decision for row in rows if row.decision and row.decision in undone],
        )


READ_OTHERS = "amendment.read_others"


def _decided(decision: Decision, head: UUID) -> Response[DecisionOut]:
    """What was decided, under the tag of the revision it made, or else of the one it found."""
    return answer(DecisionOut.of(decision), etag=str(decision.revision_id or head))


class AdviceApi(Controller):
    """What is said on one amendment before it is decided."""

    path = "/api/amendments/{amendment_id:uuid}"
    tags = ("Amendments",)

    @reads("/opinions", policy=("amendment.read_others", "amendment.withdraw_revise"))
    def list_opinions(self, db: Db, actor: Actor, amendment_id: PathId) -> ListOf[OpinionOut]:
        """List the newest opinion of each person on an amendment."""
        advice = AdviceService(db)
        amendment = advice.get(amendment_id, actor=actor)
        found = advice.opinions([amendment]).get(amendment.id, [])
        return ListOf(items=[OpinionOut.of(opinion) for opinion in found])

    @writes("/opinions", 409, policy="amendment.opinion")
    def give_opinion(self, db: Db, actor: Actor, amendment_id: PathId, data: Body[OpinionIn]) -> OpinionOut:
        """Advise on an amendment: accept, reject, or other words for it."""
        made = AdviceService(db).give_opinion(
            amendment_id, data.stance, reason=data.reason, changes=to_changes(data.changes), actor=actor
        )
        return OpinionOut.of(made)

    @writes("/answers", 409, policy="amendment.withdraw_revise")
    def answer_modified(self, db: Db, actor: Actor, amendment_id: PathId, data: Body[AnswerIn]) -> AnswerOut:
        """Accept other words that were put for one's amendment, or maintain one's own."""
        return AnswerOut.of(AdviceService(db).answer(amendment_id, data.reply, word=data.word, actor=actor))


class CommitteeDeskApi(Controller):
    """The committee's desk of one declaration."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Amendments",)

    @writes("/undoings", 409, 412, 428, policy="amendment.decide_adopt_undo")
    def undo_decisions(
        self, db: Db, actor: Actor, declaration_id: PathId, data: Body[UndoIn], if_match: IfMatch = None
    ) -> Response[DecisionOut]:
        """Take back all that was decided last: the text as it was before, in a new revision.

        `If-Match` names the head revision.
        """
        head = held(db, declaration_id, if_match, actor=actor)
        undone = AmendmentService(db).undo(
            declaration_id, data.round, reason=data.reason, expected_head=head, actor=actor
        )
        return _decided(undone, head)

    @writes("/decisions/{number:int}/undoing", 409, 412, 428, policy="amendment.decide_adopt_undo")
    def undo_decision(
        self,
        *,
        db: Db,
        actor: Actor,
        declaration_id: PathId,
        number: Number,
        data: Body[UndoDecisionIn],
        if_match: IfMatch = None,
    ) -> Response[DecisionOut]:
        """Take back one decision on which no other one rests.

        `If-Match` names the head revision.
        """
        head = held(db, declaration_id, if_match, actor=actor)
        undone = AmendmentService(db).undo_decision(
            declaration_id, number, reason=data.reason, expected_head=head, actor=actor
        )
        return _decided(undone, head)

    @reads("/brackets", policy=READ_THE_TEXT)
    def list_brackets(self, db: Db, declaration: Readable) -> BracketsOut:
        """List every bracket of the text with its alternatives, resolved ones too."""
        every = brackets.of_declaration(db, declaration)
        is_open = sum(bracket.state is BracketState.OPEN for bracket in every)
        return BracketsOut(open=is_open, items=[BracketOut.of(bracket) for bracket in every])

    @writes("/brackets", 412, 428, policy="bracket.set_resolve")
    def set_bracket(
        self, db: Db, actor: Actor, declaration_id: PathId, data: Body[BracketIn], if_match: IfMatch = None
    ) -> Response[BracketOut]:
        """Set alternatives beside a paragraph, in a bracket.

        `If-Match` names the head revision.
        """
        head = held(db, declaration_id, if_match, actor=actor)
        made = AmendmentService(db).bracket(
            declaration_id,
            data.block_id,
            [alternative.wanted() for alternative in data.alternatives],
            language=data.language,
            reason=data.reason,
            expected_head=head,
            actor=actor,
        )
        bracket = BracketOut.of(made)
        return answer(bracket, etag=str(head))

    @writes("/brackets/{number:int}/resolution", 412, 428, policy="bracket.set_resolve")
    def resolve_bracket(
        self,
        *,
        db: Db,
        actor: Actor,
        declaration_id: PathId,
        number: Number,
        data: Body[ResolutionIn],
        if_match: IfMatch = None,
    ) -> Response[DecisionOut]:
        """Make one alternative of a bracket the text, in every language that has it.

        `If-Match` names the head revision.
        """
        head = held(db, declaration_id, if_match, actor=actor)
        decision = AmendmentService(db).resolve(
            declaration_id,
            number,
            data.alternative,
            language=data.language,
            reason=data.reason,
            expected_head=head,
            actor=actor,
        )
        return _decided(decision, head)

    @reads("/paragraphs/statuses", policy=READ_THE_TEXT)
    def list_statuses(self, db: Db, declaration: Readable) -> ListOf[StatusOut]:
        """List how far each paragraph is agreed."""
        found = paragraph_status.states(db, declaration)
        return ListOf(items=[StatusOut.of(state) for state in found.values()])

    @writes("/paragraphs/statuses", 412, 428, policy="paragraph.status")
    def agree_paragraphs(
        self, db: Db, actor: Actor, declaration_id: PathId, data: Body[StatusesIn], if_match: IfMatch = None
    ) -> ListOf[StatusOut]:
        """Give many paragraphs on which nothing is open a status, all or none.

        `If-Match` names the head revision.
        """
        head = held(db, declaration_id, if_match, actor=actor)
        made = agree(db, declaration_id, data.paragraphs, data.status, shown=head, actor=actor)
        return ListOf(items=[StatusOut.of(state) for state in made])

    @writes("/paragraphs/statuses/undoing", policy="paragraph.status")
    def undo_agreed(self, db: Db, actor: Actor, declaration_id: PathId, data: Body[StatusUndoIn]) -> ListOf[StatusOut]:
        """Take back the statuses that you gave at once, as far as no other one followed."""
        opened(db, declaration_id, actor=actor)
        made = ParagraphStates(db).undo(declaration_id, data.first, data.last, actor=actor)
        return ListOf(items=[StatusOut.of(state) for state in made])

    @writes("/paragraphs/{block_id:uuid}/status", status=DONE, policy="paragraph.status")
    def set_status(
        self, db: Db, actor: Actor, declaration_id: PathId, block_id: PathId, data: Body[StatusIn]
    ) -> StatusOut:
        """Say how far a paragraph is agreed; one that is closed takes no amendment."""
        opened(db, declaration_id, actor=actor)
        state = ParagraphStates(db).set(declaration_id, block_id, data.status, reason=data.reason, actor=actor)
        return StatusOut.of(state)

    @writes("/amendment-tables", policy=READ_OTHERS)
    def take_table(self, db: Db, actor: Actor, declaration: Readable) -> Response[TableOut]:
        """Keep the table of all amendments as they stand now, to be cited by its number."""
        taken = TableOut.of(SnapshotService(db).take(declaration.id, actor=actor))
        location = f"/api/declarations/{declaration.id}/amendment-tables/{taken.number}"
        return answer(taken, location=location, etag=taken.sha256)

    @reads("/amendment-tables/{number:int}", policy=READ_OTHERS)
    def read_table(self, db: Db, actor: Actor, declaration: Readable, number: Number) -> Response[TableOut]:
        """Read a table of the amendments as it was taken."""
        service = SnapshotService(db)
        snapshot = service.numbered_table(declaration, number, actor=actor)
        table = TableOut.of(snapshot, service.undone(declaration))
        return answer(table, etag="-".join([snapshot.sha256, *map(str, table.undone)]))
