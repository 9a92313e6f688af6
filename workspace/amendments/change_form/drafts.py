"""Amendments that somebody is still writing: kept on the server for their author alone, on whatever device.

Nothing of a draft is in the log or in an export: it is nobody else's until it is
filed. Where two tabs write on one draft, the later one does not overwrite what
it has not seen; a door keeps its words as a draft of their own.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from workspace.amendments.change_form.entries import ChangeEntry
from workspace.amendments.domain import policy
from workspace.amendments.domain.models import AmendmentDraft
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound, Stale
from workspace.core.events import PersonErased
from workspace.core.storage.db import Db, lock_for_writing, new_id
from workspace.declarations.domain.models import Declaration

MOST_DRAFTS = 50  # of one person in one declaration
MOST_CHANGES = 50
LONGEST_DRAFT = 200_000  # characters, all fields together


class DraftContent(Struct, frozen=True, kw_only=True):
    """An unfinished amendment: the language, what it stands on, and what its author has written so far.

    `base` is the number and `head` the id of the revision that was shown. `amends`
    is the number of the amendment that it amends, `revises` that of the one it
    writes anew, or 0. `place` is the entry that its author was at.
    """

    language: str
    base: int
    head: str = ""
    amends: int = 0
    revises: int = 0
    entries: tuple[ChangeEntry, ...] = ()
    place: int = 0
    reason: str = ""
    is_indivisible: bool = False
    cosponsors: tuple[str, ...] = ()

    def is_about(self, block_id: str, *, amends: int = 0, revises: int = 0) -> bool:
        """Whether it changes this paragraph, of the text or of that amendment."""
        is_there = any(entry.block == block_id for entry in self.entries)
        return is_there and (self.amends, self.revises) == (amends, revises)


class AmendmentDraftService:
    """The drafts of one person; nobody else's are ever seen."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def of(self, declaration: Declaration, *, actor: Actor) -> list[AmendmentDraft]:
        """One's own drafts in this declaration, the one kept last first."""
        statement = sa.select(AmendmentDraft).where(
            AmendmentDraft.declaration_id == declaration.id, AmendmentDraft.person_id == actor.person_id
        )
        return list(self.db.scalars(statement.order_by(AmendmentDraft.kept_at.desc(), AmendmentDraft.id)))

    def get(self, draft_id: UUID, *, actor: Actor) -> AmendmentDraft:
        """Raises `NotFound` for one that is not there, or is somebody else's."""
        draft = self.db.get(AmendmentDraft, draft_id)
        if draft is None or actor.person_id is None or draft.person_id != actor.person_id:
            raise NotFound(what="draft", id=str(draft_id))
        return draft

    def begin(self, declaration: Declaration, content: DraftContent, *, actor: Actor) -> AmendmentDraft:
        """Keep something new; raises `Invalid` for too much of it, or for too many drafts."""
        _ensure_may_write(actor, declaration)
        if len(self.of(declaration, actor=actor)) >= MOST_DRAFTS:
            raise Invalid(field="draft", reason="too_many", limit=MOST_DRAFTS)
        now = clock.now()
        draft = AmendmentDraft(declaration_id=declaration.id, person_id=actor.person_id, begun_at=now)
        self.db.add(draft)
        return self._kept(draft, content)

    def keep(self, draft_id: UUID, content: DraftContent, *, expected: UUID, actor: Actor) -> AmendmentDraft:
        """Put newer words in the place of those of version `expected`; raises `Stale` where others were kept since."""
        lock_for_writing(self.db, AmendmentDraft, draft_id)
        draft = self.get(draft_id, actor=actor)
        _ensure_may_write(actor, self.db.get_one(Declaration, draft.declaration_id))
        if draft.version != expected:
            raise Stale(expected=str(expected), head=str(draft.version))
        return self._kept(draft, content)

    def discard(self, draft_id: UUID, *, actor: Actor) -> None:
        """Throw a draft of one's own away, for good."""
        self.db.delete(self.get(draft_id, actor=actor))
        self.db.flush()

    def _kept(self, draft: AmendmentDraft, content: DraftContent) -> AmendmentDraft:
        _ensure_bearable(content)
        draft.content, draft.version, draft.kept_at = msgspec.to_builtins(content), new_id(), clock.now()
        self.db.flush()
        return draft


def content_of(draft: AmendmentDraft) -> DraftContent:
    return msgspec.convert(draft.content, DraftContent)


def latest_about(
    drafts: Sequence[AmendmentDraft], block_id: str, *, amends: int = 0, revises: int = 0
) -> AmendmentDraft | None:
    """The one kept last that changes this paragraph."""
    return next(
        (draft for draft in drafts if content_of(draft).is_about(block_id, amends=amends, revises=revises)), None
    )


def forget(db: Db, event: PersonErased) -> None:
    """What somebody had not filed goes with them."""
    db.execute(sa.delete(AmendmentDraft).where(AmendmentDraft.person_id == event.person_id))


def _ensure_may_write(actor: Actor, declaration: Declaration) -> None:
    if not policy.may_prepare(actor, declaration):
        raise NotAllowed(action="amendment.propose")


def _ensure_bearable(content: DraftContent) -> None:
    if len(content.entries) > MOST_CHANGES:
        raise Invalid(field="changes", reason="too_many", limit=MOST_CHANGES)
    written = sum(len(entry.wording) + len(entry.addition) for entry in content.entries) + len(content.reason)
    if written > LONGEST_DRAFT:
        raise Invalid(field="changes", reason="too_long", limit=LONGEST_DRAFT)
