"""Who is told of what: listeners to the facts of other slices, in the same unit of work; guests get letters.

Whoever did it is not told. Nobody is told of what they may not read at this moment, or has asked to hear no
more of; each person is told once of one thing, for the reason that concerns them most.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.orm import joinedload

from workspace.amendments.domain.models import Amendment, Cosponsor, Cosponsoring
from workspace.amendments.domain.policy import may_read as may_read_amendment
from workspace.approvals.models import ApprovalRequest
from workspace.comments.models import Comment, CommentState, CommentThread, Mention, SubjectKind
from workspace.comments.policy import forum_of, may_read_thread
from workspace.comments.queries import Conversations
from workspace.comments.service import words_of
from workspace.core import clock, events, instruments
from workspace.core.actor import CALENDAR, Actor, Role
from workspace.core.outbox import Receiver, queue_each_letter
from workspace.core.security.conditions import Case
from workspace.core.security.permissions import roles_that_may
from workspace.core.storage.db import Db, new_id
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Revision
from workspace.declarations.domain.policy import may_do, may_know, may_read
from workspace.notices.models import Follow, FollowKind, Notice, NoticeKind
from workspace.notices.service import FollowService, select_muted
from workspace.notices.views import OF_COMMENT, OF_RECOMMENDATION
from workspace.people.guests import GuestService
from workspace.people.mandates import counting
from workspace.people.models import Forum, Mandate, Person
from workspace.procedure import policy as procedure_policy
from workspace.procedure.models import Means, Question
from workspace.procedure.service import QuestionService
from workspace.recommendations.models import Endorsement, Recommendation
from workspace.recommendations.policy import may_read_recommendation
from workspace.web.i18n import messages

May = Callable[[Actor], bool]
About = Mapping[str, UUID | str | None]
People = set[UUID | None]
_ANSWERED_BY = {  # by matter, where it is not `request.confirm`
    "corrigendum": "edition.corrigendum",
    "corrigendum_silence": "corrigendum.object",
}
_OF_SUBJECT: Mapping[SubjectKind, FollowKind] = {
    SubjectKind.PARAGRAPH: FollowKind.PARAGRAPH,
    SubjectKind.AMENDMENT: FollowKind.AMENDMENT,
    SubjectKind.RECOMMENDATION: FollowKind.RECOMMENDATION,
    SubjectKind.DECLARATION: FollowKind.DECLARATION,
}


def of_amendment(db: Db, event: events.AmendmentFiled) -> None:
    """An amendment was proposed: those who follow what it would change, and its author follows it from now on."""
    amendment = db.get_one(Amendment, event.amendment_id)
    declaration = amendment.declaration
    follows = FollowService(db)
    follows.follow_new(
        FollowKind.AMENDMENT, amendment.id, forum_id=declaration.forum_id, person_id=amendment.proposer_id
    )
    changes = (change for version in amendment.versions for change in version.changes)
    blocks = list(dict.fromkeys(change.block_id for change in changes if change.block_id is not None))
    people = follows.followers(
        {
            FollowKind.DECLARATION: [declaration.id],
            FollowKind.PARAGRAPH: blocks,
            FollowKind.AMENDMENT: [amendment.parent_id] if amendment.parent_id else [],
        }
    )
    tell(
        db,
        NoticeKind.AMENDMENT,
        people - {event.actor.person_id, amendment.proposer_id},
        lambda actor: may_read_amendment(actor, amendment),
        subject_of(declaration, amendment_id=amendment.id, block_id=blocks[0] if blocks else None, by=event.actor),
    )


def of_decisions(db: Db, event: events.DecisionsTaken) -> None:
    """Amendments were decided on, or a decision was undone: the proposer of each, its co-sponsors, and those who follow
    it. As many queries for all as for one.
    """
    amendments = {
        decision: db.get_one(Amendment, decision) for decision in event.decisions
    }  # they are at hand: they were decided on
    follows = {amendment_id: {amendment.proposer_id: True} for amendment_id, amendment in amendments.items()}
    said = sa.select(Follow.subject_id, Follow.person_id, Follow.is_on).where(
        Follow.kind == FollowKind.AMENDMENT, Follow.subject_id.in_(amendments)
    )
    confirmed = sa.select(Cosponsor.amendment_id, Cosponsor.person_id, sa.null()).where(
        Cosponsor.amendment_id.in_(amendments), Cosponsor.standing == Cosponsoring.CONFIRMED
    )
    for amendment_id, person_id, is_on in db.execute(said.union_all(confirmed)):
        if is_on is None:
            follows[amendment_id].setdefault(person_id, True)
        else:
            follows[amendment_id][person_id] = is_on
    wanted = {
        amendment_id: {person for person, is_on in people.items() if is_on} - {event.actor.person_id}
        for amendment_id, people in follows.items()
    }
    actors = actors_of(db, set().union(*wanted.values()))
    rows = [
        row
        for amendment_id, decision_id in event.decisions.items()
        for amendment in (amendments[amendment_id],)
        for row in notice_rows(
            NoticeKind.DECISION,
            [
                actor
                for actor in actors
                if actor.person_id in wanted[amendment_id] and may_read_amendment(actor, amendment)
            ],
            subject_of(amendment.declaration, amendment_id=amendment_id, decision_id=decision_id, by=event.actor),
        )
    ]
    if rows:
        db.execute(sa.insert(Notice), rows)


def of_revision(db: Db, event: events.RevisionMade) -> None:
    """The text has changed: those who follow it whole, and those who follow a paragraph that changed."""
    declaration, revision = db.get_one(Declaration, event.declaration_id), db.get_one(Revision, event.revision_id)
    some = sa.select(Follow.person_id).where(Follow.forum_id == declaration.forum_id, Follow.is_on)
    of_text = some.where(Follow.kind.in_([FollowKind.DECLARATION, FollowKind.PARAGRAPH]))
    if revision.parent_id is None or db.scalar(of_text.limit(1)) is None:
        return
    places = queries.changed_places(db, revision.parent_id, revision.id).items()
    changed = {block_id for block_id, (then, now) in places if not then or not now or then.pins != now.pins}
    if not changed:
        return
    follows, notified = FollowService(db), {event.actor.person_id}
    about = subject_of(declaration, revision_id=revision.id, by=event.actor)
    whole = follows.followers({FollowKind.DECLARATION: [declaration.id]}) - notified
    tell(db, NoticeKind.REVISION, whole, lambda actor: may_read(actor, declaration), about)
    notified |= whole
    rows = db.execute(
        sa.select(Follow.person_id, Follow.subject_id)
        .where(Follow.kind == FollowKind.PARAGRAPH, Follow.subject_id.in_(changed), Follow.is_on)
        .order_by(Follow.subject_id)
    )
    first: dict[UUID, UUID] = {}
    for person_id, block_id in rows:
        first.setdefault(person_id, block_id)
    for block_id in dict.fromkeys(first.values()):
        people = {person for person, block in first.items() if block == block_id} - notified
        tell(
            db, NoticeKind.REVISION, people, lambda actor: may_read(actor, declaration), {**about, "block_id": block_id}
        )


def of_remark(db: Db, event: events.RemarkMade) -> None:
    """Something was said: whom it names, who takes part in the conversation, and who follows what it is about."""
    thread, comment = db.get_one(CommentThread, event.thread_id), db.get_one(Comment, event.comment_id)
    ground = Conversations(db).ground_of(thread)
    forum, follows = forum_of(ground), FollowService(db)
    if event.actor.roles_in(forum.id, clock.now()) != {Role.GUEST}:
        follows.follow_own(FollowKind.THREAD, thread.id, forum_id=forum.id, person_id=comment.author_id)
    others = {FollowKind.THREAD: [thread.id], _OF_SUBJECT[thread.kind]: [thread.subject_id]}
    if isinstance(ground, Declaration):
        others.setdefault(FollowKind.DECLARATION, []).append(ground.id)
    if thread.recommendation is not None and thread.recommendation.session_id is not None:
        others[FollowKind.SESSION] = [thread.recommendation.session_id]
    is_first = all(shown.id == comment.id for shown in thread.comments if shown.state is CommentState.SHOWN)
    participants = db.scalars(sa.select(Notice.person_id).where(Notice.comment_id == comment.id))
    notified: set[UUID | None] = {event.actor.person_id, comment.author_id, *participants}
    named = set(db.scalars(sa.select(Mention.person_id).where(Mention.comment_id == comment.id))) - notified
    within = follows.followers({FollowKind.THREAD: [thread.id]}) - named - notified
    muted = set(db.scalars(select_muted({FollowKind.THREAD: [thread.id]})))
    beside = follows.followers(others) - muted - within - named - notified
    about: About = {
        "forum_id": forum.id,
        "declaration_id": thread.declaration_id,
        "block_id": thread.block_id,
        "amendment_id": thread.amendment_id,
        "thread_id": thread.id,
        "comment_id": comment.id,
        "by_id": comment.author_id,
    }
    for kind, people in (
        (NoticeKind.MENTION, named),
        (NoticeKind.REPLY, within),
        (NoticeKind.REMARK if is_first else NoticeKind.REPLY, beside),
    ):
        tell(db, kind, people, lambda actor: may_read_thread(actor, thread, ground), about)


def of_phase(db: Db, event: events.PhaseMoved) -> None:
    """A declaration is in another phase: everybody of the forum who may know of it."""
    declaration = db.get_one(Declaration, event.declaration_id)
    _tell_forum(db, NoticeKind.PHASE, declaration, word=event.after, by=event.actor)


def of_closing(db: Db, event: events.StageClosed) -> None:
    _tell_forum(db, NoticeKind.CLOSED, db.get_one(Declaration, event.declaration_id), word=event.stage)


def of_dates(db: Db, event: events.DeadlineChanged) -> None:
    declaration = db.get_one(Declaration, event.declaration_id)
    _tell_forum(db, NoticeKind.DATES, declaration, word=event.stage, by=event.actor)


def of_request(db: Db, event: events.TaskGiven) -> None:
    """Something waits for one person."""
    about: About = {
        "forum_id": event.forum_id,
        "declaration_id": event.declaration_id,
        "amendment_id": event.amendment_id,
        "by_id": event.actor.person_id,
        "word": event.task,
    }
    tell(db, NoticeKind.ASKED, {event.person_id} - {event.actor.person_id}, lambda _: True, about)


def of_corrections(db: Db, event: events.CorrectionsPublished) -> None:
    """What was put right in a published text has come out: those who make corrections, and who could object."""
    declaration = db.get_one(Declaration, event.declaration_id)
    roles = roles_that_may("edition.corrigendum") | roles_that_may("corrigendum.object")
    about = {**subject_of(declaration, by=event.actor), "word": "corrigendum_made"}
    people = _holding(db, declaration.forum, roles) - {event.actor.person_id}
    tell(db, NoticeKind.ASKED, people, lambda actor: may_know(actor, declaration), about)


def of_minutes(db: Db, event: events.MinutesSigned) -> None:
    """Minutes were signed: those who can propose corrections to them, for a time."""
    declaration = db.get_one(Declaration, event.declaration_id)
    about = {**subject_of(declaration, by=event.actor), "word": "minutes"}
    people = _holding(db, declaration.forum, roles_that_may("minutes.correct")) - {event.actor.person_id}
    tell(db, NoticeKind.ASKED, people, lambda actor: may_know(actor, declaration), about)


def of_confirmation(db: Db, event: events.ConfirmationRequested) -> None:
    """Something waits for a second person, or stands unless somebody objects: everybody who could."""
    declaration = db.get_one(Declaration, event.declaration_id)
    authors = frozenset({event.actor.person_id} if event.actor.person_id else ())
    asked_by = Case(authors=authors, record_date=clock.now())
    action = _ANSWERED_BY.get(event.matter, "request.confirm")
    people = _holding(db, declaration.forum, roles_that_may(action))
    about = {**subject_of(declaration, by=event.actor), "word": event.matter}
    tell(
        db,
        NoticeKind.ASKED,
        people - {event.actor.person_id},
        lambda actor: may_do(actor, action, declaration, replace(asked_by, people=authors | {actor.person_id})),
        about,
    )


def of_refusal(db: Db, event: events.RequestDeclined) -> None:
    """What somebody asked a second person for was declined: back to who asked."""
    declaration = db.get_one(Declaration, event.declaration_id)
    about = {**subject_of(declaration, by=event.actor), "word": f"{event.matter}_declined"}
    tell(db, NoticeKind.ASKED, {event.asked_by_id}, lambda actor: may_know(actor, declaration), about)


def of_lapse(db: Db, event: events.RequestLapsed) -> None:
    """Nobody waits any more for a second person: back to who asked, and to those who could have been that."""
    request = db.get_one(ApprovalRequest, event.request_id)
    people = {request.requested_by_id} | _holding(db, db.get_one(Forum, request.forum_id), event.roles)
    about = {"forum_id": request.forum_id, "declaration_id": request.declaration_id, "word": "lapsed"}
    tell(db, NoticeKind.ASKED, people, lambda _: True, about)


def tell_that_it_closes(db: Db, declaration: Declaration, stage: str) -> None:
    """What is open closes within a day: everybody of the forum who may know of it."""
    _tell_forum(db, NoticeKind.CLOSING, declaration, word=stage)


def _tell_forum(db: Db, kind: NoticeKind, declaration: Declaration, *, word: str, by: Actor | None = None) -> None:
    muted = select_muted({FollowKind.FORUM: [declaration.forum_id], FollowKind.DECLARATION: [declaration.id]})
    here = sa.select(Mandate.person_id).where(*counting(declaration.forum), Mandate.person_id.not_in(muted))
    people: set[UUID | None] = set(db.scalars(here))
    by_id = by.person_id if by else None
    about: About = {"forum_id": declaration.forum_id, "declaration_id": declaration.id, "word": word, "by_id": by_id}
    tell(db, kind, people - {by_id}, lambda actor: may_know(actor, declaration), about)


def people_of(db: Db, forum: Forum) -> set[UUID | None]:
    """Everybody who takes part in a forum today, other than guests."""
    return set(db.scalars(sa.select(Mandate.person_id).where(*counting(forum))))


def _holding(db: Db, forum: Forum, roles: Collection[Role]) -> set[UUID | None]:
    """Everybody who has one of these roles in a forum today."""
    return set(db.scalars(sa.select(Mandate.person_id).where(*counting(forum), Mandate.role.in_(roles))))


def tell(db: Db, kind: NoticeKind, people: Collection[UUID | None], may: May, about: About) -> None:
    """One notice for each of these people who may read of it. Two queries and one statement, however many they are."""
    rows = notice_rows(kind, [actor for actor in actors_of(db, people) if may(actor)], about)
    if rows:
        db.execute(sa.insert(Notice), rows)


def actors_of(db: Db, people: Collection[UUID | None]) -> Sequence[Actor]:
    """Those of these people who are still there, in a fixed order."""
    wanted = [person for person in people if person is not None]
    if not wanted:
        return ()
    statement = (
        sa.select(Person)
        .where(Person.id.in_(wanted), Person.erased_at.is_(None))
        .options(joinedload(Person.mandates), joinedload(Person.lent))
        .order_by(Person.id)
    )
    return [person.as_actor() for person in db.scalars(statement).unique()]


def notice_rows(kind: NoticeKind, actors: Iterable[Actor], about: About) -> list[dict[str, Any]]:
    """The notices as SQLAlchemy takes them."""
    at = clock.now()
    return [{"id": new_id(), "person_id": actor.person_id, "kind": kind, "made_at": at, **about} for actor in actors]


def subject_of(declaration: Declaration, *, by: Actor, **ids: UUID | None) -> About:
    return {"forum_id": declaration.forum_id, "declaration_id": declaration.id, "by_id": by.person_id, **ids}


def of_question(db: Db, event: events.QuestionPut) -> None:
    """A vote or a silence procedure was opened: everybody who can answer it, whatever they follow."""
    question = db.get_one(Question, event.question_id)
    if question.means is not Means.CONSENSUS:
        _tell_voices(db, NoticeKind.QUESTION, question, by=event.actor)


def that_silence_ends(db: Db, question: Question) -> None:
    """A silence procedure ends within a day: everybody who can still break it."""
    _tell_voices(db, NoticeKind.CLOSING, question, by=CALENDAR)


def _tell_voices(db: Db, kind: NoticeKind, question: Question, *, by: Actor) -> None:
    service = QuestionService(db)

    def has_a_voice(actor: Actor) -> bool:
        return procedure_policy.may_answer(actor, question) and bool(service.seats_of(question, actor=actor))

    people = people_of(db, question.declaration.forum)
    tell(db, kind, people - {by.person_id}, has_a_voice, _about(question, by))


def of_ending(db: Db, event: events.QuestionEnded) -> None:
    """A question has its answer: those who could give it, those who follow the text, and the amendment's proposer."""
    question = db.get_one(Question, event.question_id)
    follows = FollowService(db)
    amendments = [question.amendment_id] if question.amendment_id else []
    concerned = follows.followers({FollowKind.DECLARATION: [question.declaration_id], FollowKind.AMENDMENT: amendments})
    if question.amendment is not None:
        concerned.add(question.amendment.proposer_id)

    def may(actor: Actor) -> bool:
        has_a_voice = bool(procedure_policy.voices(actor, question, question.declaration.forum_id))
        is_concerned = has_a_voice or actor.person_id in concerned
        return is_concerned and procedure_policy.may_know(actor, question.declaration)

    people = concerned | people_of(db, question.declaration.forum)
    tell(db, NoticeKind.ENDED, people - {event.actor.person_id}, may, _about(question, event.actor))


