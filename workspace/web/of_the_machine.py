"""What a machine refuses, in the reader's language: systems, databases and their libraries say it in English alone.

Their words are recognised in whatever stands around them. What is not among the usual is shown as it was said.
"""

import errno
import os
from collections.abc import Iterator, Mapping

from workspace.web.marking import N_
from workspace.web.spoken import say

_MISSING = N_("nothing has this name there")
_FOLDER_MISSING = N_("its folder is not there")
_FORBIDDEN = N_("this user of the machine may not do it")
_FULL = N_("there is no room left on the disk")
_READ_ONLY = N_("it can only be read, not written")
_IN_USE = N_("something else is using it at this moment")
_SILENT = N_("no answer came in time")
_NOBODY = N_("nothing answers at this address and port")
_NO_WAY = N_("no way leads to this machine")
_UNKNOWN_HOST = N_("no machine has this name")
_BROKEN_OFF = N_("the connection was broken off")
_FEW_RIGHTS = N_("its user has too few rights there; whoever owns the database and its tables has them all")
TOO_FEW_RIGHTS = N_(
    "The user of the database has too few rights there: make it the owner of the database and its tables."
)

NUMBERED: Mapping[int, str] = {  # as the system numbers what went wrong
    errno.ENOENT: _MISSING,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EISDIR: N_("it is a folder, and a file is needed"),
    errno.ENOTDIR: N_("a file stands where a folder is needed"),
    errno.EEXIST: N_("something of this name is there already"),
    errno.ENOTEMPTY: N_("the folder is not empty"),
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EBUSY: _IN_USE,
    errno.ETXTBSY: _IN_USE,
    errno.EAGAIN: _IN_USE,
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.EMFILE: N_("too many files are open"),
    errno.EIO: N_("the disk does not obey"),
    errno.ECONNREFUSED: _NOBODY,
    errno.ECONNRESET: _BROKEN_OFF,
    errno.EPIPE: _BROKEN_OFF,
    errno.ETIMEDOUT: _SILENT,
    errno.EHOSTUNREACH: _NO_WAY,
    errno.ENETUNREACH: _NO_WAY,
    errno.EADDRINUSE: N_("something else listens there already"),
    errno.EADDRNOTAVAIL: N_("this machine does not have that address"),
}
SAID: Mapping[str, str] = {  # as libraries put it; each stands before a shorter one that it holds
    "name or service not known": _UNKNOWN_HOST,
    "nodename nor servname": _UNKNOWN_HOST,
    "no address associated with hostname": _UNKNOWN_HOST,
    "name resolution": N_("names cannot be looked up at this moment"),
    "timed out": _SILENT,
    "timeout expired": _SILENT,
    "unable to open database file": N_("the file, or its folder, cannot be opened"),
    "file is not a database": N_("the file is something else, not a database"),
    "readonly database": _READ_ONLY,
    "disk is full": _FULL,
    "database is locked": _IN_USE,
    "disk i/o error": N_("the disk does not obey"),
    "image is malformed": N_("the file is damaged; bring back a backup"),
    "permission denied for": _FEW_RIGHTS,
    "must be owner of": _FEW_RIGHTS,
    "password authentication failed": N_("the user name or the password is wrong"),
    "no password supplied": N_("it asks for a password"),
    "pg_hba.conf": N_("the server lets nobody in from here under this name"),
    "too many clients": N_("as many are connected as the server takes"),
    "is starting up": N_("the server is only starting: try again in a moment"),
    "is shutting down": N_("the server is stopping"),
}
_DATABASE_MISSING = N_("the server has no such database, or no such user")
READ, WRITTEN = N_("“%(source)s” cannot be read: %(why)s."), N_("“%(source)s” cannot be written: %(why)s.")
USED = N_("“%(source)s” cannot be used: %(why)s.")


def in_our_words(words: str) -> str:
    """What a system or a library said, as a part of a sentence in the language of the command line."""
    message = _message(words)
    return say(message) if message else words


def is_known(words: str) -> bool:
    """Whether this is one of the usual refusals, which somebody who runs a machine can mend."""
    return _message(words) is not None


def why(error: OSError, *, is_written: bool = False) -> str:
    """What the system had against it, likewise."""
    if is_written and error.errno == errno.ENOENT:
        return say(_FOLDER_MISSING)
    message = NUMBERED.get(error.errno or 0)
    return say(message) if message else in_our_words(error.strerror or str(error))


def about_a_file(error: Exception) -> str | None:
    """A sentence about a file that the system refused, where nobody foresaw it; None for any other failure."""
    if not isinstance(error, OSError) or error.filename is None or error.errno not in NUMBERED:
        return None
    return say(USED, source=error.filename, why=why(error))


def _message(words: str) -> str | None:
    lower = words.lower()
    if "does not exist" in lower and ("database" in lower or "role" in lower):
        return _DATABASE_MISSING
    return next((message for known, message in _known() if known in lower), None)


def _known() -> Iterator[tuple[str, str]]:
    yield from SAID.items()
    yield from ((os.strerror(number).lower(), message) for number, message in NUMBERED.items())
