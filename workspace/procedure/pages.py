"""The pages of what is put to the room: the list with the rules, and one question to answer, from a phone too."""

from typing import Annotated

from litestar import Controller, Response
from msgspec import Struct
from msgspec.structs import replace

from workspace.core.actor import NOBODY, Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage.db import Db
from workspace.core.validation import known_id, whole_number
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_may
from workspace.declarations.frame import Frame, framed, heading
from workspace.declarations.pages.phases import ASKED
from workspace.procedure import policy
from workspace.procedure.agenda import Agenda, CurrentItem, CurrentItemService
from workspace.procedure.electorate import WeightService
from workspace.procedure.models import Means, Question
from workspace.procedure.policy import KNOW
from workspace.procedure.screen import Screen, ScreenService, ScreenView
from workspace.procedure.service import QuestionService
from workspace.procedure.subjects import SubjectChoices, VoteSubjects, ensure_known, subject_choices
from workspace.procedure.views import (
    AnswerForm,
    BallotForm,
    EndForm,
    OpenQuestionForm,
    ProxyForm,
    RulesForm,
    WeightsForm,
    proxies_page,
    question_page,
    questions_page,
    rules_page,
)
from workspace.procedure.visibility import QuestionView, visible_question
from workspace.procedure.voting.proxies import ProxyService
from workspace.procedure.voting.requests import BallotService
from workspace.web.http.request_context import FormBody, FromPath, Slug, Work
from workspace.web.http.routing import get
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, said_at, shows, takes

RULES_KEPT = N_("Rules saved; open questions keep theirs.")
VOTED = N_("Your vote is counted.")
OBJECTED = N_("Objection recorded: nothing is adopted.")
READ = N_("Recorded: you have read the text.")
WEIGHED = N_("Weights saved; open questions keep theirs.")
REQUESTED = N_("Request recorded.")
WITHDRAWN = N_("Request withdrawn.")
GIVEN = N_("Proxy given.")
REVOKED = N_("Proxy revoked.")
PUT = N_("Put to the plenary.")
NOTED = N_("Consensus declared.")
ENDED = N_("Ended.")
DECIDED = N_("Decided by the plenary.")


KnownFrame = Annotated[Frame, framed(policy.may_know)]
FollowedFrame = Annotated[Frame, framed(policy.may_follow)]


