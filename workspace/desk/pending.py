"""What waits in a forum for one reader, counted: a fixed number of queries, whatever there is."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum, auto
from operator import attrgetter
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from drafts.languages.staleness import State
from drafts.text.blocks import Language
from workspace.accounts.domain.joining import SelfRegistrationService
from workspace.amendments.domain.committee_models import Answer, Bracket, BracketState
from workspace.amendments.domain.models import (
    Amendment,
    AmendmentVersion,
    Cosponsor,
    Cosponsoring,
    Decision,
    Disposition,
    Verdict,
)
from workspace.amendments.domain.policy import OtherDeciders
from workspace.approvals.models import ApprovalRequest, Matter
from workspace.approvals.roles import RoleService
from workspace.comments.models import Comment, CommentState, CommentThread
from workspace.core.actor import Actor, Role
from workspace.core.storage.db import Db
from workspace.declarations.domain.approvals import ADOPTION, EMBARGO, DeclarationRule
from workspace.declarations.domain.models import Declaration
from workspace.desk import counts
from workspace.desk.counts import Counts
from workspace.desk.rights import Rights, rights
from workspace.editions.domain import policy
from workspace.editions.domain.models import Corrigendum, CorrigendumState
from workspace.editions.domain.overrides import OverrideService
from workspace.editions.domain.policy import CORRIGENDUM, PUBLICATION, RELEASE
from workspace.editions.domain.queries import OVERRIDE
from workspace.forms.models import Form
from workspace.forms.service import FormService
from workspace.history.erasure import ErasureService
from workspace.history.policy import may_see_requests
from workspace.notices.models import Follow, FollowKind, Notice, NoticeKind
from workspace.people.models import Forum, Mandate, Person, Registration
from workspace.procedure import policy as procedure_policy
from workspace.procedure.models import End, Means, Question
from workspace.procedure.service import ANSWERED, QuestionService
from workspace.procedure.visibility import may_carry_out
from workspace.recommendations.models import RecommendationStatus
from workspace.translations.domain.models import Assignment
from workspace.translations.domain.policy import may_translate
from workspace.translations.domain.service import EditorialService, TranslationService
from workspace.web.i18n.marking import N_

RULES: Mapping[Matter, tuple[DeclarationRule, str, str]] = {  # with what is asked for, and its page
    rule.matter: (rule, what, route)
    for rule, what, route in (
        (ADOPTION, N_("Move to adoption"), "phase"),
        (EMBARGO, N_("Embargo"), "phase"),
        (procedure_policy.CONSENSUS, N_("Consensus"), "question"),
        (PUBLICATION, N_("Publication"), "readiness"),
        (OVERRIDE, N_("Exception"), "readiness"),
        (RELEASE, N_("Time of publication"), "readiness"),
        (CORRIGENDUM, N_("Corrigendum"), "corrigendum"),
    )
}


class PendingApproval(Struct, frozen=True):
    """One thing that awaits a second person since `at`: what it is (a message), and the page on which it is done."""

    what: str
    route: str
    values: Mapping[str, object]
    at: datetime


class SilentCorrigendum(Struct, frozen=True):
    """Corrections that stand unless a member objects in time, and this reader may."""

    number: int
    closes_at: datetime | None


class PendingApprovals(Struct, frozen=True):
    """What others have asked for: to confirm and to object to, by declaration; erasures and roles, in the forum.

    `publications` are the declarations whose publication has been asked for, by whomever; `own` is what this reader
    has asked for.
    """

    confirmable: Mapping[UUID, Sequence[PendingApproval]]
    own: Mapping[UUID, Sequence[PendingApproval]]
    standing: Mapping[UUID, Sequence[SilentCorrigendum]]
    publications: Collection[UUID]
    erasures: int
    roles: int


def pending_approvals(db: Db, forum: Forum, declarations: Sequence[Declaration], *, actor: Actor) -> PendingApprovals:
    """What waits for this reader; nothing for whoever has not signed in."""
    if actor.person_id is None:
        return PendingApprovals({}, {}, {}, (), 0, 0)
    known = {declaration.id: declaration for declaration in declarations}
    requests = [
        (known[approval_request.declaration_id], approval_request)
        for approval_request in _unconfirmed(db, known)
        if approval_request.declaration_id
    ]
    found: dict[UUID, list[PendingApproval]] = {}
    own: dict[UUID, list[PendingApproval]] = {}
    seen: set[tuple[UUID, Matter, bool]] = set()  # of several exceptions, which stand on one page, one
    for declaration, request in requests:
        rule, what, route = RULES[request.matter]
        is_own = request.requested_by_id == actor.person_id
        key = declaration.id, request.matter, is_own
        if key in seen or not (is_own or rule.may_confirm(actor, declaration, request)):
            continue
        seen.add(key)
        of = {"corrigendum": "number", "question": "question"}.get(route)
        values = {of: request.details[of]} if of else {}
        pending = PendingApproval(what, route, values, request.requested_at)
        (own if is_own else found).setdefault(declaration.id, []).append(pending)
    for declaration_id, at in EditorialService(db).confirmable(known, actor=actor).items():
        claimed = PendingApproval(N_("Meaning unchanged"), "translation", {}, at)
        found.setdefault(declaration_id, []).append(claimed)
    publications = {declaration.id for declaration, request in requests if request.matter is PUBLICATION.matter}
    roles = len(RoleService(db).confirmable(forum, actor=actor))
    return PendingApprovals(found, own, _standing(db, known, actor), publications, _erasures(db, forum, actor), roles)


def _unconfirmed(db: Db, known: Mapping[UUID, Declaration]) -> Iterator[ApprovalRequest]:
    """Without what a later text has voided."""
    statement = sa.select(ApprovalRequest).where(
        ApprovalRequest.declaration_id.in_(known),
        ApprovalRequest.outcome.is_(None),
        ApprovalRequest.confirmed_by_id.is_(None),
    )
    overrides: dict[UUID, Collection[UUID]] = {}
    for request in db.scalars(statement.order_by(ApprovalRequest.requested_at, ApprovalRequest.id)):
        declaration = known[request.declaration_id] if request.declaration_id else None
        if declaration is None:
            continue
        if request.matter is OVERRIDE.matter:
            if declaration.id not in overrides:
                overrides[declaration.id] = {valid.id for valid in OverrideService(db).open_ones(declaration)}
            if request.id in overrides[declaration.id]:
                yield request
        elif not RULES[request.matter][0].is_about_text or declaration.head_id == request.revision_id:
            yield request


def _standing(db: Db, known: Mapping[UUID, Declaration], actor: Actor) -> Mapping[UUID, Sequence[SilentCorrigendum]]:
    statement = (
        sa.select(Corrigendum)
        .where(Corrigendum.declaration_id.in_(known), Corrigendum.state == CorrigendumState.SILENT)
        .order_by(Corrigendum.declaration_id, Corrigendum.number)
    )
    standing: dict[UUID, list[SilentCorrigendum]] = {}
    for corrigendum in db.scalars(statement):
        if policy.may_object_to_corrigendum(actor, corrigendum):
            said = SilentCorrigendum(corrigendum.number, corrigendum.closes_at)
            standing.setdefault(corrigendum.declaration_id, []).append(said)
    return standing


def _erasures(db: Db, forum: Forum, actor: Actor) -> int:
    """Requests of other administrators."""
    if not may_see_requests(actor, forum):
        return 0
    requests = ErasureService(db).pending_in(forum, actor=actor)
    return sum(request.requested_by_id != actor.person_id for request, _ in requests)


class QuestionTask(Enum):
    """What a question wants of the reader."""

    VOICE = auto()
    READING = auto()
    CLOSING = auto()
    DECISION = auto()


class OpenQuestion(Struct, frozen=True):
    """A question that wants something of the reader, and until when."""

    number: int
    wanted: QuestionTask
    cast: int
    eligible: int
    closes: datetime | None
    since: datetime

    @property
    def is_running(self) -> bool:
        """Whether it is a vote that waits for others, until it can be closed."""
        return self.wanted is QuestionTask.CLOSING and self.cast < self.eligible


def open_questions(
    db: Db, declarations: Sequence[Declaration], *, actor: Actor
) -> Mapping[UUID, Sequence[OpenQuestion]]:
    """By declaration, in the order in which they were put."""
    known = [declaration.id for declaration in declarations if procedure_policy.may_know(actor, declaration)]
    if actor.person_id is None or not known:
        return {}
    service, found = QuestionService(db), dict[UUID, list[OpenQuestion]]()
    for question in (*service.open_in(known), *_answered(service, known)):
        for wanted in _wanted(service, question, actor):
            open_question = OpenQuestion(
                question.number, wanted, len(question.casts), len(question.seats), question.closes_at, question.put_at
            )
            found.setdefault(question.declaration_id, []).append(open_question)
    return found


def _answered(service: QuestionService, declarations: Sequence[UUID]) -> Sequence[Question]:
    """What has its answer and is about an amendment or a bracket that waits for its decision."""
    has_answer = Question.end.has(End.ending.in_(ANSWERED)) & ~Question.reversal.has()
    statement = service.every().where(Question.declaration_id.in_(declarations), has_answer)
    is_amendment_open = Question.amendment.has(Amendment.disposition.in_(_UNDECIDED))
    is_about_words = sa.or_(is_amendment_open, Question.bracket.has(Bracket.state == BracketState.OPEN))
    return service.db.scalars(statement.where(is_about_words).order_by(Question.put_at, Question.id)).all()


def _wanted(service: QuestionService, question: Question, actor: Actor) -> Iterator[QuestionTask]:
    if not question.is_open:
        if may_carry_out(question, actor):
            yield QuestionTask.DECISION
        return
    if question.means is Means.SILENCE and service.owes_receipt(question, actor=actor):
        yield QuestionTask.READING
    if question.means is not Means.VOTE:
        return
    taken = {vote.seat for vote in question.casts}
    seats = service.seats_held(question, actor=actor) if procedure_policy.may_answer(actor, question) else []
    if any(seat.number not in taken for seat in seats):
        yield QuestionTask.VOICE
    if procedure_policy.may_put(actor, question.declaration, Means.VOTE):
        yield QuestionTask.CLOSING


_UNDECIDED = [disposition for disposition in Disposition if disposition.is_undecided]


class PendingTranslations(Struct, frozen=True):
    """Texts of one declaration that wait for this translator, and the first day by which some are due."""

    missing: int
    others: int  # stale, or never verified
    due: date | None

    @property
    def total(self) -> int:
        return self.missing + self.others


class PendingInvitation(Struct, frozen=True):
    """An amendment that somebody is asked about: to stand behind it, or to answer the words put for it.

    `invited` is who was asked by the reader, and `since` when.
    """

    declaration_id: UUID
    number: int
    invited: str = ""
    since: datetime | None = None


class PendingCounts(Struct, frozen=True):
    """What waits, by declaration, except what belongs to the forum as a whole."""

    declarations: Sequence[Declaration]
    rights: Mapping[UUID, Rights]
    amendments: Counts  # open on the table, each with what amends it
    to_decide: Counts  # those of them that neither the reader nor their delegation has filed
    without_judge: Counts  # the others of them, where the reader decides and nobody else does
    own: Counts
    held: Counts  # comments, for a moderator
    unanswered: Counts  # conversations that this reader follows, where somebody else had the last word
    questions: Mapping[UUID, Sequence[OpenQuestion]]  # what was put to the room
    confirming: PendingApprovals
    untranslated: Mapping[UUID, PendingTranslations]
    invitations: Sequence[PendingInvitation]  # to the reader, and by them
    filed_since: Mapping[UUID, datetime]  # the first of their `own`
    reworded: Sequence[PendingInvitation]  # amendments of their own that the committee has put other words for
    mentions: int
    recommendations: Mapping[RecommendationStatus, int]
    session_count: int
    registered: int  # who came in by themselves, and wait for a role
    answers: Sequence[tuple[Form, int]]  # to forms, which somebody has to settle
    is_alone: bool  # nobody takes part but one: a forum that has just been founded


def pending_counts(
    db: Db, forum: Forum, declarations: Sequence[Declaration], *, session_count: int, actor: Actor
) -> PendingCounts:
    held = {declaration.id: rights(actor, declaration) for declaration in declarations}
    readable = [declaration for declaration in declarations if held[declaration.id].read]
    on_the_table = counts.open_amendments(db, declarations, actor=actor)
    own = counts.own_open_amendments(db, declarations, actor=actor)
    of_others = counts.amendments_of_others(db, declarations, forum=forum, actor=actor)
    judged = [declaration for declaration in declarations if held[declaration.id].decide]
    return PendingCounts(
        declarations=declarations,
        rights=held,
        amendments=on_the_table,
        to_decide=of_others,
        without_judge=_without_judge(db, forum, judged, Counter(on_the_table) - Counter(of_others), actor=actor),
        own={declaration: count for declaration, (count, _) in own.items()},
        filed_since={declaration: since for declaration, (_, since) in own.items()},
        held=counts.held_comments(db, declarations, actor=actor),
        unanswered=_unanswered(db, readable, actor),
        questions=open_questions(db, declarations, actor=actor),
        confirming=pending_approvals(db, forum, declarations, actor=actor),
        untranslated=_untranslated(
            db, [declaration for declaration in declarations if held[declaration.id].translate], actor
        ),
        invitations=_invitations(db, declarations, actor),
        reworded=_reworded(db, [declaration for declaration in declarations if held[declaration.id].amend], actor),
        mentions=_mentions(db, forum, actor),
        recommendations=counts.count_recommendations(db, forum),
        session_count=session_count,
        registered=_registered(db, forum, actor),
        answers=FormService(db).pending(forum, actor=actor),
        is_alone=not declarations and _is_alone(db, forum),
    )


def _without_judge(
    db: Db, forum: Forum, declarations: Sequence[Declaration], barred: Counts, *, actor: Actor
) -> Counts:
    """Of what the reader may not decide on, what nobody else may; nobody is looked for where there is nothing."""
    concerned = [declaration for declaration in declarations if barred.get(declaration.id)]
    if not concerned:
        return {}
    judges = OtherDeciders(db, forum, actor=actor)
    return {declaration.id: barred[declaration.id] for declaration in concerned if not judges.of(declaration)}


def _registered(db: Db, forum: Forum, actor: Actor) -> int:
    if forum.registration is not Registration.OPEN:
        return 0
    return len(SelfRegistrationService(db).pending(forum, actor=actor))


def _is_alone(db: Db, forum: Forum) -> bool:
    people = sa.select(sa.func.count(sa.distinct(Mandate.person_id)))
    return (db.scalar(people.where(Mandate.forum_id == forum.id, Mandate.role != Role.GUEST)) or 0) <= 1


def _unanswered(db: Db, declarations: Sequence[Declaration], actor: Actor) -> Counts:
    """Open conversations that they take part in, or that stand on a paragraph that they follow."""
    if actor.person_id is None or not declarations:
        return {}
    followed = sa.select(Follow.subject_id).where(Follow.person_id == actor.person_id, Follow.is_on)
    threads, blocks = (followed.where(Follow.kind == kind) for kind in (FollowKind.THREAD, FollowKind.PARAGRAPH))
    last = (
        sa.select(Comment.author_id)
        .where(Comment.thread_id == CommentThread.id, Comment.state == CommentState.SHOWN)
        .order_by(Comment.written_at.desc(), Comment.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        sa.select(CommentThread.declaration_id, sa.func.count())
        .where(
            CommentThread.declaration_id.in_([declaration.id for declaration in declarations]),
            CommentThread.resolved_at.is_(None),
            CommentThread.is_internal.is_(False),
            sa.or_(CommentThread.id.in_(threads), CommentThread.block_id.in_(blocks)),
            last != actor.person_id,
        )
        .group_by(CommentThread.declaration_id)
    )
    return {key: count for key, count in db.execute(statement) if key is not None}


def _untranslated(db: Db, declarations: Sequence[Declaration], actor: Actor) -> Mapping[UUID, PendingTranslations]:
    due = (
        {
            row[0]: row[1]
            for row in db.execute(
                sa.select(Assignment.declaration_id, sa.func.min(Assignment.due_on))
                .where(Assignment.person_id == actor.person_id, Assignment.due_on.is_not(None))
                .group_by(Assignment.declaration_id)
            )
        }
        if declarations
        else {}
    )
    return {declaration.id: _texts(db, declaration, actor, due.get(declaration.id)) for declaration in declarations}


def _texts(db: Db, declaration: Declaration, actor: Actor, due: date | None) -> PendingTranslations:
    """In the languages that they write."""
    own = {language for language in Language if may_translate(actor, declaration, language)}
    states = [
        state
        for standing in TranslationService(db).standings(declaration)
        for language, state in standing.states.items()
        if language in own and state.stops_publication
    ]
    missing = states.count(State.MISSING)
    return PendingTranslations(missing, len(states) - missing, due)


_IN_ORDER = attrgetter("declaration_id", "number")  # not asked of the database, which would go through all amendments


def _invitations(db: Db, declarations: Sequence[Declaration], actor: Actor) -> list[PendingInvitation]:
    own = sa.select(Amendment.id).where(Amendment.proposer_id == actor.person_id)
    statement = (
        sa.select(Amendment.declaration_id, Amendment.number, Cosponsor.person_id, Person.name, Cosponsor.invited_at)
        .join(Cosponsor, Cosponsor.amendment_id == Amendment.id)
        .join(Person, Person.id == Cosponsor.person_id)
        .where(Cosponsor.standing == Cosponsoring.INVITED)
        .where(sa.or_(Cosponsor.person_id == actor.person_id, Cosponsor.amendment_id.in_(own)))
        .where(Amendment.declaration_id.in_([declaration.id for declaration in declarations]))
        .where(Amendment.disposition.in_(_UNDECIDED))
        .order_by(Cosponsor.id)
    )
    found = [
        PendingInvitation(declaration, number, "" if person_id == actor.person_id else name, since)
        for declaration, number, person_id, name, since in (db.execute(statement) if actor.person_id else ())
    ]
    return sorted(found, key=_IN_ORDER)


def _reworded(db: Db, declarations: Sequence[Declaration], actor: Actor) -> list[PendingInvitation]:
    """Where the newest words put for an amendment of theirs, after their own, have no answer yet."""
    if actor.person_id is None or not declarations:
        return []
    version = aliased(AmendmentVersion)
    newest = sa.select(sa.func.max(version.number)).where(version.amendment_id == Amendment.id)
    theirs = newest.where(version.made_by_id == Amendment.proposer_id).scalar_subquery()
    is_taken_back = version.decisions.any(sa.or_(Decision.verdict == Verdict.ADOPT_PARTLY, Decision.undone_by.has()))
    put = newest.where(
        version.made_by_id != Amendment.proposer_id, version.is_automatic.is_(False), ~is_taken_back
    ).scalar_subquery()
    statement = (
        sa.select(Amendment.declaration_id, Amendment.number)
        .join(AmendmentVersion, AmendmentVersion.amendment_id == Amendment.id)
        .where(Amendment.proposer_id == actor.person_id, Amendment.disposition.in_(_UNDECIDED))
        .where(Amendment.declaration_id.in_([declaration.id for declaration in declarations]))
        .where(AmendmentVersion.number == put, AmendmentVersion.number > theirs)
        .where(~sa.exists().where(Answer.version_id == AmendmentVersion.id))
    )
    return sorted((PendingInvitation(*row) for row in db.execute(statement)), key=_IN_ORDER)


def _mentions(db: Db, forum: Forum, actor: Actor) -> int:
    """How often they were named and have not looked yet."""
    if actor.person_id is None:
        return 0
    statement = sa.select(sa.func.count()).select_from(Notice)
    unread = statement.where(Notice.person_id == actor.person_id, Notice.read_at.is_(None))
    return db.scalar(unread.where(Notice.kind == NoticeKind.MENTION, Notice.forum_id == forum.id)) or 0
