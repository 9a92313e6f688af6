"""How a person proves who they are: passwords, second factors, sign-ins, invitations, tokens."""

from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import ALWAYS, AUDITOR, GUEST, KNOWN, OWN, grants, permission_row
from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import (
    NOT_YOU,
    NOTHING_CHANGED,
    ONCE,
    RefusalExplanation,
    SliceRegistry,
    Wording,
)

REGISTRY = SliceRegistry(
    grants={
        "api_token.create": permission_row(
            grants(ALWAYS, *(role for role in KNOWN if role not in {GUEST, AUDITOR}), when=OWN),
            grants(ALWAYS, AUDITOR, when=(*OWN, Condition.READ_ONLY)),
        )
    },
    explanations={
        "accounts.sign_in_refused": RefusalExplanation(
            N_("You are not signed in"),
            (N_("The e-mail address or the password is wrong."),),
            NOTHING_CHANGED,
            N_("Try again, or ask for a sign-in link."),
        ),
        "accounts.code_refused": RefusalExplanation(
            N_("This code does not work"),
            (N_("The code is wrong or already used. Tries left: %(left)s."), N_("The code is wrong or already used.")),
            NOTHING_CHANGED,
            N_("Wait for the next code, or use a recovery code."),
        ),
        "accounts.link_spent": RefusalExplanation(
            N_("This link no longer works"),
            (N_("A link works once, for a short time."),),
            NOTHING_CHANGED,
            N_("Sign in, or ask for a new one."),
        ),
        "accounts.too_busy": RefusalExplanation(
            N_("Too many people are signing in"),
            (N_("The server is busy checking passwords."),),
            NOTHING_CHANGED,
            N_("Try again in a few seconds."),
        ),
        "accounts.not_enrolled": RefusalExplanation(
            N_("A second factor is needed"),
            (N_("Chairs and administrators need a code from their phone."),),
            NOTHING_CHANGED,
            N_("Set up the second factor in your account."),
        ),
    },
    reasons={
        ("workspace.invalid", "spent"): N_("The code is wrong or already used."),
        ("workspace.invalid", "too_short"): N_("Too short: at least %(least)s characters."),
        ("workspace.invalid", "too_common"): N_("This password is too common: choose another."),
        ("workspace.invalid", "too_plain"): N_("This password is easy to guess: choose another."),
        ("workspace.invalid", "about_you"): N_(
            "This password contains your name, your address or the site’s name: choose another."
        ),
        ("workspace.invalid", "wrong_password"): N_("This is not your current password."),
        ("workspace.invalid", "wrong_code"): N_("The code is wrong or already used: wait for the next one."),
        ("workspace.invalid", "read_only_role"): N_("Tokens of auditors are read-only."),
        ("workspace.invalid", "has_account"): N_("This person already has an account."),
        ("workspace.invalid", "enrolled_already"): N_("A second factor is already set up."),
        ("workspace.invalid", "not_a_secret"): N_("This second factor was not issued here: begin again."),
        ("workspace.invalid", "unknown_forum"): N_("There is no such forum."),
        ("workspace.invalid", "unknown_notice"): N_("There is no kind of e-mail called “%(given)s”."),
        ("workspace.invalid", "out_of_range"): N_("Choose a number from %(least)s to %(most)s."),
    },
    log_kinds={
        "account.closed": N_("Account closed"),
        "account.email_changed": N_("E-mail address changed"),
        "account.factor_added": N_("Second factor set up"),
        "account.factor_removed": N_("Second factor removed"),
        "account.lent_ended": N_("Every sign-in, token and link ended"),
        "account.made": N_("Account opened"),
        "account.password_changed": N_("Password changed"),
        "account.profile_changed": N_("Profile changed"),
        "account.recovery_code_used": N_("Recovery code used"),
        "account.recovery_codes_renewed": N_("New recovery codes"),
        "account.reopened": N_("Account reopened"),
        "api_token.ended": N_("Token revoked"),
        "api_token.made": N_("Token created"),
        "first_run.done": N_("Workspace set up"),
        "invitation.accepted": N_("Invitation accepted"),
        "invitation.made": N_("Invited somebody"),
        "invitation.withdrawn": N_("Invitation withdrawn"),
        "password_reset.sent": N_("Password link sent"),
        "registration.asked": N_("Asked to register"),
        "sign_in.code_refused": N_("Wrong code typed"),
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
                (N_("Your role: %(role)s."),),
            ),
            action=N_("Accept invitation"),
            after=(ONCE, (N_("If you did not expect this, ignore it."),)),
        ),
        "registration": Wording(
            name=N_("Registration"),
            subject=N_("Confirm your address: %(forum)s"),
            before=((N_("You, or somebody else, asked to take part in “%(forum)s”."),),),
            action=N_("Confirm address"),
            after=(ONCE, NOT_YOU),
            is_urgent=True,
        ),
        "sign_in_link": Wording(
            name=N_("Sign-in link"),
            subject=N_("Your sign-in link"),
            before=((N_("You, or somebody else, asked for a sign-in link."),),),
            action=N_("Sign in"),
            after=(ONCE, NOT_YOU),
            is_urgent=True,
        ),
        "password_reset": Wording(
            name=N_("New password"),
            subject=N_("Choose new password"),
            before=((N_("You, or somebody else, asked for a new password."),),),
            action=N_("Choose new password"),
            after=(ONCE, NOT_YOU),
            is_urgent=True,
        ),
        "email_change": Wording(
            name=N_("New address"),
            subject=N_("Confirm your new address"),
            before=((N_("You, or somebody else, asked to use this address."),),),
            action=N_("Confirm address"),
            after=(ONCE, NOT_YOU),
            is_urgent=True,
        ),
        "security_notice": Wording(
            name=N_("Security notice"),
            subject=N_("Your account has changed"),
            before=(
                ("%(what)s",),  # one of SECURITY_NOTICES
                (N_("If it was not you, choose a new password now."),),
            ),
            action=N_("Open account"),
            is_urgent=True,
        ),
    },
)
