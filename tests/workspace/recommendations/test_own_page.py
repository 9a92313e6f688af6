"""A recommendation is edited, divided and reopened on its own page, wherever it came from."""

import pytest

from tests.support.page import Page
from tests.support.site import token_of
from workspace.core.actor import Role

REGISTER = "/en/third-forum/recommendations"
SAID = "Towns must mend their fountains. Regions should lend them pumps."


@pytest.fixture
def register(house):
    """One recommendation that a member sent in, confirmed, under a theme, endorsed by another organisation."""
    member = house[Role.MEMBER]
    assert member.post("/forums/third-forum/recommendations", {"recommendations": [{"text": SAID, "language": "en"}]})
    goals = house.chair.post("/forums/third-forum/taxonomies", {"kind": "goals"}).json()
    theme = goals["themes"][5]["id"]
    house.chair.post("/forums/third-forum/recommendations/themes", {"numbers": [1], "themes": [theme]})
    house.chair.post("/forums/third-forum/recommendations/settlement", {"standing": "confirmed", "numbers": [1]})
    return house


def told(house, number):
    items = house.chair.get("/forums/third-forum/recommendations").json()["items"]
    return next(one for one in items if one["number"] == number)


def send(client, number, text):
    page = f"{REGISTER}/{number}"
    client.get(page)
    return client.post(f"{page}/text", data={"csrf": token_of(client), "text": text}, follow_redirects=False)


def test_its_text_is_edited_there_and_the_first_words_stay_beside_it(register, visit):
    client = visit(register.people[Role.CHAIR])
    [form] = [form for form in Page(client.get(f"{REGISTER}/1")).forms if form.action == f"{REGISTER}/1/text"]
    assert form.values["text"].strip() == SAID

    assert send(client, 1, "Towns must mend fountains.").status_code == 303

    shown = Page(client.get(f"{REGISTER}/1"))
    assert told(register, 1)["text"] == "Towns must mend fountains."
    assert SAID in shown.text


def test_an_empty_line_divides_what_was_sent_in_with_its_sender_and_themes(register, visit):
    client = visit(register.people[Role.CHAIR])

    assert send(client, 1, "Towns must mend their fountains.\r\n\r\nRegions should lend them pumps.").status_code == 303

    first, second = told(register, 1), told(register, 2)
    assert [first["text"], second["text"]] == ["Towns must mend their fountains.", "Regions should lend them pumps."]
    assert (second["standing"], second["organisation"]) == ("proposed", first["organisation"])
    assert second["themes"] == first["themes"] != []
    shown = Page(client.get(f"{REGISTER}/2"))
    assert f"{REGISTER}/1" in shown.links, "the one it was divided from"


def test_one_that_was_confirmed_or_set_aside_is_reopened(register, visit):
    client = visit(register.people[Role.CHAIR])
    for standing in ("confirmed", "dropped"):
        body = {"standing": standing, "numbers": [1], "reason": "Twice."}
        register.chair.post("/forums/third-forum/recommendations/settlement", body)
        form = next(one for one in Page(client.get(f"{REGISTER}/1")).forms if ("act", "reopen") in one.buttons)
        answer = client.post(form.action, data={**form.values, "act": "reopen"}, follow_redirects=False)
        assert answer.status_code == 303
        assert told(register, 1)["standing"] == "proposed"
    again = register.chair.post(
        "/forums/third-forum/recommendations/settlement", {"standing": "confirmed", "numbers": [1]}
    )
    assert again.status_code == 200
    back = register.chair.post(
        "/forums/third-forum/recommendations/settlement", {"standing": "proposed", "numbers": [1]}
    )
    assert back.json()["items"][0]["standing"] == "proposed"


def test_empty_words_are_refused_beside_the_field_and_nobody_else_edits(register, visit):
    answer = send(visit(register.people[Role.CHAIR]), 1, "  ")
    assert answer.status_code == 422
    assert Page(answer).field("text").is_wrong

    assert send(visit(register.people[Role.MEMBER]), 1, "Mine.").status_code in {403, 404}
    assert told(register, 1)["text"] == SAID
