"""The pages of what is put to the room: the list with the rules, and one question to answer, from a phone too."""

from collections.abc import Sequence
from typing import Annotated
from zoneinfo import ZoneInfo

from litestar import Controller
from msgspec import Struct
from msgspec.structs import asdict, replace

from drafts.merge.rebase import RebaseStatus
from workspace.amendments.views.amendment import STATUSES
from workspace.core import clock
from workspace.core.actor import NOBODY, Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage.db import Db
from workspace.core.validation import known_id, whole_number
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import ensure_may
from workspace.declarations.frame import Frame, framed, heading
from workspace.declarations.pages.phases import ASKED
from workspace.procedure import policy
from workspace.procedure.agenda import Agenda, CurrentItem, CurrentItemService
from workspace.procedure.electorate import WeightService
from workspace.procedure.models import Means, Question
from workspace.procedure.policy import KNOW
from workspace.procedure.screen import FollowedFrame, Screen, ScreenService, ScreenView
from workspace.procedure.service import QuestionService
from workspace.procedure.store import VotingRules
from workspace.procedure.subjects import SubjectChoices, VoteSubjects, ensure_known, subject_choices
from workspace.procedure.unsettled import unsettled
from workspace.procedure.views import (
    BALLOTS,
    CHOICES,
    MAJORITIES,
    MEANS,
    AnswerForm,
    BallotForm,
    EndForm,
    OpenQuestionForm,
    ProxiesPage,
    ProxyForm,
    QuestionLine,
    QuestionPage,
    QuestionsPage,
    RulesForm,
    RulesPage,
    WeightsForm,
    result,
)
from workspace.procedure.visibility import QuestionView, is_barred, visible_question, voice_of
from workspace.procedure.voting.proxies import ProxyService
from workspace.procedure.voting.requests import BallotLine, BallotService
from workspace.web.http.request_context import FormBody, FromPath, Work
from workspace.web.i18n.marking import N_
from workspace.web.pages import Done, Page, PageNumbers, field_errors, said_at, shows, takes

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
A_PAGE = 50  # questions
KnownFrame = Annotated[Frame, framed(policy.may_know)]


