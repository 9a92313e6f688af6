"""The one command that runs everything long leaves nothing out."""

from pathlib import Path

from tests.long import EVERY

HERE = Path(__file__).parent
MARK = "mark." + "long"  # in two pieces, so that this file is not one of them


def test_every_long_test_is_run_by_the_command_for_them():
    marked = {path for path in HERE.rglob("test_*.py") if MARK in path.read_text(encoding="utf-8")}
    run = [HERE.parent / one for long in EVERY for one in long.tests]

    assert marked
    assert [path for path in sorted(marked) if not any(path.is_relative_to(one) for one in run)] == []


def test_a_sample_is_a_piece_of_what_is_run():
    assert all(test.startswith(tuple(long.tests)) for long in EVERY for test in long.sample)
