"""How a text stands towards its original, said to a reader."""

from collections.abc import Mapping

from msgspec import Struct

from drafts.staleness import State
from workspace.web.i18n import N_


class Told(Struct, frozen=True):
    """The mark of a state for the style sheet, its sentence, and what the link that mends it says."""

    mark: str
    sentence: str
    remedy: str


STATES: Mapping[State, Told] = {
    State.MISSING: Told("missing", N_("Not yet translated."), N_("Translate it")),
    State.ABSENT: Told("absent", N_("No text in this language, by decision: %(reason)s"), ""),
    State.CURRENT: Told("", "", ""),
    State.STALE_EDITORIAL: Told(
        "stale", N_("Stale: the original has been corrected since this was written."), N_("See what changed")
    ),
    State.STALE_SUBSTANTIVE: Told(
        "stale", N_("Stale: the original has changed since this was written."), N_("See what changed")
    ),
    State.STALE_RESTRUCTURED: Told(
        "stale", N_("Stale: the paragraph has been split or joined since this was written."), N_("See what changed")
    ),
    State.UNVERIFIED: Told(
        "unverified",
        N_("Unverified: nobody has confirmed that this says what the original says."),
        N_("Compare them"),
    ),
}
