"""What comments adds to the application: permissions, refusals and their reasons, kinds of log entries."""

from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import (
    ADMIN,
    ALWAYS,
    ASSIGNED,
    COMMITTEE,
    GUEST,
    LENT,
    MEMBER,
    OBSERVER,
    OPEN,
    OTHER,
    OWN,
    RAPPORTEUR,
    STAFF,
    TRANSLATOR,
    grants,
    permission_row,
)
from workspace.web.i18n.marking import N_
from workspace.web.refusals.explanations import STILL_THERE, RefusalExplanation
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "comment.open": permission_row(
            grants("C", GUEST, when=OPEN),
            grants("C", OTHER),
            grants("RC", OBSERVER, MEMBER, RAPPORTEUR, TRANSLATOR),
            grants("DRC", COMMITTEE, *STAFF),
        ),
        "comment.internal": permission_row(
            grants("DRCV", RAPPORTEUR, COMMITTEE, *STAFF),
            grants("DRCV", TRANSLATOR, when=ASSIGNED),
        ),
        "comment.edit_own": permission_row(
            grants("C", GUEST, when=(*OWN, Condition.QUARTER_HOUR)),
            grants("C", OTHER, when=OWN),
            grants("RC", OBSERVER, MEMBER, when=OWN),
            grants("DRCV", RAPPORTEUR, TRANSLATOR, COMMITTEE, *STAFF, when=OWN),
        ),
        "comment.moderate": permission_row(grants("C", COMMITTEE), grants("DRC", *STAFF)),
        "commenter.identity_read": permission_row(
            grants("C", GUEST, OTHER, when=OWN),
            grants("RC", OBSERVER, MEMBER, RAPPORTEUR, TRANSLATOR, when=OWN),
            grants("DRC", COMMITTEE, *STAFF, when=OWN),
            grants("C", *STAFF, when=(Condition.DECLARED,)),
            grants(ALWAYS, ADMIN, when=LENT),
        ),
    },
    explanations={
        "comments.too_late": RefusalExplanation(
            N_("The time to change it is over"),
            (N_("A guest can change a comment for a quarter of an hour after writing it."),),
            STILL_THERE,
            N_("Say in an answer to your comment what should be different; a moderator reads that too."),
        ),
    },
    reasons={
        ("workspace.invalid", "not_in_text"): N_("These words are not in the text: copy them from it."),
        ("workspace.invalid", "more_than_once"): N_(
            "These words stand there more than once: choose a few more of them."
        ),
        ("workspace.invalid", "too_many_held"): N_(
            "%(most)s of your comments wait for a moderator: please wait for them."
        ),
    },
    log_kinds={
        "comment.edited": N_("Changed a comment"),
        "comment.hidden": N_("Removed a comment from view, as a moderator"),
        "comment.opened": N_("Opened a discussion on a paragraph"),
        "comment.opened/amendment": N_("Opened a discussion on an amendment"),
        "comment.opened/declaration": N_("Opened a discussion on the whole text"),
        "comment.opened/paragraph": N_("Opened a discussion on a paragraph"),
        "comment.opened/recommendation": N_("Opened a discussion on a recommendation"),
        "comment.reopened": N_("Opened a discussion again"),
        "comment.replied": N_("Answered in a discussion"),
        "comment.resolved": N_("Closed a discussion"),
        "comment.shown": N_("Let a comment through, as a moderator"),
    },
    log_variants={
        "comment.opened": "about",
    },
    log_topics={"comments": ("comment.",)},
)
