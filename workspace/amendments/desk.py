"""The committee's desk: every open amendment in its place, what is marked on it, and what that would do to the text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from litestar import Response

from drafts.blocks import Language
from drafts.errors import DraftsError
from drafts.shown import RowKind, shown
from workspace.amendments import advising, desk_drafts, paging, policy
from workspace.amendments.bracket_views import BracketLine, bracket_line
from workspace.amendments.bracketing import may_bracket
from workspace.amendments.committee_models import BracketState
from workspace.amendments.desk_drafts import Choice
from workspace.amendments.dressing import Wardrobe
from workspace.amendments.languages import in_other_words
from workspace.amendments.listing import Filter, asked_language
from workspace.amendments.models import DecisionRound, Outcome, Verdict
from workspace.amendments.passages import Passages, block_key
from workspace.amendments.prospects import Prospect
from workspace.amendments.rulings import VERDICTS, named, rulings
from workspace.amendments.service import Adoption, AmendmentService
from workspace.amendments.table import Card, Group, TableBuilder
from workspace.amendments.views import LineBuilder, Part, compared, passages_in
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
NO_ERRORS: Mapping[str, str] = {}
Refusal = Invalid | DraftsError | Stale | Undecidable
_IN_THE_TEXT = frozenset({Outcome.APPLIED, Outcome.PARTLY, Outcome.INCLUDED})
_TAKEN = frozenset({Outcome.TAKEN})
_WAITING = frozenset({Outcome.WAITS, Outcome.PARTLY})


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What the chosen decisions would do: the paragraphs that would change, and who would still wait."""

    parts: Sequence[Part]
    waiting: str


@dataclass(frozen=True, slots=True)
class Last:
    """The decisions taken last, where they can still be undone: how many, when, and the revision they made, or 0."""

    number: int
    at: datetime
    revision: int
    amendments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage(Page):
    """`chosen` holds what is marked, by the number of the card; `kept` says that it comes from what was kept before.

    `undecided_numbers` are all that can be named as the cause of a fall.
    """

    text: str
    head: str
    revision: int
    groups: Sequence[Group]
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
    kept: bool
    numbers: Sequence[int]
    errors: Mapping[str, str]
    foreseen: Foreseen | None
    last: Last | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SillPage(Page):
    """What stands on the sill while decisions are being marked."""

    text: str
    foreseen: Foreseen | None
    errors: Mapping[str, str]
    marked: int


def may_sit(actor: Actor, declaration: Declaration) -> bool:
    """Whether the desk is theirs: those who decide, and those whose opinion is heard."""
    return policy.may_decide(actor, declaration) or advising.may_advise(actor, declaration)


