"""What consultation adds to the application: permissions, reasons for refusals, kinds of log entries."""

from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import ADMIN, ALWAYS, MEMBER, STAFF, grants, permission_row
from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "commitment.keep": permission_row(
            grants(ALWAYS, MEMBER, when=(Condition.STEWARD,)),
            grants(ALWAYS, *STAFF, ADMIN),
        ),
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
        "adopted_text.added": N_("Added an adopted text"),
        "adopted_text.aligned": N_("Aligned the languages of an adopted text"),
        "adopted_text.removed": N_("Removed an adopted text"),
        "commitment.made": N_("Noted a commitment"),
        "commitment.tied": N_("Linked a commitment to a paragraph"),
        "commitment.reminded": N_("Asked for a report on commitments"),
        "commitment.reported": N_("Updated a commitment"),
        "project.made": N_("Added a collaboration project"),
        "project.changed": N_("Changed a collaboration project"),
        "project.joined": N_("Joined a collaboration project"),
        "project.left": N_("Left a collaboration project"),
        "project.taken_up": N_("Added collaboration projects to the annex"),
        "notes.order_changed": N_("Changed the order of suggestions in notes"),
        "passage.added": N_("Added a text to the agreed language"),
        "recommendations.added": N_("Recorded the recommendations of a session"),
        "recommendations.divided": N_("Divided a recommendation"),
        "recommendations.joined": N_("Joined two recommendations"),
        "recommendations.reworded": N_("Corrected the text of a recommendation"),
        "session.finding_seen": N_("Looked at an inconsistency of a session’s note"),
        "session.marked": N_("Marked the text of a session’s note"),
        "session.group_made": N_("Added a working group to a session"),
    },
    log_topics={"sources": ("adopted_text.", "passage.", "commitment.", "project.")},
)
