"""The words of a remark: a little Markdown as safe HTML, and the names in it, which are kept as ids.

A name is written `@Ana Pérez`; kept is `@{id}`, so that an erased person's name is nowhere in anybody's words.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from markupsafe import Markup
from msgspec import Struct

from drafts.text.blocks import canonical
from workspace.comments import policy
from workspace.comments.models import Comment, CommentThread, Mention
from workspace.comments.policy import ThreadContext
from workspace.core.actor import Actor
from workspace.core.storage.db import Service
from workspace.people.guests import is_guest
from workspace.people.mandates import Participant, counting, participants
from workspace.people.models import Mandate, Person
from workspace.web.text_html import written_html

MOST_NAMED = 20  # people in one remark
_NAMED = re.compile(r"@\{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}")
Names = Mapping[UUID, str]


class MentionablePerson(Struct, frozen=True):
    """Somebody who can be named, and what they are called; with their organisation where two have one name."""

    person_id: UUID
    name: str


class StoredRemark(Struct, frozen=True):
    """The words of a remark with ids in the place of names, and whom it names."""

    text: str
    people: tuple[UUID, ...]


def store_mentions(text: str, nameable: Iterable[MentionablePerson]) -> StoredRemark:
    """Put ids in the place of names; of two names that both fit, the longer one is meant."""
    if "@" not in text:
        return StoredRemark(text, ())
    names = {canonical(person.name).casefold(): person.person_id for person in nameable}
    lengths = sorted({len(name) for name in names}, reverse=True)
    pieces: list[str] = []
    people: list[UUID] = []
    at = 0
    while (place := text.find("@", at)) >= 0:
        name = next((candidate for size in lengths if (candidate := _word_of(text, place + 1, size)) in names), None)
        if name is None or (place and text[place - 1].isalnum()) or len(people) == MOST_NAMED:
            pieces.append(text[at : place + 1])
            at = place + 1
            continue
        person = names[name]
        people.append(person)
        pieces += [text[at:place], f"@{{{person}}}"]
        at = place + 1 + len(name)
    return StoredRemark("".join([*pieces, text[at:]]), tuple(dict.fromkeys(people)))


def readable_text(text: str, names: Names) -> str:
    """The words as they were written, with the names that people have now."""
    return _NAMED.sub(lambda found: f"@{names[key]}" if (key := UUID(found[1])) in names else found[0], text)


def html(text: str, names: Names, href: Callable[[UUID], str]) -> Markup:
    """Paragraphs, lists, quotations, emphasis and links, and nothing else. A name leads to `href`, unless it is ""."""

    def named(found: re.Match[str]) -> str:
        person = UUID(found[1])
        if person not in names:
            return found[0]
        to, name = href(person), names[person]
        if not to:
            return str(Markup('<span class="named">@{}</span>').format(name))
        return str(Markup('<a class="named" href="{}">@{}</a>').format(to, name))

    return Markup(_NAMED.sub(named, written_html(text)))  # noqa: S704  (the names are escaped like the words)


def _word_of(text: str, at: int, size: int) -> str:
    """So many characters as a name would be written; "" where a letter goes on with it."""
    end = at + size
    return "" if text[end : end + 1].isalnum() else text[at:end].casefold()


_SHOWN = 8  # people that are offered while somebody types


class MentionService(Service):
    """The people who can be named in a conversation."""

    def nameable(self, thread: CommentThread, ground: ThreadContext) -> list[MentionablePerson]:
        """Everybody who can read the conversation, by name; two of one name are called with their organisation."""
        people = [person for person in self._people(ground) if policy.may_read_thread(person.actor, thread, ground)]
        times = Counter(person.name.casefold() for person in people)
        called = [
            MentionablePerson(person.id, _called(person, is_alone=times[person.name.casefold()] == 1))
            for person in people
        ]
        return sorted(called, key=lambda person: person.name.casefold())

    def offered(self, ground: ThreadContext, *, starts: str, is_internal: bool, actor: Actor) -> list[str]:
        """A few names of which a word begins like this, for who may write there."""
        policy.ensure_may_begin(actor, ground, is_internal=is_internal)
        if is_guest(actor, policy.forum_of(ground).id):
            return []  # a guest learns the names of those who speak, and no others
        thread, wanted = CommentThread(is_internal=is_internal), starts.casefold()
        names = [person.name for person in self.nameable(thread, ground) if person.person_id != actor.person_id]
        fitting = [name for name in names if any(word.startswith(wanted) for word in _tails(name.casefold()))]
        return fitting[:_SHOWN]

    def kept(self, text: str, thread: CommentThread, ground: ThreadContext) -> StoredRemark:
        """The words with ids in the place of the names of people who can read them."""
        return store_mentions(text, self.nameable(thread, ground)) if "@" in text else StoredRemark(text, ())

    def note(self, comment: Comment, people: Sequence[UUID]) -> list[UUID]:
        """Make these the people whom a remark names; answers with those it did not name before."""
        before = {mention.person_id: mention for mention in comment.mentions}
        for gone in before.keys() - set(people):
            comment.mentions.remove(before[gone])
            self.db.delete(before[gone])
        new = [person for person in people if person not in before]
        comment.mentions.extend(
            Mention(person_id=person_id, person=self.db.get_one(Person, person_id)) for person_id in new
        )
        return new

    def _people(self, ground: ThreadContext) -> list[Participant]:
        forum = policy.forum_of(ground)
        return participants(self.db, forum.id, sa.select(Mandate.person_id).where(*counting(forum)))


def _called(person: Participant, *, is_alone: bool) -> str:
    """Their name; with an organisation where somebody else has the same one."""
    of = person.organisation
    return person.name if is_alone or not of else f"{person.name} ({of})"


def _tails(name: str) -> list[str]:
    """The name from each of its words on."""
    words = name.split(" ")
    return [" ".join(words[place:]) for place in range(len(words))]
