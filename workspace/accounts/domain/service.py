"""A person's account: profile, second factor, finding and closing it."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import sqlalchemy as sa

from workspace.accounts.domain import models, policy, sign_ins, tokens
from workspace.accounts.domain.models import Account, AccountProfile, RecoveryCode
from workspace.accounts.domain.sign_ins import accept_totp, notify_account, secret_context
from workspace.core import clock, events
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotEnrolled, NotFound, existing
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, lock_for_writing, row_of, sealer
from workspace.core.validation import known_zone
from workspace.people.models import Forum, Person
from workspace.people.service import PeopleService
from workspace.people.validation import known_language, person_name

new_secret = tokens.new_secret


class SecondFactorService(Service):
    """Changes to the factor of an account whose row the caller has locked. Each ends what was lent to the person."""

    def enrol(self, account: Account, *, secret: str, code: str, actor: Actor) -> tuple[str, ...]:
        """From now on a code is asked for at every sign-in. Returns the recovery codes, which are told only here.

        Raises `Invalid` when there is a factor already, or the code is not one of this secret.
        """
        if account.has_factor:
            raise Invalid(field="code", reason="enrolled_already")
        if not tokens.is_secret(secret):
            raise Invalid(field="secret", reason="not_a_secret")
        step = tokens.matching_step(secret, code, at=clock.now(), after=account.totp_counter)
        if step is None:
            raise Invalid(field="code", reason="wrong_code")
        account.totp_secret = sealer(self.db).seal(secret, about=secret_context(account))
        account.totp_since, account.totp_counter = clock.now(), step
        codes = self._replace_codes(account)
        self._logged(account, "factor_added", actor=actor)
        return codes

    def remove(self, account: Account, *, code: str, actor: Actor) -> None:
        """Sign in without a code again. Raises `NotEnrolled` for whoever must have one, `Invalid` for a wrong code."""
        self._ensure_code(account, code)
        if policy.needs_factor(account.person.as_actor().mandates, clock.now()):
            raise NotEnrolled
        self._clear(account)
        self._logged(account, "factor_removed", actor=actor)

    def reset(self, account: Account, *, actor: Actor) -> None:
        """Take the factor off an account whose owner has lost telephone and recovery codes; the operator's act."""
        policy.ensure_operator(actor)
        if account.has_factor:
            self._clear(account)
            self._logged(account, "factor_removed", actor=actor)

    def renew_codes(self, account: Account, *, code: str, actor: Actor) -> tuple[str, ...]:
        """New recovery codes; the old ones no longer work. Raises `Invalid` for a wrong code."""
        self._ensure_code(account, code)
        codes = self._replace_codes(account)
        log.record(self.db, "account.recovery_codes_renewed", actor=actor, person=str(account.person_id))
        notify_account(self.db, account, "recovery_codes_renewed")
        return codes

    def recovery_codes_left(self, person_id: UUID) -> int:
        unused = sa.and_(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
        return self.db.scalar(sa.select(sa.func.count()).select_from(RecoveryCode).where(unused)) or 0

    def _ensure_code(self, account: Account, code: str) -> None:
        if not accept_totp(self.db, account, code):
            raise Invalid(field="code", reason="wrong_code")

    def _clear(self, account: Account) -> None:
        account.totp_secret = account.totp_since = None  # the last counter stays: no code is ever used twice
        self.db.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == account.person_id))

    def _replace_codes(self, account: Account) -> tuple[str, ...]:
        self.db.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == account.person_id))
        codes = tokens.new_recovery_codes()
        self.db.add_all(
            RecoveryCode(person_id=account.person_id, code_hash=tokens.recovery_hash(code)) for code in codes
        )
        self.db.flush()
        return codes

    def _logged(self, account: Account, what: str, *, actor: Actor) -> None:
        log.record(self.db, f"account.{what}", actor=actor, person=str(account.person_id))
        events.publish(self.db, events.RightsChanged(person_id=account.person_id, actor=actor))
        notify_account(self.db, account, what)


NOTICES = ("phases", "checkpoints")  # letters that a person can choose not to get


class AccountService(Service):
    """Accounts, as their owners and the operator see them. What takes a password is in `authentication`."""

    def profile(self, *, actor: Actor) -> AccountProfile:
        """One's own account; raises `NotFound` for a person without one."""
        account = self._own(actor)
        return AccountProfile(
            person=account.person,
            account=account,
            factor_since=account.totp_since,
            recovery_codes_left=SecondFactorService(self.db).recovery_codes_left(account.person_id),
            must_enrol=not account.has_factor and policy.needs_factor(account.person.as_actor().mandates, clock.now()),
            notices={word: wants_notice(account, word) for word in NOTICES},
        )

    def change_profile(
        self,
        *,
        actor: Actor,
        name: str | None = None,
        language: str | None = None,
        timezone: str | None = None,
        notices: Mapping[str, bool] | None = None,
    ) -> AccountProfile:
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
            person.timezone = timezone and known_zone(timezone).key
        if notices is not None:
            account.notices = {**account.notices, **_known_notices(notices)}
        self.db.flush()
        changed = {"name": name, "language": language, "timezone": timezone, "notices": notices}
        names = [field for field, value in changed.items() if value is not None]
        log.record(self.db, "account.profile_changed", actor=actor, person=str(person.id), fields=names)
        return self.profile(actor=actor)

    def by_email(self, email: str) -> Account | None:
        """The account of this address, open or closed."""
        return self.db.scalar(sa.select(Account).where(Account.email == models.fold_email(email)))

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
        address = models.check_email(email)
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
        notify_account(self.db, account, "account_closed")

    def reopen(self, person_id: UUID, *, actor: Actor) -> None:
        "Reopen a closed account."
        policy.ensure_operator(actor)
        account = self._anyone(person_id, actor)
        if account.closed_at is not None:
            account.closed_at = None
            log.record(self.db, "account.reopened", actor=actor, person=str(person_id))

    def end_everything(self, person_id: UUID, *, actor: Actor) -> None:
        """End every sign-in, token, link and invitation of this person."""
        sign_ins.end_all_credentials(self.db, self._anyone(person_id, actor), actor=actor)

    def _own(self, actor: Actor) -> Account:
        return existing(row_of(self.db, Account, policy.own_account(actor), closed_at=None), "account", actor.person_id)

    def _anyone(self, person_id: UUID, actor: Actor) -> Account:
        account = existing(lock_for_writing(self.db, Account, person_id), "account", person_id)
        policy.ensure_may_close(actor, account.person)
        found: Account = account
        return found


def wants_notice(account: Account, word: str) -> bool:
    """Whether the person wants letters of this kind; they do until they say otherwise."""
    return bool(account.notices.get(word, True))


def _known_notices(notices: Mapping[str, bool]) -> dict[str, bool]:
    unknown = next((word for word in notices if word not in NOTICES), None)
    if unknown is not None:
        raise Invalid(field="notices", reason="unknown_notice", given=unknown[:100])
    return dict(notices)


def find_person(db: Db, forum: Forum, who: str) -> Person:
    """The person of the forum with this address or name; raises `NotFound`, also for a name that two share."""
    if "@" not in who:
        return db.get_one(Person, PeopleService(db).actor_named(forum, who).person_id)
    account = AccountService(db).by_email(who)
    if account is None or all(mandate.forum_id != forum.id for mandate in account.person.mandates):
        raise NotFound(what="account", id=who)
    return account.person
