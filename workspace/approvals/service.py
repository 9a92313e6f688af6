"""Asking for the approval of a second person, giving it, and taking a request back or declining it."""

from collections.abc import Collection, Mapping
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload

from workspace.approvals.models import ApprovalRequest, Matter, Outcome
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, existing
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service
from workspace.core.storage.readings import read_once
from workspace.core.validation import read_reason
from workspace.people.models import Person

Subject = TypeVar("Subject")


class LogKinds(Struct, frozen=True):
    """The entries of the log about one matter; "" where what is carried out has an entry of its own."""

    requested: str = ""
    taken_back: str = ""
    declined: str = ""
    confirmed: str = ""


class Rule(Struct, Generic[Subject], frozen=True, kw_only=True):
    """One matter that takes two people: what its log entries are called, and, in a subclass, who may do what.

    `id_fact` is the fact of these entries that holds the id of the request, `what` the word for one that is missing.
    Of a matter that `is_many`, several requests can be open at once; otherwise who asks again replaces their own.
    One that is `lasting` stands by itself once it is confirmed, so that ending it then declines nothing.
    """

    matter: Matter
    kinds: LogKinds
    action: str  # in the table of permissions
    what: str = "request"
    id_fact: str = ""
    is_many: bool = False
    is_lasting: bool = False

    def lock(self, db: Db, subject: Subject) -> Subject:
        """The subject as it stands once nobody else can change it."""
        raise NotImplementedError

    def subject_ids(self, subject: Subject) -> Mapping[str, UUID]:
        """The columns of `ApprovalRequest` that say what it is about."""
        raise NotImplementedError

    def ensure_may_ask(self, actor: Actor, subject: Subject) -> None:
        """Raise `NotAllowed` for whoever may not ask."""
        raise NotImplementedError

    def may_confirm(self, actor: Actor, subject: Subject, request: ApprovalRequest) -> bool:
        """Whether they can be the second person."""
        raise NotImplementedError

    def ensure_may_confirm(self, db: Db, actor: Actor, subject: Subject, request: ApprovalRequest) -> None:  # noqa: ARG002  (for subclasses)
        """Raise `NotAllowed`, and `Invalid` for whoever asked."""
        if self.may_confirm(actor, subject, request):
            return
        if actor.person_id is not None and actor.person_id == request.requested_by_id:
            raise Invalid(field="actor", reason="second_person")
        raise NotAllowed(action=self.action)

    def may_end(self, actor: Actor, subject: Subject, request: ApprovalRequest) -> bool:
        """Whether they may take it back or decline it."""
        raise NotImplementedError

    def declines(self, actor: Actor, request: ApprovalRequest) -> bool:
        """Whether it is declined where this actor ends it, rather than taken back."""
        is_agreed = self.is_lasting and request.confirmed_by_id is not None
        return request.requested_by_id != actor.person_id and not is_agreed

    def valid(self, db: Db, subject: Subject, requests: list[ApprovalRequest]) -> list[ApprovalRequest]:  # noqa: ARG002  (for subclasses)
        """Those of which that what was asked about is still there."""
        return requests

    def read_answer(self, actor: Actor, subject: Subject, reason: str) -> str:  # noqa: ARG002  (for subclasses)
        """Why it is declined; raises `Invalid` where that is missing."""
        return read_reason(reason)

    def announce(self, db: Db, request: ApprovalRequest, actor: Actor) -> None:
        """Tell those who could confirm it."""

    def announce_declined(self, db: Db, subject: Subject, request: ApprovalRequest, actor: Actor) -> None:
        """Tell whoever asked."""


