"""Organisations, people, mandates and the settings of a forum, as JSON."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from workspace.core.actor import Actor, Role
from workspace.core.db import Db
from workspace.people import policy, register
from workspace.people.mandates import MandateService
from workspace.people.models import Forum, Organisation, OrganisationKind, Person, Registration
from workspace.people.organisations import OrganisationService
from workspace.people.register import Wanted
from workspace.people.schemas import (
    DeputyIn,
    EndIn,
    ForumSettings,
    KindWord,
    MandateIn,
    MandateOut,
    MandatesOut,
    MergeIn,
    NameIn,
    OrganisationIn,
    OrganisationOut,
    OrganisationsOut,
    PersonIn,
    PersonOut,
    RoleWord,
)
from workspace.people.service import PeopleService
from workspace.web.api import CREATED, DONE, Cursor, Limit, answer, reads, writes
from workspace.web.paging import number_after
from workspace.web.params import FromPath, FromQuery, JSONBody
from workspace.web.route_policies import SEE_PEOPLE
from workspace.web.services import Work

Words = Annotated[str, QueryParameter(max_length=200, description="In the name of a person or an organisation.")]
Standing = Annotated[str, QueryParameter(pattern="^(now|past|coming|all)$", description="Which mandates: now, past, …")]


class OrganisationApi(Controller):
    """Organisations."""

    path = "/api/forums/{forum:str}/organisations"
    tags = ("People",)

    @reads("/", policy=SEE_PEOPLE)
    def list_organisations(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[OrganisationsOut]:
        """List the organisations of the forum's network, by name; those merged into another are left out."""
        actor = work.actor
        with work.reading() as db:
            where = PeopleService(db).forum(forum)
            policy.ensure_may_see_people(actor, where)
            every = OrganisationService(db).every(where)
            return answer(OrganisationsOut(items=[OrganisationOut.of(one) for one in every]))

    @writes("/", policy="organisation.manage_people")
    def add_organisation(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[OrganisationIn]
    ) -> Response[OrganisationOut]:
        """Add an organisation; none of its names may be another's."""
        actor = work.actor
        with work.writing() as db:
            made = OrganisationService(db).add(
                PeopleService(db).forum(forum),
                name=data.name,
                kind=OrganisationKind(data.kind),
                country=data.country,
                aliases=data.aliases,
                actor=actor,
            )
            added = OrganisationOut.of(made)
        return answer(added)

    @writes("/{organisation_id:uuid}", status=DONE, policy="organisation.manage_people")
    def change_organisation(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        organisation_id: FromPath[UUID],
        data: JSONBody[OrganisationIn],
    ) -> Response[OrganisationOut]:
        """Correct what is known of an organisation; a name it had before stays among its aliases."""
        actor = work.actor
        with work.writing() as db:
            made = OrganisationService(db).change(
                PeopleService(db).forum(forum),
                organisation_id,
                name=data.name,
                kind=OrganisationKind(data.kind),
                country=data.country,
                aliases=data.aliases,
                actor=actor,
            )
            changed = OrganisationOut.of(made)
        return answer(changed)

    @writes("/{organisation_id:uuid}/merge", status=DONE, policy="organisation.manage_people")
    def merge_organisation(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        organisation_id: FromPath[UUID],
        data: JSONBody[MergeIn],
    ) -> Response[OrganisationOut]:
        """Make one of two organisations that are the same; the one in the address goes."""
        actor = work.actor
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            kept = OrganisationService(db).merge(where, organisation_id, into_id=data.into, actor=actor)
            merged = OrganisationOut.of(kept)
        return answer(merged)


