"""The programme of a forum through the API."""

from workspace.core.db import new_id


def test_the_programme_and_a_session_can_be_read(house):
    session = house.session("Water for every district", "Towns must repair their fountains.")
    [line] = house.nobody.get("/forums/third-forum/sessions").json()["items"]
    read = house.nobody.get(f"/sessions/{session}").json()
    assert [line["id"], line["number"], line["title"]] == [str(session), 1, "Water for every district"]
    assert read["session"] == line
    assert read["details"]["found"]["title"] == "Water for every district"
    assert read["document"] is None


def test_sessions_that_are_not_there_are_not_found(house):
    for path in ("/forums/fourth-forum/sessions", f"/sessions/{new_id()}", "/sessions/first"):
        assert house.chair.get(path).status_code == 404


def test_a_longer_programme_needs_no_more_queries(house):
    house.session("Water")
    alone = house.queries("/forums/third-forum/sessions")
    house.session("Light")
    house.session("Shade")
    assert house.queries("/forums/third-forum/sessions") == alone
