"""The organisations of a network as pages: each under one name, with its people and the other names it goes by."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar import Controller
from msgspec import Struct, field

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.storage.db import Db
from workspace.core.validation import chosen_id, chosen_word
from workspace.declarations.frame import header
from workspace.people import mandates, policy, validation
from workspace.people.frame import FrameInForum, InForum
from workspace.people.mandates import MandateSearch
from workspace.people.models import Forum, Organisation, OrganisationKind
from workspace.people.organisations import OrganisationService
from workspace.people.pages.forums import KINDS, Choices, MandateLine, country_choices, kind_choices
from workspace.web.http.guards import SEE_PEOPLE
from workspace.web.http.request_context import FormBody, PathId, Work
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, field_errors, shows, takes


class OrganisationLine(Struct, frozen=True):
    id: str
    name: str
    href: str
    kind: str
    country: str
    aliases: Sequence[str]
    people: int


class OrganisationForm(Struct, frozen=True):
    """What is known of an organisation. `aliases` has one name on each line; `act` is the button that was pressed."""

    act: str = ""
    name: str = ""
    kind: str = "city"
    country: str = ""
    aliases: str = ""
    into: str = ""

    def to_kind(self) -> OrganisationKind:
        return chosen_word(OrganisationKind, self.kind, "kind")


class OrganisationsPage(Page, frozen=True, kw_only=True):
    lines: Sequence[OrganisationLine]
    kinds: Choices
    countries: Choices
    may_add: bool
    form: OrganisationForm = field(default_factory=OrganisationForm)
    errors: Mapping[str, str] = field(default_factory=dict)


class OrganisationPage(Page, frozen=True, kw_only=True):
    id: str
    name: str
    kind: str
    country: str
    aliases: Sequence[str]
    lines: Sequence[MandateLine]
    people: int
    others: Choices  # those it could be the same as
    kinds: Choices
    countries: Choices
    may_change: bool
    form: OrganisationForm
    errors: Mapping[str, str]


def _organisation_line(organisation: Organisation, forum: Forum, people: int, work: Work) -> OrganisationLine:
    return OrganisationLine(
        id=str(organisation.id),
        name=organisation.name,
        href=work.url_for("organisation", forum=forum.slug, organisation_id=organisation.id),
        kind=work.messages.gettext(KINDS[OrganisationKind(organisation.kind)]),
        country=validation.country_name(organisation.country, work.language) if organisation.country else "",
        aliases=organisation.aliases,
        people=people,
    )


class OrganisationPages(Controller):
    """Whom people stand for."""

    path = "/{forum:str}/people/organisations"

    @shows("people/organisations.html", name="organisations", policy=SEE_PEOPLE)
    def organisations(
        self,
        db: Db,
        work: Work,
        frame: FrameInForum,
        form: OrganisationForm | None = None,
        refusal: Invalid | None = None,
    ) -> OrganisationsPage:
        """The organisations of the network, and a form to add one."""
        policy.ensure_may_see_people(work.actor, frame.forum)
        people: dict[UUID, set[UUID]] = {}
        for mandate in mandates.find_mandates(db, frame.forum, MandateSearch(), actor=work.actor):
            if mandate.organisation_id:
                people.setdefault(mandate.organisation_id, set()).add(mandate.person_id)
        return OrganisationsPage(
            place=header(db, frame, work=work),
            here="people",
            lines=[
                _organisation_line(organisation, frame.forum, len(people.get(organisation.id, ())), work)
                for organisation in OrganisationService(db).every(frame.forum)
            ],
            kinds=kind_choices(work.messages),
            countries=country_choices(work),
            may_add=policy.may_in(work.actor, "organisation.manage_people", frame.forum),
            form=form or OrganisationForm(),
            errors=field_errors(work, refusal),
        )

    @takes(again=organisations, name="add_organisation", policy="organisation.manage_people")
    def add_organisation(
        self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[OrganisationForm]
    ) -> Done:
        """Add an organisation."""
        made = OrganisationService(db).add(
            forum,
            name=data.name,
            kind=data.to_kind(),
            country=data.country,
            aliases=data.aliases.splitlines(),
            actor=actor,
        )
        return Done("organisation", work.messages.gettext("Organisation added."), at={"organisation_id": made.id})

    @shows("people/organisation.html", "/{organisation_id:uuid}", name="organisation", policy=SEE_PEOPLE)
    def organisation(
        self,
        *,
        db: Db,
        work: Work,
        frame: FrameInForum,
        organisation_id: PathId,
        form: OrganisationForm | None = None,
        refusal: Invalid | None = None,
    ) -> OrganisationPage:
        """One organisation with its people."""
        policy.ensure_may_see_people(work.actor, frame.forum)
        organisations = OrganisationService(db)
        organisation = organisations.get(frame.forum, organisation_id)
        found = mandates.find_mandates(
            db, frame.forum, MandateSearch(organisation_id=organisation.id, standing="all"), actor=work.actor
        )
        today = clock.today(frame.forum.timezone)
        given = OrganisationForm(
            "",
            organisation.name,
            OrganisationKind(organisation.kind).value,
            organisation.country,
            "\n".join(organisation.aliases),
        )
        return OrganisationPage(
            place=header(db, frame, work=work),
            here="people",
            id=str(organisation.id),
            name=organisation.name,
            kind=work.messages.gettext(KINDS[OrganisationKind(organisation.kind)]),
            country=validation.country_name(organisation.country, work.language) if organisation.country else "",
            aliases=organisation.aliases,
            lines=[MandateLine.of(mandate, frame.forum, work, today) for mandate in found],
            people=mandates.count_people(found)[0],
            others=[
                (str(other.id), other.name) for other in organisations.every(frame.forum) if other is not organisation
            ],
            kinds=kind_choices(work.messages),
            countries=country_choices(work),
            may_change=policy.may_in(work.actor, "organisation.manage_people", frame.forum),
            form=form or given,
            errors=field_errors(work, refusal),
        )

    @takes(
        "/{organisation_id:uuid}",
        again=organisation,
        name="change_organisation",
        policy="organisation.manage_people",
    )
    def change_organisation(
        self, db: Db, work: Work, forum: InForum, organisation_id: PathId, data: FormBody[OrganisationForm]
    ) -> Done:
        """Correct what is known of it, or make one of it and another."""
        kept = _changed(db, forum, organisation_id, data, actor=work.actor)
        said = N_("Organisations merged.") if data.act == "merge" else N_("Organisation saved.")
        return Done("organisation", work.messages.gettext(said), at={"organisation_id": kept.id})


def _changed(db: Db, forum: Forum, organisation_id: UUID, data: OrganisationForm, *, actor: Actor) -> Organisation:
    organisations = OrganisationService(db)
    if data.act == "merge":
        return organisations.merge(forum, organisation_id, into_id=chosen_id(data.into, "into"), actor=actor)
    return organisations.change(
        forum,
        organisation_id,
        name=data.name,
        kind=data.to_kind(),
        country=data.country,
        aliases=data.aliases.splitlines(),
        actor=actor,
    )
