"""Members and mandates in bulk: a spreadsheet is checked row by row, shown, and then taken in whole or not at all."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct, field
from sqlalchemy.orm import joinedload

from workspace.core import clock, events
from workspace.core.actor import Actor, Role
from workspace.core.errors import Invalid, NotFound, required
from workspace.core.provided import WAITING_ROLES
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, new_id
from workspace.people import policy, validation
from workspace.people.mandates import facts_of, hold_back
from workspace.people.models import Contact, Forum, Mandate, Organisation, OrganisationKind, Person, Roster
from workspace.people.organisations import NewOrganisation, OrganisationService, organisation_index
from workspace.people.roster_file import KINDS, LANGUAGES, ROLES, RosterSheet
from workspace.people.validation import email_address, ensure_in_order, folded, person_name, short_line

Value = TypeVar("Value")

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


class RosterEntry(Struct, frozen=True):
    """What one row says. What could not be understood is empty here and stands among the row's problems."""

    line: int
    name: str
    email: str
    organisation: str
    kind: OrganisationKind | None
    country: str
    role: Role | None
    starts_on: date | None
    ends_on: date | None
    language: str


def read_entry(line: int, row: Mapping[str, str]) -> tuple[RosterEntry, list[Invalid]]:
    """Understand a row, column by column. Every problem names its column and what stands there."""
    problems: list[Invalid] = []

    def read(column: str, reader: Callable[[str], Value], otherwise: Value) -> Value:
        try:
            return reader(row[column]) if row.get(column) else otherwise
        except Invalid as refusal:
            problems.append(refusal)
            return otherwise

    starts_on, ends_on = (
        read("starts_on", partial(roster_day, "starts_on"), None),
        read("ends_on", partial(roster_day, "ends_on"), None),
    )
    name = " ".join(filter(None, (row.get("given_name") or row.get("name"), row.get("family_name"))))
    if row.get("given_name") and row.get("name") and not row.get("family_name"):
        name = f"{row['given_name']} {row['name']}"  # French: Prénom, Nom
    try:
        name = person_name(name)
    except Invalid as refusal:
        problems.append(refusal)
    try:
        ensure_in_order(starts_on, ends_on)
    except Invalid as refusal:
        problems.append(refusal)
    entry = RosterEntry(
        line=line,
        name=name,
        email=read("email", email_address, ""),
        organisation=read("organisation", lambda text: short_line("organisation", text), ""),
        kind=read("kind", _among("kind", KINDS, "unknown_organisation_kind"), None),
        country=read("country", _among("country", validation.country_codes_by_name(), "unknown_country"), ""),
        role=read("role", _among("role", ROLES, "unknown_role"), None),
        starts_on=starts_on,
        ends_on=ends_on,
        language=read("language", _among("language", LANGUAGES, "unknown_language"), ""),
    )
    return entry, problems


def _among(column: str, known: Mapping[str, Value], reason: str) -> Callable[[str], Value]:
    def read(text: str) -> Value:
        return required(known.get(folded(text)), Invalid(field=column, reason=reason, given=text[:80]))

    return read


def roster_day(column: str, text: str) -> date | None:
    """A day written as 2027-06-10, 10/06/2027 or 10.6.2027, None for nothing; raises `Invalid` for anything else."""
    text = text.strip()
    if not text:
        return None
    if found := _ISO.fullmatch(text):
        year, month, of_month = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        of_month, month, year = found.groups()
    else:
        raise Invalid(field=column, reason="unknown_day", given=text[:80])
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError as error:
        raise Invalid(field=column, reason="unknown_day", given=text[:80]) from error


KEPT_FOR = timedelta(days=1)


class RowOutcome(StrEnum):
    """What taking a row in does."""

    NEW = "new"  # a person who was not listed
    ROLE = "role"  # another role for somebody who is
    KNOWN = "known"  # nothing: they hold this role already


class CheckedRow(Struct, frozen=True):
    """One row: what it says, what is wrong with it, and what taking it in would do."""

    entry: RosterEntry
    problems: Sequence[Invalid]
    outcome: RowOutcome
    person_id: UUID | None = None
    is_new_organisation: bool = False


class ImportedPerson(Struct, frozen=True):
    """Somebody from a row that was taken in, with the address the row gave."""

    person: Person
    email: str
    is_new: bool


class _Register(Struct, frozen=True):
    """Who and what is there already, by the names they are recognised by."""

    organisations: dict[str, Organisation]
    by_email: Mapping[str, UUID]
    by_name: Mapping[tuple[str, UUID | None], UUID]
    held: set[tuple[UUID, Role, UUID | None]] = field(default_factory=set)


def purge_rosters(db: Db) -> None:
    """Take out the lists that were shown a day ago and never taken in: they hold names and addresses."""
    db.execute(sa.delete(Roster).where(Roster.made_at < clock.now() - KEPT_FOR))


