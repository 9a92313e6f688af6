"""How a text stands towards its original, in a sign and in words."""

from collections.abc import Mapping

from msgspec import Struct

from drafts.staleness import State
from workspace.web.i18n import N_


class Told(Struct, frozen=True):
    """A state as a page shows it: the look of its square, the sign in it, a word, and an icon with its colour."""

    look: str
    sign: str
    words: str
    drawing: str
    kind: str


TOLD: Mapping[State, Told] = {
    State.MISSING: Told("m", "–", N_("no text yet"), "plus", "warn"),
    State.STALE_RESTRUCTURED: Told("s", "!", N_("stale: the paragraph was split or joined"), "stale", "warn"),
    State.STALE_SUBSTANTIVE: Told("s", "!", N_("stale: the original has changed"), "stale", "warn"),
    State.STALE_EDITORIAL: Told("s", "!", N_("stale: the original was corrected"), "stale", "warn"),
    State.UNVERIFIED: Told("b", "?", N_("unverified: nobody has compared it with the original"), "warn", "warn"),
    State.ABSENT: Told("d", "", N_("left out by decision"), "out", ""),
    State.CURRENT: Told("a", "", N_("up to date"), "check", "good"),
}
