"""What accounts adds to the application: permissions, refusals and their reasons, kinds of log entries, letters."""

from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import ALWAYS, AUDITOR, GUEST, KNOWN, OWN, grants, permission_row
from workspace.web.i18n.marking import N_
from workspace.web.refusals.explanations import NOTHING_CHANGED, RefusalExplanation
from workspace.web.refusals.letter_wording import NOT_YOU, ONCE, Wording
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "api_token.create": permission_row(
            grants(ALWAYS, *(role for role in KNOWN if role not in {GUEST, AUDITOR}), when=OWN),
            grants(ALWAYS, AUDITOR, when=(*OWN, Condition.READ_ONLY)),
        ),
    },
    explanations={
        "accounts.sign_in_refused": RefusalExplanation(
            N_("You are not signed in"),
            (N_("The e-mail address and the password do not go together."),),
            NOTHING_CHANGED,
            N_("Try again, or ask for a link by e-mail instead."),
        ),
        "accounts.code_refused": RefusalExplanation(
            N_("This code does not work"),
            (
                N_("The code is wrong, or it was used already. Tries left: %(left)s."),
                N_("The code is wrong, or it was used already."),
            ),
            NOTHING_CHANGED,
            N_("Wait for the next code, or use one of your recovery codes. After five wrong codes, sign in again."),
        ),
        "accounts.link_spent": RefusalExplanation(
            N_("This link no longer works"),
            (N_("A link works once, for a short time, and until it is withdrawn."),),
            NOTHING_CHANGED,
            N_("If you have used it already, sign in. If not, ask for a new link, or for a new invitation."),
        ),
        "accounts.too_busy": RefusalExplanation(
            N_("Too many people are signing in at this moment"),
            (N_("The server checks only a few passwords at a time."),),
            NOTHING_CHANGED,
            N_("Wait a few seconds, and try again."),
        ),
        "accounts.not_enrolled": RefusalExplanation(
            N_("A second factor is needed"),
            (N_("Chairs and administrators sign in with a password and a code from their telephone."),),
            NOTHING_CHANGED,
            N_("Set up the second factor in your account first; it cannot be removed while you have this role."),
        ),
    },
    reasons={
        ("workspace.invalid", "spent"): N_("This code is not the one the server printed, or it has been used."),
        ("workspace.invalid", "too_short"): N_("This is too short: at least %(least)s characters."),
        ("workspace.invalid", "too_common"): N_(
            "Too many people use this password, and programs that guess try it first: choose another one."
        ),
        ("workspace.invalid", "too_plain"): N_(
            "This password follows a pattern that is easy to guess: choose another one."
        ),
        ("workspace.invalid", "about_you"): N_(
            "This password is made of your name, your address or the name of this place: choose another one."
        ),
        ("workspace.invalid", "wrong_password"): N_("This is not your present password."),
        ("workspace.invalid", "wrong_code"): N_("The code is wrong, or it was used already: wait for the next one."),
        ("workspace.invalid", "read_only_role"): N_("An auditor’s programs may only read."),
        ("workspace.invalid", "has_account"): N_("This person has an account already."),
        ("workspace.invalid", "enrolled_already"): N_("There is a second factor already."),
        ("workspace.invalid", "not_a_secret"): N_("The secret of the second factor is not one of ours: begin again."),
        ("workspace.invalid", "unknown_forum"): N_("There is no such forum."),
        ("workspace.invalid", "unknown_notice"): N_("There is no kind of letter called “%(given)s”."),
        ("workspace.invalid", "out_of_range"): N_("Choose a number from %(least)s to %(most)s."),
    },
    log_kinds={
        "account.closed": N_("Closed an account"),
        "account.email_changed": N_("Changed the e-mail address of an account"),
        "account.factor_added": N_("Set up a second step for signing in"),
        "account.factor_removed": N_("Removed the second step for signing in"),
        "account.lent_ended": N_("Ended every sign-in, token and link of an account"),
        "account.made": N_("Opened an account"),
        "account.password_changed": N_("Changed the password of an account"),
        "account.profile_changed": N_("Changed a profile"),
        "account.recovery_code_used": N_("Used a recovery code"),
        "account.recovery_codes_renewed": N_("Made new recovery codes"),
        "account.reopened": N_("Opened an account again"),
        "api_token.ended": N_("Ended a token for a program"),
        "api_token.made": N_("Made a token for a program"),
        "first_run.done": N_("Set the workspace up"),
        "invitation.accepted": N_("Accepted an invitation"),
        "invitation.made": N_("Invited somebody"),
        "invitation.withdrawn": N_("Took an invitation back"),
        "password_reset.sent": N_("Had a link for a new password sent"),
        "registration.asked": N_("Asked to be registered"),
        "sign_in.code_refused": N_("Typed a wrong code after the right password"),
        "sign_in.ended": N_("Signed out"),
        "sign_in.made": N_("Signed in"),
    },
    log_topics={"people": ("invitation.", "registration.")},
    letters={
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
                ONCE,
                (N_("If you did not expect this letter, you need not do anything: without the link nothing happens."),),
            ),
        ),
        "registration": Wording(
            name=N_("Registration"),
            subject=N_("Confirm your address: %(forum)s"),
            before=((N_("Somebody, probably you, asked to take part in “%(forum)s” with this address."),),),
            action=N_("Confirm the address"),
            after=(ONCE, NOT_YOU),
            is_urgent=True,
        ),
        "sign_in_link": Wording(
            name=N_("Link to sign in"),
            subject=N_("Your link to sign in"),
            before=((N_("Somebody, probably you, asked for a link to sign in with this address."),),),
            action=N_("Sign in"),
            after=(ONCE, NOT_YOU),
            is_urgent=True,
        ),
        "password_reset": Wording(
            name=N_("New password"),
            subject=N_("Choose a new password"),
            before=((N_("Somebody, probably you, asked to choose a new password for this address."),),),
            action=N_("Choose a new password"),
            after=(ONCE, NOT_YOU),
            is_urgent=True,
        ),
        "email_change": Wording(
            name=N_("New address"),
            subject=N_("Confirm your new address"),
            before=((N_("Somebody, probably you, asked to sign in with this address from now on."),),),
            action=N_("Confirm the address"),
            after=(ONCE, NOT_YOU),
            is_urgent=True,
        ),
        "security_notice": Wording(
            name=N_("Security notice"),
            subject=N_("Your account has changed"),
            before=(
                ("%(what)s",),  # one of SECURITY_NOTICES
                (
                    N_(
                        "If it was you, there is nothing to do. If not, choose a new password now and tell "
                        "the secretariat."
                    ),
                ),
            ),
            action=N_("See your account"),
            is_urgent=True,
        ),
    },
)
