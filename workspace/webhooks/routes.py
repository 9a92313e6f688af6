"""The webhooks of a forum, in a browser and as JSON: which addresses are told, and what reached them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.openapi import spec
from msgspec import Meta, Struct, field

from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.settings import Outbound
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db
from workspace.people.frame import ForumFrame, InForum, forum_frame, header_place
from workspace.people.service import PeopleService
from workspace.web.api import DONE, Cursor, Limit, ListOf, PageOf, id_after, list_page, reads, removes, writes
from workspace.web.http.request_context import Body, FormBody, PathId, Slug, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages
from workspace.web.pages import SHOWN_AGAIN, Done, Page, field_errors, page, takes
from workspace.webhooks.models import Delivery, Webhook
from workspace.webhooks.service import ACTION, KINDS, WebhookService


def described_messages() -> dict[str, spec.PathItem | spec.Reference]:
    """What a program is sent, by kind, for the document about the API."""
    text = spec.Schema(type=spec.OpenAPIType.STRING)
    moment = spec.Schema(type=spec.OpenAPIType.STRING, format=spec.OpenAPIFormat.DATE_TIME)
    return {kind: spec.PathItem(post=_message(kind, text, moment)) for kind in KINDS}


def _message(kind: str, text: spec.Schema, moment: spec.Schema) -> spec.Operation:
    data = spec.Schema(
        type=spec.OpenAPIType.OBJECT, description="Ids and numbers; no text.", additional_properties=True
    )
    body = spec.Schema(
        type=spec.OpenAPIType.OBJECT,
        properties={"type": spec.Schema(const=kind), "timestamp": moment, "data": data},
        required=["type", "timestamp", "data"],
    )
    headers = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return spec.Operation(
        operation_id=f"on_{kind.replace('.', '_')}",
        summary=f"“{kind}” has happened.",
        tags=["Webhooks"],
        parameters=[spec.Parameter(name=name, param_in="header", required=True, schema=text) for name in headers],
        request_body=spec.RequestBody(content={"application/json": spec.OpenAPIMediaType(schema=body)}, required=True),
        responses={"2XX": spec.OpenAPIResponse(description="The message has been taken.")},
    )


class WebhookIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address to tell, and of what: names of events as the stream of a declaration has them."""

    url: Annotated[str, Meta(max_length=1_000, description="https, and reachable from the public net.")]
    kinds: Annotated[
        list[str],
        Meta(
            max_length=20,
            description="Any of amendment, calendar, comment, decision, edition, floor, paragraph, phase, question, "
            "text, translation.",
        ),
    ]


class WebhookOut(Shape, frozen=True, kw_only=True):
    """An address that is told."""

    id: UUID
    url: str
    kinds: list[str]
    made_at: datetime
    made_by_id: UUID


class NewWebhookOut(Shape, frozen=True, kw_only=True):
    """A webhook that was made. `secret` is told now and never again: with it the receiver checks every signature."""

    secret: str
    made: WebhookOut


class DeliveryOut(Struct, frozen=True, kw_only=True):
    """One message. It waits while `next_try_at` says when it is tried; `error` is why the last try failed."""

    id: UUID
    kind: str
    made_at: datetime
    attempts: int
    next_try_at: datetime | None
    delivered_at: datetime | None
    failed_at: datetime | None
    error: str

    @classmethod
    def of(cls, row: Delivery) -> "DeliveryOut":
        return filled(cls, row, error=row.last_error)


def _service(db: Db, work: Work) -> WebhookService:
    return WebhookService(db, work.site.store.outbound)


