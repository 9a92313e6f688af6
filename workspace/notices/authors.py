"""Whoever said or wrote something is told what became of it: notices for people, letters for guests."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workspace.comments.models import Comment, CommentState, CommentThread
from workspace.comments.policy import forum_of, may_read_thread
from workspace.comments.queries import Conversations
from workspace.core import instruments
from workspace.core.events import RecommendationsSettled, RemarkMade, RemarkModerated
from workspace.core.outbox import Receiver, queue_each_letter
from workspace.core.storage.db import Db
from workspace.notices.listeners import About, actors_of, counting, notice_rows, tell
from workspace.notices.models import FollowKind, Notice, NoticeKind
from workspace.notices.service import FollowService
from workspace.notices.views import OF_COMMENT, OF_RECOMMENDATION
from workspace.people.guests import GuestService
from workspace.people.models import Forum, Mandate, Person
from workspace.recommendations.models import Endorsement, Recommendation
from workspace.recommendations.policy import may_read_recommendation
from workspace.web.i18n import messages

_TURNED_DOWN = frozenset({"dropped", "declined"})  # of these a session's rapporteur is told, too
People = set[UUID | None]


def of_recommendations(db: Db, event: RecommendationsSettled) -> None:
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
        if row.submitted_by_id in guests:
            to = [guests[row.submitted_by_id]]
            facts: dict[str, str | int] = {
                "number": row.number,
                "reason": row.reason_of(word),
                "path": f"/{{language}}/{forum.slug}",
            }
            _write(db, to, forum, OF_RECOMMENDATION[word], **facts)
    if notices:
        db.execute(sa.insert(Notice), notices)


def _concerned(db: Db, event: RecommendationsSettled, rows: Collection[Recommendation]) -> Mapping[UUID, People]:
    """Who said or endorsed each of these, and who follows it."""
    standings = FollowService(db).standings(FollowKind.RECOMMENDATION, list(event.outcomes))
    speaking = _speaking(db, db.get_one(Forum, event.forum_id), {row.organisation_id for row in rows})
    behind: dict[UUID, People] = {row.id: set() for row in rows}
    endorsed = sa.select(Endorsement.recommendation_id, Endorsement.endorsed_by_id)
    for key, person_id in db.execute(endorsed.where(Endorsement.recommendation_id.in_(behind))):
        behind[key].add(person_id)
    for row in rows:
        spoken = speaking.get(row.organisation_id, set())
        behind[row.id] |= spoken or {row.submitted_by_id}
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


def of_moderation(db: Db, event: RemarkModerated) -> None:
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
    forum, to = forum_of(ground), _guests(db, people).values()
    _write(db, to, forum, OF_COMMENT[event.step], reason=reason, path=_address(thread, forum))


def of_answer(db: Db, event: RemarkMade) -> None:
    """Somebody answered where a guest has written."""
    thread, comment = db.get_one(CommentThread, event.thread_id), db.get_one(Comment, event.comment_id)
    others: People = {*(said.author_id for said in thread.comments if said.state is CommentState.SHOWN)}
    if not thread.is_internal:
        forum = forum_of(Conversations(db).ground_of(thread))
        to = _guests(db, others - {comment.author_id}).values()
        _write(db, to, forum, OF_COMMENT["answered"], path=_address(thread, forum))


def _address(thread: CommentThread, forum: Forum) -> str:
    return f"/{{language}}/{forum.slug}/threads/{thread.id}"


def _guests(db: Db, people: People) -> Mapping[UUID | None, Receiver]:
    """Those of these people who came as guests and have shown that their address is theirs."""
    found = GuestService(db).among([person for person in people if person is not None])
    checked = {key: guest.email for key, guest in found.items() if guest.checked_at is not None}
    persons = db.scalars(sa.select(Person).where(Person.id.in_(checked), Person.erased_at.is_(None)))
    return {person.id: Receiver(checked[person.id], person.language, person.id) for person in persons}


def _write(db: Db, to: Iterable[Receiver], forum: Forum, said: str, **facts: str | int) -> None:
    """A letter to each of these guests, whose subject is `said` in their language."""
    with instruments.named(forum.labels):
        rows = [
            (receiver, {"forum": forum.name.to_dict(), "first": first, **facts})
            for receiver in to
            for first in (messages.messages(receiver.language).gettext(said, **facts),)
        ]
    queue_each_letter(db, "guest_told", rows, forum_id=forum.id)
