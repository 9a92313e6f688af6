"""What each kind of letter says: one entry per kind, its sentences as messages for translators.

The facts of a letter stand in its sentences by name. Of several wordings of one
paragraph the first is taken whose facts the letter has; without any, the
paragraph is left out.
"""

from collections.abc import Mapping

from msgspec import Struct

from workspace.core.actor import Role
from workspace.core.permissions import Phase
from workspace.web.i18n import N_
from workspace.web.pages import ROLE_NAMES

Said = tuple[str, ...]  # wordings of one paragraph, the fullest first


class Wording(Struct, frozen=True, kw_only=True):
    """The words of one kind of letter, `name`. `action` names the link to the page in the fact `path`.

    `file` names a fact that goes along as a text file, word for word. An urgent letter is waited for by somebody
    and overtakes the others. `choice` is the kind that its receiver can end, where the fact `choice` does not say it.
    """

    name: str
    subject: str
    before: tuple[Said, ...]
    action: str = ""
    after: tuple[Said, ...] = ()
    file: str = ""
    is_urgent: bool = False
    is_announcement: bool = False
    choice: str = ""


_ONCE: Said = (N_("The link can be used once, until %(expires)s."), N_("The link can be used once."))
_NOT_YOU: Said = (N_("If it was not you, you need not do anything. Please do not pass this letter on."),)
_UNTIL: Said = (N_("This phase is open until %(until)s."),)
_REASON: Said = (N_("The reason given: %(reason)s"),)

WORDINGS: Mapping[str, Wording] = {
    "invitation": Wording(
        name=N_("Invitation"),
        subject=N_("Invitation: %(forum)s"),
        before=(
            (
                N_("%(inviter)s invites you to take part in “%(forum)s”."),
                N_("You are invited to take part in “%(forum)s”."),
            ),
            (N_("Your role there: %(role)s."),),
        ),
        action=N_("Accept the invitation"),
        after=(
            _ONCE,
            (N_("If you did not expect this letter, you need not do anything: without the link nothing happens."),),
        ),
    ),
    "registration": Wording(
        name=N_("Registration"),
        subject=N_("Confirm your address: %(forum)s"),
        before=((N_("Somebody, probably you, asked to take part in “%(forum)s” with this address."),),),
        action=N_("Confirm the address"),
        after=(_ONCE, _NOT_YOU),
        is_urgent=True,
    ),
    "sign_in_link": Wording(
        name=N_("Link to sign in"),
        subject=N_("Your link to sign in"),
        before=((N_("Somebody, probably you, asked for a link to sign in with this address."),),),
        action=N_("Sign in"),
        after=(_ONCE, _NOT_YOU),
        is_urgent=True,
    ),
    "password_reset": Wording(
        name=N_("New password"),
        subject=N_("Choose a new password"),
        before=((N_("Somebody, probably you, asked to choose a new password for this address."),),),
        action=N_("Choose a new password"),
        after=(_ONCE, _NOT_YOU),
        is_urgent=True,
    ),
    "email_change": Wording(
        name=N_("New address"),
        subject=N_("Confirm your new address"),
        before=((N_("Somebody, probably you, asked to sign in with this address from now on."),),),
        action=N_("Confirm the address"),
        after=(_ONCE, _NOT_YOU),
        is_urgent=True,
    ),
    "guest_check": Wording(
        name=N_("Comment of a guest"),
        subject=N_("Confirm your comment: %(forum)s"),
        before=((N_("Somebody, probably you, wrote a comment in “%(forum)s” and gave this address."),),),
        action=N_("Confirm the comment"),
        after=(_ONCE, _NOT_YOU),
        is_urgent=True,
    ),
    "security_notice": Wording(
        name=N_("Security notice"),
        subject=N_("Your account has changed"),
        before=(
            ("%(what)s",),  # one of SECURITY_NOTICES
            (N_("If it was you, there is nothing to do. If not, choose a new password now and tell the secretariat."),),
        ),
        action=N_("See your account"),
        is_urgent=True,
    ),
    "phase_moved": Wording(
        name=N_("New phase"),
        subject=N_("%(declaration)s, new phase: %(phase)s"),
        before=((N_("“%(declaration)s” (%(forum)s) has entered a new phase: %(phase)s."),), _UNTIL),
        action=N_("Go to the declaration"),
        is_announcement=True,
        choice="phases",
    ),
    "phase_returned": Wording(
        name=N_("Back to an earlier phase"),
        subject=N_("%(declaration)s, back in an earlier phase: %(phase)s"),
        before=(
            (N_("The chair has taken “%(declaration)s” (%(forum)s) back to an earlier phase: %(phase)s."),),
            _REASON,
            _UNTIL,
        ),
        action=N_("Go to the declaration"),
        is_announcement=True,
        choice="phases",
    ),
    "contribution": Wording(
        name=N_("What became of what you said"),
        subject=N_("%(declaration)s: what became of what you said"),
        before=(
            (
                N_(
                    "“%(declaration)s” (%(forum)s) is published. A page shows each recommendation of yours, in its own "
                    "words, and the paragraphs it became, or why it did not."
                ),
            ),
        ),
        action=N_("See what became of it"),
        after=((N_("The page can be passed on: whoever has its address can read it."),),),
        is_announcement=True,
    ),
    "amendments_received": Wording(
        name=N_("Receipt of amendments"),
        subject=N_("%(declaration)s: what you sent was received"),
        before=(
            (
                N_(
                    "What you sent about “%(declaration)s” (%(forum)s) was received. "
                    "It is on record in your name. Number of the amendment, or of each: %(numbers)s."
                ),
            ),
            (N_("Please look whether it says what you meant; if it does not, tell the secretariat."),),
        ),
        action=N_("See what was filed"),
    ),
    "phase_opened": Wording(
        name=N_("Phase opened"),
        subject=N_("%(declaration)s, now open: %(phase)s"),
        before=((N_("A phase of “%(declaration)s” (%(forum)s) is now open: %(phase)s."),), _UNTIL),
        action=N_("Go to the declaration"),
        is_announcement=True,
        choice="phases",
    ),
    "phase_closed": Wording(
        name=N_("Phase closed"),
        subject=N_("%(declaration)s, now closed: %(phase)s"),
        before=((N_("A phase of “%(declaration)s” (%(forum)s) is now closed: %(phase)s."),),),
        action=N_("Go to the declaration"),
        is_announcement=True,
        choice="phases",
    ),
    "deadline_changed": Wording(
        name=N_("New dates"),
        subject=N_("%(declaration)s, new dates: %(phase)s"),
        before=(
            (N_("The chair has changed the dates of “%(declaration)s” (%(forum)s): %(phase)s."),),
            (N_("It closes now on %(until)s."),),
            _REASON,
        ),
        action=N_("See the calendar"),
        is_announcement=True,
        choice="phases",
    ),
    "corrigendum": Wording(
        name=N_("Corrections to a published text"),
        subject=N_("%(declaration)s: corrections to the published text"),
        before=(
            (N_("Slips in the published text of “%(declaration)s” (%(forum)s) are to be put right."),),
            (N_("The corrections stand unless a member objects, with a reason, before %(until)s."),),
        ),
        action=N_("Read the corrections"),
        is_announcement=True,
    ),
    "break_glass": Wording(
        name=N_("Texts opened to an administrator"),
        subject=N_("An administrator has opened the texts: %(forum)s"),
        before=(
            (
                N_("Until %(until)s, %(person)s can read the texts of “%(forum)s” that are not public."),
                N_("Until %(until)s, an administrator can read the texts of “%(forum)s” that are not public."),
            ),
            _REASON,
            (N_("This is recorded in the log."),),
        ),
        action=N_("Go to the forum"),
    ),
    "checkpoint": Wording(
        name=N_("Checkpoint of the log"),
        subject=N_("Checkpoint of the log at %(tree_size)s entries"),
        before=(
            (N_("This is a signed checkpoint of the workspace’s log: it has %(tree_size)s entries."),),
            (N_("Root hash: %(root)s"),),
            (N_("Please keep this letter: with it, anyone can find out later whether the log was rewritten."),),
            (N_("The checkpoint is attached as a file, which “workspace audit verify --checkpoint FILE” reads."),),
        ),
        file="note",
        choice="checkpoints",
    ),
    "told": Wording(
        name=N_("Notice"),
        subject="%(first)s",
        before=((N_("News from “%(forum)s” that you wanted to be told of at once."),),),
        action=N_("See all notices"),
        is_announcement=True,
    ),
    "digest": Wording(
        name=N_("Daily digest"),
        subject=N_("What happened: %(forum)s"),
        before=((N_("This happened in “%(forum)s” since yesterday, and you have not read it yet."),),),
        action=N_("See all notices"),
        is_announcement=True,
    ),
    "test": Wording(
        name=N_("Test letter"),
        subject=N_("A test letter"),
        before=((N_("This letter shows that the workspace can send mail to this address."),),),
    ),
}

