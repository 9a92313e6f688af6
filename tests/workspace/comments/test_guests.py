"""Guests comment without an account where a forum lets them; everything they write waits for a moderator."""

import re
from datetime import timedelta

import pytest

from tests.support import factories
from tests.support.page import Page
from tests.workspace.amendments.browsing import DRAFT, browsing
from workspace.comments.models import Comment, CommentVersion
from workspace.core import clock
from workspace.core.actor import Role
from workspace.core.outbox import Letter, facts_with_link
from workspace.core.security.permissions import Phase
from workspace.core.storage.log import LogEntry
from workspace.people.guests import end_guest_passes
from workspace.people.models import Contact, Person

SAID = {"text": "And who pays?", "language": "en"}
WHO = {"name": "Greta Guest", "email": "Greta@Home.example"}


@pytest.fixture
def table(house):
    table = house.declaration("Towns share water.", phase=Phase.CONSULTATION)
    allow_guests(house)
    return table


def allow_guests(house, *, allowed=True):
    with house.store.writing() as db:
        factories.forum(db).guest_comments = allowed


def page(table):
    return f"{DRAFT}/paragraphs/{table.block()}"


@pytest.mark.parametrize("allowed", [True, False])
def test_the_text_leads_a_visitor_to_where_they_may_comment(house, table, allowed):
    allow_guests(house, allowed=allowed)
    with browsing(house.store) as visitor:
        assert page(table) in visitor.page(DRAFT).links
        assert visitor.page(f"{page(table)}/beside").has_id("say") is allowed


def commented(table, visitor, **fields):
    visitor.see(page(table))
    answer = visitor.send(f"{page(table)}/comments", **{**SAID, **WHO, **fields})
    assert answer.status_code == 303, answer.text
    return answer


def held(house, table, role=Role.SECRETARIAT):
    return house[role].get(f"{table.path}/moderation").json()["items"]


def test_a_visitor_comments_with_name_and_address_and_only_a_moderator_lets_it_be_read(house, table):
    with browsing(house.store) as visitor:
        commented(table, visitor)
        own = visitor.page(page(table))
    with browsing(house.store, house.people[Role.MEMBER]) as member:
        before = member.see(page(table)).text
        [waiting] = held(house, table)
        house.chair.post(f"/comments/{waiting['id']}/moderation", {"state": "shown"})
        after = member.see(page(table)).text

    assert [(remark.text, remark.root.get("data-remark")) for remark in own.rows("remark")] == [(SAID["text"], "held")]
    assert SAID["text"] not in before
    assert SAID["text"] in after
    assert re.search(r"<strong>Greta Guest</strong> <span class=\"badge\">guest</span>", after)
    assert all("home.example" not in text.casefold() for text in (own.text, before, after))


def test_the_queue_tells_the_address_only_while_and_to_whom_it_is_declared(house, table):
    with browsing(house.store) as visitor:
        commented(table, visitor)
    emails = {role: [one["email"] for one in held(house, table, role)] for role in (Role.CHAIR, Role.COMMITTEE)}
    assert emails == {Role.CHAIR: ["greta@home.example"], Role.COMMITTEE: [None]}
    for caller in (house.member, house[Role.TRANSLATOR], house.nobody):
        assert caller.get(f"{table.path}/moderation").status_code == 404


def test_a_letter_asks_whether_the_address_is_theirs_and_opening_it_is_not_enough(house, table):
    with browsing(house.store) as visitor:
        commented(table, visitor)
        with house.store.reading() as db:
            [letter] = db.query(Letter).all()
        assert (letter.kind, letter.to) == ("guest_check", "greta@home.example")
        path = facts_with_link(house.store, letter.facts)["path"]
        assert visitor.page(path).state is None
        assert [one["email_checked"] for one in held(house, table)] == [False]
        assert visitor.send(path).status_code == 303
        assert [one["email_checked"] for one in held(house, table)] == [True]
        assert visitor.page(path).state == "held"
        own = visitor.page(path).part("own-comment").root.get("href")
        [waiting] = held(house, table)
        with browsing(house.store) as elsewhere:  # another browser, which is not the guest's
            assert not elsewhere.page(path).rows("own-comment")
            house.chair.post(f"/comments/{waiting['id']}/moderation", {"state": "shown"})
            told = elsewhere.page(path)
        assert told.state == "shown"
        for way in (own, told.part("own-comment").root.get("href")):
            assert SAID["text"] in visitor.page(visitor.see(way).headers.get("location", way)).text
        assert visitor.see(path + "x").status_code == 404
        assert visitor.see(path.replace("third-forum", "fourth-forum")).status_code == 404