class WebhookApi(Controller):
    """Addresses elsewhere that are told of news."""

    path = "/api/forums/{forum:str}/webhooks"
    tags = ("Webhooks",)

    @reads("/", policy=ACTION)
    def list_webhooks(self, work: Work, db: Db, actor: Actor, forum: InForum) -> ListOf[WebhookOut]:
        """List the webhooks of a forum."""
        return ListOf(items=[WebhookOut.of(row) for row in _service(db, work).listed(forum, actor=actor)])

    @writes("/", policy=ACTION)
    def create_webhook(self, work: Work, db: Db, actor: Actor, forum: InForum, data: Body[WebhookIn]) -> NewWebhookOut:
        """Have an address told of what happens from now on.

        It is sent a POST of JSON for each thing that happens, `{"type", "timestamp", "data"}`, with ids and never
        texts, as far as whoever made the webhook may know of it then, and nothing about a text under embargo. The
        headers `webhook-id`, `webhook-timestamp` and `webhook-signature` are those of Standard Webhooks: the last is
        `v1,` and the base64 of HMAC-SHA-256, with the secret behind `whsec_`, over `id.timestamp.body`. Any
        status from 200 to 299 within ten seconds is taken for received; otherwise the message is sent again, ever
        more rarely, for three days, with the same id. 410 ends the webhook.
        """
        return NewWebhookOut.of(_service(db, work).add(forum, url=data.url, kinds=data.kinds, actor=actor))

    @removes("/{webhook_id:uuid}", policy=ACTION)
    def end_webhook(self, work: Work, db: Db, actor: Actor, forum: InForum, webhook_id: PathId) -> None:
        """Tell an address nothing any more."""
        _service(db, work).end(forum, webhook_id, actor=actor)

    @writes("/{webhook_id:uuid}/secret", status=DONE, policy=ACTION)
    def renew_webhook_secret(
        self, work: Work, db: Db, actor: Actor, forum: InForum, webhook_id: PathId
    ) -> NewWebhookOut:
        """Give a webhook another secret, and tell it this once.

        The old one ends at once: every message from now on is signed with the new one, also those that wait. What
        the receiver refuses until it knows the new one is sent again.
        """
        return NewWebhookOut.of(_service(db, work).renew_secret(forum, webhook_id, actor=actor))

    @writes("/{webhook_id:uuid}/test", status=DONE, policy=ACTION)
    def test_webhook(self, work: Work, db: Db, actor: Actor, forum: InForum, webhook_id: PathId) -> DeliveryOut:
        """Send a message that says nothing, of the type `webhook.test`."""
        return DeliveryOut.of(_service(db, work).test(forum, webhook_id, actor=actor))

    @reads("/{webhook_id:uuid}/deliveries", policy=ACTION)
    def list_deliveries(
        self,
        *,
        work: Work,
        db: Db,
        actor: Actor,
        forum: InForum,
        webhook_id: PathId,
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> PageOf[DeliveryOut]:
        """List the messages of the last thirty days to one address, newest first."""
        before = id_after(cursor)
        found = _service(db, work).deliveries(forum, webhook_id, actor=actor, before=before, limit=limit + 1)
        page = list_page(found, cursor=lambda row: row.id, limit=limit)
        return PageOf(items=[DeliveryOut.of(row) for row in page.items], next=page.next)

    @writes("/{webhook_id:uuid}/deliveries/{delivery_id:uuid}/attempts", status=DONE, policy=ACTION)
    def retry_delivery(
        self, *, work: Work, db: Db, actor: Actor, forum: InForum, webhook_id: PathId, delivery_id: PathId
    ) -> DeliveryOut:
        """Send a message again, now."""
        return DeliveryOut.of(_service(db, work).retry(forum, webhook_id, delivery_id, actor=actor))


MOST_SHOWN = 100  # messages on the page; the API has the others
MISSED_FOR = timedelta(days=30)  # how long it is said of an address that it ended by itself

KIND_NAMES: Mapping[str, str] = {
    "amendment": N_("Amendments submitted, revised or withdrawn"),
    "calendar": N_("Dates and deadlines"),
    "comment": N_("Comments visible to all members"),
    "decision": N_("Decisions on amendments"),
    "edition": N_("Editions published"),
    "floor": N_("Speakers in the sitting"),
    "paragraph": N_("Brackets and status of paragraphs"),
    "phase": N_("Phases of the declaration"),
    "question": N_("Votes and silence procedures"),
    "sitting": N_("Sittings and minutes"),
    "text": N_("New revisions"),
    "translation": N_("Translations"),
}
ENDINGS: Mapping[str, str] = {
    "rights": N_("Its author no longer has the right."),
    "gone": N_("Its receiver answered “gone”."),
    "silence": N_("Nothing arrived for days."),
    "asked": N_("Ended by a person."),
}
REASONS: Mapping[str, str] = {
    "status": N_("The receiver refused it."),
    "connection_lost": N_("The connection broke."),
    "ended": N_("Already ended."),
    "no_secret": N_("The key of its secret is lost: add the webhook again."),
    "not_callable": N_("The address cannot be called."),
    "not_https": N_("The address is not encrypted."),
    "not_public": N_("The address is not public."),
    "tls_failed": N_("Its certificate is not valid."),
    "too_slow": N_("No answer within ten seconds."),
    "unknown_name": N_("Unknown name."),
    "unreachable": N_("No answer."),
}


class WebhookForm(Struct, frozen=True):
    """What was entered. `kinds` that is ticked alone comes as a string."""

    url: str = ""
    kinds: list[str] | str = field(default_factory=list)

    def chosen(self) -> list[str]:
        return [self.kinds] if isinstance(self.kinds, str) else self.kinds


class KindChoice(Struct, frozen=True):
    word: str
    name: str
    is_chosen: bool


class WebhookLine(Struct, frozen=True):
    """One address, and of what it is told."""

    id: UUID
    url: str
    kinds: Sequence[str]
    made_by: str
    made_at: datetime


class EndedLine(Struct, frozen=True):
    url: str
    why: str
    at: datetime


class DeliveryLine(Struct, frozen=True):
    """One message: whether it arrived, waits or was given up, and why."""

    id: UUID
    kind: str
    made_at: datetime
    state: str  # arrived, waits, failed
    at: datetime | None
    attempts: int
    why: str


class WebhooksPage(Page, frozen=True, kw_only=True):
    hooks: Sequence[WebhookLine]
    ended: Sequence[EndedLine]
    choices: Sequence[KindChoice]
    is_off: bool
    url: str = ""
    made: str = ""  # the address that was entered just now
    secret: str = ""  # and its secret, this once
    errors: Mapping[str, str] = field(default_factory=dict)


class DeliveriesPage(Page, frozen=True, kw_only=True):
    id: UUID
    url: str
    is_open: bool
    ended_for: str
    deliveries: Sequence[DeliveryLine]
    secret: str = ""  # the one that was made just now, this once


class WebhookPages(Controller):
    """The webhooks of one forum."""

    path = "/{forum:str}/webhooks"

    @get(name="webhooks", policy=ACTION)
    def webhooks(self, work: Work, forum: Slug) -> Response[str]:
        """Which addresses are told, and the form for another one."""
        return _listed(work, forum, WebhookForm())

    @post(name="make_webhook", policy=ACTION)
    def make_webhook(self, work: Work, forum: Slug, data: FormBody[WebhookForm]) -> Response[str]:
        """Enter one, and show its secret this once."""
        actor = work.actor
        try:
            with work.writing() as db:
                where, url = PeopleService(db).forum(forum), data.url.strip()
                secret = _service(db, work).add(where, url=url, kinds=data.chosen(), actor=actor).secret
        except Invalid as refusal:
            return _listed(work, forum, data, refusal)
        return _listed(work, forum, WebhookForm(), made=url, secret=secret)

    @get("/{webhook_id:uuid}", name="webhook", policy=ACTION)
    def webhook(self, work: Work, forum: Slug, webhook_id: PathId) -> Response[str]:
        """What reached one address, and what did not."""
        return _webhook_page(work, forum, webhook_id)

    @post("/{webhook_id:uuid}/secret", name="renew_webhook_secret", policy=ACTION)
    def renew_webhook_secret(self, work: Work, forum: Slug, webhook_id: PathId) -> Response[str]:
        """Give it another secret, and show that this once."""
        actor = work.actor
        with work.writing() as db:
            where = PeopleService(db).forum(forum)
            secret = _service(db, work).renew_secret(where, webhook_id, actor=actor).secret
        return _webhook_page(work, forum, webhook_id, secret=secret)

    @takes("/{webhook_id:uuid}/test", name="test_webhook", policy=ACTION)
    def test_webhook(self, db: Db, work: Work, actor: Actor, forum: InForum, webhook_id: PathId) -> Done:
        """Send a message that says nothing."""
        _service(db, work).test(forum, webhook_id, actor=actor)
        return Done("webhook", work.messages.gettext("Test message sent: look again in a moment."))

    @takes("/{webhook_id:uuid}/end", name="end_webhook", policy=ACTION)
    def end_webhook(self, db: Db, work: Work, actor: Actor, forum: InForum, webhook_id: PathId) -> Done:
        """Tell it nothing any more."""
        _service(db, work).end(forum, webhook_id, actor=actor)
        return Done("webhooks", work.messages.gettext("Webhook ended."))

    @takes("/{webhook_id:uuid}/deliveries/{delivery_id:uuid}/attempts", name="retry_delivery", policy=ACTION)
    def retry_delivery(self, db: Db, work: Work, forum: InForum, webhook_id: PathId, delivery_id: PathId) -> Done:
        """Send one message again."""
        _service(db, work).retry(forum, webhook_id, delivery_id, actor=work.actor)
        return Done("webhook", work.messages.gettext("Message queued again."))


def _webhook_page(work: Work, forum: str, webhook_id: UUID, *, secret: str = "") -> Response[str]:
    with work.reading() as db:
        frame = forum_frame(db, forum, work=work)
        service = _service(db, work)
        row = service.get(frame.forum, webhook_id, actor=work.actor)
        found = service.deliveries(frame.forum, webhook_id, actor=work.actor, limit=MOST_SHOWN)
        context = DeliveriesPage(
            place=header_place(db, frame, work=work),
            here="webhooks",
            id=row.id,
            url=row.url,
            is_open=row.ended_at is None,
            ended_for=work.messages.gettext(ENDINGS[row.ended_for]) if row.ended_for else "",
            deliveries=[_delivery(delivery, work.messages) for delivery in found],
            secret=secret,
        )
    return page(work, "webhooks/webhook.html", context)


def _listed(
    work: Work, forum: str, form: WebhookForm, refusal: Invalid | None = None, *, made: str = "", secret: str = ""
) -> Response[str]:
    with work.reading() as db:
        frame = forum_frame(db, forum, work=work)
        context = WebhooksPage(
            place=header_place(db, frame, work=work),
            here="webhooks",
            hooks=[_line(row, work.messages) for row in _service(db, work).listed(frame.forum, actor=work.actor)],
            ended=_ended(db, frame, work),
            choices=[
                KindChoice(kind, work.messages.gettext(KIND_NAMES[kind]), kind in form.chosen()) for kind in KINDS
            ],
            is_off=work.site.store.outbound is Outbound.OFF,
            url=form.url,
            made=made,
            secret=secret,
            errors=field_errors(work, refusal),
        )
    return page(work, "webhooks/list.html", context, status=SHOWN_AGAIN if refusal else 200)


def _line(row: Webhook, messages: Messages) -> WebhookLine:
    kinds = [messages.gettext(KIND_NAMES[kind]) for kind in row.kinds if kind in KIND_NAMES]
    return WebhookLine(row.id, row.url, kinds, row.made_by.name, row.made_at)


def _ended(db: Db, frame: ForumFrame, work: Work) -> list[EndedLine]:
    found = _service(db, work).ended(frame.forum, since=clock.now() - MISSED_FOR, actor=work.actor)
    return [
        EndedLine(row.url, work.messages.gettext(ENDINGS[row.ended_for]), row.ended_at) for row in found if row.ended_at
    ]


def _delivery(row: Delivery, messages: Messages) -> DeliveryLine:
    state = "arrived" if row.delivered_at else "failed" if row.failed_at else "waits"
    reason, _, status = row.last_error.partition(" ")
    why = messages.gettext(REASONS[reason]) if reason in REASONS else ""
    at = row.delivered_at or row.failed_at or row.next_try_at
    return DeliveryLine(
        row.id, row.kind, row.made_at, state, at, row.attempts, f"{why} ({status})" if why and status else why
    )
