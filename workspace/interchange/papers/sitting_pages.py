"""What a sitting works with, for browsers and programs: the running order."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from litestar import Controller, Response
from msgspec import Struct

from workspace.amendments.views.amendment import AmendmentViewBuilder, passages_in
from workspace.amendments.views.listing import page_of_query
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage.db import Db
from workspace.core.validation import whole_number
from workspace.declarations.domain import queries
from workspace.declarations.domain.policy import may_do
from workspace.declarations.frame import Frame, frame
from workspace.procedure import policy
from workspace.procedure.agenda import Agenda, AgendaPage
from workspace.procedure.models import OrderAct, OrderChange
from workspace.procedure.running_order import RunningOrderService
from workspace.web.http.request_context import CurrentWork, Slug, URLEncodedBody, Work
from workspace.web.http.routing import get, post
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages
from workspace.web.pages import Page, field_errors, page, redirect

REFUSED = 422
MOST_NAMED = 12  # amendments that lapse with one
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
    """An item of the running order; `lapses` are the amendments that could not stand beside it."""

    place: int
    number: int
    href: str
    who: str
    about: str
    amends: int
    is_late: bool
    group: str
    is_by_parts: bool
    lapses: Sequence[int]
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
    page_number: int
    page_count: int
    previous: str
    following: str
    changes: Sequence[OrderChangeLine]
    may_change: bool
    acts: Mapping[OrderAct, str]
    form: OrderForm
    errors: Mapping[str, str]


class OrderPages(Controller):
    """The running order of one declaration."""

    path = "/{forum:str}/{declaration:str}/order"

    @get(name="order", policy="head.read")
    def order(self, work: CurrentWork, forum: Slug, declaration: Slug) -> Response[str]:
        """The items as they come, with what lapses if each is adopted."""
        return _order_page(work, forum, declaration)

    @post(name="change_order", policy="order.change")
    def change(
        self, work: CurrentWork, forum: Slug, declaration: Slug, data: URLEncodedBody[OrderForm]
    ) -> Response[str] | Response[None]:
        """Change the order, with a reason."""
        if data.act not in set(OrderAct):
            raise NotFound(what="act", id=data.act[:20])
        numbers = {"amendment": _typed(data.amendment), "anchor": _typed(data.anchor)}
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_follow).declaration
                RunningOrderService(db).change(
                    found, act=OrderAct(data.act), group=data.group, reason=data.reason, actor=work.actor, **numbers
                )
        except Invalid as refusal:
            return _order_page(work, forum, declaration, form=data, refusal=refusal)
        to = work.url_for("order", forum=forum, declaration=declaration)
        return redirect(work, to, said=work.messages.gettext(N_("Running order changed.")))


def _typed(number: str) -> int:
    """The number as it was typed: 0 for nothing, -1 for what is none."""
    return (whole_number(number.strip()) or -1) if number.strip() else 0


def _order_page(
    work: Work, forum: str, declaration: str, *, form: OrderForm | None = None, refusal: Invalid | None = None
) -> Response[str]:
    address = work.url_for("order", forum=forum, declaration=declaration)
    with work.reading() as db:
        found = frame(db, forum, declaration, work=work, may=policy.may_follow)
        order = Agenda(db, found.declaration, actor=work.actor)
        leaf = order.leaf(page_of_query(work))
        context = OrderPage(
            place=found.place,
            here="questions",
            name=found.declaration.name.said_in(work.language),
            total=len(order),
            lines=_lines(db, found, work, order, leaf),
            page_number=leaf.number,
            page_count=leaf.count,
            previous=f"{address}?page={leaf.number - 1}" if leaf.number > 1 else "",
            following=f"{address}?page={leaf.number + 1}" if leaf.number < leaf.count else "",
            changes=[_change_line(change, found, work.messages) for change in reversed(order.changes)],
            may_change=may_do(work.actor, "order.change", found.declaration),
            acts=ACTS,
            form=form or OrderForm(),
            errors=field_errors(work, refusal) if refusal else {},
        )
    return page(work, "procedure/order.html", context, status=REFUSED if refusal else 200)


def _lines(db: Db, found: Frame, work: Work, order: Agenda, leaf: AgendaPage) -> list[OrderLine]:
    builder = AmendmentViewBuilder(
        work, found, passages_in(queries.shown_rows(db, found.declaration), work.language, work, found)
    )
    amendments, lapses = order.amendments(leaf.items), order.lapses(leaf.items)
    lines = []
    for place, item in enumerate(leaf.items, leaf.after + 1):
        view = builder.line(amendments[item.number], is_drawn=False)
        against = sorted(lapses.get(item.number, ()))
        lines.append(
            OrderLine(
                place=place,
                number=item.number,
                href=view.href,
                who=item.who,
                about=view.about,
                amends=view.amends,
                is_late=view.is_late,
                group=item.group,
                is_by_parts=item.is_by_parts,
                lapses=against,
                lapsing=lapsing(against, work.messages),
            )
        )
    return lines


def lapsing(numbers: Sequence[int], messages: Messages) -> str:
    """What lapses, in a sentence; "" where nothing does."""
    if not numbers:
        return ""
    said = [*map(str, numbers[:MOST_NAMED]), *(["…"] if len(numbers) > MOST_NAMED else [])]
    return messages.ngettext(
        "If adopted, amendment %(numbers)s lapses.",
        "If adopted, amendments %(numbers)s lapse.",
        len(numbers),
        numbers=messages.listed(said),
    )


def _change_line(change: OrderChange, found: Frame, messages: Messages) -> OrderChangeLine:
    words = messages.gettext(
        CHANGED[change.act],
        number=change.amendment.number,
        anchor=change.anchor.number if change.anchor else "",
        group=change.group_name,
    )
    by = change.made_by.name if change.made_by else ""
    return OrderChangeLine(words, change.reason, by, found.forum.local(change.made_at))
