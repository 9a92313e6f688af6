"""On which addresses the workspace is served, under which names, and what it asks of its operator first."""

from socket import socket

import pytest
from click.testing import CliRunner

from workspace.cli import main, run
from workspace.core.environment import BadSetting
from workspace.core.settings import Settings
from workspace.serving import ensure_free, hosts_of
from workspace.web.http.security import LOOPBACK


def test_on_loopback_it_answers_to_the_names_of_loopback():
    assert hosts_of(Settings(), host="127.0.0.1") == LOOPBACK


def test_with_a_public_address_it_answers_to_that_name_too():
    settings = Settings(url="https://declaration.example.org:8443/")
    assert hosts_of(settings, host="0.0.0.0") == LOOPBACK | {"declaration.example.org"}  # noqa: S104  (an address to refuse or take)


def test_it_listens_to_others_only_under_a_name():
    with pytest.raises(BadSetting, match="WORKSPACE_URL"):
        hosts_of(Settings(), host="0.0.0.0")  # noqa: S104  (an address to refuse or take)


@pytest.mark.parametrize("url", ["declaration.example.org", "https://", "/x"])
def test_an_address_that_is_none_is_told(url):
    with pytest.raises(BadSetting, match="WORKSPACE_URL"):
        hosts_of(Settings(url=url), host="127.0.0.1")


def test_nobody_is_everybody_on_an_open_address():
    result = CliRunner().invoke(main, ["serve", "--host", "0.0.0.0", "--people-of", "x"])  # noqa: S104  (an address to refuse or take)
    assert result.exit_code == 2
    assert "127.0.0.1" in result.output


def test_a_port_that_is_taken_is_said_before_anything_else(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKSPACE_LANGUAGE", "en")
    with socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert run(["serve", "--port", str(port)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"Port {port} of 127.0.0.1 is taken")


def test_an_address_that_is_not_this_machines_is_a_sentence_too():
    with pytest.raises(BadSetting, match=r"8017 of 192\.0\.2\.1"):
        ensure_free("192.0.2.1", 8017)
