"""Server-sent events of one declaration for one reader, whose rights are asked again at every look.

A stream holds no news in store. It is woken, looks at the log from where it stopped, and sends
what its reader may know at that moment; whoever lost the right, or signed out, is told to go and
is let go within seconds. One that is too far behind is told to read the page again.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Self
from uuid import UUID

import msgspec
from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync
from litestar import Controller, Request, Response
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream
from msgspec import Struct, field

from workspace.core.actor import Actor
from workspace.core.errors import NotFound, WorkspaceError
from workspace.core.shapes import filled
from workspace.core.storage.db import Db
from workspace.core.validation import MOST_NUMBER, whole_number
from workspace.declarations.api import declared, opened
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService
from workspace.declarations.frame import frame
from workspace.live import feed, policy, summary
from workspace.live.claims import ClaimService
from workspace.live.feed import Feed
from workspace.live.hub import MOST_OF_HALL, Hub, hub_of
from workspace.live.models import ParagraphClaim
from workspace.live.policy import AT_WORK, WATCHED_BY
from workspace.live.summary import NewsSummary
from workspace.people.service import PeopleService
from workspace.web.api import DONE, ListOf, reads, removes, writes
from workspace.web.http.rate_limits import address_of
from workspace.web.http.request_context import FormBody, FromQuery, PathId, Site, Slug, Work, provide_work
from workspace.web.http.routing import get, post

MEDIA_TYPE = "text/event-stream"
LOOKS_EVERY = 3.0  # seconds, also when nothing happens: rights end by time, too, and a proxy wants to hear something
VISITORS_LOOK_EVERY = 20.0  # the public's rights change with what happens alone, and that wakes them
GATHERS = 0.15  # seconds in which several things that happen are told together
LOOKS_A_SECOND = 100  # of all streams of a process: with more readers, each hears a little later
THREADS = 4  # of all streams of a process; handlers have their own
RETRY = 2_000  # milliseconds after which a browser comes again
BREATH, AUDIBLE_BREATH = b": \n\n", b"event: breath\ndata: {}\n\n"  # of a stream for programs, and for pages

_THREADS: RunVar[CapacityLimiter] = RunVar("threads of the streams")  # one for each event loop
Find = Callable[[Db, Work], Declaration]


class StreamMessage(Struct, frozen=True):
    """One event as it goes out. `id` is where a later stream goes on."""

    event: str
    data: object
    id: int | None = None

    def encoded(self) -> bytes:
        lines = [f"event: {self.event}"]
        if self.id is not None:
            lines.append(f"id: {self.id}")
        return "\n".join([*lines, f"data: {msgspec.json.encode(self.data).decode()}", "", ""]).encode()


GONE = StreamMessage("gone", {})


class StreamReader(Struct):
    """Somebody who follows a declaration: looks when told to, and remembers where they stopped."""

    request: Request[Any, Any, Any]
    site: Site
    find: Find
    last: int | None = None  # place in the log; None is `since`, or now, until the answer begins
    since: datetime | None = None
    declaration_id: UUID | None = None
    person_id: UUID | None = None  # of who takes part: the others see nobody, and nobody sees them
    breath: bytes = BREATH  # what is sent where nothing is new

    def look(self, hub: Hub) -> Sequence[StreamMessage] | None:
        """What is new; None when the reader may not follow any more."""
        work = Work(self.request, self.site)  # a new one, so that who asks is asked again
        try:
            actor = work.actor
            with work.reading() as db:
                declaration = self.find(db, work)
                self.note(declaration, actor)
                return self._read(db, declaration, work, hub)
        except WorkspaceError:
            return None

    def note(self, declaration: Declaration, actor: Actor) -> None:
        """Remember who reads what; raises `NotFound` for who may not, and for who took part and no longer does."""
        person_id = actor.person_id if policy.may_follow(actor, declaration) else None
        if self.person_id not in {None, person_id}:
            raise NotFound(what="declaration", id=declaration.slug)
        policy.ensure_may_watch(actor, declaration)
        self.declaration_id, self.person_id = declaration.id, person_id

    def _read(self, db: Db, declaration: Declaration, work: Work, hub: Hub) -> Sequence[StreamMessage]:  # noqa: ARG002  (what pages need)
        """For programs: every event by itself."""
        found = self._follow(db, declaration, work.actor)
        if found.is_behind:
            return [StreamMessage("reload", {}, found.last)]
        return [
            StreamMessage(event.event, {"kind": event.kind, "at": event.at, **event.facts}, event.sequence)
            for event in found.events
        ]

    def _follow(self, db: Db, declaration: Declaration, actor: Actor) -> Feed:
        found = feed.after(db, declaration, self.last or 0, actor=actor)
        self.last = found.last
        return found


class PageStreamReader(StreamReader):
    """A page: told in sentences what is new since it was made, who else is here, and who is at work on what."""

    tidings: NewsSummary | None = None
    shown: dict[str, object] = field(default_factory=dict)
    breath: bytes = AUDIBLE_BREATH

    def _read(self, db: Db, declaration: Declaration, work: Work, hub: Hub) -> Sequence[StreamMessage]:
        if self.tidings is None:
            self.tidings = NewsSummary(work.actor.person_id)
        found = self._follow(db, declaration, work.actor)
        self.tidings.add(found.events)
        self.tidings.is_behind = self.tidings.is_behind or found.is_behind
        messages = [StreamMessage("moved", sorted({event.event for event in found.events}))] if found.events else []
        news = {"sentences": list(self.tidings.sentences(work.messages)), "revision": self.tidings.revision}
        return [*messages, *self._changed("news", news), *self._who(db, declaration, work, hub)]

    def _who(self, db: Db, declaration: Declaration, work: Work, hub: Hub) -> Sequence[StreamMessage]:
        if self.person_id is None:
            return ()
        people = hub.presence.on(declaration.id)
        said = self.shown.get("here")
        if people != self.shown.get("people"):
            said = {"sentence": summary.people_here(db, people, work.messages, reader=work.actor.person_id)}
            self.shown["people"] = people
        claims = ClaimService(db).on(declaration, actor=work.actor)
        at_work = summary.claimed(db, claims, declaration, declaration.forum, work.messages)
        return [*self._changed("here", said), *self._changed("claims", at_work)]

    def _changed(self, event: str, data: object) -> Sequence[StreamMessage]:
        """The message, unless it says what the page was told last."""
        if self.shown.get(event) == data:
            return ()
        self.shown[event] = data
        return (StreamMessage(event, data),)


def answer(reader: StreamReader) -> Stream:
    """The stream for who asks for one; whoever takes anything gets what is new, and the end.

    Raises `NotFound` for who may not follow the declaration, and `TooMany`.
    """
    hub = hub_of(reader.site.store)
    _begin(reader, provide_work(reader.request))
    is_lasting = MEDIA_TYPE in reader.request.headers.get("accept", "")
    if is_lasting:
        hub.ensure_room(reader.person_id, address_of(reader.request))
    return _streamed(_lasting(reader, hub) if is_lasting else _once(reader, hub))


def _streamed(body: AsyncIterator[bytes]) -> Stream:
    return Stream(body, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def moment(written: str) -> datetime | None:
    """When a page says that it was made; None for what is no moment."""
    try:
        given = datetime.fromisoformat(written)
    except ValueError:
        return None
    return given.astimezone(UTC) if given.tzinfo else None


def _begin(reader: StreamReader, work: Work) -> None:
    """Take its place in the log before the answer begins; raises `NotFound` for who may not follow."""
    actor = work.actor
    with work.reading() as db:
        declaration = reader.find(db, work)
        reader.note(declaration, actor)
        if reader.last is None:
            reader.last = feed.place_at(db, declaration, reader.since) if reader.since else feed.newest(db, declaration)


async def _once(reader: StreamReader, hub: Hub) -> AsyncIterator[bytes]:
    found = await _poll(reader, hub)
    for message in (GONE,) if found is None else found:
        yield message.encoded()


async def _lasting(reader: StreamReader, hub: Hub) -> AsyncIterator[bytes]:
    yield f"retry: {RETRY}\n\n".encode()
    if reader.declaration_id is None:
        return
    pause = VISITORS_LOOK_EVERY if reader.person_id is None else LOOKS_EVERY
    with hub.listening(reader.declaration_id, reader.person_id, address_of(reader.request)) as listener:
        while not hub.is_over:
            found = await _poll(reader, hub)
            if found is None:
                yield GONE.encoded()
                return
            yield b"".join(message.encoded() for message in found) or reader.breath
            if await listener.wait(pause):
                await listener.settle(max(GATHERS, hub.looking / LOOKS_A_SECOND))


async def _poll(reader: StreamReader, hub: Hub) -> Sequence[StreamMessage] | None:
    return await run_sync(reader.look, hub, limiter=_threads())


def _threads() -> CapacityLimiter:
    try:
        return _THREADS.get()
    except LookupError:
        _THREADS.set(CapacityLimiter(THREADS))
        return _THREADS.get()


Draw = Callable[[], StreamMessage | None]  # None for who may not look, or not any more


class SharedMessage(Struct):
    """What many are sent alike: made once for all that has happened, however many follow."""

    making: asyncio.Lock = field(default_factory=asyncio.Lock)
    happened: int = -1
    until: float = 0.0
    sent: bytes | None = None

    async def read(self, hub: Hub, declaration_id: UUID, draw: Draw) -> bytes | None:
        async with self.making:
            happened = hub.happened(declaration_id)
            if happened != self.happened or time.monotonic() > self.until:
                message = await run_sync(draw, limiter=_threads())
                self.sent = message.encoded() if message else None
                self.happened, self.until = happened, time.monotonic() + VISITORS_LOOK_EVERY
            return self.sent


_SHARED: RunVar[dict[Hashable, SharedMessage]] = RunVar("what many streams are sent")  # one for each event loop


class Viewer(Struct, frozen=True):
    """Who follows what many see alike. `audience` names those who see the same; `admit` says whether they still may."""

    request: Request[Any, Any, Any]
    declaration_id: UUID
    person_id: UUID | None
    audience: Hashable
    draw: Draw
    admit: Draw | None = None  # None where `draw` says so


def answer_alike(viewer: Viewer, site: Site) -> Stream:
    """A stream whose messages are made once for all of one audience; raises `TooMany`."""
    hub, address = hub_of(site.store), address_of(viewer.request)
    hub.ensure_room(viewer.person_id, address, most=MOST_OF_HALL)
    return _streamed(_alike(viewer, hub, address))


async def _alike(viewer: Viewer, hub: Hub, address: str) -> AsyncIterator[bytes]:
    sent = None
    is_lasting = MEDIA_TYPE in viewer.request.headers.get("accept", "")
    pause = LOOKS_EVERY if viewer.admit else VISITORS_LOOK_EVERY
    yield f"retry: {RETRY}\n\n".encode()
    with hub.listening(viewer.declaration_id, viewer.person_id, address, is_shared=True) as listener:
        while not hub.is_over:
            found = await _seen(viewer, hub)
            yield GONE.encoded() if found is None else AUDIBLE_BREATH if found == sent else found
            if found is None or not is_lasting:
                return
            sent = found
            if await listener.wait(pause):
                await listener.settle(GATHERS)


async def _seen(viewer: Viewer, hub: Hub) -> bytes | None:
    if viewer.admit and not await run_sync(viewer.admit, limiter=_threads()):
        return None
    try:
        every = _SHARED.get()
    except LookupError:
        _SHARED.set(every := {})
    shared = every.setdefault((id(hub), viewer.declaration_id, viewer.audience), SharedMessage())
    return await shared.read(hub, viewer.declaration_id, viewer.draw)


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

    @reads("/events", policy=WATCHED_BY, media_type=MEDIA_TYPE)
    def follow_declaration(
        self,
        request: Request[Any, Any, Any],
        work: Work,
        declaration_id: PathId,
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
        return answer(StreamReader(request, work.site, find, last))

    @reads("/claims", policy="head.read")
    def list_claims(self, db: Db, actor: Actor, declaration_id: PathId) -> ListOf[WorkClaimOut]:
        """List who else is at work on which paragraphs now."""
        declaration = opened(db, declaration_id, actor=actor, may=policy.may_follow)
        claims = ClaimService(db).on(declaration, actor=actor)
        return ListOf(items=[WorkClaimOut.of(claim) for claim in claims])

    @writes("/blocks/{block_id:uuid}/claim", status=DONE, policy=AT_WORK)
    def claim_block(self, db: Db, actor: Actor, declaration: Claimable, block_id: PathId) -> WorkClaimOut:
        """Say that one is at work on a paragraph, or still is. It keeps nobody out, and ends by itself."""
        return WorkClaimOut.of(ClaimService(db).claim(declaration, block_id, actor=actor))

    @removes("/blocks/{block_id:uuid}/claim", policy=AT_WORK)
    def release_block(self, db: Db, actor: Actor, declaration: Claimable, block_id: PathId) -> None:
        """Say that one has done with a paragraph."""
        ClaimService(db).release(declaration, block_id, actor=actor)


class ClaimForm(Struct, frozen=True):
    """`release` is anything when the work is done."""

    release: str = ""


class LivePages(Controller):
    """One declaration as it is worked on."""

    path = "/{forum:str}/{declaration:str}"

    @get("/events", name="events", policy=WATCHED_BY, media_type=MEDIA_TYPE)
    def events(
        self, request: Request[Any, Any, Any], work: Work, forum: Slug, declaration: Slug, since: FromQuery[str] = ""
    ) -> Stream:
        """What is new since a page was made, in the reader's language; without a moment, from now on."""

        def find(db: Db, asking: Work) -> Declaration:
            found = DeclarationService(db).at(PeopleService(db).forum(forum), declaration)
            policy.ensure_may_watch(asking.actor, found)
            return found

        return answer(PageStreamReader(request, work.site, find, since=moment(since)))

    @post("/paragraphs/{block_id:uuid}/claim", name="claim_paragraph", policy=AT_WORK)
    def claim(
        self, work: Work, forum: Slug, declaration: Slug, block_id: PathId, data: FormBody[ClaimForm]
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
