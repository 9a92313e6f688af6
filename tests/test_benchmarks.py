"""The benchmarks tell a page that grows from one that does not, whatever the machine does besides."""

from itertools import chain, repeat

from tests.benchmarks.every_page import BY_HISTORY, TIMES, powers

PAGE = 1_000_000  # additions: some twenty milliseconds


def test_a_page_that_grows_misses_its_goal_and_one_that_does_not_meets_it():
    busy = chain(repeat(2, 3), repeat(1))  # the machine takes twice as long for a while

    def asked(growing: int) -> int:
        return sum(range((PAGE + growing) * next(busy)))

    found = powers(
        {
            "": lambda: asked(PAGE),
            "grows with what is shown": lambda: asked(PAGE * TIMES),
            "stays as it is": lambda: asked(PAGE),
        }
    )

    assert found["grows with what is shown"] > BY_HISTORY > abs(found["stays as it is"])


def test_what_takes_next_to_nothing_does_not_grow():
    assert powers({"": list, "some": list}) == {}
