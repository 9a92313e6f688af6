"""A calendar address of one's own: calendar programs sign in nowhere, so the address itself is the secret.

It shows what its owner may read at that moment, and nothing once they revoke it, lose their part in the forum or are
erased. Of the secret only its SHA-256 is kept; whoever loses the address makes another one, which ends the first.
"""

import hashlib
import secrets
from uuid import UUID

import sqlalchemy as sa

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import NotAllowed, NotFound
from workspace.core.events import PersonErased
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service
from workspace.people.models import Forum, Person
from workspace.sessions import policy
from workspace.sessions.models import CalendarFeed

_BYTES = 32


class FeedService(Service):
    """Calendar addresses of one forum."""

    def of(self, forum: Forum, *, actor: Actor) -> CalendarFeed | None:
        """What the reader has, without its secret; None where they have none."""
        return self.db.scalar(self._own(forum, actor))

    def make(self, forum: Forum, *, actor: Actor) -> str:
        """A new secret for the reader; one made before opens nothing from now on."""
        policy.ensure_may_read(actor, forum)
        person_id = _somebody(actor)
        self._drop(forum, actor)
        secret = secrets.token_urlsafe(_BYTES)
        feed = CalendarFeed(forum_id=forum.id, person_id=person_id, digest=_digest(secret), made_at=clock.now())
        self.db.add(feed)
        self.db.flush()
        log.record(self.db, "calendar.address_made", actor=actor, forum_id=forum.id, feed=str(feed.id))
        return secret

    def revoke(self, forum: Forum, *, actor: Actor) -> None:
        """Let the reader's address open nothing any more; nothing where they have none."""
        _somebody(actor)
        if self._drop(forum, actor):
            log.record(self.db, "calendar.address_revoked", actor=actor, forum_id=forum.id)

    def owner(self, forum: Forum, secret: str) -> Actor:
        """Who reads by this secret; raises `NotFound` for one that opens nothing."""
        rows = sa.select(Person).join(CalendarFeed, CalendarFeed.person_id == Person.id)
        person = self.db.scalar(rows.where(CalendarFeed.forum_id == forum.id, CalendarFeed.digest == _digest(secret)))
        if person is None:
            raise NotFound(what="calendar", id="")
        return person.as_actor()

    def _own(self, forum: Forum, actor: Actor) -> sa.Select[CalendarFeed]:
        mine = CalendarFeed.person_id == actor.person_id
        return sa.select(CalendarFeed).where(CalendarFeed.forum_id == forum.id, mine)

    def _drop(self, forum: Forum, actor: Actor) -> bool:
        feed = self.of(forum, actor=actor)
        if feed is None:
            return False
        self.db.delete(feed)
        self.db.flush()
        return True


def forget_feeds(db: Db, event: PersonErased) -> None:
    """Answer to `PersonErased`: their calendar addresses open nothing any more."""
    db.execute(sa.delete(CalendarFeed).where(CalendarFeed.person_id == event.person_id))


def _somebody(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotAllowed(action="session.read")
    return actor.person_id


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
