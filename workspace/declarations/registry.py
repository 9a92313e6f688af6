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
            N_("The text is sealed"),
            (
                N_("An edition of it is finished and comes out by itself on %(until)s. Until then no word can change."),
                N_("An edition of it is finished and comes out by itself. Until then no word can change."),
            ),
            NOTHING_CHANGED,
            N_("Two people can move the time or break the seal on the readiness page."),
        ),
        "workspace.misaligned": RefusalExplanation(
            N_("The texts do not match"),
            (
                N_(
                    "The text in “%(language)s” lacks %(missing)s of %(total)s paragraphs; "
                    "the first one begins, in another language: “%(first)s”."
                ),
                N_("The texts in the different languages do not have the same paragraphs."),
            ),
            N_("Nothing was imported."),
            N_("Make the paragraphs of every language answer one another, and send the texts again."),
        ),
    },
    reasons={
        ("workspace.invalid", "not_next"): N_("The declaration cannot go to that phase from where it is."),
        ("workspace.invalid", "no_such_time"): N_(
            "There is no such time: the clock of %(zone)s goes past %(given)s when summer time begins."
        ),
        ("workspace.invalid", "opened_already"): N_("This has opened already: its opening can no longer be changed."),
        ("workspace.invalid", "too_far_ahead"): N_("“%(given)s” is more than ten years away: look at the year."),
        ("workspace.invalid", "closes_before_opens"): N_("It cannot close before it opens."),
        ("workspace.invalid", "out_of_order"): N_("The phases have to open one after another, in their order."),
        ("workspace.invalid", "outside_phases"): N_(
            "The window for amendments has to lie between the opening of the review and that of the adoption."
        ),
        ("workspace.invalid", "paragraph_closed"): N_(
            "This paragraph is agreed and closed. It takes no change unless the chair opens it again."
        ),
        ("workspace.invalid", "publish_instead"): N_(
            "A declaration is published by publishing its edition, with two people."
        ),
    },
    log_kinds={
        "adoption.confirmed": N_("Confirmed, as the second person, that the text goes to adoption"),
        "adoption.declined": N_("Declined the request that the text go to adoption"),
        "adoption.dropped": N_("Took back the request that the text go to adoption"),
        "adoption.voided": N_("Voided the request that the text go to adoption, by going back"),
        "adoption.requested": N_("Asked a second person to confirm that the text goes to adoption"),
        "amendments.opened": N_("The window for amendments opened"),
        "deadline.changed": N_("Changed the dates of “%(stage)s”: it opens %(opens)s and closes %(closes)s"),
        "deadline.set": N_("Set the dates of “%(stage)s”: it opens %(opens)s and closes %(closes)s"),
        "history.closed": N_("Closed the history of the text to the public"),
        "history.opened": N_("Opened the history of the text to the public"),
        "paragraph.status_set": N_("Set the status of a paragraph"),
        "phase.moved": N_("Moved the declaration from %(before)s to %(phase)s"),
        "provenance.linked": N_("Linked a paragraph with a recommendation"),
        "provenance.looked_at": N_("Found that a link to a recommendation is still right"),
        "provenance.unlinked": N_("Took away the link of a paragraph with a recommendation"),
        "revision.made": N_("Made revision %(number)s"),
        "revision.made/adoption": N_("Made revision %(number)s: amendments were adopted"),
        "revision.made/editorial": N_("Made revision %(number)s: the committee edited the text"),
        "revision.made/corrigendum": N_("Made revision %(number)s: slips in the published text were put right"),
        "revision.made/freeze": N_("Made revision %(number)s: the text was frozen as it stood"),
        "revision.made/import": N_("Made revision %(number)s: the first text was taken in"),
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
            before=((N_("“%(declaration)s” (%(forum)s) has entered a new phase: %(phase)s."),), UNTIL),
            action=N_("Go to the declaration"),
            is_announcement=True,
            choice="phases",
        ),
        "phase_returned": Wording(
            name=N_("Back to an earlier phase"),
            subject=N_("%(declaration)s, back in an earlier phase: %(phase)s"),
            before=(
                (N_("The chair has taken “%(declaration)s” (%(forum)s) back to an earlier phase: %(phase)s."),),
                REASON_GIVEN,
                UNTIL,
            ),
            action=N_("Go to the declaration"),
            is_announcement=True,
            choice="phases",
        ),
        "phase_closed": Wording(
            name=N_("Phase closed"),
            subject=N_("%(declaration)s, now closed: %(phase)s"),
            before=((N_("A phase of “%(declaration)s” (%(forum)s) is now closed: %(phase)s."),),),
            action=N_("Go to the declaration"),
            is_announcement=True,
            choice="phases",
        ),
        "deadline_changed": Wording(
            name=N_("New dates"),
            subject=N_("%(declaration)s, new dates: %(phase)s"),
            before=(
                (N_("The chair has changed the dates of “%(declaration)s” (%(forum)s): %(phase)s."),),
                (N_("It closes now on %(until)s."),),
                REASON_GIVEN,
            ),
            action=N_("See the calendar"),
            is_announcement=True,
            choice="phases",
        ),
    },
)
