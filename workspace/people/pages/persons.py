"""One person of a forum: their roles with dates, their deputies, and how they get in. Adding somebody, and inviting."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller
from msgspec import Struct, field
from sqlalchemy.orm import joinedload

from workspace.accounts.domain.joining import SelfRegistrationService
from workspace.accounts.domain.service import AccountService
from workspace.accounts.domain.tickets import TicketService
from workspace.approvals.models import ApprovalRequest
from workspace.approvals.roles import ROLE, RoleService, is_ending, wanted_days
from workspace.approvals.views import RequestView, request_view
from workspace.core import clock
from workspace.core.actor import Actor, Role
from workspace.core.errors import Invalid, NotAllowed, required
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.core.validation import chosen_id
from workspace.declarations.frame import header
from workspace.people import mandates, policy
from workspace.people.frame import FrameInForum, InForum
from workspace.people.mandates import MandateSearch, MandateService
from workspace.people.models import Contact, Forum, Mandate, Person
from workspace.people.organisations import OrganisationService
from workspace.people.rosters import roster_day
from workspace.people.service import PeopleService
from workspace.web import approvals
from workspace.web.http.guards import SEE_PEOPLE
from workspace.web.http.request_context import FormBody, PathId, Work
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, field_errors, shows, takes

_ADDED = N_("Person added.")
_INVITED = N_("Person added and invited.")
SAID: Mapping[str, str] = {
    "give": N_("Role assigned."),
    "end": N_("Last day saved."),
    "entrust": N_("Now a focal point."),
    "relieve": N_("No longer a focal point."),
    "deputy": N_("Deputy appointed."),
    "rename": N_("Person saved."),
    "confirm_role": N_("Role confirmed."),
    "drop_role": N_("Role declined."),
    "invite": N_("Invitation sent."),
}


WAITS = N_("This role needs a second approval.")


class PersonForm(Struct, frozen=True):
    """What is typed about a person. `act` is the button that was pressed, `mandate` the role it stands beside."""

    act: str = ""
    name: str = ""
    email: str = ""
    language: str = ""
    role: str = ""
    organisation: str = ""
    starts_on: str = ""
    ends_on: str = ""
    is_steward: str = ""
    mandate: str = ""
    on: str = ""
    deputy: str = ""
    invite: str = ""
    reason: str = ""

    @property
    def is_to_be_invited(self) -> bool:
        """The box is ticked from the beginning: without an address there is nobody to write to yet."""
        return bool(self.invite and self.email.strip())

    def to_role(self) -> Role:
        if self.role not in {role.value for role in policy.ROLES_TO_GIVE}:
            raise Invalid(field="role", reason="required")
        return Role(self.role)


class DeputyLine(Struct, frozen=True):
    """Who stands in for a chair, and on which days."""

    name: str
    href: str
    starts_on: date | None
    ends_on: date | None


class HeldRole(Struct, frozen=True):
    """A role that the person holds or held, and what the reader may do about it."""

    id: str
    role: Role
    organisation: str
    organisation_href: str
    starts_on: date | None
    ends_on: date | None
    standing: str
    deputy_of: str  # the name of whom they stand in for
    deputies: Sequence[DeputyLine]  # those whose days are not over
    is_steward: bool
    request: RequestView | None  # it waits for a second person to let it count, or end where it `is_to_end`
    is_to_end: bool
    only_operator: bool  # can end it, should its holder decline that
    may_end: bool
    may_entrust: bool  # with the people of their organisation, or be relieved of them
    may_appoint: bool


class NewPersonPage(Page, frozen=True, kw_only=True):
    form: PersonForm
    errors: Mapping[str, str]
    roles: Sequence[Role]
    organisations: Sequence[str]
    may_add_organisations: bool


class PersonPage(Page, frozen=True, kw_only=True):
    """`entry` says how they get in: account, invited, address (known, not invited) or none."""

    id: str
    name: str
    language: str
    held: Sequence[HeldRole]
    roles: Sequence[Role]
    organisations: Sequence[str]
    others: Sequence[tuple[str, str]]  # who could be a deputy
    entry: str
    may_change: bool
    form: PersonForm
    errors: Mapping[str, str] = field(default_factory=dict)


class PersonPages(Controller):
    """People, one by one."""

    path = "/{forum:str}/people"

    @shows("people/new.html", "/new", name="new_person", policy=("organisation.manage_people", "roles.assign"))
    def new(
        self, db: Db, work: Work, frame: FrameInForum, form: PersonForm | None = None, refusal: Invalid | None = None
    ) -> NewPersonPage:
        """The form that adds somebody."""
        policy.ensure_may_see_people(work.actor, frame.forum)
        roles = _roles(work.actor, frame.forum)
        if not roles:
            raise NotAllowed(action="roles.assign")
        return NewPersonPage(
            place=header(db, frame, work=work),
            here="people",
            form=form or PersonForm(role=Role.MEMBER.value, language=work.language.value, invite="yes"),
            errors=field_errors(work, refusal),
            roles=roles,
            organisations=_organisations(db, frame.forum, work.actor),
            may_add_organisations=policy.may_in(work.actor, "organisation.manage_people", frame.forum),
        )

    @takes("/new", again=new, name="add_person", policy=("organisation.manage_people", "roles.assign"))
    def add(self, db: Db, work: Work, actor: Actor, forum: InForum, data: FormBody[PersonForm]) -> Done:
        """Add somebody with their first role, and invite them if that is wished."""
        person = _added(db, forum, data, actor=actor)
        said = WAITS if person.mandates[0].is_void else _INVITED if data.is_to_be_invited else _ADDED
        return Done("person", work.messages.gettext(said), at={"person_id": person.id})

    @shows("people/person.html", "/{person_id:uuid}", name="person", policy=SEE_PEOPLE)
    def person(
        self,
        *,
        db: Db,
        work: Work,
        frame: FrameInForum,
        person_id: PathId,
        form: PersonForm | None = None,
        refusal: Invalid | None = None,
    ) -> PersonPage:
        """What somebody is in the forum."""
        form, actor, errors = form or PersonForm(), work.actor, field_errors(work, refusal)
        if refusal and form.act == "drop_role":
            errors = approvals.reason_errors(work, refusal, form.mandate)
        policy.ensure_may_see_people(actor, frame.forum)
        person = MandateService(db).person(frame.forum, person_id, actor=actor)
        here = sorted((mandate for mandate in person.mandates if mandate.forum_id == frame.forum.id), key=_newest_first)
        standing_in = _names_of(db, [mandate.deputy_of_id for mandate in here if mandate.deputy_of_id])
        deputies = _deputies(db, here, frame.forum, work)
        pending = RoleService(db).pending(frame.forum)
        held = [
            _held(mandate, standing_in, deputies.get(mandate.id, ()), pending.get(mandate.id), work) for mandate in here
        ]
        needs_others = any(mandate.may_appoint for mandate in held)
        return PersonPage(
            place=header(db, frame, work=work),
            here="people",
            id=str(person.id),
            name=person.name,
            language=person.language,
            held=held,
            roles=() if actor.person_id == person.id else _roles(actor, frame.forum),
            organisations=_organisations(db, frame.forum, actor),
            others=_others(db, frame.forum, person, actor) if needs_others else (),
            entry=_entry(db, person, frame.forum, actor),
            may_change=any(mandate.may_end for mandate in held),
            form=form,
            errors=errors,
        )

    @takes(
        "/{person_id:uuid}", again=person, name="change_person", policy=("organisation.manage_people", "roles.assign")
    )
    def change(self, db: Db, work: Work, forum: InForum, person_id: PathId, data: FormBody[PersonForm]) -> Done:
        """Give or end a role, appoint a deputy, correct a name, invite."""
        policy.ensure_may_see_people(work.actor, forum)
        person = MandateService(db).person(forum, person_id, actor=work.actor)
        waits = _change(db, forum, person, data, actor=work.actor)
        return Done("person", work.messages.gettext(WAITS if waits else SAID[data.act]))


def _added(db: Db, forum: Forum, data: PersonForm, *, actor: Actor) -> Person:
    person = PeopleService(db).add_person(
        forum,
        name=data.name,
        language=data.language,
        email=data.email.strip(),
        actor=actor,
        **_wished(db, forum, data, actor),
    )
    if data.is_to_be_invited:
        _invite(db, forum, person, data.email, actor=actor)
    return person


def _invite(db: Db, forum: Forum, person: Person, email: str, *, actor: Actor) -> None:
    if not email.strip():
        raise Invalid(field="email", reason="required")
    TicketService(db).invite(
        forum, email=email, role=None, person=person, name=person.name, language=person.language, actor=actor
    )


def _wished(db: Db, forum: Forum, data: PersonForm, actor: Actor) -> dict[str, Any]:
    """The role that is to be given."""
    role, name = data.to_role(), data.organisation
    organisation = PeopleService(db).organisation_named(forum, name, actor=actor) if name.strip() else None
    days = {day: roster_day(day, getattr(data, day)) for day in ("starts_on", "ends_on")}
    return {"role": role, "organisation": organisation, "is_steward": bool(data.is_steward), **days}


def _change(db: Db, forum: Forum, person: Person, data: PersonForm, *, actor: Actor) -> bool:
    """Do what the form says; returns whether that waits for a second person."""
    mandates, given = MandateService(db), None
    if data.act == "give":
        given = mandates.give(forum, person, actor=actor, **_wished(db, forum, data, actor))
    elif data.act == "end":
        on = _needed("on", data.on)
        return mandates.end(forum, chosen_id(data.mandate, "mandate"), on=on, actor=actor).ends_on != on
    elif data.act in {"entrust", "relieve"}:
        mandates.entrust(forum, chosen_id(data.mandate, "mandate"), is_steward=data.act == "entrust", actor=actor)
    elif data.act == "deputy":
        given = mandates.appoint_deputy(
            forum,
            chosen_id(data.mandate, "mandate"),
            mandates.someone(forum, chosen_id(data.deputy, "deputy")),
            starts_on=_needed("starts_on", data.starts_on),
            ends_on=_needed("ends_on", data.ends_on),
            actor=actor,
        )
    elif data.act == "rename":
        PeopleService(db).rename(person, forum, name=data.name, language=data.language, actor=actor)
    elif data.act == "invite":
        contact = db.get(Contact, person.id)
        _invite(db, forum, person, data.email or (contact.email if contact else ""), actor=actor)
    elif data.act == "confirm_role":
        RoleService(db).confirm(forum, chosen_id(data.mandate, "mandate"), actor=actor)
    elif data.act == "drop_role":
        RoleService(db).withdraw(forum, chosen_id(data.mandate, "mandate"), reason=data.reason, actor=actor)
    else:
        raise Invalid(field="act", reason="required")
    return given is not None and given.is_void


def _needed(where: str, written: str) -> date:
    return required(roster_day(where, written), Invalid(field=where, reason="required"))


def _roles(actor: Actor, forum: Forum) -> Sequence[Role]:
    """What the reader may give somebody, be it only in their own organisation."""
    given = set(policy.roles_to_give(actor, forum))
    for own in policy.stewarded(actor, forum):
        given |= set(policy.roles_to_give(actor, forum, own))
    return [role for role in policy.ROLES_TO_GIVE if role in given]


def _organisations(db: Db, forum: Forum, actor: Actor) -> Sequence[str]:
    every, own = OrganisationService(db).every(forum), policy.stewarded(actor, forum)
    return [
        organisation.name for organisation in every if policy.sees_everybody(actor, forum) or organisation.id in own
    ]


def _newest_first(mandate: Mandate) -> tuple[bool, int]:
    today = clock.today(mandate.forum.timezone)
    return mandates.mandate_standing(mandate, today) == "past", -mandate.id.int


def _names_of(db: Db, mandate_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = db.execute(sa.select(Mandate.id, Person.name).join(Person).where(Mandate.id.in_(mandate_ids)))
    return {row.id: row.name for row in rows}


def _deputies(db: Db, held: Sequence[Mandate], forum: Forum, work: Work) -> Mapping[UUID, Sequence[DeputyLine]]:
    """Who stands in for each of these roles, now or later, in the order of the days."""
    found: dict[UUID, list[DeputyLine]] = {}
    chairs = [mandate.id for mandate in held if Role(mandate.role) is Role.CHAIR]
    if not chairs:
        return found
    statement = (
        sa.select(Mandate)
        .where(Mandate.deputy_of_id.in_(chairs), Mandate.ends_on >= clock.today(forum.timezone))
        .options(joinedload(Mandate.person))
        .order_by(Mandate.starts_on, Mandate.id)
    )
    for mandate in db.scalars(statement):
        href = work.url_for("person", forum=forum.slug, person_id=mandate.person_id)
        stand_in = DeputyLine(mandate.person.name, href, mandate.starts_on, mandate.ends_on)
        if mandate.deputy_of_id is not None:
            found.setdefault(mandate.deputy_of_id, []).append(stand_in)
    return found


def _held(
    mandate: Mandate,
    standing_in: Mapping[UUID, str],
    deputies: Sequence[DeputyLine],
    request: ApprovalRequest | None,
    work: Work,
) -> HeldRole:
    of, forum = mandate.organisation, mandate.forum
    today = clock.today(forum.timezone)
    standing = mandates.mandate_standing(mandate, today)
    is_over, is_own = standing == "past", mandate.person_id == work.actor.person_id
    wanted = wanted_days(request) if request else (mandate.starts_on, mandate.ends_on)
    may_end = not is_over and request is None and policy.may_give(work.actor, mandate, forum)
    return filled(
        HeldRole,
        mandate,
        id=str(mandate.id),
        starts_on=wanted[0],
        ends_on=wanted[1],
        is_to_end=request is not None and is_ending(request),
        only_operator=bool(request and is_ending(request) and not ROLE.other_than_holder(mandate, request)),
        organisation=of.name if of else "",
        organisation_href=work.url_for("organisation", forum=forum.slug, organisation_id=of.id) if of else "",
        standing=standing,
        deputy_of=standing_in.get(mandate.deputy_of_id, "") if mandate.deputy_of_id else "",
        deputies=deputies,
        request=request and request_view(ROLE, mandate, request, actor=work.actor, local=forum.local),
        may_end=may_end,
        may_entrust=may_end
        and standing == "now"
        and of is not None
        and not is_own
        and Role(mandate.role) is not Role.CHAIR,
        may_appoint=not is_over and policy.may_appoint_deputy(work.actor, mandate, forum),
    )


def _others(db: Db, forum: Forum, person: Person, actor: Actor) -> Sequence[tuple[str, str]]:
    found = mandates.find_mandates(db, forum, MandateSearch(), actor=actor)
    names = {str(mandate.person_id): mandate.person.name for mandate in found if mandate.person_id != person.id}
    return sorted(names.items(), key=lambda item: item[1].casefold())


def _entry(db: Db, person: Person, forum: Forum, actor: Actor) -> str:
    if AccountService(db).email_of(person.id):
        return "account"
    invitations = TicketService(db).invitations(forum, actor=actor)
    if any(ticket.person_id == person.id for ticket in invitations):
        return "invited"
    return "address" if db.get(Contact, person.id) else "none"


POLICY = ("organisation.manage_people", "roles.assign")
NOTHING_TYPED = PersonForm(role=Role.MEMBER.value)
GIVEN = SAID["give"]


class PendingRegistration(Struct, frozen=True):
    """Somebody who waits, and since when by the clock of the forum's place."""

    id: UUID
    name: str
    since: datetime


