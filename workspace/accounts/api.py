"""One's own account, invitations, and self-registrations, as JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from msgspec import Meta, Struct

from drafts.text.blocks import Language
from workspace.accounts.domain.credentials import MOST_DAYS, USUAL_DAYS, ApiTokenService
from workspace.accounts.domain.joining import SelfRegistration, SelfRegistrationService
from workspace.accounts.domain.models import AccountProfile
from workspace.accounts.domain.service import AccountService
from workspace.accounts.domain.sign_ins import SignInService
from workspace.accounts.domain.tickets import TicketService
from workspace.core.actor import Actor, Role
from workspace.core.errors import NotAllowed
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db
from workspace.people import policy
from workspace.people.frame import InForum
from workspace.people.mandates import MandateService
from workspace.people.organisations import OrganisationService
from workspace.people.schemas import MandateOut, RoleWord
from workspace.web.api import CREATED, ListOf, answer, changes, reads, removes, writes
from workspace.web.http.guards import SEE_PEOPLE
from workspace.web.http.request_context import Body, PathId, Work

Name = Annotated[str, Meta(max_length=200)]
Email = Annotated[str, Meta(max_length=254)]


class NoticesIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which letters to get: about phases that open and close, and checkpoints of the log. What is left out stays."""

    phases: bool | None = None
    checkpoints: bool | None = None

    def chosen(self) -> Mapping[str, bool]:
        choices = {"phases": self.phases, "checkpoints": self.checkpoints}
        return {word: choice for word, choice in choices.items() if choice is not None}


class ProfileIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of one's profile, at least one thing; the rest stays. An empty time zone is that of the forum."""

    name: Name | None = None
    language: Language | None = None
    timezone: Annotated[str, Meta(max_length=64)] | None = None
    notices: NoticesIn | None = None

    def __post_init__(self) -> None:
        if all(given is None for given in (self.name, self.language, self.timezone, self.notices)):
            raise ValueError("nothing is to be changed")


class ApiTokenIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token to make. With a forum, the rights are those that one has there, and nowhere else."""

    name: Name
    is_read_only: bool = True
    forum_id: UUID | None = None
    days: Annotated[int, Meta(ge=1, le=MOST_DAYS)] = USUAL_DAYS


class InvitationIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to invite: an address to a role, or somebody who is listed in the forum without an account (`person_id`)."""

    email: Email
    role: RoleWord | None = None
    person_id: UUID | None = None
    organisation_id: UUID | None = None
    name: Name = ""
    language: Language = Language.EN


class ProfileOut(Struct, frozen=True, kw_only=True):
    """One's own account. `must_enrol`: a role of theirs does not count until there is a second factor."""

    person_id: UUID
    name: str
    email: str
    language: str
    timezone: str
    notices: Mapping[str, bool]
    has_password: bool
    second_factor_since: datetime | None
    recovery_codes_left: int
    must_enrol: bool
    made_at: datetime

    @classmethod
    def of(cls, profile: AccountProfile) -> "ProfileOut":
        return filled(
            cls,
            profile,
            person_id=profile.person.id,
            name=profile.person.name,
            email=profile.account.email,
            language=profile.person.language,
            timezone=profile.person.timezone,
            has_password=profile.account.password_hash is not None,
            second_factor_since=profile.factor_since,
            made_at=profile.account.made_at,
        )


class SignInOut(Struct, frozen=True, kw_only=True):
    """A browser that is signed in as oneself. `is_this_one`: the one that asks."""

    id: UUID
    agent: str
    address: str
    made_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_this_one: bool


class ApiTokenOut(Shape, frozen=True, kw_only=True):
    """A token of a program. `prefix` is its beginning, by which to know it again."""

    id: UUID
    name: str
    prefix: str
    is_read_only: bool
    forum_id: UUID | None
    made_at: datetime
    expires_at: datetime
    seen_at: datetime | None


class NewApiTokenOut(Shape, frozen=True, kw_only=True):
    """A token that was made. `token` is told now and never again: keep it as a password."""

    token: str
    made: ApiTokenOut


class InvitationOut(Shape, frozen=True, kw_only=True):
    """An invitation that waits to be accepted. Whether its address has an account already is not told."""

    id: UUID
    email: str
    name: str
    role: RoleWord | None
    person_id: UUID | None
    organisation_id: UUID | None
    language: str
    made_at: datetime
    expires_at: datetime


