"""Answers that are kept for a day, so that a request which is sent twice is carried out once.

The claim on a key is written in the same unit of work as what the request changes: whatever happens afterwards,
the change and the claim are there together or not at all. The answer is added when it is known. It is kept
encrypted under the key itself, of which the table holds a hash: who steals the table can read no answer.
"""

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
from workspace.core.db import Db, Model

KEPT_FOR = timedelta(hours=24)


class KeptAnswer(Model):
    """One key that somebody has used, what for, and, once it is known, the answer."""

    __tablename__ = "kept_answer"

    key_hash: Mapped[str] = mapped_column(primary_key=True)  # of who sent it and the key
    request_hash: Mapped[str]
    sealed: Mapped[bytes | None]
    until: Mapped[datetime] = mapped_column(index=True)


class Answer(msgspec.Struct, frozen=True):
    """What was answered, as it went over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Claim(Struct, frozen=True):
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


def found(db: Db, claim: Claim) -> KeptAnswer | None:
    """What is known of the key, unless its day is over."""
    row = db.get(KeptAnswer, claim.key_hash)
    return row if row is not None and row.until > clock.now() else None


def answer_in(row: KeptAnswer, claim: Claim) -> Answer | None:
    """The answer, if it was kept."""
    return None if row.sealed is None else msgspec.msgpack.decode(claim.box().decrypt(row.sealed), type=Answer)


def lay(db: Db, claim: Claim) -> None:
    """Claim the key in the caller's unit of work. An `IntegrityError` says that somebody was faster."""
    now = clock.now()
    db.execute(sa.delete(KeptAnswer).where(KeptAnswer.key_hash == claim.key_hash, KeptAnswer.until <= now))
    db.add(KeptAnswer(key_hash=claim.key_hash, request_hash=claim.request_hash, until=now + KEPT_FOR))
    db.flush()


def keep(db: Db, claim: Claim, answer: Answer) -> None:
    """Add the answer to a claim that was laid."""
    row = db.get(KeptAnswer, claim.key_hash)
    if row is not None:
        row.sealed = claim.box().encrypt(msgspec.msgpack.encode(answer))


def purge(db: Db) -> None:
    """Take out what is over."""
    db.execute(sa.delete(KeptAnswer).where(KeptAnswer.until <= clock.now()))
