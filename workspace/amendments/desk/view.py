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

from drafts.base.errors import DraftsError
from drafts.diff.side_by_side import RowKind, diff_rows
from drafts.text.blocks import Language
from workspace.amendments.decisions.committee_edits import may_bracket
from workspace.amendments.desk import choices, summary
from workspace.amendments.desk.choices import VERDICTS, CardChoice, DeskMarks, chosen_numbers, rulings_of
from workspace.amendments.desk.navigation import DeskNavigation, DeskView, desk_navigation
from workspace.amendments.domain import opinions, policy
from workspace.amendments.domain.committee_models import BracketState
from workspace.amendments.domain.conflicts import rivals_in_other_languages
from workspace.amendments.domain.models import DecisionRound, Verdict
from workspace.amendments.domain.outcomes import AdoptionPreview
from workspace.amendments.domain.policy import OtherDeciders
from workspace.amendments.labels import ParagraphLabels, block_key
from workspace.amendments.service import AmendmentService
from workspace.amendments.views import pagination
from workspace.amendments.views.agreement import BracketLine, bracket_line
from workspace.amendments.views.amendment import (
    AmendmentView,
    AmendmentViewBuilder,
    ChangedPlace,
    compared,
    passages_in,
)
from workspace.amendments.views.cards import CardDetailsLoader, PlaceGroup, TableBuilder
from workspace.amendments.views.listing import Filter, language_of_query
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, Stale, Undecidable
from workspace.core.storage.db import Db
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.frame import Frame, frame
from workspace.web.http.request_context import Work
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, page
from workspace.web.refusals.sentences import sentence

TEMPLATE, FRAGMENT = "amendments/desk.html", "amendments/desk_sill.html"
SHOWN_AGAIN = 422
MOST_FORESEEN = 60  # changed paragraphs that the sill draws
NO_ERRORS: Mapping[str, str] = {}
Refusal = Invalid | DraftsError | Stale | Undecidable


class RoundPreview(Struct, frozen=True):
    """What the chosen decisions would do: the paragraphs that would change, how many more, and what would wait."""

    parts: Sequence[ChangedPlace]
    more: int
    held_up: str
    numbers: Sequence[int]  # of those that wait


class LastRound(Struct, frozen=True):
    """The decisions taken last, where they can still be undone: how many, when, and the revision they made, or 0."""

    number: int
    at: datetime
    revision: int
    amendments: int


class BarredCards(Struct, frozen=True):
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
    groups: Sequence[PlaceGroup]
    way: DeskNavigation
    brackets: Sequence[BracketLine]
    open_count: int
    disputed_count: int
    free_count: int
    languages: Sequence[Filter]
    may_decide: bool
    may_advise: bool
    may_bracket: bool
    verdicts: Sequence[tuple[str, str]]
    chosen: Mapping[int, CardChoice]
    is_kept: bool
    marked: int
    marked_elsewhere: int
    errors: Mapping[str, str]
    foreseen: RoundPreview | None
    last: LastRound | None
    barred: BarredCards | None


class DeskBarPage(Page, frozen=True, kw_only=True):
    """What stands on the sill while decisions are being marked."""

    text: str
    foreseen: RoundPreview | None
    errors: Mapping[str, str]
    marked: int
    marked_elsewhere: int


def may_sit(actor: Actor, declaration: Declaration) -> bool:
    """Whether the desk is theirs: those who decide, and those whose opinion is heard."""
    return policy.may_decide(actor, declaration) or opinions.may_advise(actor, declaration)


