"""What amendments adds to the application: permissions, refusals and their reasons, kinds of log entries."""

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
from workspace.web.refusals.explanations import RefusalExplanation
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "block.edit": permission_row(
            grants("DR", COMMITTEE, when=REASON),
            grants("D", SECRETARIAT, when=REASON),
            grants("DRV", CHAIR, when=REASON),
        ),
        "bracket.set_resolve": permission_row(grants("DR", COMMITTEE), grants("DRCV", CHAIR)),
        "amendment.propose": permission_row(
            grants("RC", MEMBER, when=(Condition.WINDOW_OR_LATE,)),
            grants("DRC", COMMITTEE, CHAIR),
        ),
        "amendment.cosponsor": permission_row(grants("RC", MEMBER), grants("DRC", COMMITTEE, CHAIR)),
        "amendment.withdraw_revise": permission_row(grants("DRCV", *VOTERS, when=(*OWN, Condition.UNDECIDED))),
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
            N_("This amendment cannot be decided now"),
            (
                N_("Amendment %(number)s is not open for a decision at this moment."),
                N_("The amendment is not open for a decision at this moment."),
            ),
            N_("No decision was recorded."),
            N_("Look at the amendment: it may have been withdrawn, decided already, or be waiting for another one."),
        ),
        "workspace.already_proposed": RefusalExplanation(
            N_("This is proposed already"),
            (
                N_("Amendment %(number)s asks for exactly this already: support it instead of filing a second one."),
                N_("Another amendment asks for exactly this already: support it instead of filing a second one."),
            ),
            N_("Nothing submitted."),
            N_("Change your proposal where it should differ, or support the other amendment if it is not yours."),
        ),
    },
    reasons={
        ("workspace.invalid", "each_once"): N_("Each amendment can be decided once only."),
        ("workspace.invalid", "not_open_yet"): N_(
            "The window for amendments has not opened yet: the calendar says when."
        ),
        ("workspace.undecidable", "decided"): N_("Amendment %(number)s has been decided already."),
        ("workspace.already_proposed", "own"): N_("You have filed exactly this already, as amendment %(number)s."),
        ("workspace.already_proposed", "own_delegation"): N_(
            "Your delegation has filed exactly this already, as amendment %(number)s: you stand behind it, too."
        ),
        ("workspace.already_proposed", "other"): N_(
            "Amendment %(number)s asks for exactly this already: support it instead of filing a second one."
        ),
        ("workspace.invalid", "yourself"): N_("You stand behind your own amendment already."),
        ("workspace.invalid", "one_voice"): N_(
            "Your organisation speaks with one voice here, and stands behind this amendment already."
        ),
        ("workspace.invalid", "nobody_so_called"): N_("Choose one of the people who are offered: “%(given)s” is none."),
        ("workspace.undecidable", "own"): N_("Amendment %(number)s is your own: somebody else has to decide on it."),
        ("workspace.undecidable", "own_delegation"): N_(
            "Amendment %(number)s was filed by your own delegation: another chair, or a deputy, has to decide on it."
        ),
        ("workspace.undecidable", "nothing_leads"): N_(
            "Amendment %(number)s cannot be left to the translators: no words in another language were taken there."
        ),
        ("workspace.undecidable", "modify_parent"): N_(
            "Amendment %(number)s amends another one: put the committee’s own wording on that one."
        ),
        ("workspace.undecidable", "children_first"): N_(
            "Amendment %(number)s is amended itself: decide on the amendments to it first, or with it."
        ),
        ("workspace.undecidable", "children_accepted"): N_(
            "The committee has accepted an amendment to amendment %(number)s: it cannot be written anew."
        ),
        ("workspace.undecidable", "amends_already"): N_(
            "Amendment %(number)s amends another one, and cannot be amended itself."
        ),
        ("workspace.undecidable", "indivisible"): N_(
            "Amendment %(number)s is indivisible: it is taken whole or not at all."
        ),
        ("workspace.undecidable", "paragraph_closed"): N_(
            "Amendment %(number)s would change a paragraph that is closed: the chair opens it again first."
        ),
        ("workspace.undecidable", "in_brackets"): N_(
            "Amendment %(number)s would change a paragraph that stands in brackets: resolve the bracket, or add to it."
        ),
        ("workspace.undecidable", "not_bracketable"): N_(
            "Amendment %(number)s does more than change or add one paragraph: it cannot stand in brackets."
        ),
        ("workspace.undecidable", "not_withdrawn"): N_(
            "The withdrawal of amendment %(number)s can no longer be undone."
        ),
        ("workspace.undecidable", "nothing_put"): N_("Nobody has put other words for amendment %(number)s."),
        ("workspace.invalid", "in_brackets"): N_("This paragraph stands in brackets: its bracket is resolved first."),
        ("workspace.invalid", "choose_some"): N_("Choose some of its changes, and not all of them."),
        ("workspace.invalid", "parts_marks"): N_(
            "These changes open or close a pair of marks, such as bold or quotation marks. Take both ends, or neither."
        ),
        ("workspace.invalid", "not_last"): N_(
            "Only the decisions taken last can be undone, in the same phase and on the text that they left."
        ),
        ("workspace.invalid", "not_undoable"): N_("This decision does not stand any more, or is of another phase."),
        ("workspace.invalid", "goes_with"): N_("It goes with decision %(number)s: undo that one."),
        ("workspace.invalid", "rests_on"): N_("Decision %(number)s rests on it: undo that one first."),
        ("workspace.invalid", "text_moved"): N_("Its paragraphs have changed since."),
        ("workspace.undecidable", "other_language"): N_(
            "Amendment %(number)s is in another language than the others that are decided with it."
        ),
    },
    log_kinds={
        "amendment.proposed": N_("Proposed amendment %(number)s"),
        "amendment.answered": N_("Answered the committee’s wording of an amendment"),
        "amendment.cosponsor_confirmed": N_("Confirmed to sponsor an amendment"),
        "amendment.cosponsor_declined": N_("Declined to sponsor an amendment"),
        "amendment.cosponsor_invited": N_("Invited somebody to sponsor an amendment"),
        "amendment.cosponsor_uninvited": N_("Took back an invitation to sponsor an amendment"),
        "amendment.opinion_given": N_("Gave an opinion on an amendment"),
        "amendment.revised": N_("Revised an amendment"),
        "amendment.support_withdrawn": N_("No longer supports an amendment"),
        "amendment.supported": N_("Supported an amendment"),
        "amendment.withdrawn": N_("Withdrew an amendment"),
        "amendment.reinstated": N_("Undid the withdrawal of an amendment"),
        "amendments.table_taken": N_("Took a table of the amendments to cite"),
        "amendments.carried": N_("Open amendments were carried over to the new revision"),
        "amendments.followed": N_("Amendments to an amendment followed its fate"),
        "decision.taken": N_("Took decision %(number)s"),
        "decision.taken/absent": N_("Decided that a paragraph has no text in one language (decision %(number)s)"),
        "decision.taken/adopt": N_("Decided to adopt an amendment (decision %(number)s)"),
        "decision.taken/adopt_modified": N_("Decided to adopt an amendment with a modification (decision %(number)s)"),
        "decision.taken/undo": N_("Undid decisions (decision %(number)s)"),
        "decision.taken/fall": N_("An amendment fell because of another one (decision %(number)s)"),
        "decision.taken/edit": N_("Decided to edit the text, as the committee (decision %(number)s)"),
        "decision.taken/hand_over": N_("Decided to hand an amendment over to the translators (decision %(number)s)"),
        "decision.taken/refer": N_("Decided to refer an amendment back (decision %(number)s)"),
        "decision.taken/reject": N_("Decided to reject an amendment (decision %(number)s)"),
    },
    log_variants={
        "decision.taken": "verdict",
    },
    log_topics={"amendments": ("amendment.", "amendments.", "decision.")},
)
