"""The pages of what is put to the room: the list with the rules, and one question to answer, from a phone too."""

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from msgspec.structs import replace

from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound
from workspace.declarations.frame import frame
from workspace.declarations.models import Declaration
from workspace.procedure import question_policy as policy
from workspace.procedure.choices import ensure_known
from workspace.procedure.models import Means, Question
from workspace.procedure.question_forms import AnswerForm, EndForm, PutForm, RulesForm, WeightsForm, id_of
from workspace.procedure.question_policy import KNOW
from workspace.procedure.question_views import listed, one
from workspace.procedure.questions import QuestionService
from workspace.procedure.weights import WeightService
from workspace.web.i18n import N_
from workspace.web.pages import redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.services import Work

ANSWER = ("vote.cast", "silence.object")
RULES_KEPT = N_("The rules are kept. What was put to the room before keeps its own.")
VOTED = N_("Your vote is counted.")
OBJECTED = N_("Your objection is on record: the silence is broken, and nothing is adopted.")
READ = N_("It is on record that you have read the text.")
WEIGHED = N_("The weights are kept. What was put to the room before keeps its own.")
PUT = N_("It is put to the room.")
ENDED = N_("It is ended, and on record.")
DECIDED = N_("Decided as the room has answered.")


class QuestionPages(Controller):
    """What is put to the room of one declaration."""

    path = "/{forum:str}/{declaration:str}/questions"

    @get(name="questions", sync_to_thread=True, policy=KNOW)
    def questions(self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
        """Everything that was put, newest first, and the rules."""
        return listed(work, forum, declaration)

    @post("/rules", name="set_rules", sync_to_thread=True, policy="procedure.set")
    def set_rules(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[RulesForm],
    ) -> Response[str] | Response[None]:
        """Keep the rules by which the room agrees."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_know)
                QuestionService(db).set_rules(found.declaration, data.switches(), actor=actor)
        except Invalid as refusal:
            return listed(work, forum, declaration, rules=data, refusal=refusal)
        to = work.url_for("questions", forum=forum, declaration=declaration)
        return redirect(work, to, said=work.messages.gettext(RULES_KEPT))

    @post("/weights", name="set_weights", sync_to_thread=True, policy="procedure.set")
    def set_weights(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[WeightsForm],
    ) -> Response[str] | Response[None]:
        """Keep how often each vote counts."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_know)
                WeightService(db).set(found.declaration, data.weights(), actor=actor)
        except Invalid as refusal:
            return listed(work, forum, declaration, refusal=refusal)
        to = work.url_for("questions", forum=forum, declaration=declaration)
        return redirect(work, to, said=work.messages.gettext(WEIGHED))

    @post(name="put_question", sync_to_thread=True, policy=("question.put", "consensus.declare"))
    def put(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[PutForm],
    ) -> Response[str] | Response[None]:
        """Put a vote or a silence procedure to the room, or note that nobody objected."""
        actor = work.actor
        if data.means not in set(Means):
            raise NotFound(what="means", id=data.means)
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_know)
                data = _named(db, found.declaration, data, actor)
                service = QuestionService(db)
                if data.means == Means.VOTE.value:
                    put = service.put_vote(found.declaration, data.what(), record_date=data.day(), actor=actor)
                elif data.means == Means.CONSENSUS.value:
                    put = service.note_consensus(found.declaration, data.what(), actor=actor)
                else:
                    put = service.put_silence(found.declaration, data.closes, data.zone, actor=actor)
                number = put.number
        except Invalid as refusal:
            return listed(work, forum, declaration, form=data, refusal=refusal)
        to = work.url_for("question", forum=forum, declaration=declaration, question=number)
        return redirect(work, to, said=work.messages.gettext(PUT))

    @get("/{question:int}", name="question", sync_to_thread=True, policy=KNOW)
    def question(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str], question: FromPath[int]
    ) -> Response[str]:
        """One question, to read and to answer."""
        return one(work, forum, declaration, question)

    @post(
        "/{question:int}/answers", name="answer_question", sync_to_thread=True, policy=("vote.cast", "silence.object")
    )
    def answer(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        question: FromPath[int],
        data: URLEncodedBody[AnswerForm],
    ) -> Response[str] | Response[None]:
        """Vote; or say that one has read the text of a silence procedure, or break the silence."""
        actor = work.actor
        try:
            with work.writing() as db:
                service = QuestionService(db)
                found = frame(db, forum, declaration, work=work, may=policy.may_know)
                asked = service.numbered(found.declaration, question, actor=actor)
                policy.ensure_may_answer(actor, asked)
                said = _answered(service, asked, data, actor)
        except Invalid as refusal:
            return one(work, forum, declaration, question, form=data, refusal=refusal)
        to = work.url_for("question", forum=forum, declaration=declaration, question=question)
        return redirect(work, to, said=work.messages.gettext(said))

    @post(
        "/{question:int}/end",
        name="end_question",
        sync_to_thread=True,
        policy=("question.put", "amendment.decide_adopt_undo"),
    )
    def end(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        question: FromPath[int],
        data: URLEncodedBody[EndForm],
    ) -> Response[str] | Response[None]:
        """Close the vote, take the question back, or decide as the room has answered."""
        actor = work.actor
        try:
            with work.writing() as db:
                service = QuestionService(db)
                found = frame(db, forum, declaration, work=work, may=policy.may_know)
                asked = service.numbered(found.declaration, question, actor=actor)
                if data.act == "decide":
                    service.carry_out(asked, reason=data.reason, expected_head=id_of(data.head), actor=actor)
                elif data.act == "withdraw":
                    service.withdraw(asked, data.reason, actor=actor)
                else:
                    service.close(asked, actor=actor)
        except Invalid as refusal:
            return one(work, forum, declaration, question, refusal=refusal)
        to = work.url_for("question", forum=forum, declaration=declaration, question=question)
        kept = DECIDED if data.act == "decide" else ENDED
        return redirect(work, to, said=work.messages.gettext(kept))


def _named(db: Db, declaration: Declaration, data: PutForm, actor: Actor) -> PutForm:
    """The form with the amendment that was typed in it as what it is about."""
    if not data.number.strip():
        return data
    policy.ensure_may_put(actor, declaration, Means.CONSENSUS)
    return replace(data, about=f"amendment:{ensure_known(db, declaration, data.number.strip(), actor=actor)}")


def _answered(service: QuestionService, asked: Question, data: AnswerForm, actor: Actor) -> str:
    """Do what the form says, and answer with what it came to."""
    if asked.means is Means.VOTE:
        service.cast(asked, data.chosen(), actor=actor)
        return VOTED
    if data.act == "read":
        service.receive(asked, actor=actor)
        return READ
    service.object(asked, data.reason, block_id=data.block_id(), actor=actor)
    return OBJECTED
