"""The page of those who registered by themselves and wait for a role."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct, field

from workspace.accounts.registered import RegisteredService
from workspace.core.actor import Role
from workspace.core.db import Db
from workspace.core.errors import Invalid
from workspace.declarations.frame import header
from workspace.desk.person_pages import SAID, PersonForm
from workspace.people import policy
from workspace.people.frame import forum_frame
from workspace.people.organisations import OrganisationService
from workspace.people.service import PeopleService
from workspace.web.pages import Page, field_errors, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work

POLICY = ("organisation.manage_people", "roles.assign")
SHOWN_AGAIN = 422
NOTHING_TYPED = PersonForm(role=Role.MEMBER.value)
GIVEN = SAID["give"]


class Waiting(Struct, frozen=True):
    """Somebody who waits, and since when by the clock of the forum's place."""

    id: UUID
    name: str
    since: datetime


class RegisteredPage(Page, frozen=True, kw_only=True):
    """`chosen` is whose form came back."""

    waiting: Sequence[Waiting]
    roles: Sequence[Role]
    organisations: Sequence[str]
    chosen: UUID | None = None
    form: PersonForm = NOTHING_TYPED
    errors: Mapping[str, str] = field(default_factory=dict)


class RegisteredPages(Controller):
    """Those who came in by themselves."""

    path = "/{forum:str}/people/registered"

    @get(name="registered", sync_to_thread=True, policy=POLICY)
    def registered(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """Who waits for a role, the longest first."""
        with work.reading() as db:
            context = _context(db, forum, work=work)
        return page(work, "people/registered.html", context)

    @post("/{person_id:uuid}", name="give_first_role", sync_to_thread=True, policy=POLICY)
    def give(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        person_id: FromPath[UUID],
        data: URLEncodedBody[PersonForm],
    ) -> Response[str] | Response[None]:
        """Give one of them their first role."""
        actor = work.actor
        try:
            with work.writing() as db:
                people = PeopleService(db)
                where, named = people.forum(forum), data.organisation.strip()
                policy.ensure_may_give_roles(actor, where)
                RegisteredService(db).give_role(
                    where,
                    person_id,
                    role=data.to_role(),
                    organisation=people.organisation_named(where, named, actor=actor) if named else None,
                    actor=actor,
                )
        except Invalid as refusal:
            with work.reading() as db:
                context = _context(db, forum, work=work, chosen=person_id, form=data, refusal=refusal)
            return page(work, "people/registered.html", context, status=SHOWN_AGAIN)
        to = work.url_for("person", forum=forum, person_id=person_id)
        return redirect(work, to, said=work.messages.gettext(GIVEN))


def _context(
    db: Db,
    forum: str,
    *,
    work: Work,
    chosen: UUID | None = None,
    form: PersonForm = NOTHING_TYPED,
    refusal: Invalid | None = None,
) -> RegisteredPage:
    frame = forum_frame(db, forum, work=work)
    policy.ensure_may_give_roles(work.actor, frame.forum)
    waiting = RegisteredService(db).waiting(frame.forum, actor=work.actor)
    return RegisteredPage(
        place=header(db, frame, work=work),
        here="people",
        waiting=[Waiting(one.person_id, one.name, frame.forum.local(one.since)) for one in waiting],
        roles=policy.roles_to_give(work.actor, frame.forum),
        organisations=[one.name for one in OrganisationService(db).every(frame.forum)],
        chosen=chosen,
        form=form,
        errors=field_errors(work, refusal) if refusal else {},
    )
