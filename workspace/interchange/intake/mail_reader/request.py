"""What a mail asks for, before anybody has looked whether the text can take it."""

from enum import StrEnum

from msgspec import Struct

from workspace.interchange.intake.mail_reader.masking import MailPlace

MOST = 400  # requests that are read in one mail


class Kind(StrEnum):
    """What a request asks for."""

    REPLACE = "replace"  # old words by new ones
    DELETE = "delete"  # old words
    AFTER = "after"  # new words after the mark
    BEFORE = "before"
    AT_END = "at_end"  # of the paragraph
    AT_START = "at_start"
    SOMEWHERE = "somewhere"  # new words, and nobody said where in the paragraph
    REWORD = "reword"  # the whole paragraph
    WHOLE = "whole"  # new words beside a paragraph's number, and nobody said what for
    DELETE_PARAGRAPH = "delete_paragraph"
    NEW_AFTER = "new_after"  # a new paragraph after the one that is named
    NEW_BEFORE = "new_before"
    NEW_AT = "new_at"  # a new paragraph that is to have this number


class ChangeRequest(Struct, frozen=True):
    """One change that is asked for; `source` is the sentence as it was written.

    `places` are the paragraphs that it names, none if it names none; `mark` are the words beside which new ones stand.
    It `is_doubted` where something else in the mail may speak against it, or its words may end elsewhere.
    """

    kind: Kind
    source: str
    places: tuple[MailPlace, ...] = ()
    old: str = ""
    new: str = ""
    mark: str = ""
    reason: str = ""
    is_doubted: bool = False


class NotRead(Struct, frozen=True):
    """A sentence that may ask for something and is left to a person; `place` is the paragraph it stands under."""

    source: str
    place: MailPlace | None = None


class MailRequests(Struct, frozen=True):
    """The requests of a mail; sentences that may ask for something and are not read; the rest of it."""

    requests: tuple[ChangeRequest, ...]
    not_read: tuple[NotRead, ...]
    rest: tuple[str, ...]
