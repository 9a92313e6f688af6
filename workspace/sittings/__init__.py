"""Sittings of a plenary or a committee: agenda, attendance, speakers and minutes."""

from workspace.core.security.permissions import CHAIR, COMMITTEE, MEMBER, STAFF, VOTERS, grants, permission_row
from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "sitting.hold": permission_row(grants("DRCVP", *STAFF)),
        "sitting.attend": permission_row(grants("DRCV", COMMITTEE, CHAIR), grants("RCV", MEMBER)),
        "minutes.sign": permission_row(grants("DRCVPA", CHAIR)),
        "minutes.correct": permission_row(grants("RCVPA", *VOTERS)),
    },
    reasons={
        ("workspace.invalid", "sitting_state"): N_("Not possible at this stage of the sitting."),
        ("workspace.invalid", "sitting_open"): N_("Sitting %(number)s is still open: end it first."),
        ("workspace.invalid", "list_closed"): N_("The list of speakers is closed."),
        ("workspace.invalid", "on_the_list"): N_("Already on the list of speakers."),
        ("workspace.invalid", "nobody_waits"): N_("Nobody is waiting for the floor."),
        ("workspace.invalid", "not_in_range"): N_("Enter a whole number from 1 to %(most)s."),
        ("workspace.invalid", "correction_closed"): N_("The time for corrections has ended."),
        ("workspace.invalid", "correction_answered"): N_("This correction is answered already."),
    },
    log_kinds={
        "sitting.arranged": N_("Planned sitting %(number)s"),
        "sitting.began": N_("Opened sitting %(number)s"),
        "sitting.ended": N_("Closed sitting %(number)s"),
        "sitting.agenda": N_("Agenda of sitting %(number)s changed"),
        "attendance.noted": N_("Noted attendance at sitting %(number)s"),
        "speakers.opened": N_("List of speakers opened"),
        "speakers.closed": N_("List of speakers closed"),
        "speakers.grouped": N_("Groups of speakers changed"),
        "speaker.requested": N_("Floor requested"),
        "speaker.withdrawn": N_("Request for the floor withdrawn"),
        "speaker.began": N_("Floor given"),
        "speaker.ended": N_("Speaker finished"),
        "minutes.signed": N_("Minutes of sitting %(number)s signed"),
        "minutes.correction": N_("Correction to minutes of sitting %(number)s proposed"),
        "minutes.answered": N_("Correction to minutes of sitting %(number)s answered"),
    },
    log_topics={"process": ("sitting.", "attendance.", "speakers.", "speaker.", "minutes.")},
)