def test_every_comment_of_a_guest_stands_on_their_page_with_what_became_of_it(house, table):
    with browsing(house.store) as visitor:
        commented(table, visitor)
        with house.store.reading() as db:
            path = facts_with_link(house.store, db.query(Letter).one().facts)["path"]
        visitor.see(path)
        visitor.send(path)
        visitor.send(f"{page(table)}/comments", **{**SAID, "text": "And who mends it?"})
        first, second = held(house, table)
        house.chair.post(f"/comments/{first['id']}/moderation", {"state": "shown"})
        house.chair.post(f"/comments/{second['id']}/moderation", {"state": "hidden", "reason": "Said before."})
        shown, hidden = visitor.page(path).rows("comment-is")
    assert [row.root.get("data-comment-is") for row in (shown, hidden)] == ["shown", "hidden"]
    assert (SAID["text"] in shown.text, "And who mends it?" in hidden.text, "Said before." in hidden.text) == (
        True,
    ) * 3


def test_a_guest_changes_a_comment_for_a_quarter_of_an_hour_and_it_waits_again(house, table, monkeypatch):
    with browsing(house.store) as visitor:
        commented(table, visitor)
        [waiting] = held(house, table)
        house.chair.post(f"/comments/{waiting['id']}/moderation", {"state": "shown"})
        edit = f"/en/third-forum/comments/{waiting['id']}/edit"
        assert visitor.page(edit).data("until")
        assert visitor.send(edit, text="And who pays for it?", language="en").status_code == 303
        assert [one["text"] for one in held(house, table)] == ["And who pays for it?"]
        at = clock.now()
        monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=15, seconds=1))
        for late in (visitor.see(edit), visitor.send(edit, text="Too late", language="en")):
            assert late.status_code == 409
            assert Page(late).refusal == "comments.too_late"
    with house.store.reading() as db:
        assert [one.text for one in db.query(CommentVersion)] == ["And who pays?"]


def test_nobody_else_changes_a_guests_comment(house, table):
    with browsing(house.store) as visitor:
        commented(table, visitor)
    [waiting] = held(house, table)
    for caller in (house.nobody, house.member, house.chair):
        assert caller.post(f"/comments/{waiting['id']}/words", SAID).status_code == 404
    with browsing(house.store) as other:
        assert other.see(f"/en/third-forum/comments/{waiting['id']}/edit").status_code == 404


def test_the_browser_goes_on_as_the_same_guest_for_a_day(house, table, monkeypatch):
    with browsing(house.store) as visitor:
        commented(table, visitor)
        assert 'name="email"' not in visitor.see(page(table)).text
        assert visitor.send(f"{page(table)}/comments", **{**SAID, "text": "Again"}).status_code == 303
        with house.store.reading() as db:
            assert db.query(Contact).count() == 1
        at = clock.now()
        monkeypatch.setattr(clock, "now", lambda: at + timedelta(days=1, seconds=1))
        assert 'name="email"' in visitor.see(page(table)).text
        assert end_guest_passes(house.store) == 1
        monkeypatch.setattr(clock, "now", lambda: at)  # put back
        assert 'name="email"' in visitor.see(page(table)).text


