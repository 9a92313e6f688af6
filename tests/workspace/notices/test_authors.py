"""Whoever said or wrote something is told of each step: a notice and its letter, or for a guest a letter."""

import pytest
import sqlalchemy as sa

from drafts.text.blocks import Language
from tests.support import factories
from tests.workspace.amendments.browsing import browsing
from workspace.accounts.domain.service import AccountService
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.outbox import Letter, facts_with_link
from workspace.core.security.permissions import Phase
from workspace.letters.rendering import LetterSender, render_letter
from workspace.notices.jobs import PAUSE, write_of_notices
from workspace.notices.views import OF_COMMENT
from workspace.people.models import Contact, Mandate, Person
from workspace.people.service import PeopleService
from workspace.sessions.service import SessionService

API = "/forums/third-forum/recommendations"
SENT = {"recommendations": [{"text": "Plant a lime tree at every corner.", "language": "en"}]}
SAID = {"text": "And who pays?", "language": "en"}
WHO = {"name": "Greta Guest", "email": "greta@home.example"}


@pytest.fixture
def table(house):
    table = house.declaration("Towns share water.", phase=Phase.CONSULTATION)
    with house.store.writing() as db:
        factories.forum(db).guest_comments = True
    return table


def told(house, role=Role.MEMBER):
    """Kind and word of what somebody was told of what they said, the newest first."""
    every = house[role].get("/notices").json()["items"]
    return [(notice["kind"], notice["word"]) for notice in every if notice["kind"] in {"comment", "recommendation"}]


def notices_page(house, role=Role.MEMBER):
    with browsing(house.store, house.people[role]) as reader:
        return reader.page("/en/notices")