def _about(question: Question, by: Actor) -> About:
    return subject_of(question.declaration, by=by, question_id=question.id, amendment_id=question.amendment_id)


_TURNED_DOWN = frozenset({"dropped", "declined"})  # of these a session's rapporteur is told, too


def of_recommendations(db: Db, event: events.RecommendationsSettled) -> None:
    """Something became of recommendations: who said or endorsed each, and who follows it. As many queries for all."""
    rows = db.scalars(sa.select(Recommendation).where(Recommendation.id.in_(event.outcomes))).all()
    concerned = _concerned(db, event, rows)
    everybody = set().union(*concerned.values()) - {event.actor.person_id}
    actors, notices = actors_of(db, everybody), list[dict[str, Any]]()
    forum, guests = db.get_one(Forum, event.forum_id), _guests(db, everybody)
    for row in rows:
        word = event.outcomes[row.id]
        may = [
            actor
            for actor in actors
            if actor.person_id in concerned[row.id]
            and (actor.person_id == row.submitted_by_id or may_read_recommendation(actor, forum, row))
        ]
        about: About = {"forum_id": forum.id, "recommendation_id": row.id, "word": word, "by_id": event.actor.person_id}
        notices += notice_rows(NoticeKind.RECOMMENDATION, may, about)
        if (by := row.submitted_by_id) is not None and by in guests:
            facts: dict[str, str | int] = {"number": row.number, "reason": row.reason_of(word), "text": row.text}
            _write(db, by, guests[by], forum, OF_RECOMMENDATION[word], **facts)
    if notices:
        db.execute(sa.insert(Notice), notices)


