"""Commitments and what is reported of them, as programs read and send them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from msgspec import Meta, Struct

from workspace.consultation.models import Commitment, CommitmentStatus
from workspace.consultation.schemas import Short, Tongue, Words
from workspace.core.actor import Actor
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db
from workspace.editions.domain.commitments import CommitmentService, Progress
from workspace.editions.pages.follow_up import commitments_file, evidence_file
from workspace.people.frame import InForum
from workspace.web.api import DONE, ListOf, Number, reads, writes
from workspace.web.http.request_context import CurrentWork, FromPath, JSONBody


class CommitmentIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an organisation promised, for the published paragraph `block_id` where it is tied to one."""

    organisation_id: UUID
    text: Words
    language: Tongue
    due: date | None = None
    block_id: UUID | None = None


class CommitmentParagraphIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paragraph of a published edition."""

    block_id: UUID


class ReportIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far somebody got on a day, today where none is given, and until when it is now due.

    `file` is the evidence as base64, of at most 5 MB; `file_name` what it is called.
    """

    status: CommitmentStatus
    note: Words = ""
    due: date | None = None
    reported_on: date | None = None
    link: Annotated[str, Meta(max_length=500)] = ""
    file_name: Annotated[str, Meta(max_length=120)] = ""
    file: bytes = b""


class ReportOut(Shape, frozen=True, kw_only=True):
    """One report. Its file, where `file_name` is not empty, has an address of its own."""

    number: int
    status: CommitmentStatus
    reported_on: date
    note: str
    link: str
    file_name: str


class CommitmentOut(Struct, frozen=True, kw_only=True):
    """A commitment of the follow-up register, with its reports, oldest first."""

    id: UUID
    number: int
    organisation_id: UUID
    text: str
    language: str
    due: date | None
    status: CommitmentStatus
    note: str
    declaration_id: UUID | None
    block_id: UUID | None
    reports: list[ReportOut]

    @classmethod
    def of(cls, commitment: Commitment) -> "CommitmentOut":
        return filled(cls, commitment, reports=[ReportOut.of(report) for report in commitment.reports])


class CommitmentApi(Controller):
    """The follow-up register."""

    path = "/api"
    tags = ("Follow-up",)

    @reads("/forums/{forum:str}/commitments", policy="session.read")
    def list_commitments(self, db: Db, actor: Actor, forum: InForum) -> ListOf[CommitmentOut]:
        """List what was promised, what is due first before the rest."""
        rows = CommitmentService(db).register(forum, actor=actor)
        return ListOf(items=[CommitmentOut.of(commitment) for commitment in rows])

    @reads("/forums/{forum:str}/commitments/files/{form:str}", policy="session.read")
    def read_commitments_file(
        self, work: CurrentWork, db: Db, forum: InForum, form: FromPath[Short]
    ) -> Response[bytes]:
        """Read the follow-up register as `csv`, `xlsx` or `json`, in the language that is asked for."""
        return commitments_file(db, forum, form, work)

    @writes("/forums/{forum:str}/commitments", policy="commitment.keep")
    def add_commitment(self, db: Db, actor: Actor, forum: InForum, data: JSONBody[CommitmentIn]) -> CommitmentOut:
        """Note what an organisation promised."""
        return CommitmentOut.of(
            CommitmentService(db).promise(
                forum,
                data.organisation_id,
                data.text,
                language=data.language,
                due=data.due,
                block_id=data.block_id,
                actor=actor,
            )
        )

    @writes("/commitments/{commitment_id:uuid}/paragraph", status=DONE, policy="commitment.keep")
    def tie_commitment(
        self, db: Db, actor: Actor, commitment_id: FromPath[UUID], data: JSONBody[CommitmentParagraphIn]
    ) -> CommitmentOut:
        """Say which published paragraph a commitment carries out."""
        service = CommitmentService(db)
        found = service.get(commitment_id, actor=actor)
        service.tie(found, data.block_id, actor=actor)
        return CommitmentOut.of(found)

    @writes("/commitments/{commitment_id:uuid}/report", status=DONE, policy="commitment.keep")
    def report_on_commitment(
        self, db: Db, actor: Actor, commitment_id: FromPath[UUID], data: JSONBody[ReportIn]
    ) -> CommitmentOut:
        """Say how far a commitment got, with a link or a file that shows it. Earlier reports stay."""
        service = CommitmentService(db)
        found = service.get(commitment_id, actor=actor)
        service.report(found, filled(Progress, data, content=data.file), due=data.due, actor=actor)
        db.expire(found, ["reports"])
        return CommitmentOut.of(found)

    @reads("/commitments/{commitment_id:uuid}/reports/{number:str}/file", policy="session.read")
    def read_evidence(self, db: Db, actor: Actor, commitment_id: FromPath[UUID], number: Number) -> Response[bytes]:
        """Read the file of a report."""
        return evidence_file(db, CommitmentService(db).get(commitment_id, actor=actor), number)
