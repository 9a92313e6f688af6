"""Editions: a published, frozen revision with its files and their hashes."""

from msgspec.structs import replace

from workspace.core.actor import Role
from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import (
    ADMIN,
    ALWAYS,
    ASSIGNED,
    AUDITOR,
    CHAIR,
    COMMITTEE,
    MEMBER,
    OBSERVER,
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
from workspace.web.refusals.slice_registry import RefusalExplanation, SliceRegistry, Wording

_CIRCULAR = Wording(
    name=N_("Circular"),
    subject="%(title)s",
    before=(("%(forum)s",),),
    whole="text",
    action=N_("Read circular"),
    is_announcement=True,
)
REGISTRY = SliceRegistry(
    grants={
        "circular.write": permission_row(grants(ALWAYS, *STAFF)),
        "circular.read": permission_row(
            grants(ALWAYS, OBSERVER, MEMBER, RAPPORTEUR, TRANSLATOR, COMMITTEE, *STAFF, AUDITOR, ADMIN)
        ),
        "edition.read_verify": permission_row(grants("PA", *Role)),
        "reservation.file": permission_row(grants("VP", MEMBER, when=(Condition.MANDATE, Condition.WINDOW))),
        "reservation.window": permission_row(grants("SDRCVP", CHAIR)),
        "embargo.change": permission_row(grants("DRCV", CHAIR, when=TWO)),
        "readiness.override": permission_row(grants("V", CHAIR, when=(*REASON, *TWO))),
        "edition.preview": permission_row(
            grants("RCV", RAPPORTEUR, COMMITTEE), grants("DRCV", TRANSLATOR, when=ASSIGNED), grants("DRCV", *STAFF)
        ),
        "edition.prepare": permission_row(grants("DRCVP", *STAFF)),
        "edition.publish": permission_row(grants("V", *STAFF, when=TWO)),
        "edition.corrigendum": permission_row(grants("P", *STAFF, when=TWO)),
        "corrigendum.object": permission_row(grants("P", *VOTERS, when=(Condition.MANDATE,))),
    },
    explanations={
        "workspace.not_ready": RefusalExplanation(
            N_("The declaration is not ready to be published"),
            (N_("Obstacles: %(count)s."), N_("Some points stop publication.")),
            N_("Nothing was published."),
            N_("Settle the points under “Before publication”, then publish."),
        )
    },
    reasons={
        ("workspace.invalid", "sent_already"): N_("This circular is sent and does not change."),
        ("workspace.invalid", "not_in_every_language"): N_("Write it in the three languages."),
        ("workspace.invalid", "listed_as_earlier"): N_("Listed already, or not before this forum."),
        ("workspace.invalid", "not_a_key"): N_("This is not a key: copy its whole line."),
        ("workspace.invalid", "not_verified"): N_("This bundle was altered, or is not signed by that key."),
        ("workspace.invalid", "is_a_source"): N_("Recommendations here come from it: it stays."),
        ("workspace.invalid", "takes_a_chair"): N_("Only the chair can set an embargo: publish without a time."),
        ("workspace.invalid", "no_correction_same"): N_("This is the published text: nothing is corrected."),
        ("workspace.invalid", "no_correction_empty"): N_("A correction cannot remove a text or write a missing one."),
        ("workspace.invalid", "no_correction_original"): N_(
            "The other languages agree: only misprints can be corrected here."
        ),
        ("workspace.invalid", "no_correction_meaning"): N_(
            "A number, reference, obligation or negation would change: that needs another declaration."
        ),
        ("workspace.invalid", "no_correction_contradicts"): N_(
            "The text would no longer match the other languages (%(check)s)."
        ),
        ("workspace.invalid", "no_correction_too_much"): N_("Too many words change: correct only what is wrong."),
        ("workspace.invalid", "needs_silence"): N_("Not proved to be only a correction: put it before the members."),
        ("workspace.invalid", "waits_already"): N_(
            "A corrigendum awaits approval and cannot change: withdraw it first."
        ),
        ("workspace.invalid", "not_asked"): N_("This corrigendum has not been requested yet."),
        ("workspace.invalid", "is_over"): N_("This corrigendum is closed."),
        ("workspace.invalid", "published"): N_(
            "The declaration is published: signatories, annexes and reservations are final."
        ),
        ("workspace.invalid", "listed_already"): N_("This person is already listed for this organisation."),
        ("workspace.invalid", "row_of_one_cell"): N_(
            "Row %(row)s says only “%(given)s”: put a semicolon after an organisation."
        ),
        ("workspace.invalid", "row_without_name"): N_("Row %(row)s has no organisation. Nothing was added."),
        ("workspace.invalid", "row_without_day"): N_("Row %(row)s: “%(given)s” is not a date; write 2027-06-12."),
        ("workspace.invalid", "window_shut"): N_("Reservations cannot be submitted now."),
        ("workspace.invalid", "no_mandate_of_it"): N_("You have no mandate of this organisation today."),
        ("workspace.invalid", "as_filed"): N_("A submitted text cannot be changed."),
        ("workspace.invalid", "too_many_annexes"): N_("At most %(most)s annexes."),
        ("workspace.invalid", "no_such_set"): N_("Choose a recommendation set."),
        ("workspace.invalid", "not_readable"): N_("Line %(line)s of the text cannot be read: simplify it."),
        ("workspace.invalid", "not_as_asked"): N_("Confirm exactly what was asked for, or decline it."),
        ("workspace.invalid", "unknown_word"): N_("“%(given)s” is not allowed here."),
        ("workspace.bad_file", "not_empty"): N_("“%(source)s” is not empty: name an empty or a new folder."),
    },
    log_kinds={
        "circular.written": N_("Wrote circular %(number)s"),
        "circular.discarded": N_("Discarded circular %(number)s"),
        "circular.sent": N_("Sent circular %(number)s"),
        "circular.answered": N_("Answered circular %(number)s"),
        "parent.added": N_("Earlier forum added"),
        "parent.removed": N_("Earlier forum removed"),
        "annex.added": N_("Annex added"),
        "annex.changed": N_("Annex changed"),
        "annex.removed": N_("Annex removed"),
        "reservation.filed": N_("Recorded position %(number)s"),
        "reservation.translated": N_("Translated position %(number)s"),
        "reservation.window_set": N_("Deadline for reservations"),
        "reservation.withdrawn": N_("Withdrew position %(number)s"),
        "signatory.added": N_("Signatories added"),
        "signatory.changed": N_("Signatory changed"),
        "signatory.removed": N_("Signatory removed"),
        "edition.published": N_("Publication confirmed"),
        "edition.signed": N_("Edition signed"),
        "edition.sealed": N_("Edition scheduled"),
        "edition.unsealed": N_("Scheduled edition cancelled"),
        "edition.release_asked": N_("Another publication time requested"),
        "edition.release_declined": N_("Another publication time declined"),
        "edition.release_dropped": N_("Another publication time withdrawn"),
        "edition.release_moved": N_("Another publication time confirmed"),
        "corrigendum.prepared": N_("Began corrigendum %(number)s"),
        "corrigendum.asked": N_("Corrigendum %(number)s requested"),
        "corrigendum.silence_opened": N_("Corrigendum %(number)s before the members"),
        "corrigendum.objected": N_("Objected to corrigendum %(number)s: it lapses"),
        "corrigendum.declined": N_("Declined corrigendum %(number)s"),
        "corrigendum.withdrawn": N_("Withdrew corrigendum %(number)s"),
        "corrigendum.agreed": N_("Corrigendum %(number)s agreed"),
        "embargo.confirmed": N_("Embargo change confirmed"),
        "embargo.declined": N_("Embargo change declined"),
        "embargo.dropped": N_("Embargo change withdrawn"),
        "embargo.requested": N_("Embargo change requested"),
        "override.confirmed": N_("Exception confirmed"),
        "override.declined": N_("Exception declined"),
        "override.dropped": N_("Exception withdrawn"),
        "override.requested": N_("Exception requested"),
        "publication.declined": N_("Publication declined"),
        "publication.dropped": N_("Publication request withdrawn"),
        "publication.requested": N_("Publication requested"),
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
        "circular": _CIRCULAR,
        "circular_question": replace(_CIRCULAR, action=N_("Answer circular")),
        "corrigendum": Wording(
            name=N_("Corrections to a published text"),
            subject=N_("%(declaration)s: corrections to the published text"),
            before=(
                (N_("The published text of “%(declaration)s” (%(forum)s) is to be corrected."),),
                (N_("Members may object, with a reason, before %(until)s."),),
            ),
            action=N_("Read corrections"),
            is_announcement=True,
        ),
    },
)