class QuestionPages(Controller):
    """What is put to the room of one declaration."""

    path = "/{forum:str}/{declaration:str}/questions"

    @shows("procedure/questions.html", name="questions", policy=KNOW)
    def questions(
        self,
        db: Db,
        work: Work,
        found: KnownFrame,
        form: OpenQuestionForm | BallotForm | None = None,
        refusal: Invalid | None = None,
    ) -> QuestionsPage:
        """Everything that was put, newest first."""
        actor = work.actor
        service, topics = QuestionService(db), VoteSubjects(db, found, work)
        address = work.url_from_here("questions")
        leaf = _leaf(service, found, work, address)
        may_put = policy.may_put(actor, found.declaration, Means.VOTE)
        may_note = policy.may_put(actor, found.declaration, Means.CONSENSUS)
        may_request = policy.may_request_ballot(actor, found.declaration)
        return QuestionsPage(
            **heading(found, "questions", work=work),
            means=MEANS,
            majorities=MAJORITIES,
            lines=[
                _line(visible_question(service, question, actor=actor), topics, found, work)
                for question in leaf.questions
            ],
            pages=leaf.pages,
            is_any_open=bool(service.open_ones(found.declaration)),
            switches=service.rules(found.declaration),
            form=form if isinstance(form, OpenQuestionForm) else _prefilled(work, found),
            choices=_to_put(db, found, topics, work, address)
            if may_put or may_note or may_request
            else SubjectChoices(),
            open_matters=[*unsettled(db, found.declaration).lines(work.messages).values()] if may_put else (),
            revision=found.declaration.head.number,
            may_put=may_put,
            may_note=may_note,
            has_plenary=policy.may_follow(actor, found.declaration),
            requests=_requests(db, found, topics, work),
            ballots=BALLOTS,
            ballot=form
            if isinstance(form, BallotForm)
            else BallotForm(about=work.request.query_params.get("about", "")),
            may_request=may_request,
            errors=field_errors(work, refusal),
        )

    @shows("procedure/rules.html", "/rules", name="rules", policy=KNOW)
    def rules(
        self,
        db: Db,
        work: Work,
        found: KnownFrame,
        form: RulesForm | WeightsForm | None = None,
        refusal: Invalid | None = None,
    ) -> RulesPage:
        """By which rules the plenary decides, and how votes weigh."""
        switches = QuestionService(db).rules(found.declaration)
        may_set = policy.may_set_rules(work.actor, found.declaration)
        return RulesPage(
            **heading(found, "questions", work=work),
            means=MEANS,
            majorities=MAJORITIES,
            switches=switches,
            rules=form if isinstance(form, RulesForm) else _form_of(switches),
            weights=WeightService(db).listed(found.declaration, actor=work.actor) if may_set else (),
            may_set=may_set,
            errors=field_errors(work, refusal),
        )

    @takes("/rules", again=rules, name="set_rules", policy="procedure.set")
    def set_rules(self, db: Db, work: Work, actor: Actor, found: KnownFrame, data: FormBody[RulesForm]) -> Done:
        """Keep the rules by which the room agrees."""
        QuestionService(db).set_rules(found.declaration, data.switches(), actor=actor)
        return Done("rules", work.messages.gettext(RULES_KEPT))

    @takes("/weights", again=rules, name="set_weights", policy="procedure.set")
    def set_weights(self, db: Db, work: Work, actor: Actor, found: KnownFrame, data: FormBody[WeightsForm]) -> Done:
        """Keep how often each vote counts."""
        WeightService(db).set(found.declaration, data.weights(), actor=actor)
        return Done("rules", work.messages.gettext(WEIGHED))

    @takes("/requests", again=questions, name="request_ballot", policy="ballot.request")
    def request_ballot(self, db: Db, work: Work, actor: Actor, found: KnownFrame, data: FormBody[BallotForm]) -> Done:
        """Request how a vote is taken, or withdraw that."""
        if data.withdrawn:
            BallotService(db).withdraw(found.declaration, known_id(data.withdrawn, "id"), actor=actor)
            return Done("questions", work.messages.gettext(WITHDRAWN))
        what = OpenQuestionForm(about=data.about, part=data.part).what()
        QuestionService(db).request_ballot(found.declaration, data.chosen(), what, actor=actor)
        return Done("questions", work.messages.gettext(REQUESTED))

    @shows("procedure/proxies.html", "/proxies", name="proxies", policy=KNOW)
    def proxies(
        self, db: Db, work: Work, found: KnownFrame, form: ProxyForm | None = None, refusal: Invalid | None = None
    ) -> ProxiesPage:
        """Who votes for whom."""
        proxies = ProxyService(db).listed(found.declaration, actor=work.actor)
        numbers = [put.number for put in QuestionService(db).open_ones(found.declaration) if put.means is Means.VOTE]
        return ProxiesPage(
            **heading(found, "questions", work=work),
            proxies=proxies,
            votes=[(str(number), work.messages.gettext("Vote %(number)s", number=number)) for number in numbers],
            may_give=proxies.own is not None and policy.may_give_proxy(work.actor, found.declaration),
            may_record=policy.may_record_proxy(work.actor, found.declaration),
            form=form or ProxyForm(),
            errors=field_errors(work, refusal),
        )

    @takes("/proxies", again=proxies, name="give_proxy", policy=("proxy.give", "proxy.record"))
    def give_proxy(self, db: Db, work: Work, actor: Actor, found: KnownFrame, data: FormBody[ProxyForm]) -> Done:
        """Give one's vote to another, record that somebody has, or revoke it."""
        if data.revoked:
            ProxyService(db).revoke(found.declaration, known_id(data.revoked, "id"), actor=actor)
            return Done("proxies", work.messages.gettext(REVOKED))
        ProxyService(db).give(found.declaration, data.to_terms(), actor=actor)
        return Done("proxies", work.messages.gettext(GIVEN))

    @takes(again=questions, name="put_question", policy=("question.put", "consensus.declare"))
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

    @shows("procedure/question.html", "/{question:int}", name="question", policy=KNOW)
    def question(
        self,
        *,
        db: Db,
        work: Work,
        found: KnownFrame,
        question: FromPath[int],
        form: AnswerForm | EndForm | None = None,
        refusal: Invalid | None = None,
    ) -> QuestionPage:
        """One question, to read and to answer."""
        actor = work.actor
        service, topics = QuestionService(db), VoteSubjects(db, found, work)
        put = service.numbered(found.declaration, question, actor=actor)
        seen = visible_question(service, put, actor=actor)
        zone = ZoneInfo(seen.zone or found.forum.timezone)
        may_object = seen.may_answer and seen.means is Means.SILENCE
        return QuestionPage(
            **heading(found, "questions", work=work),
            title=topics.title(seen),
            state=topics.state(seen),
            seen=replace(
                seen, receipts=[replace(receipt, at=receipt.at.astimezone(zone)) for receipt in seen.receipts]
            ),
            choices=CHOICES,
            majorities=MAJORITIES,
            topic=topics.topic(seen),
            result=result(seen, work.messages),
            closes=seen.closes_at.astimezone(zone) if seen.closes_at else None,
            closes_utc=seen.closes_at,
            put_at=seen.put_at.astimezone(zone),
            ended_at=seen.end.at.astimezone(zone) if seen.end else None,
            reversed_at=seen.end.reversed_at.astimezone(zone) if seen.end and seen.end.reversed_at else None,
            undone_at=seen.end.undone.at.astimezone(zone) if seen.end and seen.end.undone else None,
            objected_to=topics.passages.name_of(str(seen.end.block_id)) if seen.end and seen.end.block_id else "",
            paragraphs=_paragraphs(db, found, topics) if may_object else (),
            may_object=may_object,
            head=str(found.declaration.head_id),
            reason=f"{topics.title(seen)}. {topics.state(seen).words}. {result(seen, work.messages)}".strip()
            if seen.end
            else "",
            form=form if isinstance(form, AnswerForm) else AnswerForm(),
            voice=voice_of(service, put, actor=actor),
            requested_by=[
                f"{work.messages.gettext(BALLOTS[request.kind])}{work.messages.gettext(':')} "
                f"{request.organisation.name}"
                for request in BallotService(db).of_question(put)
            ],
            own_page=work.url_from_here("person", person_id=actor.person_id) if is_barred(put, actor) else "",
            errors=field_errors(work, refusal),
        )

    @takes("/{question:int}/answers", again=question, name="answer_question", policy=("vote.cast", "silence.object"))
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
        again=question,
        name="end_question",
        policy=("question.put", "consensus.declare", "request.confirm", "amendment.decide_adopt_undo"),
    )
    def end(self, db: Db, work: Work, found: KnownFrame, question: FromPath[int], data: FormBody[EndForm]) -> Done:
        """Close the vote or have it taken again, take the question or consensus back, confirm that, or decide."""
        service = QuestionService(db)
        ended = _end(service, service.numbered(found.declaration, question, actor=work.actor), data, work.actor)
        said = {"decide": DECIDED, "retake": PUT}.get(data.act, ENDED)
        return Done("question", work.messages.gettext(said), at={"question": ended.number})


