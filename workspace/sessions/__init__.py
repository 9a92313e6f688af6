"""Sessions: the sittings of a forum, and the documents that tell of them."""

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
        ("workspace.invalid", "not_a_time"): N_("“%(given)s” is not a time."),
        ("workspace.invalid", "neither_yes_nor_no"): N_("“%(given)s” is neither yes nor no."),
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
        ("workspace.invalid", "not_as_many"): N_("One entry for each person of the session: %(most)s."),
    },
    log_kinds={
        "notes.imported": N_("Imported session notes"),
        "calendar.address_made": N_("Calendar address created"),
        "calendar.address_revoked": N_("Calendar address revoked"),
        "session.divided": N_("Session divided"),
        "notes.left": N_("Note left without session"),
        "session.noted": N_("Note added to session"),
        "session.made": N_("Session added"),
        "session.removed": N_("Session removed"),
        "session.restored": N_("Session restored"),
        "session.joined": N_("Sessions joined"),
        "session.file_added": N_("Document of session added"),
        "session.file_removed": N_("Document of session removed"),
        "session.file_restored": N_("Document of session restored"),
        "session.corrected": N_("Facts of session checked"),
        "session.given": N_("Rapporteur assigned"),
    },
    log_topics={"sources": ("notes.", "session.")},
)
