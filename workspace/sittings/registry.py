"""What sittings add to the application: permissions, reasons for refusals, kinds of log entries."""

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
        "sitting.agenda": N_("Changed the agenda of sitting %(number)s"),
        "attendance.noted": N_("Noted attendance at sitting %(number)s"),
        "speakers.opened": N_("Opened a list of speakers"),
        "speakers.closed": N_("Closed a list of speakers"),
        "speakers.grouped": N_("Changed the groups of speakers"),
        "speaker.requested": N_("Requested the floor"),
        "speaker.withdrawn": N_("Withdrew a request for the floor"),
        "speaker.began": N_("Gave the floor to a speaker"),
        "speaker.ended": N_("A speaker finished"),
        "minutes.signed": N_("Signed the minutes of sitting %(number)s"),
        "minutes.correction": N_("Proposed a correction to the minutes of sitting %(number)s"),
        "minutes.answered": N_("Answered a correction to the minutes of sitting %(number)s"),
    },
    log_topics={"process": ("sitting.", "attendance.", "speakers.", "speaker.", "minutes.")},
)
