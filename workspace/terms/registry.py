"""What terms adds to the application: permissions, reasons for refusals, kinds of log entries."""

from workspace.core.security.permissions import STAFF, TASK, TRANSLATOR, grants, permission_row
from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "glossary.edit": permission_row(grants("DRCV", TRANSLATOR, when=TASK), grants("SDRCV", *STAFF)),
    },
    reasons={
        ("workspace.invalid", "one_language"): N_("A term needs words in two languages at least."),
        ("workspace.invalid", "unknown_check"): N_("“%(given)s” is no check, or has no such weight."),
    },
    log_kinds={
        "term.agreed": N_("Agreed on a term"),
        "term.changed": N_("Changed a term of the glossary"),
        "term.removed": N_("Removed a term from the glossary"),
        "glossary.taken_in": N_("Took a glossary in"),
        "style.chosen": N_("Chose by whose guide to write"),
        "memory.taken_in": N_("Took a translation memory in"),
    },
)
