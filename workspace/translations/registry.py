"""What translations adds to the application: permissions, reasons for refusals, kinds of log entries."""

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
            grants("DRCV", TRANSLATOR, when=(*TASK, *REASON)),
            grants("DRCV", *STAFF, when=REASON),
        ),
        "concordance.sign": permission_row(grants("DRCV", TRANSLATOR, when=(*TASK, Condition.NOT_AUTHOR))),
    },
    reasons={
        ("workspace.invalid", "waived_already"): N_("Somebody has let this finding stand already."),
        ("workspace.invalid", "nothing_to_claim"): N_(
            "Nothing has changed here that still counts as a change of substance."
        ),
        ("workspace.invalid", "has_text"): N_("There is a text in that language already."),
        ("workspace.invalid", "original"): N_(
            "The paragraph is written in this language: its words change by amendment, or by the committee’s own edit."
        ),
        ("workspace.invalid", "same_language"): N_("Two files are in one language: %(given)s."),
        ("workspace.invalid", "nothing_chosen"): N_("Choose at least one."),
        ("workspace.invalid", "not_current"): N_(
            "A text in this language is missing or behind: bring it up to date first."
        ),
        ("workspace.invalid", "not_ready_to_sign"): N_(
            "A text of this paragraph is missing or behind, or not yet approved."
        ),
        ("workspace.invalid", "has_errors"): N_(
            "The checks find an error in one of the texts: mend it, or let it stand."
        ),
        ("workspace.invalid", "not_reworded"): N_("This amendment does not reword that paragraph in another language."),
        ("workspace.invalid", "not_their_language"): N_("This person does not translate into that language."),
    },
    log_kinds={
        "check.waived": N_("Let a finding of the checks stand"),
        "concordance.signed": N_("Signed that texts say the same in three languages"),
        "language.signed_off": N_("Answered for the whole text in one language"),
        "translation.reviewed": N_("Reviewed translations"),
        "translation.taken_in": N_("Took translations in from a file"),
        "translation.assigned": N_("Handed out a task of translation"),
        "translation.unassigned": N_("Took a task of translation back"),
        "suggestion.made": N_("Suggested translations"),
        "suggestion.reopened": N_("A prepared translation waits again: the adoption was undone"),
        "suggestion.settled": N_("Took or dropped a suggested translation"),
        "text.claimed": N_("Claimed that a change of words leaves the meaning as it was"),
        "text.editorial": N_("Confirmed that a change of words leaves the meaning as it was"),
        "translation.confirmed": N_("Confirmed that a translation is still valid"),
        "translation.saved": N_("Saved a translation"),
    },
    log_topics={"translations": ("translation.", "check.")},
)
