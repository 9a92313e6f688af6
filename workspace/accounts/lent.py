"""What the operator sees of accounts: which there are, and which browsers and programs act for their owners."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload

from workspace.accounts import policy
from workspace.accounts.ending import IDLE
from workspace.accounts.models import Account, ApiToken, SignIn
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import NotFound


class Lent(Struct, frozen=True):
    """A browser that is signed in, or the token of a program. `called` is the browser, or the token's name."""

    id: UUID
    called: str
    made_at: datetime
    seen_at: datetime | None
    expires_at: datetime
    is_program: bool


class LentService:
    """Accounts and what is lent to them, for the operator."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def accounts(self, *, actor: Actor) -> Sequence[Account]:
        """Every account, open and closed, by address."""
        policy.ensure_operator(actor)
        return self.db.scalars(sa.select(Account).order_by(Account.email).options(joinedload(Account.person))).all()

    def to(self, account: Account, *, actor: Actor) -> list[Lent]:
        """What acts for this account now: browsers, then programs, the last used first."""
        policy.ensure_operator(actor)
        return [*map(_browser, self._browsers(account)), *map(_program, self._programs(account))]

    def end(self, account: Account, lent_id: UUID, *, actor: Actor) -> None:
        """End one of them, from the next request on; raises `NotFound`."""
        policy.ensure_operator(actor)
        browser = next((one for one in self._browsers(account) if one.id == lent_id), None)
        program = next((token for token in self._programs(account) if token.id == lent_id), None)
        found = browser or program
        if found is None:
            raise NotFound(what="lent", id=str(lent_id))
        found.ended_at = clock.now()
        if browser is not None:
            log.record(self.db, "sign_in.ended", actor=actor, sign_in=str(lent_id))
        elif program is not None:
            log.record(self.db, "api_token.ended", actor=actor, forum_id=program.forum_id, token=str(lent_id))

    def _browsers(self, account: Account) -> Sequence[SignIn]:
        now = clock.now()
        return self.db.scalars(
            sa.select(SignIn)
            .where(SignIn.person_id == account.person_id, SignIn.is_full, SignIn.ended_at.is_(None))
            .where(SignIn.expires_at > now, SignIn.seen_at > now - IDLE)
            .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        ).all()

    def _programs(self, account: Account) -> Sequence[ApiToken]:
        return self.db.scalars(
            sa.select(ApiToken)
            .where(ApiToken.person_id == account.person_id, ApiToken.ended_at.is_(None))
            .where(ApiToken.expires_at > clock.now())
            .order_by(ApiToken.made_at.desc(), ApiToken.id.desc())
        ).all()


def _browser(one: SignIn) -> Lent:
    return Lent(one.id, one.agent, one.made_at, one.seen_at, one.expires_at, is_program=False)


def _program(token: ApiToken) -> Lent:
    return Lent(token.id, token.name, token.made_at, token.seen_at, token.expires_at, is_program=True)
