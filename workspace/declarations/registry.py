"""What declarations adds to the application: permissions, refusals and their reasons, kinds of log entries, letters."""

from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import (
    ADMIN,
    ALWAYS,
    ASSIGNED,
    AUDITOR,
    CHAIR,
    COMMITTEE,
    LENT,
    MEMBER,
    OBSERVER,
    OWN_SESSION,
    PUBLIC,
    RAPPORTEUR,
    REASON,
    SECRETARIAT,
    STAFF,
    TRANSLATOR,
    TWO,
    grants,
    permission_row,
)
from workspace.web.i18n.marking import N_
from workspace.web.refusals.explanations import NOTHING_CHANGED, RefusalExplanation
from workspace.web.refusals.letter_wording import REASON_GIVEN, UNTIL, Wording
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "declaration.exists": permission_row(
            grants("CVPA", *PUBLIC),
            grants("DRCVPA", OBSERVER, MEMBER, TRANSLATOR),
            grants(ALWAYS, RAPPORTEUR, COMMITTEE, *STAFF, AUDITOR, ADMIN),
        ),
        "consultation_text.read": permission_row(
            grants("CV", *PUBLIC, when=(Condition.NOT_EMBARGOED,)),
            grants("CVPA", OBSERVER, MEMBER, RAPPORTEUR, TRANSLATOR, COMMITTEE, *STAFF, AUDITOR, ADMIN),
        ),
        "head.read": permission_row(
            grants("RCV", OBSERVER, MEMBER),
            grants("DRCV", RAPPORTEUR, COMMITTEE),
            grants("DRCV", TRANSLATOR, when=ASSIGNED),
            grants("SDRCV", *STAFF),
            grants("SDRCV", ADMIN, when=LENT),
        ),
        "history.read": permission_row(
            grants("PA", *PUBLIC, AUDITOR, ADMIN, when=(Condition.HISTORY_OPEN,)),
            grants("RCVPA", OBSERVER, MEMBER),
            grants("DRCVPA", RAPPORTEUR, COMMITTEE),
            grants("DRCVPA", TRANSLATOR, when=ASSIGNED),
            grants(ALWAYS, *STAFF),
            grants(ALWAYS, ADMIN, when=LENT),
        ),
        "provenance.read": permission_row(
            grants("PA", *PUBLIC, AUDITOR, ADMIN),
            grants("RCVPA", OBSERVER, MEMBER),
            grants("DRCVPA", RAPPORTEUR, COMMITTEE),
            grants("DRCVPA", TRANSLATOR, when=ASSIGNED),
            grants(ALWAYS, *STAFF),
            grants(ALWAYS, ADMIN, when=LENT),
        ),
        "provenance.link": permission_row(
            grants("DRC", RAPPORTEUR, when=OWN_SESSION),
            grants("DRC", COMMITTEE, SECRETARIAT),
            grants("DRCV", CHAIR),
        ),
        "document.import": permission_row(grants("D", COMMITTEE), grants("SD", *STAFF)),
        "paragraph.status": permission_row(grants("DR", COMMITTEE), grants("DRCV", CHAIR)),
        "phase.forward": permission_row(grants("SDRP", CHAIR)),
        "phase.to_adoption_or_published": permission_row(grants("CV", CHAIR, when=TWO)),
        "phase.back": permission_row(grants("RCV", CHAIR, when=REASON)),
        "deadline.set": permission_row(grants("SDRCV", CHAIR)),
        "deadline.change": permission_row(grants("SDRCV", CHAIR, when=REASON)),
        "request.confirm": permission_row(grants("DRCV", *STAFF, when=(Condition.NOT_AUTHOR,))),
        "history.open": permission_row(grants("PA", CHAIR, when=REASON)),
    },
    explanations={
        "workspace.sealed": RefusalExplanation(
            N_("The text is frozen"),
            (
                N_("Edition scheduled for %(until)s; the text cannot change before."),
                N_("An edition is scheduled; the text cannot change."),
            ),
            NOTHING_CHANGED,
            N_("Change or cancel the date under “Before publication”."),
        ),
        "workspace.misaligned": RefusalExplanation(
            N_("The texts do not match"),
            (
                N_("%(language)s: %(missing)s of %(total)s paragraphs missing (first: “%(first)s”)."),
                N_("The languages do not have the same paragraphs."),
            ),
            N_("Nothing was imported."),
            N_("Align the paragraphs and send the texts again."),
        ),
    },
    reasons={
        ("workspace.invalid", "not_next"): N_("The declaration cannot move to that phase from here."),
        ("workspace.invalid", "no_such_time"): N_("%(given)s does not exist in %(zone)s (summer time)."),
        ("workspace.invalid", "opened_already"): N_("It has opened: its opening can no longer change."),
        ("workspace.invalid", "too_far_ahead"): N_("“%(given)s” is more than ten years away: check the year."),
        ("workspace.invalid", "closes_before_opens"): N_("It cannot close before it opens."),
        ("workspace.invalid", "out_of_order"): N_("Phases must open and close in order."),
        ("workspace.invalid", "outside_phases"): N_(
            "Amendments must open after the review opens, and close before adoption."
        ),
        ("workspace.invalid", "paragraph_closed"): N_("This paragraph is closed: the chair can reopen it."),
        ("workspace.invalid", "changed_since"): N_("Changed in the meantime: paragraphs %(paragraphs)s."),
        ("workspace.invalid", "publish_instead"): N_("A declaration is published with its edition, by two people."),
    },
    log_kinds={
        "adoption.confirmed": N_("Move to adoption approved"),
        "adoption.declined": N_("Move to adoption declined"),
        "adoption.dropped": N_("Move to adoption withdrawn"),
        "adoption.voided": N_("Move to adoption void: phase went back"),
        "adoption.requested": N_("Move to adoption requested"),
        "amendments.opened": N_("Amendments opened"),
        "deadline.changed": N_("Changed dates of “%(stage)s”: %(opens)s to %(closes)s"),
        "deadline.set": N_("Dates of “%(stage)s”: %(opens)s to %(closes)s"),
        "history.closed": N_("History closed to the public"),
        "history.opened": N_("History opened to the public"),
        "paragraph.status_set": N_("Status of paragraph set"),
        "phase.moved": N_("Moved from %(before)s to %(phase)s"),
        "provenance.linked": N_("Recommendation linked"),
        "provenance.looked_at": N_("Link to recommendation confirmed"),
        "provenance.unlinked": N_("Link to recommendation removed"),
        "revision.made": N_("Revision %(number)s"),
        "revision.made/adoption": N_("Revision %(number)s: amendments adopted"),
        "revision.made/editorial": N_("Revision %(number)s: edited by the committee"),
        "revision.made/corrigendum": N_("Revision %(number)s: corrigendum"),
        "revision.made/freeze": N_("Revision %(number)s: text frozen"),
        "revision.made/import": N_("Revision %(number)s: first text imported"),
        "stage.closed": N_("“%(stage)s” closed at its deadline"),
    },
    log_variants={
        "revision.made": "cause",
    },
    log_topics={
        "text": ("revision.", "provenance.", "history."),
        "amendments": ("paragraph.",),
        "process": ("phase.", "deadline.", "stage.", "adoption."),
    },
    letters={
        "phase_moved": Wording(
            name=N_("New phase"),
            subject=N_("%(declaration)s, new phase: %(phase)s"),
            before=((N_("“%(declaration)s” (%(forum)s) is now in %(phase)s."),), UNTIL),
            action=N_("Open the declaration"),
            is_announcement=True,
            choice="phases",
        ),
        "phase_returned": Wording(
            name=N_("Back to an earlier phase"),
            subject=N_("%(declaration)s, back in %(phase)s"),
            before=(
                (N_("The chair moved “%(declaration)s” (%(forum)s) back to %(phase)s."),),
                REASON_GIVEN,
                UNTIL,
            ),
            action=N_("Open the declaration"),
            is_announcement=True,
            choice="phases",
        ),
        "phase_closed": Wording(
            name=N_("Phase closed"),
            subject=N_("%(declaration)s, closed: %(phase)s"),
            before=((N_("Closed in “%(declaration)s” (%(forum)s): %(phase)s."),),),
            action=N_("Open the declaration"),
            is_announcement=True,
            choice="phases",
        ),
        "deadline_changed": Wording(
            name=N_("New dates"),
            subject=N_("%(declaration)s, new dates: %(phase)s"),
            before=(
                (N_("New dates for “%(declaration)s” (%(forum)s): %(phase)s."),),
                (N_("It closes on %(until)s."),),
                REASON_GIVEN,
            ),
            action=N_("Open the calendar"),
            is_announcement=True,
            choice="phases",
        ),
    },
)
