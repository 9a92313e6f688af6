"""Comments: threads on a paragraph of a revision."""

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
from workspace.web.refusals.slice_registry import STILL_THERE, RefusalExplanation, SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "comment.open": permission_row(
            grants("C", GUEST, when=OPEN),
            grants("C", OTHER),
            grants("RC", OBSERVER, MEMBER, RAPPORTEUR, TRANSLATOR),
            grants("DRC", COMMITTEE, *STAFF),
        ),
        "comment.internal": permission_row(
            grants("DRCV", RAPPORTEUR, COMMITTEE, *STAFF), grants("DRCV", TRANSLATOR, when=ASSIGNED)
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
        )
    },
    reasons={
        ("workspace.invalid", "not_in_text"): N_("This passage is not in the text: copy it from there."),
        ("workspace.invalid", "more_than_once"): N_("This passage occurs more than once: select more words."),
        ("workspace.invalid", "comment_used"): N_("Already done with this comment."),
        ("workspace.invalid", "not_its_author"): N_("The amendment has another author."),
        ("workspace.invalid", "too_many_held"): N_("%(most)s of your comments await moderation: please wait."),
    },
    log_kinds={
        "comment.edited": N_("Comment changed"),
        "comment.hidden": N_("Comment removed by moderator"),
        "comment.opened": N_("Comment on paragraph"),
        "comment.opened/amendment": N_("Comment on amendment"),
        "comment.opened/declaration": N_("Comment on whole text"),
        "comment.opened/paragraph": N_("Comment on paragraph"),
        "comment.opened/recommendation": N_("Comment on recommendation"),
        "comment.proposed": N_("Comment made an amendment"),
        "comment.recommended": N_("Comment made a recommendation"),
        "comment.reopened": N_("Reopened comments"),
        "comment.replied": N_("Reply to comment"),
        "comment.resolved": N_("Closed comments"),
        "comment.shown": N_("Comment approved by moderator"),
    },
    log_variants={"comment.opened": "about"},
    log_topics={"comments": ("comment.",)},
)
