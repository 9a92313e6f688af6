"""Imports go the way they should, and what one engine must not use stays out."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECK_IMPORTS = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
LOADED = "import sys, workspace.cli; print(*{'litestar', 'sqlalchemy', 'jinja2', 'rich'} & set(sys.modules))"


def test_imports_follow_the_contracts():
    found = subprocess.run(
        [sys.executable, "-c", CHECK_IMPORTS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.returncode == 0, found.stdout + found.stderr


def test_the_command_line_starts_without_web_or_database():
    found = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)

    assert found.stdout.split() == []