class RegisteredPage(Page, frozen=True, kw_only=True):
    """`chosen` is whose form came back."""

    pending: Sequence[PendingRegistration]
    roles: Sequence[Role]
    organisations: Sequence[str]
    chosen: UUID | None = None
    form: PersonForm = NOTHING_TYPED
    errors: Mapping[str, str] = field(default_factory=dict)


class RegisteredPages(Controller):
    """Those who came in by themselves."""

    path = "/{forum:str}/people/registered"

    @shows("people/registered.html", name="registered", policy=POLICY)
    def registered(
        self,
        db: Db,
        work: Work,
        frame: FrameInForum,
        form: PersonForm = NOTHING_TYPED,
        refusal: Invalid | None = None,
    ) -> RegisteredPage:
        """Who waits for a role, the longest first."""
        policy.ensure_may_give_roles(work.actor, frame.forum)
        pending = SelfRegistrationService(db).pending(frame.forum, actor=work.actor)
        return RegisteredPage(
            place=header(db, frame, work=work),
            here="people",
            pending=[
                PendingRegistration(
                    self_registration.person_id, self_registration.name, frame.forum.local(self_registration.since)
                )
                for self_registration in pending
            ],
            roles=policy.roles_to_give(work.actor, frame.forum),
            organisations=[organisation.name for organisation in OrganisationService(db).every(frame.forum)],
            chosen=work.request.path_params.get("person_id"),
            form=form,
            errors=field_errors(work, refusal),
        )

    @takes("/{person_id:uuid}", again=registered, name="give_first_role", policy=POLICY)
    def give(self, db: Db, work: Work, forum: InForum, person_id: PathId, data: FormBody[PersonForm]) -> Done:
        """Give one of them their first role."""
        policy.ensure_may_give_roles(work.actor, forum)
        named = data.organisation.strip()
        SelfRegistrationService(db).give_role(
            forum,
            person_id,
            role=data.to_role(),
            organisation=PeopleService(db).organisation_named(forum, named, actor=work.actor) if named else None,
            actor=work.actor,
        )
        return Done("person", work.messages.gettext(GIVEN))
