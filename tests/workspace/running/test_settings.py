"""Settings come from the environment and from one file; what they are can be listed without telling a password."""

import json
from pathlib import Path

import pytest

from workspace.cli import run
from workspace.core.environment import BadSetting
from workspace.core.settings import Outbound, Settings


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("workspace.toml", 'url = "https://file.example.org"\nbackup_hours = 6\nwebhooks = "on"\n'),
        (
            "workspace.env",
            "# of the server\n\nWORKSPACE_URL='https://file.example.org'\nWORKSPACE_BACKUP_HOURS=6\nWORKSPACE_WEBHOOKS=on\n",
        ),
    ],
)
def test_the_environment_counts_for_more_than_the_file(tmp_path: Path, name: str, text: str):
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = Settings.read({"WORKSPACE_CONFIG": str(tmp_path / name), "WORKSPACE_BACKUP_HOURS": "12"})
    assert (found.url, found.backup_hours, found.webhooks) == ("https://file.example.org", 12, Outbound.ON)


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.toml", "url = "), ("a.toml", 'colour = "red"'), ("a.env", "no line of settings"), ("a.env", "LOG=loud")],
)
def test_a_file_that_makes_no_sense_stops_the_program_with_a_sentence(tmp_path: Path, capsys, monkeypatch, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("WORKSPACE_CONFIG", str(tmp_path / name))
    assert run(["settings"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "Traceback" not in told


@pytest.mark.parametrize("said", ["*", "0.0.0.0/0", "10.0.0.1,nobody", ""])
def test_not_everybody_is_believed_as_a_proxy(said: str):
    with pytest.raises(BadSetting, match="WORKSPACE_PROXIES"):
        Settings.read({"WORKSPACE_PROXIES": said})
    assert Settings.read({"WORKSPACE_PROXIES": "10.0.0.1, 172.30.17.0/24"}).proxies


def test_every_setting_is_listed_with_its_meaning_and_no_password(capsys, monkeypatch):
    monkeypatch.setenv("WORKSPACE_SMTP", "smtp://town:hush@mail.example.org:587")
    assert run(["settings", "--json"]) == 0
    told = capsys.readouterr().out
    found = {one["name"]: one for one in json.loads(told)}
    assert "hush" not in told
    assert found["WORKSPACE_SMTP"]["value"] == "smtp://town:***@mail.example.org:587"
    assert found["WORKSPACE_SMTP"]["comes_from"] == "environment"
    assert found.keys() == {f"WORKSPACE_{field.upper()}" for field in Settings.__struct_fields__}
    assert all(one["meaning"] for one in found.values())


def test_what_a_server_needs_is_written_out_once_with_its_name(tmp_path: Path, capsys):
    assert run(["deploy", str(tmp_path / "server"), "--address", "decl.example.net"]) == 0
    written = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "server").iterdir()}
    assert written.keys() >= {"Containerfile", "compose.yaml", "workspace.service", "Caddyfile", "nginx.conf"}
    assert "{address}" not in "".join(written.values())
    assert "server_name decl.example.net;" in written["nginx.conf"]

    (tmp_path / "server" / "nginx.conf").write_text("mine", encoding="utf-8")
    assert run(["deploy", str(tmp_path / "server")]) == 0
    assert (tmp_path / "server" / "nginx.conf").read_text(encoding="utf-8") == "mine"
    assert "unchanged" in capsys.readouterr().out


def test_the_settings_of_the_deployed_server_can_be_read(tmp_path: Path):
    assert run(["deploy", str(tmp_path), "--address", "decl.example.net"]) == 0
    found = Settings.read({"WORKSPACE_CONFIG": str(tmp_path / "workspace.env")})
    assert (found.url, found.log) == ("https://decl.example.net", "json")


def test_a_name_that_is_no_name_of_a_server_is_refused(tmp_path: Path):
    assert run(["deploy", str(tmp_path / "server"), "--address", "a;b {"]) == 2
    assert not (tmp_path / "server").exists()
