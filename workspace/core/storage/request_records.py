"""What the database keeps about requests: answers for a day (idempotency), and counters of attempts."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa
from cryptography.fernet import Fernet
from msgspec import Struct
from sqlalchemy.orm import Mapped, mapped_column

from workspace.core import clock
from workspace.core.storage.db import Db, Model

KEPT_FOR = timedelta(hours=24)


class IdempotencyRecord(Model):
    """One key that somebody has used, what for, and, once it is known, the answer."""

    __tablename__ = "kept_answer"

    key_hash: Mapped[str] = mapped_column(primary_key=True)  # of who sent it and the key
    request_hash: Mapped[str]
    sealed: Mapped[bytes | None]
    until: Mapped[datetime] = mapped_column(index=True)


class KeptResponse(msgspec.Struct, frozen=True):
    """What was answered, as it went over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class KeyClaim(Struct, frozen=True):
    """A key in the hands of `who`, for one request (its method, address, conditions and body)."""

    who: str
    key: str
    request_hash: str

    @property
    def key_hash(self) -> str:
        return hashlib.sha256(f"{self.who}\x1f{self.key}".encode()).hexdigest()

    def box(self) -> Fernet:
        """What seals the answer: made from the key, which is kept nowhere."""
        return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"answer\x1f{self.who}\x1f{self.key}".encode()).digest()))


def find_record(db: Db, claim: KeyClaim) -> IdempotencyRecord | None:
    """What is known of the key, unless its day is over."""
    row = db.get(IdempotencyRecord, claim.key_hash)
    return row if row is not None and row.until > clock.now() else None


def kept_response(row: IdempotencyRecord, claim: KeyClaim) -> KeptResponse | None:
    """The answer, if it was kept."""
    return None if row.sealed is None else msgspec.msgpack.decode(claim.box().decrypt(row.sealed), type=KeptResponse)


def claim_key(db: Db, claim: KeyClaim) -> None:
    """Claim the key in the caller's unit of work. An `IntegrityError` says that somebody was faster."""
    now = clock.now()
    db.execute(
        sa.delete(IdempotencyRecord).where(IdempotencyRecord.key_hash == claim.key_hash, IdempotencyRecord.until <= now)
    )
    db.add(IdempotencyRecord(key_hash=claim.key_hash, request_hash=claim.request_hash, until=now + KEPT_FOR))
    db.flush()


def store_response(db: Db, claim: KeyClaim, answer: KeptResponse) -> None:
    """Add the answer to a claim that was laid."""
    row = db.get(IdempotencyRecord, claim.key_hash)
    if row is not None:
        row.sealed = claim.box().encrypt(msgspec.msgpack.encode(answer))


def purge_responses(db: Db) -> None:
    """Take out what is over."""
    db.execute(sa.delete(IdempotencyRecord).where(IdempotencyRecord.until <= clock.now()))


class RateCounter(Model):
    """One thing that is counted, from its first try until `until`."""

    __tablename__ = "tally"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    until: Mapped[datetime] = mapped_column(index=True)


def count_attempt(db: Db, kind: str, *of: str, most: int, within: timedelta) -> int:
    """Count one try; the seconds to wait when there were `most` of them already, else 0.

    What is refused is not counted again, so that waiting helps.
    """
    now, key = clock.now(), _key(kind, of)
    row = db.get(RateCounter, key, with_for_update=True)
    if row is None:
        row = RateCounter(key=key, count=0, until=now + within)
        db.add(row)
    if row.until <= now:
        row.count, row.until = 0, now + within
    if row.count >= most:
        return max(1, round((row.until - now).total_seconds()))
    row.count += 1
    return 0


def reset_counter(db: Db, kind: str, *of: str) -> None:
    """Begin counting anew, because a try was the right one."""
    db.execute(sa.delete(RateCounter).where(RateCounter.key == _key(kind, of)))


def purge_counters(db: Db) -> None:
    """Take out what is over."""
    db.execute(sa.delete(RateCounter).where(RateCounter.until <= clock.now()))


def _key(kind: str, of: tuple[str, ...]) -> str:
    return hashlib.sha256("\x1f".join((kind, *of)).encode()).hexdigest()
