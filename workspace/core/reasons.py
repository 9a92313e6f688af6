"""The reason that declining needs, whatever was asked for: the log keeps it, and whoever asked is told."""

from workspace.core.errors import Invalid

LONGEST_REASON = 5_000  # characters


def read_reason(reason: str) -> str:
    """Why somebody declines, in one line, as the log keeps it; raises `Invalid` where nothing is said, or too much."""
    words = " ".join(reason.split())
    if not words:
        raise Invalid(field="reason", reason="empty")
    if len(words) > LONGEST_REASON:
        raise Invalid(field="reason", reason="too_long", limit=LONGEST_REASON)
    return words
