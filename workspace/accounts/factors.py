"""The second factor: enrolled with a code, removed with a code, and the recovery codes beside it."""

from uuid import UUID

import sqlalchemy as sa

from workspace.accounts import policy, totp
from workspace.accounts.models import Account, RecoveryCode
from workspace.accounts.sign_ins import notify, secret_of, takes_totp
from workspace.core import clock, events, log
from workspace.core.actor import Actor
from workspace.core.db import Db, sealer
from workspace.core.errors import Invalid, NotEnrolled

new_secret = totp.new_secret
otpauth_uri = totp.address_for


class FactorService:
    """Changes to the factor of an account whose row the caller has locked. Each ends what was lent to the person."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def enrol(self, account: Account, *, secret: str, code: str, actor: Actor) -> tuple[str, ...]:
        """From now on a code is asked for at every sign-in. Returns the recovery codes, which are told only here.

        Raises `Invalid` when there is a factor already, or the code is not one of this secret.
        """
        if account.has_factor:
            raise Invalid(field="code", reason="enrolled_already")
        if not totp.is_secret(secret):
            raise Invalid(field="secret", reason="not_a_secret")
        step = totp.step_of(secret, code, at=clock.now(), after=account.totp_counter)
        if step is None:
            raise Invalid(field="code", reason="wrong_code")
        account.totp_secret = sealer(self.db).seal(secret, about=secret_of(account))
        account.totp_since, account.totp_counter = clock.now(), step
        codes = self._replace_codes(account)
        self._told(account, "factor_added", actor=actor)
        return codes

    def remove(self, account: Account, *, code: str, actor: Actor) -> None:
        """Sign in without a code again. Raises `NotEnrolled` for whoever must have one, `Invalid` for a wrong code."""
        self._ensure_code(account, code)
        if policy.needs_factor(account.person.as_actor().mandates, clock.now()):
            raise NotEnrolled
        self._clear(account)
        self._told(account, "factor_removed", actor=actor)

    def reset(self, account: Account, *, actor: Actor) -> None:
        """Take the factor off an account whose owner has lost telephone and recovery codes; the operator's act."""
        policy.ensure_operator(actor)
        if account.has_factor:
            self._clear(account)
            self._told(account, "factor_removed", actor=actor)

    def renew_codes(self, account: Account, *, code: str, actor: Actor) -> tuple[str, ...]:
        """New recovery codes; the old ones no longer work. Raises `Invalid` for a wrong code."""
        self._ensure_code(account, code)
        codes = self._replace_codes(account)
        log.record(self.db, "account.recovery_codes_renewed", actor=actor, person=str(account.person_id))
        notify(self.db, account, "recovery_codes_renewed")
        return codes

    def recovery_codes_left(self, person_id: UUID) -> int:
        unused = sa.and_(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
        return self.db.scalar(sa.select(sa.func.count()).select_from(RecoveryCode).where(unused)) or 0

    def _ensure_code(self, account: Account, code: str) -> None:
        if not takes_totp(self.db, account, code):
            raise Invalid(field="code", reason="wrong_code")

    def _clear(self, account: Account) -> None:
        account.totp_secret = account.totp_since = None  # the last counter stays: no code is ever used twice
        self.db.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == account.person_id))

    def _replace_codes(self, account: Account) -> tuple[str, ...]:
        self.db.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == account.person_id))
        codes = totp.new_recovery_codes()
        self.db.add_all(RecoveryCode(person_id=account.person_id, code_hash=totp.recovery_hash(code)) for code in codes)
        self.db.flush()
        return codes

    def _told(self, account: Account, what: str, *, actor: Actor) -> None:
        log.record(self.db, f"account.{what}", actor=actor, person=str(account.person_id))
        events.publish(self.db, events.RightsChanged(person_id=account.person_id, actor=actor))
        notify(self.db, account, what)
