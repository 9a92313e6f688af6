"""Errors of the operating system and the database as messages, and refusals as the command line says them."""

import errno
import os
from collections.abc import Iterator, Mapping

from msgspec import Struct

from workspace.core.errors import BadFile, Invalid, NotAllowed, NotFound
from workspace.web.i18n.command_line import say
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages
from workspace.web.refusals.sentences import sentence

_MISSING = N_("no such name there")
_FOLDER_MISSING = N_("its folder does not exist")
_FORBIDDEN = N_("this user has no permission")
_FULL = N_("the disk is full")
_READ_ONLY = N_("it is read-only")
_IN_USE = N_("it is in use")
_SILENT = N_("no answer in time")
_NOBODY = N_("nothing answers at this address and port")
_NO_WAY = N_("this machine cannot be reached")
_UNKNOWN_HOST = N_("no machine has this name")
_BROKEN_OFF = N_("the connection was lost")
_FEW_RIGHTS = N_("its user must own the database and its tables")
TOO_FEW_RIGHTS = N_("The database user must own the database and its tables.")

NUMBERED: Mapping[int, str] = {  # as the system numbers what went wrong
    errno.ENOENT: _MISSING,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EISDIR: N_("it is a folder, not a file"),
    errno.ENOTDIR: N_("it is a file, not a folder"),
    errno.EEXIST: N_("it already exists"),
    errno.ENOTEMPTY: N_("the folder is not empty"),
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EBUSY: _IN_USE,
    errno.ETXTBSY: _IN_USE,
    errno.EAGAIN: _IN_USE,
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.EMFILE: N_("too many files are open"),
    errno.EIO: N_("the disk is faulty"),
    errno.ECONNREFUSED: _NOBODY,
    errno.ECONNRESET: _BROKEN_OFF,
    errno.EPIPE: _BROKEN_OFF,
    errno.ETIMEDOUT: _SILENT,
    errno.EHOSTUNREACH: _NO_WAY,
    errno.ENETUNREACH: _NO_WAY,
    errno.EADDRINUSE: N_("the port is in use"),
    errno.EADDRNOTAVAIL: N_("this machine does not have that address"),
}
SAID: Mapping[str, str] = {  # as libraries put it; each stands before a shorter one that it holds
    "name or service not known": _UNKNOWN_HOST,
    "nodename nor servname": _UNKNOWN_HOST,
    "no address associated with hostname": _UNKNOWN_HOST,
    "name resolution": N_("names cannot be resolved now"),
    "timed out": _SILENT,
    "timeout expired": _SILENT,
    "unable to open database file": N_("the file or its folder cannot be opened"),
    "file is not a database": N_("the file is not a database"),
    "readonly database": _READ_ONLY,
    "disk is full": _FULL,
    "database is locked": _IN_USE,
    "disk i/o error": N_("the disk is faulty"),
    "image is malformed": N_("the file is damaged; restore a backup"),
    "permission denied for": _FEW_RIGHTS,
    "must be owner of": _FEW_RIGHTS,
    "password authentication failed": N_("user name or password is wrong"),
    "no password supplied": N_("a password is required"),
    "pg_hba.conf": N_("the server refuses this user from here"),
    "too many clients": N_("the server has no free connection"),
    "is starting up": N_("the server is starting: try again"),
    "is shutting down": N_("the server is stopping"),
}
_DATABASE_MISSING = N_("no such database or user on the server")
READ, WRITTEN = N_("“%(source)s” cannot be read: %(why)s."), N_("“%(source)s” cannot be written: %(why)s.")
USED = N_("“%(source)s” cannot be used: %(why)s.")


def translated_error(words: str) -> str:
    """What a system or a library said, as a part of a sentence in the language of the command line."""
    message = _message(words)
    return say(message) if message else words


def is_known(words: str) -> bool:
    """Whether this is one of the usual refusals, which somebody who runs a machine can mend."""
    return _message(words) is not None


def reason_of(error: OSError, *, is_written: bool = False) -> str:
    """What the system had against it, likewise."""
    if is_written and error.errno == errno.ENOENT:
        return say(_FOLDER_MISSING)
    message = NUMBERED.get(error.errno or 0)
    return say(message) if message else translated_error(error.strerror or str(error))


def file_error_sentence(error: Exception) -> str | None:
    """A sentence about a file that the system refused, where nobody foresaw it; None for any other failure."""
    if not isinstance(error, OSError) or error.filename is None or error.errno not in NUMBERED:
        return None
    return say(USED, source=error.filename, why=reason_of(error))


