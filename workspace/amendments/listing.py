"""The list of amendments in the order of the text, as everybody reads it; the committee decides at its desk."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response

from drafts.blocks import Language
from workspace.amendments import policy, snapshots
from workspace.amendments.advising import may_advise
from workspace.amendments.dressing import Wardrobe
from workspace.amendments.models import Amendment
from workspace.amendments.service import AmendmentService
from workspace.amendments.table import Group, TableBuilder
from workspace.amendments.views import Line, LineBuilder, passages_in
from workspace.core.db import Db
from workspace.declarations import queries
from workspace.declarations.frame import Frame, frame
from workspace.web.i18n import LANGUAGES, N_
from workspace.web.pages import Page, page
from workspace.web.services import Work

DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow the list: its words, how many it shows, and its address."""

    words: str
    count: int
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentsPage(Page):
    """`text` is the one language shown, "" for all. `desk_href` leads those of the committee to its desk, else ""."""

    text: str
    revision: int
    groups: Sequence[Group]
    decided: Sequence[Line]
    open_count: int
    disputed_count: int
    languages: Sequence[Filter]
    states: Sequence[Filter]
    desk_href: str
    has_tables: bool
    may_propose: bool


@dataclass(frozen=True, slots=True)
class AmendmentList:
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
        service, declaration, actor = AmendmentService(db), found.declaration, self.work.actor
        every = service.of_declaration(declaration, actor=actor)
        wanted = [one for one in every if language in {None, one.language}]
        undecided = [one for one in wanted if is_listed(one, is_decided=False)]
        rows = queries.head_rows(db, declaration)
        builder = LineBuilder(self.work, found, passages_in(rows, declaration.original_language, self.work, found))
        groups: Sequence[Group] = ()
        if not is_decided:
            on_the_table = [one for one in every if is_listed(one, is_decided=False)]
            spoken = {one.language for one in undecided}
            prospects = {one: service.prospect(declaration, one, on_the_table) for one in LANGUAGES if one in spoken}
            wardrobe = Wardrobe.of(db, declaration, undecided)
            groups = TableBuilder(builder, prospects, wardrobe).groups(undecided)
        here = {"forum": self.forum, "declaration": self.declaration}
        at_the_desk = policy.may_decide(actor, declaration) or may_advise(actor, declaration)
        return AmendmentsPage(
            place=found.place,
            here="amendments",
            text=language or "",
            revision=declaration.head.number,
            groups=groups,
            decided=[builder.line(one) for one in wanted if is_listed(one, is_decided=True)] if is_decided else (),
            open_count=len(undecided),
            disputed_count=sum(len(group.disputes) for group in groups),
            languages=self._languages(every, language, is_decided=is_decided),
            states=self._states(wanted, language, is_decided=is_decided),
            desk_href=self.work.url_for("desk", **here, text=language) if at_the_desk else "",
            has_tables=snapshots.may_take(actor, declaration)
            or bool(snapshots.SnapshotService(db).every(declaration, actor=actor)),
            may_propose=policy.may_propose(actor, declaration),
        )

    def _languages(
        self, amendments: Sequence[Amendment], language: Language | None, *, is_decided: bool
    ) -> Sequence[Filter]:
        counted = Counter(one.language for one in amendments if is_listed(one, is_decided=is_decided))
        name, say = self.work.messages.language_name, self.work.messages.gettext
        every = Filter(say("All languages"), counted.total(), self._url(None, is_decided=is_decided), language is None)
        return [
            every,
            *(
                Filter(name(one), counted[one], self._url(one, is_decided=is_decided), one is language)
                for one in LANGUAGES
            ),
        ]

    def _states(
        self, amendments: Sequence[Amendment], language: Language | None, *, is_decided: bool
    ) -> Sequence[Filter]:
        say = self.work.messages.gettext
        opened = sum(is_listed(one, is_decided=False) for one in amendments)
        decided = sum(is_listed(one, is_decided=True) for one in amendments)
        return [
            Filter(say(N_("Open")), opened, self._url(language, is_decided=False), not is_decided),
            Filter(say(N_("Decided")), decided, self._url(language, is_decided=True), is_decided),
        ]

    def _url(self, language: Language | None, *, is_decided: bool) -> str:
        return self.work.url_for(
            "amendments",
            forum=self.forum,
            declaration=self.declaration,
            text=language,
            state=DECIDED if is_decided else None,
        )


def asked_language(work: Work) -> Language | None:
    """The language that `?text=` names; None for all."""
    asked = work.request.query_params.get("text", "")
    return Language(asked) if asked in LANGUAGES else None


def is_listed(amendment: Amendment, *, is_decided: bool) -> bool:
    """What is open stands on a card, and what amends it on the same card; what is decided on a line of its own."""
    if is_decided:
        return not amendment.disposition.is_undecided
    return amendment.disposition.is_undecided and amendment.parent_id is None
