"""What waits in a forum for one reader, counted: a fixed number of queries, whatever there is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from drafts.blocks import Language
from drafts.staleness import State
from workspace.accounts.registered import RegisteredService
from workspace.amendments.committee_models import Answer
from workspace.amendments.judges import Judges
from workspace.amendments.models import Amendment, AmendmentVersion, Cosponsor, Cosponsoring, Disposition
from workspace.comments.models import Comment, CommentState, CommentThread
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.declarations.models import Declaration
from workspace.desk import confirming, counting
from workspace.desk.asked import Asked, asked_of
from workspace.desk.counting import Counts
from workspace.desk.rights import Rights, rights
from workspace.notices.models import Follow, FollowKind, Notice, NoticeKind
from workspace.people.models import Forum, Mandate, Registration
from workspace.recommendations.models import Standing
from workspace.translations.models import Assignment
from workspace.translations.policy import may_translate
from workspace.translations.service import TranslationService

_UNDECIDED = [one for one in Disposition if one.is_undecided]


class Untranslated(Struct, frozen=True):
    """Texts of one declaration that wait for this translator, and the first day by which some are due."""

    missing: int
    others: int  # stale, or never verified
    due: date | None

    @property
    def total(self) -> int:
        return self.missing + self.others


class Invitation(Struct, frozen=True):
    """An amendment that somebody is asked about: to stand behind it, or to answer the words put for it."""

    declaration_id: UUID
    number: int


class Waiting(Struct, frozen=True):
    """What waits, by declaration, except what belongs to the forum as a whole."""

    declarations: Sequence[Declaration]
    rights: Mapping[UUID, Rights]
    amendments: Counts  # open on the table, each with what amends it
    to_decide: Counts  # those of them that neither the reader nor their delegation has filed
    without_judge: Counts  # the others of them, where the reader decides and nobody else does
    own: Counts
    held: Counts  # comments, for a moderator
    unanswered: Counts  # conversations that this reader follows, where somebody else had the last word
    asked: Mapping[UUID, Sequence[Asked]]  # what was put to the room
    confirming: confirming.Asked
    untranslated: Mapping[UUID, Untranslated]
    invitations: Sequence[Invitation]
    reworded: Sequence[Invitation]  # amendments of their own that the committee has put other words for
    mentions: int
    recommendations: Mapping[Standing, int]
    session_count: int
    registered: int  # who came in by themselves, and wait for a role
    is_alone: bool  # nobody takes part but one: a forum that has just been founded


def waiting(db: Db, forum: Forum, declarations: Sequence[Declaration], *, session_count: int, actor: Actor) -> Waiting:
    held = {one.id: rights(actor, one) for one in declarations}
    readable = [one for one in declarations if held[one.id].read]
    on_the_table = counting.open_amendments(db, declarations, actor=actor)
    of_others = counting.amendments_of_others(db, declarations, forum=forum, actor=actor)
    judged = [one for one in declarations if held[one.id].decide]
    return Waiting(
        declarations=declarations,
        rights=held,
        amendments=on_the_table,
        to_decide=of_others,
        without_judge=_without_judge(db, forum, judged, Counter(on_the_table) - Counter(of_others), actor=actor),
        own=counting.own_open_amendments(db, declarations, actor=actor),
        held=counting.held_comments(db, declarations, actor=actor),
        unanswered=_unanswered(db, readable, actor),
        asked=asked_of(db, declarations, actor=actor),
        confirming=confirming.asked_by_others(db, forum, declarations, actor=actor),
        untranslated=_untranslated(db, [one for one in declarations if held[one.id].translate], actor),
        invitations=_invitations(db, declarations, actor),
        reworded=_reworded(db, [one for one in declarations if held[one.id].amend], actor),
        mentions=_mentions(db, forum, actor),
        recommendations=counting.recommendations(db, forum),
        session_count=session_count,
        registered=_registered(db, forum, actor),
        is_alone=not declarations and _is_alone(db, forum),
    )


def _without_judge(
    db: Db, forum: Forum, declarations: Sequence[Declaration], barred: Counts, *, actor: Actor
) -> Counts:
    """Of what the reader may not decide on, what nobody else may; nobody is looked for where there is nothing."""
    concerned = [one for one in declarations if barred.get(one.id)]
    if not concerned:
        return {}
    judges = Judges(db, forum, actor=actor)
    return {one.id: barred[one.id] for one in concerned if not judges.of(one)}


def _registered(db: Db, forum: Forum, actor: Actor) -> int:
    if forum.registration is not Registration.OPEN:
        return 0
    return len(RegisteredService(db).waiting(forum, actor=actor))


def _is_alone(db: Db, forum: Forum) -> bool:
    people = sa.select(sa.func.count(sa.distinct(Mandate.person_id))).where(Mandate.forum_id == forum.id)
    return (db.scalar(people) or 0) <= 1


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
            CommentThread.declaration_id.in_([one.id for one in declarations]),
            CommentThread.resolved_at.is_(None),
            CommentThread.is_internal.is_(False),
            sa.or_(CommentThread.id.in_(threads), CommentThread.block_id.in_(blocks)),
            last != actor.person_id,
        )
        .group_by(CommentThread.declaration_id)
    )
    return {key: count for key, count in db.execute(statement) if key is not None}


def _untranslated(db: Db, declarations: Sequence[Declaration], actor: Actor) -> Mapping[UUID, Untranslated]:
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
    return {one.id: _texts(db, one, actor, due.get(one.id)) for one in declarations}


def _texts(db: Db, declaration: Declaration, actor: Actor, due: date | None) -> Untranslated:
    """In the languages that they write."""
    own = {language for language in Language if may_translate(actor, declaration, language)}
    states = [
        state
        for standing in TranslationService(db).standings(declaration)
        for language, state in standing.states.items()
        if language in own and state.stops_publication
    ]
    missing = states.count(State.MISSING)
    return Untranslated(missing, len(states) - missing, due)


def _invitations(db: Db, declarations: Sequence[Declaration], actor: Actor) -> list[Invitation]:
    statement = (
        sa.select(Amendment.declaration_id, Amendment.number)
        .join(Cosponsor, Cosponsor.amendment_id == Amendment.id)
        .where(Cosponsor.person_id == actor.person_id, Cosponsor.standing == Cosponsoring.INVITED)
        .where(Amendment.declaration_id.in_([one.id for one in declarations]))
        .where(Amendment.disposition.in_(_UNDECIDED))
        .order_by(Amendment.declaration_id, Amendment.number)
    )
    return [Invitation(*row) for row in db.execute(statement)] if actor.person_id else []


def _reworded(db: Db, declarations: Sequence[Declaration], actor: Actor) -> list[Invitation]:
    """Where the newest words put for an amendment of theirs, after their own, have no answer yet."""
    if actor.person_id is None or not declarations:
        return []
    version = aliased(AmendmentVersion)
    newest = sa.select(sa.func.max(version.number)).where(version.amendment_id == Amendment.id)
    theirs = newest.where(version.made_by_id == Amendment.proposer_id).scalar_subquery()
    put = newest.where(version.made_by_id != Amendment.proposer_id, version.is_automatic.is_(False)).scalar_subquery()
    statement = (
        sa.select(Amendment.declaration_id, Amendment.number)
        .join(AmendmentVersion, AmendmentVersion.amendment_id == Amendment.id)
        .where(Amendment.proposer_id == actor.person_id, Amendment.disposition.in_(_UNDECIDED))
        .where(Amendment.declaration_id.in_([one.id for one in declarations]))
        .where(AmendmentVersion.number == put, AmendmentVersion.number > theirs)
        .where(~sa.exists().where(Answer.version_id == AmendmentVersion.id))
        .order_by(Amendment.declaration_id, Amendment.number)
    )
    return [Invitation(*row) for row in db.execute(statement)]


def _mentions(db: Db, forum: Forum, actor: Actor) -> int:
    """How often they were named and have not looked yet."""
    if actor.person_id is None:
        return 0
    statement = sa.select(sa.func.count()).select_from(Notice)
    unread = statement.where(Notice.person_id == actor.person_id, Notice.read_at.is_(None))
    return db.scalar(unread.where(Notice.kind == NoticeKind.MENTION, Notice.forum_id == forum.id)) or 0
