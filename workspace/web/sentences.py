"""What a refusal says to the person in front of it: what happened, what was kept, what to do, in three languages.

The stable code of the error picks the sentences, which stand in the registry of its slice; its facts fill them.
A test walks every error of the engine and of the workspace and fails on one that has nothing to say.
"""

import math

from msgspec import Struct

from drafts.blocks import Language
from drafts.errors import DraftsError
from workspace.core.errors import WorkspaceError
from workspace.web.check_sentences import WHAT
from workspace.web.explanation import PLACEHOLDER, Facts
from workspace.web.i18n import Messages
from workspace.web.slice_registry import REGISTRY

_LONG_WAIT = 120  # seconds: what is longer is told in minutes


class Told(Struct, frozen=True):
    """An explanation in one language, with its facts in it."""

    code: str
    happened: str
    detail: str
    kept: str
    to_do: str


def code_told(kind: type[Exception]) -> str:
    """The code under which an error of this kind is explained: its own, or that of the nearest kind above it."""
    explanations = REGISTRY.get().explanations
    codes = (getattr(one, "code", "") for one in kind.__mro__)
    return next((code for code in codes if code in explanations), "web.failure")


def told(code: str, facts: Facts, messages: Messages) -> Told:
    """Say what `code` means in the language of `messages`."""
    explanation = REGISTRY.get().explanations[code]
    facts = {**facts, **_in_minutes(facts)}
    written = {name: _written(name, value, messages) for name, value in facts.items()}
    return Told(
        code=code,
        happened=messages.gettext(explanation.happened),
        detail=messages.gettext(_reason(code, facts) or explanation.detail(facts), **written),
        kept=messages.gettext(explanation.kept),
        to_do=messages.gettext(explanation.to_do),
    )


def _in_minutes(facts: Facts) -> Facts:
    """A long wait as people count it; a short one stays in seconds."""
    seconds = facts.get("seconds")
    return {"minutes": math.ceil(seconds / 60)} if isinstance(seconds, int) and seconds >= _LONG_WAIT else {}


def _written(name: str, value: str | int, messages: Messages) -> str:
    """A fact as people read it: numbers in their way, and the words for what only programs call by a code."""
    if isinstance(value, int):
        return messages.number(value)
    if name == "language" and value in {one.value for one in Language}:
        return messages.language_name(value)
    if name == "check" and value in WHAT:
        return messages.gettext(WHAT[value])
    return value


def _reason(code: str, facts: Facts) -> str | None:
    reason = str(facts.get("reason", ""))
    registry = REGISTRY.get()
    if code == "workspace.invalid" and reason in {"empty", "required"} and facts.get("field") in registry.needed:
        return registry.needed[str(facts["field"])]
    sentences = (registry.precise.get((code, reason)), registry.reasons.get((code, reason)))
    return next((one for one in sentences if one and set(PLACEHOLDER.findall(one)) <= set(facts)), None)


def sentence(refusal: WorkspaceError | DraftsError, messages: Messages) -> str:
    """One sentence about a refusal, for a place beside a form's field."""
    return told(code_told(type(refusal)), refusal.facts, messages).detail
