"""What passes between the accounts and the door: who came with which browser, what was lent to them, who they are."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from workspace.accounts.models import Account
from workspace.core.actor import Actor
from workspace.people.models import Person

_AGENT, _ADDRESS = 300, 64  # characters that are kept


class Device(Struct, frozen=True):
    """The browser or program that asks, as it calls itself, and the address that it asks from."""

    agent: str = ""
    address: str = ""

    @property
    def kept_agent(self) -> str:
        return _printable(self.agent)[:_AGENT]

    @property
    def kept_address(self) -> str:
        return _printable(self.address)[:_ADDRESS]


class Issued(Struct, frozen=True):
    """A new sign-in. `token` is for the cookie and is told only here.

    Not `is_full`: the code of the second factor is still to come. `must_enrol`: the person has
    a role that needs a second factor, and none yet; until then the role does not count.
    """

    token: str
    sign_in_id: UUID
    person_id: UUID
    is_full: bool
    must_enrol: bool
    expires_at: datetime


class SignedIn(Struct, frozen=True):
    """Who a token belongs to, and what it is good for.

    `actor` is nobody while the sign-in is not `is_full`. `form_secret` is bound to the token:
    whoever reads the database cannot compute it.
    """

    id: UUID
    person_id: UUID
    actor: Actor
    is_full: bool
    must_enrol: bool
    is_read_only: bool
    is_program: bool
    name: str
    language: str
    timezone: str
    form_secret: bytes


class Profile(Struct, frozen=True):
    """What a person sees of their own account."""

    person: Person
    account: Account
    factor_since: datetime | None
    recovery_codes_left: int
    must_enrol: bool
    notices: Mapping[str, bool]


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
