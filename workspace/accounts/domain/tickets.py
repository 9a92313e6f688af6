"""Tickets: links in letters, each for one purpose, that work once.

Opening a link changes nothing, because programs that look for harm in mail open every link; it is
the button on the page that uses it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import joinedload, selectinload

from workspace.accounts.domain import models, policy, tokens
from workspace.accounts.domain.models import Account, Ticket, TicketKind
from workspace.core import clock, outbox
from workspace.core.actor import Actor, Role
from workspace.core.errors import Invalid, LinkSpent, NotFound, existing
from workspace.core.shapes import filled
from workspace.core.storage import log
from workspace.core.storage.db import Service, new_id, row_of
from workspace.people.models import Forum, Organisation, Person
from workspace.people.validation import known_language, person_name

LASTS = {
    TicketKind.INVITATION: timedelta(days=14),
    TicketKind.REGISTRATION: timedelta(days=1),
    TicketKind.SIGN_IN_LINK: timedelta(minutes=15),
    TicketKind.PASSWORD_RESET: timedelta(hours=1),
    TicketKind.EMAIL_CHANGE: timedelta(hours=1),
    TicketKind.FIRST_RUN: timedelta(days=1),
}
PAGES = {
    TicketKind.INVITATION: "invitations",
    TicketKind.REGISTRATION: "invitations",
    TicketKind.SIGN_IN_LINK: "sign-in/link",
    TicketKind.PASSWORD_RESET: "password",
    TicketKind.EMAIL_CHANGE: "email",
}
JOINING = (TicketKind.INVITATION, TicketKind.REGISTRATION)
MOST_OPEN = 5  # links of one kind to one address at a time, so that nobody's mailbox can be filled


class TicketPurpose(Struct, frozen=True):
    """What a link is for, to be shown before it is used."""

    kind: TicketKind
    email: str
    name: str
    language: str
    forum: Forum | None
    role: Role | None
    organisation: str
    inviter: str
    has_account: bool
    expires_at: datetime


class Invitee(Struct, frozen=True):
    """Somebody of the forum, and where to write to them."""

    person: Person
    email: str
    language: str


class _InvitationDraft(Struct, frozen=True):
    """An invitation that is not kept yet, what its link ends with, and the role that is held already, to be told."""

    ticket: Ticket
    token: str
    role: Role | None = None


class TicketService(Service):
    """Invitations and one-time links."""

    def invite(
        self,
        forum: Forum,
        *,
        email: str,
        role: Role | None,
        actor: Actor,
        name: str = "",
        organisation: Organisation | None = None,
        person: Person | None = None,
        language: str = "en",
    ) -> Ticket:
        """Invite an address to a role in the forum, or somebody who is listed with a role already (`person`).

        An older invitation of the same address to this forum ends. Whether the address has an account
        is not said. The role is given when the invitation is accepted, if the one who invited may still
        give it then. Raises `Invalid` for an address that letters cannot reach, and for somebody
        listed who has an account, or whose address is somebody else's.
        """
        if person is not None:
            [ticket] = self._invite_listed(forum, [Invitee(person, email, language)], name=name, actor=actor)
            return ticket
        address, language = models.check_email(email), known_language(language)
        if role is None:
            raise Invalid(field="role", reason="required")
        policy.ensure_may_invite(actor, forum, role, organisation.id if organisation else None)
        drafted = self._invitation(forum, address, language, name=name, actor=actor)
        drafted.ticket.role, drafted.ticket.organisation_id = role, organisation.id if organisation else None
        self._send_invitations(forum, [drafted], actor=actor)
        return drafted.ticket

    def invite_many(self, forum: Forum, invited: Iterable[Invitee], *, actor: Actor) -> int:
        """Invite people who are listed; all or, when one of them is refused, nobody. Says how many.

        It takes as many queries for many as for one.
        """
        return len(self._invite_listed(forum, list(invited), actor=actor))

    def _invite_listed(
        self, forum: Forum, invited: Sequence[Invitee], *, actor: Actor, name: str = ""
    ) -> Sequence[Ticket]:
        invited = [
            Invitee(invitee.person, models.check_email(invitee.email), known_language(invitee.language))
            for invitee in invited
        ]
        persons = sa.select(Person).where(Person.id.in_([invitee.person.id for invitee in invited]))
        self.db.scalars(persons.options(selectinload(Person.mandates))).all()  # each would be asked for apart
        for invitee in invited:
            policy.ensure_may_invite_listed(actor, forum, invitee.person)
        self._ensure_without_account(invited)
        made = []
        for invitee in invited:
            drafted = self._invitation(forum, invitee.email, invitee.language, name=name, actor=actor)
            drafted.ticket.person_id = invitee.person.id
            held = (Role(mandate.role) for mandate in invitee.person.mandates if mandate.forum_id == forum.id)
            made.append(replace(drafted, role=next(held, None)))
        self._send_invitations(forum, made, actor=actor)
        return [letter.ticket for letter in made]

    def _invitation(self, forum: Forum, address: str, language: str, *, name: str, actor: Actor) -> "_InvitationDraft":
        ticket, token = _drafted(
            TicketKind.INVITATION,
            address,
            language=language,
            name=person_name(name) if name else "",
            forum_id=forum.id,
            made_by=actor.person_id,
        )
        return _InvitationDraft(ticket, token)

    def _send_invitations(self, forum: Forum, drafted: "Sequence[_InvitationDraft]", *, actor: Actor) -> None:
        """Keep them, end older ones to the same addresses, and put the letters in the outbox."""
        to = Ticket.email.in_([letter.ticket.email for letter in drafted])
        self._end_open(to, Ticket.forum_id == forum.id, Ticket.kind == TicketKind.INVITATION)
        self.db.add_all(letter.ticket for letter in drafted)
        self.db.flush()
        log.record_all(self.db, [_made(letter.ticket) for letter in drafted], actor=actor, forum_id=forum.id)
        inviter = {} if actor.is_operator else {"inviter": actor.name}
        letters = [
            (
                outbox.Receiver(letter.ticket.email, letter.ticket.language, letter.ticket.person_id),
                {
                    **self._link(letter.ticket, letter.token),
                    "forum": forum.name.said_in(letter.ticket.language),
                    "role": role.value if (role := letter.ticket.role or letter.role) else "",
                    **inviter,
                },
            )
            for letter in drafted
        ]
        outbox.queue_each_letter(self.db, TicketKind.INVITATION.value, letters, forum_id=forum.id)

    def invitations(self, forum: Forum, *, actor: Actor) -> Sequence[Ticket]:
        """Those of the forum that are open, the newest first; a steward sees those of their own organisation."""
        policy.ensure_may_see_invitations(actor, forum)
        found = self.db.scalars(
            sa.select(Ticket)
            .where(Ticket.forum_id == forum.id, Ticket.kind == TicketKind.INVITATION, *_is_open())
            .order_by(Ticket.made_at.desc(), Ticket.id.desc())
            .options(joinedload(Ticket.organisation))
        )
        return [ticket for ticket in found if policy.sees_invitation(actor, forum, ticket)]

    def revoke(self, forum: Forum, ticket_id: UUID, *, actor: Actor) -> None:
        """Withdraw an invitation that is open; raises `NotFound`."""
        ticket = next((ticket for ticket in self.invitations(forum, actor=actor) if ticket.id == ticket_id), None)
        if ticket is None:
            raise NotFound(what="invitation", id=str(ticket_id))
        ticket.ended_at = clock.now()
        log.record(self.db, "invitation.withdrawn", actor=actor, forum_id=forum.id, ticket=str(ticket.id))

    def look(self, token: str, *kinds: TicketKind) -> TicketPurpose:
        """What a link is for, without using it; raises `LinkSpent`."""
        ticket = self._found(token, kinds)
        inviter = self.db.get(Person, ticket.made_by) if ticket.made_by else None
        account = self.db.scalar(sa.select(Account).where(Account.email == ticket.email))
        person = self.db.get(Person, ticket.person_id) if ticket.person_id else None
        return filled(
            TicketPurpose,
            ticket,
            name=ticket.name or (person.name if person else ""),
            organisation=ticket.organisation.name if ticket.organisation else "",
            inviter=inviter.name if inviter else "",
            has_account=account is not None,
        )

    def use(self, token: str, *kinds: TicketKind) -> Ticket:
        """Take a link that works: from now on it does not. Raises `LinkSpent`; of two at once, one gets it."""
        ticket = self._found(token, kinds)
        still_open = sa.and_(Ticket.id == ticket.id, Ticket.used_at.is_(None), Ticket.ended_at.is_(None))
        taken = sa.update(Ticket).where(still_open).values(used_at=clock.now()).returning(Ticket.id)
        if self.db.execute(taken).one_or_none() is None:
            raise LinkSpent
        self.db.refresh(ticket)
        return ticket

    def send_link(self, kind: TicketKind, account: Account, *, language: str, actor: Actor, to: str = "") -> None:
        """Send the person a link that is good for one purpose, unless several wait in that mailbox already."""
        address = to or account.email
        is_open = sa.and_(Ticket.email == address, Ticket.kind == kind, *_is_open())
        if (self.db.scalar(sa.select(sa.func.count()).select_from(Ticket).where(is_open)) or 0) >= MOST_OPEN:
            return
        ticket, token = self._made(kind, address, language=language, person_id=account.person_id)
        log.record(self.db, f"{kind.value}.sent", actor=actor, person=str(account.person_id), ticket=str(ticket.id))
        self._send(ticket, token)

    def send_registration(self, forum: Forum, *, email: str, name: str, language: str, actor: Actor) -> None:
        """Send somebody who has no account the link by which they make one."""
        is_open = sa.and_(Ticket.email == email, Ticket.kind == TicketKind.REGISTRATION, *_is_open())
        if (self.db.scalar(sa.select(sa.func.count()).select_from(Ticket).where(is_open)) or 0) >= MOST_OPEN:
            return
        ticket, token = self._made(TicketKind.REGISTRATION, email, language=language, name=name, forum_id=forum.id)
        log.record(self.db, "registration.asked", actor=actor, forum_id=forum.id, ticket=str(ticket.id))
        self._send(ticket, token, forum=forum.name.said_in(language))

    def operator_link(self, person: Person, *, actor: Actor) -> str:
        """The address, on this site, of a link by which the person sets a password; for the operator to hand over."""
        policy.ensure_operator(actor)
        account = existing(row_of(self.db, Account, person.id, closed_at=None), "account", person.id)
        ticket, token = self._made(
            TicketKind.PASSWORD_RESET, account.email, language=person.language, person_id=person.id
        )
        log.record(self.db, "password_reset.sent", actor=actor, person=str(person.id), ticket=str(ticket.id))
        return ticket_path(ticket, token)

    def first_run(self) -> str:
        """A new code for setting up an empty workspace in the browser; the one before ends."""
        self._end_open(Ticket.kind == TicketKind.FIRST_RUN)
        return self._made(TicketKind.FIRST_RUN, "", language="en")[1]

    def _made(
        self,
        kind: TicketKind,
        email: str,
        *,
        language: str,
        name: str = "",
        person_id: UUID | None = None,
        forum_id: UUID | None = None,
    ) -> tuple[Ticket, str]:
        ticket, token = _drafted(kind, email, language=language, name=name, forum_id=forum_id, made_by=None)
        ticket.person_id = person_id
        self.db.add(ticket)
        self.db.flush()
        return ticket, token

    def _send(self, ticket: Ticket, token: str, **facts: str) -> None:
        outbox.queue_letter(
            self.db,
            ticket.kind.value,
            to=ticket.email,
            language=ticket.language,
            person_id=ticket.person_id,
            forum_id=ticket.forum_id,
            **self._link(ticket, token),
            **facts,
        )

    def _link(self, ticket: Ticket, token: str) -> dict[str, str]:
        sealed = outbox.seal_link(self.db, ticket_path(ticket, token))
        return {outbox.LINK: sealed, "expires": ticket.expires_at.isoformat()}

    def _found(self, token: str, kinds: Sequence[TicketKind]) -> Ticket:
        ticket = self.db.scalar(sa.select(Ticket).where(Ticket.token_hash == tokens.hash_token(token)))
        if ticket is None or ticket.kind not in kinds or ticket.used_at is not None or ticket.ended_at is not None:
            raise LinkSpent
        if ticket.expires_at <= clock.now():
            raise LinkSpent
        return ticket

    def _end_open(self, *which: sa.ColumnElement[bool]) -> None:
        ended = sa.update(Ticket).where(*which, *_is_open()).values(ended_at=clock.now())
        self.db.execute(ended, execution_options={"synchronize_session": False})  # 500 invitations: half the time

    def _ensure_without_account(self, invited: Sequence[Invitee]) -> None:
        ids, given = [invitee.person.id for invitee in invited], [invitee.email for invitee in invited]
        known = sa.select(Account.person_id, Account.email)
        for person_id, address in self.db.execute(known.where(Account.person_id.in_(ids) | Account.email.in_(given))):
            if person_id in ids:
                raise Invalid(field="email", reason="has_account")
            raise Invalid(field="email", reason="taken", given=address)


def _drafted(
    kind: TicketKind, email: str, *, language: str, name: str, forum_id: UUID | None, made_by: UUID | None
) -> tuple[Ticket, str]:
    token, now = tokens.new_token(), clock.now()
    ticket = Ticket(
        id=new_id(),
        kind=kind,
        token_hash=tokens.hash_token(token),
        email=email,
        name=name,
        language=language,
        forum_id=forum_id,
        made_by=made_by,
        made_at=now,
        expires_at=now + LASTS[kind],
    )
    return ticket, token


def _made(ticket: Ticket) -> log.LogEvent:
    person, role = ticket.person_id, ticket.role
    facts = {"ticket": str(ticket.id), "person": str(person) if person else None, "role": role.value if role else None}
    return log.LogEvent("invitation.made", facts)


def ticket_path(ticket: Ticket, token: str) -> str:
    """The address, on this site, of the page that uses the ticket."""
    return f"/{ticket.language}/{PAGES[ticket.kind]}/{token}"


def _is_open() -> tuple[sa.ColumnElement[bool], ...]:
    return (Ticket.used_at.is_(None), Ticket.ended_at.is_(None), Ticket.expires_at > clock.now())
