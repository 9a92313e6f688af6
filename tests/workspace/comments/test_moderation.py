"""Removing a remark with a reason, changing one's own words, and talking among those who draft."""

import pytest

from tests.support.page import Page
from tests.workspace.amendments.browsing import DRAFT, browsing
from workspace.core.actor import Role
from workspace.core.security.permissions import Phase

SAID = {"text": "And who pays?", "language": "en"}


@pytest.fixture
def table(house):
    return house.declaration("Towns share water.", phase=Phase.CONSULTATION)


def begun(table, by=Role.MEMBER, **fields):
    answer = table.house[by].post(f"{table.path}/threads", {"block_id": table.block(), **SAID, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def comment_id(thread):
    return thread["comments"][0]["id"]


def hidden(house, thread, reason="It insults a town."):
    return house.chair.post(f"/comments/{comment_id(thread)}/moderation", {"state": "hidden", "reason": reason})


def seen(caller, table):
    return [one for thread in caller.get(f"{table.path}/threads").json()["items"] for one in thread["comments"]]


def test_what_a_moderator_removes_leaves_a_place_without_words(house, table):
    thread = begun(table)
    assert hidden(house, thread).status_code == 200

    told = {role: seen(house[role], table)[0] for role in (Role.OBSERVER, Role.MEMBER, Role.CHAIR)}

    assert [(one["state"], one["text"], one["reason"]) for one in told.values()] == [
        ("hidden", "", ""),
        ("hidden", "And who pays?", "It insults a town."),
        ("hidden", "And who pays?", "It insults a town."),
    ]
    with browsing(house.store, house.people[Role.OBSERVER]) as observer:
        page = observer.page(f"{DRAFT}/paragraphs/{table.block()}")
    assert len(page.rows("removed")) == 1
    assert SAID["text"] not in page.text


def test_removing_takes_a_reason_and_can_be_taken_back(house, table):
    thread = begun(table)
    refused = hidden(house, thread, reason=" ")
    assert (refused.status_code, refused.json()["facts"]) == (422, {"field": "reason", "reason": "empty"})
    hidden(house, thread)
    back = house.chair.post(f"/comments/{comment_id(thread)}/moderation", {"state": "shown"}).json()
    assert (back["state"], back["reason"], seen(house[Role.OBSERVER], table)[0]["text"]) == (
        "shown",
        "",
        "And who pays?",
    )


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.MEMBER, Role.RAPPORTEUR, Role.TRANSLATOR])
def test_only_moderators_moderate(house, table, role):
    thread = begun(table)
    for state in ("hidden", "shown"):
        answer = house[role].post(f"/comments/{comment_id(thread)}/moderation", {"state": state, "reason": "No."})
        assert answer.status_code == 404
    with browsing(house.store, house.people[role]) as person:
        assert person.see(f"{DRAFT}/moderation").status_code == 404


def test_the_moderators_desk_shows_what_was_removed_and_works_without_a_script(house, table):
    thread = begun(table)
    with browsing(house.store, house.people[Role.CHAIR]) as chair:
        chair.see(f"{DRAFT}/moderation")
        moderate = f"/en/third-forum/comments/{comment_id(thread)}/moderation"
        assert Page(chair.send(moderate, act="hide", reason="")).refusals == ["workspace.invalid:empty"]
        assert (
            chair.send(moderate, act="hide", reason="It insults a town.").headers["location"] == f"{DRAFT}/moderation"
        )
        for language in ("es", "en", "fr"):
            desk = chair.see(f"{DRAFT}/moderation".replace("/en/", f"/{language}/"))
            assert desk.status_code == 200
            assert Page(desk).data("reason") == ["It insults a town."]
        assert chair.send(moderate, act="show", back="//evil.example").headers["location"] == "/en"


def test_a_member_changes_their_own_words_and_every_version_is_kept(house, table):
    thread = begun(table)
    path = f"/comments/{comment_id(thread)}"
    changed = house.member.post(f"{path}/words", {"text": "Who pays for it?", "language": "en"}).json()
    house.member.post(f"{path}/words", {"text": "¿Quién paga?", "language": "es"})

    assert (changed["text"], changed["edited_at"] is not None, changed["state"]) == ("Who pays for it?", True, "shown")
    versions = house.chair.get(f"{path}/versions").json()["items"]
    assert [(one["number"], one["text"]) for one in versions] == [(1, "And who pays?"), (2, "Who pays for it?")]
    assert house.member.get(f"{path}/versions").json()["items"] == versions
    assert house[Role.OBSERVER].get(f"{path}/versions").status_code == 404
    same = house.member.post(f"{path}/words", {"text": "¿Quién paga?", "language": "es"})
    assert (same.status_code, same.json()["facts"]["reason"]) == (422, "nothing_changes")


def test_nobody_changes_the_words_of_another_or_what_was_removed(house, table):
    thread = begun(table)
    assert house.chair.post(f"/comments/{comment_id(thread)}/words", SAID).status_code == 404
    hidden(house, thread)
    again = house.member.post(f"/comments/{comment_id(thread)}/words", {"text": "Softer.", "language": "en"})
    assert again.status_code == 404


def test_an_internal_conversation_is_there_only_for_those_who_draft(house, table):
    thread = begun(table, by=Role.COMMITTEE, is_internal=True)
    for role in (Role.CHAIR, Role.SECRETARIAT, Role.RAPPORTEUR, Role.TRANSLATOR):
        assert [one["text"] for one in seen(house[role], table)] == ["And who pays?"]
    for caller in (house.member, house[Role.OBSERVER], house.nobody):
        assert seen(caller, table) == []
        assert caller.post(f"/threads/{thread['id']}/comments", SAID).status_code == 404
        assert caller.post(f"/threads/{thread['id']}/resolution").status_code == 404
        assert caller.get(f"/comments/{comment_id(thread)}/versions").status_code == 404
    assert house.chair.post(f"/threads/{thread['id']}/comments", SAID).status_code == 201
    with browsing(house.store, house.people[Role.MEMBER]) as member:
        page = member.see(f"{DRAFT}/paragraphs/{table.block()}").text
        home = member.see("/en/third-forum").text
    assert "And who pays?" not in page
    assert "internal" not in page
    assert 'data-comments="0"' in home


def test_a_member_begins_no_internal_conversation(house, table):
    body = {"block_id": table.block(), **SAID, "is_internal": True}
    assert house.member.post(f"{table.path}/threads", body).status_code == 404


def test_those_who_draft_talk_on_when_comments_are_closed(house):
    table = house.declaration("Towns share water.", phase=Phase.ADOPTION)
    with browsing(house.store, house.people[Role.COMMITTEE]) as committee:
        path = f"{DRAFT}/paragraphs/{table.block()}"
        assert 'name="internal" value="yes"' in committee.see(path).text
        assert "comment" in Page(committee.see(f"{path}/beside")).data("do")
        assert committee.send(f"{path}/comments", **SAID, internal="yes").status_code == 303
        assert committee.send(f"{path}/comments", **SAID).status_code == 404
    assert [one["text"] for one in seen(house.chair, table)] == ["And who pays?"]
