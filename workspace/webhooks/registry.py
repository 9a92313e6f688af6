"""What webhooks adds to the application: permissions, reasons for refusals, kinds of log entries."""

from workspace.core.security.permissions import ADMIN, ALWAYS, STAFF, grants, permission_row
from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "webhook.create": permission_row(grants("DRCVPA", *STAFF), grants(ALWAYS, ADMIN)),
    },
    reasons={
        ("workspace.invalid", "not_callable"): N_("This is not an address that can be called."),
        ("workspace.invalid", "not_https"): N_("Only an address with https is called."),
        ("workspace.invalid", "not_public"): N_("Only an address of the public net is called."),
        ("workspace.invalid", "no_calls"): N_("The operator of this server lets it call no other address."),
        ("workspace.invalid", "choose_kinds"): N_("Choose what it is told of."),
    },
    log_kinds={
        "webhook.ended": N_("Ended a webhook"),
        "webhook.made": N_("Entered a webhook"),
        "webhook.secret_renewed": N_("Gave a webhook another secret"),
    },
)
