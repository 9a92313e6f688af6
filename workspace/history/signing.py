"""Which key is in force: told by the log itself, whose entries name every public key, from when to when."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from drafts.proofs import PublicKey
from workspace.core import log
from workspace.core.actor import OPERATOR, Actor
from workspace.core.db import Db, Store
from workspace.core.errors import Invalid, NoKey, NotAllowed, NotFound
from workspace.core.log import LogEntry
from workspace.core.settings import Settings
from workspace.history.key_holders import Holders, answering
from workspace.history.keys import KeyFolder

NOBODY_NAMED = Holders()
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

    Two administrators answer for every change but the first key (`key_holders`): `Invalid` or `NotFound` otherwise.
    """

    def __init__(self, db: Db, folder: KeyFolder) -> None:
        self.db = db
        self.folder = folder

    def create(self, *, actor: Actor, holders: Holders = NOBODY_NAMED) -> KnownKey:
        """Make a key where none is in force; raises `Invalid` when one is in force already: that one is rotated."""
        _ensure_operator(actor)
        if (known := current(self.db)) is not None:
            raise Invalid(field="key", reason="key_in_force", given=known.hint)
        return self._begin(actor, answering(self.db, holders) if keys(self.db) else ())

    def rotate(self, *, actor: Actor, holders: Holders = NOBODY_NAMED) -> KnownKey:
        """Put a new key in the place of the one in force; what that one signed stays good. Raises `NoKey`."""
        _ensure_operator(actor)
        before = self.in_force()
        by = answering(self.db, holders)
        after = self._begin(actor, by)
        self._record("key.retired", by, actor=actor, key=before.hint, successor=after.hint)
        return after

    def revoke(self, hint: str, *, reason: str, actor: Actor, holders: Holders = NOBODY_NAMED) -> KnownKey:
        """End a key for good; raises `NotFound`, and `Invalid` without a reason or when it was revoked before.

        Nothing that is signed with it from here on counts. What it signed before stands where a
        copy outside the machine is older than the theft.
        """
        _ensure_operator(actor)
        known = {one.hint: one for one in keys(self.db)}
        if hint not in known:
            raise NotFound(what="key", id=hint)
        if not reason.strip():
            raise Invalid(field="reason", reason="empty")
        if known[hint].end is KeyEnd.REVOKED:
            raise Invalid(field="key", reason="key_revoked", given=hint)
        by = answering(self.db, holders)
        self._record("key.revoked", by, actor=actor, key=hint, reason=reason.strip())
        return next(one for one in keys(self.db) if one.hint == hint)

    def in_force(self) -> KnownKey:
        """The key that signs now; raises `NoKey`."""
        known = current(self.db)
        if known is None:
            raise NoKey(folder=str(self.folder.path), reason="none")
        return known

    def _begin(self, actor: Actor, by: Sequence[UUID]) -> KnownKey:
        public = self.folder.create()
        self._record("key.created", by, actor=actor, key=public.hint.hex(), public=public.line)
        return next(one for one in keys(self.db) if one.hint == public.hint.hex())

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
        if keys(db):
            return None
    with store.writing() as db:
        return key_service(db, settings).create(actor=OPERATOR)


def keys(db: Db) -> list[KnownKey]:
    """Every key that the log knows, oldest first."""
    statement = sa.select(LogEntry.sequence, LogEntry.kind, LogEntry.at, LogEntry.entry)
    rows = db.execute(statement.where(LogEntry.kind.in_(_KINDS)).order_by(LogEntry.sequence))
    known: dict[str, KnownKey] = {}
    for sequence, kind, at, entry in rows:
        _follow(known, kind, sequence, at, json.loads(entry)["facts"])
    return list(known.values())


def current(db: Db) -> KnownKey | None:
    """The key in force, or None."""
    return next((one for one in reversed(keys(db)) if one.until is None), None)


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
