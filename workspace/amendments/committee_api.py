"""The work of a committee besides its decisions, as JSON: opinions, answers, undoing, brackets, tables, paragraphs."""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency

from workspace.amendments import brackets
from workspace.amendments.advising import AdviceService
from workspace.amendments.committee_models import BracketState
from workspace.amendments.committee_schemas import (
    AnswerIn,
    AnswerOut,
    BracketIn,
    BracketOut,
    BracketsOut,
    OpinionIn,
    OpinionOut,
    OpinionsOut,
    ResolutionIn,
    StatusesOut,
    StatusIn,
    StatusOut,
    TableOut,
    UndoIn,
)
from workspace.amendments.schemas import DecisionOut, to_changes
from workspace.amendments.service import AmendmentService
from workspace.amendments.snapshots import SnapshotService
from workspace.declarations import paragraph_status
from workspace.declarations.api import held, opened
from workspace.declarations.paragraph_status import ParagraphStates
from workspace.web.api import DONE, Number, answer, reads, writes
from workspace.web.conditional import IfMatch
from workspace.web.params import FromPath, JSONBody
from workspace.web.route_policies import READ_THE_TEXT
from workspace.web.services import Work

READ_OTHERS = "amendment.read_others"


class AdviceApi(Controller):
    """What is said on one amendment before it is decided."""

    path = "/api/amendments/{amendment_id:uuid}"
    tags = ("Amendments",)

    @reads("/opinions", policy=("amendment.read_others", "amendment.withdraw_revise"))
    def list_opinions(self, work: NamedDependency[Work], amendment_id: FromPath[UUID]) -> Response[OpinionsOut]:
        """List the newest opinion of each person on an amendment."""
        actor = work.actor
        with work.reading() as db:
            advice = AdviceService(db)
            amendment = advice.get(amendment_id, actor=actor)
            found = advice.opinions([amendment]).get(amendment.id, [])
            return answer(OpinionsOut(items=[OpinionOut.of(one) for one in found]))

    @writes("/opinions", 409, policy="amendment.opinion")
    def give_opinion(
        self, work: NamedDependency[Work], amendment_id: FromPath[UUID], data: JSONBody[OpinionIn]
    ) -> Response[OpinionOut]:
        """Advise on an amendment: accept, reject, or other words for it."""
        actor = work.actor
        with work.writing() as db:
            made = AdviceService(db).give_opinion(
                amendment_id, data.stance, reason=data.reason, changes=to_changes(data.changes), actor=actor
            )
            given = OpinionOut.of(made)
        return answer(given)

    @writes("/answers", 409, policy="amendment.withdraw_revise")
    def answer_modified(
        self, work: NamedDependency[Work], amendment_id: FromPath[UUID], data: JSONBody[AnswerIn]
    ) -> Response[AnswerOut]:
        """Accept other words that were put for one's amendment, or maintain one's own."""
        actor = work.actor
        with work.writing() as db:
            given = AnswerOut.of(AdviceService(db).answer(amendment_id, data.reply, word=data.word, actor=actor))
        return answer(given)


class CommitteeDeskApi(Controller):
    """The committee's desk of one declaration."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Amendments",)

    @writes("/undoings", 409, 412, 428, policy="amendment.decide_adopt_undo")
    def undo_decisions(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        data: JSONBody[UndoIn],
        if_match: IfMatch = None,
    ) -> Response[DecisionOut]:
        """Take back all that was decided last: the text as it was before, in a new revision.

        `If-Match` names the head revision.
        """
        actor = work.actor
        with work.writing() as db:
            head = held(db, declaration_id, if_match, actor=actor)
            undone = AmendmentService(db).undo(
                declaration_id, data.round, reason=data.reason, expected_head=head, actor=actor
            )
            made = DecisionOut.of(undone)
            head = undone.revision_id or head
        return answer(made, etag=str(head))

    @reads("/brackets", policy=READ_THE_TEXT)
    def list_brackets(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[BracketsOut]:
        """List every bracket of the text with its alternatives, resolved ones too."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor)
            every = brackets.of_declaration(db, declaration)
            is_open = sum(one.state is BracketState.OPEN for one in every)
            return answer(BracketsOut(open=is_open, items=[BracketOut.of(one) for one in every]))

    @writes("/brackets", 412, 428, policy="bracket.set_resolve")
    def set_bracket(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        data: JSONBody[BracketIn],
        if_match: IfMatch = None,
    ) -> Response[BracketOut]:
        """Set alternatives beside a paragraph, in a bracket.

        `If-Match` names the head revision.
        """
        actor = work.actor
        with work.writing() as db:
            head = held(db, declaration_id, if_match, actor=actor)
            made = AmendmentService(db).bracket(
                declaration_id,
                data.block_id,
                [one.wanted() for one in data.alternatives],
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
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        number: Number,
        data: JSONBody[ResolutionIn],
        if_match: IfMatch = None,
    ) -> Response[DecisionOut]:
        """Make one alternative of a bracket the text, in every language that has it.

        `If-Match` names the head revision.
        """
        actor = work.actor
        with work.writing() as db:
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
            made = DecisionOut.of(decision)
            head = decision.revision_id or head
        return answer(made, etag=str(head))

    @reads("/paragraphs/statuses", policy=READ_THE_TEXT)
    def list_statuses(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[StatusesOut]:
        """List how far each paragraph is agreed."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor)
            found = paragraph_status.states(db, declaration)
            return answer(StatusesOut(items=[StatusOut.of(state) for state in found.values()]))

    @writes("/paragraphs/{block_id:uuid}/status", status=DONE, policy="paragraph.status")
    def set_status(
        self,
        work: NamedDependency[Work],
        declaration_id: FromPath[UUID],
        block_id: FromPath[UUID],
        data: JSONBody[StatusIn],
    ) -> Response[StatusOut]:
        """Say how far a paragraph is agreed; one that is closed takes no amendment."""
        actor = work.actor
        with work.writing() as db:
            opened(db, declaration_id, actor=actor)
            state = ParagraphStates(db).set(declaration_id, block_id, data.status, reason=data.reason, actor=actor)
            made = StatusOut.of(state)
        return answer(made)

    @writes("/amendment-tables", policy=READ_OTHERS)
    def take_table(self, work: NamedDependency[Work], declaration_id: FromPath[UUID]) -> Response[TableOut]:
        """Keep the table of all amendments as they stand now, to be cited by its number."""
        actor = work.actor
        with work.writing() as db:
            opened(db, declaration_id, actor=actor)
            taken = TableOut.of(SnapshotService(db).take(declaration_id, actor=actor))
        location = f"/api/declarations/{declaration_id}/amendment-tables/{taken.number}"
        return answer(taken, location=location, etag=taken.sha256)

    @reads("/amendment-tables/{number:int}", policy=READ_OTHERS)
    def read_table(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], number: Number
    ) -> Response[TableOut]:
        """Read a table of the amendments as it was taken."""
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor)
            snapshot = SnapshotService(db).numbered_table(declaration, number, actor=actor)
            return answer(TableOut.of(snapshot), etag=snapshot.sha256)
