"""Forms with a public address, and what came in by them."""

from workspace.core.actor import Role
from workspace.core.security.permissions import ALWAYS, STAFF, grants, permission_row
from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import NOT_YOU, REASON_GIVEN, SliceRegistry, Wording

REGISTRY = SliceRegistry(
    grants={
        "form.answer": permission_row(grants(ALWAYS, *Role)),
        "form.manage": permission_row(grants("SDRCVP", *STAFF)),
    },
    reasons={
        ("workspace.invalid", "form_closed"): N_("This form is closed."),
        ("workspace.invalid", "too_many_words"): N_("%(count)s words: at most %(most)s."),
        ("workspace.invalid", "answered_already"): N_("Already answered."),
        ("workspace.invalid", "has_answers"): N_("There are answers: the questions can no longer change."),
        ("workspace.invalid", "no_options"): N_("Write at least two options, in the same number in each language."),
        ("workspace.invalid", "used_already"): N_("This answer is already in use."),
    },
    log_kinds={
        "form.made": N_("Form created"),
        "form.changed": N_("Form changed"),
        "form.answered": N_("Form answered"),
        "form.answer_corrected": N_("Answer corrected"),
        "form.answer_settled": N_("Answer decided on"),
        "form.answer_taken": N_("Answer taken up"),
    },
    log_topics={"sources": ("form.",)},
    letters={
        "form_answered": Wording(
            name=N_("Receipt"),
            subject=N_("Receipt %(number)s: %(form)s"),
            before=(
                (N_("We received an answer with your address to “%(form)s”."),),
                (N_("Confirm it with this link; there you can correct it."),),
            ),
            action=N_("Open answer"),
            after=(NOT_YOU,),
            is_urgent=True,
        ),
        "form_receipt": Wording(
            name=N_("Receipt"),
            subject=N_("Receipt %(number)s: %(form)s"),
            before=((N_("We received an answer with your address to “%(form)s”."),),),
            action=N_("Open answer"),
        ),
        "form_outcome": Wording(
            name=N_("Outcome of an answer"),
            subject=N_("Outcome of answer %(number)s: %(form)s"),
            before=((N_("Your answer became session %(session)s."), N_("Your answer was set aside.")), REASON_GIVEN),
            action=N_("Open answer"),
        ),
    },
)
