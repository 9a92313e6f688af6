"""Readiness, publication and editions, as JSON and byte for byte."""

import hashlib
import mimetypes
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from msgspec import Meta, Struct

from drafts.formats.bundle import BUNDLE
from drafts.formats.edition import MANIFEST
from drafts.text.blocks import Language
from workspace.approvals.models import ApprovalRequest
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db
from workspace.declarations.api import Readable, declared, opened, withdraw_request
from workspace.declarations.domain.models import Declaration
from workspace.editions.checklist import ParagraphStops, StopLine, checklist
from workspace.editions.domain import policy
from workspace.editions.domain.annexes import UnfinishedLanguage
from workspace.editions.domain.edition_store import files_kept
from workspace.editions.domain.models import Edition
from workspace.editions.domain.policy import PUBLICATION
from workspace.editions.domain.publication import (
    Blocker,
    Contested,
    Dangling,
    EditionService,
    Unsigned,
    publication_terms,
)
from workspace.editions.domain.queries import corrected_by, corrected_numbers
from workspace.editions.verification.bundle import bundle_of
from workspace.translations.views.overview import TranslationLinks
from workspace.web.api import GONE, Number, answer, reads, writes
from workspace.web.approvals import RefusalIn
from workspace.web.http.preconditions import IfNoneMatch, matches_version
from workspace.web.http.request_context import Body, FromPath, FromQuery, PathId, Work
from workspace.web.refusals.check_sentences import said

Previewed = Annotated[Declaration, declared(policy.may_preview)]
WithEditions = Annotated[Declaration, declared(policy.may_read_editions)]


class ContradictionOut(Struct, frozen=True, kw_only=True):
    """An error between the three languages that nobody has let stand; it stops publication too."""

    block_id: UUID
    language: Language
    check: str
    message: str


class PublicationRequestIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked for: the day of adoption, today or as recorded where none is given, and when it comes out.

    `release` as the clock shows it in `zone`; without one, at once.
    """

    adopted_on: date | None = None
    release: Annotated[str, Meta(max_length=40)] = ""
    zone: Annotated[str, Meta(max_length=60)] = ""


class PublicationRequestOut(Struct, frozen=True, kw_only=True):
    """A call for publishing `revision_id`, which waits for a second person; void once the text has moved on.

    They confirm the day and the place of the adoption with it, and when it comes out: null, at once.
    """

    revision_id: UUID
    requested_by_id: UUID
    requested_at: datetime
    adopted_on: date
    place: str
    release_at: datetime | None

    @classmethod
    def of(cls, request: ApprovalRequest) -> "PublicationRequestOut":
        terms = publication_terms(request)
        return filled(cls, request, adopted_on=terms.adopted_on, place=terms.place, release_at=terms.release_at)


class DeceivingNameOut(Shape, frozen=True, kw_only=True):
    """A name with deceptive characters, and whose it is; it stops publication too."""

    kind: str
    id: UUID
    name: str


class ReadinessOut(Struct, frozen=True, kw_only=True):
    """What stops publication, and who has asked for it. Nothing in any of the lists of it: it may go out.

    The same once more, with what else is open, as a person settles it: of the `whole` text, then by paragraph.
    """

    blockers: Sequence[Blocker]
    dangling: Sequence[Dangling]
    undecided: Sequence[int]
    contradictions: list[ContradictionOut]
    unsigned: Sequence[Unsigned]
    contested: Sequence[Contested]
    unfinished: Sequence[UnfinishedLanguage]
    names: list[DeceivingNameOut]
    whole: Sequence[StopLine]
    paragraphs: Sequence[ParagraphStops]
    request: PublicationRequestOut | None


class PublicationIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The second person's word: publish, as adopted on the day that was asked for."""

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
        return filled(cls, edition, corrects=corrects)


class EditionsOut(Struct, frozen=True, kw_only=True):
    """The editions of a declaration, newest first; `latest` is the number of the newest."""

    items: list[EditionLine]
    latest: int | None = None


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


