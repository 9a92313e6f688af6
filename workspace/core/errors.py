"""What the workspace refuses, as facts and a stable code; the sentence is written at the door."""

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

Found = TypeVar("Found")


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


class AlreadyProposed(WorkspaceError):
    """An amendment that waits asks for the very same. Facts: `number`, `reason` (whose it is: "own" or "other")."""

    code = "workspace.already_proposed"


class Undecidable(WorkspaceError):
    """A decision that cannot be taken on this amendment now. Facts: `number`, `reason`."""

    code = "workspace.undecidable"


class NotReady(WorkspaceError):
    """Publication is stopped. `blockers` says by what and where, for a door to spell out; facts: `count`."""

    code = "workspace.not_ready"

    def __init__(self, blockers: Sequence[object]) -> None:
        super().__init__(count=len(blockers))
        self.blockers = tuple(blockers)


class Sealed(WorkspaceError):
    """An edition of this text is sealed and comes out by itself: nothing in it can change. Facts: `until`."""

    code = "workspace.sealed"


class BadFile(WorkspaceError):
    """A file that cannot be taken in. Facts: `source`, `reason`, and where (`line`) if known."""

    code = "workspace.bad_file"


class AlteredForum(BadFile):
    """The file of a forum whose rows are not as its own log says: `findings` names them. Facts: `source`, `count`."""

    code = "workspace.altered_forum"

    def __init__(self, findings: Sequence[Any], *, source: str) -> None:
        super().__init__(source=source, count=len(findings), table=findings[0].table)
        self.findings = findings


class Misaligned(WorkspaceError):
    """Texts that cannot be one declaration in several languages.

    Facts: `language` that lacks paragraphs, how many are `missing` of how many in
    `total`, and the beginning of the `first` one, as another language has it.
    """

    code = "workspace.misaligned"


class TooLate(WorkspaceError):
    """What could be done for a while, and no longer: a guest changes a comment for a quarter of an hour."""

    code = "comments.too_late"


class SignInRefused(WorkspaceError):
    """The address or the password is wrong, or the account is closed: which of them is not said."""

    code = "accounts.sign_in_refused"


class CodeRefused(WorkspaceError):
    """A second factor's code that is wrong or was used. Facts: `left`, the tries that remain (0: sign in again)."""

    code = "accounts.code_refused"


class LinkSpent(WorkspaceError):
    """A link from a letter that is unknown, used, withdrawn or too old: which of them is not said."""

    code = "accounts.link_spent"


class TooBusy(WorkspaceError):
    """So many passwords are being checked that this one would wait too long."""

    code = "accounts.too_busy"


class UnderMaintenance(WorkspaceError):
    """Nothing is written while the operator works on the server; reading goes on. Facts: `seconds` to wait."""

    code = "workspace.maintenance"


class DatabaseMoved(UnderMaintenance):
    """Everything was copied into another database, and nothing is written into this one any more."""

    code = "workspace.moved"


class NotEnrolled(WorkspaceError):
    """Chairs and administrators must have a second factor."""

    code = "accounts.not_enrolled"


class NoKey(WorkspaceError):
    """Nothing can be signed: no key is in force, or its file is not in the folder. Facts: `folder`, `reason`."""

    code = "workspace.no_key"


class SecretsUnkept(WorkspaceError):
    """The key that seals secrets cannot be read or made: none can be kept. Facts: `folder`, `reason`."""

    code = "workspace.secrets_unkept"


class HistoryAltered(WorkspaceError):
    """The log is not what its last checkpoint says it was: nothing is signed. Facts: `size` of that checkpoint."""

    code = "workspace.history_altered"


def existing(found: Found | None, what: str, which: object = "") -> Found:
    """What was looked for; raises `NotFound` where that is None."""
    return required(found, NotFound(what=what, id=str(which)))


def required(found: Found | None, refusal: WorkspaceError) -> Found:
    """What is needed; raises the `refusal` where that is None."""
    if found is None:
        raise refusal
    return found
