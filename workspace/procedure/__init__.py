"""Rules of procedure: brackets and alternatives, the silence procedure, votes, the status of a paragraph."""

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
        "turnout.read": permission_row(grants("V", *STAFF)),
        "vote.cast": permission_row(grants("V", *VOTERS, when=(Condition.MANDATE, Condition.ONCE))),
        "silence.object": permission_row(grants("V", *VOTERS, when=(Condition.MANDATE,))),
        "ballot.request": permission_row(grants("CV", *VOTERS, when=(Condition.MANDATE,))),
        "proxy.give": permission_row(grants("DRCV", *VOTERS, when=(Condition.MANDATE,))),
        "proxy.record": permission_row(grants("DRCV", *STAFF, when=(Condition.REASON,))),
        "procedure.set": permission_row(grants("SDRCV", CHAIR)),
        "question.put": permission_row(grants("V", CHAIR)),
        "consensus.declare": permission_row(grants("DRCV", CHAIR)),
        "floor.give": permission_row(grants("DRCV", *STAFF)),
        "order.change": permission_row(grants("RCV", CHAIR)),
        "vote.ask_separate": permission_row(grants("RCV", *VOTERS)),
        "voting_list.read": permission_row(grants("RCV", OBSERVER, MEMBER, RAPPORTEUR, COMMITTEE, *STAFF)),
        "voting_list.send": permission_row(grants("RCV", *STAFF)),
        "brief.read": permission_row(grants("RCV", *STAFF)),
        "screen.follow": permission_row(grants("CV", *Role, when=(Condition.NOT_EMBARGOED, Condition.PUBLIC_SCREEN))),
    },
    reasons={
        ("workspace.invalid", "not_a_weight"): N_("A weight is a whole number from 1 to %(limit)s."),
        ("workspace.invalid", "secret_by_weight"): N_(
            "Weighted votes need a roll call: the weight would reveal a secret vote."
        ),
        ("workspace.invalid", "not_a_share"): N_("The quorum is a percentage from 0 to 100."),
        ("workspace.invalid", "not_come_yet"): N_("Choose today or an earlier day."),
        ("workspace.invalid", "decided"): N_("This amendment is already decided."),
        ("workspace.invalid", "not_in_the_text"): N_("This wording is not in the text voted on."),
        ("workspace.invalid", "unsettled"): N_(
            "Not possible yet. Open amendments: %(amendments)s; in brackets: %(brackets)s; lacking a language: "
            "%(missing)s; out of date: %(outdated)s."
        ),
        ("workspace.invalid", "entails_otherwise"): N_("What it would do has changed: read it again."),
        ("workspace.invalid", "not_sure"): N_("Tick the box to proceed anyway."),
        ("workspace.invalid", "silence_open"): N_("This is already open: end it first."),
        ("workspace.invalid", "nobody_votes"): N_(
            "Nobody was entitled to vote that day: votes belong to organisations."
        ),
        ("workspace.invalid", "voted_already"): N_("You have already voted."),
        ("workspace.invalid", "not_a_count"): N_("Enter a number from 1 to %(limit)s."),
        ("workspace.invalid", "requested"): N_("Your organisation has already requested this."),
        ("workspace.invalid", "vote_cast"): N_("This vote has already been cast."),
        ("workspace.invalid", "no_voter"): N_("Choose another voter."),
        ("workspace.invalid", "gave_proxy"): N_("This voter has given a proxy."),
        ("workspace.invalid", "holds_proxy"): N_("This voter holds a proxy: one each, and none is passed on."),
        ("workspace.invalid", "delegation_voted"): N_("Your delegation has already voted."),
        ("workspace.invalid", "none_selected"): N_("Select a paragraph."),
        ("workspace.invalid", "still_open"): N_("Still open: paragraphs %(paragraphs)s."),
        ("workspace.invalid", "closed"): N_("This question is closed."),
        ("workspace.invalid", "not_adopted"): N_("Only an adopted consensus that nothing rests on can be taken back."),
        ("workspace.invalid", "not_counted"): N_("Only a closed vote can be taken again."),
        ("workspace.invalid", "base_changed"): N_(
            "The text has changed where amendment %(number)s applies: adapt or decide it first."
        ),
        ("workspace.invalid", "carried_out"): N_("Undo decision %(number)s first."),
        ("workspace.invalid", "no_vote"): N_("This question is not a vote."),
        ("workspace.invalid", "nothing_to_decide"): N_(
            "Nothing to decide: not answered, already decided, or amendment revised."
        ),
        ("workspace.invalid", "no_voice"): N_("Only a delegation with a vote can ask for this."),
        ("workspace.invalid", "moves_with_parent"): N_("A sub-amendment comes with the amendment that it amends."),
        ("workspace.invalid", "not_divisible"): N_("This amendment has no parts."),
        ("workspace.invalid", "same_group"): N_("Another group is called “%(given)s”."),
        ("workspace.invalid", "same_order"): N_("The running order would not change."),
        ("workspace.invalid", "not_public_now"): N_(
            "Visitors can follow during consultation and adoption, without an embargo."
        ),
        ("workspace.invalid", "not_minutes"): N_("Enter 1 to %(limit)s minutes."),
        ("workspace.invalid", "no_such_amendment"): N_("No amendment has the number “%(given)s”."),
    },
    log_kinds={
        "procedure.set": N_("Rules of procedure changed"),
        "procedure.weighed": N_("Weights of votes changed"),
        "ballot.requested": N_("Way of voting requested"),
        "ballot.withdrawn": N_("Voting request withdrawn"),
        "proxy.given": N_("Proxy given"),
        "proxy.revoked": N_("Proxy revoked"),
        "question.put": N_("Question %(number)s put"),
        "question.put/consensus": N_("Consensus on question %(number)s declared"),
        "question.put/consensus_asked": N_("Consensus on question %(number)s requested"),
        "question.put/silence": N_("Question %(number)s: silence procedure opened"),
        "question.put/vote": N_("Question %(number)s: vote opened"),
        "question.answered": N_("Voted on question %(number)s"),
        "question.received": N_("Question %(number)s: text read"),
        "question.ended": N_("Question %(number)s ended"),
        "question.retaken": N_("Had vote %(number)s taken again"),
        "question.reversed": N_("Agreement on question %(number)s withdrawn"),
        "consensus.confirmed": N_("Consensus approved"),
        "consensus.declined": N_("Consensus declined"),
        "question.carried_out": N_("Question %(number)s: decided as voted"),
        "question.separate_asked": N_("Separate vote requested"),
        "question.separate_withdrawn": N_("Separate vote withdrawn"),
        "floor.list_sent": N_("Voting list sent"),
        "floor.order_changed": N_("Running order changed"),
        "floor.given": N_("Plenary screen changed"),
        "floor.opened": N_("Public screen opened"),
        "floor.closed": N_("Public screen closed"),
        "floor.timed": N_("Public screen: clock set"),
    },
    log_variants={"question.put": "means"},
    log_topics={"process": ("procedure.", "ballot.", "proxy.", "question.", "floor.", "consensus.")},
)