_BYTES = "application/octet-stream"
_AS_A_FILE = {"Content-Security-Policy": "default-src 'none'; sandbox"}
_KEPT_BY_CACHES = {"Cache-Control": "public, no-cache"}  # kept by anyone, and asked about by its entity tag
_UNCHANGED = 304


class PublicationApi(Controller):
    """Readiness and publication."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Editions",)

    @reads("/readiness", policy="edition.preview")
    def read_readiness(self, work: Work, db: Db, declaration: Previewed) -> ReadinessOut:
        """Read what stops publication, in the order of the text, and who has asked for it."""
        service = EditionService(db)
        request = service.pending(declaration)
        ways = TranslationLinks(work, declaration.forum.slug, declaration.slug)
        found = service.obstacles(declaration)
        listed = checklist(db, ways, declaration, found)
        contradictions = [
            filled(ContradictionOut, each, check=each.finding.check, message=said(each.finding, work.messages))
            for each in found.contradictions
        ]
        return filled(
            ReadinessOut,
            found,
            contradictions=contradictions,
            whole=listed.whole,
            paragraphs=listed.paragraphs,
            request=PublicationRequestOut.of(request) if request else None,
        )

    @reads("/preview/{name:str}", 409, media_type=_BYTES, policy="edition.preview")
    def preview_file(
        self,
        db: Db,
        actor: Actor,
        declaration: Previewed,
        name: FromPath[str],
        adopted_on: FromQuery[date | None] = None,
    ) -> Response[bytes]:
        """Make one file of the next edition from what is in force now; nothing is kept of it.

        Without a date, as if it were adopted today.
        """
        day = adopted_on or clock.today(declaration.forum.timezone)
        response = answer(EditionService(db).preview(declaration, name, adopted_on=day, actor=actor))
        response.media_type = mimetypes.guess_type(name)[0] or _BYTES
        response.headers.update(_AS_A_FILE | _attached(name))
        return response

    @writes("/publication-request", 409, policy="edition.publish")
    def request_publication(
        self, db: Db, actor: Actor, declaration: Readable, data: Body[PublicationRequestIn | None] = None
    ) -> PublicationRequestOut:
        """Ask for publication; a second person confirms it, as it was asked for."""
        wanted = data or PublicationRequestIn()
        when = {"release": wanted.release, "zone": wanted.zone}
        made = EditionService(db).request(declaration, actor=actor, adopted_on=wanted.adopted_on, **when)
        return PublicationRequestOut.of(made)

    @writes("/publication-request/withdrawal", status=GONE, policy="edition.publish")
    def drop_publication_request(self, work: Work, declaration_id: PathId) -> None:
        """Take back your own request for publication."""
        withdraw_request(work, declaration_id, PUBLICATION)

    @writes("/publication-request/refusal", status=GONE, policy="edition.publish")
    def decline_publication(self, work: Work, declaration_id: PathId, data: Body[RefusalIn]) -> None:
        """Decline another person's request for publication with a reason, which they are told."""
        withdraw_request(work, declaration_id, PUBLICATION, reason=data.reason)

    @writes("/publication", 409, 412, policy="edition.publish")
    def publish_edition(self, work: Work, declaration_id: PathId, data: Body[PublicationIn]) -> Response[EditionOut]:
        """Confirm another person's request: freeze the text, make its files and close the declaration."""
        with work.reading() as db:
            actor = work.actor
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_publish)
            prepared = EditionService(db).prepare_requested(declaration, adopted_on=data.adopted_on, actor=actor)
        with work.writing() as db:
            published = _with_files(db, EditionService(db).publish(declaration_id, prepared, actor=actor))
        return answer(published, location=_address(declaration_id, published.edition.number))


