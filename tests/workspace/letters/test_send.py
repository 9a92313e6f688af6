"""Letters leave through a real mail server: once, in good hands, and again when something was in the way."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from tests.workspace.letters.conftest import SENDER, URL, Outbox
from tests.workspace.letters.post_office import PostOffice, certificate, free_port, opened, wait_until
from workspace.core import clock
from workspace.core.environment import BadSetting
from workspace.core.outbox import queue_letter
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.letters.bounces import BounceCause
from workspace.letters.delivery import DeliveryRound, blank_old_letters, claim_letter, deliver
from workspace.letters.models import Bounce
from workspace.letters.rendering import LetterSender
from workspace.letters.transports import MailServer, SmtpTransport
from workspace.web.i18n import messages
from workspace.web.refusals.slice_registry import REGISTRY

DESK = LetterSender(SENDER, URL)


def test_a_letter_leaves_as_text_and_html_with_a_link_to_the_site(office, outbox):
    outbox.post("sign_in_link", path="/en/sign-in/link/abc", expires=(clock.now() + timedelta(minutes=15)).isoformat())

    assert outbox.work(office.url()) == DeliveryRound(sent=1)

    [letter] = office.letters
    assert letter["From"] == SENDER
    assert letter["To"] == "ana@town.example"
    assert letter["Subject"] == messages.messages("en").gettext(REGISTRY.get().letters["sign_in_link"].subject)
    assert letter["Content-Language"] == "en"
    assert letter["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        assert f"{URL}/en/sign-in/link/abc" in letter.get_body((kind,)).get_content()


def test_what_was_sent_holds_no_link_any_more(office, outbox):
    outbox.post("password_reset", path="/en/password/secret")

    outbox.work(office.url())

    assert outbox.letter.sent_at is not None
    assert outbox.letter.facts == {}
    assert outbox.work(office.url()) == DeliveryRound()
    assert len(office.letters) == 1


def test_a_unit_of_work_that_is_rolled_back_sends_nothing(office, outbox, store):
    with contextlib.suppress(RuntimeError), store.writing() as db:
        queue_letter(db, "test", to="ana@town.example", language="en")
        raise RuntimeError

    assert outbox.work(office.url()) == DeliveryRound()


def test_many_letters_share_one_connection(office, outbox):
    for number in range(12):
        outbox.post(to=f"person{number}@town.example")

    assert outbox.work(office.url()) == DeliveryRound(sent=12)

    assert office.connections == 1


def test_a_slow_server_does_not_keep_the_other_jobs_waiting(office, outbox, monkeypatch):
    monkeypatch.setattr("workspace.letters.delivery.ROUND", 0.5)
    office.takes = 0.3
    for _ in range(4):
        outbox.post()

    assert outbox.work(office.url()).sent < 4
    assert outbox.work(office.url()).sent > 0


def test_somebody_who_waits_for_a_letter_waits_for_no_announcement(office, outbox):
    for _ in range(3):
        outbox.post("phase_moved", declaration="Water", forum="Third Forum", phase="R")
    outbox.post("password_reset", path="/en/password/abc")

    outbox.work(office.url())

    assert office.subjects[0] == messages.messages("en").gettext(REGISTRY.get().letters["password_reset"].subject)


class Secured:
    """A server that signs nobody in before the connection is encrypted."""

    def __init__(self, folder) -> None:
        self.certificate, self.context = certificate(folder)
        self.options = {"tls_context": self.context, "require_starttls": True, "auth_required": True}


@pytest.fixture
def secured(tmp_path) -> Secured:
    return Secured(tmp_path)


def test_a_password_is_only_said_over_an_encrypted_connection(outbox, secured, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(secured.certificate))
    with opened(PostOffice(), **secured.options) as office:
        outbox.post()

        assert outbox.work(office.url(login=True)) == DeliveryRound(sent=1)

    assert office.were_encrypted == [True]
    assert office.offered == [(b"workspace", b"correct horse & battery/staple")]


def test_an_encrypted_port_is_spoken_to_encrypted_from_the_first_byte(outbox, secured, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(secured.certificate))
    with opened(PostOffice(), ssl_context=secured.context) as office:
        outbox.post()

        assert outbox.work(office.url(scheme="smtps")) == DeliveryRound(sent=1)


def test_a_server_elsewhere_whose_certificate_is_not_trusted_gets_nothing(outbox, secured):
    with opened(PostOffice(), **secured.options) as office:
        outbox.post()

        elsewhere = replace(MailServer.read(office.url(login=True)), is_loopback=False)
        assert deliver(outbox.store, SmtpTransport(elsewhere), DESK) == DeliveryRound(put_off=1)

    assert outbox.letter.last_error == "tls_failed"
    assert office.offered == office.letters == []


def test_a_server_elsewhere_that_does_not_encrypt_gets_nothing(office, outbox):
    outbox.post()

    elsewhere = replace(MailServer.read(office.url(login=True)), is_loopback=False)
    assert deliver(outbox.store, SmtpTransport(elsewhere), DESK) == DeliveryRound(put_off=1)

    assert outbox.letter.last_error == "tls_missing"
    assert office.offered == office.letters == []


def test_a_server_on_this_machine_may_show_a_certificate_that_nobody_knows(outbox, tmp_path):
    _, context = certificate(tmp_path)
    with opened(PostOffice(), tls_context=context) as office:
        outbox.post()

        assert outbox.work(office.url()) == DeliveryRound(sent=1)


def test_a_password_that_the_server_refuses_fails_no_letter(outbox, secured, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(secured.certificate))
    with opened(PostOffice(password="another"), **secured.options) as office:
        for _ in range(3):
            outbox.post()

        assert outbox.work(office.url(login=True)) == DeliveryRound(put_off=1)

    assert [letter.last_error for letter in outbox.letters()] == ["sign_in_refused 535", "", ""]
    assert len(office.offered) <= 2  # one for each way of saying it; not one for each letter


def test_an_address_that_the_server_refuses_stops_no_other_letter(office, outbox):
    office.refused["gone@town.example"] = "550 5.1.1 no such mailbox"
    for name in ("ana", "gone", "luc"):
        outbox.post(to=f"{name}@town.example")

    assert outbox.work(office.url()) == DeliveryRound(sent=2, failed=1)

    failed = outbox.letters()[1]
    assert failed.failed_at is not None
    assert failed.next_try_at is None
    assert failed.last_error == "recipient_refused 550"


@pytest.mark.parametrize("reply", ["554 5.7.1 Relay access denied", "530 5.7.0 Authentication required"])
def test_a_server_that_wants_to_know_us_first_says_nothing_of_an_address(office, outbox, reply):
    for name in ("ana", "luc"):
        office.refused[f"{name}@town.example"] = reply
        outbox.post(to=f"{name}@town.example")

    assert outbox.work(office.url()) == DeliveryRound(put_off=1)

    assert outbox.letters()[0].last_error == f"sign_in_missing {reply[:3]}"
    assert all(letter.next_try_at for letter in outbox.letters())
    with outbox.store.reading() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(Bounce)) == 0


@pytest.mark.parametrize(("reply", "cause"), [("552 5.2.2 Quota exceeded", "full"), ("550 no", "no_address")])
def test_why_an_address_was_refused_is_kept_as_the_server_said_it(office, outbox, reply, cause):
    office.refused["gone@town.example"] = reply
    outbox.post(to="gone@town.example")

    assert outbox.work(office.url()) == DeliveryRound(failed=1)

    with outbox.store.reading() as db:
        assert BounceCause.of(db.scalars(sa.select(Bounce)).one().code) == BounceCause(cause)


@pytest.mark.parametrize("code", [451, 452, 421])
def test_a_server_that_is_busy_is_asked_again_ever_more_rarely(office, outbox, moved_clock, code):
    outbox.post()
    pauses = []
    for _ in range(4):
        office.data_answers = [f"{code} later, please"]
        assert outbox.work(office.url()) == DeliveryRound(put_off=1)
        assert outbox.work(office.url()) == DeliveryRound()  # not yet
        pauses.append(round((outbox.letter.next_try_at - clock.now()) / timedelta(minutes=1)))
        moved_clock.forward(minutes=pauses[-1], seconds=1)

    assert pauses == [1, 2, 4, 8]
    assert outbox.work(office.url()) == DeliveryRound(sent=1)


def test_after_three_days_a_letter_is_given_up(office, outbox, moved_clock):
    outbox.post()
    tries = 0
    while outbox.letter.next_try_at:
        office.data_answers = ["451 later, please"]
        outbox.work(office.url())
        tries += 1
        moved_clock.forward(hours=6)

    assert outbox.letter.failed_at is not None
    assert outbox.letter.last_error == "message_refused 451"
    assert timedelta(days=2.5) < outbox.letter.failed_at - outbox.letter.due_at <= timedelta(days=3)
    assert 10 < tries < 20


def test_a_letter_that_the_server_refuses_for_good_is_not_tried_again(office, outbox):
    office.data_answers = ["554 5.7.1 spam"]
    outbox.post()

    assert outbox.work(office.url()) == DeliveryRound(failed=1)

    assert outbox.letter.last_error == "message_refused 554"


@pytest.mark.parametrize(("offers", "expected"), [(True, DeliveryRound(sent=1)), (False, DeliveryRound(failed=1))])
def test_an_address_in_another_alphabet_needs_a_server_that_knows_it(outbox, offers, expected):
    with opened(PostOffice(), enable_SMTPUTF8=offers) as office:
        outbox.post(to="añá@villañueva.example")

        assert outbox.work(office.url()) == expected

    assert outbox.letter.last_error == ("" if offers else "utf8_missing")
    assert [to for one in office.envelopes for to in one.rcpt_tos] == ["añá@xn--villaueva-p6a.example"] * offers


def test_a_sender_that_the_server_refuses_is_for_the_operator_to_put_right(office, outbox):
    office.sender_answers = ["553 sender not allowed"]
    outbox.post()
    outbox.post()

    assert outbox.work(office.url()) == DeliveryRound(put_off=1)

    assert outbox.letters()[0].last_error == "sender_refused 553"
    assert all(letter.next_try_at for letter in outbox.letters())


def test_a_connection_that_breaks_in_the_middle_keeps_the_letter(office, outbox, moved_clock):
    office.hangs_up = True
    outbox.post()

    assert outbox.work(office.url()) == DeliveryRound(put_off=1)
    assert outbox.letter.last_error.startswith("connection_lost")
    named = outbox.letter.message_id
    moved_clock.forward(minutes=2)

    assert outbox.work(office.url()) == DeliveryRound(sent=1)
    assert office.letters[0]["Message-ID"] == named


def test_no_server_at_all_keeps_every_letter(outbox):
    outbox.post()
    outbox.post()

    assert outbox.work(f"smtp://127.0.0.1:{free_port()}") == DeliveryRound(put_off=1)

    assert outbox.letters()[0].last_error == "unreachable"
    assert [letter.attempts for letter in outbox.letters()] == [1, 0]


def test_a_link_that_has_expired_is_not_sent(office, outbox, moved_clock):
    outbox.post("sign_in_link", path="/en/x", expires=(clock.now() + timedelta(minutes=15)).isoformat())
    moved_clock.forward(minutes=16)

    assert outbox.work(office.url()) == DeliveryRound(failed=1)

    assert outbox.letter.last_error == "expired"
    assert office.letters == []


def test_several_workers_send_each_letter_once(any_store: Store, office, tmp_path):
    outbox = Outbox(any_store, tmp_path)
    addresses = [f"person{number}@town.example" for number in range(40)]
    for address in addresses:
        outbox.post(to=address)
    together = threading.Barrier(4)

    def work(_: int) -> DeliveryRound:
        together.wait()
        return outbox.work(office.url())

    with ThreadPoolExecutor(4) as workers:
        rounds = list(workers.map(work, range(4)))

    assert sum(one.sent for one in rounds) == 40
    assert sorted(to for envelope in office.envelopes for to in envelope.rcpt_tos) == sorted(addresses)
    assert len({letter["Message-ID"] for letter in office.letters}) == 40


def test_a_letter_in_the_hands_of_a_dead_worker_is_due_again_after_its_lease(office, outbox, moved_clock):
    outbox.post()
    in_hand = claim_letter(outbox.store, DESK)

    assert outbox.work(office.url()) == DeliveryRound()
    moved_clock.forward(minutes=11)

    assert outbox.work(office.url()) == DeliveryRound(sent=1)
    assert office.letters[0]["Message-ID"] == in_hand.letter.message_id


@pytest.fixture
def started(outbox, office):
    """`workspace worker` as a process of its own, with a letter in hand that the server is slow to take."""
    office.takes = 1.5
    outbox.post()
    environment = {
        **os.environ,
        "WORKSPACE_DATABASE_URL": outbox.store.engine.url.render_as_string(hide_password=False),
        "WORKSPACE_SMTP": office.url(),
        "WORKSPACE_URL": URL,
    }
    command = [sys.executable, "-m", "workspace", "worker"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:
        try:
            wait_until(lambda: office.connections or process.poll() is not None, seconds=60)
            wait_until(lambda: outbox.letter.attempts)
            yield process
        finally:
            process.kill()


def test_a_worker_that_is_told_to_stop_finishes_the_letter_in_hand(started, outbox, office):
    started.send_signal(signal.SIGTERM)

    assert started.wait(10) == 0

    assert len(office.letters) == 1
    assert outbox.letter.sent_at is not None


def test_a_worker_that_is_killed_loses_no_letter(started, outbox, office, moved_clock):
    started.kill()
    started.wait(10)
    assert outbox.letter.sent_at is None

    moved_clock.forward(minutes=11)
    assert outbox.work(office.url()) == DeliveryRound(sent=1)

    assert {letter["Message-ID"] for letter in office.letters} == {outbox.letter.message_id}


def test_after_a_month_nobody_can_read_to_whom_a_letter_went(office, outbox, moved_clock):
    outbox.post("invitation", forum="Third Forum", path="/en/invitations/abc", inviter="Ana Ruiz")
    outbox.post(to="waiting@town.example")
    office.refused["waiting@town.example"] = "550 no"
    outbox.work(office.url())
    outbox.post(to="new@town.example")
    moved_clock.forward(days=29)
    assert blank_old_letters(outbox.store) == 0
    moved_clock.forward(days=2)

    assert blank_old_letters(outbox.store) == 2

    assert [(letter.to, letter.facts) for letter in outbox.letters()] == [("", {}), ("", {}), ("new@town.example", {})]
    assert blank_old_letters(outbox.store) == 0


@pytest.mark.parametrize("password", ["p/ss", "p@ss", "p:ss#1?", "p%2Fss", "50%"])
def test_a_password_stands_in_the_address_of_the_server_as_it_is(password):
    server = MailServer.read(f"smtp://declaration@town.example:{password}@mail.example:2525")

    assert (server.host, server.port) == ("mail.example", 2525)
    assert (server.user, server.password) == ("declaration@town.example", password.replace("%2F", "/"))


@pytest.mark.parametrize(
    "given", [{"smtp": "mail.example"}, {"smtp": "http://mail.example"}, {"smtp": "smtp://"}, {"smtp": "smtp://h:x"}]
)
def test_a_server_that_makes_no_sense_is_said_before_anything_starts(outbox, given):
    with pytest.raises(BadSetting, match="WORKSPACE_SMTP"):
        outbox.work(given["smtp"])


def test_a_sender_that_is_no_address_is_said_before_anything_starts():
    with pytest.raises(BadSetting, match="WORKSPACE_MAIL_FROM"):
        LetterSender.of(Settings(mail_from="nobody"))
