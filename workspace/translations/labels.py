"""How a text stands towards its original, in a sign and in words."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from drafts.languages.staleness import State
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages


class TextStateLabel(Struct, frozen=True):
    """A state as a page shows it: the look of its square, the sign in it, a word, and an icon with its colour.

    Beside a text: the `mark` of the style sheet, a `sentence`, and what the link says that `mends` it. Where it
    stops publication: what is to be done, and the word of the `remedy`.
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
    to_do: str = ""
    remedy: str = ""


_CHANGED = N_("See what changed")


def _stale(state: State, words: str, sentence: str, to_do: str, remedy: str = _CHANGED) -> TextStateLabel:
    return TextStateLabel(state, "s", "!", words, "stale", "warn", "stale", sentence, _CHANGED, to_do, remedy)


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
        N_("Translate it"),
        N_("There is no text yet: translate it, or decide that it stays away."),
        N_("Translate"),
    ),
    _stale(
        State.STALE_RESTRUCTURED,
        N_("stale: the paragraph was split or joined"),
        N_("Stale: the paragraph has been split or joined since this was written."),
        N_("Paragraphs were split or joined: share the text out anew and save it."),
        N_("Share it out"),
    ),
    _stale(
        State.STALE_SUBSTANTIVE,
        N_("stale: the original has changed"),
        N_("Stale: the original has changed since this was written."),
        N_("The original has changed since this was translated: bring it up to date."),
    ),
    _stale(
        State.STALE_EDITORIAL,
        N_("stale: the original was corrected"),
        N_("Stale: the original has been corrected since this was written."),
        N_("The original was edited since this was translated: look at what changed."),
    ),
    TextStateLabel(
        State.UNVERIFIED,
        "b",
        "?",
        N_("unverified: nobody has compared it with the original"),
        "warn",
        "warn",
        "unverified",
        N_("Unverified: nobody has confirmed that this says what the original says."),
        N_("Compare them"),
        N_("Nobody has said that this text answers the original: check it and save it."),
        N_("Compare"),
    ),
    TextStateLabel(
        State.ABSENT,
        "d",
        "",
        N_("left out by decision"),
        "out",
        "",
        "absent",
        N_("No text in this language, by decision: %(reason)s"),
    ),
    TextStateLabel(State.CURRENT, "a", "", N_("up to date"), "check", "good"),
)
STATE_LABELS: Mapping[State, TextStateLabel] = {state_label.state: state_label for state_label in _EVERY}


_SOURCE = N_("The source of this file: %(state)s")
_BEFORE = N_("The translation was made from: %(text)s")


def unit_notes(messages: Messages) -> Callable[[State, str, State], tuple[str, ...]]:
    """Notes in the reader's language, on a state, the original that the translation agreed with, and a stale source."""

    def tell(state: State, before: str, source: State) -> tuple[str, ...]:
        said = [messages.gettext(STATE_LABELS[state].words)] if state.stops_publication else []
        if source.stops_publication:
            said.append(messages.gettext(_SOURCE, state=messages.gettext(STATE_LABELS[source].words)))
        return tuple([*said, messages.gettext(_BEFORE, text=before)] if before else said)

    return tell
