"""Translations: which text answers which, and what has gone stale."""

from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import REASON, STAFF, TASK, TRANSLATOR, grants, permission_row
from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "translation.write": permission_row(grants("DRCV", TRANSLATOR, when=TASK)),
        "translation.approve": permission_row(grants("DRCV", TRANSLATOR, when=(*TASK, Condition.NOT_AUTHOR))),
        "translation.assign": permission_row(grants("DRCV", TRANSLATOR, when=TASK), grants("SDRCV", *STAFF)),
        "check.waive": permission_row(
            grants("DRCV", TRANSLATOR, when=(*TASK, *REASON)), grants("DRCV", *STAFF, when=REASON)
        ),
        "concordance.sign": permission_row(grants("DRCV", TRANSLATOR, when=(*TASK, Condition.NOT_AUTHOR))),
    },
    reasons={
        ("workspace.invalid", "waived_already"): N_("This finding is already accepted."),
        ("workspace.invalid", "nothing_to_claim"): N_("No change of substance here."),
        ("workspace.invalid", "has_text"): N_("That language already has a text."),
        ("workspace.invalid", "original"): N_("This is the original: it changes by amendment or the committee’s edit."),
        ("workspace.invalid", "same_language"): N_("Two files in one language: %(given)s."),
        ("workspace.invalid", "nothing_chosen"): N_("Choose at least one."),
        ("workspace.invalid", "not_current"): N_("A text in this language is missing or out of date."),
        ("workspace.invalid", "not_ready_to_sign"): N_(
            "A text of this paragraph is missing, out of date or not approved."
        ),
        ("workspace.invalid", "has_errors"): N_("A text has an error: correct it, or accept it with a reason."),
        ("workspace.invalid", "not_reworded"): N_("This amendment does not change that paragraph in another language."),
        ("workspace.invalid", "not_their_language"): N_("This person does not translate into that language."),
    },
    log_kinds={
        "check.waived": N_("Finding accepted"),
        "concordance.signed": N_("Concordance signed"),
        "language.signed_off": N_("Whole text signed"),
        "translation.reviewed": N_("Reviewed translations"),
        "translation.taken_in": N_("Imported translations"),
        "translation.assigned": N_("Translation assigned"),
        "translation.unassigned": N_("Translation task withdrawn"),
        "suggestion.made": N_("Suggested translations"),
        "suggestion.reopened": N_("Prepared translation pending again"),
        "suggestion.settled": N_("Suggested translation decided on"),
        "text.claimed": N_("Change declared without effect on meaning"),
        "text.editorial": N_("Change confirmed without effect on meaning"),
        "translation.confirmed": N_("Translation confirmed as still valid"),
        "translation.saved": N_("Translation saved"),
    },
    log_topics={"translations": ("translation.", "check.")},
)
