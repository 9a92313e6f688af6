"""What the pages of the register share: a mandate as one line, and what can be chosen of an organisation."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from workspace.core.actor import Role
from workspace.core.shapes import filled
from workspace.people import countries, register
from workspace.people.models import Forum, Mandate, OrganisationKind
from workspace.web.i18n import N_, Messages
from workspace.web.services import Work

KINDS: Mapping[OrganisationKind, str] = {
    OrganisationKind.CITY: N_("City"),
    OrganisationKind.REGION: N_("Region"),
    OrganisationKind.NETWORK: N_("Network"),
    OrganisationKind.OTHER: N_("Other body"),
}
Choices = Sequence[tuple[str, str]]


class Line(Struct, frozen=True):
    """One mandate in the register."""

    name: str
    href: str
    role: Role
    organisation: str
    organisation_href: str
    country: str
    starts_on: date | None
    ends_on: date | None
    standing: str
    is_deputy: bool
    is_steward: bool

    @classmethod
    def of(cls, mandate: Mandate, forum: Forum, work: Work, today: date) -> "Line":
        of = mandate.organisation
        return filled(
            cls,
            mandate,
            name=mandate.person.name,
            href=work.url_for("person", forum=forum.slug, person_id=mandate.person_id),
            organisation=of.name if of else "",
            organisation_href=work.url_for("organisation", forum=forum.slug, organisation_id=of.id) if of else "",
            country=countries.name(of.country, work.language) if of and of.country else "",
            standing=register.standing(mandate, today),
            is_deputy=mandate.deputy_of_id is not None,
        )


def kind_choices(messages: Messages) -> Choices:
    return [(kind.value, messages.gettext(words)) for kind, words in KINDS.items()]


def country_choices(work: Work) -> Choices:
    return list(countries.names(work.language.value).items())
