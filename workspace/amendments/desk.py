"""The committee's desk: what waits in its place, page by page, what is marked on it, and what that would do.

A page holds whole paragraphs, so a collision is seen whole; what is marked on one page is kept while another is
read, and all of it is recorded at once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from litestar import Response
from msgspec import Struct
from msgspec.structs import replace

from drafts.blocks import Language
from drafts.errors import DraftsError
from drafts.shown import RowKind, shown
from workspace.amendments import advising, desk_marks, desk_told, paging, policy
from workspace.amendments.bracket_views import BracketLine, bracket_line
from workspace.amendments.bracketing import may_bracket
from workspace.amendments.committee_models import BracketState
from workspace.amendments.desk_drafts import Choice
from workspace.amendments.desk_marks import Marks
from workspace.amendments.desk_way import View, Way, way
from workspace.amendments.dressing import Wardrobe
from workspace.amendments.judges import Judges
from workspace.amendments.languages import in_other_words
from workspace.amendments.listing import Filter, asked_language
from workspace.amendments.models import DecisionRound, Verdict
from workspace.amendments.passages import Passages, block_key
from workspace.amendments.prospects import Prospect
from workspace.amendments.rulings import VERDICTS, named, rulings
from workspace.amendments.service import AmendmentService
from workspace.amendments.table import Group, TableBuilder
from workspace.amendments.views import Line, LineBuilder, Part, compared, passages_in
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound, Stale, Undecidable
from workspace.declarations import queries
from workspace.declarations.frame import Frame, frame
from workspace.declarations.models import Declaration
from workspace.web.i18n import LANGUAGES
from workspace.web.pages import Page, page
from workspace.web.sentences import sentence
from workspace.web.services import Work

TEMPLATE, FRAGMENT = "amendments/desk.html", "amendments/desk_sill.html"
SHOWN_AGAIN = 422
MOST_FORESEEN = 60  # changed paragraphs that the sill draws
NO_ERRORS: Mapping[str, str] = {}
Refusal = Invalid | DraftsError | Stale | Undecidable


class Foreseen(Struct, frozen=True):
    """What the chosen decisions would do: the paragraphs that would change, how many more, and what would wait."""

    parts: Sequence[Part]
    more: int
    waiting: str
    numbers: Sequence[int]  # of those that wait


class Last(Struct, frozen=True):
    """The decisions taken last, where they can still be undone: how many, when, and the revision they made, or 0."""

    number: int
    at: datetime
    revision: int
    amendments: int


class Barred(Struct, frozen=True):
    """That on some of what is shown the reader does not decide: who else does, "" for nobody, and their own page."""

    judges: str
    own_page: str


class DeskPage(Page, frozen=True, kw_only=True):
    """`chosen` holds what is marked, by the number of the card; `is_kept` says that it comes from what was kept before.

    `marked` counts the amendments that are marked on all pages, `marked_elsewhere` those of the others; `free_count`
    those that nobody disputes, or -1 where they do not all stand on one page.
    """

    text: str
    head: str
    revision: int
    groups: Sequence[Group]
    way: Way
    brackets: Sequence[BracketLine]
    open_count: int
    disputed_count: int
    free_count: int
    languages: Sequence[Filter]
    may_decide: bool
    may_advise: bool
    may_bracket: bool
    verdicts: Sequence[tuple[str, str]]
    chosen: Mapping[int, Choice]
    is_kept: bool
    marked: int
    marked_elsewhere: int
    errors: Mapping[str, str]
    foreseen: Foreseen | None
    last: Last | None
    barred: Barred | None


class SillPage(Page, frozen=True, kw_only=True):
    """What stands on the sill while decisions are being marked."""

    text: str
    foreseen: Foreseen | None
    errors: Mapping[str, str]
    marked: int
    marked_elsewhere: int


def may_sit(actor: Actor, declaration: Declaration) -> bool:
    """Whether the desk is theirs: those who decide, and those whose opinion is heard."""
    return policy.may_decide(actor, declaration) or advising.may_advise(actor, declaration)


class CommitteeDesk(Struct, frozen=True):
    """The desk of one declaration, for one reader."""

    work: Work
    forum: str
    declaration: str

    def shown(self) -> Response[str]:
        """In one language: the one asked for, else the first in which something waits."""
        params = self.work.request.query_params
        go = params.get("go", "")
        went = View.asked(params).gone("go-", go) if go else None
        view = went[0] if went else View.asked(params)
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=may_sit)
            context = self._context(db, found, asked_language(self.work), view)
        is_arrival = not ({"page", "only", "go", "beyond", "short_of"} & set(params))
        return page(self.work, TEMPLATE, replace(context, is_kept=bool(context.marked) and is_arrival))

    def again(
        self, refusal: Refusal, *, language: Language, form: Mapping[str, str] | None = None, view: View | None = None
    ) -> Response[str]:
        """The desk with all that was marked, at what stood in the way."""
        stood = refusal.facts.get("number")
        view = replace(view or View(), holding=stood if isinstance(stood, int) else 0)
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=may_sit)
            marks = None if form is None else self.marks(db, found, form, language)
            context = self._context(db, found, language, view, marks=marks)
        return page(self.work, TEMPLATE, replace(context, errors=self._errors(refusal)), status=SHOWN_AGAIN)

    def foreseen(self, form: Mapping[str, str], *, language: Language, head: str, view: View) -> Response[str]:
        """The desk with all that was marked, and the text as it would read. Raises what deciding would."""
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=policy.may_decide)
            marks = self.marks(db, found, form, language)
            seen = self._foreseen(db, found, marks.every, language=language, head=head)
            context = self._context(db, found, language, view, marks=marks)
        return page(self.work, TEMPLATE, replace(context, foreseen=seen))

    def marked_what_is_free(self, db: Db, found: Frame, form: Mapping[str, str], *, language: Language) -> Marks:
        """What is marked, with every amendment for adoption that collides with none and that nobody speaks against."""
        marks = self.marks(db, found, form, language)
        groups = self._groups(db, found, language, is_drawn=False)
        more = [
            choice
            for choice in desk_marks.adopted(desk_marks.free(groups))
            if marks.numbers.isdisjoint((choice.number, *choice.same))
        ]
        return Marks(marks.here, [*marks.elsewhere, *more])

    def sill(self, form: Mapping[str, str], *, language: Language, head: str) -> Response[str]:
        """The sill alone, while somebody is marking a page: what its marks would do.

        Nothing outside a page collides with what stands on it. What cannot stand yet is said there.
        """
        seen, errors = None, NO_ERRORS
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=policy.may_decide)
            marks = self.marks(db, found, form, language)
            try:
                seen = self._foreseen(db, found, marks.here, language=language, head=head) if marks.here else None
            except (Invalid, DraftsError, Stale, Undecidable) as refusal:
                errors = self._errors(refusal)
        context = SillPage(
            text=language.value,
            foreseen=seen,
            errors=errors,
            marked=marks.count,
            marked_elsewhere=desk_marks.counted(marks.elsewhere),
        )
        return page(self.work, FRAGMENT, context)

    def marks(self, db: Db, found: Frame, form: Mapping[str, str], language: Language) -> Marks:
        """What a page of this desk sends, with what was marked on the others."""
        return desk_marks.sent(db, found.declaration, language, form, actor=self.work.actor)

    def language(self, text: str) -> Language:
        """Raises `NotFound` for a language of no text."""
        if text not in LANGUAGES:
            raise NotFound(what="text", id=text)
        return Language(text)

    def expected(self, head: str) -> UUID:
        """The revision that the form was shown with; what is no id names none that could be the head."""
        return block_key(head) or UUID(int=0)

    def address(self, language: Language, view: View | None = None, place: str = "") -> str:
        """Where a page of it is, and a place of the text there."""
        view = view or View()
        path = self.work.url_for(
            "desk",
            forum=self.forum,
            declaration=self.declaration,
            text=language,
            page=view.number if view.number > 1 or place else None,
            only=view.only or None,
            beyond=view.beyond if view.beyond >= 0 else None,
            short_of=view.short_of if view.short_of >= 0 else None,
        )
        return f"{path}#place-{place}" if place else path

    def _errors(self, refusal: Refusal) -> Mapping[str, str]:
        return {str(refusal.facts.get("field", "decisions")): sentence(refusal, self.work.messages)}

    def _foreseen(self, db: Db, found: Frame, chosen: Sequence[Choice], *, language: Language, head: str) -> Foreseen:
        if found.declaration.head_id != self.expected(head):
            raise Stale(expected=head, head=str(found.declaration.head_id))
        service = AmendmentService(db)
        numbered = service.called(found.declaration, named(chosen), actor=self.work.actor)
        ruled = rulings(chosen, numbered)
        prospect = service.foresee(found.declaration, ruled, language=language, actor=self.work.actor)
        passages = passages_in(queries.head_rows(db, found.declaration), language, self.work, found)
        contested = [one.number for one in chosen if one.verdict is Verdict.BRACKET]
        return self._drawn(prospect, passages, contested)

    def _drawn(self, prospect: Prospect, passages: Passages, contested: Sequence[int]) -> Foreseen:
        rows = [row for row in shown(prospect.head, prospect.text) if row.kind is not RowKind.SAME]
        bracketed = self.work.messages.gettext("in brackets")
        parts = [
            Part(
                passages.name((row.old or row.new)[0]),
                bracketed if is_bracketed else "",
                compared([row], passages),
                "bracket" if is_bracketed else row.kind.value,
            )
            for row in rows[:MOST_FORESEEN]
            for is_bracketed in [any(block.id in prospect.in_brackets for block in row.new)]
        ]
        waits = [number for number, outcome in prospect.outcomes.items() if outcome in desk_told.WAITING]
        said = [desk_told.bracketed(contested, self.work.messages)] if contested else []
        said += [desk_told.waiting(waits, self.work.messages)] if waits else []
        return Foreseen(parts, max(0, len(rows) - MOST_FORESEEN), " ".join(said), waits)

    def _groups(
        self,
        db: Db,
        found: Frame,
        language: Language,
        *,
        passages: Passages | None = None,
        numbers: Sequence[int] | None = None,
        is_drawn: bool = True,
    ) -> Sequence[Group]:
        """What waits in one language, of these `numbers` or of all, and what asks for other words beside it."""
        service, declaration = AmendmentService(db), found.declaration
        if passages is None:
            passages = passages_in(queries.shown_rows(db, declaration), language, self.work, found)
        table = service.undecided(declaration, actor=self.work.actor, numbers=numbers)
        table = [one for one in table if one.parent_id is None]
        here = [one for one in table if one.language is language]
        prospects = {language: service.prospect(declaration, language, table, rows=passages.rows)}
        on_the_desk = [*here, *in_other_words(table, language)]
        wardrobe = Wardrobe.of(db, declaration, on_the_desk)
        builder = LineBuilder(self.work, found, passages)
        tables = TableBuilder(builder, prospects if here else {}, wardrobe, is_desk=is_drawn, is_drawn=is_drawn)
        return tables.groups(on_the_desk)

    def _context(
        self, db: Db, found: Frame, asked: Language | None, view: View, *, marks: Marks | None = None
    ) -> DeskPage:
        service, declaration, actor = AmendmentService(db), found.declaration, self.work.actor
        tally = paging.tally(db, declaration, actor=actor).undecided
        language = asked or _busiest(tally, declaration.original_language)
        passages = passages_in(queries.shown_rows(db, declaration), language, self.work, found)
        may_decide = policy.may_decide(actor, declaration)
        if marks is None:
            marks = Marks(desk_marks.kept(db, declaration, language, actor=actor) if may_decide else ())
        waiting = paging.sheaves(db, declaration, passages.places, language=language, actor=actor)
        found_way = way(waiting, view, marks.numbers, passages, may_mark=may_decide)
        groups = self._groups(db, found, language, passages=passages, numbers=found_way.leaf.numbers)
        is_whole = found_way.count == 1 and not found_way.only
        chosen = {choice.number: choice for choice in marks.every}
        here = _on_the_cards(groups)
        return DeskPage(
            place=found.place,
            here="amendments",
            text=language.value,
            head=str(declaration.head_id),
            revision=declaration.head.number,
            groups=groups,
            way=found_way,
            brackets=[bracket_line(one, passages) for one in service.brackets(declaration, state=BracketState.OPEN)],
            open_count=tally[language],
            disputed_count=sum(len(group.disputes) for group in groups) if is_whole else 0,
            free_count=len(desk_marks.free(groups)) if is_whole else -1,
            languages=self._languages(tally, language),
            may_decide=may_decide,
            may_advise=advising.may_advise(actor, declaration),
            may_bracket=may_bracket(actor, declaration),
            verdicts=[(verdict.value, self.work.messages.gettext(words)) for verdict, words in VERDICTS.items()],
            chosen=chosen,
            is_kept=False,
            marked=marks.count,
            marked_elsewhere=desk_marks.counted([one for one in marks.every if one.number not in here]),
            errors={},
            foreseen=None,
            last=self._last(service, declaration, found) if may_decide else None,
            barred=self._barred(db, found) if may_decide and _has_own(groups) else None,
        )

    def _barred(self, db: Db, found: Frame) -> Barred:
        names = Judges(db, found.forum, actor=self.work.actor).of(found.declaration)
        own_page = self.work.url_for("person", forum=self.forum, person_id=self.work.actor.person_id)
        return Barred(self.work.messages.listed(names, "or"), own_page)

    def _last(self, service: AmendmentService, declaration: Declaration, found: Frame) -> Last | None:
        last: DecisionRound | None = service.undoable(declaration)
        if last is None:
            return None
        revision = last.revision.number if last.revision else 0
        return Last(last.number, found.forum.local(last.taken_at), revision, len(last.effects))

    def _languages(self, waiting: Mapping[Language, int], language: Language) -> Sequence[Filter]:
        return [
            Filter(self.work.messages.language_name(choice), waiting[choice], self.address(choice), choice is language)
            for choice in LANGUAGES
        ]


def _busiest(waiting: Mapping[Language, int], otherwise: Language) -> Language:
    """The language in which most waits; the text's own where nothing does, or in it as much as in any other."""
    return max((otherwise, *LANGUAGES), key=lambda one: waiting[one])


def _on_the_cards(groups: Sequence[Group]) -> frozenset[int]:
    """The amendments that stand on these cards, and those to them."""
    return frozenset(line.number for line in _lines(groups))


def _has_own(groups: Sequence[Group]) -> bool:
    """Whether something that waits there is the reader's own, or their delegation's."""
    return any(line.is_ours and line.is_undecided for line in _lines(groups))


def _lines(groups: Sequence[Group]) -> list[Line]:
    cards = [card for group in groups for each in group.disputes for card in each.cards]
    cards += [card for group in groups for card in group.cards]
    return [line for card in cards for line in (*card.lines, *card.line.children)]