SECURITY_NOTICES: Mapping[str, str] = {
    "password_changed": N_("The password of your account was changed."),
    "email_changed": N_("The address of your account was changed; it is no longer this one."),
    "factor_added": N_("Your account now asks for a code from your telephone as well."),
    "factor_removed": N_("Your account no longer asks for a code from your telephone."),
    "recovery_codes_renewed": N_("Your account has new recovery codes; the old ones no longer work."),
    "recovery_code_used": N_("Somebody signed in to your account with a recovery code."),
    "account_closed": N_("Your account was closed."),
    "api_token_made": N_("An access token for a program was made for your account."),
}
ANYTHING_ELSE = N_("Something about the security of your account was changed.")
ROLES: Mapping[str, str] = {role.value: name for role, name in ROLE_NAMES.items() if role is not Role.ANON}
PHASES: Mapping[str, str] = {
    Phase.SETUP: N_("Setup"),
    Phase.DRAFTING: N_("Drafting"),
    Phase.REVIEW: N_("Review"),
    Phase.CONSULTATION: N_("Consultation"),
    Phase.ADOPTION: N_("Adoption"),
    Phase.PUBLISHED: N_("Publication"),
    Phase.ARCHIVED: N_("Archive"),
    "amendments": N_("Window for amendments"),
}
ENDING = N_("End letters of this kind, without signing in")
BECAUSE = N_("You receive this letter because you take part in “%(forum)s”.")
BY_ITSELF = N_("This letter was written by a program; answers to it are not read.")
URGENT = frozenset(kind for kind, wording in WORDINGS.items() if wording.is_urgent)
