"""Translations that somebody is still writing, as JSON: nobody but their author ever sees them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from msgspec import Meta, Struct

from drafts.text.blocks import Language
from workspace.core.shapes import filled
from workspace.declarations.api import opened
from workspace.translations.domain import policy
from workspace.translations.domain.drafts import DraftContent, TranslationDraftService, content_of
from workspace.translations.domain.models import TranslationDraft
from workspace.web.api import answer, reads, removes, replaces, writes
from workspace.web.http.guards import FOLLOW_THE_WORK, OWN
from workspace.web.http.preconditions import IfMatch, expected_version
from workspace.web.http.request_context import FromPath, JSONBody, Work


class TranslationDraftIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Unfinished words for one text; `expected` is the version that they are meant to replace, null for the first."""

    block_id: UUID
    language: Language
    content: Annotated[str, Meta(max_length=20_000)]
    expected: UUID | None = None
    sources: Annotated[tuple[Language, ...], Meta(max_length=3)] = ()

    def to_content(self) -> DraftContent:
        return filled(DraftContent, self, words=self.content)


class TranslationDraftOut(Struct, frozen=True, kw_only=True):
    """A translation of one's own that is not saved. `version` is what the next write names in `If-Match`."""

    id: UUID
    version: UUID
    declaration_id: UUID
    block_id: UUID
    language: Language
    content: str
    expected: UUID | None
    sources: tuple[Language, ...]
    begun_at: datetime
    kept_at: datetime

    @classmethod
    def of(cls, draft: TranslationDraft) -> "TranslationDraftOut":
        kept = content_of(draft)
        return filled(
            cls,
            draft,
            block_id=kept.block_id,
            language=kept.language,
            content=kept.words,
            expected=kept.expected,
            sources=kept.sources,
        )


class TranslationDraftsOut(Struct, frozen=True, kw_only=True):
    """One's own drafts, the one kept last first."""

    items: list[TranslationDraftOut]


class TranslationDraftApi(Controller):
    """Unfinished translations."""

    path = "/api"
    tags = ("Texts",)

    @reads("/declarations/{declaration_id:uuid}/translation-drafts", policy=FOLLOW_THE_WORK)
    def list_translation_drafts(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID]
    ) -> Response[TranslationDraftsOut]:
        """List one's own unfinished translations."""
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=work.actor, may=policy.may_follow)
            every = TranslationDraftService(db).of(declaration, actor=work.actor)
            return answer(TranslationDraftsOut(items=[TranslationDraftOut.of(draft) for draft in every]))

    @writes("/declarations/{declaration_id:uuid}/translation-drafts", policy="translation.write")
    def begin_translation_draft(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: JSONBody[TranslationDraftIn]
    ) -> Response[TranslationDraftOut]:
        """Keep an unfinished translation; the text in force stays as it is."""
        actor = work.actor
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            draft = TranslationDraftService(db).begin(declaration, data.to_content(), actor=actor)
            made = TranslationDraftOut.of(draft)
        return answer(made, etag=str(made.version), location=f"/api/translation-drafts/{made.id}")

    @reads("/translation-drafts/{draft_id:uuid}", policy=OWN)
    def read_translation_draft(
        self, work: NamedDependency[Work], draft_id: FromPath[UUID]
    ) -> Response[TranslationDraftOut]:
        """Read one of one's own unfinished translations."""
        actor = work.actor
        with work.reading() as db:
            draft = TranslationDraftOut.of(TranslationDraftService(db).get(draft_id, actor=actor))
        return answer(draft, etag=str(draft.version))

    @replaces("/translation-drafts/{draft_id:uuid}", policy="translation.write")
    def keep_translation_draft(
        self,
        work: NamedDependency[Work],
        draft_id: FromPath[UUID],
        data: JSONBody[TranslationDraftIn],
        if_match: IfMatch = None,
    ) -> Response[TranslationDraftOut]:
        """Put newer words in the place of those that `If-Match` names."""
        actor, expected = work.actor, expected_version(if_match)
        with work.writing() as db:
            draft = TranslationDraftService(db).keep(draft_id, data.to_content(), expected=expected, actor=actor)
            kept = TranslationDraftOut.of(draft)
        return answer(kept, etag=str(kept.version))

    @removes("/translation-drafts/{draft_id:uuid}", policy="translation.write")
    def discard_translation_draft(self, work: NamedDependency[Work], draft_id: FromPath[UUID]) -> None:
        """Throw an unfinished translation away."""
        actor = work.actor
        with work.writing() as db:
            TranslationDraftService(db).discard(draft_id, actor=actor)
