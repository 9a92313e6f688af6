"""The list of amendments in the order of the text, as everybody reads it; the committee decides at its desk."""

from collections.abc import Callable, Mapping, Sequence

from litestar import Response
from msgspec import Struct

from drafts.text.blocks import Language
from workspace.amendments import snapshots
from workspace.amendments.domain import policy
from workspace.amendments.domain import queries as filed
from workspace.amendments.domain.opinions import may_advise
from workspace.amendments.service import AmendmentService
from workspace.amendments.views import pagination
from workspace.amendments.views.amendment import AmendmentView, AmendmentViewBuilder, Prepared, passages_in
from workspace.amendments.views.cards import CardDetailsLoader, PlaceGroup, TableBuilder
from workspace.amendments.views.pagination import CardPage
from workspace.core.storage.db import Db
from workspace.core.validation import whole_number
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.frame import Frame, frame
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, page

TABLES: Mapping[str, str] = {  # states whose amendments stand in a table, by the word in the address
    "decided": N_("Decided"),
    "aside": N_("Withdrawn, in brackets"),
    "own": N_("Mine"),
}


class Filter(Struct, frozen=True):
    """One way to narrow the list: its words, how many it shows, and its address."""

    words: str
    count: int
    href: str
    is_current: bool


class AmendmentsPage(Page, frozen=True, kw_only=True):
    """`text` is the one language shown, "" for all; `table` the word of the table shown, "" for the open ones.

    `desk_href` leads those of the committee to its desk, else "". `disputed_count` is that of the whole text, and 0
    where it does not stand on one page.
    """

    text: str
    revision: int
    groups: Sequence[PlaceGroup]
    decided: Sequence[AmendmentView]
    open_count: int
    decided_count: int
    disputed_count: int
    languages: Sequence[Filter]
    states: Sequence[Filter]
    table: str
    page_number: int
    page_count: int
    previous: str
    following: str
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
        state = self.work.request.query_params.get("state", "")
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work)
            context = self._context(db, found, language_of_query(self.work), state if state in TABLES else "")
        return page(self.work, "amendments/list.html", context)

    def _context(self, db: Db, found: Frame, language: Language | None, state: str) -> AmendmentsPage:
        declaration, actor = found.declaration, self.work.actor
        tally = pagination.count_cards(db, declaration, actor=actor)
        counted = {"": tally.undecided, "decided": tally.decided, "aside": tally.aside, "own": tally.own}
        counts = {word: _counted(count, language) for word, count in counted.items()}
        rows = queries.shown_rows(db, declaration)
        passages = passages_in(rows, self.work.language, self.work, found)
        builder = AmendmentViewBuilder(self.work, found, passages, prepared=self.prepared(db, declaration))
        groups: Sequence[PlaceGroup] = ()
        decided: Sequence[AmendmentView] = ()
        if state:
            leaf = pagination.decided_page(counts[state], page_of_query(self.work))
            decided = self._of_state(db, builder, found, leaf, language, state=state)
        else:
            undecided = pagination.paragraph_groups(
                db, declaration, builder.passages.places, language=language, actor=actor
            )
            leaf = pagination.card_page(pagination.card_pages(undecided), page_of_query(self.work))
            groups = self._groups(db, builder, found, leaf, language)
        here = {"forum": self.forum, "declaration": self.declaration}
        at_the_desk = policy.may_decide(actor, declaration) or may_advise(actor, declaration)
        return AmendmentsPage(
            place=found.place,
            here="amendments",
            text=language or "",
            revision=declaration.head.number,
            groups=groups,
            decided=decided,
            open_count=counts[""],
            decided_count=counts["decided"],
            disputed_count=sum(len(group.disputes) for group in groups) if leaf.count == 1 else 0,
            languages=self._languages(counted[state], language, state),
            states=self._states(counts, language, state),
            table=state,
            page_number=leaf.number,
            page_count=leaf.count,
            previous=self._url(language, state, number=leaf.number - 1) if leaf.number > 1 else "",
            following=self._url(language, state, number=leaf.number + 1) if leaf.number < leaf.count else "",
            desk_href=self.work.url_for("desk", **here, text=language) if at_the_desk else "",
            has_tables=snapshots.may_take(actor, declaration)
            or bool(snapshots.SnapshotService(db).every(declaration, actor=actor)),
            may_propose=policy.may_propose(actor, declaration),
        )

    def _groups(
        self, db: Db, builder: AmendmentViewBuilder, found: Frame, leaf: CardPage, language: Language | None
    ) -> Sequence[PlaceGroup]:
        """What waits on one page; those in the other languages are read for what they collide with."""
        service, declaration = AmendmentService(db), found.declaration
        table = service.undecided(declaration, actor=self.work.actor, numbers=leaf.numbers)
        shown = [amendment for amendment in table if language in {None, amendment.language}]
        spoken = {amendment.language for amendment in shown}
        rows = builder.passages.rows
        prospects = {
            language: service.prospect(declaration, language, table, rows=rows)
            for language in LANGUAGES
            if language in spoken
        }
        return TableBuilder(builder, prospects, CardDetailsLoader.of(db, declaration, shown)).groups(shown)

    def _of_state(
        self,
        db: Db,
        builder: AmendmentViewBuilder,
        found: Frame,
        leaf: CardPage,
        language: Language | None,
        *,
        state: str,
    ) -> Sequence[AmendmentView]:
        dispositions = {"decided": filed.DECIDED, "aside": filed.ASIDE, "own": filed.UNDECIDED}[state]
        amendments = AmendmentService(db).of_state(
            found.declaration,
            dispositions,
            language,
            actor=self.work.actor,
            limit=pagination.ROWS,
            offset=(leaf.number - 1) * pagination.ROWS,
            is_own=state == "own",
        )
        return [builder.line(amendment, is_drawn=False) for amendment in amendments]

    def _languages(self, counted: Mapping[Language, int], language: Language | None, state: str) -> Sequence[Filter]:
        name, say = self.work.messages.language_name, self.work.messages.gettext
        every = Filter(say("All languages"), _counted(counted, None), self._url(None, state), language is None)
        return [
            every,
            *(
                Filter(name(choice), counted[choice], self._url(choice, state), choice is language)
                for choice in LANGUAGES
            ),
        ]

    def _states(self, counts: Mapping[str, int], language: Language | None, state: str) -> Sequence[Filter]:
        """The states that hold something, and always what is open and what is decided."""
        say = self.work.messages.gettext
        return [
            Filter(say(words), counts[word], self._url(language, word), word == state)
            for word, words in {"": N_("Pending"), **TABLES}.items()
            if counts[word] or word in {"", "decided", state}
        ]

    def _url(self, language: Language | None, state: str, *, number: int = 1) -> str:
        return self.work.url_for(
            "amendments",
            forum=self.forum,
            declaration=self.declaration,
            text=language,
            state=state or None,
            page=number if number > 1 else None,
        )


def language_of_query(work: Work) -> Language | None:
    """The language that `?text=` names; None for all."""
    chosen = work.request.query_params.get("text", "")
    return Language(chosen) if chosen in LANGUAGES else None


def page_of_query(work: Work) -> int:
    """The page that `?page=` names; the first where it names none."""
    return whole_number(work.request.query_params.get("page", "")) or 1


def _counted(counted: Mapping[Language, int], language: Language | None) -> int:
    return counted[language] if language else sum(counted.values())
