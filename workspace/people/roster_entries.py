"""One row of a spreadsheet of people: what it says, and what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import TypeVar

from msgspec import Struct

from workspace.core.actor import Role
from workspace.core.errors import Invalid
from workspace.people import countries
from workspace.people.checks import ensure_in_order, person_name, short_line
from workspace.people.models import OrganisationKind
from workspace.people.roster_words import KINDS, LANGUAGES, ROLES
from workspace.people.words import folded

Value = TypeVar("Value")

LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+\.[^\s@.<>,;:\"()\[\]\\]{2,}")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


class Entry(Struct, frozen=True):
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


def read_entry(line: int, row: Mapping[str, str]) -> tuple[Entry, list[Invalid]]:
    """Understand a row, column by column. Every problem names its column and what stands there."""
    problems: list[Invalid] = []

    def read(column: str, reader: Callable[[str], Value], otherwise: Value) -> Value:
        try:
            return reader(row[column]) if row.get(column) else otherwise
        except Invalid as refusal:
            problems.append(refusal)
            return otherwise

    starts_on, ends_on = (
        read("starts_on", partial(day, "starts_on"), None),
        read("ends_on", partial(day, "ends_on"), None),
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
    entry = Entry(
        line=line,
        name=name,
        email=read("email", email_address, ""),
        organisation=read("organisation", lambda told: short_line("organisation", told), ""),
        kind=read("kind", _one_of("kind", KINDS, "unknown_organisation_kind"), None),
        country=read("country", _one_of("country", countries.by_name(), "unknown_country"), ""),
        role=read("role", _one_of("role", ROLES, "unknown_role"), None),
        starts_on=starts_on,
        ends_on=ends_on,
        language=read("language", _one_of("language", LANGUAGES, "unknown_language"), ""),
    )
    return entry, problems


def email_address(told: str) -> str:
    """An address that looks like one, in small letters; raises `Invalid`."""
    address = told.strip().removeprefix("mailto:").casefold()
    if len(address) > LONGEST_EMAIL or not address.isprintable() or not _EMAIL.fullmatch(address):
        raise Invalid(field="email", reason="bad_email", given=told[:LONGEST_EMAIL])
    return address


def _one_of(column: str, known: Mapping[str, Value], reason: str) -> Callable[[str], Value]:
    def read(told: str) -> Value:
        found = known.get(folded(told))
        if found is None:
            raise Invalid(field=column, reason=reason, given=told[:80])
        return found

    return read


def day(column: str, told: str) -> date | None:
    """A day written as 2027-06-10, 10/06/2027 or 10.6.2027, None for nothing; raises `Invalid` for anything else."""
    told = told.strip()
    if not told:
        return None
    if found := _ISO.fullmatch(told):
        year, month, of_month = found.groups()
    elif found := _DAY_FIRST.fullmatch(told):
        of_month, month, year = found.groups()
    else:
        raise Invalid(field=column, reason="unknown_day", given=told[:80])
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError as error:
        raise Invalid(field=column, reason="unknown_day", given=told[:80]) from error
