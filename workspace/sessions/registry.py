"""What sessions adds to the application: permissions, reasons for refusals, kinds of log entries."""

from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import (
    ADMIN,
    ALWAYS,
    AUDITOR,
    COMMITTEE,
    MEMBER,
    OBSERVER,
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
        "session.read": permission_row(
            grants(ALWAYS, *PUBLIC, when=(Condition.PUBLIC_PROGRAMME,)),
            grants(ALWAYS, OBSERVER, MEMBER, RAPPORTEUR, TRANSLATOR, COMMITTEE, *STAFF, AUDITOR, ADMIN),
        ),
        "session.edit": permission_row(grants("SDRC", RAPPORTEUR, when=OWN_SESSION), grants("SDRCV", *STAFF)),
        "notes.import": permission_row(grants("SDRC", RAPPORTEUR, when=OWN_SESSION), grants("SDRC", *STAFF)),
    },
    reasons={
        ("workspace.invalid", "ends_before_it_starts"): N_("It cannot end before it starts."),
        ("workspace.invalid", "unknown_format"): N_("“%(given)s” is not in person, online or hybrid."),
        ("workspace.invalid", "not_a_number"): N_("“%(given)s” is not a number."),
        ("workspace.invalid", "in_use"): N_("Something was said in it: join it with another session."),
        ("workspace.invalid", "no_such_item"): N_("The agenda has no item %(given)s."),
        ("workspace.invalid", "no_such_session"): N_("There is no session %(given)s."),
        ("workspace.bad_file", "no_titles"): N_("“%(source)s” has no column “Title”."),
        ("workspace.bad_file", "not_attachable"): N_("“%(source)s” is no PDF, office document, picture or text file."),
        ("workspace.bad_file", "too_many_files"): N_("Too many: at most %(limit)s."),
        ("workspace.invalid", "has_session"): N_("The note already has its session."),
        ("workspace.invalid", "same_session"): N_("Choose another session."),
        ("workspace.invalid", "not_a_rapporteur"): N_("Choose a rapporteur of this forum."),
        ("workspace.invalid", "not_as_many"): N_(
            "The list must have one entry for each person of the session: %(most)s."
        ),
    },
    log_kinds={
        "notes.imported": N_("Imported session notes"),
        "calendar.address_made": N_("Created a calendar address"),
        "calendar.address_revoked": N_("Revoked a calendar address"),
        "session.divided": N_("Divided a session"),
        "notes.left": N_("Left a note without a session"),
        "session.noted": N_("Added a note to a session"),
        "session.made": N_("Added a session"),
        "session.removed": N_("Removed a session"),
        "session.restored": N_("Restored a session"),
        "session.joined": N_("Joined two sessions"),
        "session.file_added": N_("Attached a document to a session"),
        "session.file_removed": N_("Removed a document of a session"),
        "session.file_restored": N_("Restored a document of a session"),
        "session.corrected": N_("Checked what was read of a session"),
        "session.given": N_("Assigned a session to its rapporteur"),
    },
    log_topics={"sources": ("notes.", "session.")},
)
