"""Notices by mail: as soon as each person chose, through a real mail server; only a digest quotes what it tells of."""

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest

from tests.workspace.letters.conftest import office, outbox
from tests.workspace.letters.post_office import report
from workspace.accounts.domain.service import AccountService
from workspace.core.actor import OPERATOR, Role
from workspace.core.outbox import queue_letter
from workspace.declarations.domain.service import DeclarationService
from workspace.letters.bounces import read_bounce, record_bounce
from workspace.letters.service import LetterService
from workspace.notices.jobs import write_of_notices
from workspace.people.models import Forum, Person

__all__ = ["office", "outbox"]
CANARY = "Kingfishers nest under the ninth bridge"
CHAIR = "chair@example.org"


@pytest.fixture
def table(house):
    with house.store.writing() as db:
        person = db.get_one(Person, house.people[Role.CHAIR].person_id)
        person.language, person.timezone = "es", "America/Montevideo"
        AccountService(db).make(person, email=CHAIR, password_hash=None, actor=OPERATOR)
    return house.declaration(f"{CANARY}.", "Towns light paths.")


def name_the_chair(house, table, text="Look at this, @A chair"):
    body = {"block_id": table.block(), "text": text, "language": "en"}
    assert house.member.post(f"{table.path}/threads", body).status_code == 201


def choose(house, **paces):
    answer = house.client.patch("/api/mail-choices", json=paces, headers=house.chair.cookies)
    assert answer.status_code == 200, answer.text
    return answer.json()


class Round:
    """The worker's round, some minutes later."""

    def __init__(self, house, office, outbox, clock):
        self.house, self.office, self.outbox, self.clock = house, office, outbox, clock

    def __call__(self, *, minutes: float = 2) -> list[EmailMessage]:
        self.clock.forward(minutes=minutes)
        before = len(self.office.letters)
        write_of_notices(self.house.store)
        self.outbox.work(self.office.url())
        return [one for one in self.office.letters[before:] if one["To"] == CHAIR]

    def until(self, moment: datetime) -> list[EmailMessage]:
        return self(minutes=(moment - self.clock()).total_seconds() / 60)


@pytest.fixture
def rounds(house, table, office, outbox, moved_clock):  # noqa: ARG001  (the table is laid before)
    moved_clock.ahead = datetime(2027, 3, 1, 15, tzinfo=UTC) - moved_clock.really()
    rounds = Round(house, office, outbox, moved_clock)
    rounds()  # what was told while the table was laid
    return rounds


def words(letter):
    return " ".join(letter.get_body(("plain",)).get_content().split())


def one_click(letter):
    return urlsplit(str(letter["List-Unsubscribe"]).strip("<>")).path


def test_whoever_is_named_gets_one_letter_soon_in_their_language_and_no_word_of_any_text(house, table, rounds):
    name_the_chair(house, table, f"@A chair, “{CANARY}” is wrong")
    name_the_chair(house, table, f"@A chair, and {CANARY} again")

    [letter] = rounds()

    assert letter["Content-Language"] == "es"
    assert letter["Subject"]
    assert "A member" in words(letter)
    assert letter.get_body(("html",)).get_content().count("/es/notices/") == 2
    assert CANARY not in letter.as_string() + words(letter) + letter.get_body(("html",)).get_content()
    assert CANARY not in str([one.facts for one in rounds.outbox.letters()])
    assert rounds() == []


