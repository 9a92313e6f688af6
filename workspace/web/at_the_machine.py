"""What is refused at the machine itself is said plainly: nothing has to be hidden from whoever runs the workspace.

In the browser, what one may not see looks as if it were not there. At the command line, the name that was
mistyped is said, and that somebody may not do a thing is told apart from a thing that is not there.
"""

from collections.abc import Mapping

from msgspec import Struct

from workspace.core.errors import BadFile, Invalid, NotAllowed, NotFound
from workspace.web.i18n import N_, Messages
from workspace.web.of_the_machine import READ, WRITTEN, why
from workspace.web.sentences import sentence

_SPELLING = N_("Check the spelling.")


class Plain(Struct, frozen=True):
    """What happened, and what to do about it."""

    happened: str
    to_do: str


_PEOPLE = N_("“workspace user list --forum FORUM” names everybody who takes part.")
MISSING: Mapping[str, Plain] = {
    "person": Plain(N_("Nobody called “%(id)s” takes part in the forum, or several people are called so."), _PEOPLE),
    "forum": Plain(N_("There is no forum with the address “%(id)s”."), _SPELLING),
    "declaration": Plain(N_("There is no declaration with the address “%(id)s” in this forum."), _SPELLING),
    "table": Plain(
        N_("No table of amendments taken to be cited has the number %(id)s."),
        N_("The page of the amendments lists those that were taken."),
    ),
    "account": Plain(N_("Nobody signs in with the address “%(id)s”."), _PEOPLE),
    "mandate": Plain(
        N_("They hold no role “%(id)s” there today, or several that only the organisation tells apart."),
        N_("“workspace user roles” lists what they hold; --organisation says which one is meant."),
    ),
    "lent": Plain(
        N_("Nothing with the id %(id)s acts for this account."),
        N_("“workspace user sessions” lists what does."),
    ),
    "invitation": Plain(
        N_("No invitation to “%(id)s” waits there."),
        N_("“workspace user invitations” lists those that do."),
    ),
    "erasure_request": Plain(
        N_("Nobody has asked to erase “%(id)s”, or it is done already."),
        N_("Ask for it with --as."),
    ),
    "obstacle": Plain(
        N_("Nothing that stops publication, and could be let go, is called “%(id)s”."),
        N_("“workspace override FORUM/DECLARATION” lists what there is."),
    ),
    "override": Plain(
        N_("Nobody has asked to let “%(id)s” go, or its text has changed since."),
        N_("“workspace override FORUM/DECLARATION” lists what there is."),
    ),
}
_NOTHING = Plain(N_("Nothing here is called “%(id)s”, or the person named may not know of it."), _SPELLING)
NONE: Mapping[str, Plain] = {
    "forum": Plain(N_("There is no forum yet."), N_("“workspace init” makes one.")),
    "table": Plain(
        N_("No table of amendments has been taken to be cited yet."),
        N_("The secretariat takes one on the page of the amendments."),
    ),
}
NOT_ALLOWED = Plain(
    N_("The person named may not do this, or not in the phase in which the declaration is."),
    N_(
        "Name somebody whose role allows it, or wait for the phase: “workspace user list --forum FORUM” names the "
        "roles."
    ),
)


AGAIN = N_("Nothing was changed. Correct it, and give the command again.")
_OF_THE_DISK = frozenset({"there_already", "not_there", "not_readable", "not_written"})


def plainly(refusal: Exception, messages: Messages) -> str | None:
    """Two sentences about a refusal of these kinds; None for any other, which is explained as in the browser."""
    if isinstance(refusal, Invalid):
        return f"{sentence(refusal, messages)}\n{messages.gettext(AGAIN)}"
    if isinstance(refusal, BadFile):
        return _about_a_file(refusal, messages)
    if isinstance(refusal, NotAllowed):
        plain = NOT_ALLOWED
    elif isinstance(refusal, NotFound):
        what, is_named = str(refusal.facts.get("what")), bool(refusal.facts.get("id"))
        found = MISSING.get(what, _NOTHING) if is_named else NONE.get(what)
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
        words = why(system, is_written=is_written)
        told = messages.gettext(WRITTEN if is_written else READ, source=refusal.facts.get("source", ""), why=words)
    elif reason in _OF_THE_DISK:
        told = sentence(refusal, messages)
    else:
        return None
    return f"{told}\n{messages.gettext(AGAIN)}"
