"""The register of people: who takes part in a forum, for whom, as what, and from when to when."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload

from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.db import Db
from workspace.people import policy
from workspace.people.models import Forum, Mandate, OrganisationKind
from workspace.people.words import folded

STANDINGS = ("now", "past", "coming", "all")
_ORDER = {role: place for place, role in enumerate(reversed(Role))}


class Wanted(Struct, frozen=True):
    """Which mandates are looked for; what is empty is not asked about."""

    words: str = ""  # in the name of the person, or a name of the organisation
    role: Role | None = None
    kind: OrganisationKind | None = None
    country: str = ""
    organisation_id: UUID | None = None
    standing: str = "now"

    def fits(self, mandate: Mandate, today: date) -> bool:
        organisation = mandate.organisation
        if self.role is not None and Role(mandate.role) is not self.role:
            return False
        if self.organisation_id is not None and mandate.organisation_id != self.organisation_id:
            return False
        if self.kind is not None and (organisation is None or organisation.kind is not self.kind):
            return False
        if self.country and (organisation is None or organisation.country != self.country):
            return False
        return self._stands(mandate, today) and self._names(mandate)

    def _stands(self, mandate: Mandate, today: date) -> bool:
        return self.standing in {"all", standing(mandate, today)}

    def _names(self, mandate: Mandate) -> bool:
        of = mandate.organisation
        names = (mandate.person.name, *((of.name, *of.aliases) if of else ()))
        said = folded(" ".join(names))
        return all(word in said for word in folded(self.words).split())


def standing(mandate: Mandate, today: date) -> str:
    """Whether a mandate counts now, did once, or will."""
    if mandate.ends_on and mandate.ends_on < today:
        return "past"
    return "coming" if mandate.starts_on and mandate.starts_on > today else "now"


def mandates(db: Db, forum: Forum, wanted: Wanted, *, actor: Actor) -> list[Mandate]:
    """The mandates that fit, by organisation, role and name; a steward finds those of their own organisation alone.

    One query, whatever their number. Guests are no part of the register.
    """
    policy.ensure_may_see_people(actor, forum)
    statement = (
        sa.select(Mandate)
        .where(Mandate.forum_id == forum.id, Mandate.role != Role.GUEST)
        .options(joinedload(Mandate.person), joinedload(Mandate.organisation))
    )
    if not policy.sees_everybody(actor, forum):
        statement = statement.where(Mandate.organisation_id.in_(policy.stewarded(actor, forum)))
    today = clock.today(forum.timezone)
    return sorted((one for one in db.scalars(statement) if wanted.fits(one, today)), key=_place)


def counts(found: Sequence[Mandate]) -> tuple[int, int]:
    """How many people, of how many organisations."""
    return len({one.person_id for one in found}), len({one.organisation_id for one in found if one.organisation_id})


def _place(mandate: Mandate) -> tuple[bool, str, int, str, UUID]:
    of = mandate.organisation
    name = folded(mandate.person.name)
    return (of is None, folded(of.name) if of else "", _ORDER[Role(mandate.role)], name, mandate.id)
