"""The sample of a run leaves nothing out for ever, and in CI nothing at all."""

from pathlib import Path

from tests.support.sampling import ALL, NAME, Place, in_sample

ROOT = Path(__file__).parents[1]


def test_samples_that_follow_each_other_go_through_every_test():
    tests = [
        [],
        *([Place("file", f"function {number}", 7)] for number in range(18)),
        *([Place("file", "function 3", 7), Place("function 3", f"case {number}", 2)] for number in range(9)),
        *([Place("folder", f"file {number}", 4)] for number in range(11)),
    ]
    first = 739_577
    samples = [in_sample(tests, sample) for sample in range(first, first + 3 * 5)]  # of a file, of a function

    assert [any(tried) for tried in zip(*samples, strict=True)] == [True] * len(tests)
    assert all(0 < sum(sample) < len(tests) // 2 for sample in samples)
    assert all(sample[0] for sample in samples)
    assert samples[0] == in_sample(tests, first)


def test_in_ci_everything_is_tried():
    assert f"export {NAME}={ALL}\n" in (ROOT / ".ci/run").read_text(encoding="utf-8")
