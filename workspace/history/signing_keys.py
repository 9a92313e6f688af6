"""Signing keys: their folder, who answers for a change, and which key is in force."""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct
from msgspec.structs import replace

from drafts.base.transparency_log import PublicKey
from workspace.approvals.models import ApprovalRequest, Matter, Outcome
from workspace.approvals.service import ApprovalService, LogKinds, Rule
from workspace.core import clock
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.errors import BadFile, Invalid, NoKey, NotAllowed, NotFound, required
from workspace.core.settings import Settings
from workspace.core.storage import log
from workspace.core.storage.db import Db, Store
from workspace.core.storage.log import LogEntry
from workspace.core.validation import needed_reason
from workspace.people.models import Mandate, Person

NAME = "declaration-workspace"  # under which checkpoints are signed
_FOR_ME, _MINE = 0o600, 0o700


class KeyFolder:
    """Private keys as files named after the hint of their public key."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self) -> PublicKey:
        """Make a new key; raises `BadFile` where the folder cannot be written."""
        private = Ed25519PrivateKey.generate()
        public = _public(private)
        words = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        try:
            self.path.mkdir(mode=_MINE, parents=True, exist_ok=True)
            descriptor = os.open(self._file(public.hint.hex()), os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FOR_ME)
            with os.fdopen(descriptor, "wb") as file:
                file.write(words)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise BadFile(source=str(self.path), reason="not_written") from error
        return public

    def has(self, hint: str) -> bool:
        return self._file(hint).is_file()

    def open(self, hint: str) -> Ed25519PrivateKey:
        """The private key; raises `NoKey` where it is not there, or is not the one it is named after."""
        try:
            private = serialization.load_pem_private_key(self._file(hint).read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise NoKey(folder=str(self.path), reason="not_there") from error
        if not isinstance(private, Ed25519PrivateKey) or _public(private).hint.hex() != hint:
            raise NoKey(folder=str(self.path), reason="not_there")
        return private

    def _file(self, hint: str) -> Path:
        return self.path / f"{hint}.pem"


def _public(private: Ed25519PrivateKey) -> PublicKey:
    return PublicKey(NAME, private.public_key().public_bytes_raw())


ENOUGH = 2


class KeyHolders(Struct, frozen=True):
    """Who asks for another key, and who confirms it; names of administrators, as a command gives them."""

    asks: str = ""
    confirms: str = ""


class KeyRule(Rule[None], frozen=True, kw_only=True):
    """Asked and confirmed at one moment, by administrators of whom the operator says who they are."""

    def lock(self, db: Db, subject: None) -> None:
        """Nothing is: the log, which the change is written to, is locked by that."""

    def subject_ids(self, subject: None) -> Mapping[str, UUID]:  # noqa: ARG002  (the signature is that of every rule)
        return {}

    def ensure_may_ask(self, actor: Actor, subject: None) -> None:
        """Whoever is an administrator, which was asked already."""

    def may_confirm(self, actor: Actor, subject: None, request: ApprovalRequest) -> bool:  # noqa: ARG002  (the signature is that of every rule)
        return actor.person_id != request.requested_by_id


SIGNING_KEY = KeyRule(matter=Matter.SIGNING_KEY, action="signing_key.manage", kinds=LogKinds())


def answering_ids(db: Db, holders: KeyHolders) -> tuple[UUID, ...]:
    """The ids of the two who answer; nobody's where a workspace has fewer than two administrators and names none.

    Raises `Invalid` where two are needed and not named, or are the same, and `NotFound` for a name that no
    administrator has, or that two of them share.
    """
    known = _administrators(db)
    if not holders.asks and not holders.confirms and len(known) < ENOUGH:
        return ()
    if not holders.asks or not holders.confirms:
        raise Invalid(field="second", reason="two_key_holders")
    asks, confirms = (_named(known, name) for name in (holders.asks, holders.confirms))
    approvals = ApprovalService(db)
    approvals.ask(SIGNING_KEY, None, actor=asks.as_actor())
    request = approvals.confirm(SIGNING_KEY, None, actor=confirms.as_actor())
    approvals.end(request, Outcome.CONFIRMED, actor=confirms.as_actor())
    return asks.id, confirms.id


def _administrators(db: Db) -> list[Person]:
    held = db.scalars(sa.select(Mandate).where(Mandate.role == Role.ADMIN))
    ids = {mandate.person_id for mandate in held if mandate.as_held().covers(clock.now())}
    return list(db.scalars(sa.select(Person).where(Person.id.in_(ids)).order_by(Person.id)))


def _named(known: list[Person], name: str) -> Person:
    found = [person for person in known if person.name == name]
    if len(found) != 1:
        raise NotFound(what="person", id=name)
    return found[0]


NOBODY_NAMED = KeyHolders()
_KINDS = ("key.created", "key.retired", "key.revoked")


class KeyEnd(StrEnum):
    """Why a key signs no more."""

    RETIRED = "retired"  # another one took its place
    REVOKED = "revoked"  # somebody else may have it


class KnownKey(Struct, frozen=True):
    """A public key and the entries of the log between which it is in force: from `since` on, and before `until`."""

    public: PublicKey
    since: int
    made_at: datetime
    until: int | None = None
    end: KeyEnd | None = None
    reason: str = ""

    @property
    def hint(self) -> str:
        return self.public.hint.hex()

    def signs(self, size: int) -> bool:
        """Whether a checkpoint of this many entries can bear its signature."""
        return self.since <= size and (self.until is None or size < self.until)


class KeyService:
    """Signing keys: made, replaced and revoked at the machine itself, by its operator.

    Two administrators answer for every change but the first key (`answering_ids`): `Invalid` or `NotFound` otherwise.
    """

    def __init__(self, db: Db, folder: KeyFolder) -> None:
        self.db = db
        self.folder = folder

    def create(self, *, actor: Actor, holders: KeyHolders = NOBODY_NAMED) -> KnownKey:
        """Make a key where none is in force; raises `Invalid` when one is in force already: that one is rotated."""
        _ensure_operator(actor)
        if (known := current_key(self.db)) is not None:
            raise Invalid(field="key", reason="key_in_force", given=known.hint)
        return self._begin(actor, answering_ids(self.db, holders) if known_keys(self.db) else ())

    def rotate(self, *, actor: Actor, holders: KeyHolders = NOBODY_NAMED) -> KnownKey:
        """Put a new key in the place of the one in force; what that one signed stays good. Raises `NoKey`."""
        _ensure_operator(actor)
        before = self.in_force()
        by = answering_ids(self.db, holders)
        after = self._begin(actor, by)
        self._record("key.retired", by, actor=actor, key=before.hint, successor=after.hint)
        return after

    def revoke(self, hint: str, *, reason: str, actor: Actor, holders: KeyHolders = NOBODY_NAMED) -> KnownKey:
        """End a key for good; raises `NotFound`, and `Invalid` without a reason or when it was revoked before.

        Nothing that is signed with it from here on counts. What it signed before stands where a
        copy outside the machine is older than the theft.
        """
        _ensure_operator(actor)
        known = {key.hint: key for key in known_keys(self.db)}
        if hint not in known:
            raise NotFound(what="key", id=hint)
        why = needed_reason(reason)
        if known[hint].end is KeyEnd.REVOKED:
            raise Invalid(field="key", reason="key_revoked", given=hint)
        by = answering_ids(self.db, holders)
        self._record("key.revoked", by, actor=actor, key=hint, reason=why)
        return next(key for key in known_keys(self.db) if key.hint == hint)

    def in_force(self) -> KnownKey:
        """The key that signs now; raises `NoKey`."""
        return required(current_key(self.db), NoKey(folder=str(self.folder.path), reason="none"))

    def _begin(self, actor: Actor, by: Sequence[UUID]) -> KnownKey:
        public = self.folder.create()
        self._record("key.created", by, actor=actor, key=public.hint.hex(), public=public.line)
        return next(key for key in known_keys(self.db) if key.hint == public.hint.hex())

    def _record(self, kind: str, by: Sequence[UUID], *, actor: Actor, **facts: log.Fact) -> None:
        if by:  # the two who answer for it, by their ids
            facts["by"] = [str(person_id) for person_id in by]
        log.record(self.db, kind, actor=actor, forum_id=None, declaration_id=None, **facts)


def key_service(db: Db, settings: Settings) -> KeyService:
    """The keys of this database, in the folder of these settings."""
    return KeyService(db, KeyFolder(Path(settings.keys)))


def make_first_key(store: Store, settings: Settings) -> KnownKey | None:
    """Make the first signing key of a new workspace; None where the log knows one already."""
    with store.reading() as db:
        if known_keys(db):
            return None
    with store.writing() as db:
        return key_service(db, settings).create(actor=OPERATOR)


def known_keys(db: Db) -> list[KnownKey]:
    """Every key that the log knows, oldest first."""
    statement = sa.select(LogEntry.sequence, LogEntry.kind, LogEntry.at, LogEntry.entry)
    rows = db.execute(statement.where(LogEntry.kind.in_(_KINDS)).order_by(LogEntry.sequence))
    known: dict[str, KnownKey] = {}
    for sequence, kind, at, entry in rows:
        _follow(known, kind, sequence, at, json.loads(entry)["facts"])
    return list(known.values())


def current_key(db: Db) -> KnownKey | None:
    """The key in force, or None."""
    return next((key for key in reversed(known_keys(db)) if key.until is None), None)


def _follow(known: dict[str, KnownKey], kind: str, sequence: int, at: datetime, facts: Mapping[str, Any]) -> None:
    hint = str(facts["key"])
    if kind == "key.created":
        known[hint] = KnownKey(PublicKey.read(str(facts["public"])), sequence, at)
    elif hint in known:
        before, end = known[hint], KeyEnd(kind.removeprefix("key."))
        until = sequence if before.until is None else before.until
        known[hint] = replace(before, until=until, end=end, reason=str(facts.get("reason", "")))


def _ensure_operator(actor: Actor) -> None:
    if not actor.is_operator:
        raise NotAllowed(action="signing_key.manage")
