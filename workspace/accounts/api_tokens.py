"""Tokens of programs: what a person lends of their rights, to which end and for how long."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload

from workspace.accounts import policy, tokens
from workspace.accounts.models import Account, ApiToken
from workspace.accounts.sign_ins import notify
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db, lock_for_writing
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.people.checks import person_name
from workspace.people.models import Forum

USUAL_DAYS, MOST_DAYS = 90, 366
MOST_OPEN = 50


class NewApiToken(Struct, frozen=True):
    """A token as it is told once, and its row."""

    made: ApiToken
    token: str


class ApiTokenService:
    """One's own tokens."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def create(
        self, *, actor: Actor, name: str, is_read_only: bool, forum_id: UUID | None = None, days: int = USUAL_DAYS
    ) -> NewApiToken:
        """Lend one's rights to a program, in one forum or in all, for reading or for everything.

        Raises `Invalid` for a name that is empty, days out of range, an unknown forum, an auditor's token
        that could write, and when there are fifty already.
        """
        account = lock_for_writing(self.db, Account, policy.own(actor))
        if account is None or account.closed_at is not None:
            raise NotAllowed(action="api_token.create")
        self._ensure_possible(account, is_read_only=is_read_only, forum_id=forum_id, days=days)
        token, now = tokens.new_program_token(), clock.now()
        row = ApiToken(
            person_id=account.person_id,
            name=person_name(name),
            prefix=tokens.shown(token),
            token_hash=tokens.hashed(token),
            is_read_only=is_read_only,
            forum_id=forum_id,
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
        self.db.add(row)
        self.db.flush()
        log.record(self.db, "api_token.made", actor=actor, forum_id=forum_id, token=str(row.id), read_only=is_read_only)
        notify(self.db, account, "api_token_made")
        return NewApiToken(row, token)

    def tokens(self, *, actor: Actor) -> Sequence[ApiToken]:
        """One's own tokens that work, the newest first."""
        return self.db.scalars(
            sa.select(ApiToken)
            .where(ApiToken.person_id == policy.own(actor), *_is_open())
            .order_by(ApiToken.made_at.desc(), ApiToken.id.desc())
            .options(joinedload(ApiToken.forum))
        ).all()

    def end(self, token_id: UUID, *, actor: Actor) -> None:
        """End one of one's own tokens; raises `NotFound`."""
        row = next((one for one in self.tokens(actor=actor) if one.id == token_id), None)
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


def _is_open() -> tuple[sa.ColumnElement[bool], ...]:
    return (ApiToken.ended_at.is_(None), ApiToken.expires_at > clock.now())
