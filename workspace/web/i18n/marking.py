"""Marking messages for translation where they are written; they are translated where they are shown."""


def N_(message: str) -> str:  # noqa: N802  (the name every catalogue tool knows)
    """Mark a message."""
    return message


def N_two(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802  (as above)
    """Mark a message with two forms."""
    return singular, plural
