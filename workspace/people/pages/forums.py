"""The front page: the forums of this workspace."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from litestar import Controller, Request
from msgspec import Struct, field
from msgspec.structs import fields

from drafts.text.blocks import Language
from workspace.accounts.domain.joining import SelfRegistrationService
from workspace.accounts.form_support import time_zones
from workspace.approvals.roles import RoleService
from workspace.core import clock, instruments
from workspace.core.actor import Actor, Role
from workspace.core.errors import Invalid, NotAllowed
from workspace.core.shapes import filled
from workspace.core.storage.db import Db, Trilingual
from workspace.core.validation import parse_day, whole_number
from workspace.declarations.frame import header
from workspace.people import mandates, policy, validation
from workspace.people.frame import FrameInForum, InForum
from workspace.people.mandates import MANDATE_STANDINGS, MandateSearch
from workspace.people.models import Forum, Mandate, Network, OrganisationKind, Registration
from workspace.people.service import ForumSettings, PeopleService
from workspace.web.http.guards import SEE_PEOPLE
from workspace.web.http.request_context import FormBody, Slug, Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages
from workspace.web.pages import Done, Page, field_errors, shows, takes


class ForumLine(Struct, frozen=True):
    """One forum in the list. Its words are in the reader's language where it has them."""

    slug: str
    name: str
    network: str
    place: str
    description: str
    starts_on: date | None
    ends_on: date | None

    @classmethod
    def of(cls, forum: Forum, network: Network, language: str) -> "ForumLine":
        return filled(
            cls,
            forum,
            name=forum.name.said_in(language),
            network=network.name.said_in(language),
            place=forum.place.said_in(language),
            description=forum.description.said_in(language),
        )


class ForumsPage(Page, frozen=True, kw_only=True):
    forums: Sequence[ForumLine]


class ForumPages(Controller):
    """What does not belong to one forum."""

    @shows("people/forums.html", name="forums", policy="public")
    def forums(self, db: Db, work: Work) -> ForumsPage:
        """Every forum, newest first."""
        networks = {network.id: network for network in db.scalars(sa.select(Network))}
        lines = [ForumLine.of(forum, networks[forum.network_id], work.language) for forum in PeopleService(db).forums()]
        return ForumsPage(forums=lines)


KINDS: Mapping[OrganisationKind, str] = {
    OrganisationKind.CITY: N_("City"),
    OrganisationKind.REGION: N_("Region"),
    OrganisationKind.NETWORK: N_("Network"),
    OrganisationKind.OTHER: N_("Other body"),
}
Choices = Sequence[tuple[str, str]]


class MandateLine(Struct, frozen=True):
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
    def of(cls, mandate: Mandate, forum: Forum, work: Work, today: date) -> "MandateLine":
        of = mandate.organisation
        return filled(
            cls,
            mandate,
            name=mandate.person.name,
            href=work.url_for("person", forum=forum.slug, person_id=mandate.person_id),
            organisation=of.name if of else "",
            organisation_href=work.url_for("organisation", forum=forum.slug, organisation_id=of.id) if of else "",
            country=validation.country_name(of.country, work.language) if of and of.country else "",
            standing=mandates.mandate_standing(mandate, today),
            is_deputy=mandate.deputy_of_id is not None,
        )


def kind_choices(messages: Messages) -> Choices:
    return [(kind.value, messages.gettext(words)) for kind, words in KINDS.items()]


def country_choices(work: Work) -> Choices:
    return list(validation.country_names(work.language.value).items())


AT_ONCE = 100


