"""Following the work as it happens: who is told what, as names of things; who is here; who is at work on what."""

import asyncio
import gc
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
import uvicorn

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language
from tests.support import factories, site
from tests.support.page import Page
from tests.support.site import token_of
from workspace.accounts.domain.models import Device
from workspace.accounts.domain.service import AccountService
from workspace.accounts.domain.sign_ins import SignInService
from workspace.amendments.service import AmendmentService
from workspace.comments.service import CommentService
from workspace.core import clock
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.security.permissions import Phase
from workspace.core.settings import Settings
from workspace.core.storage.db import Model, Store, new_id
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.service import DeclarationService
from workspace.live import feed, stream
from workspace.live.claims import ClaimService
from workspace.live.hub import LINGERS, MOST_OF_ONE, Hub, Listener, Presence, hub_of
from workspace.people.models import Person
from workspace.serving import Server
from workspace.web.http.rate_limits import TooMany

CANARY = "Canarytext"
STREAM = {"Accept": stream.MEDIA_TYPE}


@dataclass
class Room:
    """A declaration under review, and somebody in each role who may follow it or not."""

    store: Store
    declaration: Declaration
    people: dict[Role, Actor]
    since: datetime = field(default_factory=clock.now)

    def block(self, place: int = 0):
        with self.store.reading() as db:
            return queries.head_rows(db, DeclarationService(db).get(self.declaration.id))[place].block_id

    def propose(self, words: str = "is shared", by: Role = Role.COMMITTEE) -> None:
        change = Change(ChangeOp.REWORD, str(self.block()), text=f"{CANARY} {words}.")
        with self.store.writing() as db:
            AmendmentService(db).propose(
                self.declaration.id,
                base_revision=1,
                language=Language.EN,
                changes=[change],
                reason=CANARY,
                actor=self.people[by],
            )

    def say(self, *, is_internal: bool = False, by: Role = Role.COMMITTEE) -> None:
        with self.store.writing() as db:
            declaration = DeclarationService(db).get(self.declaration.id)
            CommentService(db).open(
                declaration,
                self.block(),
                text=CANARY,
                language=Language.EN,
                actor=self.people[by],
                is_internal=is_internal,
            )

    def browser(self, role: Role | None = None):
        return site.browser(self.store, self.people[role] if role else None)

    def ask(self, role: Role | None, path: str):
        with self.browser(role) as browser:
            return browser.get(path)

    def events(self, role: Role | None, after: int = 0) -> list[dict]:
        answer = self.ask(role, f"/api/declarations/{self.declaration.id}/events?after={after}")
        assert answer.status_code == 200, answer.text
        assert CANARY not in answer.text
        return list(read(answer.text))

    def page_events(self, role: Role) -> dict[str, object]:
        answer = self.ask(
            role, f"/en/third-forum/declaration/events?since={self.since.isoformat()}".replace("+", "%2B")
        )
        assert answer.status_code == 200
        assert CANARY not in answer.text
        return {one["event"]: one["data"] for one in read(answer.text)}


def read(text: str) -> Iterator[dict]:
    for part in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in part.splitlines() if ": " in line and not line.startswith(":"))
        if "event" in fields:
            yield {**fields, "data": json.loads(fields["data"])}


def opened(store: Store) -> Room:
    roles = (Role.CHAIR, Role.COMMITTEE, Role.MEMBER, Role.OBSERVER, Role.SECRETARIAT)
    with store.writing() as db:
        people = {role: factories.person(db, role) for role in roles}
        return Room(store, factories.declaration(db, "Towns share water.", "Towns mend pumps."), people)


@pytest.fixture
def room(store: Store) -> Room:
    return opened(store)


def kinds(events: list[dict]) -> list[str]:
    return [one["data"]["kind"] for one in events]


def test_what_happens_is_told_by_names_of_things_in_order_and_can_be_resumed(room: Room):
    room.propose()
    room.say()
    every = room.events(Role.COMMITTEE)
    assert kinds(every)[-2:] == ["amendment.proposed", "comment.opened"]
    assert every[-2]["data"]["number"] == 1
    assert kinds(room.events(Role.COMMITTEE, after=int(every[-2]["id"]))) == ["comment.opened"]
    assert room.events(Role.COMMITTEE, after=int(every[-1]["id"])) == []


def test_each_event_is_told_to_those_only_who_may_know_of_it(room: Room):
    room.say(is_internal=True)
    assert "comment.opened" in kinds(room.events(Role.CHAIR))
    assert "comment.opened" not in kinds(room.events(Role.MEMBER))
    with room.store.writing() as db:
        declaration = DeclarationService(db).get(room.declaration.id)
        DeclarationService(db).enter(declaration, Phase.DRAFTING, actor=room.people[Role.CHAIR])
    path = f"/api/declarations/{room.declaration.id}/events"
    statuses = {role: room.ask(role, path).status_code for role in (Role.MEMBER, Role.OBSERVER, None, Role.COMMITTEE)}
    assert statuses == {Role.MEMBER: 404, Role.OBSERVER: 404, None: 404, Role.COMMITTEE: 200}


