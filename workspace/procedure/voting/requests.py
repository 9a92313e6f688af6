"""How members request that a vote is taken: by roll call, in secret, or separately on some words."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, structs

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.procedure import policy
from workspace.procedure.models import BallotKind, BallotRequest, Question
from workspace.procedure.store import QuestionStore, VotingRules, record


class BallotMatter(Struct, frozen=True):
    """What a vote would be about; nothing is the whole text."""

    amendment_id: UUID | None = None
    block_id: UUID | None = None
    part: str = ""


class BallotLine(Struct, frozen=True, kw_only=True):
    """What organisations request of one vote that is not open yet. It is so once `needed` of them do.

    `own` is the request of the reader's organisation.
    """

    kind: BallotKind
    amendment: int | None
    block_id: UUID | None
    part: str
    organisations: Sequence[str]
    needed: int
    own: UUID | None


class BallotService:
    """The requests about the votes of declarations."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.store = QuestionStore(db)

    def pending(self, declaration: Declaration, *, actor: Actor) -> list[BallotLine]:
        """What is requested of votes that are not open yet, in the order in which it was; raises `NotFound`."""
        policy.ensure_may_know(actor, declaration)
        found: dict[tuple[BallotKind, BallotMatter], list[BallotRequest]] = {}
        for request in self.db.scalars(self._pending(declaration)):
            found.setdefault((request.kind, _matter(request)), []).append(request)
        own, rules = policy.standing_voices(actor, declaration), self.store.rules(declaration)
        return [
            BallotLine(
                kind=kind,
                amendment=every[0].amendment.number if every[0].amendment else None,
                block_id=matter.block_id,
                part=matter.part,
                organisations=[request.organisation.name for request in every],
                needed=needed(kind, rules),
                own=next((request.id for request in every if request.organisation_id in own), None),
            )
            for (kind, matter), every in found.items()
        ]

    def request(self, declaration: Declaration, kind: BallotKind, matter: BallotMatter, *, actor: Actor) -> None:
        """Request it for one's organisation. The caller holds the lock, and has looked at what it is about.

        Raises `Invalid` where it was requested before.
        """
        organisation_id = min(policy.standing_voices(actor, declaration))
        for known in self.db.scalars(self._pending(declaration)):
            if (known.kind, _matter(known), known.organisation_id) == (kind, matter, organisation_id):
                raise Invalid(field="kind", reason="requested")
        request = BallotRequest(
            declaration_id=declaration.id,
            kind=kind,
            organisation_id=organisation_id,
            requested_by_id=actor.person_id,
            requested_at=clock.now(),
            **structs.asdict(matter),
        )
        self.db.add(request)
        self.db.flush()
        self._record("ballot.requested", request, declaration, actor)

    def withdraw(self, declaration: Declaration, request_id: UUID, *, actor: Actor) -> None:
        """Take a request of one's organisation back before the vote; raises `NotFound` for any other."""
        declaration = self.store.declarations.lock(declaration.id)
        policy.ensure_may_request_ballot(actor, declaration)
        request = self.db.scalar(self._pending(declaration).where(BallotRequest.id == request_id))
        if request is None or request.organisation_id not in policy.standing_voices(actor, declaration):
            raise NotFound(what="request", id=str(request_id))
        request.withdrawn_at = clock.now()
        self.db.flush()
        self._record("ballot.withdrawn", request, declaration, actor)

    def applied(self, declaration: Declaration, matter: BallotMatter, rules: VotingRules) -> VotingRules:
        """The rules of a vote as enough organisations request it; a secret vote goes before a roll call."""
        about = structs.replace(matter, part="")
        kinds = [request.kind for request in self.db.scalars(self._pending(declaration)) if _matter(request) == about]
        if not rules.is_weighted and kinds.count(BallotKind.SECRET) >= rules.secret_requests:
            return structs.replace(rules, is_roll_call=False)
        is_called = kinds.count(BallotKind.ROLL_CALL) >= max(1, rules.roll_call_requests)
        return structs.replace(rules, is_roll_call=True) if is_called else rules

    def meet(self, question: Question) -> None:
        """Write down that the vote which was requested is open."""
        matter = BallotMatter(question.amendment_id, question.block_id, question.part)
        for request in self.db.scalars(self._pending(question.declaration)).all():
            if _matter(request) in {matter, structs.replace(matter, part="")}:
                request.question_id = question.id

    def of_question(self, question: Question) -> list[BallotRequest]:
        """What was requested of a vote before it was opened."""
        statement = sa.select(BallotRequest).where(BallotRequest.question_id == question.id)
        return list(self.db.scalars(statement.order_by(BallotRequest.requested_at)))

    def _pending(self, declaration: Declaration) -> sa.Select[BallotRequest]:
        of = sa.select(BallotRequest).where(BallotRequest.declaration_id == declaration.id)
        is_pending = (BallotRequest.withdrawn_at.is_(None), BallotRequest.question_id.is_(None))
        return of.where(*is_pending).order_by(BallotRequest.requested_at, BallotRequest.id)

    def _record(self, kind: str, request: BallotRequest, declaration: Declaration, actor: Actor) -> None:
        record(self.db, kind, declaration, actor=actor, request=str(request.id), ballot=request.kind.value)


def needed(kind: BallotKind, rules: VotingRules) -> int:
    """How many organisations have to request it."""
    counts = {BallotKind.ROLL_CALL: rules.roll_call_requests, BallotKind.SECRET: rules.secret_requests}
    return counts.get(kind, 1)


def _matter(request: BallotRequest) -> BallotMatter:
    return BallotMatter(request.amendment_id, request.block_id, request.part)