def _message(words: str) -> str | None:
    lower = words.lower()
    if "does not exist" in lower and ("database" in lower or "role" in lower):
        return _DATABASE_MISSING
    return next((message for known, message in _known() if known in lower), None)


def _known() -> Iterator[tuple[str, str]]:
    yield from SAID.items()
    yield from ((os.strerror(number).lower(), message) for number, message in NUMBERED.items())


_SPELLING = N_("Check the spelling.")
_MISSING = N_("Not found: “%(id)s”.")


class PlainRefusal(Struct, frozen=True):
    """What happened, and what to do about it."""

    happened: str
    to_do: str


_PEOPLE = N_("See “workspace user list --forum FORUM”.")
MISSING_MESSAGES: Mapping[str, PlainRefusal] = {
    "person": PlainRefusal(N_("Nobody, or several people, in the forum are called “%(id)s”."), _PEOPLE),
    "forum": PlainRefusal(_MISSING, _SPELLING),
    "declaration": PlainRefusal(_MISSING, _SPELLING),
    "table": PlainRefusal(_MISSING, N_("See the page “Amendments tables”.")),
    "account": PlainRefusal(_MISSING, _PEOPLE),
    "mandate": PlainRefusal(
        N_("They hold no role “%(id)s” today, or several."), N_("See “workspace user roles”, or give --organisation.")
    ),
    "lent": PlainRefusal(_MISSING, N_("See “workspace user sessions”.")),
    "invitation": PlainRefusal(_MISSING, N_("See “workspace user invitations”.")),
    "erasure_request": PlainRefusal(_MISSING, N_("Request it with --as.")),
    "obstacle": PlainRefusal(_MISSING, N_("See “workspace override FORUM/DECLARATION”.")),
    "override": PlainRefusal(_MISSING, N_("See “workspace override FORUM/DECLARATION”.")),
}
_NOTHING = PlainRefusal(N_("Nothing is called “%(id)s”, or the person may not see it."), _SPELLING)
NOT_FOUND_MESSAGES: Mapping[str, PlainRefusal] = {
    "forum": PlainRefusal(N_("No forum yet."), N_("Run “workspace init”.")),
    "table": PlainRefusal(N_("No amendments table yet"), N_("See the page “Amendments tables”.")),
}
NOT_ALLOWED = PlainRefusal(
    N_("The person may not do this, or not in this phase."), N_("See “workspace user list --forum FORUM”.")
)


TRY_AGAIN = N_("Nothing was changed. Correct it and run the command again.")
_OF_THE_DISK = frozenset({"there_already", "not_there", "not_readable", "not_written"})


def plain_refusal(refusal: Exception, messages: Messages) -> str | None:
    """Two sentences about a refusal of these kinds; None for any other, which is explained as in the browser."""
    if isinstance(refusal, Invalid):
        return f"{sentence(refusal, messages)}\n{messages.gettext(TRY_AGAIN)}"
    if isinstance(refusal, BadFile):
        return _about_a_file(refusal, messages)
    if isinstance(refusal, NotAllowed):
        plain = NOT_ALLOWED
    elif isinstance(refusal, NotFound):
        what, is_named = str(refusal.facts.get("what")), bool(refusal.facts.get("id"))
        found = MISSING_MESSAGES.get(what, _NOTHING) if is_named else NOT_FOUND_MESSAGES.get(what)
        if found is None:
            return None
        plain = found
    else:
        return None
    happened = messages.gettext(plain.happened, id=refusal.facts.get("id", ""))
    return f"{happened}\n{messages.gettext('Nothing was changed.')} {messages.gettext(plain.to_do)}"


def _about_a_file(refusal: BadFile, messages: Messages) -> str | None:
    """Two sentences where the system has something against a file; None where its content is what is wrong."""
    system, reason = refusal.__cause__, refusal.facts.get("reason")
    if isinstance(system, OSError) and system.errno:
        is_written = reason == "not_written"
        words = reason_of(system, is_written=is_written)
        sentence_of_it = messages.gettext(
            WRITTEN if is_written else READ, source=refusal.facts.get("source", ""), why=words
        )
    elif reason in _OF_THE_DISK:
        sentence_of_it = sentence(refusal, messages)
    else:
        return None
    return f"{sentence_of_it}\n{messages.gettext(TRY_AGAIN)}"