@dataclass(frozen=True, slots=True)
class CommitteeDesk:
    """The desk of one declaration, for one reader."""

    work: Work
    forum: str
    declaration: str

    def shown(self) -> Response[str]:
        """In one language: the one asked for, else the first in which something waits."""
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=may_sit)
            context = self._context(db, found, asked_language(self.work))
        return page(self.work, TEMPLATE, context)

    def again(self, chosen: Sequence[Choice], refusal: Refusal, *, language: Language) -> Response[str]:
        """The desk with all that was marked, and what stood in the way."""
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=may_sit)
            context = self._context(db, found, language, chosen=chosen)
        return page(self.work, TEMPLATE, replace(context, errors=self._errors(refusal)), status=SHOWN_AGAIN)

    def foreseen(self, chosen: Sequence[Choice], *, language: Language, head: str) -> Response[str]:
        """The desk with all that was marked, and the text as it would read. Raises what deciding would."""
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=policy.may_decide)
            seen = self._foreseen(db, found, chosen, language=language, head=head)
            context = self._context(db, found, language, chosen=chosen)
        return page(self.work, TEMPLATE, replace(context, foreseen=seen))

    def marking_what_is_free(self, chosen: Sequence[Choice], *, language: Language) -> Response[str]:
        """The desk with every amendment marked for adoption that collides with none and that nobody speaks against."""
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=policy.may_decide)
            context = self._context(db, found, language, chosen=chosen)
            marked = [*chosen, *(_adopted(card) for card in _free(context.groups) if not _is_marked(card, chosen))]
            seen = self._foreseen(db, found, marked, language=language, head=context.head) if marked else None
        chosen_now = {choice.number: choice for choice in marked}
        return page(self.work, TEMPLATE, replace(context, chosen=chosen_now, foreseen=seen))

    def sill(self, chosen: Sequence[Choice], *, language: Language, head: str) -> Response[str]:
        """The sill alone, while somebody is marking; what cannot stand yet is said there."""
        seen, errors = None, NO_ERRORS
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=policy.may_decide)
            try:
                seen = self._foreseen(db, found, chosen, language=language, head=head) if chosen else None
            except (Invalid, DraftsError, Stale, Undecidable) as refusal:
                errors = self._errors(refusal)
        marked = sum(1 + len(choice.same) for choice in chosen)
        return page(self.work, FRAGMENT, SillPage(text=language.value, foreseen=seen, errors=errors, marked=marked))

    def language(self, text: str) -> Language:
        """Raises `NotFound` for a language of no text."""
        if text not in LANGUAGES:
            raise NotFound(what="text", id=text)
        return Language(text)

    def expected(self, head: str) -> UUID:
        """The revision that the form was shown with; what is no id names none that could be the head."""
        return block_key(head) or UUID(int=0)

    def told(self, adoption: Adoption) -> str:
        """In one line: what is in the text now, in which revision, and what still waits."""
        messages = self.work.messages
        landed, waiting = _numbers(adoption, _IN_THE_TEXT), _numbers(adoption, _WAITING)
        parts = []
        if adoption.revision:
            parts.append(messages.gettext("Revision %(number)s is made.", number=adoption.revision.number))
        if landed:
            said = messages.ngettext(
                "Amendment %(numbers)s is in the text.",
                "Amendments %(numbers)s are in the text.",
                len(landed),
                numbers=messages.listed(map(str, sorted(landed))),
            )
            parts.append(said)
        if taken := _numbers(adoption, _TAKEN):
            said = messages.ngettext(
                "Amendment %(numbers)s is accepted into the one it amends.",
                "Amendments %(numbers)s are accepted into those they amend.",
                len(taken),
                numbers=messages.listed(map(str, sorted(taken))),
            )
            parts.append(said)
        if bracketed := [
            one.amendment.number for one in adoption.decisions if one.amendment and one.verdict is Verdict.BRACKET
        ]:
            said = messages.ngettext(
                "Amendment %(numbers)s stands in brackets.",
                "Amendments %(numbers)s stand in brackets.",
                len(bracketed),
                numbers=messages.listed(map(str, sorted(bracketed))),
            )
            parts.append(said)
        if waiting:
            parts.append(self._waiting(waiting))
        return " ".join(parts) or messages.gettext("The decisions are on record.")

    def _errors(self, refusal: Refusal) -> Mapping[str, str]:
        return {str(refusal.facts.get("field", "decisions")): sentence(refusal, self.work.messages)}

    def _waiting(self, numbers: Sequence[int]) -> str:
        return self.work.messages.ngettext(
            "Amendment %(numbers)s still waits: it collides, and the text stays as it was there.",
            "Amendments %(numbers)s still wait: they collide, and the text stays as it was there.",
            len(numbers),
            numbers=self.work.messages.listed(map(str, sorted(numbers))),
        )

    def _foreseen(self, db: Db, found: Frame, chosen: Sequence[Choice], *, language: Language, head: str) -> Foreseen:
        if found.declaration.head_id != self.expected(head):
            raise Stale(expected=head, head=str(found.declaration.head_id))
        service = AmendmentService(db)
        numbered = service.called(found.declaration, named(chosen), actor=self.work.actor)
        ruled = rulings(chosen, numbered)
        prospect = service.foresee(found.declaration, ruled, language=language, actor=self.work.actor)
        passages = passages_in(queries.head_rows(db, found.declaration), language, self.work, found)
        return self._drawn(prospect, passages)

    def _drawn(self, prospect: Prospect, passages: Passages) -> Foreseen:
        rows = [row for row in shown(prospect.head, prospect.merged.document) if row.kind is not RowKind.SAME]
        parts = [Part(passages.name((row.old or row.new)[0]), "", compared([row], passages)) for row in rows]
        waits = [number for number, outcome in prospect.outcomes.items() if outcome in _WAITING]
        return Foreseen(parts, self._waiting(waits) if waits else "")

    def _context(
        self, db: Db, found: Frame, asked: Language | None, *, chosen: Sequence[Choice] | None = None
    ) -> DeskPage:
        service, declaration, actor = AmendmentService(db), found.declaration, self.work.actor
        waiting = paging.tally(db, declaration, actor=actor).undecided
        language = asked or _busiest(waiting, declaration.original_language)
        table = [one for one in service.undecided(declaration, actor=actor) if one.parent_id is None]
        here = [one for one in table if one.language is language]
        rows = queries.head_rows(db, declaration)
        passages = passages_in(rows, language, self.work, found)
        builder = LineBuilder(self.work, found, passages)
        may_decide = policy.may_decide(actor, declaration)
        prospects = {language: service.prospect(declaration, language, table)} if here else {}
        on_the_desk = [*here, *in_other_words(table, language)]
        wardrobe = Wardrobe.of(db, declaration, on_the_desk)
        groups = TableBuilder(builder, prospects, wardrobe).groups(on_the_desk)
        kept = desk_drafts.kept(db, declaration.id, actor.person_id, language) if chosen is None and may_decide else ()
        marked = _still_there(kept, groups) if chosen is None else chosen
        return DeskPage(
            place=found.place,
            here="amendments",
            text=language.value,
            head=str(declaration.head_id),
            revision=declaration.head.number,
            groups=groups,
            brackets=[bracket_line(one, passages) for one in service.brackets(declaration, state=BracketState.OPEN)],
            open_count=len(here),
            disputed_count=sum(len(group.disputes) for group in groups),
            free_count=len(_free(groups)),
            languages=self._languages(waiting, language),
            may_decide=may_decide,
            may_advise=advising.may_advise(actor, declaration),
            may_bracket=may_bracket(actor, declaration),
            verdicts=[(verdict.value, self.work.messages.gettext(words)) for verdict, words in VERDICTS.items()],
            chosen={choice.number: choice for choice in marked},
            kept=bool(kept) and chosen is None,
            numbers=service.numbers(declaration, actor=actor),
            errors={},
            foreseen=None,
            last=self._last(service, declaration, builder) if may_decide else None,
        )

    def _last(self, service: AmendmentService, declaration: Declaration, builder: LineBuilder) -> Last | None:
        found: DecisionRound | None = service.undoable(declaration)
        if found is None:
            return None
        revision = found.revision.number if found.revision else 0
        return Last(found.number, builder.at_place(found.taken_at), revision, len(found.effects))

    def _languages(self, waiting: Mapping[Language, int], language: Language) -> Sequence[Filter]:
        here = {"forum": self.forum, "declaration": self.declaration}
        return [
            Filter(
                self.work.messages.language_name(one),
                waiting[one],
                self.work.url_for("desk", **here, text=one),
                one is language,
            )
            for one in LANGUAGES
        ]


