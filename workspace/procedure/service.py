"""Answering questions and ending them: votes are cast and counted, a silence is broken, an answer is carried out.

Each question ends once. Nothing changes the text by itself: the chair decides, naming the question.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import selectinload

from drafts.merge.rebase import RebaseStatus
from drafts.text.blocks import Language
from workspace.amendments.decisions import brackets
from workspace.amendments.domain import queries as filed
from workspace.amendments.domain.committee_models import BracketAlternative
from workspace.amendments.domain.models import Amendment, Decision, DecisionOutcome, Disposition, Verdict
from workspace.amendments.domain.outcomes import Ruling
from workspace.amendments.service import AmendmentService
from workspace.approvals.models import ApprovalRequest, Matter
from workspace.core import clock
from workspace.core.actor import CALENDAR, Actor
from workspace.core.errors import Invalid, NotFound, Undecidable, existing
from workspace.core.events import (
    AmendmentRevised,
    AmendmentsMoved,
    PhaseMoved,
    QuestionEnded,
    QuestionPut,
    RequestLapsed,
    RevisionMade,
    publish,
)
from workspace.core.jobs import Job, JobContext
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Db, new_id, next_number
from workspace.core.validation import ensure_short, known_zone, needed_reason
from workspace.declarations.domain import queries
from workspace.declarations.domain.calendar import GivenMoment, read_moment
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_not_sealed
from workspace.procedure import policy
from workspace.procedure.electorate import CarryingRule, eligible_seats, ending
from workspace.procedure.models import (
    BallotKind,
    Cast,
    End,
    Ending,
    Means,
    Question,
    QuestionDecision,
    Receipt,
    Seat,
    SecretCount,
    Subject,
    VoteChoice,
)
from workspace.procedure.store import QuestionStore, VotingRules, ensure_sound
from workspace.procedure.unsettled import ensure_settled, unsettled
from workspace.procedure.voting.proxies import ProxyService
from workspace.procedure.voting.requests import BallotMatter, BallotService

LONGEST_PART = 2_000


class QuestionSubject(Struct, frozen=True):
    """What is put to the room. `part` are words of the paragraph or the amendment, for a separate vote on them.

    `alternative` is the place of a reading in the open bracket of the paragraph.
    """

    subject: Subject = Subject.TEXT
    amendment: int = 0  # its number
    block_id: UUID | None = None
    language: Language | None = None
    part: str = ""
    alternative: int | None = None


class QuestionOpening(QuestionStore):
    """Votes and silence procedures are opened, and consensus is noted."""

    def put_vote(
        self,
        declaration: Declaration,
        about: QuestionSubject,
        *,
        actor: Actor,
        record_date: date | None = None,
        switches: VotingRules | None = None,
    ) -> Question:
        """Open a vote, for those whose mandate counts on `record_date`, today if none is named.

        Raises `Invalid` where nobody may vote, for a day that has not come, and for what cannot be voted on.
        """
        return self._put(declaration, Means.VOTE, about, actor=actor, record_date=record_date, switches=switches)

    def put_silence(self, declaration: Declaration, closes: str, zone: str, *, actor: Actor) -> Question:
        """Open a silence procedure on the whole text, frozen as it is now in all languages.

        It `closes` as the clock shows it in `zone`, that of the forum if none is named. Raises `Invalid` for a
        deadline that is past, a text that is not settled, and while something else is put about the whole of it.
        """
        policy.ensure_may_put(actor, declaration, Means.SILENCE)
        where = known_zone(zone.strip() or declaration.forum.timezone, "zone")
        last = read_moment("closes", closes, where)
        if last is None or last.at <= clock.now():
            raise Invalid(field="closes", reason="in_the_past" if last else "empty")
        return self._put(declaration, Means.SILENCE, QuestionSubject(), actor=actor, closes=last, zone=where.key)

    def note_consensus(self, declaration: Declaration, about: QuestionSubject, *, actor: Actor) -> Question:
        """Note that nobody objected: adopted without a vote; the whole text once a second person has confirmed it.

        Raises `Invalid` for a whole text that is not settled.
        """
        question = self._put(declaration, Means.CONSENSUS, about, actor=actor)
        if about.subject is Subject.TEXT:
            self.approvals.ask(
                policy.CONSENSUS,
                question.declaration,
                actor=actor,
                revision_id=question.revision_id,
                details={"question": question.number},
            )
        else:
            self.finish(question, Ending.ADOPTED, actor=actor)
        return question

    def _put(
        self,
        declaration: Declaration,
        means: Means,
        about: QuestionSubject,
        *,
        actor: Actor,
        record_date: date | None = None,
        switches: VotingRules | None = None,
        closes: GivenMoment | None = None,
        zone: str = "",
    ) -> Question:
        declaration = self.declarations.lock(declaration.id)
        policy.ensure_may_put(actor, declaration, means, about.subject)
        today = clock.today(declaration.forum.timezone)
        if record_date is not None and record_date > today:
            raise Invalid(field="record_date", reason="not_come_yet")
        rules = switches or self.rules(declaration)
        ensure_sound(rules)
        amendment = self._amendment(declaration, about, actor=actor)
        if means is Means.VOTE:
            rules = BallotService(self.db).applied(declaration, _matter(about, amendment), rules)
        alternative = self._alternative(declaration, about)
        self._ensure_votable(declaration, means, about, amendment)
        revision = self.declarations.freeze(declaration, actor=actor, note=means.value)
        day = record_date or today
        is_weighted = rules.is_weighted and means is Means.VOTE
        seats = [] if means is Means.CONSENSUS else self._seats(declaration, day, rules, is_weighted=is_weighted)
        question = Question(
            id=new_id(),
            declaration=declaration,
            number=next_number(self.db, Question.number, Question.declaration_id == declaration.id),
            means=means,
            subject=about.subject,
            amendment_id=amendment.id if amendment else None,
            amendment_version_id=amendment.own.id if amendment else None,
            block_id=about.block_id,
            language=amendment.language if amendment else about.language,
            part=alternative.texts.said_in(declaration.original_language) if alternative else about.part.strip(),
            bracket_id=alternative.bracket_id if alternative else None,
            alternative=alternative.position if alternative else None,
            revision_id=revision.id,
            record_date=day,
            majority=rules.majority,
            quorum=rules.quorum,
            abstentions_count=rules.abstentions_count,
            is_roll_call=rules.is_roll_call,
            one_voice=rules.one_voice,
            is_weighted=is_weighted,
            put_by_id=actor.person_id,
            put_at=clock.now(),
            closes_at=closes.at if closes else None,
            closes_offset=closes.offset if closes else None,
            zone=zone,
            seats=seats,
            casts=[],
            end=None,
        )
        self.db.add(question)
        self.db.flush()
        if means is Means.VOTE:
            BallotService(self.db).meet(question)
        is_consensus = means is Means.CONSENSUS and about.subject is Subject.TEXT
        kind = "consensus_asked" if is_consensus else means.value
        self.record("question.put", question, actor=actor, means=kind, about=about.subject.value)
        publish(self.db, QuestionPut(declaration.id, question.id, actor))
        return question

    def request_ballot(
        self, declaration: Declaration, kind: BallotKind, about: QuestionSubject, *, actor: Actor
    ) -> None:
        """Request, for one's organisation, how the vote on something is taken before it is opened.

        Raises `Invalid` for a separate vote on no words, or on words that are not there.
        """
        declaration = self.declarations.lock(declaration.id)
        policy.ensure_may_request_ballot(actor, declaration)
        about = replace(about, part=about.part.strip() if kind is BallotKind.SEPARATE else "")
        if kind is BallotKind.SEPARATE and not about.part:
            raise Invalid(field="part", reason="empty")
        amendment = self._amendment(declaration, about, actor=actor)
        self._ensure_votable(declaration, Means.VOTE, about, amendment)
        BallotService(self.db).request(declaration, kind, _matter(about, amendment), actor=actor)

    def _amendment(self, declaration: Declaration, about: QuestionSubject, *, actor: Actor) -> Amendment | None:
        if about.subject is not Subject.AMENDMENT:
            return None
        found = AmendmentService(self.db).numbered(declaration, about.amendment, actor=actor)
        if found.disposition is Disposition.LATE:
            raise Undecidable(number=found.number, reason="needs_leave")
        if not found.disposition.is_undecided:
            raise Invalid(field="amendment", reason="decided", number=found.number)
        if self._waits(declaration, found):
            raise Invalid(field="amendment", reason="base_changed", number=found.number)
        return found

    def waiting(self, declaration: Declaration, numbers: Collection[int]) -> frozenset[int]:
        """Those of these amendments on which no vote is opened, as the text has changed in their place."""
        found = sa.select(Amendment).options(*filed.eager_lines(), selectinload(Amendment.children))
        found = found.where(Amendment.declaration_id == declaration.id, Amendment.number.in_(numbers))
        return self.waiting_among(declaration, self.db.scalars(found.where(filed.may_have_moved(declaration))).all())

    def waiting_among(self, declaration: Declaration, amendments: Collection[Amendment]) -> frozenset[int]:
        """The same of amendments that are loaded with their words and their children; no query but of the text."""
        rows = queries.head_rows(self.db, declaration)
        elsewhere = AmendmentService(self.db).led_elsewhere(amendments, rows)
        moved = (each for each in amendments if each.status is RebaseStatus.COLLIDES or elsewhere[each.number])
        return frozenset(each.number for each in moved if self._waits(declaration, each))

    def _waits(self, declaration: Declaration, amendment: Amendment) -> bool:
        rows, service = queries.head_rows(self.db, declaration), AmendmentService(self.db)
        of_text = amendment.parent_id is None and service.if_adopted(declaration, [amendment], rows).outcome(amendment)
        return of_text is DecisionOutcome.WAITS

    def _alternative(self, declaration: Declaration, about: QuestionSubject) -> BracketAlternative | None:
        """One reading of a paragraph that stands in brackets; raises `NotFound`."""
        if about.subject is not Subject.ALTERNATIVE:
            return None
        bracket = brackets.open_of(self.db, declaration).get(about.block_id) if about.block_id else None
        readings = bracket.alternatives if bracket else []
        found = next((alternative for alternative in readings if alternative.position == about.alternative), None)
        return existing(found, "bracket", about.block_id)

    def _ensure_votable(
        self, declaration: Declaration, means: Means, about: QuestionSubject, amendment: Amendment | None
    ) -> None:
        ensure_short(about.part, LONGEST_PART, "part")
        rows = queries.text_in_force(self.db, declaration).by_block
        if about.subject is Subject.PARAGRAPH and about.block_id not in rows:
            raise NotFound(what="block", id=str(about.block_id))
        if about.part.strip() and not self._has_words(about, amendment, rows):
            raise Invalid(field="part", reason="not_in_the_text")
        if means is not Means.VOTE and about.subject is Subject.TEXT:
            field = "closes" if means is Means.SILENCE else "about"
            ensure_settled(self.db, declaration, field)
            if any(question.means is means for question in self.open_ones(declaration)):
                raise Invalid(field=field, reason="silence_open")

    def _has_words(
        self, about: QuestionSubject, amendment: Amendment | None, rows: Mapping[UUID, queries.BlockRow]
    ) -> bool:
        part = about.part.strip()
        if amendment is not None:
            return any(part in str(change.change.get("text") or "") for change in amendment.own.changes)
        row = rows.get(about.block_id) if about.block_id else None
        texts = row.texts.values() if row else [text for row in rows.values() for text in row.texts.values()]
        return any(part in text.content for text in texts)

    def _seats(self, declaration: Declaration, day: date, rules: VotingRules, *, is_weighted: bool) -> list[Seat]:
        seats = eligible_seats(self.db, declaration.forum, day, one_voice=rules.one_voice, is_weighted=is_weighted)
        if not seats:
            raise Invalid(field="record_date", reason="nobody_votes")
        return seats


def _matter(about: QuestionSubject, amendment: Amendment | None) -> BallotMatter:
    return BallotMatter(amendment.id if amendment else None, about.block_id, about.part.strip())


QUESTION_RULES = tuple(name for name in VotingRules.__struct_fields__ if name in Question.__mapper__.columns)
ANSWERED = frozenset({Ending.ADOPTED, Ending.CARRIED, Ending.LOST})


class QuestionService(QuestionOpening):
    """Questions of a declaration, and its rules of procedure."""

    # Answering

    def cast(self, question: Question, choice: VoteChoice, *, actor: Actor, proxy: UUID | None = None) -> Cast:
        """Vote, once, for the seat that one has, or for that of a `proxy` one holds.

        Raises `NotFound` for who has none, `Invalid` for a second vote.
        """
        question = self.behind_lock(question)
        policy.ensure_may_answer(actor, question)
        if question.means is not Means.VOTE:
            raise NotFound(what="question", id=str(question.number))
        self.ensure_open(question)
        seat = self._seat_of_proxy(question, proxy, actor) if proxy else self._own_seat(question, actor)
        cast = Cast(
            question_id=question.id,
            seat=seat.number,
            person_id=actor.person_id,
            choice=choice if question.is_roll_call else None,
            cast_at=clock.now(),
            proxy_id=proxy,
        )
        question.casts.append(cast)
        if not question.is_roll_call:
            self._count_secretly(question, choice)
        self.db.flush()
        by = {"proxy": str(proxy)} if proxy else {}
        counted = {"cast": len(question.casts), "eligible": len(question.seats)}
        self.record("question.answered", question, actor=actor, **counted, **by)
        return cast

    def _own_seat(self, question: Question, actor: Actor) -> Seat:
        own = self.seats_of(question, actor=actor)
        if not own:
            raise NotFound(what="seat", id=str(question.number))
        casts = self.casts_of(question, actor=actor)
        taken = {vote.seat for vote in casts}
        seat = next((seat for seat in own if seat.number not in taken), None)
        if seat is None or actor.person_id is None:
            is_mine = any(vote.person_id == actor.person_id for vote in casts)
            is_held = any(vote.proxy_id for vote in casts)
            reason = "voted_already" if is_mine else "vote_cast" if is_held else "delegation_voted"
            raise Invalid(field="choice", reason=reason)
        return seat

    def _seat_of_proxy(self, question: Question, proxy: UUID, actor: Actor) -> Seat:
        own = {seat.voter for seat in self.seats_of(question, actor=actor)}
        every = ProxyService(self.db).standing(question)
        seat = next((seat for held, seat in every if held.id == proxy and held.holder in own), None)
        if seat is None:
            raise NotFound(what="proxy", id=str(proxy))
        if seat.number in {vote.seat for vote in question.casts}:
            raise Invalid(field="choice", reason="vote_cast")
        return seat

    def _count_secretly(self, question: Question, choice: VoteChoice) -> None:
        known = self.db.get(SecretCount, (question.id, choice))
        if known is None:
            known = SecretCount(question_id=question.id, choice=choice, votes=0)
            self.db.add(known)
        known.votes += 1

    def seats_of(self, question: Question, *, actor: Actor) -> list[Seat]:
        """The seats for which somebody may answer."""
        voices = policy.voices(actor, question, question.declaration.forum_id)
        organisations = {mandate.organisation_id for mandate in voices}
        if not question.one_voice:
            return [seat for seat in question.seats if seat.person_id == actor.person_id and organisations]
        return [seat for seat in question.seats if seat.organisation_id in organisations]

    def seats_held(self, question: Question, *, actor: Actor) -> list[Seat]:
        """Those seats, and those for which they vote by proxy."""
        own = self.seats_of(question, actor=actor)
        voters = {seat.voter for seat in own}
        held = ProxyService(self.db).standing(question) if own else ()
        return [*own, *(seat for proxy, seat in held if proxy.holder in voters)]

    def casts_of(self, question: Question, *, actor: Actor) -> list[Cast]:
        """The votes that were cast for the seats of somebody, by them or by others of their delegation."""
        own = {seat.number for seat in self.seats_of(question, actor=actor)}
        return [vote for vote in question.casts if vote.seat in own]

    def owes_receipt(self, question: Question, *, actor: Actor) -> bool:
        """Whether they could still confirm that they have read the text of a silence procedure that lasts."""
        if question.means is not Means.SILENCE or not question.is_open or not policy.may_answer(actor, question):
            return False
        has_read = any(receipt.person_id == actor.person_id for receipt in question.receipts)
        return not has_read and bool(self.seats_of(question, actor=actor))

    def receive(self, question: Question, *, actor: Actor) -> None:
        """Somebody who can break a silence says that they have read its text; once, and while it lasts."""
        question = self.behind_lock(question)
        if not self.owes_receipt(question, actor=actor):
            return
        seats = self.seats_of(question, actor=actor)
        receipt = Receipt(person_id=actor.person_id, organisation_id=seats[0].organisation_id, opened_at=clock.now())
        question.receipts.append(receipt)
        self.db.flush()
        self.record("question.received", question, actor=actor)

    def object(self, question: Question, reason: str, *, actor: Actor, block_id: UUID | None = None) -> End:
        """Break a silence: one objection with a reason ends it, and nothing is adopted."""
        question = self.behind_lock(question)
        policy.ensure_may_answer(actor, question)
        if question.means is not Means.SILENCE:
            raise NotFound(what="question", id=str(question.number))
        self.ensure_open(question)
        seats = self.seats_of(question, actor=actor)
        if not seats:
            raise NotFound(what="seat", id=str(question.number))
        return self.finish(
            question,
            Ending.BROKEN,
            actor=actor,
            reason=needed_reason(reason),
            block_id=self._known_block(question, block_id),
            organisation_id=seats[0].organisation_id,
        )

    def _known_block(self, question: Question, block_id: UUID | None) -> UUID | None:
        if block_id is None:
            return None
        if block_id not in {row.block_id for row in queries.pinned_rows(self.db, question.revision_id)}:
            raise NotFound(what="block", id=str(block_id))
        return block_id

    # Ending

    def close(self, question: Question, *, actor: Actor) -> End:
        """Close a vote and count it; raises `Invalid` when it is closed, or is none."""
        question = self.behind_lock(question)
        policy.ensure_may_end(actor, question.declaration)
        self.ensure_open(question)
        if question.means is not Means.VOTE:
            raise Invalid(field="question", reason="no_vote")
        tally = self.tally(question)
        rule = CarryingRule(question.majority, question.quorum, question.abstentions_count)
        return self.finish(question, ending(tally, rule), actor=actor, tally=tally)

    def withdraw(self, question: Question, reason: str, *, actor: Actor) -> End:
        """Take a question back before it is answered to the end, or decline to confirm consensus.

        Raises `Invalid` without a reason, unless somebody takes their own request back.
        """
        question = self.behind_lock(question)
        if self.request_of(question):
            self.approvals.withdraw(policy.CONSENSUS, question.declaration, actor=actor, reason=reason)
            return self.finish(question, Ending.WITHDRAWN, actor=actor, reason=reason.strip())
        policy.ensure_may_end(actor, question.declaration)
        self.ensure_open(question)
        return self.finish(question, Ending.WITHDRAWN, actor=actor, reason=needed_reason(reason))

    def confirm(self, question: Question, *, actor: Actor) -> End:
        """Confirm, as the second person, that nobody objects to the whole text: it is adopted.

        It is overtaken where a word has changed since. Raises `NotFound` where nothing waits, `Invalid` for whoever
        asked and for a text that is no longer settled, `NotAllowed`.
        """
        question = self.behind_lock(question)
        declaration = question.declaration
        if self.request_of(question) is None:
            raise NotFound(what="request", id=str(question.number))
        request = self.approvals.ensure_may_confirm(policy.CONSENSUS, declaration, actor=actor)
        if self.approvals.valid_request(policy.CONSENSUS, declaration) is None:
            return self.finish(question, Ending.OVERTAKEN, actor=actor)
        ensure_settled(self.db, declaration, "about")
        self.approvals.approve(policy.CONSENSUS, request, actor=actor)
        return self.finish(question, Ending.ADOPTED, actor=actor)

    def take_back(self, question: Question, reason: str, *, actor: Actor) -> None:
        """Take back that nobody objected; its end stays on record. Raises `Invalid` without a reason."""
        question = self.behind_lock(question)
        policy.ensure_may_put(actor, question.declaration, Means.CONSENSUS, question.subject)
        ensure_not_sealed(question.declaration)
        if not policy.may_take_back(actor, question):
            raise Invalid(field="question", reason="not_adopted")
        self.reverse(question, reason=needed_reason(reason), actor=actor)

    def retake(self, question: Question, reason: str, *, actor: Actor) -> Question:
        """Have a vote taken again by its own rules; its result stays on record, with the reason.

        Raises `Invalid` for what is no counted vote, and while a decision that carried it out stands.
        """
        question = self.behind_lock(question)
        policy.ensure_may_put(actor, question.declaration, Means.VOTE, question.subject)
        ensure_not_sealed(question.declaration)
        if not policy.may_retake(actor, question):
            raise Invalid(field="question", reason="not_counted")
        if question.decided is not None and question.is_carried_out:
            raise Invalid(field="question", reason="carried_out", number=question.decided.decision.number)
        why = needed_reason(reason)
        switches = VotingRules(**{name: getattr(question, name) for name in QUESTION_RULES})
        again = self.put_vote(question.declaration, _same_subject(question), switches=switches, actor=actor)
        self.reverse(question, reason=why, actor=actor, again=again)
        return again

    # Carrying out

    def carry_out(self, question: Question, *, reason: str, expected_head: UUID, actor: Actor) -> Decision:
        """Decide as the room has answered: an amendment, or the bracket of an alternative that was carried.

        The decision gives `reason`, and the question keeps its name. Raises `Invalid` for a question that ended
        without an answer, was carried out by a decision that stands, or was about words that its amendment no longer
        has; and what deciding raises.
        """
        question = self.behind_lock(question)
        if question.ending not in ANSWERED or question.is_carried_out or not question.is_on_words_in_force:
            raise Invalid(field="question", reason="nothing_to_decide")
        decision = self._decided(question, question.ending, reason, expected_head, actor)
        if question.decided is None:
            question.decided = QuestionDecision(decision=decision)
        question.decided.decision = decision
        self.db.flush()
        self.record("question.carried_out", question, actor=actor, decision=str(decision.id))
        return decision

    def _decided(self, question: Question, how: Ending, reason: str, expected_head: UUID, actor: Actor) -> Decision:
        service = AmendmentService(self.db)
        if question.bracket is not None and question.alternative is not None and how.is_agreed:
            return service.resolve(
                question.declaration_id,
                question.bracket.number,
                question.alternative,
                language=question.declaration.original_language,
                reason=reason,
                expected_head=expected_head,
                actor=actor,
            )
        if question.amendment is None or question.part:
            raise Invalid(field="question", reason="nothing_to_decide")
        adoption = service.decide(
            question.declaration_id,
            [Ruling(question.amendment.id, Verdict.ADOPT if how.is_agreed else Verdict.REJECT, reason)],
            expected_head=expected_head,
            actor=actor,
        )
        return adoption.decisions[0]


def _same_subject(question: Question) -> QuestionSubject:
    amendment = question.amendment.number if question.amendment else 0
    part = question.part if question.alternative is None else ""
    return QuestionSubject(
        question.subject, amendment, question.block_id, question.language, part, question.alternative
    )


def text_moved(db: Db, event: RevisionMade) -> None:
    """A question on words that are no longer there is overtaken: nobody answers what they have not read."""
    store = QuestionStore(db)
    for question in store.open_ones(store.declarations.get(event.declaration_id)):
        if question.revision_id != event.revision_id and _is_overtaken(db, question, event.revision_id):
            store.finish(question, Ending.OVERTAKEN, actor=event.actor)


def phase_moved(db: Db, event: PhaseMoved) -> None:
    """Votes and silence belong to the adoption, and end with it; going back, the adoption of the text does."""
    if event.after == Phase.ADOPTION.value:
        return
    store = QuestionStore(db)
    declaration = store.declarations.get(event.declaration_id)
    for question in store.unended(declaration):
        store.finish(question, Ending.WITHDRAWN, actor=event.actor)
    is_back = event.before == Phase.ADOPTION.value and event.after != Phase.PUBLISHED.value
    for adopted in store.adoptions(declaration) if is_back else ():
        store.reverse(adopted, reason=event.reason, actor=event.actor)


def amendment_revised(db: Db, event: AmendmentRevised) -> None:
    """A question on the words that an amendment had before is overtaken."""
    store = QuestionStore(db)
    for question in store.open_ones(store.declarations.get(event.declaration_id)):
        if question.amendment_id == event.amendment_id:
            store.finish(question, Ending.OVERTAKEN, actor=event.actor)


def amendments_moved(db: Db, event: AmendmentsMoved) -> None:
    """A question on an amendment that is withdrawn or decided is closed, and open again with it: all are told."""
    store = QuestionStore(db)
    for question in store.unended(store.declarations.get(event.declaration_id)) if event.amendment_ids else ():
        if question.amendment_id in event.amendment_ids:
            kind = QuestionPut if question.is_open else QuestionEnded
            publish(db, kind(question.declaration_id, question.id, event.actor))


def request_lapsed(db: Db, event: RequestLapsed) -> None:
    """Consensus that nobody can confirm any more is not noted."""
    request, store = db.get_one(ApprovalRequest, event.request_id), QuestionStore(db)
    if request.matter is Matter.CONSENSUS and request.declaration_id:
        for question in store.unended(store.declarations.get(request.declaration_id)):
            if question.number == request.details["question"]:
                store.finish(question, Ending.WITHDRAWN, actor=event.actor)


def due_silences(db: Db) -> list[UUID]:
    """The silence procedures whose time is up."""
    statement = sa.select(Question.id).where(Question.closes_at <= clock.now(), ~Question.end.has())
    return list(db.scalars(statement))


def end_silence(db: Db, question_id: UUID) -> None:
    """Adopt what nobody objected to; unless a word of the frozen text has changed since, or something is open again."""
    store = QuestionStore(db)
    question = store.behind_lock(db.get_one(Question, question_id))
    if not question.is_open or question.closes_at is None or question.closes_at > clock.now():
        return
    declaration = question.declaration
    is_frozen = declaration.head_id == question.revision_id and store.declarations.is_pinned(declaration)
    is_agreed = is_frozen and not unsettled(db, declaration)
    store.finish(question, Ending.ADOPTED if is_agreed else Ending.OVERTAKEN, actor=CALENDAR)


def _is_overtaken(db: Db, question: Question, revision_id: UUID) -> bool:
    if question.means is Means.SILENCE or question.subject is Subject.TEXT:
        return True
    if question.block_id is None:
        return False  # an amendment keeps its own words
    return _words(db, question.revision_id, question.block_id) != _words(db, revision_id, question.block_id)


def _words(db: Db, revision_id: UUID, block_id: UUID) -> dict[str, str]:
    row = next((row for row in queries.pinned_rows(db, revision_id) if row.block_id == block_id), None)
    return {language.value: text.content for language, text in row.texts.items()} if row else {}


def _end_silences(shift: JobContext) -> None:
    with shift.store.reading() as db:
        due = due_silences(db)
    for question_id in due:
        if shift.is_over():
            return
        with shift.store.writing() as db:
            end_silence(db, question_id)


END_SILENCES = Job("procedure.silences", timedelta(seconds=15), _end_silences)
