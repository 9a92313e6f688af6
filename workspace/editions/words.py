"""What stops publication, in a sentence that says what to do."""

from collections.abc import Mapping

from drafts.staleness import State
from workspace.web.i18n import N_

_TO_DO: Mapping[State, str] = {
    State.MISSING: N_("There is no text yet: translate it, or decide that it stays away."),
    State.STALE_EDITORIAL: N_("The original was edited since this was translated: look at what changed."),
    State.STALE_SUBSTANTIVE: N_("The original has changed since this was translated: bring it up to date."),
    State.STALE_RESTRUCTURED: N_("Paragraphs were split or joined: share the text out anew and save it."),
    State.UNVERIFIED: N_("Nobody has said that this text answers the original: check it and save it."),
}


def what_to_do(state: State) -> str:
    """The message for a state that stops publication; raises `KeyError` for one that does not."""
    return _TO_DO[state]
