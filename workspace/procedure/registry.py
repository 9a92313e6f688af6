"""What procedure adds to the application: permissions, reasons for refusals, kinds of log entries."""

from workspace.core.actor import Role
from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import (
    AUDITOR,
    CHAIR,
    COMMITTEE,
    MEMBER,
    OBSERVER,
    RAPPORTEUR,
    STAFF,
    VOTERS,
    grants,
    permission_row,
)
from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "tally.read": permission_row(
            grants("PA", *Role),
            grants("V", OBSERVER, MEMBER, RAPPORTEUR, COMMITTEE, *STAFF, AUDITOR, when=(Condition.CLOSED,)),
        ),
        "vote.cast": permission_row(grants("V", *VOTERS, when=(Condition.MANDATE, Condition.ONCE))),
        "silence.object": permission_row(grants("V", *VOTERS, when=(Condition.MANDATE,))),
        "procedure.set": permission_row(grants("SDRCV", CHAIR)),
        "question.put": permission_row(grants("V", CHAIR)),
        "consensus.declare": permission_row(grants("DRCV", CHAIR)),
        "floor.give": permission_row(grants("DRCV", *STAFF)),
    },
    reasons={
        ("workspace.invalid", "not_a_weight"): N_("A weight is a whole number from 1 to %(limit)s."),
        ("workspace.invalid", "secret_by_weight"): N_(
            "Weighed votes are cast by roll call: in a secret vote, the weight would tell whose vote it was."
        ),
        ("workspace.invalid", "not_a_share"): N_("The quorum is a share of those who may vote, from 0 to 100."),
        ("workspace.invalid", "not_come_yet"): N_("This day has not come yet: take today, or a day before."),
        ("workspace.invalid", "decided"): N_("This amendment is decided already."),
        ("workspace.invalid", "not_in_the_text"): N_("These words are not in the text that is voted on."),
        ("workspace.invalid", "unsettled"): N_(
            "The whole text cannot be agreed yet. Open amendments: %(amendments)s; in brackets: %(brackets)s; lacking "
            "a language: %(missing)s; translations out of date: %(outdated)s."
        ),
        ("workspace.invalid", "not_sure"): N_("Tick the box to do it all the same."),
        ("workspace.invalid", "silence_open"): N_("This is open already: it has to end first."),
        ("workspace.invalid", "nobody_votes"): N_(
            "Nobody had a vote on that day: votes are held on behalf of an organisation."
        ),
        ("workspace.invalid", "voted_already"): N_("You have voted already: a vote is cast once."),
        ("workspace.invalid", "delegation_voted"): N_("Your delegation has voted already: its voice is cast once."),
        ("workspace.invalid", "closed"): N_("This question is closed."),
        ("workspace.invalid", "no_vote"): N_("This question is not a vote: it ends by itself, or is withdrawn."),
        ("workspace.invalid", "nothing_to_decide"): N_(
            "There is nothing to decide here: not answered, decided already, or the amendment was revised since."
        ),
        ("workspace.invalid", "no_such_amendment"): N_("There is no amendment with the number “%(given)s”."),
    },
    log_kinds={
        "procedure.set": N_("Changed the rules of procedure"),
        "procedure.weighed": N_("Changed how often a vote counts"),
        "question.put": N_("Put question %(number)s to the room"),
        "question.put/consensus": N_("Noted consensus, as question %(number)s"),
        "question.put/consensus_asked": N_("Asked a second person to confirm consensus, question %(number)s"),
        "question.put/silence": N_("Opened a silence procedure, as question %(number)s"),
        "question.put/vote": N_("Opened a vote, as question %(number)s"),
        "question.answered": N_("Voted on question %(number)s"),
        "question.received": N_("Confirmed having read the text of the silence procedure, question %(number)s"),
        "question.ended": N_("Question %(number)s ended"),
        "question.reversed": N_("Took back what was agreed in question %(number)s"),
        "consensus.confirmed": N_("Confirmed, as the second person, consensus on the text"),
        "consensus.declined": N_("Declined to confirm consensus on the text"),
        "question.carried_out": N_("Decided what the room had answered to question %(number)s"),
        "floor.given": N_("Put something on the table of the plenary"),
    },
    log_variants={
        "question.put": "means",
    },
    log_topics={"process": ("procedure.", "question.", "floor.", "consensus.")},
)
