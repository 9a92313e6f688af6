"""What is said about one kind of refusal: messages in one language, whose places its facts fill."""

import re
from collections.abc import Mapping

from msgspec import Struct

from workspace.web.marking import N_

Facts = Mapping[str, str | int]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
NOTHING_CHANGED = N_("Nothing was changed.")
STILL_THERE = N_("Nothing was saved. What you wrote is still in the form if you go back one page.")


class Explanation(Struct, frozen=True):
    """The messages for one code. `details` go from the most precise to one without placeholders."""

    happened: str
    details: tuple[str, ...]
    kept: str
    to_do: str

    def detail(self, facts: Facts) -> str:
        """The most precise sentence that these facts can fill."""
        return next(one for one in self.details if set(PLACEHOLDER.findall(one)) <= set(facts))
