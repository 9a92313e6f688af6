"""Readiness, publication and editions as programs read them."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct, convert

from drafts.blocks import Language
from drafts.staleness import State
from workspace.approvals.models import ApprovalRequest
from workspace.editions.models import Edition


class BlockerOut(Struct, frozen=True, kw_only=True):
    """One reason why a declaration cannot be published yet: this paragraph, in this language."""

    block_id: UUID
    number: str
    excerpt: str
    language: Language
    state: State


class DanglingOut(Struct, frozen=True, kw_only=True):
    """A text that refers to a paragraph which is not there, or has no number to print; it stops publication too."""

    block_id: UUID
    number: str
    language: Language


class ContradictionOut(Struct, frozen=True, kw_only=True):
    """An error between the three languages that nobody has let stand; it stops publication too."""

    block_id: UUID
    language: Language
    check: str
    message: str


class RequestOut(Struct, frozen=True, kw_only=True):
    """A call for publishing `revision_id`, which waits for a second person; void once the text has moved on."""

    revision_id: UUID
    requested_by_id: UUID
    requested_at: datetime

    @classmethod
    def of(cls, request: ApprovalRequest) -> "RequestOut":
        return convert(request, cls, from_attributes=True)


class UnsignedOut(Struct, frozen=True, kw_only=True):
    """What nobody has signed: a paragraph's concordance, or a whole language (then without a paragraph)."""

    block_id: UUID | None
    number: str
    language: Language | None


class ContestedOut(Struct, frozen=True, kw_only=True):
    """A paragraph that stands in brackets, and their number; it stops publication too."""

    block_id: UUID
    number: str
    bracket: int


class UnfinishedOut(Struct, frozen=True, kw_only=True):
    """An annex that lacks its title or its text in a language; it stops publication too."""

    annex_id: UUID
    title: str
    language: Language


class ReadinessOut(Struct, frozen=True, kw_only=True):
    """What stops publication, and who has asked for it. Nothing in any of the lists: it may go out."""

    blockers: list[BlockerOut]
    dangling: list[DanglingOut]
    contradictions: list[ContradictionOut]
    unsigned: list[UnsignedOut]
    contested: list[ContestedOut]
    unfinished: list[UnfinishedOut]
    request: RequestOut | None


class PublicationIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The second person's word: publish, as adopted on this day."""

    adopted_on: date


class EditionLine(Struct, frozen=True, kw_only=True):
    """A published, frozen revision. `manifest_sha256` names every byte of it.

    `corrects` is the number of the edition in which it puts slips right; null for the first.
    """

    id: UUID
    number: int
    adopted_on: date
    published_at: datetime
    manifest_sha256: str
    corrects: int | None

    @classmethod
    def of(cls, edition: Edition, corrects: int | None = None) -> "EditionLine":
        return cls(
            id=edition.id,
            number=edition.number,
            adopted_on=edition.adopted_on,
            published_at=edition.published_at,
            manifest_sha256=edition.manifest_sha256,
            corrects=corrects,
        )


class EditionsOut(Struct, frozen=True, kw_only=True):
    """The editions of a declaration, newest first."""

    items: list[EditionLine]


class FileOut(Struct, frozen=True, kw_only=True):
    """One file of an edition: where it is, how many bytes it has, and their hash."""

    name: str
    media_type: str
    size: int
    sha256: str
    href: str


class EditionOut(Struct, frozen=True, kw_only=True):
    """An edition with its files."""

    edition: EditionLine
    revision: int
    files: list[FileOut]

    @classmethod
    def of(cls, edition: Edition, files: list[FileOut], corrects: int | None = None) -> "EditionOut":
        return cls(edition=EditionLine.of(edition, corrects), revision=edition.revision.number, files=files)
