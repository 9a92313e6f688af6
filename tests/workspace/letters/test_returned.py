"""Letters that come back, told over HTTP by the service that carries them, or by a program of the operator."""

import base64
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from tests.support.site import site
from tests.workspace.letters.post_office import report
from workspace.core.actor import OPERATOR
from workspace.core.environment import BadSetting
from workspace.core.settings import Settings, explained
from workspace.core.storage.log import LogEntry
from workspace.letters import bounces, delivery
from workspace.letters.models import Bounce

SECRET = "four green boats in the harbour"
BEARER = {"Authorization": f"Bearer {SECRET}"}
DOOR, REPORTS = "/api/returned-letters", "/api/returned-letters/reports"


class Carrier:
    """A letter that has left, and whoever reports of it."""

    def __init__(self, outbox, client) -> None:
        self.outbox, self.client = outbox, client

    @property
    def id(self) -> str:
        return str(self.outbox.letter.id)

    @property
    def message_id(self) -> str:
        return self.outbox.letter.message_id

    def post(self, message: bytes, **headers: str):
        """As a mail server sends it back."""
        return self.client.post(REPORTS, content=message, headers={**BEARER, **headers})

    def marked(self) -> list[tuple[str, str]]:
        with self.outbox.store.reading() as db:
            return [(one.address, one.code) for one in db.scalars(sa.select(Bounce))]


@pytest.fixture
def carrier(outbox, office) -> Iterator[Carrier]:
    outbox.post()
    outbox.work(office.url())
    outbox.store.bounce_secret = SECRET
    with TestClient(site(outbox.store)) as client:
        yield Carrier(outbox, client)


def test_a_message_that_a_mail_server_sends_back_is_taken_as_it_is(carrier):
    sent_back = report(carrier.message_id)

    assert carrier.post(sent_back, **{"Content-Type": "message/rfc822"}).json() == {"marked": 1, "ignored": 0}
    assert carrier.marked() == [("ana@town.example", "5.1.1")]
    assert carrier.outbox.letter.last_error == "bounced 5.1.1"
    assert carrier.outbox.letter.sent_at is None


def test_what_is_only_late_changes_nothing(carrier):
    assert carrier.post(report(carrier.message_id, action="delayed")).json() == {"marked": 0, "ignored": 1}
    assert carrier.marked() == []


def test_a_program_says_it_in_few_words(carrier):
    said = {"letter": carrier.id, "kind": "failed", "code": "550 5.2.1", "address": "Ana@Town.example"}

    assert carrier.client.post(DOOR, json={**said, "kind": "delayed"}, headers=BEARER).json()["ignored"] == 1
    assert carrier.client.post(DOOR, json={**said, "address": "b@town.example"}, headers=BEARER).json()["marked"] == 0
    assert carrier.marked() == []
    assert carrier.client.post(DOOR, json=said, headers=BEARER).json() == {"marked": 1, "ignored": 0}
    assert carrier.marked() == [("ana@town.example", "5.2.1")]
    assert carrier.client.post(DOOR, json={**said, "kind": "odd"}, headers=BEARER).status_code == 400


def test_the_same_said_twice_is_one_line_of_the_log(carrier):
    for _ in range(2):
        assert carrier.post(report(carrier.message_id)).json()["marked"] == 1

    with carrier.outbox.store.reading() as db:
        assert len(db.scalars(sa.select(LogEntry).where(LogEntry.kind == "letter.bounced")).all()) == 1


@pytest.mark.parametrize("path", [DOOR, REPORTS])
def test_without_a_secret_there_is_nothing_here(carrier, path):
    carrier.outbox.store.bounce_secret = ""

    for headers in ({}, BEARER, {"Authorization": "Bearer "}):
        body = {"letter": carrier.id, "kind": "failed"}
        assert carrier.client.post(path, json=body, headers=headers).status_code == 404
    assert carrier.marked() == []


@pytest.mark.parametrize(
    "shown", ["", f"Bearer {SECRET}x", "Bearer", "Basic", "Basic !!", f"Basic {SECRET}", f"Digest {SECRET}", "Bearer ü"]
)
def test_whoever_does_not_show_the_secret_changes_nothing_and_is_asked_for_it(carrier, shown):
    headers = {"Authorization": shown.encode("latin-1")} if shown else {}
    answer = carrier.client.post(REPORTS, content=report(carrier.message_id), headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert carrier.marked() == []


def test_the_secret_may_be_the_password_in_an_address(carrier):
    shown = base64.b64encode(f"service:{SECRET}".encode()).decode()
    body = report(carrier.message_id)

    assert carrier.post(body, Authorization=f"Basic {shown}").json()["marked"] == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"Subject: I am on holiday\n\nBack in May.", 200),
        (report("<nobody@elsewhere.example>"), 200),
        (report("<0190a8f0-0000-7000-8000-000000000000@towns.example>"), 200),
        (b'{"event": "bounce"}', 200),
        (b"[" * 100_000, 200),
        (b"\xff\xfe\x00", 200),
        (b"x" * 5_000_001, 413),
    ],
)
def test_what_says_nothing_of_a_letter_of_ours_changes_nothing(carrier, body, status):
    answer = carrier.post(body)

    assert answer.status_code == status, answer.text
    assert carrier.marked() == []


def test_a_letter_that_came_back_before_the_server_was_done_with_it_stays_so(outbox, office, monkeypatch):
    outbox.post()
    before = delivery._tick_off

    def after_the_report(store, letter):
        with store.writing() as db:
            bounces.record_bounce(db, bounces.BounceReport(letter.id, "5.1.1"), actor=OPERATOR)
        before(store, letter)

    monkeypatch.setattr(delivery, "_tick_off", after_the_report)
    outbox.work(office.url())

    assert outbox.letter.failed_at is not None
    assert outbox.letter.sent_at is None


def test_a_secret_is_long_and_is_not_shown():
    with pytest.raises(BadSetting, match="20 characters"):
        Settings.read({"WORKSPACE_BOUNCE_SECRET": "short"})
    shown = {one.name: one.value for one in explained(Settings(bounce_secret=SECRET), {})}
    assert shown["WORKSPACE_BOUNCE_SECRET"] == "***"
