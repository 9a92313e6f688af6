"""What can go wrong with a text: each refusal carries its facts, and the sentence is written at the door."""

from typing import ClassVar


class DraftsError(Exception):
    """A text, a change or a file that the engine refuses.

    `code` is stable; `facts` are the plain values the sentence needs (a line
    number, a block id, a limit), so that a page can say it in the reader's language.
    """

    code: ClassVar[str] = "drafts.error"

    def __init__(self, message: str, **facts: str | int) -> None:
        super().__init__(message)
        self.facts = facts


class NotText(DraftsError):
    """Bytes that are not UTF-8 text. Facts: `source`, `line`."""

    code = "drafts.not_text"


class TooLarge(DraftsError):
    """Beyond the bounds within which the engine promises to finish. Facts: `what`, `size`, `limit`."""

    code = "drafts.too_large"


class BadMarkdown(DraftsError):
    """Markdown that cannot be kept without loss. Facts: `line` (from 1), `reason`."""

    code = "drafts.bad_markdown"


class UnknownBlock(DraftsError):
    """A change, a reference or an anchor names a block that the text does not have. Facts: `block`."""

    code = "drafts.unknown_block"


class ImpossibleChange(DraftsError):
    """A change that this text cannot take. Facts: `block`, `reason` (a stable word)."""

    code = "drafts.impossible_change"


class BadNote(DraftsError):
    """A checkpoint, or a public key, that cannot be read. Facts: `part`."""

    code = "drafts.bad_note"

    def __init__(self, *, part: str) -> None:
        super().__init__(f"not a signed checkpoint: {part}", part=part)


class BadExchange(DraftsError):
    """A glossary, a memory or a translator's file that cannot be read. Facts: `reason`, and `line` if known."""

    code = "drafts.bad_exchange"
