"""Translations that somebody is still writing (`workspace/declarations/domain/personal_drafts.py`)."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import Struct

from drafts.text.blocks import Language
from workspace.core.actor import Actor
from workspace.core.validation import ensure_short
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.personal_drafts import DraftService
from workspace.translations.domain import policy
from workspace.translations.domain.models import TranslationDraft
from workspace.translations.domain.service import TranslationService

LONGEST_TEXT = 20_000  # characters


class DraftContent(Struct, frozen=True, kw_only=True):
    """Unfinished words for one text. `expected` is the version that they are meant to replace, None for the first."""

    block_id: UUID
    language: Language
    words: str
    expected: UUID | None = None
    sources: tuple[Language, ...] = ()


class TranslationDraftService(DraftService[TranslationDraft, DraftContent]):
    """The unfinished translations of one person."""

    model = TranslationDraft

    def about(
        self, declaration: Declaration, block_id: UUID, language: Language, *, actor: Actor
    ) -> Sequence[TranslationDraft]:
        """One's own drafts of one text, the one kept last first."""
        every = [(draft, content_of(draft)) for draft in self.of(declaration, actor=actor)] if actor.person_id else []
        return [draft for draft, content in every if (content.block_id, content.language) == (block_id, language)]

    def ensure_may_keep(self, actor: Actor, declaration: Declaration, content: DraftContent) -> None:
        """For whoever translates into the language; raises `NotFound` for a paragraph that is not there."""
        policy.ensure_may_translate(actor, declaration, content.language)
        TranslationService(self.db).standing(declaration, content.block_id)
        ensure_short(content.words, LONGEST_TEXT, "text")


def content_of(draft: TranslationDraft) -> DraftContent:
    return msgspec.convert(draft.content, DraftContent)
