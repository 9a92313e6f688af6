"""A server is back at once: it starts without what only a few requests need, and does not stop to look for rubbish."""

import gc
import subprocess
import sys

import click
import pytest

from workspace.cli import main
from workspace.serving import let_grow_old

SELDOM = (
    "alembic",
    "docx",
    "feedgen",
    "icalendar",
    "prometheus_client",
    "py3langid",
    "pypdfium2",
    "python_calamine",
    "rich",
    "segno",
    "snowballstemmer",
    "workspace.demo",
    "workspace.interchange.notes.proposals",
    "xlsxwriter",
)


def test_a_server_starts_without_what_few_requests_need():
    asked = f"import sys, gc; gc.disable(); import workspace.serving; print(*{set(SELDOM)!r} & sys.modules.keys())"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.split() == []


def test_rubbish_is_looked_for_again_once_a_server_answers():
    gc.disable()
    try:
        let_grow_old()
        assert gc.isenabled()
    finally:
        gc.enable()


def test_a_server_that_may_not_start_leaves_the_looking_for_rubbish_as_it_was():
    arguments = ["serve", "--host", "192.0.2.1", "--people-of", "some-forum"]
    with pytest.raises(click.UsageError):
        main.main(arguments, standalone_mode=False)
    assert gc.isenabled()