def _prefilled(work: Work, found: Frame) -> OpenQuestionForm:
    """The vote that a link names, to be put today."""
    asked, zone = work.request.query_params, found.forum.timezone
    means = Means.VOTE.value if asked.get("about") else ""
    about, part = asked.get("about", ""), asked.get("part", "")
    return OpenQuestionForm(means=means, about=about, part=part, zone=zone, record_date=clock.today(zone).isoformat())


def _requests(db: Db, found: Frame, topics: VoteSubjects, work: Work) -> list[tuple[BallotLine, str, str]]:
    lines = []
    for seen in BallotService(db).pending(found.declaration, actor=work.actor):
        if seen.amendment is not None:
            title, about = topics.amendment(seen.amendment, is_short=True).name, f"amendment:{seen.amendment}"
        elif seen.block_id is not None:
            title, about = topics.paragraph(seen.block_id, is_short=True).name, f"paragraph:{seen.block_id}"
        else:
            title, about = work.messages.gettext(N_("the whole text")), "text"
        lines.append((seen, title, about))
    return lines


def _to_put(db: Db, found: Frame, topics: VoteSubjects, work: Work, address: str) -> SubjectChoices:
    order = CurrentItemService(db).order(found.declaration, actor=work.actor)
    every = subject_choices(db, found, topics, work, order=order, address=address)
    numbers = [int(value.partition(":")[2]) for value, _ in every.abouts if value.startswith("amendment:")]
    waiting = {f"amendment:{number}" for number in QuestionService(db).waiting(found.declaration, numbers)}
    changed = work.messages.gettext(STATUSES[RebaseStatus.COLLIDES][0].words)
    abouts = [(value, f"{words} ({changed})" if value in waiting else words) for value, words in every.abouts]
    return replace(every, abouts=abouts, waiting=waiting)


