"""Sign-ins: made, looked up at every request, listed by browser, and ended: by their owner, by time, by new rights."""

import logging
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.accounts.domain import policy, tokens
from workspace.accounts.domain import tokens as totp
from workspace.accounts.domain.models import (
    Account,
    ApiToken,
    ClockMark,
    Device,
    IssuedSignIn,
    RecoveryCode,
    SignIn,
    Ticket,
)
from workspace.core import clock, outbox
from workspace.core.actor import NOBODY, Actor, SignedInPerson
from workspace.core.errors import CodeRefused, NotFound, SignInRefused
from workspace.core.events import RightsChanged
from workspace.core.storage import log
from workspace.core.storage.db import Db, Service, Store, lock_for_writing, sealer
from workspace.people.models import Person
from workspace.people.service import ACTOR_COLUMNS, WITH_MANDATES, actor_of

refused = logging.getLogger(__name__)
IDLE = timedelta(days=14)  # a sign-in that nobody uses for so long ends
KEPT = timedelta(days=30)  # how long a row stays after its end, for the list of sign-ins and for questions
_MARKED_EVERY = timedelta(minutes=1)
_LENT = (SignIn, ApiToken, Ticket)


def end_credentials_on_rights_change(db: Db, event: RightsChanged) -> None:
    """Listener: every sign-in, API token, link and invitation of the person ends in this unit of work."""
    account = lock_for_writing(db, Account, event.person_id)  # nobody signs in meanwhile
    tickets = Ticket.person_id == event.person_id
    if account is not None:
        tickets = sa.or_(tickets, Ticket.email == account.email)
    now = clock.now()
    ended = {
        "sign_ins": _end(db, SignIn, SignIn.person_id == event.person_id, at=now),
        "tokens": _end(db, ApiToken, ApiToken.person_id == event.person_id, at=now),
        "links": _end(db, Ticket, tickets, at=now),
    }
    if any(ended.values()):
        log.record(db, "account.lent_ended", actor=event.actor, person=str(event.person_id), ended=ended)


def expire_credentials_job(store: Store) -> None:
    """Job: end what has expired, note the time, and forget what ended long ago."""
    with store.writing() as db:
        expire_credentials(db)
        old = clock.now() - KEPT
        for kind in _LENT:
            db.execute(sa.delete(kind).where(kind.ended_at <= old))


def expire_credentials(db: Db) -> None:
    """Mark as ended what has expired by now, and note when that was done."""
    now = clock.now()
    mark = db.get(ClockMark, 1, with_for_update=True)
    for kind in _LENT:
        expired = kind.expires_at <= now
        if kind is SignIn:
            expired = sa.or_(expired, SignIn.seen_at <= now - IDLE)
        _end(db, kind, expired, at=now)
    if mark is not None:
        mark.at = now
    else:
        _first_mark(db, now)


def expire_if_due(store: Store) -> None:
    """`expire_credentials`, where it is due: in a unit of its own, before one that may be rolled back."""
    with store.reading() as db:
        mark = db.scalar(sa.select(ClockMark.at))
    if is_expiry_due(mark):
        with store.writing() as db:
            expire_credentials(db)


def is_expiry_due(mark: datetime | None) -> bool:
    """Whether it was last done a minute ago, or, because the clock was put back, in the future."""
    return mark is None or not timedelta() <= clock.now() - mark < _MARKED_EVERY


def end_all_credentials(db: Db, person: Account, *, actor: Actor) -> None:
    """End everything that is lent to this person, although nothing about them changed."""
    end_credentials_on_rights_change(db, RightsChanged(person_id=person.person_id, actor=actor))


def _end(db: Db, kind: type[SignIn | ApiToken | Ticket], which: sa.ColumnElement[bool], *, at: datetime) -> int:
    statement = sa.update(kind).where(kind.ended_at.is_(None), which).values(ended_at=at)
    ended = db.execute(statement.returning(kind.id), execution_options={"synchronize_session": "fetch"})
    return len(ended.all())


def _first_mark(db: Db, now: datetime) -> None:
    try:
        with db.begin_nested():
            db.add(ClockMark(id=1, at=now))
    except sa.exc.IntegrityError:
        pass  # another process was a moment faster, and noted the same


LASTS = timedelta(days=30)
HALF_LASTS = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=5)  # how exact the time of the last use is
TRIES = 5  # wrong codes in one half sign-in


