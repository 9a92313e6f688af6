"""How a text stands towards its original, in a sign and in words."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from drafts.languages.staleness import State
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages


class TextStateLabel(Struct, frozen=True):
    """A state as a page shows it: the look of its square, the sign in it, a word, and an icon with its colour.

    Beside a text: the `mark` of the style sheet, a `sentence`, and what the link says that `mends` it. Where it
    stops publication: the word of the `remedy`.
    """

    state: State
    look: str
    sign: str
    words: str
    drawing: str
    kind: str
    mark: str = ""
    sentence: str = ""
    mends: str = ""
    remedy: str = ""


_CHANGED = N_("See changes")


def _stale(state: State, words: str, sentence: str, remedy: str = _CHANGED) -> TextStateLabel:
    return TextStateLabel(state, "s", "!", words, "stale", "warn", "stale", sentence, _CHANGED, remedy)


_EVERY = (
    TextStateLabel(
        State.MISSING,
        "m",
        "–",
        N_("no text yet"),
        "plus",
        "warn",
        "missing",
        N_("Not yet translated."),
        N_("Translate"),
        N_("Translate"),
    ),
    _stale(
        State.STALE_RESTRUCTURED,
        N_("out of date: paragraph split or joined"),
        N_("Out of date: the paragraph was split or joined."),
        N_("Divide text"),
    ),
    _stale(State.STALE_SUBSTANTIVE, N_("out of date: original changed"), N_("Out of date: the original has changed.")),
    _stale(
        State.STALE_EDITORIAL, N_("out of date: original corrected"), N_("Out of date: the original was corrected.")
    ),
    TextStateLabel(
        State.UNVERIFIED,
        "b",
        "?",
        N_("unverified: not compared with the original"),
        "warn",
        "warn",
        "unverified",
        N_("Unverified: not compared with the original."),
        N_("Compare"),
        N_("Compare"),
    ),
    TextStateLabel(
        State.ABSENT, "d", "", N_("absent by decision"), "out", "", "absent", N_("Absent by decision: %(reason)s")
    ),
    TextStateLabel(State.CURRENT, "a", "", N_("up to date"), "check", "good"),
)
STATE_LABELS: Mapping[State, TextStateLabel] = {state_label.state: state_label for state_label in _EVERY}


_SOURCE = N_("Source of this file: %(state)s")
_BEFORE = N_("Translated from: %(text)s")


def unit_notes(messages: Messages) -> Callable[[State, str, State], tuple[str, ...]]:
    """Notes in the reader's language, on a state, the original that the translation agreed with, and a stale source."""

    def tell(state: State, before: str, source: State) -> tuple[str, ...]:
        said = [messages.gettext(STATE_LABELS[state].words)] if state.stops_publication else []
        if source.stops_publication:
            said.append(messages.gettext(_SOURCE, state=messages.gettext(STATE_LABELS[source].words)))
        return tuple([*said, messages.gettext(_BEFORE, text=before)] if before else said)

    return tell
