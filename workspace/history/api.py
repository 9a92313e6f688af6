"""Checkpoints of the log and their proofs, and what is held about oneself, as JSON."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Controller, MediaType, Response

from workspace.approvals.models import ApprovalRequest, Outcome
from workspace.core.actor import Actor
from workspace.core.errors import NotAllowed, NotFound
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db
from workspace.history.checkpoints import CheckpointService
from workspace.history.erasure import ErasureService, held_about, remaining
from workspace.history.models import SignedCheckpoint
from workspace.history.signing_keys import KnownKey, known_keys
from workspace.people.frame import InForum
from workspace.people.models import Person
from workspace.web.api import Limit, ListOf, Number, answer, list_page, number_after, reads, removes, writes
from workspace.web.approvals import RefusalIn
from workspace.web.http.request_context import CurrentWork, FromPath, FromQuery, JSONBody


class CheckpointOut(Shape, frozen=True):
    """A signed checkpoint of the log. `root` is hexadecimal; `note` is what was signed, word for word."""

    size: int
    root: str
    note: str
    key: str
    made_at: datetime


class CheckpointsOut(Shape, frozen=True):
    """Checkpoints, the newest first. `next` is the cursor of the page after this one."""

    items: Sequence[CheckpointOut]
    next: str | None


class ConsistencyOut(msgspec.Struct, frozen=True):
    """That the log of `size` entries begins with that of `since`: hashes as RFC 6962, 2.1.2, hexadecimal."""

    since: int
    size: int
    path: Sequence[str]


class InclusionOut(msgspec.Struct, frozen=True):
    """That the entry with this `sequence` is in the log of `size` entries: RFC 6962, 2.1.1; its leaf is `index`."""

    sequence: int
    index: int
    size: int
    leaf: str
    path: Sequence[str]


class KeyOut(msgspec.Struct, frozen=True):
    """A public key, and the entries of the log from which and before which it is in force."""

    key: str
    public: str
    since: int
    until: int | None
    end: str | None

    @classmethod
    def of(cls, known: KnownKey) -> "KeyOut":
        return filled(cls, known, key=known.hint, public=known.public.line)


class ErasureIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to erase (oneself, if nobody is named), and whether the words of their comments go too.

    With `replaces_in_sessions`, what sessions tell of who spoke names an erased person instead.
    """

    person_id: UUID | None = None
    withdraws_comments: bool = False
    replaces_in_sessions: bool = False


class ErasureOut(msgspec.Struct, frozen=True):
    """A request to erase a person. It is done once it has been confirmed.

    `remains` says in how many rows the name stays: `notes` of sessions, facts of `sessions`, `signatories`,
    mails and files `received`, and `words` that others wrote.
    """

    id: UUID
    person_id: UUID
    withdraws_comments: bool
    replaces_in_sessions: bool
    remains: dict[str, int]
    requested_at: datetime
    is_done: bool

    @classmethod
    def of(cls, db: Db, request: ApprovalRequest) -> "ErasureOut":
        return cls(
            remains=dict(remaining(db, db.get_one(Person, request.person_id), request)),
            replaces_in_sessions=request.details.get("replaces_in_sessions", False),
            id=request.id,
            person_id=msgspec.convert(request.person_id, UUID),
            withdraws_comments=request.details["withdraws_comments"],
            requested_at=request.requested_at,
            is_done=request.outcome is Outcome.CONFIRMED,
        )


_NOTE = "text/plain"
_OPEN = {"Cache-Control": "public, no-cache", "Access-Control-Allow-Origin": "*"}  # for anyone to compare with theirs


