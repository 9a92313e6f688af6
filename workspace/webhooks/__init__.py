"""Telling programs elsewhere what has happened: signed, tried again, and by ids alone."""

from workspace.core.security.permissions import ADMIN, ALWAYS, STAFF, grants, permission_row
from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={"webhook.create": permission_row(grants("DRCVPA", *STAFF), grants(ALWAYS, ADMIN))},
    reasons={
        ("workspace.invalid", "not_callable"): N_("This address cannot be called."),
        ("workspace.invalid", "not_https"): N_("Use an https address."),
        ("workspace.invalid", "not_public"): N_("Use a public address."),
        ("workspace.invalid", "no_calls"): N_("Webhooks are off on this server."),
        ("workspace.invalid", "choose_kinds"): N_("Choose at least one event."),
    },
    log_kinds={
        "webhook.ended": N_("Webhook ended"),
        "webhook.made": N_("Webhook added"),
        "webhook.secret_renewed": N_("Webhook secret renewed"),
    },
)
