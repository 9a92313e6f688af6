"""What is said about one kind of refusal, and about one part of a request."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages

Facts = Mapping[str, str | int]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
NOTHING_CHANGED = N_("Nothing was changed.")
STILL_THERE = N_("Not saved; your text is still in the form.")


class RefusalExplanation(Struct, frozen=True):
    """The messages for one code. `details` go from the most precise to one without placeholders."""

    happened: str
    details: tuple[str, ...]
    kept: str
    to_do: str

    def detail(self, facts: Facts) -> str:
        """The most precise sentence that these facts can fill."""
        return next(detail for detail in self.details if set(PLACEHOLDER.findall(detail)) <= set(facts))


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