def _concerned(db: Db, event: events.RecommendationsSettled, rows: Collection[Recommendation]) -> Mapping[UUID, People]:
    """Who said or endorsed each of these, and who follows it."""
    standings = FollowService(db).standings(FollowKind.RECOMMENDATION, list(event.outcomes))
    speaking = _speaking(db, db.get_one(Forum, event.forum_id), {row.organisation_id for row in rows})
    behind: dict[UUID, People] = {row.id: set() for row in rows}
    endorsed = sa.select(Endorsement.recommendation_id, Endorsement.endorsed_by_id)
    for key, person_id in db.execute(endorsed.where(Endorsement.recommendation_id.in_(behind))):
        behind[key].add(person_id)
    own = _guests(db, {row.submitted_by_id for row in rows})
    for row in rows:
        spoken = speaking.get(row.organisation_id, set())
        behind[row.id] |= spoken | ({row.submitted_by_id} & own.keys()) if spoken else {row.submitted_by_id}
        if row.session is not None and event.outcomes[row.id] in _TURNED_DOWN:
            behind[row.id].add(row.session.rapporteur_id)
        for person_id, is_on in standings[row.id].items():
            (behind[row.id].add if is_on else behind[row.id].discard)(person_id)
    return behind


def _speaking(db: Db, forum: Forum, organisations: Collection[UUID | None]) -> Mapping[UUID | None, People]:
    rows = sa.select(Mandate.organisation_id, Mandate.person_id)
    found: dict[UUID | None, People] = {}
    for key, person_id in db.execute(rows.where(*counting(forum), Mandate.organisation_id.in_(organisations))):
        found.setdefault(key, set()).add(person_id)
    return found


