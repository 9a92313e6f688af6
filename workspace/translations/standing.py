"""How a text stands towards its original, in a sign and in words."""

from collections.abc import Mapping

from msgspec import Struct

from drafts.staleness import State
from workspace.web.i18n import N_


class Told(Struct, frozen=True):
    """A state as a page shows it: the look of its square, the sign in it, a word, and an icon with its colour."""

    state: State
    look: str
    sign: str
    words: str
    drawing: str
    kind: str


_EVERY = (
    Told(State.MISSING, "m", "–", N_("no text yet"), "plus", "warn"),
    Told(State.STALE_RESTRUCTURED, "s", "!", N_("stale: the paragraph was split or joined"), "stale", "warn"),
    Told(State.STALE_SUBSTANTIVE, "s", "!", N_("stale: the original has changed"), "stale", "warn"),
    Told(State.STALE_EDITORIAL, "s", "!", N_("stale: the original was corrected"), "stale", "warn"),
    Told(State.UNVERIFIED, "b", "?", N_("unverified: nobody has compared it with the original"), "warn", "warn"),
    Told(State.ABSENT, "d", "", N_("left out by decision"), "out", ""),
    Told(State.CURRENT, "a", "", N_("up to date"), "check", "good"),
)
TOLD: Mapping[State, Told] = {told.state: told for told in _EVERY}
