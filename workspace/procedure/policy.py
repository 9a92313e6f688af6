"""Who may set the rules, put a question, answer it and learn what came of it."""

from uuid import UUID

from workspace.amendments.domain.models import Amendment
from workspace.amendments.domain.policy import may_decide_on
from workspace.approvals.models import Matter
from workspace.approvals.service import LogKinds
from workspace.core import clock
from workspace.core.actor import Actor, ActorMandate, Role
from workspace.core.errors import NotAllowed, NotFound
from workspace.core.security.conditions import Case, Condition
from workspace.core.security.permissions import VOTERS
from workspace.declarations.domain.approvals import DeclarationRule
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_may, may_do
from workspace.procedure.models import Ending, Means, Question, Subject

KNOW = ("head.read", "history.read", "tally.read")
ANSWERS = {Means.VOTE: "vote.cast", Means.SILENCE: "silence.object"}
CONSENSUS = DeclarationRule(
    matter=Matter.CONSENSUS,
    kinds=LogKinds(declined="consensus.declined", confirmed="consensus.confirmed"),
    action="question.put",
    is_about_text=True,
)


def may_set_rules(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "procedure.set", declaration)


def ensure_may_set_rules(actor: Actor, declaration: Declaration) -> None:
    ensure_may(actor, "procedure.set", declaration)


def may_put(actor: Actor, declaration: Declaration, means: Means, subject: Subject = Subject.AMENDMENT) -> bool:
    """Consensus on a part is noted whenever the text is worked on; all else belongs to the adoption."""
    return may_do(actor, _putting(means, subject), declaration)


def ensure_may_put(actor: Actor, declaration: Declaration, means: Means, subject: Subject = Subject.AMENDMENT) -> None:
    ensure_may(actor, _putting(means, subject), declaration)


def ensure_may_end(actor: Actor, declaration: Declaration) -> None:
    ensure_may(actor, "question.put", declaration)


def may_follow(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may see what is on the table: whoever takes part and may read the text in force."""
    return may_do(actor, "head.read", declaration)


def may_give_floor(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "floor.give", declaration)


def may_watch(actor: Actor, declaration: Declaration, *, is_public: bool) -> bool:
    """Whether they may see the screen: who follows the work, and everybody while it is public."""
    case = Case(is_public_screen=is_public)
    return may_follow(actor, declaration) or may_do(actor, "screen.follow", declaration, case)


def room(declaration: Declaration) -> Actor:
    """Nobody in particular with the rights of an observer: the least that whoever sits in the room may read."""
    return Actor(None, "", (ActorMandate(declaration.forum_id, Role.OBSERVER),))


def voices(actor: Actor, question: Question, forum_id: object) -> tuple[ActorMandate, ...]:
    """The mandates with a vote that somebody held on the day of record, and whose role they hold today."""
    today = {mandate.role for mandate in actor.mandates if mandate.forum_id == forum_id and mandate.covers(clock.now())}
    return tuple(
        mandate
        for mandate in actor.mandates
        if mandate.forum_id == forum_id
        and mandate.role in today
        and is_voice(mandate)
        and mandate.covers(question.record_date)
    )


def standing_voices(actor: Actor, declaration: Declaration) -> frozenset[UUID]:
    """The organisations for which somebody has a vote today."""
    own = actor.mandates_in(declaration.forum_id, clock.now())
    return frozenset(held.organisation_id for held in own if held.organisation_id and is_voice(held))


def may_give_proxy(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may give their own vote to another."""
    return may_do(actor, "proxy.give", declaration, Case(record_date=clock.now()))


def may_record_proxy(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may write down, with a note, that somebody else did."""
    return may_do(actor, "proxy.record", declaration, given={Condition.REASON})


def may_request_ballot(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may request how a vote is taken."""
    return may_do(actor, "ballot.request", declaration, Case(record_date=clock.now()))


def ensure_may_request_ballot(actor: Actor, declaration: Declaration) -> None:
    ensure_may(actor, "ballot.request", declaration, Case(record_date=clock.now()))


def is_voice(held: ActorMandate) -> bool:
    """Whether a mandate has a vote: the role has one, and it is held on an organisation's behalf."""
    return Role(held.role) in VOTERS and held.organisation_id is not None


def may_answer(actor: Actor, question: Question) -> bool:
    """Whether the table lets them vote, or break the silence; whether they have a seat is another matter."""
    action = ANSWERS.get(question.means)
    case = Case(record_date=question.record_date)
    return action is not None and may_do(actor, action, question.declaration, case, given={Condition.ONCE})


def ensure_may_answer(actor: Actor, question: Question) -> None:
    if not may_answer(actor, question):
        raise NotAllowed(action=ANSWERS.get(question.means, "vote.cast"))


def may_know(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may know which questions were put: who follows the work, and who may read how votes ended."""
    ended = Case(is_closed=True)
    return any(may_do(actor, action, declaration, ended) for action in KNOW)


def ensure_may_know(actor: Actor, declaration: Declaration) -> None:
    if not may_know(actor, declaration):
        raise NotFound(what="declaration", id=declaration.slug)


def may_read_tally(actor: Actor, question: Question) -> bool:
    """The numbers, once the vote is closed."""
    return may_do(actor, "tally.read", question.declaration, Case(is_closed=not question.is_open))


def may_read_turnout(actor: Actor, question: Question) -> bool:
    """Who has not voted yet, while the vote is open."""
    return question.is_open and question.means is Means.VOTE and may_do(actor, "turnout.read", question.declaration)


def may_decide(actor: Actor, amendment: Amendment) -> bool:
    """Whether they may take the decision that the room has asked for: the chair, and never on their own proposal."""
    return may_decide_on(actor, amendment)


def may_take_back(actor: Actor, question: Question) -> bool:
    """Whether they may take back that nobody objected: while its phase lasts, and nothing was decided on it."""
    if question.means is not Means.CONSENSUS or question.ending is not Ending.ADOPTED or question.is_carried_out:
        return False
    is_sealed = question.declaration.releases_at is not None
    return not is_sealed and may_put(actor, question.declaration, question.means, question.subject)


def may_retake(actor: Actor, question: Question) -> bool:
    """Whether they may have a counted vote taken again, once no decision that stands has carried it out."""
    is_counted = question.means is Means.VOTE and question.ending in {Ending.CARRIED, Ending.LOST, Ending.NO_QUORUM}
    is_sealed = question.declaration.releases_at is not None
    return is_counted and not is_sealed and may_put(actor, question.declaration, Means.VOTE)


def _putting(means: Means, subject: Subject) -> str:
    return "consensus.declare" if means is Means.CONSENSUS and subject is not Subject.TEXT else "question.put"
