"""What an audit can find, and how it is said: a table of stable words and sentences."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from workspace.web.i18n import N_


class What(StrEnum):
    """The ways in which a history can have been tampered with."""

    ENTRY_ALTERED = "entry_altered"  # the words of an entry do not give its hash
    ENTRY_DIFFERS = "entry_differs"  # a column beside the words says something else
    ENTRY_UNREADABLE = "entry_unreadable"
    ENTRY_MISSING = "entry_missing"  # a gap in the sequence
    LOG_SHORTER = "log_shorter"  # than a checkpoint says
    LOG_REWRITTEN = "log_rewritten"  # the root is not that of a checkpoint
    CHECKPOINT_ALTERED = "checkpoint_altered"  # a stored one is not what its note says
    NODE_ALTERED = "node_altered"
    OTHER_LOG = "other_log"  # the outside checkpoint is of another log
    ROW_ALTERED = "row_altered"
    ROW_UNKNOWN = "row_unknown"  # the log knows of no such row
    ROW_MISSING = "row_missing"
    TEXT_ALTERED = "text_altered"  # words that do not give the hash beside them
    HEAD_DIFFERS = "head_differs"  # another text is in force than the log says
    TRIGGER_MISSING = "trigger_missing"


SENTENCES: Mapping[What, str] = {
    What.ENTRY_ALTERED: N_("Entry %(sequence)s of the log was altered: its words do not give the hash beside them."),
    What.ENTRY_DIFFERS: N_("Entry %(sequence)s of the log was altered: its column “%(row)s” differs from its words."),
    What.ENTRY_UNREADABLE: N_("Entry %(sequence)s of the log was altered: it cannot be read."),
    What.ENTRY_MISSING: N_("Entry %(sequence)s of the log is missing."),
    What.LOG_SHORTER: N_("The log was cut off: a checkpoint says that it had %(sequence)s entries."),
    What.LOG_REWRITTEN: N_("The log was rewritten: its first %(sequence)s entries are not those of the checkpoint."),
    What.CHECKPOINT_ALTERED: N_("The stored checkpoint of %(sequence)s entries was altered."),
    What.NODE_ALTERED: N_("The kept node %(row)s of the log’s tree was altered."),
    What.OTHER_LOG: N_("The checkpoint is of another log, or the first entry of this one was replaced: %(row)s."),
    What.ROW_ALTERED: N_("The row %(row)s of “%(table)s” was altered; entry %(sequence)s of the log names it."),
    What.ROW_UNKNOWN: N_("The row %(row)s of “%(table)s” was added past the program: no entry of the log names it."),
    What.ROW_MISSING: N_("The row %(row)s of “%(table)s” is missing; entry %(sequence)s of the log names it."),
    What.TEXT_ALTERED: N_("The content of the row %(row)s of “%(table)s” does not give the hash beside it."),
    What.HEAD_DIFFERS: N_(
        "The text in force for %(row)s is not the one that the log says (entry %(sequence)s was its last word)."
    ),
    What.TRIGGER_MISSING: N_("The trigger %(row)s, which guards “%(table)s”, is missing."),
}


class Finding(Struct, frozen=True):
    """One thing that is not as it was: what, in which table and row, and which entry of the log tells of it."""

    what: What
    table: str
    row: str = ""
    sequence: int | None = None

    @property
    def facts(self) -> Mapping[str, str | int]:
        return {"table": self.table, "row": self.row, "sequence": self.sequence or 0}


class KeyTrouble(StrEnum):
    """Why a signature does not count."""

    UNKNOWN = "unknown_key"
    NOT_IN_FORCE = "key_not_in_force"
    WRONG = "wrong_signature"


TROUBLES: Mapping[KeyTrouble, str] = {
    KeyTrouble.UNKNOWN: N_("The checkpoint of %(size)s entries is not signed by a key that is known here."),
    KeyTrouble.NOT_IN_FORCE: N_(
        "The checkpoint of %(size)s entries is signed by the key %(key)s, which was not in force then."
    ),
    KeyTrouble.WRONG: N_("The signature of the checkpoint of %(size)s entries by the key %(key)s is not valid."),
}


VERDICTS: Mapping[int, str] = {
    0: N_("Nothing was altered, and a checkpoint from outside vouches for it."),
    1: N_("The history was altered."),
    2: N_("Nothing was found altered, but a checkpoint is not signed by a key that counts."),
    3: N_("Nothing was found altered. It cannot be proved: no checkpoint from outside this machine was given."),
}


class Trouble(Struct, frozen=True):
    """A checkpoint whose signature does not count."""

    why: KeyTrouble
    size: int
    key: str = ""


class Report(Struct, frozen=True):
    """What an audit found. `outside` are the sizes of the checkpoints from outside that the log agrees with."""

    entries: int
    root: str
    rows: int
    findings: Sequence[Finding]
    troubles: Sequence[Trouble] = ()
    outside: Sequence[int] = ()

    @property
    def exit_code(self) -> int:
        """0 good, 1 altered, 2 key trouble, 3 not provable: nothing from outside this machine vouches for it."""
        if self.findings:
            return 1
        if self.troubles:
            return 2
        return 0 if self.outside else 3
