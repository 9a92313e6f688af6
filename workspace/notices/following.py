"""What somebody follows, in words: each with its name and its address, as far as it is open to them."""

from collections.abc import Callable, Sequence
from uuid import UUID

from msgspec import Struct

from workspace.amendments.models import Amendment
from workspace.comments.models import CommentThread
from workspace.core.db import Db
from workspace.declarations.models import BlockRecord, Declaration
from workspace.notices import policy
from workspace.notices.models import Follow
from workspace.notices.service import MODELS
from workspace.people.models import Forum
from workspace.recommendations.models import Recommendation
from workspace.sessions.models import Session
from workspace.web.i18n import N_
from workspace.web.services import Work


class FollowLine(Struct, frozen=True):
    """One thing that somebody follows. `href` is "" for what is no longer open to them."""

    kind: str
    subject_id: UUID
    name: str
    about: str
    href: str


def follow_lines(db: Db, work: Work, follows: Sequence[Follow]) -> list[FollowLine]:
    """What these lines of the store are called."""
    return [_line(db, work, one) for one in follows]


def _line(db: Db, work: Work, follow: Follow) -> FollowLine:
    say: Callable[..., str] = work.messages.gettext
    subject = db.get(MODELS[follow.kind], follow.subject_id)
    forum = None
    if isinstance(subject, policy.Followable):
        forum = policy.forum_open_to(db, work.actor, subject)
    if forum is None:
        return FollowLine(follow.kind.value, follow.subject_id, say(N_("This is no longer open to you.")), "", "")
    name, about, href = _named(db, work, forum, subject)
    return FollowLine(follow.kind.value, follow.subject_id, name, about, href)


def _named(  # noqa: PLR0911  (one line for each kind of thing)
    db: Db, work: Work, forum: Forum, subject: object
) -> tuple[str, str, str]:
    say: Callable[..., str] = work.messages.gettext
    at: Callable[..., str] = work.url_for
    here, of_forum = forum.slug, forum.name.said_in(work.language)
    match subject:
        case Declaration():
            name = subject.name.said_in(work.language)
            return name, of_forum, at("reading", forum=here, declaration=subject.slug)
        case BlockRecord():
            declaration = db.get_one(Declaration, subject.declaration_id)
            href = at("paragraph", forum=here, declaration=declaration.slug, block_id=subject.id)
            return say(N_("A paragraph")), declaration.name.said_in(work.language), href
        case Amendment():
            declaration = subject.declaration
            href = at("amendment", forum=here, declaration=declaration.slug, number=subject.number)
            name = say(N_("Amendment %(number)s"), number=subject.number)
            return name, declaration.name.said_in(work.language), href
        case Recommendation():
            name = say(N_("Recommendation %(number)s"), number=subject.number)
            return name, of_forum, at("recommendation", forum=here, number=subject.number)
        case Session():
            return subject.title, of_forum, at("session", forum=here, session_id=subject.id)
        case CommentThread():
            text = db.get(Declaration, subject.declaration_id) if subject.declaration_id else None
            about = text.name.said_in(work.language) if text else of_forum
            return say(N_("A conversation")), about, at("thread", forum=here, thread_id=subject.id)
        case _:
            return of_forum, "", at("forum", forum=here)
