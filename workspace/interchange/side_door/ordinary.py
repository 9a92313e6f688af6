"""Whether a saved mail is one that somebody wrote: counted on its bytes, before anything takes it apart.

Taking a mail apart costs as much as its parts are many, are one inside the other, or have long headers. No mail
program makes more of these than is allowed here; what does was made to be costly.
"""

import re

from drafts.patterns import expression
from workspace.core.errors import BadFile

MOST_LINES = 400_000  # a mail of ten megabytes of attachments has 130,000
MOST_PARTS = 10_000  # each begins with a line that begins with two hyphens; rows of hyphens in a text are counted too
MOST_INSIDE = 60  # parts that hold others: a thread passed on whole has two for each mail of it
MOST_WORK = 6_000_000  # each line is held against the end of every part that is open
LONGEST_HEADERS = 200_000
LONGEST_HEADER = 4_000  # of those that are taken apart; whom a mail goes to is not
_RULE = expression(rb"(?:\A|[\r\n])--")
_HOLDER = expression(rb"(?:\A|[\r\n])content-type:\s*+(?:multipart/|message/)", re.IGNORECASE)
_READ = expression(rb"(?:\A|[\r\n])(?:from|subject|content-[a-z-]+):[^\n]*+(?:\n[ \t][^\n]*+)*+", re.IGNORECASE)


def ensure_ordinary(mail: bytes, *, headers: int, source: str) -> None:
    """Raise `BadFile` for a mail that no program of an office makes; the first `headers` bytes are its headers."""
    lines = mail.count(b"\n") + mail.count(b"\r") - mail.count(b"\r\n")
    if lines > MOST_LINES:
        raise BadFile(source=source, reason="too_many_lines", most=MOST_LINES)
    if sum(1 for _ in _RULE.finditer(mail)) > MOST_PARTS:
        raise BadFile(source=source, reason="too_many_members", limit=MOST_PARTS)
    inside = sum(1 for _ in _HOLDER.finditer(mail))
    if inside > MOST_INSIDE:
        raise BadFile(source=source, reason="too_deep")
    longest = max((len(found[0]) for found in _READ.finditer(mail)), default=0)
    if headers > LONGEST_HEADERS or longest > LONGEST_HEADER or inside * lines > MOST_WORK:
        raise BadFile(source=source, reason="too_costly")
