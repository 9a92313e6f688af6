"""What the pages' own script asks for: the stream of a declaration, and a claim on the paragraph that is worked on."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.response import Stream
from msgspec import Struct

from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService
from workspace.declarations.frame import frame
from workspace.live import policy, stream
from workspace.live.claims import ClaimService
from workspace.live.policy import AT_WORK, WATCHED_BY
from workspace.people.service import PeopleService
from workspace.web.http.request_context import CurrentWork, FromPath, FromQuery, Slug, URLEncodedBody, Work


class ClaimForm(Struct, frozen=True):
    """`release` is anything when the work is done."""

    release: str = ""


class LivePages(Controller):
    """One declaration as it is worked on."""

    path = "/{forum:str}/{declaration:str}"

    @get("/events", name="events", sync_to_thread=True, policy=WATCHED_BY, media_type=stream.MEDIA_TYPE)
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

    @post("/paragraphs/{block_id:uuid}/claim", name="claim_paragraph", sync_to_thread=True, policy=AT_WORK)
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