class EditionApi(Controller):
    """Published editions: for anyone to read, keep and verify."""

    path = "/api/declarations/{declaration_id:uuid}/editions"
    tags = ("Editions",)

    @reads("/", policy="edition.read_verify")
    def list_editions(self, db: Db, declaration: WithEditions) -> EditionsOut:
        """List the editions, newest first."""
        editions = EditionService(db).editions(declaration)
        corrected = corrected_numbers(db, declaration)
        lines = [EditionLine.of(edition, corrected.get(edition.id)) for edition in editions]
        return EditionsOut(items=lines, latest=lines[0].number if lines else None)

    @reads("/latest", policy="edition.read_verify")
    def read_latest_edition(self, db: Db, actor: Actor, declaration: WithEditions) -> EditionOut:
        """Read the newest edition, whichever it is."""
        return _with_files(db, EditionService(db).newest(declaration, actor=actor))

    @reads("/{number:str}", policy="edition.read_verify")
    def read_edition(self, db: Db, actor: Actor, declaration_id: PathId, number: Number) -> EditionOut:
        """Read one edition and where its files are."""
        return _with_files(db, _edition(db, declaration_id, number, actor=actor))

    @reads("/{number:str}/manifest", media_type=_BYTES, policy="edition.read_verify")
    def read_manifest(
        self, work: Work, declaration_id: PathId, number: Number, if_none_match: IfNoneMatch = None
    ) -> Response[bytes]:
        """Read the list of hashes that the edition is verified by, byte for byte."""
        return _file(work, declaration_id, number, MANIFEST, if_none_match)

    @reads("/{number:str}/bundle", media_type=_BYTES, policy="edition.read_verify")
    def read_bundle(
        self, work: Work, declaration_id: PathId, number: Number, if_none_match: IfNoneMatch = None
    ) -> Response[bytes]:
        """Read everything in one archive: the files, the decisions, the proofs and the signature.

        `workspace verify` checks it offline. Its bytes are the same each time, once it is signed and a checkpoint
        of the log vouches for it, which takes a minute after publication.
        """
        actor = work.actor
        with work.reading() as db:
            content = bundle_of(db, _edition(db, declaration_id, number, actor=actor))
        digest = hashlib.sha256(content).hexdigest()
        return _bytes(BUNDLE, content, digest, "application/zip", if_none_match)

    @reads("/{number:str}/files/{name:str}", media_type=_BYTES, policy="edition.read_verify")
    def read_edition_file(
        self, work: Work, declaration_id: PathId, number: Number, name: FromPath[str], if_none_match: IfNoneMatch = None
    ) -> Response[bytes]:
        """Read one file of an edition, byte for byte. Its `ETag` is its SHA-256."""
        return _file(work, declaration_id, number, name, if_none_match)


def _edition(db: Db, declaration_id: UUID, number: int, *, actor: Actor) -> Edition:
    declaration = opened(db, declaration_id, actor=actor, may=policy.may_read_editions)
    return EditionService(db).edition(declaration, number, actor=actor)


def _with_files(db: Db, edition: Edition) -> EditionOut:
    address = _address(edition.declaration_id, edition.number)
    listed = files_kept(db, edition.id)
    files = [filled(FileOut, file, href=f"{address}/files/{file.name}") for file in listed]
    corrects = corrected_by(db, edition)
    return EditionOut.of(edition, files, corrects.edition if corrects else None)


def _file(work: Work, declaration_id: UUID, number: int, name: str, if_none_match: str | None) -> Response[bytes]:
    actor = work.actor
    with work.reading() as db:
        file = EditionService(db).file(_edition(db, declaration_id, number, actor=actor), name)
        is_held = matches_version(if_none_match, file.sha256)
        content, media_type, etag = b"" if is_held else file.content, file.media_type, file.sha256
    return _bytes(name, content, etag, media_type, if_none_match)


def _bytes(name: str, content: bytes, etag: str, media_type: str, if_none_match: str | None) -> Response[bytes]:
    is_held = matches_version(if_none_match, etag)
    response = answer(b"" if is_held else content, etag=etag)
    response.media_type = media_type
    response.headers.update(_KEPT_BY_CACHES | _AS_A_FILE | _attached(name))
    if is_held:
        response.status_code = _UNCHANGED
    return response


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _address(declaration_id: UUID, number: int) -> str:
    return f"/api/declarations/{declaration_id}/editions/{number}"
