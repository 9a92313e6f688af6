"""The webhooks of a forum, as JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    PathItem,
    Reference,
    RequestBody,
    Schema,
)
from msgspec import Meta, Struct

from workspace.core.actor import Actor
from workspace.core.shapes import Shape, filled
from workspace.core.storage.db import Db
from workspace.people.frame import InForum
from workspace.web.api import DONE, Cursor, Limit, ListOf, PageOf, id_after, list_page, reads, removes, writes
from workspace.web.http.request_context import CurrentWork, FromPath, JSONBody
from workspace.webhooks.models import Delivery
from workspace.webhooks.policy import ACTION
from workspace.webhooks.service import KINDS, WebhookService


def described_messages() -> dict[str, PathItem | Reference]:
    """What a program is sent, by kind, for the document about the API."""
    text = Schema(type=OpenAPIType.STRING)
    moment = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.DATE_TIME)
    return {kind: PathItem(post=_message(kind, text, moment)) for kind in KINDS}


def _message(kind: str, text: Schema, moment: Schema) -> Operation:
    data = Schema(type=OpenAPIType.OBJECT, description="Ids and numbers; no text.", additional_properties=True)
    body = Schema(
        type=OpenAPIType.OBJECT,
        properties={"type": Schema(const=kind), "timestamp": moment, "data": data},
        required=["type", "timestamp", "data"],
    )
    headers = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return Operation(
        operation_id=f"on_{kind.replace('.', '_')}",
        summary=f"“{kind}” has happened.",
        tags=["Webhooks"],
        parameters=[Parameter(name=name, param_in="header", required=True, schema=text) for name in headers],
        request_body=RequestBody(content={"application/json": OpenAPIMediaType(schema=body)}, required=True),
        responses={"2XX": OpenAPIResponse(description="The message has been taken.")},
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


class WebhookApi(Controller):
    """Addresses elsewhere that are told of news."""

    path = "/api/forums/{forum:str}/webhooks"
    tags = ("Webhooks",)

    @reads("/", policy=ACTION)
    def list_webhooks(self, work: CurrentWork, db: Db, actor: Actor, forum: InForum) -> ListOf[WebhookOut]:
        """List the webhooks of a forum."""
        found = WebhookService(db, work.site.store.outbound).listed(forum, actor=actor)
        return ListOf(items=[WebhookOut.of(row) for row in found])

    @writes("/", policy=ACTION)
    def create_webhook(
        self, work: CurrentWork, db: Db, actor: Actor, forum: InForum, data: JSONBody[WebhookIn]
    ) -> NewWebhookOut:
        """Have an address told of what happens from now on.

        It is sent a POST of JSON for each thing that happens, `{"type", "timestamp", "data"}`, with ids and never
        texts, as far as whoever made the webhook may know of it then, and nothing about a text under embargo. The
        headers `webhook-id`, `webhook-timestamp` and `webhook-signature` are those of Standard Webhooks: the last is
        `v1,` and the base64 of HMAC-SHA-256, with the secret behind `whsec_`, over `id.timestamp.body`. Any
        status from 200 to 299 within ten seconds is taken for received; otherwise the message is sent again, ever
        more rarely, for three days, with the same id. 410 ends the webhook.
        """
        made = WebhookService(db, work.site.store.outbound).add(forum, url=data.url, kinds=data.kinds, actor=actor)
        return NewWebhookOut.of(made)

    @removes("/{webhook_id:uuid}", policy=ACTION)
    def end_webhook(self, work: CurrentWork, db: Db, actor: Actor, forum: InForum, webhook_id: FromPath[UUID]) -> None:
        """Tell an address nothing any more."""
        service = WebhookService(db, work.site.store.outbound)
        service.end(forum, webhook_id, actor=actor)

    @writes("/{webhook_id:uuid}/secret", status=DONE, policy=ACTION)
    def renew_webhook_secret(
        self, work: CurrentWork, db: Db, actor: Actor, forum: InForum, webhook_id: FromPath[UUID]
    ) -> NewWebhookOut:
        """Give a webhook another secret, and tell it this once.

        The old one ends at once: every message from now on is signed with the new one, also those that wait. What
        the receiver refuses until it knows the new one is sent again.
        """
        service = WebhookService(db, work.site.store.outbound)
        return NewWebhookOut.of(service.renew_secret(forum, webhook_id, actor=actor))

    @writes("/{webhook_id:uuid}/test", status=DONE, policy=ACTION)
    def test_webhook(
        self, work: CurrentWork, db: Db, actor: Actor, forum: InForum, webhook_id: FromPath[UUID]
    ) -> DeliveryOut:
        """Send a message that says nothing, of the type `webhook.test`."""
        service = WebhookService(db, work.site.store.outbound)
        return DeliveryOut.of(service.test(forum, webhook_id, actor=actor))

    @reads("/{webhook_id:uuid}/deliveries", 422, policy=ACTION)
    def list_deliveries(
        self,
        *,
        work: CurrentWork,
        db: Db,
        actor: Actor,
        forum: InForum,
        webhook_id: FromPath[UUID],
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> PageOf[DeliveryOut]:
        """List the messages of the last thirty days to one address, newest first."""
        service = WebhookService(db, work.site.store.outbound)
        found = service.deliveries(forum, webhook_id, actor=actor, before=id_after(cursor), limit=limit + 1)
        page = list_page(found, cursor=lambda row: row.id, limit=limit)
        return PageOf(items=[DeliveryOut.of(row) for row in page.items], next=page.next)

    @writes("/{webhook_id:uuid}/deliveries/{delivery_id:uuid}/attempts", status=DONE, policy=ACTION)
    def retry_delivery(
        self,
        *,
        work: CurrentWork,
        db: Db,
        actor: Actor,
        forum: InForum,
        webhook_id: FromPath[UUID],
        delivery_id: FromPath[UUID],
    ) -> DeliveryOut:
        """Send a message again, now."""
        service = WebhookService(db, work.site.store.outbound)
        delivery = service.retry(forum, webhook_id, delivery_id, actor=actor)
        return DeliveryOut.of(delivery)
