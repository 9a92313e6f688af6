"""Guests: visitors who comment with a name and an address, without an account, where the forum lets them."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload, selectinload

from workspace.core import clock, outbox
from workspace.core.actor import NOBODY, Actor, Role
from workspace.core.errors import Invalid, NotAllowed, existing
from workspace.core.events import GuestConfirmed, publish
from workspace.core.storage import log
from workspace.core.storage.db import Service, Store, new_id, sealer
from workspace.core.storage.log import Fact
from workspace.people.models import Contact, Forum, Mandate, Person
from workspace.people.validation import email_address, known_language, person_name

PASS_LASTS = timedelta(days=1)
MOST_LETTERS = 3  # a day to an address that nobody confirms
_ABOUT = "guest"


class NewGuest(Struct, frozen=True):
    """A new guest, and the token by which their browser goes on as them for a day. It is told only here."""

    person: Person
    token: str


def unconfirmed() -> sa.Select[UUID]:
    """The guests who have not shown that their address is theirs, by id."""
    return sa.select(Contact.person_id).where(Contact.pass_hash.is_not(None), Contact.checked_at.is_(None))


class GuestService(Service):
    """Who comments as a guest, and whether the address they gave is theirs."""

    def come_in(self, forum: Forum, *, name: str, email: str, language: str) -> NewGuest:
        """Make a visitor a guest of the forum, and send a link to the address, to show that it is theirs.

        Raises `NotAllowed` where the forum has no guests, and `Invalid` for a name or address that cannot be.
        """
        if not forum.guest_comments:
            raise NotAllowed(action="comment.open")
        return self.arrive(forum, "guest_check", name=name, email=email, language=language)

    def arrive(self, forum: Forum, letter: str, *, name: str, email: str, language: str, **facts: Fact) -> NewGuest:
        """The same for whoever comes by another door, which says with what letter the link is sent.

        Raises `Invalid` also for an address to which `MOST_LETTERS` went within a day that nobody has answered.
        """
        address = email_address(email)
        self._ensure_not_too_many(address)
        person = Person(id=new_id(), name=person_name(name), language=known_language(language))
        person.mandates = [Mandate(forum_id=forum.id, role=Role.GUEST)]
        token, check = secrets.token_urlsafe(32), sealer(self.db).address(person.id, about=_ABOUT)
        self.db.add(person)
        self.db.flush()
        guest = Contact(
            person_id=person.id, email=address, pass_hash=_hashed(token), check_hash=_hashed(check), made_at=clock.now()
        )
        self.db.add(guest)
        self.db.flush()
        log.record(self.db, "guest.came_in", actor=person.as_actor(), forum_id=forum.id, person=str(person.id))
        outbox.queue_letter(
            self.db,
            letter,
            to=guest.email,
            language=person.language,
            person_id=person.id,
            forum_id=forum.id,
            path=self.page_of(forum, person.id, language),
            forum=forum.name.said_in(language),
            **facts,
        )
        return NewGuest(person, token)

    def page_of(self, forum: Forum, person_id: UUID, language: str = "{language}") -> str:
        """The address of a guest's own page, the same every time, sealed for a letter to them."""
        token = sealer(self.db).address(person_id, about=_ABOUT)
        return outbox.seal_link(self.db, f"/{language}/{forum.slug}/guests/{token}")

    def _ensure_not_too_many(self, address: str) -> None:
        recent = (Contact.check_hash.is_not(None), Contact.made_at > clock.now() - PASS_LASTS)
        unanswered = sa.select(sa.func.count()).where(Contact.email == address, Contact.checked_at.is_(None), *recent)
        if (self.db.scalar(unanswered) or 0) >= MOST_LETTERS:
            raise Invalid(field="email", reason="unconfirmed_address")

    def actor(self, token: str) -> Actor:
        """Whom a browser with this token goes on as; nobody when a day has passed, or it is no such token."""
        if not token:
            return NOBODY
        person = self.db.scalar(
            sa.select(Person)
            .join(Contact, Contact.person_id == Person.id)
            .where(Contact.pass_hash == _hashed(token), Contact.made_at > clock.now() - PASS_LASTS)
            .where(Person.erased_at.is_(None))
            .options(selectinload(Person.mandates))
        )
        return person.as_actor() if person else NOBODY

    def at(self, forum: Forum, token: str) -> Contact:
        """The guest whom this link was sent to; raises `NotFound`."""
        own = sealer(self.db).addressed(token, about=_ABOUT)
        guest = self.db.scalar(
            sa.select(Contact)
            .join(Mandate, Mandate.person_id == Contact.person_id)
            .where(Mandate.forum_id == forum.id, Contact.check_hash.is_not(None))
            .where(sa.or_(Contact.check_hash == _hashed(token), Contact.person_id == own))
        )
        return existing(guest, "guest", "")

    def confirm(self, forum: Forum, token: str) -> Contact:
        """Note that the address is the guest's; using the link again changes nothing."""
        guest = self.at(forum, token)
        if guest.checked_at is None:
            guest.checked_at = clock.now()
            self.db.flush()
            log.record(self.db, "guest.checked", actor=NOBODY, forum_id=forum.id, person=str(guest.person_id))
            publish(self.db, GuestConfirmed(guest.person_id))
        return guest

    def among(self, person_ids: Collection[UUID]) -> dict[UUID, Contact]:
        """The addresses of those of these people who came as guests."""
        statement = sa.select(Contact).where(Contact.person_id.in_(person_ids), Contact.check_hash.is_not(None))
        return {contact.person_id: contact for contact in self.db.scalars(statement)}

    def speaking(self, forum: Forum, persons: Collection[UUID]) -> Sequence[Contact]:
        """The guests of a forum among these people whose address is theirs, in a fixed order."""
        here = sa.select(Mandate.person_id).where(Mandate.forum_id == forum.id, Mandate.role == Role.GUEST)
        theirs = sa.select(Contact).where(Contact.person_id.in_(here), Contact.person_id.in_(persons))
        checked = theirs.where(Contact.checked_at.is_not(None)).order_by(Contact.person_id)
        return self.db.scalars(checked.options(joinedload(Contact.person))).all()


def end_guest_passes(store: Store) -> int:
    """Forget the passes of guests whose day is over, so that a clock that is put back does not give them again."""
    is_over = sa.and_(Contact.pass_hash.is_not(None), Contact.made_at <= clock.now() - PASS_LASTS)
    with store.reading() as db:
        if not db.scalar(sa.select(Contact.person_id).where(is_over).limit(1)):
            return 0
    with store.writing() as db:
        over = sa.update(Contact).where(is_over)
        return len(db.scalars(over.values(pass_hash=None).returning(Contact.person_id)).all())


def is_guest(actor: Actor, forum_id: UUID) -> bool:
    """Whether they are nothing but a guest in this forum today."""
    return actor.roles_in(forum_id, clock.now()) == {Role.GUEST}


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
