"""Checkpoints of the log and their proofs for programs; what is held about oneself, and erasing a person, for both."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from litestar import Controller, MediaType, Response
from msgspec import Struct

from workspace.approvals.models import ApprovalRequest, Outcome
from workspace.approvals.views import RequestView, request_view
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, existing, required
from workspace.core.shapes import MadeFile, Shape, filled
from workspace.core.storage.db import Db
from workspace.history import policy
from workspace.history.checkpoints import CheckpointService
from workspace.history.erasure import ERASURE, REMAINS, ErasureService, held_about, remaining
from workspace.history.models import SignedCheckpoint
from workspace.history.signing_keys import KnownKey, known_keys
from workspace.people.frame import FrameInForum, InForum, header_place
from workspace.people.models import Forum, Person
from workspace.people.service import PeopleService
from workspace.web import approvals
from workspace.web.api import Limit, ListOf, Number, list_page, number_after, reads, removes, writes
from workspace.web.approvals import RefusalForm, RefusalIn
from workspace.web.http.files import attachment
from workspace.web.http.request_context import Body, FormBody, FromQuery, PathId, Slug, Work
from workspace.web.http.sign_ins import SignInNeeded, require_somebody
from workspace.web.pages import Done, Page, field_errors, gives, shows, takes


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

    @reads("/", policy="checkpoint.read")
    def list_checkpoints(self, db: Db, cursor: FromQuery[str] = "", limit: Limit = 50) -> CheckpointsOut:
        """List the checkpoints, the newest first."""
        found = CheckpointService(db).every(before=number_after(cursor) or None, limit=limit + 1)
        page = list_page(found, cursor=lambda signed_checkpoint: signed_checkpoint.size, limit=limit)
        return CheckpointsOut.of(page)

    @reads("/latest", policy="checkpoint.read", media_type=_NOTE)
    def latest_checkpoint(self, db: Db) -> Response[str]:
        """Read the newest checkpoint as the signed note that it is."""
        latest = existing(CheckpointService(db).latest(), "checkpoint", "latest")
        return _note(latest)

    @reads("/keys", policy="checkpoint.read")
    def list_keys(self, db: Db) -> ListOf[KeyOut]:
        """List the public keys, and between which entries of the log each is in force."""
        return ListOf(items=[KeyOut.of(key) for key in known_keys(db)])

    @reads("/{number:str}", policy="checkpoint.read", media_type=_NOTE)
    def read_checkpoint(self, db: Db, number: Number) -> Response[str]:
        """Read the checkpoint of that many entries as the signed note that it is."""
        return _note(CheckpointService(db).at(number))

    @reads("/{number:str}/consistency/{since:str}", policy="checkpoint.read")
    def prove_consistency(self, db: Db, number: Number, since: Number) -> ConsistencyOut:
        """Prove that the log of `number` entries begins with that of `since`."""
        path = CheckpointService(db).consistency(since, number)
        return ConsistencyOut(since=since, size=number, path=[data.hex() for data in path])

    @reads("/{number:str}/inclusion/{sequence:str}", policy="checkpoint.read")
    def prove_inclusion(self, db: Db, number: Number, sequence: Number) -> InclusionOut:
        """Prove that the entry with this sequence number is in the log of `number` entries; its words stay here."""
        leaf, path = CheckpointService(db).inclusion(sequence, number)
        return InclusionOut(
            sequence=sequence, index=sequence - 1, size=number, leaf=leaf.hex(), path=[data.hex() for data in path]
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
    def ask_for_erasure(self, db: Db, actor: Actor, data: Body[ErasureIn]) -> ErasureOut:
        """Ask that oneself be erased, or, as an administrator, somebody else."""
        request = ErasureService(db).request(
            data.person_id or _own(actor),
            withdraws_comments=data.withdraws_comments,
            replaces_in_sessions=data.replaces_in_sessions,
            actor=actor,
        )
        return ErasureOut.of(db, request)

    @writes("/erasure-requests/{request_id:uuid}/confirmation", status=200, policy="personal_data.erase_request")
    def confirm_erasure(self, db: Db, actor: Actor, request_id: PathId) -> ErasureOut:
        """Confirm one's own request, or another administrator's: the person is erased for good."""
        ErasureService(db).confirm(request_id, actor=actor)
        return ErasureOut.of(db, db.get_one(ApprovalRequest, request_id))

    @removes("/erasure-requests/{request_id:uuid}", policy="personal_data.erase_request")
    def cancel_erasure(self, db: Db, actor: Actor, request_id: PathId) -> None:
        """Take a request of your own back, or one about yourself."""
        ErasureService(db).cancel(request_id, actor=actor)

    @writes("/erasure-requests/{request_id:uuid}/refusal", status=200, policy="personal_data.erase_request")
    def decline_erasure(self, db: Db, actor: Actor, request_id: PathId, data: Body[RefusalIn]) -> ErasureOut:
        """Decline another administrator's request with a reason, which they are told. Write no names in it."""
        ErasureService(db).cancel(request_id, actor=actor, reason=data.reason)
        return ErasureOut.of(db, db.get_one(ApprovalRequest, request_id))


