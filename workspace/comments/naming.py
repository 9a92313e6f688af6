"""Whom a remark can name: the people of the forum who can read what it is about."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from workspace.comments import policy
from workspace.comments.models import Comment, CommentThread, Mention
from workspace.comments.policy import Ground
from workspace.comments.remarks import Kept, Nameable, keep
from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.db import Db
from workspace.people.guests import is_guest
from workspace.people.models import Mandate, Person

_SHOWN = 8  # people that are offered while somebody types


class NamingService:
    """The people who can be named in a conversation."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def nameable(self, thread: CommentThread, ground: Ground) -> list[Nameable]:
        """Everybody who can read the conversation, by name; two of one name are called with their organisation."""
        people = [one for one in self._people(ground) if policy.may_read_thread(one.as_actor(), thread, ground)]
        times = Counter(one.name.casefold() for one in people)
        called = [Nameable(one.id, _called(one, ground, is_alone=times[one.name.casefold()] == 1)) for one in people]
        return sorted(called, key=lambda person: person.name.casefold())

    def offered(self, ground: Ground, *, starts: str, is_internal: bool, actor: Actor) -> list[str]:
        """A few names of which a word begins like this, for who may write there."""
        policy.ensure_may_begin(actor, ground, is_internal=is_internal)
        if is_guest(actor, policy.forum_of(ground).id):
            return []  # a guest learns the names of those who speak, and no others
        thread, wanted = CommentThread(is_internal=is_internal), starts.casefold()
        names = [person.name for person in self.nameable(thread, ground) if person.person_id != actor.person_id]
        fitting = [one for one in names if any(word.startswith(wanted) for word in _tails(one.casefold()))]
        return fitting[:_SHOWN]

    def kept(self, text: str, thread: CommentThread, ground: Ground) -> Kept:
        """The words with ids in the place of the names of people who can read them."""
        return keep(text, self.nameable(thread, ground)) if "@" in text else Kept(text, ())

    def note(self, comment: Comment, people: Sequence[UUID]) -> list[UUID]:
        """Make these the people whom a remark names; answers with those it did not name before."""
        before = {one.person_id: one for one in comment.mentions}
        for gone in before.keys() - set(people):
            comment.mentions.remove(before[gone])
            self.db.delete(before[gone])
        new = [one for one in people if one not in before]
        comment.mentions.extend(
            Mention(person_id=person_id, person=self.db.get_one(Person, person_id)) for person_id in new
        )
        return new

    def _people(self, ground: Ground) -> list[Person]:
        forum = policy.forum_of(ground)
        today = clock.today(forum.timezone)
        here = sa.select(Mandate.person_id).where(
            Mandate.forum_id == forum.id,
            Mandate.role != Role.GUEST,
            sa.or_(Mandate.starts_on.is_(None), Mandate.starts_on <= today),
            sa.or_(Mandate.ends_on.is_(None), Mandate.ends_on >= today),
        )
        statement = (
            sa.select(Person)
            .where(Person.id.in_(here), Person.erased_at.is_(None))
            .options(selectinload(Person.mandates).options(joinedload(Mandate.organisation)), selectinload(Person.lent))
        )
        return list(self.db.scalars(statement))


def _called(person: Person, ground: Ground, *, is_alone: bool) -> str:
    """Their name; with an organisation where somebody else has the same one."""
    forum = policy.forum_of(ground)
    of = next((one.organisation.name for one in person.mandates if one.forum_id == forum.id and one.organisation), "")
    return person.name if is_alone or not of else f"{person.name} ({of})"


def _tails(name: str) -> list[str]:
    """The name from each of its words on."""
    words = name.split(" ")
    return [" ".join(words[place:]) for place in range(len(words))]