def _busiest(waiting: Mapping[Language, int], otherwise: Language) -> Language:
    """The language in which most waits; the text's own where nothing does, or in it as much as in any other."""
    return max((otherwise, *LANGUAGES), key=lambda one: waiting[one])


def _still_there(kept: Sequence[Choice], groups: Sequence[Group]) -> Sequence[Choice]:
    """What was kept and can still be chosen: others may have decided meanwhile."""
    cards = [*(card for group in groups for card in group.cards)]
    cards += [card for group in groups for dispute in group.disputes for card in dispute.cards]
    numbers = {number for card in cards for number in card.decidable}
    numbers |= {child.number for card in cards for child in card.line.open_children}
    return [choice for choice in kept if choice.number in numbers]


def _free(groups: Sequence[Group]) -> Sequence[Card]:
    """What can be adopted without a word: no collision, no closed paragraph, no amendment to it, no opinion against."""
    return [card for group in groups for card in group.cards if card.is_free]


def _is_marked(card: Card, chosen: Sequence[Choice]) -> bool:
    return any(choice.number in card.decidable for choice in chosen)


def _adopted(card: Card) -> Choice:
    first, *same = card.decidable
    return Choice(number=first, verdict=Verdict.ADOPT, same=tuple(same))


def _numbers(adoption: Adoption, outcomes: frozenset[Outcome]) -> Sequence[int]:
    return [one.amendment.number for one in adoption.decisions if one.amendment and one.outcome in outcomes]