class TokenOwner(Struct, frozen=True):
    """A token, a row of `_lookup`, and whom it belongs to, with all that they may do."""

    row: sa.Row[*tuple[Any, ...]]
    kind: type[SignIn | ApiToken]
    whole: Actor

    @property
    def is_program(self) -> bool:
        return self.kind is ApiToken

    @property
    def is_open(self) -> bool:
        is_known = self.row.closed_at is None and self.row.erased_at is None
        return self.row.ended_at is None and not self.is_expired and is_known

    @property
    def is_expired(self) -> bool:
        return _is_expired(self.row, is_program=self.is_program)

    @property
    def is_unseen(self) -> bool:
        """Whether its last use was noted so long ago that this one has to be noted."""
        return self.row.seen_at is None or clock.now() - self.row.seen_at >= SEEN_EVERY

    @property
    def is_worth_a_note(self) -> bool:
        """Whether something has to be written: it was used, it is over, or the time has to be noted."""
        return self.row.ended_at is None and (self.is_expired or self.is_unseen or is_expiry_due(self.row.mark))


def _is_expired(token: Any, *, is_program: bool = False) -> bool:
    now = clock.now()
    return bool(token.expires_at <= now or (not is_program and token.seen_at + IDLE <= now))


class SignInService(Service):
    """What a browser or a program may do because of the token it shows."""

    def issue(self, account: Account, device: Device, *, is_proved: bool = False) -> IssuedSignIn:
        """A new sign-in of this account, whose row the caller has locked.

        `is_proved`: the second factor was shown, or the person was signed in with it; else an account
        that has one gets a half sign-in.
        """
        now = clock.now()
        is_full = is_proved or not account.has_factor
        token = tokens.new_token()
        sign_in = SignIn(
            person_id=account.person_id,
            token_hash=tokens.hash_token(token),
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
        return IssuedSignIn(token, sign_in.id, account.person_id, is_full, must_enrol, sign_in.expires_at)

    def is_known(self, device: Device, account: sa.ColumnElement[bool]) -> bool:
        """Whether somebody with this account has signed in whole on the device, within the last weeks."""
        statement = sa.select(SignIn.id).join(Account, Account.person_id == SignIn.person_id)
        shown = SignIn.token_hash == tokens.hash_token(device.last_token)
        return self.db.scalar(statement.where(account, shown, SignIn.is_full).limit(1)) is not None

    def complete(self, token: str, code: str, device: Device) -> IssuedSignIn | CodeRefused:
        """A whole sign-in for a half one and a code of the second factor, or one from paper.

        A refusal is returned, not raised, because it has to be counted. Raises `SignInRefused`
        when there is no such half sign-in any more.
        """
        half = self._of(token)
        account = lock_for_writing(self.db, Account, half.person_id) if half else None
        if half is None or account is None or half.is_full or not self._is_usable(half, account):
            raise SignInRefused
        if not (accept_totp(self.db, account, code) or self._takes_recovery(account, code)):
            half.failures += 1
            refused.warning("A second step was refused, from %s", device.kept_address)
            log.record(self.db, "sign_in.code_refused", actor=NOBODY, person=str(account.person_id))
            if half.failures >= TRIES:
                half.ended_at = clock.now()
                notify_account(self.db, account, "codes_refused")
            return CodeRefused(left=max(TRIES - half.failures, 0))
        half.ended_at = clock.now()
        return self.issue(account, device, is_proved=True)

    def find(self, token: str) -> TokenOwner | None:
        """What belongs to the token of a sign-in or, if it begins like one, of a program."""
        is_program = token.startswith(tokens.PROGRAM)
        if is_program and not tokens.is_program_token(token):
            return None
        kind = ApiToken if is_program else SignIn
        rows = self.db.execute(_lookup(kind), {"shown": tokens.hash_token(token)}).all()
        return TokenOwner(rows[0], kind, actor_of(self.db, rows)) if rows else None

    def note(self, found: TokenOwner) -> None:
        """Write down that it was used now."""
        self.db.execute(sa.update(found.kind).where(found.kind.id == found.row.token_id).values(seen_at=clock.now()))

    def sign_out(self, token: str) -> None:
        """End the sign-in of this token, if there is one."""
        sign_in = self._of(token)
        if sign_in is not None:
            self._end(sign_in, actor=self.db.get_one(Person, sign_in.person_id).as_actor())

    def open_ones(self, *, actor: Actor) -> Sequence[SignIn]:
        """The whole sign-ins of the one who asks that are still good, the last used first."""
        now = clock.now()
        return self.db.scalars(
            sa.select(SignIn)
            .where(SignIn.person_id == policy.own_account(actor), SignIn.is_full, SignIn.ended_at.is_(None))
            .where(SignIn.expires_at > now, SignIn.seen_at > now - IDLE)
            .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        ).all()

    def end(self, sign_in_id: UUID, *, actor: Actor) -> None:
        """End one's own sign-in, wherever it is; raises `NotFound`."""
        sign_in = self.db.get(SignIn, sign_in_id)
        if sign_in is None or sign_in.person_id != policy.own_account(actor) or sign_in.ended_at is not None:
            raise NotFound(what="sign_in", id=str(sign_in_id))
        self._end(sign_in, actor=actor)

    def end_others(self, *, actor: Actor, keep: UUID | None) -> int:
        """End one's own sign-ins except the one to `keep`; says how many."""
        others = [sign_in for sign_in in self.open_ones(actor=actor) if sign_in.id != keep]
        for sign_in in others:
            self._end(sign_in, actor=actor)
        return len(others)

    def _end(self, sign_in: SignIn, *, actor: Actor) -> None:
        if sign_in.ended_at is None:
            sign_in.ended_at = clock.now()
            log.record(self.db, "sign_in.ended", actor=actor, sign_in=str(sign_in.id))

    def _is_usable(self, half: SignIn, account: Account) -> bool:
        self.db.refresh(half)  # as it is now that the account is locked
        return half.ended_at is None and not _is_expired(half) and policy.is_open(account, account.person)

    def _of(self, token: str) -> SignIn | None:
        return self.db.scalar(sa.select(SignIn).where(SignIn.token_hash == tokens.hash_token(token)))

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
        notify_account(self.db, account, "recovery_code_used")
        return True


def secret_context(account: Account) -> str:
    """What the sealed secret of a second factor is about: moved to another account, it opens nothing."""
    return f"account.totp_secret {account.person_id}"


def accept_totp(db: Db, account: Account, code: str) -> bool:
    """Whether this is a code of the account's second factor that was not used before; from now on it is."""
    if account.totp_secret is None:
        return False
    secret = sealer(db).open(account.totp_secret, about=secret_context(account))
    step = totp.matching_step(secret, code, at=clock.now(), after=account.totp_counter) if secret else None
    if secret is None or step is None:
        return False
    account.totp_counter = step
    if account.totp_secret == secret:  # kept by a version that sealed nothing
        account.totp_secret = sealer(db).seal(secret, about=secret_context(account))
    return True


def notify_account(db: Db, account: Account, what: str, *, to: str = "") -> None:
    """Tell the person by letter what happened to their account, at the address given or at their own."""
    person = account.person
    outbox.queue_letter(
        db,
        "security_notice",
        to=to or account.email,
        language=person.language,
        person_id=person.id,
        what=what,
        path=f"/{person.language}/account",
    )


def identify(found: TokenOwner | None) -> SignedInPerson | None:
    """Who acts with this token; nobody when it is not open."""
    if found is None or not found.is_open:
        return None
    row, whole = found.row, found.whole
    has_factor = row.totp_since is not None
    is_full = found.is_program or row.is_full
    within = row.within if found.is_program else None
    return SignedInPerson(
        id=row.token_id,
        person_id=row.id,
        actor=policy.with_counting_rights(whole, has_factor=has_factor, within=within) if is_full else NOBODY,
        is_full=is_full,
        must_enrol=not has_factor and policy.needs_factor(whole.mandates, clock.now()),
        is_read_only=found.is_program and row.is_read_only,
        is_program=found.is_program,
        name=whole.name,
        language=row.language,
    )


@cache
def _lookup(kind: type[SignIn | ApiToken]) -> sa.Select[*tuple[Any, ...]]:
    """What every request asks first, put together once."""
    token, account, person = (model.__table__ for model in (kind, Account, Person))
    own = (token.c.is_full,) if kind is SignIn else (token.c.is_read_only, token.c.forum_id.label("within"))
    return (
        sa.select(
            token.c.id.label("token_id"), *(token.c[name] for name in ("ended_at", "expires_at", "seen_at")), *own
        )
        .add_columns(account.c.closed_at, account.c.totp_since, person.c.erased_at, person.c.language)
        .add_columns(sa.select(ClockMark.at).scalar_subquery().label("mark"), *ACTOR_COLUMNS)
        .select_from(
            WITH_MANDATES.join(token, token.c.person_id == person.c.id).join(
                account, account.c.person_id == person.c.id
            )
        )
        .where(token.c.token_hash == sa.bindparam("shown"))
    )


_BROWSERS: Sequence[tuple[str, str]] = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Sequence[tuple[str, str]] = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux|X11", "Linux"),
)


def browser_name(agent: str) -> tuple[str, str]:
    """The browser and the system that a User-Agent header names; "" for what is not known."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if re.search(mark, agent)), "")
    return browser, system
