"""What a translator's tool shows beside a paragraph: how it stands, and what it was translated from."""

from collections.abc import Callable

from drafts.staleness import State
from workspace.translations.standing import TOLD
from workspace.web.i18n import N_, Messages

_BEFORE = N_("The translation was made from: %(text)s")


def notes_in(messages: Messages) -> Callable[[State, str], tuple[str, ...]]:
    """Notes in the reader's language, on a state and the original that the translation agreed with."""

    def tell(state: State, before: str) -> tuple[str, ...]:
        said = [messages.gettext(TOLD[state].words)] if state.stops_publication else []
        return tuple([*said, messages.gettext(_BEFORE, text=before)] if before else said)

    return tell
