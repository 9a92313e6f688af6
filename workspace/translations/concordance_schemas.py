"""Signatures, reviews, claims and tasks, as programs read and write them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from drafts.blocks import Language
from workspace.translations.concordance import Agreed, Seen
from workspace.translations.models import Assignment, Claim, Concordance, Review, SignOff, Verdict


class SignatureOut(Struct, frozen=True, kw_only=True):
    """Who signed, when, and the text versions that were compared; null where a language has no text by decision."""

    id: UUID
    block_id: UUID
    es: UUID | None
    en: UUID | None
    fr: UUID | None
    note: str
    signed_by_id: UUID | None
    signed_at: datetime

    @classmethod
    def of(cls, one: Concordance) -> "SignatureOut":
        return cls(
            id=one.id,
            block_id=one.block_id,
            es=one.es_id,
            en=one.en_id,
            fr=one.fr_id,
            note=one.note,
            signed_by_id=one.signed_by_id,
            signed_at=one.signed_at,
        )


class AgreedOut(Struct, frozen=True, kw_only=True):
    """One paragraph: whether it can be signed, and the signature that holds; null where none does."""

    block_id: UUID
    is_ready: bool
    signature: SignatureOut | None


class SignOffOut(Struct, frozen=True, kw_only=True):
    """Who answers for a language of the whole text. `texts` is what a signature names; it changes with any word."""

    language: Language
    texts: str
    signed_by_id: UUID | None
    signed_at: datetime | None

    @classmethod
    def of(cls, language: Language, texts: str, one: SignOff | None) -> "SignOffOut":
        return cls(
            language=language,
            texts=texts,
            signed_by_id=one.signed_by_id if one else None,
            signed_at=one.signed_at if one else None,
        )


class ConcordanceOut(Struct, frozen=True, kw_only=True):
    """Every paragraph that wants a signature, in the order of the text, and each language as a whole."""

    is_needed: bool
    paragraphs: list[AgreedOut]
    languages: list[SignOffOut]

    @classmethod
    def of(
        cls,
        every: Sequence[Agreed],
        texts: Mapping[Language, str],
        signed: Mapping[Language, SignOff],
        *,
        is_needed: bool,
    ) -> "ConcordanceOut":
        return cls(
            is_needed=is_needed,
            paragraphs=[
                AgreedOut(
                    block_id=paragraph.row.block_id,
                    is_ready=paragraph.is_ready,
                    signature=SignatureOut.of(paragraph.signed) if paragraph.signed else None,
                )
                for paragraph in every
            ],
            languages=[SignOffOut.of(language, texts[language], signed.get(language)) for language in Language],
        )


class ComparedIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paragraph, and the text versions that were compared."""

    block_id: UUID
    es: UUID | None = None
    en: UUID | None = None
    fr: UUID | None = None

    def seen(self) -> Seen:
        return {Language.ES: self.es, Language.EN: self.en, Language.FR: self.fr}


class SignaturesIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The paragraphs that are signed."""

    paragraphs: Annotated[list[ComparedIn], Meta(min_length=1, max_length=2_000)]
    note: Annotated[str, Meta(max_length=2_000)] = ""


class SignaturesOut(Struct, frozen=True, kw_only=True):
    """The signatures that were made."""

    signatures: list[SignatureOut]


class SignOffIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The language that is answered for, and the `texts` that were read."""

    language: Language
    texts: Annotated[str, Meta(max_length=64)]


class ReviewedIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The text versions that were read, what is said of them, and why."""

    versions: Annotated[list[UUID], Meta(min_length=1, max_length=2_000)]
    verdict: Verdict
    note: Annotated[str, Meta(max_length=2_000)] = ""


class ReviewOut(Struct, frozen=True, kw_only=True):
    """What a second translator said of a text version."""

    id: UUID
    version_id: UUID
    verdict: Verdict
    note: str
    reviewed_by_id: UUID | None
    reviewed_at: datetime

    @classmethod
    def of(cls, one: Review) -> "ReviewOut":
        return cls(
            id=one.id,
            version_id=one.version_id,
            verdict=one.verdict,
            note=one.note,
            reviewed_by_id=one.reviewed_by_id,
            reviewed_at=one.reviewed_at,
        )


class ReviewsOut(Struct, frozen=True, kw_only=True):
    """What was said of texts in force, the last word of each."""

    reviews: list[ReviewOut]


class ClaimOut(Struct, frozen=True, kw_only=True):
    """Who is at work on a text, and until when."""

    block_id: UUID
    language: Language
    person_id: UUID
    until: datetime

    @classmethod
    def of(cls, one: Claim) -> "ClaimOut":
        return cls(block_id=one.block_id, language=one.language, person_id=one.person_id, until=one.until)


class AssignmentIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose work a language is to be, or one paragraph in it, and until when."""

    language: Language
    person_id: UUID
    block_id: UUID | None = None
    due_on: date | None = None


class AssignmentOut(Struct, frozen=True, kw_only=True):
    """Whose work a language is, or one paragraph in it."""

    id: UUID
    language: Language
    person_id: UUID
    block_id: UUID | None
    due_on: date | None

    @classmethod
    def of(cls, one: Assignment) -> "AssignmentOut":
        return cls(id=one.id, language=one.language, person_id=one.person_id, block_id=one.block_id, due_on=one.due_on)


class AssignmentsOut(Struct, frozen=True, kw_only=True):
    """Every task of a declaration."""

    assignments: list[AssignmentOut]