class PeopleFilters(Struct, frozen=True):
    """What the address asks for, as words."""

    words: str = ""
    role: str = ""
    kind: str = ""
    country: str = ""
    standing: str = "now"

    @classmethod
    def of(cls, request: Request[Any, Any, Any]) -> "PeopleFilters":
        given = request.query_params
        known = {field.name: str(given.get(field.name, ""))[:200] for field in fields(cls) if given.get(field.name)}
        found = cls(**known)
        return found if found.standing in MANDATE_STANDINGS else cls(**{**known, "standing": "now"})

    def wanted(self) -> MandateSearch:
        return MandateSearch(
            words=self.words,
            role=Role(self.role) if self.role in set(Role) else None,
            kind=OrganisationKind(self.kind) if self.kind in set(OrganisationKind) else None,
            country=self.country if validation.is_country(self.country) else "",
            standing=self.standing,
        )

    def query(self) -> Mapping[str, str]:
        """What differs from asking for everybody."""
        every = PeopleFilters()
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != getattr(every, field.name)
        }


class PeoplePage(Page, frozen=True, kw_only=True):
    """`people` and `organisations` count those who fit; `before` and `after` lead to the neighbouring pages."""

    lines: Sequence[MandateLine]
    people: int
    organisations: int
    first: int
    found: int
    filters: PeopleFilters
    roles: Sequence[Role]
    kinds: Choices
    countries: Choices
    before: str
    after: str
    may_add: bool
    may_change_settings: bool
    registered: int  # who wait for a role
    held: Sequence[tuple[str, str]]  # roles that the reader can confirm: whose, and their pages


SWITCHES = ("guest_comments", "one_voice", "late_needs_leave", "is_public_programme")


class SettingsForm(Struct, frozen=True):
    registration: str = "invitation"
    guest_comments: str = ""
    one_voice: str = ""
    late_needs_leave: str = ""
    is_public_programme: str = ""
    declaration: str = ""
    amendment: str = ""
    session: str = ""
    member: str = ""
    committee: str = ""

    @property
    def labels(self) -> dict[str, str]:
        return {name: label for name in instruments.NAMES if (label := getattr(self, name))}

    def wanted(self) -> ForumSettings:
        return ForumSettings(
            registration=Registration.OPEN if self.registration == "open" else Registration.INVITATION,
            labels=self.labels or None,
            **{name: bool(getattr(self, name)) for name in SWITCHES},
        )


class ForumForm(Struct, frozen=True):
    """What the forum is called, where it meets and when, as typed."""

    name_es: str = ""
    name_en: str = ""
    name_fr: str = ""
    description_es: str = ""
    description_en: str = ""
    description_fr: str = ""
    place_es: str = ""
    place_en: str = ""
    place_fr: str = ""
    timezone: str = ""
    starts_on: str = ""
    ends_on: str = ""

    @classmethod
    def of(cls, forum: Forum) -> "ForumForm":
        said = {"name": forum.name, "description": forum.description, "place": forum.place}
        words = {
            f"{field}_{language}": text for field, each in said.items() for language, text in each.to_dict().items()
        }
        first, last = (day.isoformat() if day else "" for day in (forum.starts_on, forum.ends_on))
        return cls(**words, timezone=forum.timezone, starts_on=first, ends_on=last)

    def said(self, name: str) -> Trilingual:
        return Trilingual(*(getattr(self, f"{name}_{language}") for language in Language))

    def tongues(self, name: str) -> Sequence[tuple[str, str]]:
        """Language and words, as the form shows them."""
        return [*self.said(name).to_dict().items()]


class SettingsPage(Page, frozen=True, kw_only=True):
    form: SettingsForm
    names: Mapping[str, Sequence[tuple[str, str]]]  # to choose from, by instrument
    about: ForumForm
    zones: Sequence[str]
    errors: Mapping[str, str] = field(default_factory=dict)


