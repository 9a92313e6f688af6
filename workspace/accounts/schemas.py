"""Accounts, sign-ins, tokens and invitations as programs read and write them. No token is ever read again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from drafts.blocks import Language
from workspace.accounts.api_tokens import MOST_DAYS, USUAL_DAYS
from workspace.accounts.values import Profile
from workspace.core.shapes import Shape
from workspace.people.schemas import RoleWord

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
    def of(cls, profile: Profile) -> "ProfileOut":
        return cls(
            person_id=profile.person.id,
            name=profile.person.name,
            email=profile.account.email,
            language=profile.person.language,
            timezone=profile.person.timezone,
            notices=profile.notices,
            has_password=profile.account.password_hash is not None,
            second_factor_since=profile.factor_since,
            recovery_codes_left=profile.recovery_codes_left,
            must_enrol=profile.must_enrol,
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


class SignInsOut(Struct, frozen=True, kw_only=True):
    """The browsers that are signed in as oneself, the last used first."""

    items: list[SignInOut]


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


class ApiTokensOut(Struct, frozen=True, kw_only=True):
    """One's own tokens that work, the newest first."""

    items: list[ApiTokenOut]


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


class InvitationsOut(Struct, frozen=True, kw_only=True):
    """The invitations to a forum that wait to be accepted, the newest first."""

    items: Sequence[InvitationOut]