def test_a_guest_closes_no_conversation(house, table):
    opened = house.member.post(f"{table.path}/threads", {"block_id": table.block(), **SAID}).json()
    with browsing(house.store) as visitor:
        commented(table, visitor)
        assert visitor.send(f"/en/third-forum/threads/{opened['id']}/resolution").status_code == 404
        assert visitor.send(f"/en/third-forum/threads/{opened['id']}/comments", **SAID).status_code == 303
    threads = house.member.get(f"{table.path}/threads").json()["items"]
    assert [len(one["comments"]) for one in threads] == [1]


def test_a_held_conversation_cannot_be_answered_by_others(house, table):
    with browsing(house.store) as visitor:
        commented(table, visitor)
    [waiting] = held(house, table)
    assert house.member.post(f"/threads/{waiting['thread_id']}/comments", SAID).status_code == 404


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"name": " "}, "empty"), ({"email": "nowhere"}, "bad_email"), ({"text": ""}, "empty")],
)
def test_what_is_missing_is_asked_for_and_nothing_is_kept(house, table, fields, reason):
    with browsing(house.store) as visitor:
        visitor.see(page(table))
        answer = visitor.send(f"{page(table)}/comments", **{**SAID, **WHO, **fields})
    assert answer.status_code == 422
    [name] = fields
    assert Page(answer).field(name).error == f"workspace.invalid:{reason}"
    with house.store.reading() as db:
        assert (db.query(Comment).count(), db.query(Contact).count(), db.query(Letter).count()) == (0, 0, 0)


@pytest.mark.parametrize("phase", [Phase.REVIEW, Phase.ADOPTION, Phase.PUBLISHED])
def test_guests_are_heard_in_the_consultation_alone(house, phase):
    table = house.declaration("Towns share water.", phase=phase)
    allow_guests(house)
    with browsing(house.store) as visitor:
        visitor.see(page(table))
        assert visitor.send(f"{page(table)}/comments", **SAID, **WHO).status_code == 404


def test_a_forum_without_guests_hears_none(house, table):
    allow_guests(house, allowed=False)
    with browsing(house.store) as visitor:
        assert 'name="email"' not in visitor.see(page(table)).text
        assert visitor.send(f"{page(table)}/comments", **SAID, **WHO).status_code == 404
    body = {**SAID, **WHO, "block_id": table.block()}
    assert house.nobody.post(f"{table.path}/guest-threads", body).status_code == 404


def test_a_program_comments_as_a_guest_too(house, table):
    body = {**SAID, **WHO, "block_id": table.block()}
    made = house.nobody.post(f"{table.path}/guest-threads", body)
    assert (made.status_code, made.json()["comments"][0]["state"]) == (201, "held")
    assert house.member.post(f"{table.path}/guest-threads", body).status_code == 404
    assert house.nobody.get(f"{table.path}/threads").json()["items"] == []


def test_ten_remarks_of_a_guest_may_wait_and_no_more(house, table):
    with browsing(house.store) as visitor:
        commented(table, visitor)
        for number in range(9):
            assert visitor.send(f"{page(table)}/comments", **{**SAID, "text": f"{number}"}).status_code == 303
        answer = visitor.send(f"{page(table)}/comments", **SAID)
    assert (answer.status_code, len(held(house, table))) == (422, 10)


def test_guests_are_no_part_of_the_register(house, table):
    with browsing(house.store) as visitor:
        commented(table, visitor)
    with house.store.reading() as db:
        guest = db.query(Person).filter_by(name="Greta Guest").one().id
    people = house[Role.SECRETARIAT].get("/forums/third-forum/people?standing=all").json()["items"]
    assert "Greta Guest" not in {one["name"] for one in people}
    assert house[Role.SECRETARIAT].get(f"/forums/third-forum/people/{guest}").status_code == 404


def test_the_log_names_no_guest(house, table):
    with browsing(house.store) as visitor:
        commented(table, visitor)
    with house.store.reading() as db:
        entries = " ".join(line.entry for line in db.query(LogEntry))
    assert "guest.came_in" in entries
    assert not re.search("greta|home.example|who pays", entries, re.IGNORECASE)
