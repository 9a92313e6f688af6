"""What editions adds to the application: permissions, refusals and their reasons, kinds of log entries, letters."""

from workspace.core.actor import Role
from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import (
    ASSIGNED,
    CHAIR,
    COMMITTEE,
    MEMBER,
    RAPPORTEUR,
    REASON,
    STAFF,
    TRANSLATOR,
    TWO,
    VOTERS,
    grants,
    permission_row,
)
from workspace.web.i18n.marking import N_
from workspace.web.refusals.explanations import RefusalExplanation
from workspace.web.refusals.letter_wording import Wording
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "edition.read_verify": permission_row(grants("PA", *Role)),
        "reservation.file": permission_row(grants("VP", MEMBER, when=(Condition.MANDATE, Condition.WINDOW))),
        "reservation.window": permission_row(grants("SDRCVP", CHAIR)),
        "embargo.change": permission_row(grants("DRCV", CHAIR, when=TWO)),
        "readiness.override": permission_row(grants("V", CHAIR, when=(*REASON, *TWO))),
        "edition.preview": permission_row(
            grants("RCV", RAPPORTEUR, COMMITTEE),
            grants("DRCV", TRANSLATOR, when=ASSIGNED),
            grants("DRCV", *STAFF),
        ),
        "edition.prepare": permission_row(grants("DRCVP", *STAFF)),
        "edition.publish": permission_row(grants("V", *STAFF, when=TWO)),
        "edition.corrigendum": permission_row(grants("P", *STAFF, when=TWO)),
        "corrigendum.object": permission_row(grants("P", *VOTERS, when=(Condition.MANDATE,))),
    },
    explanations={
        "workspace.not_ready": RefusalExplanation(
            N_("The declaration is not ready to be published"),
            (N_("Points that still stop publication: %(count)s."), N_("Some points still stop publication.")),
            N_("Nothing was published."),
            N_("Settle the points on the readiness page, then publish."),
        ),
    },
    reasons={
        ("workspace.invalid", "takes_a_chair"): N_(
            "Only the chair can lay an embargo: publish without a time, or let the chair be one of the two."
        ),
        ("workspace.invalid", "no_correction_same"): N_("These are the published words: nothing is corrected."),
        ("workspace.invalid", "no_correction_empty"): N_(
            "A correction neither takes a text away nor writes one where there is none."
        ),
        ("workspace.invalid", "no_correction_original"): N_(
            "The paragraph was decided in this language, and the other languages do not contradict it. Only slips of "
            "typing can be put right here; other words need another declaration."
        ),
        ("workspace.invalid", "no_correction_meaning"): N_(
            "A number, a reference, an order or a negation would change, and the other languages do not say "
            "so: that is "
            "another text, and needs another declaration."
        ),
        ("workspace.invalid", "no_correction_contradicts"): N_(
            "The text would no longer say the same as the other languages (%(check)s): that is no correction."
        ),
        ("workspace.invalid", "no_correction_too_much"): N_(
            "So many words change that the paragraph is written anew. Correct only what is wrong."
        ),
        ("workspace.invalid", "needs_silence"): N_(
            "No rule can tell that all of this is a mere correction: put it before the members, so that "
            "they can object."
        ),
        ("workspace.invalid", "waits_already"): N_(
            "A corrigendum waits to be agreed: its words can no longer change. Take it back first."
        ),
        ("workspace.invalid", "not_asked"): N_("Nobody has asked for this corrigendum yet."),
        ("workspace.invalid", "is_over"): N_("This corrigendum is over."),
        ("workspace.invalid", "published"): N_("The declaration is published: what stands around its text is fixed."),
        ("workspace.invalid", "listed_already"): N_("This person is in the list already, for this organisation."),
        ("workspace.invalid", "row_of_one_cell"): N_(
            "Row %(row)s says only “%(given)s”, and other rows say more: whether that is an organisation or a person "
            "cannot be known. Put a semicolon or a tab after an organisation, or leave the row out. Nothing "
            "was entered."
        ),
        ("workspace.invalid", "row_without_name"): N_("Row %(row)s has no organisation. Nothing was entered."),
        ("workspace.invalid", "row_without_day"): N_(
            "Row %(row)s: “%(given)s” is not a day; write 2027-06-12. Nothing was entered."
        ),
        ("workspace.invalid", "window_shut"): N_("The window for reservations is not open now."),
        ("workspace.invalid", "no_mandate_of_it"): N_("You hold no mandate of this organisation today."),
        ("workspace.invalid", "as_filed"): N_("These are the words that were filed: nobody can change them."),
        ("workspace.invalid", "too_many_annexes"): N_("A declaration can have %(most)s annexes at most."),
        ("workspace.invalid", "no_such_set"): N_("Choose one of the forum’s sets of recommendations."),
        ("workspace.invalid", "not_readable"): N_("Line %(line)s of the text cannot be read: simplify it."),
        ("workspace.invalid", "not_as_asked"): N_("Confirm exactly what was asked for, or decline it."),
        ("workspace.invalid", "asked_already"): N_("Somebody has asked for this already."),
        ("workspace.invalid", "unknown_word"): N_("“%(given)s” is not one of the words that can stand here."),
        ("workspace.bad_file", "not_empty"): N_(
            "There is something else in “%(source)s”: name an empty or a new folder."
        ),
    },
    log_kinds={
        "annex.added": N_("Added an annex"),
        "annex.changed": N_("Changed an annex"),
        "annex.removed": N_("Removed an annex"),
        "reservation.filed": N_("Put a position on record (number %(number)s)"),
        "reservation.translated": N_("Translated a position on record (number %(number)s)"),
        "reservation.window_set": N_("Said from when until when reservations may be filed"),
        "reservation.withdrawn": N_("Withdrew a position on record (number %(number)s)"),
        "signatory.added": N_("Entered signatories"),
        "signatory.changed": N_("Changed a signatory"),
        "signatory.removed": N_("Removed a signatory"),
        "edition.published": N_("Confirmed the publication: the edition came out"),
        "edition.signed": N_("Signed the edition"),
        "edition.sealed": N_("Confirmed the publication: the edition is sealed and comes out at its time"),
        "edition.unsealed": N_("Broke the seal of the edition: nothing comes out"),
        "edition.release_asked": N_("Asked a second person to change when the sealed edition comes out"),
        "edition.release_declined": N_("Declined the request to change when the sealed edition comes out"),
        "edition.release_dropped": N_("Took back the request to change when the sealed edition comes out"),
        "edition.release_moved": N_("Changed, as the second person, when the sealed edition comes out"),
        "corrigendum.prepared": N_("Began corrigendum %(number)s"),
        "corrigendum.asked": N_("Asked a second person to confirm corrigendum %(number)s"),
        "corrigendum.silence_opened": N_(
            "Put corrigendum %(number)s before the members: it stands unless somebody objects"
        ),
        "corrigendum.objected": N_("Objected to corrigendum %(number)s, which falls with it"),
        "corrigendum.declined": N_("Declined the request to confirm corrigendum %(number)s"),
        "corrigendum.withdrawn": N_("Took corrigendum %(number)s back"),
        "corrigendum.agreed": N_("Corrigendum %(number)s is agreed"),
        "embargo.confirmed": N_("Confirmed, as the second person, a change of the embargo"),
        "embargo.declined": N_("Declined the request to change the embargo"),
        "embargo.dropped": N_("Took back the request to change the embargo"),
        "embargo.requested": N_("Asked a second person to confirm a change of the embargo"),
        "override.confirmed": N_("Confirmed, as the second person, that one thing goes out as it is"),
        "override.declined": N_("Declined the request that one thing go out as it is"),
        "override.dropped": N_("Took back that one thing goes out as it is"),
        "override.requested": N_("Asked a second person to confirm that one thing goes out as it is"),
        "publication.declined": N_("Declined the request for publication"),
        "publication.dropped": N_("Took back the request for publication"),
        "publication.requested": N_("Asked for publication"),
    },
    log_topics={
        "process": (
            "embargo.",
            "publication.",
            "edition.",
            "corrigendum.",
            "override.",
            "signatory.",
            "reservation.",
            "annex.",
        )
    },
    letters={
        "corrigendum": Wording(
            name=N_("Corrections to a published text"),
            subject=N_("%(declaration)s: corrections to the published text"),
            before=(
                (N_("Slips in the published text of “%(declaration)s” (%(forum)s) are to be put right."),),
                (N_("The corrections stand unless a member objects, with a reason, before %(until)s."),),
            ),
            action=N_("Read the corrections"),
            is_announcement=True,
        ),
    },
)