class RosterService(Service):
    """Spreadsheets of people on their way into the register.

    `known` are the addresses that accounts and invitations hold, with whose they are.
    """

    def keep(self, forum: Forum, sheet: RosterSheet, *, source: str, role: Role, actor: Actor) -> Roster:
        """Keep the rows for the preview; `role` is that of rows that name none. Older ones of a day ago go."""
        policy.ensure_may_see_people(actor, forum)
        purge_rosters(self.db)
        rows = [
            {"line": line, **row, "role": row.get("role") or role.value, "language": row.get("language", "")}
            for line, row in sheet.rows
        ]
        roster = Roster(
            id=new_id(),
            forum_id=forum.id,
            made_by_id=actor.person_id,
            made_at=clock.now(),
            source=source[:200],
            rows=rows,
        )
        self.db.add(roster)
        self.db.flush()
        log.record(self.db, "roster.kept", actor=actor, forum_id=forum.id, roster=str(roster.id), rows=len(rows))
        return roster

    def get(self, forum: Forum, roster_id: UUID, *, actor: Actor) -> Roster:
        """A spreadsheet that `actor` has sent and nobody has taken in yet; raises `NotFound`."""
        policy.ensure_may_see_people(actor, forum)
        roster = self.db.get(Roster, roster_id)
        is_here = roster is not None and roster.forum_id == forum.id and roster.made_by_id == actor.person_id
        if roster is None or not is_here or roster.made_at < clock.now() - KEPT_FOR:
            raise NotFound(what="roster", id=str(roster_id))
        return roster

    def check(self, forum: Forum, roster: Roster, *, known: Mapping[str, UUID], actor: Actor) -> list[CheckedRow]:
        """Look at every row; the register itself is not touched."""
        return _Checking(forum, self._register(forum, known), actor).all(roster.rows)

    def take_in(
        self, forum: Forum, roster: Roster, *, known: Mapping[str, UUID], only_good: bool, actor: Actor
    ) -> list[ImportedPerson]:
        """Bring the rows into the register: every one, or with `only_good` those without problems.

        Raises `Invalid` when a row has a problem and all were asked for, or none is left to take.
        """
        register = self._register(forum, known)
        checked = _Checking(forum, register, actor).all(roster.rows)
        bad = sum(bool(row.problems) for row in checked)
        if bad and (not only_good or bad == len(checked)):
            raise Invalid(field="rows", reason="rows_with_problems", count=bad)
        taken = _TakingIn(self.db, forum, register, actor).rows([row for row in checked if not row.problems])
        self.db.delete(roster)
        self.db.flush()
        log.record(
            self.db,
            "roster.taken_in",
            actor=actor,
            forum_id=forum.id,
            roster=str(roster.id),
            rows=len(taken),
            left_out=bad,
        )
        return taken

    def drop(self, roster: Roster) -> None:
        """Forget a spreadsheet that is not to be taken in."""
        self.db.delete(roster)

    def _register(self, forum: Forum, known: Mapping[str, UUID]) -> _Register:
        statement = sa.select(Mandate).where(Mandate.forum_id == forum.id).options(joinedload(Mandate.person))
        mandates = self.db.scalars(statement).all()
        today, waiting = clock.today(forum.timezone), WAITING_ROLES.get()(self.db, forum)
        contacts = self.db.scalars(
            sa.select(Contact)
            .join(Mandate, Mandate.person_id == Contact.person_id)
            .where(Mandate.forum_id == forum.id, Contact.check_hash.is_(None))
        )
        return _Register(
            organisations=organisation_index(OrganisationService(self.db).every(forum)),
            by_email={**{contact.email: contact.person_id for contact in contacts}, **known},
            by_name={(folded(mandate.person.name), mandate.organisation_id): mandate.person_id for mandate in mandates},
            held={
                (mandate.person_id, Role(mandate.role), mandate.organisation_id)
                for mandate in mandates
                if mandate.ends_on is None or mandate.ends_on >= today or mandate.id in waiting
            },
        )


