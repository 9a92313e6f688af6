"""Amendments that somebody is still writing (`workspace/declarations/domain/personal_drafts.py`)."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from workspace.amendments.change_form.entries import ChangeEntry
from workspace.amendments.domain import policy
from workspace.amendments.domain.models import AmendmentDraft
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.personal_drafts import DraftService

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


class AmendmentDraftService(DraftService[AmendmentDraft, DraftContent]):
    """The unfinished amendments of one person."""

    model = AmendmentDraft

    def ensure_may_keep(self, actor: Actor, declaration: Declaration, content: DraftContent) -> None:
        """For whoever may prepare an amendment; raises `Invalid` for too many changes, or too long ones."""
        if not policy.may_prepare(actor, declaration):
            raise NotAllowed(action="amendment.propose")
        if len(content.entries) > MOST_CHANGES:
            raise Invalid(field="changes", reason="too_many", limit=MOST_CHANGES)
        written = sum(len(entry.wording) + len(entry.addition) for entry in content.entries) + len(content.reason)
        if written > LONGEST_DRAFT:
            raise Invalid(field="changes", reason="too_long", limit=LONGEST_DRAFT)


def content_of(draft: AmendmentDraft) -> DraftContent:
    return msgspec.convert(draft.content, DraftContent)


def latest_about(
    drafts: Sequence[AmendmentDraft], block_id: str, *, amends: int = 0, revises: int = 0
) -> AmendmentDraft | None:
    """The one kept last that changes this paragraph."""
    return next(
        (draft for draft in drafts if content_of(draft).is_about(block_id, amends=amends, revises=revises)), None
    )
