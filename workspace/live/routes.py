"""Following the work on a declaration, and saying that one is at work on a paragraph: for programs and for pages."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from litestar import Controller, Request, Response
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream
from msgspec import Struct

from workspace.core.actor import Actor
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.core.validation import MOST_NUMBER, whole_number
from workspace.declarations.api import declared, opened
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService
from workspace.declarations.frame import frame
from workspace.live import policy, stream
from workspace.live.claims import ClaimService
from workspace.live.models import ParagraphClaim
from workspace.live.policy import AT_WORK, WATCHED_BY
from workspace.people.service import PeopleService
from workspace.web.api import DONE, ListOf, reads, removes, writes
from workspace.web.http.request_context import CurrentWork, FromPath, FromQuery, Slug, URLEncodedBody, Work
from workspace.web.http.routing import get, post

Claimable = Annotated[Declaration, declared(policy.may_claim)]


class WorkClaimOut(Struct, frozen=True, kw_only=True):
    """Somebody is at work on a block. The claim ends at `until` unless it is made again."""

    block_id: UUID
    name: str
    since: datetime
    until: datetime

    @classmethod
    def of(cls, claim: ParagraphClaim) -> Self:
        return filled(cls, claim, name=claim.person.name)


LastEventId = Annotated[
    str | None, HeaderParameter(name="Last-Event-ID", max_length=20, description="The last event that was received.")
]
After = Annotated[
    int | None, QueryParameter(ge=0, le=MOST_NUMBER, description="Go on after this event; without it, from now on.")
]


class LiveApi(Controller):
    """What happens to a declaration, as it happens."""

    path = "/api/declarations/{declaration_id:uuid}"
    tags = ("Live",)

    @reads("/events", policy=WATCHED_BY, media_type=stream.MEDIA_TYPE)
    def follow_declaration(
        self,
        request: Request[Any, Any, Any],
        work: CurrentWork,
        declaration_id: FromPath[UUID],
        after: After = None,
        last_event_id: LastEventId = None,
    ) -> Stream:
        """Follow what happens to a declaration, as server-sent events: names of things, never texts.

        Each event has the rights of the one who reads, at that moment. The answer lasts when the request accepts
        `text/event-stream`; otherwise it holds what came `after`, and ends. `reload` says that so much was missed
        that everything is to be read again; `gone`, that the right to follow has ended.
        """

        def find(db: Db, asking: Work) -> Declaration:
            return opened(db, declaration_id, actor=asking.actor, may=policy.may_watch)

        last = after if (sent := whole_number(last_event_id or "")) is None else sent
        return stream.answer(stream.StreamReader(request, work.site, find, last))

    @reads("/claims", policy="head.read")
    def list_claims(self, db: Db, actor: Actor, declaration_id: FromPath[UUID]) -> ListOf[WorkClaimOut]:
        """List who else is at work on which paragraphs now."""
        declaration = opened(db, declaration_id, actor=actor, may=policy.may_follow)
        claims = ClaimService(db).on(declaration, actor=actor)
        return ListOf(items=[WorkClaimOut.of(claim) for claim in claims])

    @writes("/blocks/{block_id:uuid}/claim", status=DONE, policy=AT_WORK)
    def claim_block(self, db: Db, actor: Actor, declaration: Claimable, block_id: FromPath[UUID]) -> WorkClaimOut:
        """Say that one is at work on a paragraph, or still is. It keeps nobody out, and ends by itself."""
        return WorkClaimOut.of(ClaimService(db).claim(declaration, block_id, actor=actor))

    @removes("/blocks/{block_id:uuid}/claim", policy=AT_WORK)
    def release_block(self, db: Db, actor: Actor, declaration: Claimable, block_id: FromPath[UUID]) -> None:
        """Say that one has done with a paragraph."""
        ClaimService(db).release(declaration, block_id, actor=actor)


class ClaimForm(Struct, frozen=True):
    """`release` is anything when the work is done."""

    release: str = ""


class LivePages(Controller):
    """One declaration as it is worked on."""

    path = "/{forum:str}/{declaration:str}"

    @get("/events", name="events", policy=WATCHED_BY, media_type=stream.MEDIA_TYPE)
    def events(
        self,
        request: Request[Any, Any, Any],
        work: CurrentWork,
        forum: Slug,
        declaration: Slug,
        since: FromQuery[str] = "",
    ) -> Stream:
        """What is new since a page was made, in the reader's language; without a moment, from now on."""

        def find(db: Db, asking: Work) -> Declaration:
            found = DeclarationService(db).at(PeopleService(db).forum(forum), declaration)
            policy.ensure_may_watch(asking.actor, found)
            return found

        return stream.answer(stream.PageStreamReader(request, work.site, find, since=stream.moment(since)))

    @post("/paragraphs/{block_id:uuid}/claim", name="claim_paragraph", policy=AT_WORK)
    def claim(
        self,
        work: CurrentWork,
        forum: Slug,
        declaration: Slug,
        block_id: FromPath[UUID],
        data: URLEncodedBody[ClaimForm],
    ) -> Response[None]:
        """Say that one is at work on a paragraph, or has done with it."""
        actor = work.actor
        with work.writing() as db:
            found = frame(db, forum, declaration, work=work, may=policy.may_claim).declaration
            claims = ClaimService(db)
            if data.release:
                claims.release(found, block_id, actor=actor)
            else:
                claims.claim(found, block_id, actor=actor)
        return Response(None, status_code=204)