class CheckpointApi(Controller):
    """What the log was, signed; open to everybody."""

    path = "/api/checkpoints"
    tags = ("History",)
    opt = {"policy": "checkpoint.read"}  # noqa: RUF012  (litestar reads it from the class)

    @reads("/")
    def list_checkpoints(
        self, work: CurrentWork, cursor: FromQuery[str] = "", limit: Limit = 50
    ) -> Response[CheckpointsOut]:
        """List the checkpoints, the newest first."""
        before = number_after(cursor) or None
        with work.reading() as db:
            found = CheckpointService(db).every(before=before, limit=limit + 1)
        page = list_page(found, cursor=lambda signed_checkpoint: signed_checkpoint.size, limit=limit)
        return answer(CheckpointsOut.of(page))

    @reads("/latest", media_type=_NOTE)
    def latest_checkpoint(self, work: CurrentWork) -> Response[str]:
        """Read the newest checkpoint as the signed note that it is."""
        with work.reading() as db:
            latest = CheckpointService(db).latest()
        if latest is None:
            raise NotFound(what="checkpoint", id="latest")
        return _note(latest)

    @reads("/keys")
    def list_keys(self, db: Db) -> ListOf[KeyOut]:
        """List the public keys, and between which entries of the log each is in force."""
        return ListOf(items=[KeyOut.of(key) for key in known_keys(db)])

    @reads("/{number:str}", media_type=_NOTE)
    def read_checkpoint(self, db: Db, number: Number) -> Response[str]:
        """Read the checkpoint of that many entries as the signed note that it is."""
        return _note(CheckpointService(db).at(number))

    @reads("/{number:str}/consistency/{since:str}", 422)
    def prove_consistency(self, db: Db, number: Number, since: Number) -> ConsistencyOut:
        """Prove that the log of `number` entries begins with that of `since`."""
        path = CheckpointService(db).consistency(since, number)
        return ConsistencyOut(since=since, size=number, path=[data.hex() for data in path])

    @reads("/{number:str}/inclusion/{sequence:str}", 422)
    def prove_inclusion(self, db: Db, number: Number, sequence: Number) -> InclusionOut:
        """Prove that the entry with this sequence number is in the log of `number` entries; its words stay here."""
        leaf, path = CheckpointService(db).inclusion(sequence, number)
        return InclusionOut(
            sequence=sequence,
            index=sequence - 1,
            size=number,
            leaf=leaf.hex(),
            path=[data.hex() for data in path],
        )


def _note(made: SignedCheckpoint) -> Response[str]:
    return Response(made.note, media_type=_NOTE, headers=_OPEN)


class ErasureApi(Controller):
    """What is held about oneself, and erasing a person."""

    path = "/api"
    tags = ("Accounts",)

    @reads("/accounts/me/data", policy="own")
    def read_own_data(self, db: Db, actor: Actor) -> Response[bytes]:
        """Read everything that is held about oneself: the rows of each table."""
        content = held_about(db, _own(actor))
        return Response(content, media_type=MediaType.JSON, headers={"Cache-Control": "no-store"})

    @reads("/forums/{forum:str}/erasure-requests", policy="personal_data.erase_request")
    def list_erasure_requests(self, db: Db, actor: Actor, forum: InForum) -> ListOf[ErasureOut]:
        """List the requests of administrators about people of a forum that wait for a second administrator."""
        pending = ErasureService(db).pending_in(forum, actor=actor)
        return ListOf(items=[ErasureOut.of(db, request) for request, _ in pending])

    @writes("/erasure-requests", policy="personal_data.erase_request")
    def ask_for_erasure(self, db: Db, actor: Actor, data: JSONBody[ErasureIn]) -> ErasureOut:
        """Ask that oneself be erased, or, as an administrator, somebody else."""
        request = ErasureService(db).request(
            data.person_id or _own(actor),
            withdraws_comments=data.withdraws_comments,
            replaces_in_sessions=data.replaces_in_sessions,
            actor=actor,
        )
        return ErasureOut.of(db, request)

    @writes("/erasure-requests/{request_id:uuid}/confirmation", status=200, policy="personal_data.erase_request")
    def confirm_erasure(self, db: Db, actor: Actor, request_id: FromPath[UUID]) -> ErasureOut:
        """Confirm one's own request, or another administrator's: the person is erased for good."""
        ErasureService(db).confirm(request_id, actor=actor)
        return ErasureOut.of(db, db.get_one(ApprovalRequest, request_id))

    @removes("/erasure-requests/{request_id:uuid}", policy="personal_data.erase_request")
    def cancel_erasure(self, db: Db, actor: Actor, request_id: FromPath[UUID]) -> None:
        """Take a request of your own back, or one about yourself."""
        ErasureService(db).cancel(request_id, actor=actor)

    @writes("/erasure-requests/{request_id:uuid}/refusal", status=200, policy="personal_data.erase_request")
    def decline_erasure(
        self, db: Db, actor: Actor, request_id: FromPath[UUID], data: JSONBody[RefusalIn]
    ) -> ErasureOut:
        """Decline another administrator's request with a reason, which they are told. Write no names in it."""
        ErasureService(db).cancel(request_id, actor=actor, reason=data.reason)
        return ErasureOut.of(db, db.get_one(ApprovalRequest, request_id))


def _own(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotAllowed(action="personal_data.erase_request")
    return actor.person_id
