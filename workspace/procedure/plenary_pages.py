"""The screen of the plenary: what is on the table, in large letters and every language, and how its vote stands."""

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct
from msgspec.structs import replace

from workspace.amendments.models import Amendment
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid
from workspace.declarations.frame import Frame, frame
from workspace.declarations.models import Declaration
from workspace.declarations.policy import ensure_may
from workspace.procedure import question_policy as policy
from workspace.procedure.choices import Choices, choices, ensure_known
from workspace.procedure.floors import FloorService, OnTheTable
from workspace.procedure.models import Question
from workspace.procedure.order import Order
from workspace.procedure.question_forms import id_of
from workspace.procedure.question_views import result
from workspace.procedure.questions import QuestionService
from workspace.procedure.seen import SeenQuestion, see
from workspace.procedure.subjects import State, Topic, Topics
from workspace.web.pages import Page, page, redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.sentences import sentence
from workspace.web.services import Work


class FloorForm(Struct, frozen=True):
    """What to put on the table: "next", "previous", "clear", what the list names ("amendment:7"), or the number of an
    amendment.
    """

    go: str = ""
    about: str = ""
    number: str = ""


class PlenaryPage(Page, frozen=True, kw_only=True):
    """`question` is what was last put about the thing on the table; `decision` is the amendment's state in words."""

    name: str
    revision: int
    topic: Topic | None
    question: SeenQuestion | None
    question_href: str
    state: State | None
    result: str
    place_in_order: int
    order: int
    may_give: bool
    choices: Choices
    about: str


class PlenaryPages(Controller):
    """The screen of one declaration."""

    path = "/{forum:str}/{declaration:str}/plenary"

    @get(name="plenary", sync_to_thread=True, policy="head.read")
    def plenary(self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
        """What is on the table."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=policy.may_follow)
            context = _context(db, found, work)
        return page(work, "procedure/plenary.html", context)

    @post(name="give_floor_to", sync_to_thread=True, policy="floor.give")
    def give(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[FloorForm],
    ) -> Response[None]:
        """Put something else on the table."""
        to = work.url_for("plenary", forum=forum, declaration=declaration)
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_follow).declaration
                _give(db, found, data, work.actor)
        except Invalid as refusal:
            return redirect(work, to, said=sentence(refusal, work.messages))
        return redirect(work, to)


def _give(db: Db, declaration: Declaration, data: FloorForm, actor: Actor) -> None:
    floor = FloorService(db)
    kind, _, which = data.about.partition(":")
    if data.go in {"next", "previous"}:
        floor.step(declaration, 1 if data.go == "next" else -1, actor=actor)
    elif data.number.strip() and not data.go:
        ensure_may(actor, "floor.give", declaration)
        number = ensure_known(db, declaration, data.number.strip(), actor=actor)
        floor.give(declaration, amendment=number, actor=actor)
    elif kind == "amendment" and which.isdecimal():
        floor.give(declaration, amendment=int(which[:9]), actor=actor)
    else:
        floor.give(declaration, block_id=id_of(which) if kind == "paragraph" else None, actor=actor)


def _context(db: Db, found: Frame, work: Work) -> PlenaryPage:
    actor, floor, topics = work.actor, FloorService(db), Topics(db, found, work)
    table = floor.now(found.declaration, actor=actor)
    service = QuestionService(db)
    asked = _question(service, found, table)
    seen = see(service, asked, actor=actor) if asked else None
    may_give = policy.may_give_floor(actor, found.declaration)
    order = floor.order(found.declaration, actor=actor)
    here = {"forum": found.forum.slug, "declaration": found.declaration.slug}
    return PlenaryPage(
        place=found.place,
        here="questions",
        name=found.declaration.name.said_in(work.language),
        revision=found.declaration.head.number,
        topic=_topic(topics, table) or _asked_about(topics, seen),
        question=seen,
        question_href=work.url_for("question", **here, question=seen.number) if seen else "",
        state=topics.state(seen) if seen else None,
        result=result(seen, work.messages) if seen else "",
        place_in_order=_place(order, table.amendment),
        order=len(order),
        may_give=may_give,
        choices=_choices(db, found, topics, work, order) if may_give else Choices(),
        about=_about(table, seen),
    )


def _choices(db: Db, found: Frame, topics: Topics, work: Work, order: Order) -> Choices:
    """What can lie on the table: amendments and paragraphs."""
    address = work.url_for("plenary", forum=found.forum.slug, declaration=found.declaration.slug)
    every = choices(db, found, topics, work, order=order, address=address)
    return replace(
        every, abouts=[subject for subject in every.abouts if subject[0].startswith(("amendment:", "paragraph:"))]
    )


def _topic(topics: Topics, table: OnTheTable) -> Topic | None:
    if table.amendment is not None:
        return topics.amendment(table.amendment.number)
    return topics.paragraph(table.block_id) if table.block_id else None


def _asked_about(topics: Topics, seen: SeenQuestion | None) -> Topic | None:
    """The amendment or paragraph that a question is about while the table is empty; nothing for the whole text."""
    if seen is None or (seen.amendment is None and seen.block_id is None):
        return None
    return topics.topic(seen)


def _question(service: QuestionService, found: Frame, table: OnTheTable) -> Question | None:
    """What was last put about the thing on the table; with an empty table, what is open about anything.

    How it ended stays there until the table is cleared: the room waits for the result.
    """
    if table.amendment is not None:
        return service.last_about(found.declaration, Question.amendment_id == table.amendment.id)
    if table.block_id is not None:
        return service.last_about(found.declaration, Question.block_id == table.block_id)
    return next(iter(service.open_ones(found.declaration)), None) or service.ended_last(found.declaration, table.since)


def _place(order: Order, amendment: Amendment | None) -> int:
    place = order.place_of(amendment) if amendment else None
    return 0 if place is None else place + 1


def _about(table: OnTheTable, seen: SeenQuestion | None) -> str:
    """The choice that is what the room looks at: what lies on the table, or what a question is about without it."""
    if table.amendment is not None:
        return f"amendment:{table.amendment.number}"
    if table.block_id is None and seen is not None and seen.amendment is not None:
        return f"amendment:{seen.amendment}"
    block_id = table.block_id or (seen.block_id if seen else None)
    return f"paragraph:{block_id}" if block_id else ""