class RegisterApi(Controller):
    """People and mandates."""

    path = "/api/forums/{forum:str}"
    tags = ("People",)

    @reads("/people", 422, policy=SEE_PEOPLE)
    def list_people(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        words: Words = "",
        role: FromQuery[RoleWord | None] = None,
        kind: FromQuery[KindWord | None] = None,
        organisation_id: FromQuery[UUID | None] = None,
        standing: Standing = "now",
        cursor: Cursor = "",
        limit: Limit = 100,
    ) -> Response[MandatesOut]:
        """List who takes part, by organisation, role and name; a steward sees their own organisation alone."""
        actor, begin = work.actor, number_after(cursor)
        wanted = Wanted(
            words=words,
            role=Role(role) if role else None,
            kind=OrganisationKind(kind) if kind else None,
            organisation_id=organisation_id,
            standing=standing,
        )
        with work.reading() as db:
            found = register.mandates(db, PeopleService(db).forum(forum), wanted, actor=actor)
            items = [MandateOut.of(one) for one in found[begin : begin + limit]]
        return answer(MandatesOut(items=items, next=str(begin + limit) if begin + limit < len(found) else None))

    @writes("/people", policy="organisation.manage_people")
    def add_person(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[PersonIn]
    ) -> Response[PersonOut]:
        """Add somebody with their first mandate."""
        actor = work.actor
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            person = PeopleService(db).add_person(
                where,
                name=data.name,
                language=data.language,
                email=data.email,
                role=Role(data.role),
                organisation=_organisation(db, where, data.organisation_id),
                starts_on=data.starts_on,
                ends_on=data.ends_on,
                is_steward=data.is_steward,
                actor=actor,
            )
            added = PersonOut.of(person, where)
        return answer(added)

    @reads("/people/{person_id:uuid}", policy=SEE_PEOPLE)
    def read_person(
        self, work: NamedDependency[Work], forum: FromPath[str], person_id: FromPath[UUID]
    ) -> Response[PersonOut]:
        """Read one person with every mandate they hold or held in the forum."""
        actor = work.actor
        with work.reading() as db:
            where = PeopleService(db).forum(forum)
            policy.ensure_may_see_people(actor, where)
            return answer(PersonOut.of(MandateService(db).person(where, person_id, actor=actor), where))

    @writes("/people/{person_id:uuid}", status=DONE, policy="organisation.manage_people")
    def rename_person(
        self, work: NamedDependency[Work], forum: FromPath[str], person_id: FromPath[UUID], data: JSONBody[NameIn]
    ) -> Response[PersonOut]:
        """Correct how somebody is called, and the language they are written to in."""
        actor = work.actor
        with work.writing() as db:
            where, person = _person(db, forum, person_id, actor)
            PeopleService(db).rename(person, where, name=data.name, language=data.language, actor=actor)
            renamed = PersonOut.of(person, where)
        return answer(renamed)

    @writes("/people/{person_id:uuid}/mandates", status=CREATED, policy=("organisation.manage_people", "roles.assign"))
    def give_mandate(
        self, work: NamedDependency[Work], forum: FromPath[str], person_id: FromPath[UUID], data: JSONBody[MandateIn]
    ) -> Response[MandateOut]:
        """Give somebody a role; what they had open elsewhere ends, and they sign in again."""
        actor = work.actor
        with work.writing() as db:
            where, person = _person(db, forum, person_id, actor)
            mandate = MandateService(db).give(
                where,
                person,
                role=Role(data.role),
                organisation=_organisation(db, where, data.organisation_id),
                starts_on=data.starts_on,
                ends_on=data.ends_on,
                is_steward=data.is_steward,
                actor=actor,
            )
            given = MandateOut.of(mandate)
        return answer(given)

    @writes("/mandates/{mandate_id:uuid}/end", status=DONE, policy=("organisation.manage_people", "roles.assign"))
    def end_mandate(
        self, work: NamedDependency[Work], forum: FromPath[str], mandate_id: FromPath[UUID], data: JSONBody[EndIn]
    ) -> Response[MandateOut]:
        """Let a mandate, and those of its deputies, end with a day."""
        actor = work.actor
        with work.writing() as db:
            mandate = MandateService(db).end(PeopleService(db).forum(forum), mandate_id, on=data.on, actor=actor)
            ended = MandateOut.of(mandate)
        return answer(ended)

    @writes("/mandates/{mandate_id:uuid}/deputies", policy="roles.assign")
    def appoint_deputy(
        self, work: NamedDependency[Work], forum: FromPath[str], mandate_id: FromPath[UUID], data: JSONBody[DeputyIn]
    ) -> Response[MandateOut]:
        """Let somebody of the forum stand in for a chair from one day to another."""
        actor = work.actor
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            mandates = MandateService(db)
            deputy = mandates.someone(where, data.person_id)
            appointed = mandates.appoint_deputy(
                where, mandate_id, deputy, starts_on=data.starts_on, ends_on=data.ends_on, actor=actor
            )
            stands_in = MandateOut.of(appointed)
        return answer(stands_in)

    @reads("/settings", policy="public")
    def read_settings(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[ForumSettings]:
        """Read how the forum works: registration, guests, voices, programme."""
        with work.reading() as db:
            return answer(ForumSettings.of(PeopleService(db).forum(forum)))

    @writes("/settings", status=DONE, policy="settings.manage")
    def change_settings(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[ForumSettings]
    ) -> Response[ForumSettings]:
        """Say how the forum is to work."""
        actor = work.actor
        with work.writing() as db:
            people = PeopleService(db)
            changed = people.change_settings(
                people.forum(forum),
                registration=Registration(data.registration),
                guest_comments=data.guest_comments,
                one_voice=data.one_voice,
                is_public_programme=data.is_public_programme,
                actor=actor,
            )
            settings = ForumSettings.of(changed)
        return answer(settings)


def _organisation(db: Db, forum: Forum, organisation_id: UUID | None) -> Organisation | None:
    return OrganisationService(db).get(forum, organisation_id) if organisation_id else None


def _person(db: Db, forum_slug: str, person_id: UUID, actor: Actor) -> tuple[Forum, Person]:
    forum = PeopleService(db).forum(forum_slug)
    policy.ensure_may_see_people(actor, forum)
    return forum, MandateService(db).person(forum, person_id, actor=actor)
