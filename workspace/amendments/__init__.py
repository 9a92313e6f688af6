"""Amendments: proposals on a named revision, and what the committee decided."""

from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import (
    ADMIN,
    ASSIGNED,
    CHAIR,
    COMMITTEE,
    LENT,
    MEMBER,
    OBSERVER,
    OWN,
    RAPPORTEUR,
    REASON,
    SECRETARIAT,
    STAFF,
    TRANSLATOR,
    VOTERS,
    grants,
    permission_row,
)
from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import RefusalExplanation, SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "block.edit": permission_row(
            grants("DR", COMMITTEE, when=REASON),
            grants("D", SECRETARIAT, when=REASON),
            grants("DRV", CHAIR, when=REASON),
        ),
        "bracket.set_resolve": permission_row(grants("DR", COMMITTEE), grants("DRCV", CHAIR)),
        "amendment.propose": permission_row(
            grants("RC", MEMBER, when=(Condition.WINDOW_OR_LATE,)), grants("DRC", COMMITTEE, CHAIR)
        ),
        "amendment.record_oral": permission_row(grants("DRCV", *STAFF)),
        "amendment.move_orally": permission_row(grants("RCV", MEMBER), grants("DRCV", COMMITTEE, CHAIR)),
        "amendment.certify": permission_row(grants("DRCVP", *VOTERS, when=OWN)),
        "amendment.compromise": permission_row(grants("DRCV", RAPPORTEUR, COMMITTEE, CHAIR)),
        "amendment.answer_invitation": permission_row(
            grants("RCV", MEMBER), grants("DRCV", RAPPORTEUR, COMMITTEE, CHAIR)
        ),
        "amendment.cosponsor": permission_row(grants("RC", MEMBER), grants("DRC", COMMITTEE, CHAIR)),
        "amendment.withdraw_revise": permission_row(
            grants("DRCV", *VOTERS, RAPPORTEUR, when=(*OWN, Condition.UNDECIDED))
        ),
        "amendment.read_others": permission_row(
            grants("RCVPA", OBSERVER, MEMBER, when=(Condition.AFTER_OPENING,)),
            grants("DRCVPA", RAPPORTEUR, COMMITTEE, *STAFF),
            grants("DRCVPA", TRANSLATOR, when=ASSIGNED),
            grants("DRCVPA", ADMIN, when=LENT),
        ),
        "amendment.file_received": permission_row(grants("DRC", *STAFF)),
        "amendment.opinion": permission_row(grants("DRCV", RAPPORTEUR, COMMITTEE, CHAIR)),
        "amendment.decide_adopt_undo": permission_row(grants("DRCV", CHAIR, when=(Condition.NOT_AUTHOR,))),
    },
    explanations={
        "workspace.undecidable": RefusalExplanation(
            N_("Amendment not open for decision"),
            (
                N_("Amendment %(number)s is withdrawn, decided, or waits for another."),
                N_("The amendment is withdrawn, decided, or waits for another."),
            ),
            N_("No decision was recorded."),
            N_("Open the amendment."),
        ),
        "workspace.already_proposed": RefusalExplanation(
            N_("Already proposed"),
            (
                N_("Amendment %(number)s already proposes exactly this."),
                N_("Another amendment already proposes exactly this."),
            ),
            N_("Nothing was submitted."),
            N_("Support that amendment, or change your proposal."),
        ),
    },
    reasons={
        ("workspace.invalid", "each_once"): N_("An amendment is decided only once."),
        ("workspace.invalid", "not_open_yet"): N_("Amendments cannot be submitted yet: see the calendar."),
        ("workspace.undecidable", "decided"): N_("Amendment %(number)s is already decided."),
        ("workspace.already_proposed", "own"): N_("You already submitted this as amendment %(number)s."),
        ("workspace.already_proposed", "own_delegation"): N_(
            "Your delegation already submitted this as amendment %(number)s."
        ),
        ("workspace.already_proposed", "other"): N_("Amendment %(number)s already proposes exactly this."),
        ("workspace.invalid", "yourself"): N_("You already support your own amendment."),
        ("workspace.invalid", "one_voice"): N_("Your organisation already supports this amendment."),
        ("workspace.invalid", "choose_two"): N_("Choose two amendments or more."),
        ("workspace.invalid", "elsewhere"): N_("Amendment %(number)s is about another paragraph."),
        ("workspace.invalid", "not_entitled"): N_("This person may not move an amendment."),
        ("workspace.invalid", "nobody_so_called"): N_("“%(given)s” is not among the people offered."),
        ("workspace.undecidable", "needs_leave"): N_("Amendment %(number)s is late: it needs the chair’s leave."),
        ("workspace.undecidable", "no_leave"): N_("Amendment %(number)s does not wait for leave."),
        ("workspace.undecidable", "own"): N_("Amendment %(number)s is your own: somebody else decides."),
        ("workspace.undecidable", "own_delegation"): N_(
            "Amendment %(number)s is from your delegation: somebody else decides."
        ),
        ("workspace.undecidable", "nothing_leads"): N_(
            "Amendment %(number)s: nothing adopted there in another language to translate."
        ),
        ("workspace.undecidable", "modify_parent"): N_(
            "Amendment %(number)s is a sub-amendment: word the amendment itself."
        ),
        ("workspace.undecidable", "children_first"): N_(
            "Decide on the sub-amendments to amendment %(number)s first, or with it."
        ),
        ("workspace.undecidable", "children_accepted"): N_(
            "Amendment %(number)s has an adopted sub-amendment: no revision."
        ),
        ("workspace.undecidable", "amends_already"): N_("Amendment %(number)s is itself a sub-amendment."),
        ("workspace.undecidable", "indivisible"): N_("Amendment %(number)s may not be voted in parts."),
        ("workspace.undecidable", "paragraph_closed"): N_(
            "Amendment %(number)s changes a closed paragraph: the chair reopens it first."
        ),
        ("workspace.undecidable", "in_brackets"): N_(
            "Amendment %(number)s changes a paragraph in brackets: remove the brackets, or add to them."
        ),
        ("workspace.undecidable", "not_bracketable"): N_(
            "Amendment %(number)s changes several paragraphs: no brackets."
        ),
        ("workspace.undecidable", "not_withdrawn"): N_(
            "The withdrawal of amendment %(number)s can no longer be undone."
        ),
        ("workspace.undecidable", "nothing_put"): N_("Nobody proposed another wording for amendment %(number)s."),
        ("workspace.invalid", "in_brackets"): N_("Remove the paragraph’s brackets first."),
        ("workspace.invalid", "choose_some"): N_("Choose some of its changes, not all."),
        ("workspace.invalid", "parts_marks"): N_("Choose both ends of bold or quotation marks, or neither."),
        ("workspace.invalid", "not_last"): N_("Only the last decisions of this phase can be undone."),
        ("workspace.invalid", "not_undoable"): N_("This decision is already undone, or of another phase."),
        ("workspace.invalid", "goes_with"): N_("It goes with decision %(number)s: undo that one."),
        ("workspace.invalid", "rests_on"): N_("Undo decision %(number)s first: it builds on this one."),
        ("workspace.invalid", "same_round"): N_("Same paragraph and time as decision %(number)s: undo both together."),
        ("workspace.invalid", "text_moved"): N_("Its paragraphs have changed since."),
        ("workspace.undecidable", "other_language_leads"): N_(
            "Amendment %(number)s: another language leads in paragraph %(paragraph)s."
        ),
        ("workspace.undecidable", "other_language"): N_("Amendment %(number)s is in another language."),
    },
    log_kinds={
        "amendment.proposed": N_("Submitted amendment %(number)s"),
        "amendment.proposed/compromise": N_("Drafted compromise amendment %(number)s"),
        "amendment.proposed/late": N_("Submitted amendment %(number)s late"),
        "amendment.proposed/oral": N_("Recorded oral amendment %(number)s"),
        "amendment.certified": N_("Certified oral amendment %(number)s"),
        "amendment.disputed": N_("Disputed oral amendment %(number)s"),
        "amendment.seconded": N_("Amendment %(number)s seconded"),
        "amendment.answered": N_("Committee’s wording answered"),
        "amendment.cosponsor_confirmed": N_("Agreed to co-sponsor"),
        "amendment.cosponsor_declined": N_("Declined to co-sponsor"),
        "amendment.cosponsor_invited": N_("Co-sponsor invited"),
        "amendment.cosponsor_uninvited": N_("Invitation to co-sponsor withdrawn"),
        "amendment.opinion_given": N_("Opinion on amendment"),
        "amendment.revised": N_("Amendment revised"),
        "amendment.support_withdrawn": N_("Support withdrawn"),
        "amendment.supported": N_("Amendment supported"),
        "amendment.withdrawn": N_("Amendment withdrawn"),
        "amendment.reinstated": N_("Withdrawal of amendment undone"),
        "amendments.table_taken": N_("Amendments table saved"),
        "amendments.carried": N_("Amendments carried to new revision"),
        "amendments.followed": N_("Sub-amendments followed"),
        "decision.taken": N_("Took decision %(number)s"),
        "decision.taken/absent": N_("Paragraph without text in one language (decision %(number)s)"),
        "decision.taken/adopt": N_("Amendment adopted (decision %(number)s)"),
        "decision.taken/adopt_modified": N_("Amendment adopted as modified (decision %(number)s)"),
        "decision.taken/undo": N_("Undid decisions (decision %(number)s)"),
        "decision.taken/fall": N_("Amendment lapsed (decision %(number)s)"),
        "decision.taken/edit": N_("Edited by the committee (decision %(number)s)"),
        "decision.taken/hand_over": N_("Sent to the translators (decision %(number)s)"),
        "decision.taken/inadmissible": N_("Amendment inadmissible (decision %(number)s)"),
        "decision.taken/give_leave": N_("Leave to submit late given (decision %(number)s)"),
        "decision.taken/refuse_leave": N_("Leave to submit late refused (decision %(number)s)"),
        "decision.taken/refer": N_("Amendment referred back (decision %(number)s)"),
        "decision.taken/reject": N_("Amendment rejected (decision %(number)s)"),
    },
    log_variants={"amendment.proposed": "means", "decision.taken": "verdict"},
    log_topics={"amendments": ("amendment.", "amendments.", "decision.")},
)
