"""Erasing a person, and everything that is held about one."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from workspace.accounts.domain.models import Account, ApiToken, RecoveryCode, SignIn, Ticket
from workspace.approvals.models import ApprovalRequest, Matter, Outcome
from workspace.approvals.service import ApprovalService, LogKinds, Rule
from workspace.core import clock
from workspace.core.actor import ERASED_PERSON, Actor
from workspace.core.errors import Invalid, NotFound, existing
from workspace.core.events import PersonErased, RightsChanged, TaskGiven, publish
from workspace.core.outbox import Letter
from workspace.core.provided import METADATA
from workspace.core.storage.db import Db, TrilingualText, lock_for_writing
from workspace.core.storage.log import LogEntry
from workspace.core.storage.row_digests import note_rows, plain
from workspace.core.validation import read_reason
from workspace.history import policy
from workspace.people.models import Contact, Forum, Mandate, Person
from workspace.web.i18n.marking import N_

_NO_LANGUAGE = "en"  # the column wants one; it says nothing about anybody


REMAINS: Mapping[str, str] = {
    "notes": N_("Session notes (%(count)s): kept word for word."),
    "sessions": N_("Session facts (%(count)s): who spoke; replaced if you ask for it."),
    "signatories": N_("Signatories (%(count)s): signatures of published texts stay."),
    "received": N_("E-mails and files received (%(count)s): amendments rest on them."),
    "words": N_("Texts, reasons and comments by others (%(count)s rows)."),
}
_REMAINS_IN = {
    "source_document": "notes",
    "session": "sessions",
    "signatory": "signatories",
    "mail_in": "received",
    "document_in": "received",
}
_GOES = frozenset({"person", "account", "contact", "letter", "ticket", "log_entry", "imported_log_entry"})
_FACTS = ("details", "as_read")
_PEOPLE = {"moderators", "participants", "speakers"}  # where those facts name people


def remaining(db: Db, person: Person, request: ApprovalRequest | None = None) -> Mapping[str, int]:
    """In how many rows of each kind (`REMAINS`) the name stands and stays when the person is erased, as requested.

    Of a request that is done: how many there were then; none of one that was declined or taken back. One query.
    """
    if request is not None and request.outcome is not None:
        told: Mapping[str, int] = request.details.get("remains", {})
        return told
    found: dict[str, int] = {}
    is_replaced = request is not None and request.details.get("replaces_in_sessions", False)
    tables = {
        table: columns
        for table in METADATA.get().tables.values()
        if table.name not in _GOES and (columns := [column for column in table.columns if _has_words(column)])
    }
    counts = (
        sa.select(sa.literal(_REMAINS_IN.get(table.name, "words")), sa.func.count())
        .select_from(table)
        .where(_holding(columns, person.name))
        for table, columns in tables.items()
    )
    for kind, count in db.execute(sa.union_all(*counts)):
        found[kind] = found.get(kind, 0) + count
    return {kind: found[kind] for kind in REMAINS if found.get(kind) and not (kind == "sessions" and is_replaced)}


def _has_words(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.String | sa.JSON | TrilingualText) and not isinstance(column.type, sa.Enum)


def _holding(columns: Iterable[sa.Column[Any]], name: str) -> sa.ColumnElement[bool]:
    """Whether one of the columns holds the name, as it is or as JSON writes it."""
    spellings = {name, json.dumps(name)[1:-1]}
    words = [sa.cast(column, sa.Text) for column in columns]
    return sa.or_(*(word.contains(spelling, autoescape=True) for word in words for spelling in spellings))


class ErasureRule(Rule[Person], frozen=True, kw_only=True):
    """A person confirms and ends their own wish; that of an administrator, a second one or the person does."""

    def lock(self, db: Db, subject: Person) -> Person:
        return _locked(db, subject.id)

    def subject_ids(self, subject: Person) -> Mapping[str, UUID]:
        return {"person_id": subject.id}

    def ensure_may_ask(self, actor: Actor, subject: Person) -> None:
        policy.ensure_may_ask_for(actor, subject)

    def may_confirm(self, actor: Actor, subject: Person, request: ApprovalRequest) -> bool:
        return policy.may_confirm(actor, subject, request.requested_by_id)

    def may_end(self, actor: Actor, subject: Person, request: ApprovalRequest) -> bool:
        return policy.may_end(actor, subject, request.requested_by_id)

    def read_answer(self, actor: Actor, subject: Person, reason: str) -> str:
        """An administrator gives a reason; the person need not say why they stay."""
        return "" if policy.is_own_data(actor, subject.id) and not reason.strip() else read_reason(reason)

    def announce_declined(self, db: Db, subject: Person, request: ApprovalRequest, actor: Actor) -> None:
        if request.requested_by_id is not None and subject.mandates:
            forum_id = min(mandate.forum_id for mandate in subject.mandates)
            publish(db, TaskGiven(request.requested_by_id, "erasure_declined", forum_id, actor))


ERASURE = ErasureRule(
    matter=Matter.ERASURE,
    action=policy.ERASE,
    kinds=LogKinds("erasure.requested", "erasure.cancelled", "erasure.declined"),
    what="erasure_request",
    id_fact="request",
)


class ErasureService:
    """Requests to erase a person, and carrying them out."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.approvals = ApprovalService(db)

    def request(
        self, person_id: UUID, *, withdraws_comments: bool, replaces_in_sessions: bool = False, actor: Actor
    ) -> ApprovalRequest:
        """Ask for it: the person themselves, or an administrator. Nothing is erased before it is confirmed.

        Raises `NotFound`, and `Invalid` while a request waits or when they have been erased already.
        """
        person = _locked(self.db, person_id)
        ERASURE.ensure_may_ask(actor, person)
        if person.erased_at is not None or self.pending(person_id) is not None:
            raise Invalid(field="person", reason="erasure_waits")
        details = {"withdraws_comments": withdraws_comments, "replaces_in_sessions": replaces_in_sessions}
        return self.approvals.ask(ERASURE, person, actor=actor, details=details)

    def confirm(self, request_id: UUID, *, actor: Actor) -> Person:
        """Erase: the person confirms their own wish, a second administrator that of the first.

        Raises `NotFound` for a request that does not wait, and `Invalid` for the administrator who asked.
        """
        person = self._about(request_id)
        request = self.approvals.confirm(ERASURE, person, actor=actor, request_id=request_id)
        publish(self.db, RightsChanged(person_id=person.id, actor=actor))
        request.details = {**request.details, "remains": dict(remaining(self.db, person, request))}
        if request.details.get("replaces_in_sessions"):
            self._replace_in_sessions(person)
        self._erase(person)
        withdraws = request.details["withdraws_comments"]
        publish(self.db, PersonErased(person_id=person.id, withdraws_comments=withdraws, actor=actor))
        self.approvals.end(request, Outcome.CONFIRMED, actor=actor)
        self.approvals.record(ERASURE, "person.erased", request, actor=actor)
        return person

    def cancel(self, request_id: UUID, *, actor: Actor, reason: str = "") -> bool:
        """Take a request back, or decline somebody else's: the person it is about, or a second administrator.

        Returns whether it was declined. The administrator gives a reason for that, which whoever asked is told.
        """
        person = self._about(request_id)
        return self.approvals.withdraw(ERASURE, person, actor=actor, reason=reason, request_id=request_id)

    def pending(self, person_id: UUID) -> ApprovalRequest | None:
        """The request about this person that nobody has confirmed yet."""
        person = self.db.get(Person, person_id)
        return self.approvals.open_request(ERASURE, person) if person else None

    def pending_in(self, forum: Forum, *, actor: Actor) -> list[tuple[ApprovalRequest, Person]]:
        """Requests of administrators about people of this forum; raises `NotFound` for those who may not see them."""
        if not (policy.may_see_requests(actor, forum) or actor.is_operator):
            raise NotFound(what="forum", id=forum.slug)
        here = sa.select(Mandate.person_id).where(Mandate.forum_id == forum.id)
        rows = self.db.execute(
            sa.select(ApprovalRequest, Person)
            .join(Person, Person.id == ApprovalRequest.person_id)
            .where(
                ApprovalRequest.matter == Matter.ERASURE,
                ApprovalRequest.outcome.is_(None),
                ApprovalRequest.person_id.in_(here),
                sa.or_(
                    ApprovalRequest.requested_by_id.is_(None),
                    ApprovalRequest.requested_by_id != ApprovalRequest.person_id,
                ),
            )
            .order_by(ApprovalRequest.requested_at)
        )
        return [(row[0], row[1]) for row in rows]

    def _erase(self, person: Person) -> None:
        account = self.db.get(Account, person.id)
        letters, tickets = Letter.person_id == person.id, Ticket.person_id == person.id
        contact = self.db.get(Contact, person.id)
        for address in {row.email for row in (account, contact) if row is not None}:
            letters = sa.or_(letters, Letter.to == address)
            tickets = sa.or_(tickets, Ticket.email == address)
        self.db.execute(sa.delete(Letter).where(letters))
        self.db.execute(sa.delete(Ticket).where(tickets))
        for kind in (SignIn, RecoveryCode, ApiToken):
            self.db.execute(sa.delete(kind).where(kind.person_id == person.id))
        for row in (account, contact):
            if row is not None:
                self.db.delete(row)
        for mandate in person.mandates:
            yesterday = clock.today(mandate.forum.timezone) - timedelta(days=1)
            mandate.ends_on = yesterday if mandate.ends_on is None else min(mandate.ends_on, yesterday)
        person.name, person.language, person.timezone, person.salt = ERASED_PERSON, _NO_LANGUAGE, "", ""
        person.erased_at = clock.now()
        self.db.flush()

    def _replace_in_sessions(self, person: Person) -> None:
        """Where they speak or moderate under exactly this name, in the forums in which they have held a role."""
        session = METADATA.get().tables["session"]
        columns = [session.c[column] for column in _FACTS]
        theirs = session.c.forum_id.in_({mandate.forum_id for mandate in person.mandates})
        held = sa.select(session.c.id, *columns).where(theirs, _holding(columns, person.name))
        for row in self.db.execute(held).mappings().all():
            replaced = {fact: _without(row[fact], person.name) for fact in _FACTS}
            self.db.execute(sa.update(session).where(session.c.id == row["id"]).values(**replaced))
            note_rows(self.db, session, [dict(row)])
        mark = METADATA.get().tables["note_mark"]
        spoken = mark.c.session_id.in_(sa.select(session.c.id).where(theirs)), mark.c.kind == "speaker"
        named = (*spoken, mark.c.text.startswith(person.name, autoescape=True))
        marks = [dict(row) for row in self.db.execute(sa.select(mark).where(*named)).mappings()]
        self.db.execute(sa.delete(mark).where(*named))
        note_rows(self.db, mark, marks)

    def _about(self, request_id: UUID) -> Person:
        """Whom a request is about; raises `NotFound`."""
        request = self.db.get(ApprovalRequest, request_id)
        if request is None or request.person_id is None:
            raise NotFound(what="erasure_request", id=str(request_id))
        return _locked(self.db, request.person_id)


