"""The committee's desk: what waits in all languages, paragraph by paragraph, what is marked, and what that would do.

A page holds whole paragraphs, so a collision is seen whole; what is marked on one page is kept while another is
read, and all of it is recorded at once.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from litestar import Response
from msgspec import Struct
from msgspec.structs import replace

from drafts.base.errors import DraftsError
from drafts.text.blocks import Language
from workspace.amendments.decisions.committee_edits import may_bracket
from workspace.amendments.desk import choices, summary
from workspace.amendments.desk.choices import AT_HAND, VERDICTS, CardChoice, DeskMarks, chosen_numbers, rulings_of
from workspace.amendments.desk.navigation import DeskNavigation, DeskView, desk_navigation
from workspace.amendments.desk.summary import RoundPreview
from workspace.amendments.domain import opinions, policy
from workspace.amendments.domain.committee_models import BracketState
from workspace.amendments.domain.conflicts import sharing_paragraphs
from workspace.amendments.domain.models import DecisionRound, Verdict
from workspace.amendments.domain.outcomes import Prospect
from workspace.amendments.domain.policy import OtherDeciders
from workspace.amendments.labels import ParagraphLabels
from workspace.amendments.service import AmendmentService
from workspace.amendments.views import pagination
from workspace.amendments.views.agreement import BracketLine, bracket_line
from workspace.amendments.views.amendment import AmendmentViewBuilder, Prepared, passages_in
from workspace.amendments.views.cards import CardDetailsLoader, PlaceGroup, TableBuilder
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, Stale, Undecidable
from workspace.core.storage.db import Db
from workspace.core.validation import sent_id
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.frame import Frame, frame
from workspace.web.http.request_context import Work
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, page
from workspace.web.refusals.sentences import sentence

TEMPLATE, FRAGMENT = "amendments/desk.html", "amendments/desk_sill.html"
OK, SHOWN_AGAIN = 200, 422
MOST_FORESEEN = 60  # changed paragraphs that the desk draws
NO_ERRORS: Mapping[str, str] = {}
NOTHING_DECIDED = Prospect({}, {})
Refusal = Invalid | DraftsError | Stale | Undecidable


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
    """`chosen` holds what is marked, by the number of the card; `text` the language that alone is shown, or "".

    `decisions` are the amendments that are marked on all pages; `has_free` says that some may be disputed by nobody;
    `late` are the numbers of those that wait for leave; `errors` what stands in the way, `was_refused` where it has
    just been asked for.
    """

    text: str
    leads: Mapping[str, Language]
    head: str
    groups: Sequence[PlaceGroup]
    way: DeskNavigation
    brackets: Sequence[BracketLine]
    open_count: int
    late: Sequence[int]
    may_decide: bool
    may_advise: bool
    may_bracket: bool
    verdicts: Sequence[tuple[str, str]]
    at_hand: Sequence[str]
    chosen: Mapping[int, CardChoice]
    decisions: int
    marked: str
    has_free: bool
    was_refused: bool
    errors: Mapping[str, str]
    foreseen: RoundPreview
    last: LastRound | None
    barred: BarredCards | None


class DeskBarPage(Page, frozen=True, kw_only=True):
    """What changes on the desk while decisions are being marked."""

    foreseen: RoundPreview
    errors: Mapping[str, str]
    decisions: int
    marked: str


def may_sit(actor: Actor, declaration: Declaration) -> bool:
    """Whether the desk is theirs: those who decide, and those whose opinion is heard."""
    return policy.may_decide(actor, declaration) or opinions.may_advise(actor, declaration)


class CommitteeDesk(Struct, frozen=True):
    """The desk of one declaration, for one reader; `prepared` finds the translations that wait for amendments."""

    work: Work
    forum: str
    declaration: str
    prepared: Callable[[Db, Declaration], Prepared]

    def shown(self) -> Response[str]:
        """The page of the desk that the address names."""
        params = self.work.request.query_params
        view = DeskView.from_query(params)
        went = view.gone(params.get("go", ""))
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=may_sit)
            context = self._context(db, found, went[0] if went else view)
        return page(self.work, TEMPLATE, context)

    def again(
        self, form: Mapping[str, str] | None = None, *, view: DeskView | None = None, refusal: Refusal | None = None
    ) -> Response[str]:
        """The desk with all that is marked and what it would do, at what stood in the way, if something did."""
        stood = refusal.facts.get("number") if refusal else None
        view = replace(view or DeskView(), holding=stood) if isinstance(stood, int) else view or DeskView()
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=may_sit)
            marks = None if form is None else self.marks(db, found, form)
            context = self._context(db, found, view, marks=marks, head=(form or {}).get("head", ""), refusal=refusal)
        return page(self.work, TEMPLATE, context, status=SHOWN_AGAIN if context.errors else OK)

    def marked_what_is_free(self, db: Db, found: Frame, form: Mapping[str, str]) -> DeskMarks:
        """What is marked, with every amendment for adoption that collides with none and that nobody speaks against."""
        marks = self.marks(db, found, form)
        view = DeskView.from_query(form)
        groups = self._groups(db, found, self._passages(db, found), text=view.text, is_drawn=False)
        more = [
            choice
            for choice in choices.adopting_choices(choices.undisputed_cards(groups))
            if marks.verdicts.keys().isdisjoint((choice.number, *choice.same))
        ]
        return replace(marks, elsewhere=[*marks.elsewhere, *more])

    def sill(self, form: Mapping[str, str]) -> Response[str]:
        """What the marks would do, alone, while somebody is marking a page. What cannot stand yet is said there."""
        view = DeskView.from_query(form)
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=policy.may_decide)
            marks, passages = self.marks(db, found, form), self._passages(db, found)
            shown = [] if view.is_whole else [block for block in form.get("shown", "").split() if passages.row(block)]
            seen, errors = self._foreseen(db, found, marks, passages, shown, head=form.get("head", ""))
        context = DeskBarPage(foreseen=seen, errors=errors, decisions=len(marks.verdicts), marked=marks.written)
        return page(self.work, FRAGMENT, context)

    def marks(self, db: Db, found: Frame, form: Mapping[str, str]) -> DeskMarks:
        """What a page of this desk sends, with what was marked on the others."""
        return choices.submitted_marks(db, found.declaration, form, actor=self.work.actor)

    def address(self, view: DeskView | None = None, place: str = "") -> str:
        """Where a page of it is, and a place of the text there."""
        query = (view or DeskView()).query
        path = self.work.url_for("desk", forum=self.forum, declaration=self.declaration, **query)
        return f"{path}#place-{place}" if place else path

    def _errors(self, refusal: Refusal) -> Mapping[str, str]:
        return {str(refusal.facts.get("field", "decisions")): sentence(refusal, self.work.messages)}

    def _foreseen(
        self, db: Db, found: Frame, marks: DeskMarks, passages: ParagraphLabels, shown: Sequence[str], *, head: str
    ) -> tuple[RoundPreview, Mapping[str, str]]:
        """What is marked would do this; where it cannot be done, the text as it stands, and why."""
        errors, prospect = NO_ERRORS, NOTHING_DECIDED
        try:
            prospect = self._prospect(db, found, marks, head=head) if marks.every else prospect
        except (Invalid, DraftsError, Stale, Undecidable) as refusal:
            errors = self._errors(refusal)
        text = summary.TextPreview(
            prospect, AmendmentViewBuilder(self.work, found, passages, prepared=self.prepared(db, found.declaration))
        )
        contested = [choice.number for choice in marks.every if choice.verdict is Verdict.BRACKET and not errors]
        return summary.round_preview(text, contested, shown, self.work.messages, most=MOST_FORESEEN), errors

    def _prospect(self, db: Db, found: Frame, marks: DeskMarks, *, head: str) -> Prospect:
        if found.declaration.head_id != sent_id(head):
            raise Stale(expected=head, head=str(found.declaration.head_id))
        service, actor = AmendmentService(db), self.work.actor
        numbered = service.called(found.declaration, chosen_numbers(marks.every), actor=actor)
        return service.foresee(found.declaration, rulings_of(marks.every, numbered), actor=actor, leading=marks.leads)

    def _passages(self, db: Db, found: Frame) -> ParagraphLabels:
        """The paragraphs of the text in force, in the reader's language."""
        return passages_in(queries.shown_rows(db, found.declaration), self.work.language, self.work, found)

    def _groups(
        self,
        db: Db,
        found: Frame,
        passages: ParagraphLabels,
        *,
        text: Language | None,
        numbers: Sequence[int] | None = None,
        is_drawn: bool = True,
    ) -> Sequence[PlaceGroup]:
        """What waits, of these `numbers` or of all; in one language, with what others ask of the same paragraphs."""
        service, declaration = AmendmentService(db), found.declaration
        table = service.undecided(declaration, actor=self.work.actor, numbers=numbers)
        if text:
            here = [amendment for amendment in table if amendment.language is text]
            table = [*here, *sharing_paragraphs(table, text)]
        spoken = {amendment.language for amendment in table}
        prospects = {
            language: service.prospect(declaration, language, table, rows=passages.rows)
            for language in LANGUAGES
            if language in spoken
        }
        prepared = self.prepared(db, declaration) if is_drawn else {}
        builder = AmendmentViewBuilder(self.work, found, passages, prepared=prepared)
        wardrobe = CardDetailsLoader.of(db, declaration, table)
        return TableBuilder(builder, prospects, wardrobe, is_drawn).groups(table)

    def _context(
        self,
        db: Db,
        found: Frame,
        view: DeskView,
        *,
        marks: DeskMarks | None = None,
        head: str = "",
        refusal: Refusal | None = None,
    ) -> DeskPage:
        service, declaration, actor = AmendmentService(db), found.declaration, self.work.actor
        passages = self._passages(db, found)
        may_decide = policy.may_decide(actor, declaration)
        if marks is None:
            marks = choices.pending_marks(db, declaration, actor=actor) if may_decide else DeskMarks()
        undecided = pagination.paragraph_groups(db, declaration, passages.places, language=view.text, actor=actor)
        counts = pagination.count_undecided(db, declaration, actor=actor)
        if held := service.called(declaration, [view.holding], actor=actor).get(view.holding) if view.holding else None:
            view = replace(view, holding=(held.parent or held).number)
        way = desk_navigation(undecided, view, marks.verdicts, passages, counts, may_mark=may_decide)
        groups = self._groups(db, found, passages, text=view.text, numbers=way.leaf.numbers)
        shown = [] if view.is_whole else [group.block for group in groups if group.block]
        foreseen, told = self._foreseen(db, found, marks, passages, shown, head=head or str(declaration.head_id))
        return DeskPage(
            place=found.place,
            here="amendments",
            text=view.text or "",
            leads=marks.leading,
            head=str(declaration.head_id),
            groups=groups,
            way=way,
            brackets=[
                bracket_line(bracket, passages) for bracket in service.brackets(declaration, state=BracketState.OPEN)
            ],
            open_count=sum(counts.values()),
            late=service.late(declaration, actor=actor),
            may_decide=may_decide,
            may_advise=opinions.may_advise(actor, declaration),
            may_bracket=may_bracket(actor, declaration),
            verdicts=[(verdict.value, self.work.messages.gettext(words)) for verdict, words in VERDICTS.items()],
            at_hand=AT_HAND,
            chosen={choice.number: choice for choice in marks.every},
            decisions=len(marks.verdicts),
            marked=marks.written,
            has_free=way.count > 1 or bool(choices.undisputed_cards(groups)),
            was_refused=refusal is not None,
            errors=self._errors(refusal) if refusal else told,
            foreseen=foreseen,
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


def _has_own(groups: Sequence[PlaceGroup]) -> bool:
    """Whether something that waits there is the reader's own, or their delegation's."""
    cards = [card for group in groups for each in group.disputes for card in each.cards]
    cards += [card for group in groups for card in group.cards]
    lines = (line for card in cards for line in (*card.lines, *card.line.children))
    return any(line.is_ours and line.is_undecided for line in lines)
