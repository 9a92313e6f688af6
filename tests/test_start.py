"""A server is back at once: it starts without what only a few requests need, and does not stop to look for rubbish."""

import ast
import gc
import subprocess
import sys
from pathlib import Path

import click
import pytest

from workspace.cli import main
from workspace.serving import let_grow_old

PRODUCT = Path(__file__).resolve().parent.parent
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


def _functions_of_children():
    """Every function that a bounded child may be given: bytes and a name in, bytes out, where the sandbox is called."""
    given = "data: bytes, source: str -> bytes"
    for path in sorted((PRODUCT / "workspace").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        functions = ast.parse(source).body if "run_bounded" in source else []
        module = ".".join(path.relative_to(PRODUCT).with_suffix("").parts).removesuffix(".__init__")
        for function in (each for each in functions if isinstance(each, ast.FunctionDef)):
            if f"{ast.unparse(function.args)} -> {ast.unparse(function.returns)}" == given:
                yield f"{module}:{function.name}"


def test_a_child_for_hostile_bytes_knows_neither_the_database_nor_the_web():
    functions = list(_functions_of_children())
    assert len(functions) > 6
    # each is called, because some load what they need only then
    program = """
import sys, contextlib, importlib
from workspace.core.errors import BadFile
for function in sys.argv[1:]:
    module, _, name = function.partition(":")
    with contextlib.suppress(BadFile):
        getattr(importlib.import_module(module), name)(b"Some words.", "a")
    print(*{"sqlalchemy", "litestar", "jinja2", "alembic", "uvicorn"} & sys.modules.keys())
"""
    said = subprocess.run([sys.executable, "-c", program, *functions], capture_output=True, text=True, check=True)
    assert dict(zip(functions, said.stdout.splitlines(), strict=True)) == dict.fromkeys(functions, "")


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
