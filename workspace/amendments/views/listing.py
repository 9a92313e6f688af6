"""The list of amendments in the order of the text, as everybody reads it; the committee decides at its desk."""

from collections.abc import Mapping, Sequence

from litestar import Response
from msgspec import Struct

from drafts.text.blocks import Language
from workspace.amendments import snapshots
from workspace.amendments.domain import policy
from workspace.amendments.domain.opinions import may_advise
from workspace.amendments.service import AmendmentService
from workspace.amendments.views import pagination
from workspace.amendments.views.amendment import AmendmentView, AmendmentViewBuilder, passages_in
from workspace.amendments.views.cards import CardDetailsLoader, PlaceGroup, TableBuilder
from workspace.amendments.views.pagination import CardPage
from workspace.core.storage.db import Db
from workspace.core.validation import whole_number
from workspace.declarations.domain import queries
from workspace.declarations.frame import Frame, frame
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, page

DECIDED = "decided"


class Filter(Struct, frozen=True):
    """One way to narrow the list: its words, how many it shows, and its address."""

    words: str
    count: int
    href: str
    is_current: bool


class AmendmentsPage(Page, frozen=True, kw_only=True):
    """`text` is the one language shown, "" for all. `desk_href` leads those of the committee to its desk, else "".

    `disputed_count` is that of the whole text, and 0 where it does not stand on one page.
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

    def shown(self) -> Response[str]:
        state = self.work.request.query_params.get("state")
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work)
            context = self._context(db, found, asked_language(self.work), is_decided=state == DECIDED)
        return page(self.work, "amendments/list.html", context)

    def _context(self, db: Db, found: Frame, language: Language | None, *, is_decided: bool) -> AmendmentsPage:
        declaration, actor = found.declaration, self.work.actor
        tally = pagination.count_cards(db, declaration, actor=actor)
        open_count, decided_count = _counted(tally.undecided, language), _counted(tally.decided, language)
        rows = queries.shown_rows(db, declaration)
        builder = AmendmentViewBuilder(self.work, found, passages_in(rows, self.work.language, self.work, found))
        groups: Sequence[PlaceGroup] = ()
        decided: Sequence[AmendmentView] = ()
        if is_decided:
            leaf = pagination.decided_page(decided_count, asked_page(self.work))
            decided = self._decided(db, builder, found, leaf, language)
        else:
            waiting = pagination.paragraph_groups(
                db, declaration, builder.passages.places, language=language, actor=actor
            )
            leaf = pagination.card_page(pagination.card_pages(waiting), asked_page(self.work))
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
            open_count=open_count,
            decided_count=decided_count,
            disputed_count=sum(len(group.disputes) for group in groups) if leaf.count == 1 else 0,
            languages=self._languages(
                tally.decided if is_decided else tally.undecided, language, is_decided=is_decided
            ),
            states=self._states(open_count, decided_count, language, is_decided=is_decided),
            page_number=leaf.number,
            page_count=leaf.count,
            previous=self._url(language, is_decided=is_decided, number=leaf.number - 1) if leaf.number > 1 else "",
            following=self._url(language, is_decided=is_decided, number=leaf.number + 1)
            if leaf.number < leaf.count
            else "",
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

    def _decided(
        self, db: Db, builder: AmendmentViewBuilder, found: Frame, leaf: CardPage, language: Language | None
    ) -> Sequence[AmendmentView]:
        amendments = AmendmentService(db).decided(
            found.declaration,
            language,
            actor=self.work.actor,
            limit=pagination.ROWS,
            offset=(leaf.number - 1) * pagination.ROWS,
        )
        return [builder.line(amendment, is_drawn=False) for amendment in amendments]

    def _languages(
        self, counted: Mapping[Language, int], language: Language | None, *, is_decided: bool
    ) -> Sequence[Filter]:
        name, say = self.work.messages.language_name, self.work.messages.gettext
        total = _counted(counted, None)
        every = Filter(say("All languages"), total, self._url(None, is_decided=is_decided), language is None)
        return [
            every,
            *(
                Filter(name(choice), counted[choice], self._url(choice, is_decided=is_decided), choice is language)
                for choice in LANGUAGES
            ),
        ]

    def _states(self, opened: int, decided: int, language: Language | None, *, is_decided: bool) -> Sequence[Filter]:
        say = self.work.messages.gettext
        return [
            Filter(say(N_("Open")), opened, self._url(language, is_decided=False), not is_decided),
            Filter(say(N_("Decided")), decided, self._url(language, is_decided=True), is_decided),
        ]

    def _url(self, language: Language | None, *, is_decided: bool, number: int = 1) -> str:
        return self.work.url_for(
            "amendments",
            forum=self.forum,
            declaration=self.declaration,
            text=language,
            state=DECIDED if is_decided else None,
            page=number if number > 1 else None,
        )


def asked_language(work: Work) -> Language | None:
    """The language that `?text=` names; None for all."""
    asked = work.request.query_params.get("text", "")
    return Language(asked) if asked in LANGUAGES else None


def asked_page(work: Work) -> int:
    """The page that `?page=` names; the first where it names none."""
    return whole_number(work.request.query_params.get("page", "")) or 1


def _counted(counted: Mapping[Language, int], language: Language | None) -> int:
    return counted[language] if language else sum(counted.values())