class RegisterPages(Controller):
    """Who takes part in a forum."""

    path = "/{forum:str}"

    @shows("people/people.html", "/people", name="people", policy=SEE_PEOPLE)
    def people(self, db: Db, work: Work, frame: FrameInForum, forum: Slug) -> PeoplePage:
        """Everybody who fits what is asked for, a hundred at once."""
        actor, filters = work.actor, PeopleFilters.of(work.request)
        found = mandates.find_mandates(db, frame.forum, filters.wanted(), actor=actor)
        first = max(0, min(whole_number(work.request.query_params.get("first", "")) or 1, len(found)) - 1)
        today, part = clock.today(frame.forum.timezone), found[first : first + AT_ONCE]
        people, organisations = mandates.count_people(found)
        here = {
            mandate.organisation.country for mandate in found if mandate.organisation and mandate.organisation.country
        }
        return PeoplePage(
            place=header(db, frame, work=work),
            here="people",
            lines=[MandateLine.of(mandate, frame.forum, work, today) for mandate in part],
            people=people,
            organisations=organisations,
            first=first + 1,
            found=len(found),
            filters=filters,
            roles=policy.ROLES_TO_GIVE,
            kinds=kind_choices(work.messages),
            countries=[choice for choice in country_choices(work) if choice[0] in here | {filters.country}],
            before=_neighbour(work, forum, filters, first - AT_ONCE) if first else "",
            after=_neighbour(work, forum, filters, first + AT_ONCE) if first + AT_ONCE < len(found) else "",
            may_add=_may_add(work, frame.forum),
            may_change_settings=policy.may_change_settings(actor, frame.forum),
            registered=len(SelfRegistrationService(db).pending(frame.forum, actor=actor)),
            held=[
                (mandate.person.name, work.url_for("person", forum=forum, person_id=mandate.person_id))
                for mandate in RoleService(db).confirmable(frame.forum, actor=actor)
            ],
        )

    @shows("people/settings.html", "/settings", name="forum_settings", policy=("settings.manage", "webhook.create"))
    def settings(
        self, db: Db, work: Work, frame: FrameInForum, form: ForumForm | None = None, refusal: Invalid | None = None
    ) -> SettingsPage:
        """How the forum works."""
        if not {"settings.manage", "webhook.create"} & frame.place.may_in_forum:
            raise NotAllowed(action="settings.manage")
        return SettingsPage(
            place=header(db, frame, work=work),
            here="forum_settings",
            form=_settings(frame.forum),
            names={instrument: instruments.choices(instrument, work.language) for instrument in instruments.NAMES},
            about=form or ForumForm.of(frame.forum),
            zones=time_zones(),
            errors=field_errors(work, refusal),
        )

    @takes("/settings/forum", again=settings, name="describe_forum", policy="settings.manage")
    def describe(self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[ForumForm]) -> Done:
        """Say anew what the forum is called, where it meets and when."""
        PeopleService(db).describe(
            forum,
            name=data.said("name"),
            description=data.said("description"),
            place=data.said("place"),
            timezone=data.timezone.strip(),
            starts_on=parse_day("starts_on", data.starts_on),
            ends_on=parse_day("ends_on", data.ends_on),
            actor=actor,
        )
        return Done("forum_settings", work.messages.gettext("Forum saved."))

    @takes("/settings", name="change_settings", policy="settings.manage")
    def change_settings(self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[SettingsForm]) -> Done:
        """Say how the forum is to work."""
        PeopleService(db).change_settings(forum, data.wanted(), actor=actor)
        return Done("forum_settings", work.messages.gettext("Settings saved."))


def _settings(forum: Forum) -> SettingsForm:
    return SettingsForm(
        registration=Registration(forum.registration).value,
        **{name: "yes" if getattr(forum, name) else "" for name in SWITCHES},
        **dict(instruments.chosen(forum.labels)),
    )


def _may_add(work: Work, forum: Forum) -> bool:
    own = policy.stewarded(work.actor, forum)
    return bool(policy.roles_to_give(work.actor, forum)) or bool(own)


def _neighbour(work: Work, forum: str, filters: PeopleFilters, first: int) -> str:
    return work.url_for("people", forum=forum, **{**filters.query(), "first": max(first, 0) + 1})
