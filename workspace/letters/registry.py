"""What letters adds to the application: refusals and their reasons, kinds of log entries, letters."""

from workspace.web.i18n.marking import N_
from workspace.web.refusals.explanations import NOTHING_CHANGED, RefusalExplanation
from workspace.web.refusals.letter_wording import REASON_GIVEN, Wording
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    explanations={
        "letters.unknown_secret": RefusalExplanation(
            N_("This secret is not known"),
            (N_("The Authorization header does not hold the secret that the operator chose for returned letters."),),
            NOTHING_CHANGED,
            N_("Ask the operator for it: it stands in WORKSPACE_BOUNCE_SECRET."),
        ),
    },
    reasons={
        ("workspace.invalid", "unknown_choice"): N_("Letters of this kind cannot come “%(given)s”."),
    },
    log_kinds={
        "letter.address_cleared": N_("Had an address written to again"),
        "letter.retried": N_("Had a letter sent again"),
        "letter.bounced": N_("Noted that a letter came back"),
    },
    letters={
        "break_glass": Wording(
            name=N_("Texts opened to an administrator"),
            subject=N_("An administrator has opened the texts: %(forum)s"),
            before=(
                (
                    N_("Until %(until)s, %(person)s can read the texts of “%(forum)s” that are not public."),
                    N_("Until %(until)s, an administrator can read the texts of “%(forum)s” that are not public."),
                ),
                REASON_GIVEN,
                (N_("This is recorded in the log."),),
            ),
            action=N_("Go to the forum"),
        ),
        "test": Wording(
            name=N_("Test letter"),
            subject=N_("A test letter"),
            before=((N_("This letter shows that the workspace can send mail to this address."),),),
        ),
    },
)
