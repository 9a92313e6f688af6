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


class PlainRefusal(Struct, frozen=True):
    """What happened, and what to do about it."""

    happened: str
    to_do: str


_PEOPLE = N_("“workspace user list --forum FORUM” names everybody who takes part.")
MISSING_MESSAGES: Mapping[str, PlainRefusal] = {
    "person": PlainRefusal(
        N_("Nobody called “%(id)s” takes part in the forum, or several people are called so."), _PEOPLE
    ),
    "forum": PlainRefusal(N_("There is no forum with the address “%(id)s”."), _SPELLING),
    "declaration": PlainRefusal(N_("There is no declaration with the address “%(id)s” in this forum."), _SPELLING),
    "table": PlainRefusal(
        N_("No table of amendments taken to be cited has the number %(id)s."),
        N_("The page of the amendments lists those that were taken."),
    ),
    "account": PlainRefusal(N_("Nobody signs in with the address “%(id)s”."), _PEOPLE),
    "mandate": PlainRefusal(
        N_("They hold no role “%(id)s” there today, or several that only the organisation tells apart."),
        N_("“workspace user roles” lists what they hold; --organisation says which one is meant."),
    ),
    "lent": PlainRefusal(
        N_("Nothing with the id %(id)s acts for this account."),
        N_("“workspace user sessions” lists what does."),
    ),
    "invitation": PlainRefusal(
        N_("No invitation to “%(id)s” waits there."),
        N_("“workspace user invitations” lists those that do."),
    ),
    "erasure_request": PlainRefusal(
        N_("Nobody has asked to erase “%(id)s”, or it is done already."),
        N_("Ask for it with --as."),
    ),
    "obstacle": PlainRefusal(
        N_("Nothing that stops publication, and could be let go, is called “%(id)s”."),
        N_("“workspace override FORUM/DECLARATION” lists what there is."),
    ),
    "override": PlainRefusal(
        N_("Nobody has asked to let “%(id)s” go, or its text has changed since."),
        N_("“workspace override FORUM/DECLARATION” lists what there is."),
    ),
}
_NOTHING = PlainRefusal(N_("Nothing here is called “%(id)s”, or the person named may not know of it."), _SPELLING)
NOT_FOUND_MESSAGES: Mapping[str, PlainRefusal] = {
    "forum": PlainRefusal(N_("There is no forum yet."), N_("“workspace init” makes one.")),
    "table": PlainRefusal(
        N_("No table of amendments has been taken to be cited yet."),
        N_("The secretariat takes one on the page of the amendments."),
    ),
}
NOT_ALLOWED = PlainRefusal(
    N_("The person named may not do this, or not in the phase in which the declaration is."),
    N_(
        "Name somebody whose role allows it, or wait for the phase: “workspace user list --forum FORUM” names the "
        "roles."
    ),
)


TRY_AGAIN = N_("Nothing was changed. Correct it, and give the command again.")
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
