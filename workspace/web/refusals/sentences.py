"""What a refusal says to the person in front of it: what happened, what was kept, what to do, in three languages.

The stable code of the error picks the sentences, which stand in the registry of its slice; its facts fill them.
A test walks every error of the engine and of the workspace and fails on one that has nothing to say.
"""

import math
import re
from collections.abc import Sequence
from typing import Self

from markupsafe import Markup
from msgspec import Struct

from drafts.base.errors import DraftsError
from drafts.text.blocks import Language
from workspace.core.errors import WorkspaceError
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages
from workspace.web.refusals.check_sentences import WHAT
from workspace.web.refusals.slice_registry import PLACEHOLDER, REGISTRY, Facts

_LONG_WAIT = 120  # seconds: what is longer is told in minutes


class RefusalText(str):
    """A sentence about a refusal. Where a page shows it, `data-refusal` says which it is, whatever the words are."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, text: str, code: str) -> Self:
        """`code` is the error's, with the reason in its facts after a colon: `workspace.invalid:required`."""
        made = super().__new__(cls, text)
        made.code = code
        return made

    def __html__(self) -> str:
        return Markup('<span data-refusal="{}">{}</span>').format(self.code, str(self))


class RefusalExplanation(Struct, frozen=True):
    """An explanation in one language, with its facts in it."""

    code: str
    happened: str
    detail: RefusalText
    kept: str
    to_do: str


def explained_code(kind: type[Exception]) -> str:
    """The code under which an error of this kind is explained: its own, or that of the nearest kind above it."""
    explanations = REGISTRY.get().explanations
    codes = (getattr(base, "code", "") for base in kind.__mro__)
    return next((code for code in codes if code in explanations), "web.failure")


def explain(code: str, facts: Facts, messages: Messages) -> RefusalExplanation:
    """Say what `code` means in the language of `messages`."""
    explanation = REGISTRY.get().explanations[code]
    facts = {**facts, **_in_minutes(facts)}
    written = {name: _written(name, value, messages) for name, value in facts.items()}
    return RefusalExplanation(
        code=code,
        happened=messages.gettext(explanation.happened),
        detail=RefusalText(
            messages.gettext(_reason(code, facts) or explanation.detail(facts), **written),
            code_with_reason(code, facts),
        ),
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
    if name == "language" and value in {language.value for language in Language}:
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
    return next(
        (sentence for sentence in sentences if sentence and set(PLACEHOLDER.findall(sentence)) <= set(facts)), None
    )


def code_with_reason(code: str, facts: Facts) -> str:
    """What `data-refusal` says of a refusal: `workspace.invalid:required`, or the code alone where it has no reason."""
    return f"{code}:{facts['reason']}" if facts.get("reason") else code


def worded(refusal: WorkspaceError | DraftsError, text: str) -> RefusalText:
    """`text` as the sentence about a refusal, for a page that has words of its own for it."""
    return RefusalText(text, code_with_reason(explained_code(type(refusal)), refusal.facts))


def sentence(refusal: WorkspaceError | DraftsError, messages: Messages) -> RefusalText:
    """One sentence about a refusal, for a place beside a form's field."""
    return explain(explained_code(type(refusal)), refusal.facts, messages).detail


MISSING = N_("Required")
NO_KEY = N_("At most 200 printable characters of ASCII.")
TWICE, UNKNOWN = N_("Given twice"), N_("Unknown here")
BODY = N_("the body")
_SAID: Sequence[tuple[re.Pattern[str], str]] = [
    (re.compile(pattern), message)
    for pattern, message in (
        (r"Expected `(?P<wanted>[^`]+)`, got `(?P<given>[^`]+)`", N_("Expected `%(wanted)s`, got `%(given)s`")),
        (r"Expected `(?P<wanted>[^`]+)` of length (?P<bound>.+)", N_("Expected `%(wanted)s` of length %(bound)s")),
        (
            r"Expected `(?P<wanted>[^`]+)` matching regex (?P<pattern>.+)",
            N_("Expected `%(wanted)s` matching regex %(pattern)s"),
        ),
        (r"Expected `(?P<wanted>[^`]+)` (?P<bound>[<>]=? .+)", N_("Expected `%(wanted)s` %(bound)s")),
        (r"Object missing required field `(?P<name>[^`]+)`", N_("Object missing required field `%(name)s`")),
        (r"Object contains unknown field `(?P<name>[^`]+)`", N_("Object contains unknown field `%(name)s`")),
        (r"Invalid enum value (?P<given>.+)", N_("Invalid enum value %(given)s")),
        (r"Invalid RFC3339 encoded date", N_("Invalid RFC3339 encoded date")),
        (r"Invalid RFC3339 encoded datetime", N_("Invalid RFC3339 encoded datetime")),
        (r"Invalid UUID", N_("Invalid UUID")),
        (re.escape(MISSING), MISSING),
        *((re.escape(message), message) for message in (NO_KEY, TWICE, UNKNOWN)),
    )
]


def locate_problem(name: str, problem: str, messages: Messages) -> str:
    """One part that could not be read and why, for a sentence: "phase (Required, and missing)"."""
    place = messages.gettext(BODY) if name in {"", "data"} else name
    return f"{place} ({say_problem(problem, messages)})" if problem else place


def say_problem(problem: str, messages: Messages) -> str:
    """The problem in this language; as it is where it is none of those that are known."""
    for pattern, message in _SAID:
        if found := pattern.fullmatch(problem):
            return messages.gettext(message, **found.groupdict())
    return problem


def unread_columns(headings: Sequence[str], messages: Messages) -> str:
    """Which columns of a spreadsheet nobody read; nothing where all were."""
    said = messages.gettext("Columns ignored (unknown or repeated): %(columns)s.", columns=", ".join(headings))
    return said if headings else ""
