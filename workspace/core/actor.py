"""Who acts: a plain value that every service method takes; and what stands for an erased person."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

When: TypeAlias = date | datetime  # a day in the forum's place, or a moment, which falls on one there


class Role(StrEnum):
    """What somebody is in one forum (`docs/procedure.md`, 1), from least to most involved."""

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


class ActorMandate(Struct, frozen=True):
    """A role held in one forum between two dates, both included; None is open-ended.

    The days are those of the forum's `zone`: "until 30 June" ends when 30 June ends in its place.
    `languages` are those a translator is to write; None is every one, and an empty set is no task yet.
    """

    forum_id: UUID
    role: Role
    organisation_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    languages: frozenset[str] | None = None
    is_steward: bool = False
    zone: str = "UTC"

    def covers(self, when: When) -> bool:
        if self.starts_on is None and self.ends_on is None:
            return True
        return not self.is_over(when) and (self.starts_on is None or self.starts_on <= self._day(when))

    def is_over(self, when: When) -> bool:
        return self.ends_on is not None and self.ends_on < self._day(when)

    def _day(self, when: When) -> date:
        return when.astimezone(ZoneInfo(self.zone)).date() if isinstance(when, datetime) else when


class EmergencyRight(Struct, frozen=True):
    """The right to see the texts of one forum, lent for a written reason until a moment (breaking the glass)."""

    forum_id: UUID
    until: datetime


class Actor(Struct, frozen=True):
    """A person with the mandates they hold, the operator at the machine, or nobody in particular."""

    person_id: UUID | None
    name: str
    mandates: tuple[ActorMandate, ...] = ()
    is_operator: bool = False
    lent: tuple[EmergencyRight, ...] = ()
    timezone: str = ""  # that the person named; empty: none

    def mandates_in(self, forum_id: UUID, when: When) -> tuple[ActorMandate, ...]:
        """The mandates that count in this forum on this day, or at this moment; rights depend on the date."""
        return tuple(held for held in self.mandates if held.forum_id == forum_id and held.covers(when))

    def roles_in(self, forum_id: UUID, when: When) -> frozenset[Role]:
        roles = frozenset(held.role for held in self.mandates_in(forum_id, when))
        if roles:
            return roles
        return frozenset({Role.ANON if self.person_id is None else Role.OTHER_ORG})


class SignedInPerson(Struct, frozen=True):
    """Somebody who has signed in, or a program that acts for somebody.

    While not `is_full`, a second step is owed, and `actor` is nobody. While `must_enrol`, the person has to set up
    a second step before the mandates that require one count.
    """

    id: UUID
    person_id: UUID
    actor: Actor
    is_full: bool
    must_enrol: bool
    is_read_only: bool
    is_program: bool
    name: str
    language: str


NOBODY = Actor(person_id=None, name="")
CALENDAR = Actor(person_id=None, name="calendar")  # what a dated deadline does by itself
OPERATOR = Actor(person_id=None, name="operator", is_operator=True)  # whoever runs commands on the machine itself


ERASED_PERSON: Final = "Erased person"  # pages say it in the reader's language
WITHDRAWN: Final[Mapping[str, str]] = {  # by the language of the comment
    "es": "Su autor retiró este comentario.",
    "en": "This comment was withdrawn by its author.",
    "fr": "Ce commentaire a été retiré par son auteur.",
}
