"""What the public is told as it happens: what it may read anyway, and never who is here or at work."""

import pytest

from tests.workspace.live.test_live import CANARY, Room, opened, read
from workspace.core.actor import OPERATOR, Role
from workspace.core.security.permissions import Phase
from workspace.core.storage.db import Store
from workspace.declarations.domain.service import DeclarationService
from workspace.live.claims import ClaimService
from workspace.live.hub import MOST_OF_ADDRESS, Listener, hub_of
from workspace.web.http.rate_limits import TooMany


@pytest.fixture
def room(store: Store) -> Room:
    room = opened(store)
    enter(room, Phase.CONSULTATION)
    return room


def enter(room: Room, phase: Phase) -> None:
    with room.store.writing() as db:
        DeclarationService(db).enter(DeclarationService(db).get(room.declaration.id), phase, actor=OPERATOR)


def told(room: Room) -> dict[str, object]:
    with room.browser() as browser:
        since = f"{room.since.isoformat()}".replace("+", "%2B")
        answer = browser.get(f"/en/third-forum/declaration/events?since={since}")
    assert answer.status_code == 200
    assert CANARY not in answer.text
    return {one["event"]: one["data"] for one in read(answer.text)}


def test_a_visitor_hears_of_open_comments_and_phases_and_of_nothing_else(room: Room):
    room.propose()
    room.say(by=Role.MEMBER)
    room.say(is_internal=True)
    with room.store.writing() as db:
        ClaimService(db).claim(room.declaration, room.block(), actor=room.people[Role.CHAIR])
    heard = told(room)
    assert heard.keys() == {"moved", "news"}
    assert len(heard["news"]["sentences"]) == 2, "the comment and the phase"
    enter(room, Phase.ADOPTION)
    assert "phase" in told(room)["moved"]


def test_the_page_of_a_visitor_follows_and_cannot_claim(room: Room):
    with room.browser() as browser:
        page = browser.get("/en/third-forum/declaration").text
        assert 'id="live"' in page
        assert browser.get(f"/api/declarations/{room.declaration.id}/claims").status_code == 404
    enter(room, Phase.REVIEW)
    assert room.ask(None, "/en/third-forum/declaration/events").status_code == 404


def test_one_address_does_not_take_the_place_of_all_the_others(room: Room):
    hub = hub_of(room.store)

    class Loop:
        def call_soon_threadsafe(self, *_):
            return None

    for _ in range(MOST_OF_ADDRESS):
        hub._listeners.add(Listener(room.declaration.id, None, "192.0.2.7", loop=Loop(), news=None))
    with pytest.raises(TooMany):
        hub.ensure_room(None, "192.0.2.7")
    hub.ensure_room(None, "192.0.2.8")
    hub.ensure_room(room.people[Role.CHAIR].person_id, "192.0.2.7")
