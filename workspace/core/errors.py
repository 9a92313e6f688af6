"""What the workspace refuses, as facts and a stable code; the sentence is written at the door."""

from collections.abc import Sequence
from typing import ClassVar


class WorkspaceError(Exception):
    """A request that is refused. `facts` are what the sentence in the reader's language needs."""

    code: ClassVar[str] = "workspace.error"

    def __init__(self, message: str = "", **facts: str | int) -> None:
        super().__init__(message or self.code)
        self.facts = facts


class NotFound(WorkspaceError):
    """There is no such thing. Facts: `what` (a noun's stable word), `id`."""

    code = "workspace.not_found"


class NotAllowed(NotFound):
    """The actor may not do this; to them it looks as if it were not there. Facts: `action`."""

    code = "workspace.not_allowed"


class Invalid(WorkspaceError):
    """A field that cannot be taken. Facts: `field`, `reason` (a stable word), and what the reason needs."""

    code = "workspace.invalid"


class MissingPrecondition(WorkspaceError):
    """A write that does not name what it replaces (If-Match)."""

    code = "workspace.missing_precondition"


class Stale(WorkspaceError):
    """What you meant to replace is no longer the head. Facts: `expected`, `head`."""

    code = "workspace.stale"


class Undecidable(WorkspaceError):
    """A decision that cannot be taken on this amendment now. Facts: `number`, `reason`."""

    code = "workspace.undecidable"


class NotReady(WorkspaceError):
    """Publication is stopped. `blockers` says by what and where, for a door to spell out; facts: `count`."""

    code = "workspace.not_ready"

    def __init__(self, blockers: Sequence[object]) -> None:
        super().__init__(count=len(blockers))
        self.blockers = tuple(blockers)


class BadFile(WorkspaceError):
    """A file that cannot be taken in. Facts: `source`, `reason`, and where (`line`) if known."""

    code = "workspace.bad_file"


class Misaligned(WorkspaceError):
    """Texts that cannot be one declaration in several languages.

    Facts: `language` that lacks paragraphs, how many are `missing` of how many in
    `total`, and the beginning of the `first` one, as another language has it.
    """

    code = "workspace.misaligned"
