"""The glossary and the translation memory of a forum."""

from workspace.core.security.permissions import STAFF, TASK, TRANSLATOR, grants, permission_row
from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={"glossary.edit": permission_row(grants("DRCV", TRANSLATOR, when=TASK), grants("SDRCV", *STAFF))},
    reasons={
        ("workspace.invalid", "one_language"): N_("A term needs at least two languages."),
        ("workspace.invalid", "unknown_check"): N_("“%(given)s” is not a check, or not with this weight."),
    },
    log_kinds={
        "term.agreed": N_("Term added"),
        "term.changed": N_("Term changed"),
        "term.removed": N_("Term removed"),
        "glossary.taken_in": N_("Glossary imported"),
        "style.chosen": N_("Style guide chosen"),
        "memory.taken_in": N_("Translation memory imported"),
    },
)
