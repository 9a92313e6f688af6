"""Erasing a person: everything that says who they are goes, and nothing of the history does.

The log, the amendments and the adopted text know a person only by an id. Erasing empties the row
behind that id and what hangs on the account; so the log and its proofs stay what they were.
"""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from workspace.accounts.models import Account, ApiToken, RecoveryCode, SignIn, Ticket
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db, lock_for_writing
from workspace.core.erased import ERASED_PERSON
from workspace.core.errors import Invalid, NotFound
from workspace.core.events import PersonAsked, PersonErased, RightsChanged, publish
from workspace.core.mail import Letter
from workspace.core.reasons import read_reason
from workspace.history import policy
from workspace.history.models import ErasureRequest
from workspace.people.models import Contact, Forum, Mandate, Person

DECLINED = "erasure.declined"
_NO_LANGUAGE = "en"  # the column wants one; it says nothing about anybody


class ErasureService:
    """Requests to erase a person, and carrying them out."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def request(self, person_id: UUID, *, withdraws_comments: bool, actor: Actor) -> ErasureRequest:
        """Ask for it: the person themselves, or an administrator. Nothing is erased before it is confirmed.

        Raises `NotFound`, and `Invalid` while a request waits or when they have been erased already.
        """
        person = self._person(person_id)
        policy.ensure_may_ask_for(actor, person)
        if person.erased_at is not None or self.waiting(person_id) is not None:
            raise Invalid(field="person", reason="erasure_waits")
        request = ErasureRequest(
            person_id=person.id,
            withdraws_comments=withdraws_comments,
            requested_by_id=actor.person_id,
            requested_at=clock.now(),
        )
        self.db.add(request)
        self.db.flush()
        self._record("erasure.requested", request, actor=actor)
        return request

    def confirm(self, request_id: UUID, *, actor: Actor) -> Person:
        """Erase: the person confirms their own wish, a second administrator that of the first.

        Raises `NotFound` for a request that does not wait, and `Invalid` for the administrator who asked.
        """
        request = self._waiting(request_id)
        person = self._person(request.person_id)
        policy.ensure_may_confirm(actor, person, request.requested_by_id)
        publish(self.db, RightsChanged(person_id=person.id, actor=actor))
        self._erase(person)
        publish(self.db, PersonErased(person_id=person.id, withdraws_comments=request.withdraws_comments, actor=actor))
        request.ended_by_id, request.ended_at, request.is_done = actor.person_id, clock.now(), True
        self._record("person.erased", request, actor=actor)
        return person

    def cancel(self, request_id: UUID, *, actor: Actor, reason: str = "") -> bool:
        """Take a request back, or decline somebody else's: the person it is about, or a second administrator.

        Returns whether it was declined, which whoever asked is told. The administrator gives a reason for it;
        the person need not say why they stay.
        """
        request = self._waiting(request_id)
        person = self._person(request.person_id)
        policy.ensure_may_end(actor, person, request.requested_by_id)
        request.ended_by_id, request.ended_at = actor.person_id, clock.now()
        is_declined = request.requested_by_id != actor.person_id
        if is_declined:
            self._decline(request, person, actor=actor, reason=reason)
        else:
            self._record("erasure.cancelled", request, actor=actor)
        return is_declined

    def waiting(self, person_id: UUID) -> ErasureRequest | None:
        """The request about this person that nobody has confirmed yet."""
        waits = ErasureRequest.ended_at.is_(None)
        return self.db.scalar(sa.select(ErasureRequest).where(ErasureRequest.person_id == person_id, waits))

    def waiting_in(self, forum: Forum, *, actor: Actor) -> list[tuple[ErasureRequest, Person]]:
        """Requests of administrators about people of this forum; raises `NotFound` for those who may not see them."""
        if not (policy.may_see_requests(actor, forum) or actor.is_operator):
            raise NotFound(what="forum", id=forum.slug)
        here = sa.select(Mandate.person_id).where(Mandate.forum_id == forum.id)
        rows = self.db.execute(
            sa.select(ErasureRequest, Person)
            .join(Person, Person.id == ErasureRequest.person_id)
            .where(
                ErasureRequest.ended_at.is_(None),
                ErasureRequest.person_id.in_(here),
                sa.or_(
                    ErasureRequest.requested_by_id.is_(None),
                    ErasureRequest.requested_by_id != ErasureRequest.person_id,
                ),
            )
            .order_by(ErasureRequest.requested_at)
        )
        return [(row[0], row[1]) for row in rows]

    def _decline(self, request: ErasureRequest, person: Person, *, actor: Actor, reason: str) -> None:
        is_free = policy.is_own(actor, person.id) and not reason.strip()
        self._record(DECLINED, request, actor=actor, reason="" if is_free else read_reason(reason))
        if request.requested_by_id is not None and person.mandates:
            forum_id = min(mandate.forum_id for mandate in person.mandates)
            publish(self.db, PersonAsked(request.requested_by_id, "erasure_declined", forum_id, actor))

    def _erase(self, person: Person) -> None:
        account = self.db.get(Account, person.id)
        letters, tickets = Letter.person_id == person.id, Ticket.person_id == person.id
        contact = self.db.get(Contact, person.id)
        for address in {one.email for one in (account, contact) if one is not None}:
            letters = sa.or_(letters, Letter.to == address)
            tickets = sa.or_(tickets, Ticket.email == address)
        self.db.execute(sa.delete(Letter).where(letters))
        self.db.execute(sa.delete(Ticket).where(tickets))
        for kind in (SignIn, RecoveryCode, ApiToken):
            self.db.execute(sa.delete(kind).where(kind.person_id == person.id))
        for one in (account, contact):
            if one is not None:
                self.db.delete(one)
        for mandate in person.mandates:
            yesterday = clock.today(mandate.forum.timezone) - timedelta(days=1)
            mandate.ends_on = yesterday if mandate.ends_on is None else min(mandate.ends_on, yesterday)
        person.name, person.language, person.timezone = ERASED_PERSON, _NO_LANGUAGE, ""
        person.erased_at = clock.now()
        self.db.flush()

    def _person(self, person_id: UUID) -> Person:
        person: Person | None = lock_for_writing(self.db, Person, person_id)
        if person is None:
            raise NotFound(what="person", id=str(person_id))
        return person

    def _waiting(self, request_id: UUID) -> ErasureRequest:
        request: ErasureRequest | None = lock_for_writing(self.db, ErasureRequest, request_id)
        if request is None or request.ended_at is not None:
            raise NotFound(what="erasure_request", id=str(request_id))
        return request

    def _record(self, kind: str, request: ErasureRequest, *, actor: Actor, **facts: str) -> None:
        log.record(
            self.db,
            kind,
            actor=actor,
            forum_id=None,
            declaration_id=None,
            request=str(request.id),
            person=str(request.person_id),
            withdraws_comments=request.withdraws_comments,
            **facts,
        )