def test_who_is_far_behind_is_told_to_read_again(room: Room, monkeypatch):
    monkeypatch.setattr(feed, "MOST_AT_ONCE", 2)
    for _ in range(3):
        room.say()
    assert [one["event"] for one in room.events(Role.CHAIR)] == ["reload"]


def test_a_page_is_told_in_sentences_and_not_of_what_its_reader_did(room: Room):
    room.propose()
    room.propose("is lent")
    room.say()
    amendments, comment = room.page_events(Role.CHAIR)["news"]["sentences"]
    assert "2" in amendments
    assert comment
    assert room.page_events(Role.COMMITTEE)["news"]["sentences"] == []


def test_nothing_is_told_of_a_unit_that_was_rolled_back(room: Room):
    heard = []
    room.store.news.follow(heard.append)
    with suppress(ZeroDivisionError), room.store.writing() as db:
        ClaimService(db).claim(room.declaration, room.block(), actor=room.people[Role.CHAIR])
        1 / 0  # noqa: B018  (what fails)
    assert heard == []
    room.propose()
    assert heard == [frozenset({room.declaration.id})]


# Claims


def claim(room: Room, by: Role, place: int = 0, release: str = "") -> int:
    block = room.block(place)
    with room.browser(by) as browser:
        token = {"csrf": token_of(browser), "release": release}
        return browser.post(f"/en/third-forum/declaration/paragraphs/{block}/claim", data=token).status_code


def test_a_claim_is_seen_by_the_others_until_it_is_released(room: Room):
    assert claim(room, Role.COMMITTEE) == 204
    [said] = room.page_events(Role.CHAIR)["claims"].values()
    assert "A committee" in said[0]
    assert "claims" not in {k: v for k, v in room.page_events(Role.COMMITTEE).items() if v}
    shown = Page(room.ask(Role.CHAIR, f"/en/third-forum/declaration/edit?block={room.block()}&text=en"))
    assert "A committee" in shown.text

    claim(room, Role.COMMITTEE, release="yes")

    assert not room.page_events(Role.CHAIR).get("claims")


def test_a_claim_ends_by_itself_and_keeps_nobody_out(room: Room, monkeypatch):
    claim(room, Role.COMMITTEE)
    assert claim(room, Role.CHAIR) == 204
    later = clock.now() + timedelta(minutes=4)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert not room.page_events(Role.CHAIR).get("claims")


def test_only_who_could_change_something_claims(room: Room):
    assert claim(room, Role.OBSERVER) == 404
    assert claim(room, Role.MEMBER) == 204
    assert claim(room, Role.SECRETARIAT) == 204  # who records what is moved from the floor


def test_who_is_here_lingers_between_two_pages_and_then_goes():
    now, where, ana, luis = [0.0], new_id(), new_id(), new_id()
    presence = Presence(clock=lambda: now[0])
    assert presence.come(where, ana)
    assert not presence.come(where, ana)
    presence.go(where, ana)
    presence.hear("elsewhere", where, [luis])
    assert presence.on(where) == {ana, luis}
    presence.go(where, ana)
    assert presence.on(where) == {ana, luis}
    assert not presence.come(where, ana)
    presence.go(where, ana)
    now[0] += LINGERS + 1
    assert presence.on(where) == {luis}
    now[0] += 100
    assert presence.on(where) == frozenset()


class Collecting(frozenset[UUID]):
    """Declarations; asking for one is when the rubbish happens to be taken out."""

    def __contains__(self, item: object) -> bool:
        gc.collect()
        return super().__contains__(item)


def test_a_stream_that_nobody_holds_may_be_collected_while_the_others_are_woken(room: Room):
    hub, declaration, person = Hub(room.store), room.declaration.id, room.people[Role.CHAIR].person_id

    def hold() -> None:
        opened = [hub.listening(declaration, person)]
        opened[0].__enter__()
        opened.append(opened)  # held by nothing but itself

    async def wake() -> None:
        with hub.listening(declaration, None):
            hold()
            hub.wake(Collecting({declaration}))
            assert hub.count == 1

    waking = threading.Thread(target=lambda: asyncio.run(wake()), daemon=True)
    gc.disable()
    gc.freeze()  # what other tests have left is not taken out here
    try:
        waking.start()
        waking.join(30)
    finally:
        gc.unfreeze()
        gc.enable()
    assert not waking.is_alive()


def test_what_happens_as_the_answer_begins_is_told(room: Room):
    path = f"/api/declarations/{room.declaration.id}/events"
    cookie = f"persona={room.people[Role.MEMBER].person_id}"
    scope = site.get_scope(path, accept=stream.MEDIA_TYPE, cookie=cookie)
    app, sent = site.site(room.store, *room.people.values()), []

    async def follow() -> None:
        over = asyncio.Event()

        async def receive() -> dict[str, object]:
            await over.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, object]) -> None:
            sent.append(message.get("body", b""))
            if sent[-1].startswith(b"retry: "):
                room.say()
            elif sent[-1]:
                over.set()

        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(app(scope, receive, send), 20)

    asyncio.run(follow())
    assert b"comment.opened" in b"".join(sent)


# Over a real connection