class _QuestionListPage(Struct, frozen=True):
    """One page of what was put to the room."""

    pages: PageNumbers
    questions: Sequence[Question]


def _leaf(service: QuestionService, found: Frame, work: Work, address: str) -> _QuestionListPage:
    count = max(1, -(-service.how_many(found.declaration) // A_PAGE))
    number = max(1, min(whole_number(work.request.query_params.get("page", "")) or 1, count))
    questions = service.of_declaration(found.declaration, actor=work.actor, offset=(number - 1) * A_PAGE, limit=A_PAGE)
    return _QuestionListPage(PageNumbers.of(number, count, lambda page: f"{address}?page={page}"), questions)


def _line(seen: QuestionView, topics: VoteSubjects, found: Frame, work: Work) -> QuestionLine:
    here = {"forum": found.forum.slug, "declaration": found.declaration.slug}
    return QuestionLine(
        title=topics.title(seen),
        href=work.url_for("question", **here, question=seen.number),
        state=topics.state(seen),
        put_at=found.forum.local(seen.put_at),
        result=result(seen, work.messages),
    )


def _form_of(switches: VotingRules) -> RulesForm:
    values = asdict(switches)
    return RulesForm(
        **{name: str(value) if value is not True else "yes" for name, value in values.items() if value is not False}
    )


def _paragraphs(db: Db, found: Frame, topics: VoteSubjects) -> list[tuple[str, str]]:
    rows = queries.head_rows(db, found.declaration)
    return [(row.id, topics.passages.name_of(row.id)) for row in rows]


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
    amendment. `since` is when what the form shows was put there: if something else was meanwhile, no step is taken.
    """

    go: str = ""
    since: str = ""
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
    since: str


class PlenaryPages(Controller):
    """The screen of one declaration."""

    path = "/{forum:str}/{declaration:str}/plenary"

    @shows("procedure/plenary.html", name="plenary", policy="head.read")
    def plenary(self, db: Db, work: Work, found: FollowedFrame) -> PlenaryPage:
        """What is on the table."""
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
            since=str(table.since),
        )

    @takes(again=said_at("plenary"), name="give_floor_to", policy="floor.give")
    def give(self, db: Db, actor: Actor, found: FollowedFrame, data: FormBody[FloorForm]) -> Done:
        """Put something else on the table."""
        _give(db, found.declaration, data, actor)
        return Done("plenary")


def _give(db: Db, declaration: Declaration, data: FloorForm, actor: Actor) -> None:
    floor = CurrentItemService(db)
    kind, _, which = data.about.partition(":")
    if data.go in {"next", "previous"}:
        if data.since in {"", str(floor.now(declaration, actor=actor).since)}:
            floor.step(declaration, 1 if data.go == "next" else -1, actor=actor)
    elif data.number.strip() and not data.go:
        ensure_may(actor, "floor.give", declaration)
        number = ensure_known(db, declaration, data.number.strip(), actor=actor)
        floor.give(declaration, amendment=number, actor=actor)
    elif kind == "amendment" and (chosen := whole_number(which)) is not None:
        floor.give(declaration, amendment=chosen, actor=actor)
    else:
        floor.give(declaration, block_id=known_id(which, "id") if kind == "paragraph" else None, actor=actor)


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
