"""Sign-ins: made when somebody has proved who they are, looked up at every request, ended by them or by time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload

from workspace.accounts import policy, tokens, totp
from workspace.accounts.ending import IDLE, is_due
from workspace.accounts.models import Account, ApiToken, ClockMark, RecoveryCode, SignIn
from workspace.accounts.values import Device, Issued, SignedIn
from workspace.core import clock, log, mail
from workspace.core.actor import NOBODY, Actor
from workspace.core.db import Db, lock_for_writing, sealer
from workspace.core.errors import CodeRefused, NotFound, SignInRefused
from workspace.people.models import Person

LASTS = timedelta(days=30)
HALF_LASTS = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=5)  # how exact the time of the last use is
TRIES = 5  # wrong codes in one half sign-in


class Found(Struct, frozen=True):
    """A token's row, with what has to be known about it; one query."""

    row: SignIn | ApiToken
    account: Account
    person: Person
    mark: datetime | None

    @property
    def is_open(self) -> bool:
        return self.row.ended_at is None and not self.is_expired and policy.is_open(self.account, self.person)

    @property
    def is_expired(self) -> bool:
        now = clock.now()
        is_idle = isinstance(self.row, SignIn) and self.row.seen_at + IDLE <= now
        return self.row.expires_at <= now or is_idle

    @property
    def is_unseen(self) -> bool:
        """Whether its last use was noted so long ago that this one has to be noted."""
        return self.row.seen_at is None or clock.now() - self.row.seen_at >= SEEN_EVERY

    @property
    def is_worth_a_note(self) -> bool:
        """Whether something has to be written: it was used, it is over, or the time has to be noted."""
        return self.row.ended_at is None and (self.is_expired or self.is_unseen or is_due(self.mark))


class SignInService:
    """What a browser or a program may do because of the token it shows."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def issue(self, account: Account, device: Device, *, is_proved: bool = False) -> Issued:
        """A new sign-in of this account, whose row the caller has locked.

        `is_proved`: the second factor was shown, or the person was signed in with it; else an account
        that has one gets a half sign-in.
        """
        now = clock.now()
        is_full = is_proved or not account.has_factor
        token = tokens.new_token()
        sign_in = SignIn(
            person_id=account.person_id,
            token_hash=tokens.hashed(token),
            made_at=now,
            seen_at=now,
            expires_at=now + (LASTS if is_full else HALF_LASTS),
            agent=device.kept_agent,
            address=device.kept_address,
            is_full=is_full,
        )
        self.db.add(sign_in)
        self.db.flush()
        whole = account.person.as_actor()
        if is_full:
            log.record(self.db, "sign_in.made", actor=whole, sign_in=str(sign_in.id))
        must_enrol = not account.has_factor and policy.needs_factor(whole.mandates, now)
        return Issued(token, sign_in.id, account.person_id, is_full, must_enrol, sign_in.expires_at)

    def complete(self, token: str, code: str, device: Device) -> Issued | CodeRefused:
        """A whole sign-in for a half one and a code of the second factor, or one from paper.

        A refusal is returned, not raised, because it has to be counted. Raises `SignInRefused`
        when there is no such half sign-in any more.
        """
        half = self.db.scalar(sa.select(SignIn).where(SignIn.token_hash == tokens.hashed(token)))
        account = lock_for_writing(self.db, Account, half.person_id) if half else None
        if half is None or account is None or half.is_full or not self._is_usable(half, account):
            raise SignInRefused
        if not self._takes(account, code):
            half.failures += 1
            if half.failures >= TRIES:
                half.ended_at = clock.now()
            return CodeRefused(left=max(TRIES - half.failures, 0))
        half.ended_at = clock.now()
        return self.issue(account, device, is_proved=True)

    def find(self, token: str) -> Found | None:
        """What belongs to the token of a sign-in or, if it begins like one, of a program."""
        is_program = token.startswith(tokens.PROGRAM)
        if is_program and not tokens.is_program_token(token):
            return None
        kind = ApiToken if is_program else SignIn
        row = self.db.execute(_lookup(kind), {"shown": tokens.hashed(token)}).unique().one_or_none()
        return Found(*row) if row else None

    def note(self, found: Found) -> None:
        """Write down that it was used now."""
        kind = type(found.row)
        self.db.execute(sa.update(kind).where(kind.id == found.row.id).values(seen_at=clock.now()))

    def sign_out(self, token: str) -> None:
        """End the sign-in of this token, if there is one."""
        found = self.find(token)
        if found is not None and isinstance(found.row, SignIn):
            self._end(found.row, actor=found.person.as_actor())

    def open_ones(self, *, actor: Actor) -> Sequence[SignIn]:
        """The whole sign-ins of the one who asks that are still good, the last used first."""
        now = clock.now()
        return self.db.scalars(
            sa.select(SignIn)
            .where(SignIn.person_id == policy.own(actor), SignIn.is_full, SignIn.ended_at.is_(None))
            .where(SignIn.expires_at > now, SignIn.seen_at > now - IDLE)
            .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        ).all()

    def end(self, sign_in_id: UUID, *, actor: Actor) -> None:
        """End one's own sign-in, wherever it is; raises `NotFound`."""
        sign_in = self.db.get(SignIn, sign_in_id)
        if sign_in is None or sign_in.person_id != policy.own(actor) or sign_in.ended_at is not None:
            raise NotFound(what="sign_in", id=str(sign_in_id))
        self._end(sign_in, actor=actor)

    def end_others(self, *, actor: Actor, keep: UUID | None) -> int:
        """End one's own sign-ins except the one to `keep`; says how many."""
        others = [one for one in self.open_ones(actor=actor) if one.id != keep]
        for one in others:
            self._end(one, actor=actor)
        return len(others)

    def _end(self, sign_in: SignIn, *, actor: Actor) -> None:
        if sign_in.ended_at is None:
            sign_in.ended_at = clock.now()
            log.record(self.db, "sign_in.ended", actor=actor, sign_in=str(sign_in.id))

    def _is_usable(self, half: SignIn, account: Account) -> bool:
        self.db.refresh(half)  # as it is now that the account is locked
        return Found(half, account, account.person, None).is_open

    def _takes(self, account: Account, code: str) -> bool:
        return takes_totp(self.db, account, code) or self._takes_recovery(account, code)

    def _takes_recovery(self, account: Account, code: str) -> bool:
        row = self.db.scalar(
            sa.select(RecoveryCode).where(
                RecoveryCode.person_id == account.person_id,
                RecoveryCode.code_hash == totp.recovery_hash(code),
                RecoveryCode.used_at.is_(None),
            )
        )
        if row is None:
            return False
        row.used_at = clock.now()
        log.record(self.db, "account.recovery_code_used", actor=account.person.as_actor(), code=str(row.id))
        notify(self.db, account, "recovery_code_used")
        return True


