"""Forums, as JSON."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, Response
from litestar.datastructures import UploadFile
from litestar.params import QueryParameter
from msgspec import Meta, Struct, structs

from workspace.approvals.roles import RoleService
from workspace.core.actor import Actor, Role
from workspace.core.shapes import filled
from workspace.core.spreadsheets import MOST_BYTES
from workspace.core.storage.db import Db
from workspace.people import mandates, policy
from workspace.people.emergency_access import EmergencyAccessService
from workspace.people.frame import InForum
from workspace.people.mandates import MandateSearch, MandateService
from workspace.people.models import EmergencyAccess, Forum, Network, OrganisationKind, Person, Roster
from workspace.people.organisations import OrganisationService
from workspace.people.pages import rosters
from workspace.people.roster_file import read_sheet
from workspace.people.rosters import RosterService
from workspace.people.schemas import (
    DeputyIn,
    EndIn,
    ForumIn,
    ForumOut,
    KindWord,
    MandateIn,
    MandateOut,
    MergeIn,
    OrganisationIn,
    OrganisationOut,
    PersonIn,
    PersonNameIn,
    PersonOut,
    ProblemOut,
    RoleWord,
    RosterImportIn,
    RosterImportOut,
    RosterOut,
    RosterRowOut,
    SettingsIn,
    SettingsOut,
)
from workspace.people.service import ForumSettings, PeopleService
from workspace.web.api import CREATED, DONE, GONE, Cursor, Limit, ListOf, PageOf, answer, number_after, reads, writes
from workspace.web.approvals import RefusalIn
from workspace.web.http.guards import SEE_PEOPLE
from workspace.web.http.request_context import Body, FromQuery, MultipartBody, PathId, Slug, Work
from workspace.web.refusals.sentences import sentence


class ForumApi(Controller):
    """Forums."""

    path = "/api/forums"
    tags = ("Forums",)

    @reads("/", policy="public")
    def list_forums(self, db: Db) -> ListOf[ForumOut]:
        """List the forums, newest first."""
        networks = {network.id: network for network in db.scalars(sa.select(Network))}
        forums = [ForumOut.of(forum, networks[forum.network_id]) for forum in PeopleService(db).forums()]
        return ListOf(items=forums)

    @reads("/{forum:str}", policy="public")
    def read_forum(self, forum: InForum) -> ForumOut:
        """Read one forum."""
        return ForumOut.of(forum, forum.network)

    @writes("/{forum:str}/description", status=DONE, policy="settings.manage")
    def describe_forum(self, db: Db, actor: Actor, forum: Slug, data: Body[ForumIn]) -> ForumOut:
        """Say anew what the forum is called, where it meets and when; its address stays."""
        people = PeopleService(db)
        changed = people.describe(people.forum(forum), actor=actor, **structs.asdict(data))
        return ForumOut.of(changed, changed.network)


Words = Annotated[str, QueryParameter(max_length=200, description="In the name of a person or an organisation.")]
Standing = Annotated[str, QueryParameter(pattern="^(now|past|coming|all)$", description="Which mandates: now, past, …")]


class OrganisationApi(Controller):
    """Organisations."""

    path = "/api/forums/{forum:str}/organisations"
    tags = ("People",)

    @reads("/", policy=SEE_PEOPLE)
    def list_organisations(self, db: Db, actor: Actor, forum: InForum) -> ListOf[OrganisationOut]:
        """List the organisations of the forum's network, by name; those merged into another are left out."""
        policy.ensure_may_see_people(actor, forum)
        every = OrganisationService(db).every(forum)
        return ListOf(items=[OrganisationOut.of(organisation) for organisation in every])

    @writes("/", policy="organisation.manage_people")
    def add_organisation(self, db: Db, actor: Actor, forum: InForum, data: Body[OrganisationIn]) -> OrganisationOut:
        """Add an organisation; none of its names may be another's."""
        facts = structs.asdict(data) | {"kind": OrganisationKind(data.kind)}
        made = OrganisationService(db).add(forum, actor=actor, **facts)
        return OrganisationOut.of(made)

    @writes("/{organisation_id:uuid}", status=DONE, policy="organisation.manage_people")
    def change_organisation(
        self, db: Db, actor: Actor, forum: InForum, organisation_id: PathId, data: Body[OrganisationIn]
    ) -> OrganisationOut:
        """Correct what is known of an organisation; a name it had before stays among its aliases."""
        facts = structs.asdict(data) | {"kind": OrganisationKind(data.kind)}
        made = OrganisationService(db).change(forum, organisation_id, actor=actor, **facts)
        return OrganisationOut.of(made)

    @writes("/{organisation_id:uuid}/merge", status=DONE, policy="organisation.manage_people")
    def merge_organisation(
        self, db: Db, actor: Actor, forum: InForum, organisation_id: PathId, data: Body[MergeIn]
    ) -> OrganisationOut:
        """Make one of two organisations that are the same; the one in the address goes."""
        kept = OrganisationService(db).merge(forum, organisation_id, into_id=data.into, actor=actor)
        return OrganisationOut.of(kept)


