"""The laws of the engine tried very often: `pytest -m long`, with WORKSPACE_LAW_EXAMPLES inputs each, or 20,000."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STATING = sorted(path.name for path in HERE.glob("test_*.py") if "\n@law(" in path.read_text(encoding="utf-8"))


def test_the_laws_are_stated_where_they_are_looked_for():
    assert {"test_anchors.py", "test_diff.py", "test_marks.py", "test_merge.py", "test_rebase.py"} <= set(STATING)


@pytest.mark.long
@pytest.mark.parametrize("name", STATING)
def test_every_law_holds_for_very_many_inputs(name, tmp_path):
    command = [sys.executable, "-m", "pytest", HERE / name, "-m", "law", "-n0", "-q", "-p", "no:cacheprovider"]
    environment = {"WORKSPACE_LAW_EXAMPLES": "20000", **os.environ}
    found = subprocess.run(
        [*command, f"--basetemp={tmp_path / 'laws'}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
