"""What every letter says beside the wording of its kind, which stands in the registry of a slice."""

from collections.abc import Mapping

from workspace.core.actor import Role
from workspace.core.security.permissions import Phase
from workspace.web.i18n.marking import N_
from workspace.web.pages import ROLE_NAMES

SECURITY_NOTICES: Mapping[str, str] = {
    "password_changed": N_("The password of your account was changed."),
    "email_changed": N_("The address of your account was changed; it is no longer this one."),
    "factor_added": N_("Your account now asks for a code from your telephone as well."),
    "factor_removed": N_("Your account no longer asks for a code from your telephone."),
    "recovery_codes_renewed": N_("Your account has new recovery codes; the old ones no longer work."),
    "recovery_code_used": N_("Somebody signed in to your account with a recovery code."),
    "codes_refused": N_("Five wrong codes were typed after your password: somebody else may know it."),
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
    "amendments": N_("Deadline for amendments"),
}
ENDING = N_("End letters of this kind, without signing in")
BECAUSE = N_("You receive this letter because you take part in “%(forum)s”.")
BY_ITSELF = N_("This letter was written by a program; answers to it are not read.")
