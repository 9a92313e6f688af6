"""Consultation: what rapporteurs and the secretariat do with what sessions gave, and what is promised afterwards."""

from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import ADMIN, ALWAYS, MEMBER, STAFF, grants, permission_row
from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "commitment.keep": permission_row(
            grants(ALWAYS, MEMBER, when=(Condition.STEWARD,)), grants(ALWAYS, *STAFF, ADMIN)
        )
    },
    reasons={
        ("workspace.invalid", "no_web_address"): N_("Enter a web address: https://…"),
        ("workspace.invalid", "one_part"): N_("Put an empty line where to divide the text."),
        ("workspace.invalid", "not_neighbours"): N_("Only recommendations of one session can be joined."),
        ("workspace.invalid", "text_known"): N_("This text is here already."),
        ("workspace.invalid", "not_in_document"): N_("This text is not in the document: select it there."),
        ("workspace.invalid", "too_few_marks"): N_("There are %(count)s marks, and %(least)s are needed."),
        ("workspace.invalid", "marks_too_alike"): N_("The marks are all of one kind, or of fewer than five sessions."),
        ("workspace.invalid", "no_learning"): N_("Install the extra “learning” (scikit-learn) first."),
        ("workspace.invalid", "already_marked"): N_("This text is confirmed already."),
    },
    log_kinds={
        "adopted_text.added": N_("Adopted text added"),
        "adopted_text.aligned": N_("Adopted text: languages aligned"),
        "adopted_text.removed": N_("Adopted text removed"),
        "commitment.made": N_("Commitment %(number)s added"),
        "commitment.due_changed": N_("Commitment %(number)s due: %(due)s (before: %(was_due)s)"),
        "commitment.tied": N_("Commitment %(number)s linked to paragraph"),
        "commitment.reminder_set": N_("Reminder changed"),
        "commitment.reminded": N_("Report on commitments requested"),
        "commitment.reported": N_("Commitment %(number)s updated"),
        "project.made": N_("Project added"),
        "project.changed": N_("Project changed"),
        "project.joined": N_("Joined project"),
        "project.left": N_("Left project"),
        "project.taken_up": N_("Projects added to annex"),
        "notes.order_changed": N_("Order of suggestions changed"),
        "passage.added": N_("Passage added"),
        "recommendations.added": N_("Recommendations of session recorded"),
        "recommendations.divided": N_("Recommendation divided"),
        "recommendations.joined": N_("Recommendations joined"),
        "recommendations.reworded": N_("Recommendation corrected"),
        "session.finding_seen": N_("Inconsistency checked"),
        "session.marked": N_("Session note marked"),
        "session.group_made": N_("Working group added"),
    },
    log_topics={"sources": ("adopted_text.", "passage.", "commitment.", "project.")},
)
