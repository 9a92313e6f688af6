"""Forums as programs read them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from workspace.core.security.permissions import Phase
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Trilingual
from workspace.people.models import Forum, Mandate, Network, Person
from workspace.people.rosters import CheckedRow

Line = Annotated[str, Meta(max_length=200)]
Country = Annotated[str, Meta(pattern="^([A-Z]{2})?$", description="Two letters of ISO 3166, or empty.")]
RoleWord = Literal[
    "observer", "member", "rapporteur", "translator", "committee", "secretariat", "chair", "auditor", "admin"
]
KindWord = Literal["city", "region", "network", "other"]
RegistrationWord = Literal["invitation", "open"]
LanguageWord = Literal["es", "en", "fr"]

PhaseWord = Literal["setup", "drafting", "review", "consultation", "adoption", "published", "archived"]


def phase_word(phase: Phase) -> PhaseWord:
    return phase.name.lower()  # type: ignore[return-value]


class ForumOut(Struct, frozen=True, kw_only=True):
    """One gathering with its whole process. `phase` is the earliest phase of its declarations."""

    id: UUID
    slug: str
    name: Trilingual
    network: Trilingual
    description: Trilingual
    place: Trilingual
    timezone: str
    starts_on: date | None
    ends_on: date | None
    phases: tuple[PhaseWord, ...]

    @classmethod
    def of(cls, forum: Forum, network: Network) -> "ForumOut":
        return filled(
            cls, forum, network=network.name, phases=tuple(phase_word(Phase(letter)) for letter in forum.phases)
        )


class ForumIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a forum is called, where it meets and when; without a time zone it keeps its own."""

    name: Trilingual
    description: Trilingual = Trilingual()
    place: Trilingual = Trilingual()
    timezone: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


class SettingsIn(Shape, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a forum is to work."""

    registration: RegistrationWord
    guest_comments: bool
    one_voice: bool
    is_public_programme: bool
    labels: dict[str, str] | None = None
    late_needs_leave: bool | None = None


class SettingsOut(SettingsIn, frozen=True, kw_only=True):
    """How a forum works. `one_voice`: amendments and support are an organisation's, not a person's.

    `labels` are what it calls its declaration, amendment, session, member, committee, where they have other names.
    `late_needs_leave`: nothing can be done with a late amendment before the chair gives leave.
    """


class OrganisationIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A city, region, network or other body. `aliases` are other names it goes by."""

    name: Line
    kind: KindWord = "city"
    country: Country = ""
    aliases: Annotated[tuple[Line, ...], Meta(max_length=50)] = ()


class OrganisationOut(Shape, frozen=True, kw_only=True):
    """A city, region, network or other body whose people take part."""

    id: UUID
    name: str
    kind: KindWord
    country: str
    aliases: list[str]


class MergeIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The organisation that stays, with the people and names of both."""

    into: UUID


class MandateIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A role, for an organisation where there is one, between two days, both included; null is open-ended."""

    role: RoleWord
    organisation_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    is_steward: bool = False


class PersonIn(MandateIn, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody with their first mandate. `email` is kept for their invitation alone, and never shown."""

    name: Line
    language: LanguageWord = "en"
    email: Annotated[str, Meta(max_length=254)] = ""


class PersonNameIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How somebody is called, and the language they are written to in."""

    name: Line
    language: LanguageWord


class EndIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last day on which a mandate counts; the day before its first one means that it never does."""

    on: date


class DeputyIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who stands in for a chair, and from which day to which."""

    person_id: UUID
    starts_on: date
    ends_on: date


class MandateOut(Struct, frozen=True, kw_only=True):
    """A role that somebody holds. `deputy_of` is the mandate it stands in for.

    One that `waits` was given and counts, or is to end and does, once a second person has confirmed it.
    """

    id: UUID
    person_id: UUID
    name: str
    role: str
    organisation_id: UUID | None
    organisation: str | None
    starts_on: date | None
    ends_on: date | None
    deputy_of: UUID | None
    is_steward: bool
    waits: bool

    @classmethod
    def of(cls, mandate: Mandate, unconfirmed: Collection[UUID] | None = None) -> "MandateOut":
        """One that was just given, or with all that are `unconfirmed`."""
        return filled(
            cls,
            mandate,
            waits=mandate.is_void if unconfirmed is None else mandate.id in unconfirmed,
            name=mandate.person.name,
            organisation=mandate.organisation.name if mandate.organisation else None,
            deputy_of=mandate.deputy_of_id,
        )


class PersonOut(Struct, frozen=True, kw_only=True):
    """Somebody of the forum with every mandate they hold or held in it."""

    id: UUID
    name: str
    language: str
    mandates: list[MandateOut]

    @classmethod
    def of(cls, person: Person, forum: Forum, unconfirmed: Collection[UUID] | None = None) -> "PersonOut":
        here = [mandate for mandate in person.mandates if mandate.forum_id == forum.id]
        held = [MandateOut.of(mandate, unconfirmed) for mandate in sorted(here, key=lambda mandate: mandate.id)]
        return filled(cls, person, mandates=held)


class ProblemOut(Struct, frozen=True, kw_only=True):
    """What is wrong with a row: the column, a stable word, and a sentence in the reader's language."""

    column: str
    reason: str
    detail: str


class RosterRowOut(Struct, frozen=True, kw_only=True):
    """A row of a spreadsheet. `outcome`: a new person, another role for a known one, or nothing new."""

    line: int
    name: str
    email: str
    organisation: str
    country: str
    role: str | None
    starts_on: date | None
    ends_on: date | None
    language: str
    outcome: Literal["new", "role", "known"]
    is_new_organisation: bool
    problems: list[ProblemOut]

    @classmethod
    def of(cls, checked: CheckedRow, problems: Sequence[ProblemOut]) -> "RosterRowOut":
        entry = checked.entry
        return filled(
            cls,
            entry,
            outcome=checked.outcome.value,
            is_new_organisation=checked.is_new_organisation,
            problems=list(problems),
        )


class RosterOut(Struct, frozen=True, kw_only=True):
    """A spreadsheet as it was understood; nothing of it is in the register yet."""

    id: UUID
    source: str
    unknown_columns: list[str]
    rows: list[RosterRowOut]
    with_problems: int


class RosterImportIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which rows to take in: all, or those without problems; and whether to invite the people who are new."""

    rows: Literal["all", "good"] = "all"
    invite: bool = False


class RosterImportOut(Struct, frozen=True, kw_only=True):
    """How many rows were taken in, how many people are new, and how many were invited."""

    rows: int
    new_people: int
    invited: int