def _own(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotAllowed(action="personal_data.erase_request")
    return actor.person_id


_OWN = {"policy": "own"}
_ERASE = {"policy": "personal_data.erase_request"}


class ErasureForm(Struct, frozen=True):
    """`comments` is `withdraw` when the words of the comments go too; `sessions` `replace` the name there."""

    comments: str = "keep"
    sessions: str = ""
    person_id: str = ""


class RequestLine(Struct, frozen=True):
    """A request that waits. `remains` says where the name stays, and why."""

    name: str
    withdraws_comments: bool
    remains: Sequence[str]
    request: RequestView


class MyDataPage(Page, frozen=True, kw_only=True):
    """`forums` are those whose log has entries of mine: (name, slug)."""

    erasure: RequestLine | None
    forums: Sequence[tuple[str, str]]


class ErasuresPage(Page, frozen=True, kw_only=True):
    """Requests of administrators, and the people about whom one can be made: (id, name).

    `why` is the reason that was written for declining one, where it was refused.
    """

    requests: Sequence[RequestLine]
    people: Sequence[tuple[str, str]]
    errors: Mapping[str, str]
    why: str


class MyDataPages(Controller):
    """What the workspace holds about whoever asks."""

    path = "/account/data"
    opt = _OWN

    @shows("history/my_data.html", name="my_data")
    def my_data(self, db: Db, work: Work) -> MyDataPage:
        """What is held, in words; the file; and the way to be erased."""
        actor = require_somebody(work.actor)
        pending = ErasureService(db).pending(_id(actor))
        forums = {held.forum_id for held in actor.mandates}
        return MyDataPage(
            here="my_data",
            erasure=_line(work, db, pending, db.get_one(Person, _id(actor))) if pending else None,
            forums=[
                (forum.name.said_in(work.language), forum.slug)
                for forum in PeopleService(db).forums()
                if forum.id in forums
            ],
        )

    @gives("/file", name="my_data_file")
    def my_data_file(self, db: Db, actor: Actor) -> Response[bytes]:
        """Everything that is held, as JSON."""
        content = held_about(db, _id(require_somebody(actor)))
        return attachment(MadeFile("my-data.json", content, "application/json"))

    @takes("/erasure", name="ask_for_my_erasure")
    def ask_for_my_erasure(self, db: Db, actor: Actor, data: FormBody[ErasureForm]) -> Done:
        """The first of two steps."""
        ErasureService(db).request(_id(require_somebody(actor)), **_wishes(data), actor=actor)
        return Done("my_data")

    @takes("/erasure/confirmation", name="confirm_my_erasure")
    def confirm_my_erasure(self, db: Db, work: Work, actor: Actor) -> Done:
        """The second step: done for good."""
        service = ErasureService(db)
        service.confirm(_pending_request(service, require_somebody(actor)).id, actor=actor)
        return Done("forums", work.messages.gettext("Your data have been erased."))

    @takes("/erasure/cancellation", name="cancel_my_erasure")
    def cancel_my_erasure(self, db: Db, work: Work, actor: Actor) -> Done:
        """Nothing happens then."""
        service = ErasureService(db)
        service.cancel(_pending_request(service, require_somebody(actor)).id, actor=actor)
        return Done("my_data", work.messages.gettext("Nothing was erased."))


class ErasurePages(Controller):
    """Requests of administrators to erase somebody else."""

    path = "/{forum:str}/erasures"
    opt = _ERASE

    @shows("history/erasures.html", name="erasures")
    def erasures(
        self,
        db: Db,
        work: Work,
        found: FrameInForum,
        form: ErasureForm | RefusalForm | None = None,
        refusal: Invalid | None = None,
    ) -> ErasuresPage:
        """What waits for a second administrator."""
        actor, why, errors = work.actor, "", field_errors(work, refusal)
        if refusal and isinstance(form, RefusalForm):
            key = str(work.request.path_params["request_id"])
            why, errors = form.reason, approvals.reason_errors(work, refusal, key)
        requests = ErasureService(db).pending_in(found.forum, actor=actor)
        return ErasuresPage(
            place=header_place(db, found, work=work),
            here="erasures",
            requests=[_line(work, db, request, person) for request, person in requests],
            people=_people(db, found.forum, actor),
            errors=errors,
            why=why,
        )

    @takes(again=erasures, name="ask_for_erasure")
    def ask_for_erasure(self, db: Db, work: Work, actor: Actor, forum: Slug, data: FormBody[ErasureForm]) -> Done:
        """Ask for it: a second administrator confirms."""
        _ensure_may(db, forum, actor)
        ErasureService(db).request(_given_id(data.person_id), **_wishes(data), actor=actor)
        return Done("erasures", work.messages.gettext("The request awaits a second administrator."))

    @takes("/{request_id:uuid}/confirmation", again=erasures, name="confirm_erasure")
    def confirm_erasure(self, db: Db, work: Work, actor: Actor, forum: Slug, request_id: PathId) -> Done:
        """Confirm what another administrator asked for."""
        _ensure_may(db, forum, actor)
        ErasureService(db).confirm(request_id, actor=actor)
        return Done("erasures", work.messages.gettext("Person erased; decisions stay, without the name."))

    @takes("/{request_id:uuid}/cancellation", again=erasures, name="cancel_erasure")
    def cancel_erasure(self, db: Db, work: Work, forum: Slug, request_id: PathId, data: FormBody[RefusalForm]) -> Done:
        """Take a request back, or decline another administrator's."""
        _ensure_may(db, forum, work.actor)
        is_declined = ErasureService(db).cancel(request_id, actor=work.actor, reason=data.reason)
        return Done("erasures", work.messages.gettext(approvals.decline_message(is_declined=is_declined)))


def _people(db: Db, forum: Forum, actor: Actor) -> Sequence[tuple[str, str]]:
    known: dict[str, Person] = {
        str(person.id): person for person, _ in PeopleService(db).people(forum) if person.erased_at is None
    }
    allowed = [(text, person.name) for text, person in known.items() if policy.may_ask_for(actor, person)]
    return sorted(allowed, key=lambda pair: pair[1])


def _ensure_may(db: Db, slug: str, actor: Actor) -> None:
    ErasureService(db).pending_in(PeopleService(db).forum(slug), actor=actor)


def _wishes(data: ErasureForm) -> dict[str, bool]:
    return {"withdraws_comments": data.comments == "withdraw", "replaces_in_sessions": data.sessions == "replace"}


def _line(work: Work, db: Db, request: ApprovalRequest, person: Person) -> RequestLine:
    view = request_view(ERASURE, person, request, actor=work.actor, local=lambda moment: moment.astimezone(UTC))
    said = [work.messages.gettext(REMAINS[kind], count=count) for kind, count in remaining(db, person, request).items()]
    return RequestLine(person.name, request.details["withdraws_comments"], said, view)


def _pending_request(service: ErasureService, actor: Actor) -> ApprovalRequest:
    return required(service.pending(_id(actor)), Invalid(field="request", reason="nothing_waits"))


def _id(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise SignInNeeded
    return actor.person_id


def _given_id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError as error:
        raise Invalid(field="person_id", reason="not_an_id", given=given) from error
