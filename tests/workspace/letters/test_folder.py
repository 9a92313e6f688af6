"""Without a mail server, letters become files."""

import stat
from email import message_from_bytes, policy
from pathlib import Path

from tests.workspace.letters.conftest import URL, Outbox
from workspace.letters.delivery import DeliveryRound


def files(outbox: Outbox) -> list[Path]:
    return sorted(Path(outbox.settings.mail_dir).iterdir())


def test_each_letter_becomes_a_file_that_only_its_owner_can_read(outbox):
    outbox.post("invitation", forum="Third Forum", path="/en/invitations/abc")
    outbox.post(to="luc@town.example")

    assert outbox.work() == DeliveryRound(sent=2)

    first, second = files(outbox)
    letter = outbox.letters()[0]
    assert first.name == f"{letter.due_at:%Y%m%dT%H%M%SZ}-invitation-{letter.id}.eml"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (first, second, first.parent)] == [0o600, 0o600, 0o700]
    message = message_from_bytes(first.read_bytes(), policy=policy.default)
    assert message["To"] == "ana@town.example"
    assert f"{URL}/en/invitations/abc" in message.get_body(("plain",)).get_content()


def test_a_folder_that_cannot_be_written_to_keeps_the_letters(outbox, moved_clock):
    folder = Path(outbox.settings.mail_dir)
    folder.write_text("a file stands in the way")
    outbox.post()

    assert outbox.work() == DeliveryRound(put_off=1)
    assert outbox.letter.last_error == "folder"
    folder.unlink()
    moved_clock.forward(minutes=2)

    assert outbox.work() == DeliveryRound(sent=1)


def test_a_file_that_was_half_written_is_written_anew(outbox):
    outbox.post()
    outbox.work()
    [whole] = files(outbox)
    whole.rename(whole.with_suffix(".part"))
    with outbox.store.writing() as db:
        letter = db.merge(outbox.letter)
        letter.sent_at, letter.next_try_at = None, letter.due_at

    assert outbox.work() == DeliveryRound(sent=1)

    assert files(outbox) == [whole]
