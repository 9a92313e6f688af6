"""What was wrong with one part of a request, in three languages: the reader of JSON says it in English only."""

import re
from collections.abc import Sequence

from workspace.web.i18n import N_, Messages

MISSING = N_("Required, and missing")
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
    )
]


def said(problem: str, messages: Messages) -> str:
    """The problem in this language; as it is where it is none of those that are known."""
    for pattern, message in _SAID:
        if found := pattern.fullmatch(problem):
            return messages.gettext(message, **found.groupdict())
    return problem
