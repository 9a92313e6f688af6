"""What the machine refuses is said in our own words: systems, databases and libraries speak English alone."""

import errno
import os
from pathlib import Path

import pytest

from workspace.cli import run
from workspace.web.refusals.system_errors import NUMBERED, SAID, translated_error


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", f"sqlite:///{tmp_path / 'db.sqlite3'}")
    (tmp_path / "a.md").write_text("# Water\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["verify", "gone.zip"], "“gone.zip”"),
        (["diff", "a.md", "a.md", "--output", "gone/x.md"], "“gone/x.md”"),
        (["backup", "a.md"], "“a.md”"),
        (["deploy", "a.md/folder"], "“a.md/folder”"),
    ],
    ids=lambda value: "-".join(value[:1]) if isinstance(value, list) else "",
)
def test_a_file_that_the_system_refuses_is_named_with_why(given, said, capsys: pytest.CaptureFixture[str]):
    if given[0] == "backup":
        assert (
            run(["init", "forum", "--network", "N", "--name", "F", "--timezone", "UTC", "--admin", "", "--email", ""])
            == 0
        )

    assert run(given) in {2, 4}

    told = capsys.readouterr().err
    assert said in told
    assert "imported" not in told
    assert "Traceback" not in told


def test_a_file_of_settings_that_is_a_folder_is_called_one(here, monkeypatch, capsys):
    monkeypatch.setenv("WORKSPACE_CONFIG", str(here))

    assert run(["migrate"]) == 2
    assert NUMBERED[errno.EISDIR] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///gone/db.sqlite3", SAID["unable to open database file"]),
        ("sqlite:///long.txt", SAID["file is not a database"]),
        ("postgresql+psycopg://a:b@127.0.0.1:1/x", NUMBERED[errno.ECONNREFUSED]),
    ],
    ids=["missing", "other", "silent"],
)
def test_a_database_that_cannot_be_reached_says_why_in_our_words(url, said, here, monkeypatch, capsys):
    (here / "long.txt").write_text("No database. " * 100, encoding="utf-8")
    monkeypatch.setenv("WORKSPACE_DATABASE_URL", url)

    assert run(["serve", "--port", "0"]) == 2
    assert f": {said}\n" in capsys.readouterr().err


@pytest.mark.parametrize("number", sorted(NUMBERED), ids=errno.errorcode.get)
def test_what_the_system_says_is_known_again_inside_other_words(number):
    said = translated_error(f'connection to server at "127.0.0.1", port 1 failed: {os.strerror(number)}')

    assert said == NUMBERED[number]


def test_what_is_not_among_the_usual_is_shown_as_it_was_said():
    assert translated_error("100% of the mice ate the cable") == "100% of the mice ate the cable"
