"""Who acts: a plain value that every service method takes."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Role(StrEnum):
    """What somebody is in one forum (`conventions.md`, 1), from least to most involved."""

    ANON = "anon"
    GUEST = "guest"
    OTHER_ORG = "other_org"
    OBSERVER = "observer"
    MEMBER = "member"
    RAPPORTEUR = "rapporteur"
    TRANSLATOR = "translator"
    COMMITTEE = "committee"
    SECRETARIAT = "secretariat"
    CHAIR = "chair"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Held(Struct, frozen=True):
    """A role held in one forum between two dates, both included; None is open-ended.

    `languages` are those a translator is to write; None is every one, and an empty set is no task yet.
    """

    forum_id: UUID
    role: Role
    organisation_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    languages: frozenset[str] | None = None
    is_steward: bool = False

    def covers(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


class Lent(Struct, frozen=True):
    """The right to see the texts of one forum, lent for a written reason until a moment (breaking the glass)."""

    forum_id: UUID
    until: datetime


class Actor(Struct, frozen=True):
    """A person with the mandates they hold, the operator at the machine, or nobody in particular."""

    person_id: UUID | None
    name: str
    mandates: tuple[Held, ...] = ()
    is_operator: bool = False
    lent: tuple[Lent, ...] = ()

    def mandates_in(self, forum_id: UUID, day: date) -> tuple[Held, ...]:
        """The mandates that count in this forum on this day; rights depend on the date."""
        return tuple(held for held in self.mandates if held.forum_id == forum_id and held.covers(day))

    def roles_in(self, forum_id: UUID, day: date) -> frozenset[Role]:
        roles = frozenset(held.role for held in self.mandates_in(forum_id, day))
        if roles:
            return roles
        return frozenset({Role.ANON if self.person_id is None else Role.OTHER_ORG})


NOBODY = Actor(person_id=None, name="")
CALENDAR = Actor(person_id=None, name="calendar")  # what a dated deadline does by itself
OPERATOR = Actor(person_id=None, name="operator", is_operator=True)  # whoever runs commands on the machine itself
