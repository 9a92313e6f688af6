"""The clock of the program, put forward by a test."""

from datetime import datetime, timedelta

import pytest

from workspace.core import clock


class MovedClock:
    """It goes on, `ahead` of the real one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta()
        self.really = clock.now
        monkeypatch.setattr(clock, "now", self)

    def __call__(self) -> datetime:
        return self.really() + self.ahead

    def forward(self, **by: float) -> None:
        self.ahead += timedelta(**by)