def _without(facts: Any, name: str, key: str = "") -> Any:
    """The facts of a session with another name for whoever bears this one; words about them stay as they were said."""
    if isinstance(facts, str):
        return ERASED_PERSON if key in _PEOPLE and facts == name else facts
    if isinstance(facts, list):
        return [_without(fact, name, key) for fact in facts]
    if isinstance(facts, dict):
        return {own: _without(fact, name, key if own == "name" else own) for own, fact in facts.items()}
    return facts


def _locked(db: Db, person_id: UUID) -> Person:
    person: Person | None = lock_for_writing(db, Person, person_id)
    return existing(person, "person", person_id)


_SECRET = ("_hash", "secret", "_counter", "salt")


def held_about(db: Db, person_id: UUID) -> bytes:
    """Everything, as JSON: the rows of each table, by the way in which they concern the person."""
    person = METADATA.get().tables["person"]
    rows = {"person": _rows(db, person, person.c.id == person_id)}
    for name, table, column in _pointing(person):
        if found := _rows(db, table, column == person_id):
            rows[name] = found
    rows["letter"] = _rows(db, sa.inspect(Letter).local_table, Letter.person_id == person_id)
    if not rows["person"]:
        raise NotFound(what="person", id=str(person_id))
    entries = db.execute(
        sa.select(LogEntry.sequence, LogEntry.at, LogEntry.kind)
        .where(LogEntry.actor_id == person_id)
        .order_by(LogEntry.sequence)
    )
    rows["log_entry"] = [{"sequence": entry.sequence, "at": plain(entry.at), "kind": entry.kind} for entry in entries]
    return msgspec.json.format(msgspec.json.encode(rows, order="sorted"), indent=1) + b"\n"


def _pointing(person: sa.Table) -> Iterator[tuple[str, sa.Table, sa.Column[Any]]]:
    for table in METADATA.get().sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is person:
                yield f"{table.name}.{key.parent.name}", table, key.parent


def _rows(db: Db, table: sa.FromClause, which: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    columns = [column for column in table.columns if not any(word in column.name for word in _SECRET)]
    return [
        {name: plain(value) for name, value in row.items() if value is not None}
        for row in db.execute(sa.select(*columns).where(which)).mappings()
    ]