class CommitteeDesk(Struct, frozen=True):
    """The desk of one declaration, for one reader."""

    work: Work
    forum: str
    declaration: str

    def shown(self) -> Response[str]:
        """In one language: the one asked for, else the first in which something waits."""
        params = self.work.request.query_params
        go = params.get("go", "")
        went = DeskView.from_query(params).gone("go-", go) if go else None
        view = went[0] if went else DeskView.from_query(params)
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=may_sit)
            context = self._context(db, found, language_of_query(self.work), view)
        is_arrival = not ({"page", "only", "go", "beyond", "short_of"} & set(params))
        return page(self.work, TEMPLATE, replace(context, is_kept=bool(context.marked) and is_arrival))

    def again(
        self,
        refusal: Refusal,
        *,
        language: Language,
        form: Mapping[str, str] | None = None,
        view: DeskView | None = None,
    ) -> Response[str]:
        """The desk with all that was marked, at what stood in the way."""
        stood = refusal.facts.get("number")
        view = replace(view or DeskView(), holding=stood if isinstance(stood, int) else 0)
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=may_sit)
            marks = None if form is None else self.marks(db, found, form, language)
            context = self._context(db, found, language, view, marks=marks)
        return page(self.work, TEMPLATE, replace(context, errors=self._errors(refusal)), status=SHOWN_AGAIN)

    def foreseen(self, form: Mapping[str, str], *, language: Language, head: str, view: DeskView) -> Response[str]:
        """The desk with all that was marked, and the text as it would read. Raises what deciding would."""
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=policy.may_decide)
            marks = self.marks(db, found, form, language)
            seen = self._foreseen(db, found, marks.every, language=language, head=head)
            context = self._context(db, found, language, view, marks=marks)
        return page(self.work, TEMPLATE, replace(context, foreseen=seen))

    def marked_what_is_free(self, db: Db, found: Frame, form: Mapping[str, str], *, language: Language) -> DeskMarks:
        """What is marked, with every amendment for adoption that collides with none and that nobody speaks against."""
        marks = self.marks(db, found, form, language)
        groups = self._groups(db, found, language, is_drawn=False)
        more = [
            choice
            for choice in choices.adopting_choices(choices.undisputed_cards(groups))
            if marks.numbers.isdisjoint((choice.number, *choice.same))
        ]
        return DeskMarks(marks.here, [*marks.elsewhere, *more])

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
        context = DeskBarPage(
            text=language.value,
            foreseen=seen,
            errors=errors,
            marked=marks.count,
            marked_elsewhere=choices.count_chosen(marks.elsewhere),
        )
        return page(self.work, FRAGMENT, context)

    def marks(self, db: Db, found: Frame, form: Mapping[str, str], language: Language) -> DeskMarks:
        """What a page of this desk sends, with what was marked on the others."""
        return choices.submitted_marks(db, found.declaration, language, form, actor=self.work.actor)

    def language(self, text: str) -> Language:
        """Raises `NotFound` for a language of no text."""
        if text not in LANGUAGES:
            raise NotFound(what="text", id=text)
        return Language(text)

    def expected(self, head: str) -> UUID:
        """The revision that the form was shown with; what is no id names none that could be the head."""
        return block_key(head) or UUID(int=0)

    def address(self, language: Language, view: DeskView | None = None, place: str = "") -> str:
        """Where a page of it is, and a place of the text there."""
        view = view or DeskView()
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

    def _foreseen(
        self, db: Db, found: Frame, chosen: Sequence[CardChoice], *, language: Language, head: str
    ) -> RoundPreview:
        if found.declaration.head_id != self.expected(head):
            raise Stale(expected=head, head=str(found.declaration.head_id))
        service = AmendmentService(db)
        numbered = service.called(found.declaration, chosen_numbers(chosen), actor=self.work.actor)
        ruled = rulings_of(chosen, numbered)
        prospect = service.foresee(found.declaration, ruled, only=language, actor=self.work.actor)
        passages = passages_in(queries.head_rows(db, found.declaration), language, self.work, found)
        contested = [card_choice.number for card_choice in chosen if card_choice.verdict is Verdict.BRACKET]
        [first, *_] = prospect.previews.values()
        return self._drawn(prospect.previews.get(language, first), passages, contested)

    def _drawn(self, prospect: AdoptionPreview, passages: ParagraphLabels, contested: Sequence[int]) -> RoundPreview:
        rows = [row for row in diff_rows(prospect.head, prospect.text) if row.kind is not RowKind.SAME]
        bracketed = self.work.messages.gettext("in brackets")
        parts = [
            ChangedPlace(
                passages.name((row.old or row.new)[0]),
                bracketed if is_bracketed else "",
                compared([row], passages),
                "bracket" if is_bracketed else row.kind.value,
            )
            for row in rows[:MOST_FORESEEN]
            for is_bracketed in [any(block.id in prospect.in_brackets for block in row.new)]
        ]
        waits = [number for number, outcome in prospect.outcomes.items() if outcome in summary.WAITING]
        said = [summary.bracket_sentence(contested, self.work.messages)] if contested else []
        said += [summary.collision_sentence(waits, self.work.messages)] if waits else []
        return RoundPreview(parts, max(0, len(rows) - MOST_FORESEEN), " ".join(said), waits)

    def _groups(
        self,
        db: Db,
        found: Frame,
        language: Language,
        *,
        passages: ParagraphLabels | None = None,
        numbers: Sequence[int] | None = None,
        is_drawn: bool = True,
    ) -> Sequence[PlaceGroup]:
        """What waits in one language, of these `numbers` or of all, and what asks for other words beside it."""
        service, declaration = AmendmentService(db), found.declaration
        if passages is None:
            passages = passages_in(queries.shown_rows(db, declaration), language, self.work, found)
        table = service.undecided(declaration, actor=self.work.actor, numbers=numbers)
        table = [amendment for amendment in table if amendment.parent_id is None]
        here = [amendment for amendment in table if amendment.language is language]
        prospects = {language: service.prospect(declaration, language, table, rows=passages.rows)}
        on_the_desk = [*here, *rivals_in_other_languages(table, language)]
        wardrobe = CardDetailsLoader.of(db, declaration, on_the_desk)
        builder = AmendmentViewBuilder(self.work, found, passages)
        tables = TableBuilder(builder, prospects if here else {}, wardrobe, is_desk=is_drawn, is_drawn=is_drawn)
        return tables.groups(on_the_desk)

    def _context(
        self, db: Db, found: Frame, of_query: Language | None, view: DeskView, *, marks: DeskMarks | None = None
    ) -> DeskPage:
        service, declaration, actor = AmendmentService(db), found.declaration, self.work.actor
        tally = pagination.count_undecided(db, declaration, actor=actor)
        language = of_query or _busiest(tally, declaration.original_language)
        passages = passages_in(queries.shown_rows(db, declaration), language, self.work, found)
        may_decide = policy.may_decide(actor, declaration)
        if marks is None:
            marks = DeskMarks(choices.pending_choices(db, declaration, language, actor=actor) if may_decide else ())
        undecided = pagination.paragraph_groups(db, declaration, passages.places, language=language, actor=actor)
        found_way = desk_navigation(undecided, view, marks.numbers, passages, may_mark=may_decide)
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
            brackets=[
                bracket_line(bracket, passages) for bracket in service.brackets(declaration, state=BracketState.OPEN)
            ],
            open_count=tally[language],
            disputed_count=sum(len(group.disputes) for group in groups) if is_whole else 0,
            free_count=len(choices.undisputed_cards(groups)) if is_whole else -1,
            languages=self._languages(tally, language),
            may_decide=may_decide,
            may_advise=opinions.may_advise(actor, declaration),
            may_bracket=may_bracket(actor, declaration),
            verdicts=[(verdict.value, self.work.messages.gettext(words)) for verdict, words in VERDICTS.items()],
            chosen=chosen,
            is_kept=False,
            marked=marks.count,
            marked_elsewhere=choices.count_chosen(
                [card_choice for card_choice in marks.every if card_choice.number not in here]
            ),
            errors={},
            foreseen=None,
            last=self._last(service, declaration, found) if may_decide else None,
            barred=self._barred(db, found) if may_decide and _has_own(groups) else None,
        )

    def _barred(self, db: Db, found: Frame) -> BarredCards:
        names = OtherDeciders(db, found.forum, actor=self.work.actor).of(found.declaration)
        own_page = self.work.url_for("person", forum=self.forum, person_id=self.work.actor.person_id)
        return BarredCards(self.work.messages.listed(names, "or"), own_page)

    def _last(self, service: AmendmentService, declaration: Declaration, found: Frame) -> LastRound | None:
        last: DecisionRound | None = service.undoable(declaration)
        if last is None:
            return None
        revision = last.revision.number if last.revision else 0
        return LastRound(last.number, found.forum.local(last.taken_at), revision, len(last.effects))

    def _languages(self, undecided: Mapping[Language, int], language: Language) -> Sequence[Filter]:
        return [
            Filter(
                self.work.messages.language_name(choice), undecided[choice], self.address(choice), choice is language
            )
            for choice in LANGUAGES
        ]


def _busiest(undecided: Mapping[Language, int], otherwise: Language) -> Language:
    """The language in which most waits; the text's own where nothing does, or in it as much as in any other."""
    return max((otherwise, *LANGUAGES), key=lambda language: undecided[language])


def _on_the_cards(groups: Sequence[PlaceGroup]) -> frozenset[int]:
    """The amendments that stand on these cards, and those to them."""
    return frozenset(line.number for line in _lines(groups))


def _has_own(groups: Sequence[PlaceGroup]) -> bool:
    """Whether something that waits there is the reader's own, or their delegation's."""
    return any(line.is_ours and line.is_undecided for line in _lines(groups))


def _lines(groups: Sequence[PlaceGroup]) -> list[AmendmentView]:
    cards = [card for group in groups for each in group.disputes for card in each.cards]
    cards += [card for group in groups for card in group.cards]
    return [line for card in cards for line in (*card.lines, *card.line.children)]