class _Checking:
    """Checks the rows of one spreadsheet, in order, against the register and against each other."""

    def __init__(self, forum: Forum, register: _Register, actor: Actor) -> None:
        self.forum, self.register, self.actor = forum, register, actor
        self.names: dict[str, tuple[str, int]] = {}  # address: name and line of the first row with it
        self.rows: dict[tuple[str, str, str], int] = {}  # who, organisation, role: line
        self.roles: dict[UUID | None, frozenset[Role]] = {}
        self.may_add_organisations = policy.may_in(actor, "organisation.manage_people", forum) or bool(
            actor.is_operator
        )

    def all(self, rows: Iterable[Mapping[str, str]]) -> list[CheckedRow]:
        return [self._row(*read_entry(int(row["line"]), row)) for row in rows]

    def _row(self, entry: RosterEntry, problems: list[Invalid]) -> CheckedRow:
        organisation = self.register.organisations.get(folded(entry.organisation)) if entry.organisation else None
        is_new = bool(entry.organisation) and organisation is None
        problems = [*problems, *self._repeated(entry), *self._not_allowed(entry, organisation, is_new=is_new)]
        where = organisation.id if organisation else None
        person_id = self.register.by_email.get(entry.email) if entry.email else None
        if person_id is None and not is_new:
            person_id = self.register.by_name.get((folded(entry.name), where))
        outcome = RowOutcome.NEW if person_id is None else RowOutcome.ROLE
        if person_id and entry.role and (person_id, entry.role, where) in self.register.held:
            outcome = RowOutcome.KNOWN
        elif person_id is not None and person_id == self.actor.person_id:
            problems.append(Invalid(field="role", reason="not_yourself"))
        return CheckedRow(entry, problems, outcome, person_id, is_new_organisation=is_new)

    def _repeated(self, entry: RosterEntry) -> Iterable[Invalid]:
        if entry.email:
            name, line = self.names.setdefault(entry.email, (folded(entry.name), entry.line))
            if name != folded(entry.name):
                yield Invalid(field="email", reason="email_of_another", line=line)
                return
        who = (entry.email or folded(entry.name), folded(entry.organisation), entry.role.value if entry.role else "")
        if (line := self.rows.setdefault(who, entry.line)) != entry.line and who[0]:
            yield Invalid(field="name", reason="same_row", line=line)

    def _not_allowed(self, entry: RosterEntry, organisation: Organisation | None, *, is_new: bool) -> Iterable[Invalid]:
        if is_new and not self.may_add_organisations:
            yield Invalid(field="organisation", reason="not_your_organisation", given=entry.organisation)
        where = organisation.id if organisation else None
        if where not in self.roles:
            self.roles[where] = frozenset(policy.roles_to_give(self.actor, self.forum, where))
        if entry.role and entry.role not in self.roles[where] and not (is_new and not self.may_add_organisations):
            yield Invalid(field="role", reason="not_yours_to_give", given=entry.role.value)


class _TakingIn:
    """Brings checked rows into the register, in as many queries for many rows as for one."""

    def __init__(self, db: Db, forum: Forum, register: _Register, actor: Actor) -> None:
        self.db, self.forum, self.register, self.actor = db, forum, register, actor
        self.made: dict[str, Person] = {}  # people who were new in a row before, by address or name
        self.given: list[Mandate] = []
        self.kinds: list[str] = []  # of entries in the log, one for each

    def rows(self, checked: Sequence[CheckedRow]) -> list[ImportedPerson]:
        self._add_organisations(row.entry for row in checked)
        ids = {row.person_id for row in checked if row.person_id}
        known = (
            {person.id: person for person in self.db.scalars(sa.select(Person).where(Person.id.in_(ids)))}
            if ids
            else {}
        )
        taken = [self._row(row.entry, known.get(row.person_id) if row.person_id else None) for row in checked]
        held = hold_back(self.db, self.forum, self.given, actor=self.actor, by_two=True)
        self.db.add_all(self.given)
        outcomes = [
            log.LogEvent(kind, facts_of(mandate))
            for kind, mandate in zip(self.kinds, self.given, strict=True)
            if kind == "person.added" or not mandate.is_void
        ]
        log.record_all(self.db, outcomes, actor=self.actor, forum_id=self.forum.id)
        self.db.flush()
        held.announce(self.db, actor=self.actor)
        told_to = dict.fromkeys(
            mandate.person_id
            for kind, mandate in zip(self.kinds, self.given, strict=True)
            if kind != "person.added" and not mandate.is_void
        )
        for person_id in told_to:
            events.publish(self.db, events.RightsChanged(person_id=person_id, actor=self.actor))
        return taken

    def _add_organisations(self, entries: Iterable[RosterEntry]) -> None:
        known = self.register.organisations
        new: dict[str, NewOrganisation] = {}
        for entry in entries:
            if entry.organisation and folded(entry.organisation) not in known:
                kind = entry.kind or OrganisationKind.CITY
                new.setdefault(folded(entry.organisation), NewOrganisation(entry.organisation, kind, entry.country))
        OrganisationService(self.db).put_all(self.forum, new.values(), known=known, actor=self.actor)

    def _row(self, entry: RosterEntry, known: Person | None) -> ImportedPerson:
        organisation = self.register.organisations.get(folded(entry.organisation)) if entry.organisation else None
        key = entry.email or f"{folded(entry.name)}|{organisation.id if organisation else ''}"
        person = known or self.made.get(key)
        is_new = person is None
        if person is None:
            person = self.made[key] = Person(id=new_id(), name=entry.name, language=entry.language or "en")
            self.db.add(person)
            if entry.email:
                self.db.add(Contact(person_id=person.id, email=entry.email, made_at=clock.now()))
        self._give(person, entry, organisation, is_new=is_new)
        return ImportedPerson(person, entry.email, is_new)

    def _give(self, person: Person, entry: RosterEntry, organisation: Organisation | None, *, is_new: bool) -> None:
        role, where = entry.role or Role.MEMBER, organisation.id if organisation else None
        if (person.id, role, where) in self.register.held:
            return
        self.register.held.add((person.id, role, where))
        mandate = Mandate(
            id=new_id(),
            person_id=person.id,
            forum_id=self.forum.id,
            organisation_id=where,
            role=role,
            starts_on=entry.starts_on,
            ends_on=entry.ends_on,
            is_steward=False,
        )
        self.given.append(mandate)
        self.kinds.append("person.added" if is_new else "mandate.given")
