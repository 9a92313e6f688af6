"""What was wrong with one part of a request, in three languages: the reader of JSON says it in English only."""

import re
from collections.abc import Sequence

from workspace.web.i18n import N_, Messages

MISSING = N_("Required, and missing")
NO_KEY = N_("At most 200 printable characters of ASCII.")
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
        (re.escape(NO_KEY), NO_KEY),
    )
]


def located(name: str, problem: str, messages: Messages) -> str:
    """One part that could not be read and why, for a sentence: "phase (Required, and missing)"."""
    place = messages.gettext(BODY) if name in {"", "data"} else name
    return f"{place} ({said(problem, messages)})" if problem else place


def said(problem: str, messages: Messages) -> str:
    """The problem in this language; as it is where it is none of those that are known."""
    for pattern, message in _SAID:
        if found := pattern.fullmatch(problem):
            return messages.gettext(message, **found.groupdict())
    return problem
