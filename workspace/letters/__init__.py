"""Letters: what waits to be sent, how it is worded, and the worker that sends it."""

from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import (
    NOTHING_CHANGED,
    REASON_GIVEN,
    RefusalExplanation,
    SliceRegistry,
    Wording,
)

REGISTRY = SliceRegistry(
    explanations={
        "letters.unknown_secret": RefusalExplanation(
            N_("Wrong secret"),
            (N_("The Authorization header lacks the secret for returned e-mails."),),
            NOTHING_CHANGED,
            N_("Ask the operator: it is WORKSPACE_BOUNCE_SECRET."),
        )
    },
    reasons={("workspace.invalid", "unknown_choice"): N_("E-mails of this kind cannot be sent “%(given)s”.")},
    log_kinds={
        "letter.address_cleared": N_("Address unblocked"),
        "letter.retried": N_("E-mail resent"),
        "letter.bounced": N_("E-mail came back"),
    },
    letters={
        "break_glass": Wording(
            name=N_("Emergency access"),
            subject=N_("Emergency access to the texts: %(forum)s"),
            before=(
                (
                    N_("Until %(until)s, %(person)s can read the non-public texts of “%(forum)s”."),
                    N_("Until %(until)s, an administrator can read the non-public texts of “%(forum)s”."),
                ),
                REASON_GIVEN,
                (N_("The log records it."),),
            ),
            action=N_("Go to the forum"),
        ),
        "test": Wording(
            name=N_("Test e-mail"),
            subject=N_("Test e-mail"),
            before=((N_("The workspace can send e-mail to this address."),),),
        ),
    },
)
