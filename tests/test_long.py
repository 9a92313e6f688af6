"""The one command that runs everything long leaves nothing out."""

from pathlib import Path

from tests.long import EVERY, counted

HERE = Path(__file__).parent
MARK = "mark." + "long"  # in two pieces, so that this file is not one of them


def test_every_long_test_is_run_by_the_command_for_them():
    marked = {path for path in HERE.rglob("test_*.py") if MARK in path.read_text(encoding="utf-8")}
    run = [HERE.parent / one for long in EVERY for one in long.tests]

    assert marked
    assert [path for path in sorted(marked) if not any(path.is_relative_to(one) for one in run)] == []


def test_a_sample_is_a_piece_of_what_is_run():
    assert all(test.startswith(tuple(long.tests)) for long in EVERY for test in long.sample)


def test_the_table_counts_what_pytest_says_and_not_what_a_test_prints():
    said = "7 passed by the bridge\n...\n=== short test summary info ===\nFAILED a.py::b - 3 failed in it\n"
    assert counted(f"{said}1 failed, 12 passed, 2 skipped, 1 error in 3.20s\n") == {
        "passed": 12,
        "failed": 2,
        "skipped": 2,
    }
    assert counted("5 restarts, 90 acknowledged\n.\n1 passed in 61.00s (0:01:01)\n")["passed"] == 1
    assert counted("Killed") == {"passed": 0, "failed": 0, "skipped": 0}
