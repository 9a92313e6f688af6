"""What the pages of questions show: the list with the rules, and one question."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from litestar import Response
from msgspec import Struct, field
from msgspec.structs import replace

from workspace.core import clock
from workspace.core.db import Db
from workspace.core.errors import Invalid
from workspace.declarations import queries
from workspace.declarations.frame import Frame, frame
from workspace.procedure import question_policy as policy
from workspace.procedure.asked import Switches
from workspace.procedure.choices import LONGEST_NUMBER, Choices, choices
from workspace.procedure.floors import FloorService
from workspace.procedure.models import Choice, Majority, Means, Question
from workspace.procedure.question_forms import AnswerForm, PutForm, RulesForm
from workspace.procedure.questions import QuestionService
from workspace.procedure.seen import SeenQuestion, Voice, is_barred, see, voice_of
from workspace.procedure.subjects import State, Topic, Topics
from workspace.procedure.weights import Weighed, WeightService
from workspace.web.i18n import N_, Messages
from workspace.web.pages import Page, field_errors, page
from workspace.web.services import Work

REFUSED = 422
A_PAGE = 50  # questions
MEANS: Mapping[Means, str] = {
    Means.CONSENSUS: N_("Consensus"),
    Means.SILENCE: N_("Silence procedure"),
    Means.VOTE: N_("Vote"),
}
MAJORITIES: Mapping[Majority, str] = {
    Majority.SIMPLE: N_("more than half"),
    Majority.TWO_THIRDS: N_("two thirds"),
}
CHOICES: Mapping[Choice, str] = {Choice.YES: N_("Yes"), Choice.NO: N_("No"), Choice.ABSTAIN: N_("Abstain")}


class QuestionLine(Struct, frozen=True):
    """A question in the list."""

    title: str
    href: str
    state: State
    put_at: datetime
    result: str


class QuestionsPage(Page, frozen=True, kw_only=True):
    """What was put to the room, page by page, and how it agrees. `choices` is what can be put."""

    name: str
    lines: Sequence[QuestionLine]
    page_number: int
    page_count: int
    previous: str
    following: str
    means: Mapping[Means, str]
    majorities: Mapping[Majority, str]
    is_any_open: bool
    switches: Switches
    rules: RulesForm
    weights: Sequence[Weighed]
    form: PutForm
    choices: Choices
    zones: str
    may_set: bool
    may_put: bool
    may_note: bool
    has_plenary: bool
    errors: Mapping[str, str]


class QuestionPage(Page, frozen=True, kw_only=True):
    """One question. `result` are the numbers in a sentence, "" while they are not open."""

    name: str
    title: str
    state: State
    seen: SeenQuestion
    choices: Mapping[Choice, str]
    majorities: Mapping[Majority, str]
    topic: Topic
    result: str
    closes: datetime | None
    closes_utc: datetime | None
    put_at: datetime
    ended_at: datetime | None
    objected_to: str
    paragraphs: Sequence[tuple[str, str]]
    may_object: bool
    head: str
    reason: str
    form: AnswerForm
    voice: Voice | None
    own_page: str  # where the reader appoints a deputy, whose it is to decide; "" where it is not needed
    errors: Mapping[str, str] = field(default_factory=dict)


def listed(
    work: Work,
    forum: str,
    declaration: str,
    *,
    rules: RulesForm | None = None,
    form: PutForm | None = None,
    refusal: Invalid | None = None,
) -> Response[str]:
    actor = work.actor
    with work.reading() as db:
        found = frame(db, forum, declaration, work=work, may=policy.may_know)
        service, topics = QuestionService(db), Topics(db, found, work)
        address = work.url_for("questions", forum=forum, declaration=declaration)
        leaf = _leaf(service, found, work, address)
        switches = service.rules(found.declaration)
        may_set = policy.may_set_rules(actor, found.declaration)
        may_put = policy.may_put(actor, found.declaration, Means.VOTE)
        may_note = policy.may_put(actor, found.declaration, Means.CONSENSUS)
        context = QuestionsPage(
            place=found.place,
            here="questions",
            name=found.declaration.name.said_in(work.language),
            means=MEANS,
            majorities=MAJORITIES,
            lines=[_line(see(service, one, actor=actor), topics, found, work) for one in leaf.questions],
            page_number=leaf.number,
            page_count=leaf.count,
            previous=leaf.previous,
            following=leaf.following,
            is_any_open=bool(service.open_ones(found.declaration)),
            switches=switches,
            rules=rules or _form_of(switches),
            weights=WeightService(db).listed(found.declaration, actor=actor) if may_set else (),
            form=form or PutForm(zone=found.forum.timezone, record_date=clock.today(found.forum.timezone).isoformat()),
            choices=_choices(db, found, topics, work, address) if may_put or may_note else Choices(),
            zones=found.forum.timezone,
            may_set=may_set,
            may_put=may_put,
            may_note=may_note,
            has_plenary=policy.may_follow(actor, found.declaration),
            errors=field_errors(work, refusal) if refusal else {},
        )
    return page(work, "procedure/questions.html", context, status=REFUSED if refusal else 200)


def _choices(db: Db, found: Frame, topics: Topics, work: Work, address: str) -> Choices:
    order = FloorService(db).order(found.declaration, actor=work.actor)
    return choices(db, found, topics, work, order=order, address=address)


class _Leaf(Struct, frozen=True):
    """One page of what was put to the room, and the addresses of those around it."""

    number: int
    count: int
    previous: str
    following: str
    questions: Sequence[Question]


def _leaf(service: QuestionService, found: Frame, work: Work, address: str) -> _Leaf:
    count = max(1, -(-service.how_many(found.declaration) // A_PAGE))
    asked = work.request.query_params.get("page", "")
    number = min(int(asked), count) if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_NUMBER else 1
    number = max(1, number)
    questions = service.of_declaration(found.declaration, actor=work.actor, offset=(number - 1) * A_PAGE, limit=A_PAGE)
    return _Leaf(
        number,
        count,
        f"{address}?page={number - 1}" if number > 1 else "",
        f"{address}?page={number + 1}" if number < count else "",
        questions,
    )


def _line(seen: SeenQuestion, topics: Topics, found: Frame, work: Work) -> QuestionLine:
    here = {"forum": found.forum.slug, "declaration": found.declaration.slug}
    return QuestionLine(
        title=topics.title(seen),
        href=work.url_for("question", **here, question=seen.number),
        state=topics.state(seen),
        put_at=found.forum.local(seen.put_at),
        result=result(seen, work.messages),
    )


def result(seen: SeenQuestion, messages: Messages) -> str:
    """The numbers of a closed vote in a sentence; "" where there are none that the reader may know."""
    if seen.end is None or seen.end.tally is None:
        return ""
    tally = seen.end.tally
    if seen.is_weighted:
        return messages.gettext(
            "By weight: %(yes)s yes, %(no)s no, %(abstain)s in abstentions; %(needed)s yes were needed, "
            "of %(eligible)s votes in all.",
            yes=tally.yes,
            no=tally.no,
            abstain=tally.abstain,
            needed=seen.end.needed,
            eligible=tally.eligible,
        )
    counted = messages.ngettext("%(count)s abstention", "%(count)s abstentions", tally.abstain, count=tally.abstain)
    return messages.gettext(
        "%(yes)s yes, %(no)s no, %(abstentions)s; %(needed)s yes were needed, and %(eligible)s could vote.",
        yes=tally.yes,
        no=tally.no,
        abstentions=counted,
        needed=seen.end.needed,
        eligible=tally.eligible,
    )


def _form_of(switches: Switches) -> RulesForm:
    return RulesForm(
        means=switches.means.value,
        majority=switches.majority.value,
        quorum=str(switches.quorum),
        abstentions_count="yes" if switches.abstentions_count else "",
        is_roll_call="yes" if switches.is_roll_call else "",
        one_voice="yes" if switches.one_voice else "",
        is_weighted="yes" if switches.is_weighted else "",
    )


def one(
    work: Work,
    forum: str,
    declaration: str,
    number: int,
    *,
    form: AnswerForm | None = None,
    refusal: Invalid | None = None,
) -> Response[str]:
    actor = work.actor
    with work.reading() as db:
        found = frame(db, forum, declaration, work=work, may=policy.may_know)
        service, topics = QuestionService(db), Topics(db, found, work)
        question = service.numbered(found.declaration, number, actor=actor)
        seen = see(service, question, actor=actor)
        zone = ZoneInfo(seen.zone or found.forum.timezone)
        may_object = seen.may_answer and seen.means is Means.SILENCE
        context = QuestionPage(
            place=found.place,
            here="questions",
            name=found.declaration.name.said_in(work.language),
            title=topics.title(seen),
            state=topics.state(seen),
            seen=_at_place(seen, zone),
            choices=CHOICES,
            majorities=MAJORITIES,
            topic=topics.topic(seen),
            result=result(seen, work.messages),
            closes=seen.closes_at.astimezone(zone) if seen.closes_at else None,
            closes_utc=seen.closes_at,
            put_at=seen.put_at.astimezone(zone),
            ended_at=seen.end.at.astimezone(zone) if seen.end else None,
            objected_to=topics.passages.name_of(str(seen.end.block_id)) if seen.end and seen.end.block_id else "",
            paragraphs=_paragraphs(db, found, topics) if may_object else (),
            may_object=may_object,
            head=str(found.declaration.head_id),
            reason=_grounds(seen, topics, work),
            form=form or AnswerForm(),
            voice=voice_of(service, question, actor=actor),
            own_page=work.url_for("person", forum=forum, person_id=actor.person_id)
            if is_barred(question, actor)
            else "",
            errors=field_errors(work, refusal) if refusal else {},
        )
    return page(work, "procedure/question.html", context, status=REFUSED if refusal else 200)


def _at_place(seen: SeenQuestion, zone: ZoneInfo) -> SeenQuestion:
    """With the moments of its receipts as the clock stood where the others are told."""
    return replace(seen, receipts=[replace(one, at=one.at.astimezone(zone)) for one in seen.receipts])


def _paragraphs(db: Db, found: Frame, topics: Topics) -> list[tuple[str, str]]:
    rows = queries.head_rows(db, found.declaration)
    return [(row.id, topics.passages.name_of(row.id)) for row in rows]


def _grounds(seen: SeenQuestion, topics: Topics, work: Work) -> str:
    """What a decision that carries it out says as its reason, for the chair to add to."""
    return (
        f"{topics.title(seen)}. {topics.state(seen).words}. {result(seen, work.messages)}".strip() if seen.end else ""
    )