class ApprovalService(Service):
    """Requests for approval. What is confirmed is carried out by the verb that confirms it."""

    # Finding

    def open_requests(self, rule: Rule[Subject], subject: Subject) -> list[ApprovalRequest]:
        """Those without an outcome, in the order of asking."""
        ids: Mapping[str, Any] = rule.subject_ids(subject) or {"matter": rule.matter}
        about = [getattr(ApprovalRequest, name) == value for name, value in ids.items()]
        statement = (
            sa.select(ApprovalRequest)
            .where(ApprovalRequest.outcome.is_(None), *about)
            .order_by(ApprovalRequest.requested_at, ApprovalRequest.id)
            .options(joinedload(ApprovalRequest.requested_by).joinedload(Person.mandates))
            .execution_options(populate_existing=True)  # what was read before the lock may have been confirmed since
        )
        key = (ApprovalRequest, *ids.items())  # one reading for all matters of a subject
        requests = read_once(self.db, key, (ApprovalRequest,), lambda: self.db.scalars(statement).unique().all())
        return [request for request in requests if request.matter is rule.matter]

    def valid_requests(self, rule: Rule[Subject], subject: Subject) -> list[ApprovalRequest]:
        """Those of them that have not lapsed."""
        requests = self.open_requests(rule, subject)
        return rule.valid(self.db, subject, requests) if requests else []

    def open_request(self, rule: Rule[Subject], subject: Subject) -> ApprovalRequest | None:
        """The one without an outcome, whether or not it has lapsed."""
        return next(iter(self.open_requests(rule, subject)), None)

    def valid_request(self, rule: Rule[Subject], subject: Subject) -> ApprovalRequest | None:
        """The one that is open and has not lapsed."""
        return next(iter(self.valid_requests(rule, subject)), None)

    def declined(self, declaration_ids: Collection[UUID | None], *matters: Matter) -> list[ApprovalRequest]:
        """The declined requests of declarations, and with None those that belong to none; the oldest first."""
        here = ApprovalRequest.declaration_id
        about = sa.or_(here.in_([id_ for id_ in declaration_ids if id_]), here.is_(None) & (None in declaration_ids))
        statement = sa.select(ApprovalRequest).where(ApprovalRequest.outcome == Outcome.DECLINED, about)
        if matters:
            statement = statement.where(ApprovalRequest.matter.in_(matters))
        return list(self.db.scalars(statement.order_by(ApprovalRequest.ended_at))) if declaration_ids else []

    # Asking and answering

    def ask(
        self,
        rule: Rule[Subject],
        subject: Subject,
        *,
        actor: Actor,
        reason: str = "",
        revision_id: UUID | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> ApprovalRequest:
        """Ask a second person. Raises `NotAllowed`, and `Invalid` while what another asked for waits."""
        rule.ensure_may_ask(actor, subject)
        earlier = [] if rule.is_many else self.open_requests(rule, subject)
        if any(request.requested_by_id != actor.person_id for request in rule.valid(self.db, subject, earlier)):
            raise Invalid(field="request", reason="asked_already")
        for request in earlier:
            self.end(request, Outcome.VOID)
        request = ApprovalRequest(
            matter=rule.matter,
            revision_id=revision_id,
            details=dict(details or {}),
            reason=reason,
            requested_by_id=actor.person_id,
            requested_at=clock.now(),
            **rule.subject_ids(subject),
        )
        self.db.add(request)
        self.db.flush()
        self.record(rule, rule.kinds.requested, request, actor=actor, **({"reason": reason} if reason else {}))
        rule.announce(self.db, request, actor)
        return request

    def ensure_may_confirm(
        self, rule: Rule[Subject], subject: Subject, *, actor: Actor, request_id: UUID | None = None
    ) -> ApprovalRequest:
        """The request that `actor` can confirm, even one that has lapsed.

        Raises `NotFound` where nobody has asked, `NotAllowed`, and `Invalid` for whoever asked.
        """
        pending = [request for request in self.open_requests(rule, subject) if request.is_waiting]
        request = _chosen(rule, pending, request_id)
        rule.ensure_may_confirm(self.db, actor, subject, request)
        return request

    def confirm(
        self, rule: Rule[Subject], subject: Subject, *, actor: Actor, request_id: UUID | None = None
    ) -> ApprovalRequest:
        """Approve as the second person. Raises what `ensure_may_confirm` does, and `NotFound` for what has lapsed."""
        subject = rule.lock(self.db, subject)
        request = self.ensure_may_confirm(rule, subject, actor=actor, request_id=request_id)
        _chosen(rule, rule.valid(self.db, subject, [request]), request.id)
        self.approve(rule, request, actor=actor)
        return request

    def approve(self, rule: Rule[Subject], request: ApprovalRequest, *, actor: Actor) -> None:
        """Note whose approval a request has; whoever calls holds the lock, and has asked `ensure_may_confirm`."""
        request.confirmed_by_id, request.confirmed_at = actor.person_id, clock.now()
        self.record(rule, rule.kinds.confirmed, request, actor=actor)

    def withdraw(
        self, rule: Rule[Subject], subject: Subject, *, actor: Actor, reason: str = "", request_id: UUID | None = None
    ) -> bool:
        """Take a request back, or decline somebody else's; returns whether it was declined.

        Declining needs a reason, which is told to whoever asked: raises `Invalid` without one. Raises `NotFound`
        where nobody has asked, and `NotAllowed`.
        """
        subject = rule.lock(self.db, subject)
        request = _chosen(rule, self.open_requests(rule, subject), request_id)
        if not rule.may_end(actor, subject, request):
            raise NotAllowed(action=rule.action)
        if not rule.declines(actor, request):
            self.end(request, Outcome.TAKEN_BACK, actor=actor)
            self.record(rule, rule.kinds.taken_back, request, actor=actor)
            return False
        request.answer = rule.read_answer(actor, subject, reason)
        self.end(request, Outcome.DECLINED, actor=actor)
        self.record(rule, rule.kinds.declined, request, actor=actor, reason=request.answer)
        rule.announce_declined(self.db, subject, request, actor)
        return True

    def end(self, request: ApprovalRequest, outcome: Outcome, *, actor: Actor | None = None) -> None:
        """Close a request; without an actor, because of something that happened."""
        request.outcome, request.ended_at = outcome, clock.now()
        request.ended_by_id = actor.person_id if actor else None

    def record(
        self, rule: Rule[Subject], kind: str, request: ApprovalRequest, *, actor: Actor, **facts: log.Fact
    ) -> None:
        """Tell the log of a request: its ids, and what is asked for. Nothing without a kind."""
        if not kind:
            return
        self.db.flush()
        ids = {"revision": request.revision_id, "person": request.person_id, rule.id_fact: request.id}
        log.record(
            self.db,
            kind,
            actor=actor,
            forum_id=request.forum_id,
            declaration_id=request.declaration_id,
            **request.details,
            **{name: str(value) for name, value in ids.items() if name and value},
            **facts,
        )


def _chosen(rule: Rule[Subject], requests: Collection[ApprovalRequest], request_id: UUID | None) -> ApprovalRequest:
    """The one with this id, or the only one; raises `NotFound`."""
    found = next((request for request in requests if request_id in {None, request.id}), None)
    return existing(found, rule.what, request_id or rule.matter.value)
