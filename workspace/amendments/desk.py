"""The committee's desk: the table of amendments with its filters, the chair's form, and what decisions would do."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from litestar import Response

from drafts.blocks import Language
from drafts.errors import DraftsError
from drafts.shown import RowKind, shown
from workspace.amendments import policy
from workspace.amendments.languages import in_other_words
from workspace.amendments.models import Amendment, Outcome
from workspace.amendments.passages import Passages, block_key
from workspace.amendments.prospects import Prospect
from workspace.amendments.rulings import VERDICTS, Choice, rulings
from workspace.amendments.service import Adoption, AmendmentService
from workspace.amendments.table import Group, TableBuilder
from workspace.amendments.views import Line, LineBuilder, Part, compared, passages_in
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound, Stale, Undecidable
from workspace.declarations import queries
from workspace.declarations.frame import Frame, frame
from workspace.web.i18n import LANGUAGES, N_
from workspace.web.pages import Page, page
from workspace.web.sentences import sentence
from workspace.web.services import Work

TEMPLATE = "amendments/list.html"
SHOWN_AGAIN = 422
DECIDED = "decided"
_IN_THE_TEXT = frozenset({Outcome.APPLIED, Outcome.PARTLY, Outcome.INCLUDED})
_TAKEN = frozenset({Outcome.TAKEN})
_WAITING = frozenset({Outcome.WAITS, Outcome.PARTLY})


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow the table: its words, how many it shows, and its address."""

    words: str
    count: int
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What the chosen decisions would do: the paragraphs that would change, and who would still wait."""

    parts: Sequence[Part]
    waiting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentsPage(Page):
    """`text` is the one language shown, or "" for all; without one there is nothing to decide.

    `chosen` holds what was marked in a form that is shown again, by the number of the card.
    """

    text: str
    head: str
    revision: int
    groups: Sequence[Group]
    decided: Sequence[Line]
    open_count: int
    disputed_count: int
    languages: Sequence[Filter]
    decide_in: Sequence[Filter]  # the languages in which something waits for whoever may decide, and has to choose one
    states: Sequence[Filter]
    may_decide: bool
    may_propose: bool
    verdicts: Sequence[tuple[str, str]]
    chosen: Mapping[int, Choice]
    errors: Mapping[str, str]
    foreseen: Foreseen | None


@dataclass(frozen=True, slots=True)
class CommitteeDesk:
    """The table of one declaration, for one reader."""

    work: Work
    forum: str
    declaration: str

    def shown(self) -> Response[str]:
        state = self.work.request.query_params.get("state")
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work)
            context = self._context(db, found, self._asked_language(), is_decided=state == DECIDED)
        return page(self.work, TEMPLATE, context)

    def again(
        self, chosen: Sequence[Choice], refusal: Invalid | DraftsError | Stale | Undecidable, *, language: Language
    ) -> Response[str]:
        """The table with all that was marked, and what stood in the way."""
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=policy.may_decide)
            context = self._context(db, found, language, chosen=chosen)
        errors = {str(refusal.facts.get("field", "decisions")): sentence(refusal, self.work.messages)}
        return page(self.work, TEMPLATE, replace(context, errors=errors), status=SHOWN_AGAIN)

    def foreseen(self, chosen: Sequence[Choice], *, language: Language, head: str) -> Response[str]:
        """The table with all that was marked, and the text as it would read. Raises what deciding would."""
        with self.work.reading() as db:
            found = frame(db, self.forum, self.declaration, work=self.work, may=policy.may_decide)
            if found.declaration.head_id != self.expected(head):
                raise Stale(expected=head, head=str(found.declaration.head_id))
            service = AmendmentService(db)
            numbered = {one.number: one for one in service.of_declaration(found.declaration, actor=self.work.actor)}
            prospect = service.foresee(
                found.declaration, rulings(chosen, numbered), language=language, actor=self.work.actor
            )
            context = self._context(db, found, language, chosen=chosen)
            passages = passages_in(queries.head_rows(db, found.declaration), language, self.work, found)
        return page(self.work, TEMPLATE, replace(context, foreseen=self._foreseen(prospect, passages)))

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
        landed, waiting = _numbers(adoption, _IN_THE_TEXT), _numbers(adoption, _WAITING)
        parts = []
        if adoption.revision:
            parts.append(self.work.messages.gettext("Revision %(number)s is made.", number=adoption.revision.number))
        if landed:
            said = self.work.messages.ngettext(
                "Amendment %(numbers)s is in the text.",
                "Amendments %(numbers)s are in the text.",
                len(landed),
                numbers=self.work.messages.listed(map(str, sorted(landed))),
            )
            parts.append(said)
        if taken := _numbers(adoption, _TAKEN):
            said = self.work.messages.ngettext(
                "Amendment %(numbers)s is accepted into the one it amends.",
                "Amendments %(numbers)s are accepted into those they amend.",
                len(taken),
                numbers=self.work.messages.listed(map(str, sorted(taken))),
            )
            parts.append(said)
        if waiting:
            parts.append(self._waiting(waiting))
        return " ".join(parts) or self.work.messages.gettext("The decisions are on record.")

    def _waiting(self, numbers: Sequence[int]) -> str:
        return self.work.messages.ngettext(
            "Amendment %(numbers)s still waits: it collides, and the text stays as it was there.",
            "Amendments %(numbers)s still wait: they collide, and the text stays as it was there.",
            len(numbers),
            numbers=self.work.messages.listed(map(str, sorted(numbers))),
        )

    def _foreseen(self, prospect: Prospect, passages: Passages) -> Foreseen:
        rows = [row for row in shown(prospect.head, prospect.merged.document) if row.kind is not RowKind.SAME]
        parts = [Part(passages.name((row.old or row.new)[0]), "", compared([row], passages)) for row in rows]
        waits = [number for number, outcome in prospect.outcomes.items() if outcome in _WAITING]
        return Foreseen(parts, self._waiting(waits) if waits else "")

    def _asked_language(self) -> Language | None:
        asked = self.work.request.query_params.get("text", "")
        return Language(asked) if asked in LANGUAGES else None

    def _context(
        self,
        db: Db,
        found: Frame,
        language: Language | None,
        *,
        is_decided: bool = False,
        chosen: Sequence[Choice] = (),
    ) -> AmendmentsPage:
        service, declaration = AmendmentService(db), found.declaration
        every = service.of_declaration(declaration, actor=self.work.actor)
        wanted = [one for one in every if language in {None, one.language}]
        undecided = [one for one in wanted if _is_listed(one, is_decided=False)]
        rows = queries.head_rows(db, declaration)
        builder = LineBuilder(self.work, found, passages_in(rows, declaration.original_language, self.work, found))
        may_decide = policy.may_decide(self.work.actor, declaration)
        on_the_table = [one for one in every if _is_listed(one, is_decided=False)]
        prospects = {
            one: service.prospect(declaration, one, on_the_table)
            for one in LANGUAGES
            if any(amendment.language is one for amendment in undecided)
        }
        beside = in_other_words(on_the_table, language) if language and may_decide else []
        languages = self._languages(every, language, is_decided=is_decided)
        groups = () if is_decided else TableBuilder(builder, prospects).groups([*undecided, *beside])
        return AmendmentsPage(
            place=found.place,
            here="amendments",
            text=language or "",
            head=str(declaration.head_id),
            revision=declaration.head.number,
            groups=groups,
            decided=[builder.line(one) for one in wanted if _is_listed(one, is_decided=True)] if is_decided else (),
            open_count=len(undecided),
            disputed_count=sum(len(group.disputes) for group in groups),
            languages=languages,
            states=self._states(wanted, language, is_decided=is_decided),
            may_decide=may_decide and language is not None and not is_decided,
            decide_in=[one for one in languages[1:] if one.count] if may_decide and language is None else (),
            may_propose=policy.may_propose(self.work.actor, declaration),
            verdicts=[(verdict.value, self.work.messages.gettext(words)) for verdict, words in VERDICTS.items()],
            chosen={choice.number: choice for choice in chosen},
            errors={},
            foreseen=None,
        )

    def _languages(
        self, amendments: Sequence[Amendment], language: Language | None, *, is_decided: bool
    ) -> Sequence[Filter]:
        counted = Counter(one.language for one in amendments if _is_listed(one, is_decided=is_decided))
        name = self.work.messages.language_name
        every = Filter(
            self.work.messages.gettext("All languages"),
            counted.total(),
            self._url(None, is_decided=is_decided),
            language is None,
        )
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
        opened = sum(_is_listed(one, is_decided=False) for one in amendments)
        decided = sum(_is_listed(one, is_decided=True) for one in amendments)
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


def _is_listed(amendment: Amendment, *, is_decided: bool) -> bool:
    """What is open stands on a card, and what amends it on the same card; what is decided on a line of its own."""
    if is_decided:
        return not amendment.disposition.is_undecided
    return amendment.disposition.is_undecided and amendment.parent_id is None


def _numbers(adoption: Adoption, outcomes: frozenset[Outcome]) -> Sequence[int]:
    return [one.amendment.number for one in adoption.decisions if one.amendment and one.outcome in outcomes]
