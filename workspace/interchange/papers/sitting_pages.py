"""What a sitting works with, for browsers and programs: the running order, and the papers made of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from litestar import Controller, Response
from msgspec import Struct

from drafts.text.blocks import Language
from drafts.text.markup import plain
from workspace.amendments.views.listing import page_of_query
from workspace.core.actor import Actor
from workspace.core.errors import Invalid
from workspace.core.storage.db import Db
from workspace.core.validation import known_word, whole_number
from workspace.declarations.api import declared, opened
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_do
from workspace.declarations.frame import Frame, frame, framed, heading
from workspace.interchange.papers.documents import PaperFormat
from workspace.interchange.papers.routes import PaperLine, PaperLink, paper_lines
from workspace.interchange.papers.sitting import (
    ACTIONS,
    Sitting,
    SittingItem,
    SittingPaper,
    SittingPapers,
    SittingWriter,
    sitting_of,
)
from workspace.procedure import policy
from workspace.procedure.models import OrderAct, OrderChange
from workspace.procedure.running_order import RunningOrderService, SeparateVoteService, delegation_of
from workspace.web.api import reads, writes
from workspace.web.http.files import attachment
from workspace.web.http.request_context import FormBody, FromPath, FromQuery, PathId, Slug, Work
from workspace.web.http.routing import get
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import AUTONYMS, Messages, messages
from workspace.web.pages import SHOWN_AGAIN, Done, Page, PageNumbers, field_errors, gives, page, shows, takes

LIST_ACTS = ("vote.ask_separate", "voting_list.send")
Followed = Annotated[Declaration, declared(policy.may_follow)]
FollowedFrame = Annotated[Frame, framed(policy.may_follow)]
NAMES: Mapping[SittingPaper, str] = {
    SittingPaper.BRIEF: N_("Chair’s brief"),
    SittingPaper.VOTING_LIST: N_("Voting list"),
}
ACTS: Mapping[OrderAct, str] = {
    OrderAct.BEFORE: N_("before"),
    OrderAct.AFTER: N_("after"),
    OrderAct.WITH: N_("together with"),
    OrderAct.ALONE: N_("out of its group"),
    OrderAct.PARTS: N_("by parts"),
    OrderAct.WHOLE: N_("as a whole"),
}
CHANGED: Mapping[OrderAct, str] = {
    OrderAct.BEFORE: N_("Amendment %(number)s before %(anchor)s"),
    OrderAct.AFTER: N_("Amendment %(number)s after %(anchor)s"),
    OrderAct.WITH: N_("Amendment %(number)s together with %(anchor)s: group %(group)s"),
    OrderAct.ALONE: N_("Amendment %(number)s out of its group"),
    OrderAct.PARTS: N_("Amendment %(number)s by parts"),
    OrderAct.WHOLE: N_("Amendment %(number)s as a whole"),
}


class OrderForm(Struct, frozen=True):
    """What to do with an item of the running order, as it was typed."""

    amendment: str = ""
    act: str = ""
    anchor: str = ""
    group: str = ""
    reason: str = ""


class OrderLine(Struct, frozen=True):
    """An item of the running order, in words."""

    known: SittingItem
    href: str
    about: str
    marks: Sequence[str]
    lapsing: str


class OrderChangeLine(Struct, frozen=True):
    """What the chair has changed, in words."""

    words: str
    reason: str
    by: str
    at: datetime


class OrderPage(Page, frozen=True, kw_only=True):
    """The running order, page by page, and how the chair has changed it."""

    name: str
    total: int
    lines: Sequence[OrderLine]
    pages: PageNumbers
    changes: Sequence[OrderChangeLine]
    may_change: bool
    papers: Sequence[PaperLink]
    acts: Mapping[OrderAct, str]
    form: OrderForm
    errors: Mapping[str, str]


class SeparateForm(Struct, frozen=True):
    """On which amendment a delegation wants a vote of its own: "ask", or "withdraw"."""

    amendment: str = ""
    act: str = ""


class SittingPaperPage(Page, frozen=True, kw_only=True):
    """One paper of the sitting, page by page."""

    name: str
    language: Language
    header: str
    title: str
    lines: Sequence[PaperLine]
    files: Sequence[PaperLink]
    languages: Sequence[PaperLink]
    may_ask: bool
    may_send: bool
    form: SeparateForm
    errors: Mapping[str, str]
    pages: PageNumbers


def _paper_page(
    work: Work,
    forum: str,
    declaration: str,
    kind: SittingPaper,
    *,
    form: SeparateForm | None = None,
    refusal: Invalid | None = None,
) -> Response[str]:
    language = work.texts()[0]
    with work.reading() as db:
        found = frame(db, forum, declaration, work=work, may=policy.may_follow)
        papers = SittingPapers(db, messages(language))
        made = papers.made(found.declaration, kind, actor=work.actor, number=page_of_query(work))
        is_list = kind is SittingPaper.VOTING_LIST
        may_ask, may_send = (is_list and may_do(work.actor, act, found.declaration) for act in LIST_ACTS)
    here = {"forum": forum, "declaration": declaration, "paper": kind.value}

    def link(text: Language, form: PaperFormat | None = None, number: int = made.leaf.number) -> str:
        name, more = ("sitting_file", {"form": form.value}) if form else ("sitting_paper", {})
        return work.url_for(name, **here, **more, text=text.value, page=number if number > 1 else None)

    context = SittingPaperPage(
        place=found.place,
        here="questions",
        name=work.messages.gettext(NAMES[kind]),
        language=language,
        header=made.report.header,
        title=plain(made.report.title),
        lines=list(paper_lines(made.report)),
        files=[PaperLink(form.value.upper(), link(language, form)) for form in PaperFormat],
        languages=[PaperLink(AUTONYMS[choice], link(choice), choice is language) for choice in Language],
        may_ask=may_ask and delegation_of(work.actor, found.declaration) is not None,
        may_send=may_send,
        form=form or SeparateForm(),
        errors=field_errors(work, refusal),
        pages=PageNumbers.of(made.leaf.number, made.leaf.count, lambda number: link(language, number=number)),
    )
    return page(work, "interchange/sitting.html", context, status=SHOWN_AGAIN if refusal else 200)


def _voting_list(work: Work, forum: str, declaration: str, *, form: SeparateForm, refusal: Invalid) -> Response[str]:
    return _paper_page(work, forum, declaration, SittingPaper.VOTING_LIST, form=form, refusal=refusal)


class SittingPaperPages(Controller):
    """The papers of the sitting of one declaration."""

    path = "/{forum:str}/{declaration:str}/sitting"

    @get("/{paper:str}", name="sitting_paper", policy=tuple(ACTIONS.values()))
    def paper(self, work: Work, forum: Slug, declaration: Slug, paper: FromPath[str]) -> Response[str]:
        """A paper, in the language of the page or in `?text=`."""
        return _paper_page(work, forum, declaration, known_word(SittingPaper, paper, "paper"))

    @takes("/separate-votes", again=_voting_list, name="ask_separate_vote", policy="vote.ask_separate")
    def ask(self, db: Db, actor: Actor, found: FollowedFrame, data: FormBody[SeparateForm]) -> Done:
        """Have an amendment voted on by itself, or no longer."""
        number, is_wanted = _typed(data.amendment), data.act != "withdraw"
        SeparateVoteService(db).ask(found.declaration, number, is_wanted=is_wanted, actor=actor)
        return Done("sitting_paper", at={"paper": SittingPaper.VOTING_LIST.value})

    @takes("/letters", name="send_voting_list", policy="voting_list.send")
    def send(self, db: Db, work: Work, actor: Actor, found: FollowedFrame) -> Done:
        """Send the way to the list to every delegate with a vote."""
        count = SittingPapers(db, work.messages).send_voting_list(found.declaration, actor=actor)
        said = work.messages.ngettext("One e-mail sent.", "%(n)s e-mails sent.", count)
        return Done("sitting_paper", said, at={"paper": SittingPaper.VOTING_LIST.value})

    @gives("/{paper:str}/{form:str}", name="sitting_file", policy=tuple(ACTIONS.values()))
    def paper_file(
        self, db: Db, work: Work, found: FollowedFrame, paper: FromPath[str], form: FromPath[str]
    ) -> Response[bytes]:
        """The same as a file."""
        wanted = SittingRequest(paper, work.texts()[0].value, form, page_of_query(work))
        return _file(db, found.declaration, work, wanted)


class LettersOut(Struct, frozen=True, kw_only=True):
    """How many letters were put in the outbox."""

    letters: int


class SittingPaperApi(Controller):
    """The papers of the sitting."""

    path = "/api/declarations/{declaration_id:uuid}/sitting"
    tags = ("Procedure",)

    @reads(
        "/{paper:str}/{language:str}/{form:str}", media_type="application/octet-stream", policy=tuple(ACTIONS.values())
    )
    def get_sitting_paper(
        self,
        work: Work,
        declaration_id: PathId,
        *,
        paper: FromPath[str],
        language: FromPath[str],
        form: FromPath[str],
        page: FromQuery[int] = 1,
    ) -> Response[bytes]:
        """Make the chair’s `brief` or the `voting-list` in `es`, `en` or `fr`, as `docx` or `pdf`; a page of it."""
        with work.reading() as db:
            found = opened(db, declaration_id, actor=work.actor, may=policy.may_follow)
            return _file(db, found, work, SittingRequest(paper, language, form, page))

    @writes("/letters", policy="voting_list.send")
    def send_voting_list(self, db: Db, actor: Actor, declaration: Followed) -> LettersOut:
        """Send the way to the voting list to every delegate with a vote."""
        return LettersOut(letters=SittingPapers(db, messages(Language.EN)).send_voting_list(declaration, actor=actor))


class SittingRequest(Struct, frozen=True):
    """Which paper is wanted, as the address names it."""

    paper: str
    language: str
    form: str
    page: int


def _file(db: Db, declaration: Declaration, work: Work, wanted: SittingRequest) -> Response[bytes]:
    kind, language = known_word(SittingPaper, wanted.paper, "paper"), known_word(Language, wanted.language, "language")
    papers, form = SittingPapers(db, messages(language)), known_word(PaperFormat, wanted.form, "form")
    return attachment(papers.file(declaration, kind, form, actor=work.actor, number=wanted.page))


class OrderPages(Controller):
    """The running order of one declaration."""

    path = "/{forum:str}/{declaration:str}/order"

    @shows("procedure/order.html", name="order", policy="head.read")
    def order(
        self, db: Db, work: Work, found: FollowedFrame, form: OrderForm | None = None, refusal: Invalid | None = None
    ) -> OrderPage:
        """The items as they come, with what lapses if each is adopted."""
        address = work.url_from_here("order")
        sitting = sitting_of(db, found.declaration, actor=work.actor, number=page_of_query(work))
        leaf = sitting.leaf
        return OrderPage(
            **heading(found, "questions", work=work),
            total=sitting.total,
            lines=_lines(sitting, found, work),
            pages=PageNumbers.of(leaf.number, leaf.count, lambda page: f"{address}?page={page}"),
            changes=[_change_line(change, found, work.messages) for change in reversed(sitting.changes)],
            may_change=may_do(work.actor, "order.change", found.declaration),
            papers=_papers(found, work),
            acts=ACTS,
            form=form or OrderForm(),
            errors=field_errors(work, refusal),
        )

    @takes(again=order, name="change_order", policy="order.change")
    def change(self, db: Db, work: Work, actor: Actor, found: FollowedFrame, data: FormBody[OrderForm]) -> Done:
        """Change the order, with a reason."""
        act = known_word(OrderAct, data.act, "act")
        numbers = {"amendment": _typed(data.amendment), "anchor": _typed(data.anchor)}
        service = RunningOrderService(db)
        service.change(found.declaration, act=act, group=data.group, reason=data.reason, actor=actor, **numbers)
        return Done("order", work.messages.gettext("Running order changed."))


def _typed(number: str) -> int:
    """The number as it was typed: 0 for nothing, -1 for what is none."""
    return (whole_number(number.strip()) or -1) if number.strip() else 0


def _papers(found: Frame, work: Work) -> list[PaperLink]:
    here = {"forum": found.forum.slug, "declaration": found.declaration.slug}
    return [
        PaperLink(work.messages.gettext(NAMES[paper]), work.url_for("sitting_paper", **here, paper=paper.value))
        for paper, action in ACTIONS.items()
        if may_do(work.actor, action, found.declaration)
    ]


def _lines(sitting: Sitting, found: Frame, work: Work) -> list[OrderLine]:
    writer, here = (
        SittingWriter(sitting, work.messages),
        {"forum": found.forum.slug, "declaration": found.declaration.slug},
    )
    return [
        OrderLine(
            known=known,
            href=work.url_for("amendment", **here, number=known.item.number),
            about=writer.about(known),
            marks=writer.marks(known),
            lapsing=writer.lapsing(known),
        )
        for known in sitting.items
    ]


def _change_line(change: OrderChange, found: Frame, messages: Messages) -> OrderChangeLine:
    words = messages.gettext(
        CHANGED[change.act],
        number=change.amendment.number,
        anchor=change.anchor.number if change.anchor else "",
        group=change.group_name,
    )
    by = change.made_by.name if change.made_by else ""
    return OrderChangeLine(words, change.reason, by, found.forum.local(change.made_at))