def settle(house, standing, *numbers, **more):
    body = {"standing": standing, "numbers": list(numbers), **more}
    answer = house.chair.post(f"{API}/settlement", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_member_is_told_of_each_step_of_what_they_sent_in(house, table):
    house.session("Water", "Towns must repair every fountain.")
    house.member.post(API, SENT)
    settle(house, "confirmed", 2)
    [sent] = house.chair.get(f"{API}?words=lime").json()["items"]
    house.chair.post(f"{table.path}/provenance", {"block_id": table.block(), "recommendation_id": sent["id"]})
    house.chair.post(f"{API}/rulings", {"numbers": [2], "outcome": "declined", "reason": "Too dear."})
    house.chair.post(f"{API}/merger", {"kept": 1, "numbers": [2]})
    house.chair.post(f"/recommendations/{sent['id']}/separation", {})
    settle(house, "dropped", 2, reason="It is law already.")
    steps = [word for kind, word in reversed(told(house)) if kind == "recommendation"]
    assert steps == ["confirmed", "placed", "declined", "merged", "confirmed", "dropped"]
    assert "It is law already." in notices_page(house).text
    assert not told(house, Role.OBSERVER)


def test_the_people_of_an_organisation_are_told_and_whoever_settles_it_is_not(house, table):
    assert table
    with house.store.writing() as db:
        town = PeopleService(db).add_organisation(factories.forum(db), name="Town of Villa Clara", actor=OPERATOR)
        for role in (Role.MEMBER, Role.CHAIR):
            held = sa.select(Mandate).where(Mandate.person_id == house.people[role].person_id)
            db.scalars(held).one().organisation_id = town.id
    file = ("answers.csv", b"Organisation,Recommendation\nTown of Villa Clara,Plant a lime tree everywhere\n")
    house[Role.SECRETARIAT].post(f"{API}/answers", files={"file": file}, data={"said_in": "en"})
    settle(house, "confirmed", 1)
    assert [word for _, word in told(house)] == ["confirmed"]
    assert not told(house, Role.CHAIR)
    assert not told(house, Role.SECRETARIAT)


def test_the_rapporteur_of_a_session_is_told_of_what_is_set_aside_there(house, table):
    assert table
    house.session("Water", "Towns must repair every fountain.", "Lend pumps.")
    with house.store.writing() as db:
        [session] = SessionService(db).programme(factories.forum(db), actor=OPERATOR)
        SessionService(db).give_to(session, house.people[Role.RAPPORTEUR].person_id, actor=OPERATOR)
    settle(house, "confirmed", 1)
    settle(house, "dropped", 2, reason="No.")
    assert told(house, Role.RAPPORTEUR) == [("recommendation", "dropped")]


def test_the_letter_follows_the_notice_by_their_preferences(house, table, monkeypatch):
    assert table
    with house.store.writing() as db:
        person_id = house.people[Role.MEMBER].person_id
        AccountService(db).make(db.get_one(Person, person_id), email="m@x.example", password_hash=None, actor=OPERATOR)
    house.member.post(API, SENT)
    settle(house, "confirmed", 1)
    at = clock.now()
    monkeypatch.setattr(clock, "now", lambda: at + PAUSE * 2)
    write_of_notices(house.store)
    with house.store.reading() as db:
        assert [letter.to for letter in db.query(Letter).filter_by(kind="told")] == ["m@x.example"]


@pytest.fixture
def remark(house, table):
    """What a guest wrote, who has shown that the address is theirs."""
    house.nobody.post(f"{table.path}/guest-threads", {**SAID, **WHO, "block_id": table.block()})
    check(house)
    [held] = house[Role.SECRETARIAT].get(f"{table.path}/moderation").json()["items"]
    return held


def check(house):
    with house.store.writing() as db:
        for guest in db.query(Contact):
            guest.checked_at = clock.now()


def letters(house):
    with house.store.reading() as db:
        found = db.query(Letter).filter_by(kind="guest_told").order_by(Letter.id)
        return [(letter.facts["first"], letter.facts.get("reason", ""), letter.to) for letter in found]


def moderate(house, remark, **body):
    assert house.chair.post(f"/comments/{remark['id']}/moderation", body).status_code in {200, 204}


def test_a_guest_has_a_letter_when_their_comment_is_let_through_answered_settled_and_removed(house, remark):
    moderate(house, remark, state="shown")
    house.member.post(f"/threads/{remark['thread_id']}/comments", SAID)
    house.chair.post(f"/threads/{remark['thread_id']}/resolution")
    moderate(house, remark, state="hidden", reason="It names a neighbour.")
    to = "greta@home.example"
    assert letters(house) == [
        (OF_COMMENT["shown"], "", to),
        (OF_COMMENT["answered"], "", to),
        (OF_COMMENT["resolved"], "", to),
        (OF_COMMENT["hidden"], "It names a neighbour.", to),
    ]
    assert [word for kind, word in told(house) if kind == "comment"] == ["resolved"]


def test_each_letter_to_a_guest_quotes_what_it_is_about_and_leads_to_their_own_page(house, remark):
    moderate(house, remark, state="shown")
    house.member.post(f"/threads/{remark['thread_id']}/comments", {**SAID, "text": "The county pays."})
    house.chair.post(f"/comments/{remark['id']}/recommendation")
    house.chair.post(f"/threads/{remark['thread_id']}/resolution")
    with house.store.reading() as db:
        sent = db.query(Letter).filter(Letter.kind.in_(["guest_check", "guest_told"])).order_by(Letter.id).all()
        pages = {facts_with_link(house.store, letter.facts)["path"].rpartition("/guests/")[1] for letter in sent}
        told = [letter.facts["text"] for letter in sent if letter.kind == "guest_told"]
    assert (pages, told) == ({"/guests/"}, [SAID["text"], "The county pays.", SAID["text"], SAID["text"]])


@pytest.mark.parametrize("language", Language)
def test_the_letter_says_what_happened_in_each_language(house, remark, language):
    moderate(house, remark, state="hidden", reason="It names a neighbour.")
    with house.store.writing() as db:
        letter = db.query(Letter).filter_by(kind="guest_told").one()
        letter.language, letter.facts = language.value, facts_with_link(house.store, letter.facts)
        written = render_letter(letter, LetterSender("us@example.org", "https://forum.example"), now=clock.now())
    assert "It names a neighbour." in written.get_body(("plain",)).get_content()


def test_whoever_has_not_shown_that_the_address_is_theirs_has_no_letter(house, table):
    house.nobody.post(f"{table.path}/guest-threads", {**SAID, **WHO, "block_id": table.block()})
    [held] = house[Role.SECRETARIAT].get(f"{table.path}/moderation").json()["items"]
    moderate(house, held, state="shown")
    assert letters(house) == []


def test_a_member_whose_comment_is_removed_is_told_why(house, table):
    opened = house.member.post(f"{table.path}/threads", {**SAID, "block_id": table.block()}).json()
    moderate(house, opened["comments"][0], state="hidden", reason="It names a neighbour.")
    assert told(house) == [("comment", "hidden")]
    assert "It names a neighbour." in notices_page(house).text


def test_many_that_are_settled_at_once_are_told_of_in_as_many_queries_as_one(house, table):
    assert table
    for count in (1, 20):
        house.member.post(API, {"recommendations": SENT["recommendations"] * count})
    with house.counted() as one:
        settle(house, "confirmed", 1)
    with house.counted() as many:
        settle(house, "confirmed", *range(2, 22))
    assert len(many) <= len(one) + 2


def test_a_reason_is_told_only_with_the_step_it_was_given_for(house, table):
    assert table
    house.member.post(API, SENT)
    with house.store.writing() as db:
        now, person_id = clock.now(), house.people[Role.MEMBER].person_id
        db.add(Contact(person_id=person_id, email=WHO["email"], made_at=now, check_hash="c", checked_at=now))
    settle(house, "confirmed", 1)
    house.chair.post(f"{API}/rulings", {"numbers": [1], "outcome": "declined", "reason": "Too dear."})
    assert notices_page(house).text.count("Too dear.") == 1
    settle(house, "dropped", 1, reason="It is law already.")
    assert notices_page(house).text.count("It is law already.") == 1
    settle(house, "confirmed", 1)
    assert [reason for _, reason, _ in letters(house)] == ["", "Too dear.", "It is law already.", ""]


def test_who_sent_in_what_others_go_into_is_told_that_it_is_confirmed_by_that(house):
    house.session("Water", "Towns must repair every fountain.")
    house.member.post(API, SENT)
    house.chair.post(f"{API}/merger", {"kept": 2, "numbers": [1]})
    assert told(house) == [("recommendation", "confirmed")]


def test_what_goes_along_into_another_is_told_and_what_is_in_it_already_is_not(house):
    house.session("Water", "Towns must repair every fountain.", "Lend pumps.")
    house.member.post(API, SENT)
    first = house.chair.post(f"{API}/merger", {"kept": 2, "numbers": [3]})
    again = house.chair.post(f"{API}/merger", {"kept": 2, "numbers": [3]})
    assert [first.status_code, again.status_code, len(told(house))] == [200, 422, 1]
    along = house.chair.post(f"{API}/merger", {"kept": 1, "numbers": [2]}).json()
    assert told(house) == [("recommendation", "merged")] * 2
    house.chair.post(f"{API}/settlements/{along['settlement_id']}/undoing")
    assert told(house) == [("recommendation", "merged")] * 3
