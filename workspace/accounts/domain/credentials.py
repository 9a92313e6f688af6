"""API tokens of programs, and the operator's overview of everything that acts for an account."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload

from workspace.accounts.domain import policy, tokens
from workspace.accounts.domain.models import Account, ApiToken, SignIn
from workspace.accounts.domain.sign_ins import IDLE, notify_account
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.storage import log
from workspace.core.storage.db import Service, lock_for_writing
from workspace.people.models import Forum
from workspace.people.validation import person_name

USUAL_DAYS, MOST_DAYS = 90, 366
MOST_OPEN = 50


class NewApiToken(Struct, frozen=True):
    """A token as it is told once, and its row."""

    made: ApiToken
    token: str


class ApiTokenService(Service):
    """One's own tokens."""

    def create(
        self, *, actor: Actor, name: str, is_read_only: bool, forum_id: UUID | None = None, days: int = USUAL_DAYS
    ) -> NewApiToken:
        """Lend one's rights to a program, in one forum or in all, for reading or for everything.

        Raises `Invalid` for a name that is empty, days out of range, an unknown forum, an auditor's token
        that could write, and when there are fifty already.
        """
        account = lock_for_writing(self.db, Account, policy.own_account(actor))
        if account is None or account.closed_at is not None:
            raise NotAllowed(action="api_token.create")
        self._ensure_possible(account, is_read_only=is_read_only, forum_id=forum_id, days=days)
        token, now = tokens.new_program_token(), clock.now()
        row = ApiToken(
            person_id=account.person_id,
            name=person_name(name),
            prefix=tokens.token_prefix(token),
            token_hash=tokens.hash_token(token),
            is_read_only=is_read_only,
            forum_id=forum_id,
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
        self.db.add(row)
        self.db.flush()
        log.record(self.db, "api_token.made", actor=actor, forum_id=forum_id, token=str(row.id), read_only=is_read_only)
        notify_account(self.db, account, "api_token_made")
        return NewApiToken(row, token)

    def tokens(self, *, actor: Actor) -> Sequence[ApiToken]:
        """One's own tokens that work, the newest first."""
        return self.db.scalars(
            sa.select(ApiToken)
            .where(ApiToken.person_id == policy.own_account(actor))
            .where(ApiToken.ended_at.is_(None), ApiToken.expires_at > clock.now())
            .order_by(ApiToken.made_at.desc(), ApiToken.id.desc())
            .options(joinedload(ApiToken.forum))
        ).all()

    def end(self, token_id: UUID, *, actor: Actor) -> None:
        """End one of one's own tokens; raises `NotFound`."""
        row = next((token for token in self.tokens(actor=actor) if token.id == token_id), None)
        if row is None:
            raise NotFound(what="api_token", id=str(token_id))
        row.ended_at = clock.now()
        log.record(self.db, "api_token.ended", actor=actor, forum_id=row.forum_id, token=str(row.id))

    def _ensure_possible(self, account: Account, *, is_read_only: bool, forum_id: UUID | None, days: int) -> None:
        actor = account.person.as_actor()
        if not 1 <= days <= MOST_DAYS:
            raise Invalid(field="days", reason="out_of_range", least=1, most=MOST_DAYS)
        if forum_id is not None and self.db.get(Forum, forum_id) is None:
            raise Invalid(field="forum", reason="unknown_forum")
        if policy.is_auditor(actor) and not is_read_only:
            raise Invalid(field="is_read_only", reason="read_only_role")
        if len(self.tokens(actor=actor)) >= MOST_OPEN:
            raise Invalid(field="name", reason="too_many", limit=MOST_OPEN)


class Credential(Struct, frozen=True):
    """A browser that is signed in, or the token of a program. `called` is the browser, or the token's name."""

    id: UUID
    called: str
    made_at: datetime
    seen_at: datetime | None
    expires_at: datetime
    is_program: bool


class CredentialService(Service):
    """Accounts and what is lent to them, for the operator."""

    def accounts(self, *, actor: Actor) -> Sequence[Account]:
        """Every account, open and closed, by address."""
        policy.ensure_operator(actor)
        return self.db.scalars(sa.select(Account).order_by(Account.email).options(joinedload(Account.person))).all()

    def to(self, account: Account, *, actor: Actor) -> list[Credential]:
        """What acts for this account now: browsers, then programs, the last used first."""
        policy.ensure_operator(actor)
        return [*map(_browser, self._browsers(account)), *map(_program, self._programs(account))]

    def end(self, account: Account, lent_id: UUID, *, actor: Actor) -> None:
        """End one of them, from the next request on; raises `NotFound`."""
        policy.ensure_operator(actor)
        browser = next((sign_in for sign_in in self._browsers(account) if sign_in.id == lent_id), None)
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


def _browser(sign_in: SignIn) -> Credential:
    return Credential(sign_in.id, sign_in.agent, sign_in.made_at, sign_in.seen_at, sign_in.expires_at, is_program=False)


def _program(token: ApiToken) -> Credential:
    return Credential(token.id, token.name, token.made_at, token.seen_at, token.expires_at, is_program=True)
