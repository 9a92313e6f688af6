"""What an operator is given to begin with: files that agree with one another, with the guide and with the program."""

import getpass
import re
import subprocess
from configparser import ConfigParser

import pytest
from click.testing import CliRunner
from litestar.routes import HTTPRoute

from workspace.app import UPLOAD_LIMIT, create_app
from workspace.cli import DEFAULT_PORT, main
from workspace.core.environment import FILE
from workspace.core.settings import Settings
from workspace.help.guide import FOLDER, guide_topic
from workspace.running.cli import SERVER_TEMPLATES
from workspace.web.i18n.messages import LANGUAGES

ADDRESS = "cities.example.org"


@pytest.fixture
def server(tmp_path):
    """The folder that `workspace deploy` writes."""
    told = CliRunner().invoke(main, ["deploy", str(tmp_path / "server"), "--address", ADDRESS])
    assert told.exit_code == 0, told.output
    return tmp_path / "server"


def test_every_file_has_the_name_of_the_server_and_none_is_overwritten(server):
    assert {path.name for path in server.iterdir()} == {path.name for path in SERVER_TEMPLATES.iterdir()}
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


def test_the_proxies_take_the_largest_file_that_any_page_takes_and_pass_events_on(server, store):
    routes = [route for route in create_app(store).routes if isinstance(route, HTTPRoute)]
    bounds = [handler.resolve_request_max_body_size() for route in routes for handler in route.route_handlers]
    largest = max(bound for bound in bounds if bound)
    assert largest > UPLOAD_LIMIT
    for name, size in (("nginx.conf", r"client_max_body_size (\d+)m"), ("Caddyfile", r"max_size (\d+)MB")):
        assert int(re.search(size, (server / name).read_text())[1]) * 1_000_000 > largest
    assert "proxy_buffering off" in (server / "nginx.conf").read_text()


def test_everybody_means_the_same_port(server):
    listens = re.search(r"ListenStream=(\S+)", (server / "workspace.socket").read_text())[1]
    assert listens == f"127.0.0.1:{DEFAULT_PORT}"
    assert all(listens in (server / name).read_text() for name in ("nginx.conf", "Caddyfile"))
    assert f"EXPOSE {DEFAULT_PORT}" in (server / "Containerfile").read_text()


def test_the_socket_outlives_the_service_also_under_another_name(server):
    service, socket = (
        ConfigParser(interpolation=None, strict=False, allow_no_value=True, delimiters=("=",)) for _ in range(2)
    )
    service.read(server / "workspace.service")
    socket.read(server / "workspace.socket")

    assert service["Unit"]["Requires"] == "%N.socket"
    assert "%N.socket" in service["Unit"]["After"].split()
    assert set(socket["Unit"]) == {"description"}  # nothing that would close it when the service ends
    assert set(socket["Socket"]) == {"listenstream"}


def test_what_a_command_writes_is_read_by_nobody_else(server, tmp_path):
    command = (server / "workspace-command").read_text()
    program = tmp_path / "workspace"
    program.write_text('#!/bin/sh\necho "$WORKSPACE_CONFIG" "$@" > written\n')
    program.chmod(0o755)
    for said, here in (
        ("/opt/workspace/.venv/bin/workspace", str(program)),
        ("cd /var/lib/workspace", f"cd {tmp_path}"),
        ('"$(id -un)" = workspace', f'"$(id -un)" = {getpass.getuser()}'),
    ):
        assert said in command
        command = command.replace(said, here)

    done = subprocess.run(["/bin/sh", "-c", command, "workspace", "backup", "a b"], check=False)

    assert done.returncode == 0
    assert (tmp_path / "written").read_text() == "/etc/workspace/workspace.env backup a b\n"
    assert (tmp_path / "written").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_names_the_files_and_the_commands_that_there_are(language):
    told = guide_topic("operators-install", language)
    guide = (FOLDER / language / "operators-install.md").read_text(encoding="utf-8")
    code = re.findall(r"`([^`]+)`", guide)
    there = {path.name for path in SERVER_TEMPLATES.iterdir()}

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