def test_one_click_without_signing_in_ends_that_kind_and_no_other(house, table, rounds):
    name_the_chair(house, table)
    [letter] = rounds()

    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    house.client.cookies.clear()
    answer = house.client.post(one_click(letter), data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert answer.json() == {"ended": ["mentions"]}
    assert house.chair.get("/mail-choices").json()["mentions"] == "never"
    assert house.chair.get("/mail-choices").json()["decisions"] == "at_once"
    name_the_chair(house, table)
    assert rounds() == []


def test_following_the_link_ends_nothing_but_its_button_does(house, table, rounds):
    name_the_chair(house, table)
    [letter] = rounds()

    asked = house.client.get(one_click(letter))

    assert asked.status_code == 200
    assert "/es/letters/end/" in str(asked.url)
    assert house.chair.get("/mail-choices").json()["mentions"] == "at_once"


def test_the_link_of_a_notice_leads_its_receiver_there_and_anybody_else_to_the_door(house, table, rounds):
    name_the_chair(house, table)
    [letter] = rounds()
    path = re.search(r"/es/notices/[0-9a-f-]{36}", words(letter))[0]

    there = house.client.get(path, headers=house.chair.cookies, follow_redirects=False)
    elsewhere = house.client.get(path, headers=house.member.cookies, follow_redirects=False)
    outside = house.client.get(path, follow_redirects=False)

    assert there.status_code == 303
    assert "/threads/" in there.headers["location"]
    assert elsewhere.status_code == 404
    assert "/sign-in" in outside.headers["location"]
    assert house.chair.get("/notices").json()["unread"] > 0


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("token", ["x", "A" * 80, "00000000-0000-0000-0000-000000000000 mentions", "sealed:1:x"])
def test_a_link_that_was_not_signed_here_ends_nothing(house, token):
    assert house.client.post(f"/api/mail-choices/end/{token}").status_code == 404


def test_a_digest_waits_for_the_morning_of_its_reader(house, table, rounds):
    assert choose(house, mentions="daily")["mentions"] == "daily"
    name_the_chair(house, table)

    assert rounds() == []
    assert rounds.until(datetime(2027, 3, 2, 9, 55, tzinfo=UTC)) == []  # 6:55 in Montevideo
    name_the_chair(house, table)
    [letter] = rounds.until(datetime(2027, 3, 2, 10, 5, tzinfo=UTC))

    assert letter.get_body(("html",)).get_content().count("/es/notices/") == 2
    assert CANARY not in letter.as_string()
    assert rounds.until(datetime(2027, 3, 3, 10, 5, tzinfo=UTC)) == []


@pytest.mark.parametrize("is_embargoed", [False, True])
def test_a_digest_quotes_under_day_and_text_what_is_under_no_embargo_at_its_readers_time(
    house, table, rounds, is_embargoed
):
    choose(house, mentions="daily", text="daily")
    followed = house.chair.post("/following", {"kind": "paragraph", "id": table.block()})
    assert followed.status_code == 201
    name_the_chair(house, table, "Which wells, @A chair?")
    name_the_chair(house, table, "And the springs, @A chair?")
    table.propose("Kingfishers nest under the tenth bridge.")
    if is_embargoed:
        with house.store.writing() as db:
            DeclarationService(db).get(table.id).is_embargoed = True

    [letter] = rounds.until(datetime(2027, 3, 2, 10, 5, tzinfo=UTC))

    for kind in ("plain", "html"):
        part = letter.get_body((kind,)).get_content()
        assert part.count("Draft Declaration") == 1
        assert part.count("/es/notices/") == 3
        assert len(re.findall(r"\b12:0\d\b", part)) == 3  # in Montevideo
        assert ("Which wells" in part) is not is_embargoed
        assert ("tenth" in part) is not is_embargoed
    assert ("<ins>" in part) is not is_embargoed


def test_what_was_read_meanwhile_is_not_written_about(house, table, rounds):
    name_the_chair(house, table)
    house.chair.post("/notices/reading")

    assert rounds() == []


def test_who_wants_no_mail_gets_none(house, table, rounds):
    choose(house, mentions="never")
    name_the_chair(house, table)

    assert rounds() == []


@pytest.mark.usefixtures("table")
def test_phases_come_at_once_or_never(house):
    answer = house.client.patch("/api/mail-choices", json={"phases": "daily"}, headers=house.chair.cookies)

    assert answer.status_code == 422
    assert choose(house, phases="never")["phases"] == "never"


def test_a_letter_about_a_conversation_that_is_no_longer_open_to_its_reader_is_not_written(house, table, rounds):
    name_the_chair(house, table)
    with house.store.writing() as db:
        for mandate in db.get_one(Person, house.people[Role.CHAIR].person_id).mandates:
            db.delete(mandate)

    assert rounds() == []


def bounce(house, message):
    returned = read_bounce(message)
    if returned is None:
        return None
    with house.store.writing() as db:
        found = record_bounce(db, returned, actor=OPERATOR)
        return found.address if found else None


def test_an_address_that_letters_come_back_from_gets_only_what_it_asks_for(house, table, rounds):
    name_the_chair(house, table)
    [letter] = rounds()

    assert bounce(house, report(letter["Message-ID"])) == CHAIR
    name_the_chair(house, table)
    assert rounds() == []
    with house.store.writing() as db:
        forum = db.query(Forum).one()
        assert LetterService(db).announce(forum, "phase_moved", phase="R") == 0
        queue_letter(db, "sign_in_link", to=CHAIR, language="es")
    assert len(rounds()) == 1
    failed = house[Role.SECRETARIAT].get("/forums/third-forum/letters").json()["items"]
    assert [one["error"] for one in failed] == ["bounced 5.1.1"]

    assert house.chair.post("/mail-choices/address").json()["mentions"] == "at_once"
    name_the_chair(house, table)
    assert len(rounds()) == 1


def test_trying_a_returned_letter_again_writes_to_the_address_again(house, table, rounds):
    name_the_chair(house, table)
    [letter] = rounds()
    bounce(house, report(letter["Message-ID"]))
    [failed] = house[Role.SECRETARIAT].get("/forums/third-forum/letters").json()["items"]

    house[Role.SECRETARIAT].post(f"/forums/third-forum/letters/{failed['id']}/attempts")
    name_the_chair(house, table)

    assert len(rounds()) == 2


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"Subject: I am on holiday\n\nBack in May.",
        report("<00000000-0000-0000-0000-000000000000@towns.example>"),
        report("<x@y>\nBcc: everybody"),
    ],
)
def test_a_message_that_names_no_letter_of_ours_marks_nobody(house, message):
    assert bounce(house, message) is None


@pytest.mark.parametrize(
    "told", [{"status": "4.2.2"}, {"action": "delayed"}, {"action": "delivered", "status": "2.0.0"}]
)
def test_a_delay_marks_nobody(house, table, rounds, told):
    name_the_chair(house, table)
    [letter] = rounds()

    assert bounce(house, report(letter["Message-ID"], **told)) is None


def test_while_nothing_is_due_nobody_else_waits_for_it(house, table, rounds, monkeypatch):
    choose(house, mentions="daily")
    name_the_chair(house, table)
    rounds.clock.forward(minutes=2)
    writing = house.store.writing
    begun = []
    monkeypatch.setattr(house.store, "writing", lambda: begun.append(1) or writing())

    with house.counted() as first:
        assert write_of_notices(house.store) == 0
    for _ in range(3):
        name_the_chair(house, table)
    begun.clear()
    with house.counted() as second:
        assert write_of_notices(house.store) == 0

    assert begun == []
    assert len(first) == len(second)