class AccountApi(Controller):
    """One's own account."""

    path = "/api/accounts/me"
    tags = ("Accounts",)

    @reads("/", policy="own")
    def read_account(self, db: Db, actor: Actor) -> ProfileOut:
        """Read one's own account."""
        return ProfileOut.of(AccountService(db).profile(actor=actor))

    @changes("/", policy="own")
    def change_profile(self, db: Db, actor: Actor, data: Body[ProfileIn]) -> ProfileOut:
        """Change one's name, language, time zone, or which letters one gets."""
        profile = AccountService(db).change_profile(
            actor=actor,
            name=data.name,
            language=data.language.value if data.language else None,
            timezone=data.timezone,
            notices=data.notices.chosen() if data.notices else None,
        )
        return ProfileOut.of(profile)

    @reads("/sign-ins", policy="own")
    def list_sign_ins(self, db: Db, work: Work, actor: Actor) -> ListOf[SignInOut]:
        """List the browsers that are signed in as oneself."""
        found, here = SignInService(db).open_ones(actor=actor), _here(work)
        return ListOf(items=[filled(SignInOut, sign_in, is_this_one=sign_in.id == here) for sign_in in found])

    @removes("/sign-ins/{sign_in_id:uuid}", policy="own")
    def end_sign_in(self, db: Db, actor: Actor, sign_in_id: PathId) -> None:
        """End one of them."""
        SignInService(db).end(sign_in_id, actor=actor)

    @removes("/sign-ins", policy="own")
    def end_other_sign_ins(self, db: Db, work: Work, actor: Actor) -> None:
        """End all of them, except the browser that asks."""
        SignInService(db).end_others(actor=actor, keep=_here(work))

    @reads("/tokens", policy="own")
    def list_api_tokens(self, db: Db, actor: Actor) -> ListOf[ApiTokenOut]:
        """List one's tokens for programs."""
        return ListOf(items=[ApiTokenOut.of(token) for token in ApiTokenService(db).tokens(actor=actor)])

    @writes("/tokens", policy="own")
    def create_api_token(self, work: Work, data: Body[ApiTokenIn]) -> Response[NewApiTokenOut]:
        """Make a token for a program. It is told in this answer only."""
        actor = _in_person(work)
        with work.writing() as db:
            made = ApiTokenService(db).create(
                actor=actor, name=data.name, is_read_only=data.is_read_only, forum_id=data.forum_id, days=data.days
            )
            new = NewApiTokenOut.of(made)
        return answer(new)

    @removes("/tokens/{token_id:uuid}", policy="own")
    def end_api_token(self, db: Db, actor: Actor, token_id: PathId) -> None:
        """End one of one's tokens."""
        ApiTokenService(db).end(token_id, actor=actor)


class InvitationApi(Controller):
    """Invitations to a forum."""

    path = "/api/forums/{forum:str}/invitations"
    tags = ("Accounts",)

    @reads("/", policy=SEE_PEOPLE)
    def list_invitations(self, db: Db, actor: Actor, forum: InForum) -> ListOf[InvitationOut]:
        """List the invitations that wait to be accepted."""
        found = TicketService(db).invitations(forum, actor=actor)
        return ListOf(items=[InvitationOut.of(ticket) for ticket in found])

    @writes("/", policy="organisation.manage_people")
    def invite(self, db: Db, actor: Actor, forum: InForum, data: Body[InvitationIn]) -> InvitationOut:
        """Send an invitation by letter. An older one to the same address ends."""
        of = data.organisation_id
        ticket = TicketService(db).invite(
            forum,
            email=data.email,
            role=Role(data.role) if data.role else None,
            person=MandateService(db).person(forum, data.person_id, actor=actor) if data.person_id else None,
            organisation=OrganisationService(db).get(forum, of) if of else None,
            name=data.name,
            language=data.language.value,
            actor=actor,
        )
        return InvitationOut.of(ticket)

    @removes("/{invitation_id:uuid}", policy="organisation.manage_people")
    def withdraw_invitation(self, db: Db, actor: Actor, forum: InForum, invitation_id: PathId) -> None:
        """Withdraw an invitation: its link no longer works."""
        TicketService(db).revoke(forum, invitation_id, actor=actor)


def _here(work: Work) -> UUID | None:
    found = work.signed_in
    return found.id if found and not found.is_program else None


def _in_person(work: Work) -> Actor:
    """Who asks, unless it is a program of theirs."""
    if work.signed_in is not None and work.signed_in.is_program:
        raise NotAllowed(action="api_token.create")
    return work.actor


POLICY = ("organisation.manage_people", "roles.assign")


class FirstRoleIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first role of somebody who registered, for an organisation where there is one."""

    role: RoleWord
    organisation_id: UUID | None = None


class RegisteredApi(Controller):
    """Those who came in by themselves."""

    path = "/api/forums/{forum:str}/registered"
    tags = ("People",)

    @reads("/", policy=POLICY)
    def list_registered(self, db: Db, actor: Actor, forum: InForum) -> ListOf[SelfRegistration]:
        """List who registered and waits for a role; their addresses are not told."""
        policy.ensure_may_give_roles(actor, forum)
        pending = SelfRegistrationService(db).pending(forum, actor=actor)
        return ListOf(items=pending)

    @writes("/{person_id:uuid}/mandates", status=CREATED, policy=POLICY)
    def give_first_mandate(
        self, db: Db, actor: Actor, forum: InForum, person_id: PathId, data: Body[FirstRoleIn]
    ) -> MandateOut:
        """Give somebody who registered their first role."""
        of = data.organisation_id
        policy.ensure_may_give_roles(actor, forum)
        mandate = SelfRegistrationService(db).give_role(
            forum,
            person_id,
            role=Role(data.role),
            organisation=OrganisationService(db).get(forum, of) if of else None,
            actor=actor,
        )
        return MandateOut.of(mandate)
