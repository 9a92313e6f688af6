"""A person's account: who they are to the workspace, how they are written to, and its end."""

from collections.abc import Iterable, Mapping
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from workspace.accounts import addresses, ending, policy
from workspace.accounts.factors import FactorService
from workspace.accounts.models import Account
from workspace.accounts.sign_ins import notify
from workspace.accounts.values import Profile
from workspace.core import clock, events, log
from workspace.core.actor import Actor
from workspace.core.db import Db, lock_for_writing
from workspace.core.errors import Invalid, NotFound
from workspace.people.checks import known_language, person_name
from workspace.people.models import Person

NOTICES = ("phases", "checkpoints")  # letters that a person can choose not to get


class AccountService:
    """Accounts, as their owners and the operator see them. What takes a password is in `entrance`."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def profile(self, *, actor: Actor) -> Profile:
        """One's own account; raises `NotFound` for a person without one."""
        account = self._own(actor)
        return Profile(
            person=account.person,
            account=account,
            factor_since=account.totp_since,
            recovery_codes_left=FactorService(self.db).recovery_codes_left(account.person_id),
            must_enrol=not account.has_factor and policy.needs_factor(account.person.as_actor().mandates, clock.now()),
            notices={word: wants(account, word) for word in NOTICES},
        )

    def change_profile(
        self,
        *,
        actor: Actor,
        name: str | None = None,
        language: str | None = None,
        timezone: str | None = None,
        notices: Mapping[str, bool] | None = None,
    ) -> Profile:
        """Change what is given of one's own profile. An empty time zone is that of the forum that is being read.

        Raises `Invalid`.
        """
        account = self._own(actor)
        person = account.person
        if name is not None:
            person.name = person_name(name)
        if language is not None:
            person.language = known_language(language)
        if timezone is not None:
            person.timezone = _known_timezone(timezone)
        if notices is not None:
            account.notices = {**account.notices, **_known_notices(notices)}
        self.db.flush()
        changed = {"name": name, "language": language, "timezone": timezone, "notices": notices}
        names = [field for field, value in changed.items() if value is not None]
        log.record(self.db, "account.profile_changed", actor=actor, person=str(person.id), fields=names)
        return self.profile(actor=actor)

    def by_email(self, email: str) -> Account | None:
        """The account of this address, open or closed."""
        return self.db.scalar(sa.select(Account).where(Account.email == addresses.folded(email)))

    def person_with_email(self, email: str) -> Person | None:
        account = self.by_email(email)
        return account.person if account else None

    def emails_of(self, person_ids: Iterable[UUID]) -> dict[UUID, str]:
        """The addresses of those among these people who have an open account."""
        found = self.db.execute(
            sa.select(Account.person_id, Account.email).where(
                Account.person_id.in_(list(person_ids)), Account.closed_at.is_(None)
            )
        )
        return {row.person_id: row.email for row in found}

    def email_of(self, person_id: UUID) -> str | None:
        return self.emails_of([person_id]).get(person_id)

    def add_account(self, person: Person, *, email: str, actor: Actor) -> Account:
        """An account without password, for the operator to hand over with a link."""
        policy.ensure_operator(actor)
        return self.make(person, email=email, password_hash=None, actor=actor)

    def make(self, person: Person, *, email: str, password_hash: str | None, actor: Actor) -> Account:
        """The account of somebody who has proved that the address is theirs, or whom the operator vouches for.

        Raises `Invalid` when the address or the person has an account already.
        """
        address = addresses.checked(email)
        if self.by_email(address) is not None:
            raise Invalid(field="email", reason="taken", given=address)
        if self.db.get(Account, person.id) is not None:
            raise Invalid(field="email", reason="has_account")
        now = clock.now()
        account = Account(
            person_id=person.id,
            email=address,
            password_hash=password_hash,
            password_since=now if password_hash else None,
            notices={},
            made_at=now,
        )
        account.person = person
        self.db.add(account)
        self.db.flush()
        log.record(self.db, "account.made", actor=actor, person=str(person.id))
        return account

    def close(self, person_id: UUID, *, actor: Actor) -> None:
        """Nobody signs in with this account any more, and what was lent to it ends. Mandates stay as they are."""
        account = self._anyone(person_id, actor)
        if account.closed_at is not None:
            return
        account.closed_at = clock.now()
        log.record(self.db, "account.closed", actor=actor, person=str(person_id))
        events.publish(self.db, events.RightsChanged(person_id=person_id, actor=actor))
        notify(self.db, account, "account_closed")

    def reopen(self, person_id: UUID, *, actor: Actor) -> None:
        """Let a closed account be used again."""
        policy.ensure_operator(actor)
        account = self._anyone(person_id, actor)
        if account.closed_at is not None:
            account.closed_at = None
            log.record(self.db, "account.reopened", actor=actor, person=str(person_id))

    def end_everything(self, person_id: UUID, *, actor: Actor) -> None:
        """End every sign-in, token, link and invitation of this person."""
        ending.end_all(self.db, self._anyone(person_id, actor), actor=actor)

    def _own(self, actor: Actor) -> Account:
        account = self.db.get(Account, policy.own(actor))
        if account is None or account.closed_at is not None:
            raise NotFound(what="account", id=str(actor.person_id))
        return account

    def _anyone(self, person_id: UUID, actor: Actor) -> Account:
        account = lock_for_writing(self.db, Account, person_id)
        if account is None:
            raise NotFound(what="account", id=str(person_id))
        policy.ensure_may_close(actor, account.person)
        found: Account = account
        return found


def wants(account: Account, word: str) -> bool:
    """Whether the person wants letters of this kind; they do until they say otherwise."""
    return bool(account.notices.get(word, True))


def _known_timezone(name: str) -> str:
    if not name:
        return ""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(field="timezone", reason="unknown_timezone", given=name[:100]) from error


def _known_notices(notices: Mapping[str, bool]) -> dict[str, bool]:
    unknown = next((word for word in notices if word not in NOTICES), None)
    if unknown is not None:
        raise Invalid(field="notices", reason="unknown_notice", given=unknown[:100])
    return dict(notices)
