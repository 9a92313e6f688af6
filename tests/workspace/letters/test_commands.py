"""The operator's commands for letters, and the worker that serving brings along."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress

import httpx
import pytest

from tests.workspace.letters.conftest import SENDER
from tests.workspace.letters.post_office import free_port, report, wait_until
from workspace.cli import run


@pytest.fixture(autouse=True)
def environment(outbox, office, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", outbox.store.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("WORKSPACE_SMTP", office.url())
    monkeypatch.setenv("WORKSPACE_MAIL_FROM", SENDER)
    monkeypatch.delenv("WORKSPACE_URL", raising=False)


def test_the_worker_sends_what_waits_once(outbox, office):
    outbox.post("invitation", forum="Third Forum", path="/en/invitations/abc")

    assert run(["worker", "--once"]) == 0

    [letter] = office.letters
    assert "http://127.0.0.1:8017/en/invitations/abc" in letter.get_body(("plain",)).get_content()


def test_a_failed_letter_is_listed_and_tried_again(outbox, office, capsys):
    office.refused["ana@town.example"] = "550 no"
    outbox.post()
    assert run(["worker", "--once"]) == 0

    assert run(["letters", "list"]) == 0
    told = capsys.readouterr().out
    assert "ana@town.example" in told
    assert "recipient_refused 550" in told
    assert run(["letters", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["to"] == "ana@town.example"

    office.refused.clear()
    assert run(["letters", "retry", str(outbox.letter.id)]) == 0
    assert run(["worker", "--once"]) == 0
    assert len(office.letters) == 1
    assert run(["letters", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == []


def test_every_failed_letter_can_be_tried_again_at_once(outbox, office, capsys):
    office.data_answers = ["554 no", "554 no"]
    outbox.post()
    outbox.post()
    run(["worker", "--once"])

    assert run(["letters", "retry", "--all"]) == 0

    assert re.findall(r"\d+", capsys.readouterr().out.splitlines()[-1]) == ["2"]
    assert all(letter.next_try_at for letter in outbox.letters())


@pytest.mark.parametrize("arguments", [[], ["--all", "0190a8f0-0000-7000-8000-000000000000"], ["nonsense"]])
def test_a_retry_that_names_nothing_clear_is_refused(arguments):
    assert run(["letters", "retry", *arguments]) == 2


def test_a_test_letter_leaves_at_once(office, capsys):
    assert run(["letters", "test", "ana@town.example", "--language", "fr"]) == 0

    assert "ana@town.example" in capsys.readouterr().out
    assert office.letters[0]["Content-Language"] == "fr"


def test_a_test_letter_says_what_is_wrong_with_the_settings(office, capsys, monkeypatch):
    office.refused["ana@town.example"] = "550 no"
    assert run(["letters", "test", "ana@town.example"]) == 1
    assert "recipient_refused 550" in capsys.readouterr().err
    assert run(["letters", "test", "nobody"]) == 1
    assert "bad_address" in capsys.readouterr().err

    monkeypatch.setenv("WORKSPACE_SMTP", f"smtp://user:hidden@127.0.0.1:{free_port()}")
    assert run(["letters", "test", "ana@town.example"]) == 1
    assert "unreachable" in capsys.readouterr().err
    monkeypatch.setenv("WORKSPACE_SMTP", "imap://user:hidden@mail.example")
    assert run(["worker"]) == 2
    told = capsys.readouterr().err
    assert "WORKSPACE_SMTP" in told
    assert "hidden" not in told


def test_without_a_server_a_test_letter_is_a_file(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("WORKSPACE_SMTP")

    assert run(["letters", "test", "ana@town.example"]) == 0

    assert "letters" in capsys.readouterr().out
    assert len(list((tmp_path / "letters").glob("*-test-*.eml"))) == 1


def test_serving_sends_letters_too_and_links_to_itself(outbox, office):
    port = free_port()
    command = [sys.executable, "-m", "workspace", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL)
    try:
        outbox.post("invitation", forum="Third Forum", path="/en/invitations/abc")
        wait_until(lambda: office.letters or process.poll() is not None, seconds=30)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()

    assert f"http://127.0.0.1:{port}/en/invitations/abc" in office.letters[0].get_body(("plain",)).get_content()


def test_a_returned_letter_marks_its_address_and_any_other_message_changes_nothing(outbox, office, capsys, tmp_path):
    outbox.post()
    run(["worker", "--once"])
    returned, other = tmp_path / "returned.eml", tmp_path / "other.eml"
    returned.write_bytes(report(office.letters[0]["Message-ID"]))
    other.write_bytes(b"Subject: I am on holiday\n\nBack in May.")

    assert run(["letters", "bounced", str(other)]) == 0
    assert not outbox.letter.last_error
    assert "ana@town.example" not in capsys.readouterr().out
    assert run(["letters", "bounced", str(returned)]) == 0

    told = capsys.readouterr().out
    assert "ana@town.example" in told
    assert "5.1.1" in told
    assert outbox.letter.last_error == "bounced 5.1.1"


def test_a_server_without_a_worker_leaves_the_letters_to_another_process(outbox, office):
    port = free_port()
    command = [sys.executable, "-m", "workspace", "serve", "--no-worker", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL)
    try:
        outbox.post()
        wait_until(lambda: _answers(port) or process.poll() is not None, seconds=60)
        assert _answers(port)
        assert run(["worker", "--once"]) == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()

    assert len(office.letters) == 1
    assert outbox.letter.attempts == 1


def _answers(port: int) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200
    return False