class QuestionPages(Controller):
    """What is put to the room of one declaration."""

    path = "/{forum:str}/{declaration:str}/questions"

    @get(name="questions", policy=KNOW)
    def questions(self, work: Work, forum: Slug, declaration: Slug) -> Response[str]:
        """Everything that was put, newest first."""
        return questions_page(work, forum, declaration)

    @get("/rules", name="rules", policy=KNOW)
    def rules(self, work: Work, forum: Slug, declaration: Slug) -> Response[str]:
        """By which rules the plenary decides, and how votes weigh."""
        return rules_page(work, forum, declaration)

    @takes("/rules", again=rules_page, name="set_rules", policy="procedure.set")
    def set_rules(self, db: Db, work: Work, actor: Actor, found: KnownFrame, data: FormBody[RulesForm]) -> Done:
        """Keep the rules by which the room agrees."""
        QuestionService(db).set_rules(found.declaration, data.switches(), actor=actor)
        return Done("rules", work.messages.gettext(RULES_KEPT))

    @takes("/weights", again=rules_page, name="set_weights", policy="procedure.set")
    def set_weights(self, db: Db, work: Work, actor: Actor, found: KnownFrame, data: FormBody[WeightsForm]) -> Done:
        """Keep how often each vote counts."""
        WeightService(db).set(found.declaration, data.weights(), actor=actor)
        return Done("rules", work.messages.gettext(WEIGHED))

    @takes("/requests", again=questions_page, name="request_ballot", policy="ballot.request")
    def request_ballot(self, db: Db, work: Work, actor: Actor, found: KnownFrame, data: FormBody[BallotForm]) -> Done:
        """Request how a vote is taken, or withdraw that."""
        if data.withdrawn:
            BallotService(db).withdraw(found.declaration, known_id(data.withdrawn, "id"), actor=actor)
            return Done("questions", work.messages.gettext(WITHDRAWN))
        what = OpenQuestionForm(about=data.about, part=data.part).what()
        QuestionService(db).request_ballot(found.declaration, data.chosen(), what, actor=actor)
        return Done("questions", work.messages.gettext(REQUESTED))

    @get("/proxies", name="proxies", policy=KNOW)
    def proxies(self, work: Work, forum: Slug, declaration: Slug) -> Response[str]:
        """Who votes for whom."""
        return proxies_page(work, forum, declaration)

    @takes("/proxies", again=proxies_page, name="give_proxy", policy=("proxy.give", "proxy.record"))
    def give_proxy(self, db: Db, work: Work, actor: Actor, found: KnownFrame, data: FormBody[ProxyForm]) -> Done:
        """Give one's vote to another, record that somebody has, or revoke it."""
        if data.revoked:
            ProxyService(db).revoke(found.declaration, known_id(data.revoked, "id"), actor=actor)
            return Done("proxies", work.messages.gettext(REVOKED))
        ProxyService(db).give(found.declaration, data.to_terms(), actor=actor)
        return Done("proxies", work.messages.gettext(GIVEN))

    @takes(again=questions_page, name="put_question", policy=("question.put", "consensus.declare"))
    def put(self, db: Db, work: Work, actor: Actor, found: KnownFrame, data: FormBody[OpenQuestionForm]) -> Done:
        """Put a vote or a silence procedure to the room, or note that nobody objected."""
        if data.means not in set(Means):
            raise NotFound(what="means", id=data.means)
        data, service = _named(db, found.declaration, data, actor), QuestionService(db)
        if data.means == Means.VOTE.value:
            put = service.put_vote(found.declaration, data.what(), record_date=data.day(), actor=actor)
        elif data.means == Means.CONSENSUS.value:
            put = service.note_consensus(found.declaration, data.what(), actor=actor)
        else:
            put = service.put_silence(found.declaration, data.closes, data.zone, actor=actor)
        said = NOTED if put.end else ASKED if put.means is Means.CONSENSUS else PUT
        return Done("question", work.messages.gettext(said), at={"question": put.number})

    @get("/{question:int}", name="question", policy=KNOW)
    def question(self, work: Work, forum: Slug, declaration: Slug, question: FromPath[int]) -> Response[str]:
        """One question, to read and to answer."""
        return question_page(work, forum, declaration, question)

    @takes(
        "/{question:int}/answers", again=question_page, name="answer_question", policy=("vote.cast", "silence.object")
    )
    def answer(
        self, db: Db, work: Work, found: KnownFrame, question: FromPath[int], data: FormBody[AnswerForm]
    ) -> Done:
        """Vote; or say that one has read the text of a silence procedure, or break the silence."""
        service = QuestionService(db)
        put = service.numbered(found.declaration, question, actor=work.actor)
        policy.ensure_may_answer(work.actor, put)
        return Done("question", work.messages.gettext(_answered(service, put, data, work.actor)))

    @takes(
        "/{question:int}/end",
        again=question_page,
        name="end_question",
        policy=("question.put", "consensus.declare", "request.confirm", "amendment.decide_adopt_undo"),
    )
    def end(self, db: Db, work: Work, found: KnownFrame, question: FromPath[int], data: FormBody[EndForm]) -> Done:
        """Close the vote or have it taken again, take the question or consensus back, confirm that, or decide."""
        service = QuestionService(db)
        ended = _end(service, service.numbered(found.declaration, question, actor=work.actor), data, work.actor)
        said = {"decide": DECIDED, "retake": PUT}.get(data.act, ENDED)
        return Done("question", work.messages.gettext(said), at={"question": ended.number})


def _named(db: Db, declaration: Declaration, data: OpenQuestionForm, actor: Actor) -> OpenQuestionForm:
    """The form with the amendment that was typed in it as what it is about."""
    if not data.number.strip():
        return data
    policy.ensure_may_put(actor, declaration, Means.CONSENSUS)
    return replace(data, about=f"amendment:{ensure_known(db, declaration, data.number.strip(), actor=actor)}")


def _end(service: QuestionService, question: Question, data: EndForm, actor: Actor) -> Question:
    """Do what the form says, and answer with the question to show after it."""
    if data.act == "retake":
        return service.retake(question, data.reason, actor=actor)
    if data.act == "decide":
        service.carry_out(question, reason=data.reason, expected_head=known_id(data.head, "id"), actor=actor)
    elif data.act == "withdraw":
        service.withdraw(question, data.reason, actor=actor)
    elif data.act == "confirm":
        service.confirm(question, actor=actor)
    elif data.act == "take_back":
        service.take_back(question, data.reason, actor=actor)
    elif not data.sure and visible_question(service, question, actor=actor).lacks_quorum:
        raise Invalid(field="sure", reason="not_sure")
    else:
        service.close(question, actor=actor)
    return question


