"""One's own account, and invitations to a forum, as JSON.

Passwords, second factors and addresses are changed on pages only, by the person: a program with a
token can neither change them nor make itself another token.
"""

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency

from workspace.accounts.api_tokens import ApiTokenService
from workspace.accounts.schemas import (
    ApiTokenIn,
    ApiTokenOut,
    ApiTokensOut,
    InvitationIn,
    InvitationOut,
    InvitationsOut,
    NewApiTokenOut,
    ProfileIn,
    ProfileOut,
    SignInOut,
    SignInsOut,
)
from workspace.accounts.service import AccountService
from workspace.accounts.sign_ins import SignInService
from workspace.accounts.tickets import TicketService
from workspace.core.actor import Actor, Role
from workspace.core.db import Db
from workspace.core.errors import NotAllowed, NotFound
from workspace.core.shapes import filled
from workspace.people.mandates import MandateService
from workspace.people.models import Forum, Organisation, Person
from workspace.people.service import PeopleService
from workspace.web.api import answer, changes, reads, removes, writes
from workspace.web.params import FromPath, JSONBody
from workspace.web.route_policies import SEE_PEOPLE
from workspace.web.services import Work


class AccountApi(Controller):
    """One's own account."""

    path = "/api/accounts/me"
    tags = ("Accounts",)

    @reads("/", policy="own")
    def read_account(self, work: NamedDependency[Work]) -> Response[ProfileOut]:
        """Read one's own account."""
        actor = work.actor
        with work.reading() as db:
            return answer(ProfileOut.of(AccountService(db).profile(actor=actor)))

    @changes("/", policy="own")
    def change_profile(self, work: NamedDependency[Work], data: JSONBody[ProfileIn]) -> Response[ProfileOut]:
        """Change one's name, language, time zone, or which letters one gets."""
        actor = work.actor
        with work.writing() as db:
            profile = AccountService(db).change_profile(
                actor=actor,
                name=data.name,
                language=data.language.value if data.language else None,
                timezone=data.timezone,
                notices=data.notices.chosen() if data.notices else None,
            )
            changed = ProfileOut.of(profile)
        return answer(changed)

    @reads("/sign-ins", policy="own")
    def list_sign_ins(self, work: NamedDependency[Work]) -> Response[SignInsOut]:
        """List the browsers that are signed in as oneself."""
        actor, here = work.actor, _here(work)
        with work.reading() as db:
            found = SignInService(db).open_ones(actor=actor)
            return answer(SignInsOut(items=[filled(SignInOut, one, is_this_one=one.id == here) for one in found]))

    @removes("/sign-ins/{sign_in_id:uuid}", policy="own")
    def end_sign_in(self, work: NamedDependency[Work], sign_in_id: FromPath[UUID]) -> None:
        """End one of them."""
        actor = work.actor
        with work.writing() as db:
            SignInService(db).end(sign_in_id, actor=actor)

    @removes("/sign-ins", policy="own")
    def end_other_sign_ins(self, work: NamedDependency[Work]) -> None:
        """End all of them, except the browser that asks."""
        actor, here = work.actor, _here(work)
        with work.writing() as db:
            SignInService(db).end_others(actor=actor, keep=here)

    @reads("/tokens", policy="own")
    def list_api_tokens(self, work: NamedDependency[Work]) -> Response[ApiTokensOut]:
        """List one's tokens for programs."""
        actor = work.actor
        with work.reading() as db:
            return answer(ApiTokensOut(items=[ApiTokenOut.of(one) for one in ApiTokenService(db).tokens(actor=actor)]))

    @writes("/tokens", policy="own")
    def create_api_token(self, work: NamedDependency[Work], data: JSONBody[ApiTokenIn]) -> Response[NewApiTokenOut]:
        """Make a token for a program. It is told in this answer only."""
        actor = _in_person(work)
        with work.writing() as db:
            made = ApiTokenService(db).create(
                actor=actor, name=data.name, is_read_only=data.is_read_only, forum_id=data.forum_id, days=data.days
            )
            new = NewApiTokenOut.of(made)
        return answer(new)

    @removes("/tokens/{token_id:uuid}", policy="own")
    def end_api_token(self, work: NamedDependency[Work], token_id: FromPath[UUID]) -> None:
        """End one of one's tokens."""
        actor = work.actor
        with work.writing() as db:
            ApiTokenService(db).end(token_id, actor=actor)


class InvitationApi(Controller):
    """Invitations to a forum."""

    path = "/api/forums/{forum:str}/invitations"
    tags = ("Accounts",)

    @reads("/", policy=SEE_PEOPLE)
    def list_invitations(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[InvitationsOut]:
        """List the invitations that wait to be accepted."""
        actor = work.actor
        with work.reading() as db:
            found = TicketService(db).invitations(PeopleService(db).forum(forum), actor=actor)
            return answer(InvitationsOut(items=[InvitationOut.of(one) for one in found]))

    @writes("/", policy="organisation.manage_people")
    def invite(
        self, work: NamedDependency[Work], forum: FromPath[str], data: JSONBody[InvitationIn]
    ) -> Response[InvitationOut]:
        """Send an invitation by letter. An older one to the same address ends."""
        actor = work.actor
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            ticket = TicketService(db).invite(
                where,
                email=data.email,
                role=Role(data.role) if data.role else None,
                person=_person(db, where, data.person_id, actor),
                organisation=_organisation(db, where, data.organisation_id),
                name=data.name,
                language=data.language.value,
                actor=actor,
            )
            made = InvitationOut.of(ticket)
        return answer(made)

    @removes("/{invitation_id:uuid}", policy="organisation.manage_people")
    def withdraw_invitation(
        self, work: NamedDependency[Work], forum: FromPath[str], invitation_id: FromPath[UUID]
    ) -> None:
        """Withdraw an invitation: its link no longer works."""
        actor = work.actor
        with work.writing() as db:
            TicketService(db).revoke(PeopleService(db).forum(forum), invitation_id, actor=actor)


def _here(work: Work) -> UUID | None:
    found = work.signed_in
    return found.id if found and not found.is_program else None


def _in_person(work: Work) -> Actor:
    """Who asks, unless it is a program of theirs."""
    if work.signed_in is not None and work.signed_in.is_program:
        raise NotAllowed(action="api_token.create")
    return work.actor


def _person(db: Db, forum: Forum, person_id: UUID | None, actor: Actor) -> Person | None:
    return MandateService(db).person(forum, person_id, actor=actor) if person_id else None


def _organisation(db: Db, forum: Forum, organisation_id: UUID | None) -> Organisation | None:
    if organisation_id is None:
        return None
    found = db.get(Organisation, organisation_id)
    if found is None or found.network_id != forum.network_id:
        raise NotFound(what="organisation", id=str(organisation_id))
    return found
