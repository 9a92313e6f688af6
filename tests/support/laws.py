"""A law of the engine: a property that holds for every input, tried a few times always and very often when asked."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

from tests.support.sampling import LAWS, number

OFTEN = int(os.environ.get("WORKSPACE_LAW_EXAMPLES", "0"))
"""How many examples to try where somebody asks for more than the usual few."""


def law(*inputs: SearchStrategy[Any], examples: int = 100) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Try the test with `examples` inputs, with WORKSPACE_LAW_EXAMPLES where that is set, or with a sample of them."""
    usual = examples if number() is None else examples // LAWS
    often = {"suppress_health_check": list(HealthCheck)} if OFTEN else {}

    def stated(test: Callable[..., None]) -> Callable[..., None]:
        return pytest.mark.law(settings(deadline=None, max_examples=OFTEN or usual, **often)(given(*inputs)(test)))

    return stated
