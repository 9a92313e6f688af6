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
            N_("Too late to change it"),
            (N_("Guests can change a comment for 15 minutes."),),
            STILL_THERE,
            N_("Reply to your comment instead."),
        ),
    },
    reasons={
        ("workspace.invalid", "not_in_text"): N_("This passage is not in the text: copy it from there."),
        ("workspace.invalid", "more_than_once"): N_("This passage occurs more than once: select more words."),
        ("workspace.invalid", "comment_used"): N_("This was done with this comment already."),
        ("workspace.invalid", "not_its_author"): N_("The amendment is not by the author of the comment."),
        ("workspace.invalid", "too_many_held"): N_("%(most)s of your comments await moderation: please wait."),
    },
    log_kinds={
        "comment.edited": N_("Changed a comment"),
        "comment.hidden": N_("Removed a comment, as moderator"),
        "comment.opened": N_("Commented on a paragraph"),
        "comment.opened/amendment": N_("Commented on an amendment"),
        "comment.opened/declaration": N_("Commented on the whole text"),
        "comment.opened/paragraph": N_("Commented on a paragraph"),
        "comment.opened/recommendation": N_("Commented on a recommendation"),
        "comment.proposed": N_("Made an amendment of a comment"),
        "comment.recommended": N_("Made a recommendation of a comment"),
        "comment.reopened": N_("Reopened comments"),
        "comment.replied": N_("Replied to a comment"),
        "comment.resolved": N_("Closed comments"),
        "comment.shown": N_("Approved a comment, as moderator"),
    },
    log_variants={
        "comment.opened": "about",
    },
    log_topics={"comments": ("comment.",)},
)