def of_moderation(db: Db, event: events.RemarkModerated) -> None:
    """A remark was let through or removed, or its conversation was settled: who wrote there."""
    thread = db.get_one(CommentThread, event.thread_id)
    ground = Conversations(db).ground_of(thread)
    written = [comment for comment in thread.comments if event.comment_id in {None, comment.id}]
    people: People = {comment.author_id for comment in written if comment.author_id != event.actor.person_id}
    about: About = {
        "forum_id": forum_of(ground).id,
        "declaration_id": thread.declaration_id,
        "thread_id": thread.id,
        "comment_id": event.comment_id,
        "word": event.step,
        "by_id": event.actor.person_id,
    }
    reason = written[0].reason if event.comment_id and written else ""
    tell(db, NoticeKind.COMMENT, people, lambda actor: may_read_thread(actor, thread, ground), about)
    for by, guest in _guests(db, people).items():
        last = [comment for comment in written if comment.author_id == by][-1]
        _write(db, by, guest, forum_of(ground), OF_COMMENT[event.step], reason=reason, text=words_of(last))


def of_answer(db: Db, event: events.RemarkMade) -> None:
    """Somebody answered where a guest has written."""
    thread, comment = db.get_one(CommentThread, event.thread_id), db.get_one(Comment, event.comment_id)
    others: People = {*(said.author_id for said in thread.comments if said.state is CommentState.SHOWN)}
    if not thread.is_internal:
        forum = forum_of(Conversations(db).ground_of(thread))
        for by, guest in _guests(db, others - {comment.author_id}).items():
            _write(db, by, guest, forum, OF_COMMENT["answered"], text=words_of(comment))


def _guests(db: Db, people: People) -> Mapping[UUID, Receiver]:
    """Those of these people who came as guests and have shown that their address is theirs."""
    found = GuestService(db).among([person for person in people if person is not None])
    checked = {key: guest.email for key, guest in found.items() if guest.checked_at is not None}
    persons = db.scalars(sa.select(Person).where(Person.id.in_(checked), Person.erased_at.is_(None)))
    return {person.id: Receiver(checked[person.id], person.language, person.id) for person in persons}


def _write(db: Db, by: UUID, to: Receiver, forum: Forum, said: str, **facts: str | int) -> None:
    """A letter to a guest, whose subject is `said` in their language; it leads to their own page."""
    with instruments.named(forum.labels):
        first = messages.messages(to.language).gettext(said, **facts)
    told = {"forum": forum.name.to_dict(), "first": first, "path": GuestService(db).page_of(forum, by), **facts}
    queue_each_letter(db, "guest_told", [(to, told)], forum_id=forum.id)