def _answered(service: QuestionService, question: Question, data: AnswerForm, actor: Actor) -> str:
    """Do what the form says, and answer with what it came to."""
    if question.means is Means.VOTE:
        service.cast(question, data.chosen(), proxy=known_id(data.proxy, "id") if data.proxy else None, actor=actor)
        return VOTED
    if data.act == "read":
        service.receive(question, actor=actor)
        return READ
    service.object(question, data.reason, block_id=data.block_id(), actor=actor)
    return OBJECTED


class FloorForm(Struct, frozen=True):
    """What to put on the table: "next", "previous", "clear", what the list names ("amendment:7"), or the number of an
    amendment.
    """

    go: str = ""
    about: str = ""
    number: str = ""


class PlenaryPage(Page, frozen=True, kw_only=True):
    """`screen` is what is on the table; `question_href` leads to what was last put about it."""

    name: str
    revision: int
    screen: ScreenView
    question_href: str
    may_give: bool
    choices: SubjectChoices
    about: str
    is_public: bool
    may_open: bool
    has_clock: bool


class PlenaryPages(Controller):
    """The screen of one declaration."""

    path = "/{forum:str}/{declaration:str}/plenary"

    @shows("procedure/plenary.html", name="plenary", policy="head.read")
    def plenary(self, db: Db, work: Work, found: FollowedFrame) -> PlenaryPage:
        """What is on the table."""
        return _context(db, found, work)

    @takes(again=said_at("plenary"), name="give_floor_to", policy="floor.give")
    def give(self, db: Db, actor: Actor, found: FollowedFrame, data: FormBody[FloorForm]) -> Done:
        """Put something else on the table."""
        _give(db, found.declaration, data, actor)
        return Done("plenary")


def _give(db: Db, declaration: Declaration, data: FloorForm, actor: Actor) -> None:
    floor = CurrentItemService(db)
    kind, _, which = data.about.partition(":")
    if data.go in {"next", "previous"}:
        floor.step(declaration, 1 if data.go == "next" else -1, actor=actor)
    elif data.number.strip() and not data.go:
        ensure_may(actor, "floor.give", declaration)
        number = ensure_known(db, declaration, data.number.strip(), actor=actor)
        floor.give(declaration, amendment=number, actor=actor)
    elif kind == "amendment" and (chosen := whole_number(which)) is not None:
        floor.give(declaration, amendment=chosen, actor=actor)
    else:
        floor.give(declaration, block_id=known_id(which, "id") if kind == "paragraph" else None, actor=actor)


def _context(db: Db, found: Frame, work: Work) -> PlenaryPage:
    actor, floor, screens = work.actor, CurrentItemService(db), ScreenService(db)
    topics, table = VoteSubjects(db, found, work), floor.now(found.declaration, actor=actor)
    view = Screen(db, found, work, actor=actor).view(table, is_of_vote=True)
    may_give = policy.may_give_floor(actor, found.declaration)
    order = floor.order(found.declaration, actor=actor)
    here = {"forum": found.forum.slug, "declaration": found.declaration.slug}
    return PlenaryPage(
        **heading(found, "questions", work=work),
        revision=found.declaration.head.number,
        screen=view,
        question_href=work.url_for("question", **here, question=view.vote.seen.number) if view.vote else "",
        may_give=may_give,
        choices=_choices(db, found, topics, work, order) if may_give else SubjectChoices(),
        about=_about(table, view.vote.seen if view.vote else None),
        is_public=screens.is_public(found.declaration),
        may_open=may_give and policy.may_watch(NOBODY, found.declaration, is_public=True),
        has_clock=view.clock_ends_at is not None,
    )


def _choices(db: Db, found: Frame, topics: VoteSubjects, work: Work, order: Agenda) -> SubjectChoices:
    """What can lie on the table: amendments and paragraphs."""
    address = work.url_for("plenary", forum=found.forum.slug, declaration=found.declaration.slug)
    every = subject_choices(db, found, topics, work, order=order, address=address)
    return replace(
        every, abouts=[subject for subject in every.abouts if subject[0].startswith(("amendment:", "paragraph:"))]
    )


def _about(table: CurrentItem, seen: QuestionView | None) -> str:
    """The choice that is what the room looks at: what lies on the table, or what a question is about without it."""
    if table.amendment is not None:
        return f"amendment:{table.amendment.number}"
    if table.block_id is None and seen is not None and seen.amendment is not None:
        return f"amendment:{seen.amendment}"
    block_id = table.block_id or (seen.block_id if seen else None)
    return f"paragraph:{block_id}" if block_id else ""
