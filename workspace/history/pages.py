"""My data: what is held about me, as a file, and the wish to be erased. For administrators: requests about others."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from uuid import UUID

from litestar import Controller, Response
from msgspec import Struct

from workspace.approvals.models import ApprovalRequest
from workspace.approvals.views import RequestView, request_view
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.storage.db import Db
from workspace.history import policy
from workspace.history.erasure import ERASURE, REMAINS, ErasureService, held_about, remaining
from workspace.people.frame import forum_frame, header_place
from workspace.people.models import Forum, Person
from workspace.people.service import PeopleService
from workspace.web import approvals
from workspace.web.approvals import DecliningForm, RefusalForm
from workspace.web.http.request_context import CurrentWork, FromPath, Slug, URLEncodedBody, Work
from workspace.web.http.routing import get, post
from workspace.web.http.sign_ins import SignInNeeded
from workspace.web.pages import Page, field_errors, page, redirect

_OWN = {"policy": "own"}
_ERASE = {"policy": "personal_data.erase_request"}
_REFUSED = 422
_NO_STORE = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; sandbox"}


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

    @get(name="my_data")
    def my_data(self, work: CurrentWork) -> Response[str]:
        """What is held, in words; the file; and the way to be erased."""
        actor = _somebody(work)
        with work.reading() as db:
            pending = ErasureService(db).pending(_id(actor))
            forums = {held.forum_id for held in actor.mandates}
            context = MyDataPage(
                here="my_data",
                erasure=_line(work, db, pending, db.get_one(Person, _id(actor))) if pending else None,
                forums=[
                    (forum.name.said_in(work.language), forum.slug)
                    for forum in PeopleService(db).forums()
                    if forum.id in forums
                ],
            )
        return page(work, "history/my_data.html", context)

    @get("/file", name="my_data_file")
    def my_data_file(self, work: CurrentWork) -> Response[bytes]:
        """Everything that is held, as JSON."""
        actor = _somebody(work)
        with work.reading() as db:
            content = held_about(db, _id(actor))
        headers = {**_NO_STORE, "Content-Disposition": 'attachment; filename="my-data.json"'}
        return Response(content, media_type="application/json", headers=headers)

    @post("/erasure", name="ask_for_my_erasure")
    def ask_for_my_erasure(self, work: CurrentWork, data: URLEncodedBody[ErasureForm]) -> Response[None]:
        """The first of two steps."""
        actor = _somebody(work)
        with work.writing() as db:
            ErasureService(db).request(_id(actor), **_wishes(data), actor=actor)
        return redirect(work, work.url_for("my_data"))

    @post("/erasure/confirmation", name="confirm_my_erasure")
    def confirm_my_erasure(self, work: CurrentWork) -> Response[None]:
        """The second step: done for good."""
        actor = _somebody(work)
        with work.writing() as db:
            service = ErasureService(db)
            service.confirm(_pending_request(service, actor).id, actor=actor)
        said = work.messages.gettext("Your data have been erased.")
        return redirect(work, work.url_for("forums"), said=said)

    @post("/erasure/cancellation", name="cancel_my_erasure")
    def cancel_my_erasure(self, work: CurrentWork) -> Response[None]:
        """Nothing happens then."""
        actor = _somebody(work)
        with work.writing() as db:
            service = ErasureService(db)
            service.cancel(_pending_request(service, actor).id, actor=actor)
        return redirect(work, work.url_for("my_data"), said=work.messages.gettext("Nothing was erased."))


class ErasurePages(Controller):
    """Requests of administrators to erase somebody else."""

    path = "/{forum:str}/erasures"
    opt = _ERASE

    @get(name="erasures")
    def erasures(self, work: CurrentWork, forum: Slug) -> Response[str]:
        """What waits for a second administrator."""
        return _erasures(work, forum)

    @post(name="ask_for_erasure")
    def ask_for_erasure(
        self, work: CurrentWork, forum: Slug, data: URLEncodedBody[ErasureForm]
    ) -> Response[str] | Response[None]:
        """Ask for it: a second administrator confirms."""
        actor = work.actor
        try:
            with work.writing() as db:
                _ensure_may(db, forum, actor)
                ErasureService(db).request(_given_id(data.person_id), **_wishes(data), actor=actor)
        except Invalid as refusal:
            return _erasures(work, forum, refusal)
        said = work.messages.gettext("The request awaits a second administrator.")
        return redirect(work, work.url_for("erasures", forum=forum), said=said)

    @post("/{request_id:uuid}/confirmation", name="confirm_erasure")
    def confirm_erasure(
        self, work: CurrentWork, forum: Slug, request_id: FromPath[UUID]
    ) -> Response[str] | Response[None]:
        """Confirm what another administrator asked for."""
        actor = work.actor
        try:
            with work.writing() as db:
                _ensure_may(db, forum, actor)
                ErasureService(db).confirm(request_id, actor=actor)
        except Invalid as refusal:
            return _erasures(work, forum, refusal)
        said = work.messages.gettext("Person erased; decisions stay, without the name.")
        return redirect(work, work.url_for("erasures", forum=forum), said=said)

    @post("/{request_id:uuid}/cancellation", name="cancel_erasure")
    def cancel_erasure(
        self, work: CurrentWork, forum: Slug, request_id: FromPath[UUID], data: URLEncodedBody[RefusalForm]
    ) -> Response[str] | Response[None]:
        """Take a request back, or decline another administrator's."""
        actor = work.actor
        try:
            with work.writing() as db:
                _ensure_may(db, forum, actor)
                is_declined = ErasureService(db).cancel(request_id, actor=actor, reason=data.reason)
        except Invalid as refusal:
            return _erasures(work, forum, refusal, DecliningForm(str(request_id), data.reason))
        said = work.messages.gettext(approvals.decline_message(is_declined=is_declined))
        return redirect(work, work.url_for("erasures", forum=forum), said=said)


def _erasures(
    work: Work, slug: str, refusal: Invalid | None = None, refusing: DecliningForm | None = None
) -> Response[str]:
    actor = work.actor
    with work.reading() as db:
        found = forum_frame(db, slug, work=work)
        requests = ErasureService(db).pending_in(found.forum, actor=actor)
        context = ErasuresPage(
            place=header_place(db, found, work=work),
            here="erasures",
            requests=[_line(work, db, request, person) for request, person in requests],
            people=_people(db, found.forum, actor),
            errors=_errors(work, refusal, refusing) if refusal else {},
            why=refusing.reason if refusing else "",
        )
    return page(work, "history/erasures.html", context, status=_REFUSED if refusal else 200)


def _errors(work: Work, refusal: Invalid, refusing: DecliningForm | None) -> Mapping[str, str]:
    return approvals.reason_errors(work, refusal, refusing.key) if refusing else field_errors(work, refusal)


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
    found = service.pending(_id(actor))
    if found is None:
        raise Invalid(field="request", reason="nothing_waits")
    return found


def _somebody(work: Work) -> Actor:
    """Whoever has signed in; raises `SignInNeeded`, which leads to the page for it and back."""
    if work.actor.person_id is None:
        raise SignInNeeded
    return work.actor


def _id(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise SignInNeeded
    return actor.person_id


def _given_id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError as error:
        raise Invalid(field="person_id", reason="not_an_id", given=given) from error
