"""The list of amendments in the order of the text, as everybody reads it; the committee decides at its desk."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from litestar import Response
from msgspec import Struct, structs

from drafts.text.blocks import Language
from workspace.amendments import snapshots
from workspace.amendments.domain import policy
from workspace.amendments.domain.models import Amendment
from workspace.amendments.domain.opinions import may_advise
from workspace.amendments.domain.queries import AmendmentSearch, AmendmentState
from workspace.amendments.labels import ParagraphLabels
from workspace.amendments.service import AmendmentService
from workspace.amendments.views import pagination
from workspace.amendments.views.amendment import AmendmentView, AmendmentViewBuilder, Prepared, passages_in
from workspace.core.storage.db import Db
from workspace.core.validation import id_or_none, whole_number
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.frame import Frame, frame
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, PageNumbers, page

TABS: Mapping[AmendmentState, str] = {
    AmendmentState.ALL: N_("All"),
    AmendmentState.OWN: N_("Mine"),
    AmendmentState.PENDING: N_("Pending"),
    AmendmentState.DECIDED: N_("Decided"),
    AmendmentState.WITHDRAWN: N_("Withdrawn"),
    AmendmentState.BRACKETED: N_("In brackets"),
}
_STATES = {**{state.value: state for state in AmendmentState}, "aside": AmendmentState.WITHDRAWN}


class Filter(Struct, frozen=True):
    """One way to narrow the list: its words, how many it shows, and its address."""

    words: str
    count: int
    href: str
    is_current: bool


class AmendmentRow(Struct, frozen=True):
    """One amendment: with which others it conflicts, by number, and when it was decided."""

    line: AmendmentView
    conflicts: Sequence[int]
    decided_at: datetime | None


class AmendmentsPage(Page, frozen=True, kw_only=True):
    """What is chosen of `text`, `words`, `organisation` and `paragraph` is "" for all; `state`, the tab, for what is
    pending.

    `desk_href` leads those of the committee to its desk, else "".
    """

    text: str
    words: str
    organisation: str
    paragraph: str
    state: str
    is_narrowed: bool
    rows: Sequence[AmendmentRow]
    open_count: int
    decided_count: int
    tabs: Sequence[Filter]
    organisations: Sequence[tuple[str, str]]
    paragraphs: Sequence[tuple[str, str]]
    pages: PageNumbers
    desk_href: str
    has_tables: bool
    may_propose: bool


class AmendmentList(Struct, frozen=True):
    """The list of one declaration, for one reader."""

    work: Work
    forum: str
    declaration: str
    prepared: Callable[[Db, Declaration], Prepared]

    def shown(self) -> Response[str]:
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work)
            context = self._context(db, found, self._wanted())
        return page(self.work, "amendments/list.html", context)

    def _wanted(self) -> AmendmentSearch:
        given = self.work.request.query_params
        return AmendmentSearch(
            state=_STATES.get(given.get("state", ""), AmendmentState.PENDING),
            organisation_id=id_or_none(given.get("organisation", "")),
            block_id=id_or_none(given.get("paragraph", "")),
            language=language_of_query(self.work),
            words=given.get("words", "").strip()[:400],
        )

    def _context(self, db: Db, found: Frame, wanted: AmendmentSearch) -> AmendmentsPage:
        declaration, actor, service = found.declaration, self.work.actor, AmendmentService(db)
        counts = service.tally(declaration, wanted, actor=actor)
        leaf = pagination.numbered_page(counts[wanted.state], page_of_query(self.work))
        passages = passages_in(queries.shown_rows(db, declaration), self.work.language, self.work, found)
        builder = AmendmentViewBuilder(self.work, found, passages, prepared=self.prepared(db, declaration))
        amendments = service.found(
            declaration, wanted, actor=actor, limit=pagination.A_PAGE, offset=(leaf.number - 1) * pagination.A_PAGE
        )
        here = {"forum": self.forum, "declaration": self.declaration}
        at_the_desk = policy.may_decide(actor, declaration) or may_advise(actor, declaration)
        return AmendmentsPage(
            place=found.place,
            here="amendments",
            text=wanted.language or "",
            words=wanted.words,
            organisation=str(wanted.organisation_id or ""),
            paragraph=str(wanted.block_id or ""),
            state=_word(wanted),
            is_narrowed=any((wanted.organisation_id, wanted.block_id, wanted.language, wanted.words)),
            rows=list(self._rows(service, builder, declaration, amendments)),
            open_count=counts[AmendmentState.PENDING],
            decided_count=counts[AmendmentState.DECIDED],
            tabs=self._tabs(counts, wanted),
            organisations=[(str(id_), name) for id_, name in service.organisations(declaration, actor=actor)],
            paragraphs=list(_paragraphs(passages, service.blocks(declaration, actor=actor))),
            pages=PageNumbers.of(leaf.number, leaf.count, lambda number: self._url(wanted, number=number)),
            desk_href=self.work.url_for("desk", **here, text=wanted.language) if at_the_desk else "",
            has_tables=snapshots.may_take(actor, declaration)
            or bool(snapshots.SnapshotService(db).every(declaration, actor=actor)),
            may_propose=policy.may_propose(actor, declaration),
        )

    def _rows(
        self,
        service: AmendmentService,
        builder: AmendmentViewBuilder,
        declaration: Declaration,
        amendments: Sequence[Amendment],
    ) -> Iterator[AmendmentRow]:
        rows = builder.passages.rows
        against = service.conflicts(declaration, amendments, actor=self.work.actor, rows=rows)
        for amendment in amendments:
            standing = [decision.decided_at for decision in amendment.decisions if decision.undone_by is None]
            is_open = amendment.disposition.is_pending
            decided_at = builder.local(max(standing)) if standing and not is_open else None
            line = builder.line(amendment, is_alone=True)
            yield AmendmentRow(line, sorted(against.get(amendment.number, ())), decided_at)

    def _tabs(self, counts: Mapping[AmendmentState, int], wanted: AmendmentSearch) -> Sequence[Filter]:
        """Every state; brackets where there are some."""
        say = self.work.messages.gettext
        return [
            Filter(say(words), counts[state], self._url(structs.replace(wanted, state=state)), state is wanted.state)
            for state, words in TABS.items()
            if counts[state] or state is not AmendmentState.BRACKETED or state is wanted.state
        ]

    def _url(self, wanted: AmendmentSearch, *, number: int = 1) -> str:
        return self.work.url_for(
            "amendments",
            forum=self.forum,
            declaration=self.declaration,
            text=wanted.language,
            words=wanted.words or None,
            organisation=wanted.organisation_id,
            paragraph=wanted.block_id,
            state=_word(wanted) or None,
            page=number if number > 1 else None,
        )


def language_of_query(work: Work) -> Language | None:
    """The language that `?text=` names; None for all."""
    chosen = work.request.query_params.get("text", "")
    return Language(chosen) if chosen in LANGUAGES else None


def page_of_query(work: Work) -> int:
    """The page that `?page=` names; the first where it names none."""
    return whole_number(work.request.query_params.get("page", "")) or 1


def _word(wanted: AmendmentSearch) -> str:
    """The word of the tab in the address: none for the first that is read."""
    return "" if wanted.state is AmendmentState.PENDING else wanted.state.value


def _paragraphs(passages: ParagraphLabels, blocks: set[UUID]) -> Iterator[tuple[str, str]]:
    """Those of the text in force among `blocks`, in its order: id and name."""
    yield from ((row.id, passages.name_of(row.id)) for row in passages.rows if row.block_id in blocks)
