"""What every letter says beside the wording of its kind, which stands in the registry of a slice."""

from collections.abc import Mapping

from workspace.core.actor import Role
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import AMENDMENT_WINDOW, PHASE_NAMES
from workspace.web.pages import ROLE_NAMES

SECURITY_NOTICES: Mapping[str, str] = {
    "password_changed": N_("The password of your account was changed."),
    "email_changed": N_("The e-mail address of your account was changed."),
    "factor_added": N_("A second factor now protects your account."),
    "factor_removed": N_("Your account no longer has a second factor."),
    "recovery_codes_renewed": N_("Your account has new recovery codes."),
    "recovery_code_used": N_("Somebody signed in to your account with a recovery code."),
    "codes_refused": N_("Five wrong codes were typed after your password."),
    "account_closed": N_("Your account was closed."),
    "api_token_made": N_("A token was created for your account."),
}
ANYTHING_ELSE = N_("The security settings of your account were changed.")
ROLES: Mapping[str, str] = {role.value: name for role, name in ROLE_NAMES.items() if role is not Role.ANON}
PHASES: Mapping[str, str] = {phase.value: name for phase, name in PHASE_NAMES.items()} | {
    "amendments": AMENDMENT_WINDOW
}
ENDING = N_("Stop e-mails of this kind")
BECAUSE = N_("You receive this because you take part in “%(forum)s”.")
BY_ITSELF = N_("Replies to this e-mail are not read.")
