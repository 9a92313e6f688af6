"""On which addresses the workspace is served, under which names, and what it asks of its operator first."""

import pytest
from click.testing import CliRunner

from workspace.cli import main
from workspace.core.settings import BadSetting, Settings
from workspace.serving import hosts_of
from workspace.web.security import LOOPBACK


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
    assert "127.0.0.1 only" in result.output
