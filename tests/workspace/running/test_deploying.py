"""What an operator is given to begin with: files that agree with one another, with the guide and with the program."""

import re

import pytest
from click.testing import CliRunner

from workspace.cli import main
from workspace.core.settings import FILE, Settings
from workspace.help.texts import topic
from workspace.help.topics import FOLDER
from workspace.interchange.api import LARGEST
from workspace.running.deploying import TEMPLATES
from workspace.web.i18n import LANGUAGES

ADDRESS = "cities.example.org"


@pytest.fixture
def server(tmp_path):
    """The folder that `workspace deploy` writes."""
    told = CliRunner().invoke(main, ["deploy", str(tmp_path / "server"), "--address", ADDRESS])
    assert told.exit_code == 0, told.output
    return tmp_path / "server"


def test_every_file_has_the_name_of_the_server_and_none_is_overwritten(server):
    assert {path.name for path in server.iterdir()} == {path.name for path in TEMPLATES.iterdir()}
    assert not any("{address}" in path.read_text() for path in server.iterdir())
    (server / "Caddyfile").write_text("mine")

    again = CliRunner().invoke(main, ["deploy", str(server), "--address", "other.example.org"])

    assert again.exit_code == 0
    assert "wrote" not in again.output
    assert (server / "Caddyfile").read_text() == "mine"


def test_the_settings_are_read_by_the_service_and_by_every_command(server):
    path = server / "workspace.env"
    said = re.sub("^#(?=WORKSPACE_[A-Z_]+=)", "", path.read_text(), flags=re.MULTILINE)
    assert Settings.read({FILE: str(path)}).url == f"https://{ADDRESS}"
    path.write_text(said)  # with what is left out at first, too
    assert Settings.read({FILE: str(path)}).database_url.startswith("postgresql+psycopg://")
    for name in ("workspace.service", "workspace-command"):
        assert f"{FILE}=/etc/workspace/workspace.env" in (server / name).read_text()


def test_the_proxies_take_the_largest_file_that_the_program_takes_and_pass_events_on(server):
    for name, size in (("nginx.conf", r"client_max_body_size (\d+)m"), ("Caddyfile", r"max_size (\d+)MB")):
        assert int(re.search(size, (server / name).read_text())[1]) * 1_000_000 > LARGEST
    assert "proxy_buffering off" in (server / "nginx.conf").read_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_names_the_files_and_the_commands_that_there_are(language):
    told = topic("operators-install", language)
    guide = (FOLDER / language / "operators-install.md").read_text(encoding="utf-8")
    code = re.findall(r"`([^`]+)`", guide)
    there = {path.name for path in TEMPLATES.iterdir()}

    assert len(told.plain) > 1_000
    assert {"workspace.env", "workspace.service", "workspace-command", "Caddyfile", "nginx.conf"} <= there
    assert all(any(name in line for line in code) for name in there - {"Containerfile", "compose.yaml"})
    commands = {found for line in code for found in re.findall(r"(?:^|bin/)workspace ([a-z]+)", line)}
    assert commands <= set(main.later) | set(main.commands)


@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("*/operators*.md")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_commands_in_the_guide_of_operators_are_commands(path):
    named = re.findall(r"`workspace ([a-z]+)[^`]*`", path.read_text(encoding="utf-8"))
    assert set(named) <= set(main.later) | set(main.commands)