def secret_of(account: Account) -> str:
    """What the sealed secret of a second factor is about: moved to another account, it opens nothing."""
    return f"account.totp_secret {account.person_id}"


def takes_totp(db: Db, account: Account, code: str) -> bool:
    """Whether this is a code of the account's second factor that was not used before; from now on it is."""
    if account.totp_secret is None:
        return False
    secret = sealer(db).open(account.totp_secret, about=secret_of(account))
    step = totp.step_of(secret, code, at=clock.now(), after=account.totp_counter) if secret else None
    if secret is None or step is None:
        return False
    account.totp_counter = step
    if account.totp_secret == secret:  # kept by a version that sealed nothing
        account.totp_secret = sealer(db).seal(secret, about=secret_of(account))
    return True


def notify(db: Db, account: Account, what: str, *, to: str = "") -> None:
    """Tell the person by letter what happened to their account, at the address given or at their own."""
    person = account.person
    mail.post(
        db,
        "security_notice",
        to=to or account.email,
        language=person.language,
        person_id=person.id,
        what=what,
        path=f"/{person.language}/account",
    )


def signed_in(found: Found | None, token: str) -> SignedIn | None:
    """Who acts with this token; nobody when it is not open."""
    if found is None or not found.is_open:
        return None
    row, account, person = found.row, found.account, found.person
    is_full = isinstance(row, ApiToken) or row.is_full
    within = row.forum_id if isinstance(row, ApiToken) else None
    needs = policy.needs_factor(person.as_actor().mandates, clock.now())
    return SignedIn(
        id=row.id,
        person_id=person.id,
        actor=policy.acting(person, has_factor=account.has_factor, within=within) if is_full else NOBODY,
        is_full=is_full,
        must_enrol=needs and not account.has_factor,
        is_read_only=isinstance(row, ApiToken) and row.is_read_only,
        is_program=isinstance(row, ApiToken),
        name=person.name,
        language=person.language,
        timezone=person.timezone,
        form_secret=tokens.bound_to(token, "form"),
    )


@cache
def _lookup(kind: type[SignIn | ApiToken]) -> sa.Select[*tuple[Any, ...]]:
    """What every request asks first, put together once."""
    mark = sa.select(ClockMark.at).scalar_subquery()
    return (
        sa.select(kind, Account, Person, mark)
        .join(Account, Account.person_id == kind.person_id)
        .join(Person, Person.id == kind.person_id)
        .where(kind.token_hash == sa.bindparam("shown"))
        .options(joinedload(Person.mandates))
    )
