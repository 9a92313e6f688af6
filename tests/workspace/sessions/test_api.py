"""The programme of a forum through the API."""

from workspace.core.storage.db import new_id
from workspace.sessions.models import Session


def test_the_programme_and_a_session_can_be_read(house):
    session = house.session("Water for every district", "Towns must repair their fountains.")
    [line] = house.nobody.get("/forums/third-forum/sessions").json()["items"]
    read = house.nobody.get(f"/sessions/{session}").json()
    assert [line["id"], line["number"], line["title"]] == [str(session), 1, "Water for every district"]
    assert read["session"] == line
    assert read["details"]["found"]["title"] == "Water for every district"
    assert read["document"] is None


def test_what_does_not_add_up_in_a_note_is_for_those_who_may_read_the_note(store, house):
    session = house.session("Water", "Towns must repair their fountains.")
    with store.writing() as db:
        details = db.get_one(Session, session).details
        slip = {"type": "agenda", "severity": "warning", "description": "the agenda is longer than the session"}
        db.get_one(Session, session).details = {**details, "inconsistencies": [slip]}
    assert house.nobody.get(f"/sessions/{session}").json()["details"]["inconsistencies"] == []
    assert house.chair.get(f"/sessions/{session}").json()["details"]["inconsistencies"] != []


def test_sessions_that_are_not_there_are_not_found(house):
    for path in ("/forums/fourth-forum/sessions", f"/sessions/{new_id()}", "/sessions/first"):
        assert house.chair.get(path).status_code == 404


def test_a_longer_programme_needs_no_more_queries(house):
    house.session("Water")
    alone = house.queries("/forums/third-forum/sessions")
    house.session("Light")
    house.session("Shade")
    assert house.queries("/forums/third-forum/sessions") == alone