class RegisterApi(Controller):
    """People and mandates."""

    path = "/api/forums/{forum:str}"
    tags = ("People",)

    @reads("/people", policy=SEE_PEOPLE)
    def list_people(
        self,
        *,
        db: Db,
        actor: Actor,
        forum: InForum,
        words: Words = "",
        role: FromQuery[RoleWord | None] = None,
        kind: FromQuery[KindWord | None] = None,
        organisation_id: FromQuery[UUID | None] = None,
        standing: Standing = "now",
        cursor: Cursor = "",
        limit: Limit = 100,
    ) -> PageOf[MandateOut]:
        """List who takes part, by organisation, role and name; a steward sees their own organisation alone."""
        begin = number_after(cursor)
        wanted = MandateSearch(
            words=words,
            role=Role(role) if role else None,
            kind=OrganisationKind(kind) if kind else None,
            organisation_id=organisation_id,
            standing=standing,
        )
        found, pending = mandates.find_mandates(db, forum, wanted, actor=actor), RoleService(db).pending(forum)
        items = [MandateOut.of(mandate, pending) for mandate in found[begin : begin + limit]]
        return PageOf(items=items, next=str(begin + limit) if begin + limit < len(found) else None)

    @writes("/people", policy="organisation.manage_people")
    def add_person(self, db: Db, actor: Actor, forum: InForum, data: Body[PersonIn]) -> PersonOut:
        """Add somebody with their first mandate."""
        person = PeopleService(db).add_person(
            forum, name=data.name, language=data.language, email=data.email, actor=actor, **_wished(db, forum, data)
        )
        return PersonOut.of(person, forum)

    @reads("/people/{person_id:uuid}", policy=SEE_PEOPLE)
    def read_person(self, db: Db, actor: Actor, forum: InForum, person_id: PathId) -> PersonOut:
        """Read one person with every mandate they hold or held in the forum."""
        policy.ensure_may_see_people(actor, forum)
        person = MandateService(db).person(forum, person_id, actor=actor)
        return PersonOut.of(person, forum, RoleService(db).pending(forum))

    @writes("/people/{person_id:uuid}", status=DONE, policy=("organisation.manage_people", "roles.assign"))
    def rename_person(
        self, db: Db, actor: Actor, forum: Slug, person_id: PathId, data: Body[PersonNameIn]
    ) -> PersonOut:
        """Correct how somebody is called, and the language they are written to in."""
        where, person = _person(db, forum, person_id, actor)
        PeopleService(db).rename(person, where, name=data.name, language=data.language, actor=actor)
        return PersonOut.of(person, where, RoleService(db).pending(where))

    @writes("/people/{person_id:uuid}/mandates", status=CREATED, policy=("organisation.manage_people", "roles.assign"))
    def give_mandate(self, db: Db, actor: Actor, forum: Slug, person_id: PathId, data: Body[MandateIn]) -> MandateOut:
        """Give somebody a role; what they had open elsewhere ends, and they sign in again.

        One that confirms what others ask for waits for a second person, where there are two who may give it.
        """
        where, person = _person(db, forum, person_id, actor)
        mandate = MandateService(db).give(where, person, actor=actor, **_wished(db, where, data))
        return MandateOut.of(mandate)

    @writes("/mandates/{mandate_id:uuid}/end", status=DONE, policy=("organisation.manage_people", "roles.assign"))
    def end_mandate(self, db: Db, actor: Actor, forum: InForum, mandate_id: PathId, data: Body[EndIn]) -> MandateOut:
        """Let a mandate, and those of its deputies, end with a day.

        One that confirms what others ask for waits for a second person, its holder or another who may give it.
        """
        mandate = MandateService(db).end(forum, mandate_id, on=data.on, actor=actor)
        return MandateOut.of(mandate, RoleService(db).pending(forum))

    @writes("/mandates/{mandate_id:uuid}/deputies", policy="roles.assign")
    def appoint_deputy(
        self, db: Db, actor: Actor, forum: InForum, mandate_id: PathId, data: Body[DeputyIn]
    ) -> MandateOut:
        """Let somebody of the forum stand in for a chair from one day to another."""
        mandates = MandateService(db)
        deputy = mandates.someone(forum, data.person_id)
        appointed = mandates.appoint_deputy(
            forum, mandate_id, deputy, starts_on=data.starts_on, ends_on=data.ends_on, actor=actor
        )
        return MandateOut.of(appointed)

    @writes("/mandates/{mandate_id:uuid}/confirmation", status=DONE, policy="roles.assign")
    def confirm_role(self, db: Db, actor: Actor, forum: InForum, mandate_id: PathId) -> MandateOut:
        """Let a role that another person has given count, or that they want to end end."""
        mandate = RoleService(db).confirm(forum, mandate_id, actor=actor)
        return MandateOut.of(mandate, ())

    @writes("/mandates/{mandate_id:uuid}/refusal", status=GONE, policy="roles.assign")
    def decline_role(self, db: Db, actor: Actor, forum: InForum, mandate_id: PathId, data: Body[RefusalIn]) -> None:
        """Take back that you gave a role, or decline with a reason that another person has: nothing changes."""
        RoleService(db).withdraw(forum, mandate_id, actor=actor, reason=data.reason)

    @reads("/settings", policy="public")
    def read_settings(self, forum: InForum) -> SettingsOut:
        """Read how the forum works: registration, guests, voices, programme."""
        return SettingsOut.of(forum)

    @writes("/settings", status=DONE, policy="settings.manage")
    def change_settings(self, db: Db, actor: Actor, forum: Slug, data: Body[SettingsIn]) -> SettingsOut:
        """Say how the forum is to work."""
        people = PeopleService(db)
        wanted = filled(ForumSettings, data)
        return SettingsOut.of(people.change_settings(people.forum(forum), wanted, actor=actor))


