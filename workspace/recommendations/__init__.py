"""Recommendations: what sessions hand to the drafters, word for word, with its source line."""

from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import (
    ADMIN,
    ALWAYS,
    AUDITOR,
    COMMITTEE,
    GUEST,
    LENT,
    MEMBER,
    OBSERVER,
    OPEN,
    OTHER,
    OWN_SESSION,
    PUBLIC,
    RAPPORTEUR,
    STAFF,
    TRANSLATOR,
    grants,
    permission_row,
)
from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "recommendation.read": permission_row(
            grants("CVPA", *PUBLIC, AUDITOR, ADMIN, when=(Condition.RELEASED,)),
            grants("DRCVPA", OBSERVER, MEMBER, TRANSLATOR),
            grants(ALWAYS, RAPPORTEUR, COMMITTEE, *STAFF),
            grants(ALWAYS, ADMIN, when=LENT),
        ),
        "recommendation.submit": permission_row(
            grants("C", GUEST, when=OPEN),
            grants("C", OTHER),
            grants("SDRC", OBSERVER, MEMBER, RAPPORTEUR, TRANSLATOR, COMMITTEE, *STAFF),
        ),
        "recommendation.confirm_merge": permission_row(
            grants("SDRC", RAPPORTEUR, when=OWN_SESSION), grants("SDRC", *STAFF)
        ),
    },
    reasons={
        ("workspace.invalid", "unconfirmed"): N_("Recommendation %(number)s is not confirmed: confirm it first."),
        ("workspace.invalid", "nothing_to_merge"): N_("Choose another recommendation to merge."),
        ("workspace.invalid", "out_of_register"): N_(
            "Recommendation %(number)s is itself merged or set aside: choose another."
        ),
        ("workspace.invalid", "not_merged"): N_("Recommendation %(number)s is not merged."),
        ("workspace.invalid", "not_of_both_sets"): N_("Choose one recommendation of each set."),
        ("workspace.invalid", "nothing_to_undo"): N_("Nothing to undo: another decision was taken since."),
        ("workspace.invalid", "not_yours"): N_("You do not represent this organisation."),
        ("workspace.invalid", "not_ready_made"): N_("Give this list a name."),
        ("workspace.invalid", "ready_made"): N_("The themes of this list cannot be changed."),
        ("workspace.invalid", "unknown_organisations"): N_("Choose what these organisations are: %(listed)s"),
        ("workspace.bad_file", "row_too_long"): N_("Row %(row)s of “%(source)s” is longer than %(most)s characters."),
        ("workspace.bad_file", "no_answers"): N_("“%(source)s” has no recommendation and no answer."),
        ("workspace.bad_file", "no_questions"): N_(
            "“%(source)s” has no column called Recommendation and no questions."
        ),
    },
    log_kinds={
        "recommendations.common": N_("Added to common ground"),
        "recommendations.uncommon": N_("Removed from common ground"),
        "recommendations.endorsed": N_("Recommendation endorsed"),
        "recommendations.merged": N_("Merged recommendations"),
        "recommendations.ruled": N_("Outcome of recommendations recorded"),
        "recommendations.settled": N_("Decided on recommendations"),
        "recommendations.settled/confirmed": N_("Confirmed recommendations"),
        "recommendations.settled/dropped": N_("Set recommendations aside"),
        "recommendations.separated": N_("Merged recommendation separated"),
        "recommendations.submitted": N_("Submitted recommendations"),
        "recommendations.taken_over": N_("Sources from earlier forum added"),
        "recommendations.themed": N_("Theme given to recommendations"),
        "recommendations.unendorsed": N_("Endorsement withdrawn"),
        "recommendations.undone": N_("Decision on recommendations undone"),
        "recommendations.unthemed": N_("Theme removed from recommendations"),
        "taxonomy.added": N_("List of themes added"),
        "theme.added": N_("Theme added"),
        "theme.removed": N_("Theme removed"),
    },
    log_variants={"recommendations.settled": "standing"},
    log_topics={"sources": ("recommendations.",)},
)