@contextmanager
def served(room: Room) -> Iterator[tuple[str, Server]]:
    app = site.site(room.store, *room.people.values())
    server = Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"), room.store, threading.Event())
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        threading.Event().wait(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.should_exit = True
        thread.join(10)
    assert not thread.is_alive()


class Follower:
    """Somebody who follows a declaration, as a program."""

    def __init__(self, room: Room, address: str, role: Role, path: str = "", cookie: str = "") -> None:
        path = path or f"/api/declarations/{room.declaration.id}/events"
        headers = {**STREAM, "Cookie": cookie or f"persona={room.people[role].person_id}"}
        self.client = httpx.Client(timeout=10)
        self.stream = self.client.stream("GET", address + path, headers=headers)
        answer = self.stream.__enter__()
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(stream.MEDIA_TYPE)
        self.lines = answer.iter_lines()
        next(self.lines)

    def next(self) -> tuple[str, dict]:
        """The next event that is told."""
        event = ""
        for line in self.lines:
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
            if line.startswith("data: "):
                return event, json.loads(line.removeprefix("data: "))
        return "end", {}

    def close(self) -> None:
        self.stream.__exit__(None, None, None)
        self.client.close()


def test_events_arrive_rights_that_end_close_the_stream_and_so_does_the_server(room: Room, monkeypatch):
    monkeypatch.setattr(stream, "LOOKS_EVERY", 0.3)
    with served(room) as (address, server):
        chair = Follower(room, address, Role.CHAIR)
        member = Follower(room, address, Role.MEMBER)
        page = Follower(room, address, Role.OBSERVER, "/en/third-forum/declaration/events")
        room.propose()
        assert chair.next()[1]["kind"] == "amendment.proposed"
        assert member.next()[1]["number"] == 1
        first = (page.next() for _ in range(6))
        here = next(said["sentence"] for kind, said in first if kind == "here" and "A member" in said["sentence"])
        assert "A chair" in here

        with room.store.writing() as db:
            mandate = Model.metadata.tables["mandate"]
            yesterday = clock.now().date() - timedelta(days=1)
            own = sa.update(mandate).where(mandate.c.person_id == room.people[Role.MEMBER].person_id)
            db.execute(own.values(ends_on=yesterday))
        assert member.next()[0] == "gone"
        assert member.next()[0] == "end"

        server.should_exit = True
        assert chair.next()[0] == "end"
        for one in (chair, member, page):
            one.close()


def test_signing_out_closes_the_stream_within_seconds(room: Room, monkeypatch):
    monkeypatch.setattr(stream, "LOOKS_EVERY", 0.3)
    with room.store.writing() as db:
        person = db.get_one(Person, room.people[Role.MEMBER].person_id)
        account = AccountService(db).make(person, email="m@town.example", password_hash=None, actor=OPERATOR)
        token = SignInService(db).issue(account, Device(agent="", address="")).token
    with served(room) as (address, _):
        member = Follower(room, address, Role.MEMBER, cookie=f"sign-in={token}")
        room.say()
        assert member.next()[1]["kind"] == "comment.opened"
        with room.store.writing() as db:
            SignInService(db).sign_out(token)
        assert [member.next()[0], member.next()[0]] == ["gone", "end"]
        member.close()


def test_nobody_opens_streams_without_end(room: Room):
    hub, person = hub_of(room.store), room.people[Role.CHAIR].person_id

    class Loop:
        def call_soon_threadsafe(self, *_):
            return None

    for _ in range(MOST_OF_ONE):
        hub._listeners.add(Listener(room.declaration.id, person, loop=Loop(), news=None))
    with pytest.raises(TooMany):
        hub.ensure_room(person)
    hub.ensure_room(room.people[Role.MEMBER].person_id)


def test_on_postgresql_another_process_is_woken_by_the_commit_and_hears_who_is_here(
    postgresql_store: Store, monkeypatch
):
    room = opened(postgresql_store)
    url = postgresql_store.engine.url.render_as_string(hide_password=False)
    neighbour = Store(Settings(database_url=url))
    monkeypatch.setattr(stream, "LOOKS_EVERY", 30.0)  # so that only being woken can tell
    with served(room) as (address, _):
        chair = Follower(room, address, Role.CHAIR)
        threading.Event().wait(0.5)  # until the line stands
        with neighbour.writing() as db:
            declaration = DeclarationService(db).get(room.declaration.id)
            CommentService(db).open(
                declaration, room.block(), text="Why?", language=Language.EN, actor=room.people[Role.COMMITTEE]
            )
        assert chair.next()[1]["kind"] == "comment.opened"
        _hears(neighbour, room)
        chair.close()
    hub_of(postgresql_store).close()
    neighbour.close()


def _hears(neighbour: Store, room: Room) -> None:
    """The other process knows who is here."""

    async def listen() -> frozenset:
        hub = hub_of(neighbour)
        with hub.listening(room.declaration.id, None) as listener:
            for _ in range(100):
                if people := hub.presence.on(room.declaration.id):
                    return people
                await listener.wait(0.3)
        return frozenset()

    assert asyncio.run(listen()) == {room.people[Role.CHAIR].person_id}
    hub_of(neighbour).close()