def _wished(db: Db, forum: Forum, data: MandateIn) -> dict[str, Any]:
    """The role that is to be given."""
    of = data.organisation_id
    named = {"role": Role(data.role), "organisation": OrganisationService(db).get(forum, of) if of else None}
    return {**named, "starts_on": data.starts_on, "ends_on": data.ends_on, "is_steward": data.is_steward}


def _person(db: Db, forum_slug: str, person_id: UUID, actor: Actor) -> tuple[Forum, Person]:
    forum = PeopleService(db).forum(forum_slug)
    policy.ensure_may_see_people(actor, forum)
    return forum, MandateService(db).person(forum, person_id, actor=actor)


class EmergencyAccessIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the texts have to be seen."""

    reason: Annotated[str, Meta(max_length=2_000)]


class EmergencyAccessOut(Struct, frozen=True, kw_only=True):
    """A right that is lent now: to whom, why, since when and until when."""

    id: UUID
    person: str
    reason: str
    opened_at: datetime
    until: datetime

    @classmethod
    def of(cls, lent: EmergencyAccess) -> "EmergencyAccessOut":
        return filled(cls, lent, person=lent.person.name)


class EmergencyAccessApi(Controller):
    """Rights that an administrator lends themselves for an hour."""

    path = "/api/forums/{forum:str}/lent-rights"
    tags = ("Forums",)

    @reads("", policy="breakglass.read")
    def list_lent_rights(self, db: Db, actor: Actor, forum: InForum) -> ListOf[EmergencyAccessOut]:
        """List who sees the texts of the forum by breaking the glass, and why; empty for whom it does not concern."""
        opened = EmergencyAccessService(db).opened(forum, actor=actor)
        return ListOf(items=[EmergencyAccessOut.of(emergency_access) for emergency_access in opened])

    @writes("", policy="breakglass.open")
    def break_glass(self, db: Db, actor: Actor, forum: InForum, data: Body[EmergencyAccessIn]) -> EmergencyAccessOut:
        """See the texts of the forum for an hour. The chair and the secretariat are told."""
        lent = EmergencyAccessService(db).open(forum, reason=data.reason, actor=actor)
        return EmergencyAccessOut.of(lent)

    @writes("/{lent_id:uuid}/end", status=DONE, policy="breakglass.close")
    def end_lent_right(self, db: Db, actor: Actor, forum: InForum, lent_id: PathId) -> ListOf[EmergencyAccessOut]:
        """End it now; what is still open comes back."""
        service = EmergencyAccessService(db)
        service.close(forum, lent_id, actor=actor)
        return ListOf(
            items=[EmergencyAccessOut.of(emergency_access) for emergency_access in service.opened(forum, actor=actor)]
        )


class RosterSheetIn(Struct, frozen=True, kw_only=True):
    """A spreadsheet, CSV or XLSX, with headings in Spanish, English or French; `role` is that of rows without one."""

    files: Annotated[list[UploadFile], Meta(min_length=1, max_length=1)]
    role: RoleWord = "member"


class RosterApi(Controller):
    """Spreadsheets of people."""

    path = "/api/forums/{forum:str}/rosters"
    tags = ("People",)

    @writes("/", largest=MOST_BYTES + 100_000, policy="organisation.manage_people")
    def send_roster(self, work: Work, forum: Slug, data: MultipartBody[RosterSheetIn]) -> Response[RosterOut]:
        """Read a spreadsheet of people and tell what each row would do; nothing is in the register yet."""
        actor, file = work.actor, data.files[0]
        with work.reading() as db:
            policy.ensure_may_see_people(actor, PeopleService(db).forum(forum))
        source = file.filename.replace("\\", "/").rpartition("/")[2][-120:] or "?"
        sheet = read_sheet(file.file.read(), source=source)
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            roster = RosterService(db).keep(where, sheet, source=source, role=Role(data.role), actor=actor)
            kept = _roster_out(db, where, roster, work=work, actor=actor, unknown=list(sheet.unknown))
        return answer(kept)

    @reads("/{roster_id:uuid}", policy="organisation.manage_people")
    def read_roster(self, work: Work, db: Db, actor: Actor, forum: InForum, roster_id: PathId) -> RosterOut:
        """Read again what each row would do now."""
        roster = RosterService(db).get(forum, roster_id, actor=actor)
        return _roster_out(db, forum, roster, work=work, actor=actor, unknown=[])

    @writes("/{roster_id:uuid}/taking-in", status=DONE, policy="organisation.manage_people")
    def take_in_roster(
        self, db: Db, actor: Actor, forum: InForum, roster_id: PathId, data: Body[RosterImportIn]
    ) -> RosterImportOut:
        """Bring the rows into the register: all of them, or with `good` those without problems; and invite people."""
        roster = RosterService(db).get(forum, roster_id, actor=actor)
        taken = rosters.import_roster(db, forum, roster, only_good=data.rows == "good", invite=data.invite, actor=actor)
        return filled(RosterImportOut, taken)


def _roster_out(db: Db, forum: Forum, roster: Roster, *, work: Work, actor: Actor, unknown: list[str]) -> RosterOut:
    known = rosters.known_addresses(db, forum)
    checked = RosterService(db).check(forum, roster, known=known, actor=actor)
    rows = [
        RosterRowOut.of(
            checked_row,
            [
                ProblemOut(
                    column=str(problem.facts["field"]),
                    reason=str(problem.facts["reason"]),
                    detail=sentence(problem, work.messages),
                )
                for problem in checked_row.problems
            ],
        )
        for checked_row in checked
    ]
    bad = sum(bool(row.problems) for row in rows)
    return RosterOut(id=roster.id, source=roster.source, unknown_columns=unknown, rows=rows, with_problems=bad)
