"""What a question is about, as a page shows it: a name, and the words themselves for who may read the text."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from drafts.text.blocks import Language
from workspace.amendments.decisions import brackets
from workspace.amendments.domain.committee_models import BracketState
from workspace.amendments.labels import ParagraphLabels
from workspace.amendments.service import AmendmentService
from workspace.amendments.views.amendment import AmendmentView, AmendmentViewBuilder, passages_in
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound
from workspace.core.storage.db import Db
from workspace.core.validation import whole_number
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_read
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.frame import Frame
from workspace.procedure.agenda import A_PAGE, Agenda, AgendaPage, CurrentItemService
from workspace.procedure.models import Ending, Means, Subject
from workspace.procedure.visibility import QuestionView
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, Messages

TITLES: Mapping[Means, str] = {
    Means.VOTE: N_("Vote %(number)s: %(about)s"),
    Means.SILENCE: N_("Silence procedure %(number)s: %(about)s"),
    Means.CONSENSUS: N_("Consensus %(number)s: %(about)s"),
}
ENDINGS: Mapping[Ending, str] = {
    Ending.ADOPTED: N_("Adopted: no objection"),
    Ending.CARRIED: N_("Adopted"),
    Ending.LOST: N_("Rejected"),
    Ending.NO_QUORUM: N_("No quorum: nothing is decided"),
    Ending.BROKEN: N_("Silence broken: nothing is adopted"),
    Ending.WITHDRAWN: N_("Withdrawn: nothing is adopted"),
    Ending.OVERTAKEN: N_("Text changed: nothing is adopted"),
    Ending.TAKEN_BACK: N_("No longer agreed"),
    Ending.RETAKEN: N_("Vote taken again"),
    Ending.MOOT: N_("Withdrawn or decided otherwise"),
}
SILENT = N_("Silence procedure under way")
UNCONFIRMED = N_("Awaits second approval")
SOME_WORDS = N_("%(about)s, in part")
GOOD, BAD = "good", "warn"


class ParagraphText(Struct, frozen=True):
    """A paragraph in one language."""

    language: Language
    html: Markup


class ParagraphTexts(Struct, frozen=True):
    """A paragraph as it stands, in several languages."""

    name: str
    texts: Sequence[ParagraphText]


class VoteSubject(Struct, frozen=True):
    """What is talked about. `line` is an amendment with its changes, `passages` the paragraphs as they stand.

    Beside an amendment stand all that it changes, in the languages that it is not written in.
    """

    name: str
    href: str
    line: AmendmentView | None = None
    passages: Sequence[ParagraphTexts] = ()


class QuestionStateLabel(Struct, frozen=True):
    """Where a question stands, in words, with the mark for the style sheet; `name` is how it ended, or "open"."""

    words: str
    kind: str
    name: str


class VoteSubjects:
    """Names and words of one declaration, for one reader."""

    def __init__(self, db: Db, found: Frame, work: Work) -> None:
        self.db = db
        self.found = found
        self.work = work
        self.reads = may_read(work.actor, found.declaration)

    @cached_property
    def passages(self) -> ParagraphLabels:
        rows: Sequence[BlockRow] = queries.shown_rows(self.db, self.found.declaration) if self.reads else ()
        return passages_in(rows, self.work.language, self.work, self.found)

    @cached_property
    def builder(self) -> AmendmentViewBuilder:
        return AmendmentViewBuilder(self.work, self.found, self.passages)

    def title(self, seen: QuestionView) -> str:
        about = self.topic(seen, is_short=True).name
        if seen.part and seen.alternative is None:
            about = self.work.messages.gettext(SOME_WORDS, about=about)
        return self.work.messages.gettext(TITLES[seen.means], number=seen.number, about=about)

    def topic(self, seen: QuestionView, *, is_short: bool = False) -> VoteSubject:
        """What a question is about; `is_short` leaves out the words."""
        if seen.amendment is not None:
            return self.amendment(seen.amendment, is_short=is_short)
        if seen.block_id is not None:
            return self.paragraph(seen.block_id, is_short=is_short)
        say = self.work.messages.gettext
        name = say(N_("the whole text")) if seen.subject is Subject.TEXT else say(N_("a part of the text"))
        here = {"forum": self.found.forum.slug, "declaration": self.found.declaration.slug}
        return VoteSubject(name, self.work.url_for("reading", **here, revision=seen.revision) if self.reads else "")

    def amendment(self, number: int, *, is_short: bool = False) -> VoteSubject:
        """An amendment with its changes, where the reader may read it, and the paragraph it is about as it stands."""
        name = self.work.messages.gettext(N_("amendment %(number)s"), number=number)
        if is_short:
            return VoteSubject(name, "")
        try:
            found = AmendmentService(self.db).numbered(self.found.declaration, number, actor=self.work.actor)
        except NotFound:
            return VoteSubject(name, "")
        line = self.builder.line(found)
        blocks = list(dict.fromkeys(change.block_id for change in found.own.changes if change.block_id is not None))
        beside = [self._passage(block, besides=found.language) for block in blocks]
        return VoteSubject(name, line.href, line, [texts for texts in beside if texts is not None])

    def paragraph(self, block_id: UUID, *, is_short: bool = False) -> VoteSubject:
        """A paragraph in every language that it has."""
        row = self.passages.row(str(block_id))
        if row is None:
            return VoteSubject(self.work.messages.gettext(N_("a paragraph no longer in the text")), "")
        here = {"forum": self.found.forum.slug, "declaration": self.found.declaration.slug}
        return VoteSubject(
            self.passages.name_of(str(block_id)),
            self.work.url_for("paragraph", **here, block_id=block_id),
            passages=[paragraph_texts] if not is_short and (paragraph_texts := self._passage(block_id)) else (),
        )

    def _passage(self, block_id: UUID, *, besides: Language | None = None) -> ParagraphTexts | None:
        """A paragraph in every language that it has, `besides` one; None where the text has it no longer."""
        row = self.passages.row(str(block_id))
        if row is None:
            return None
        texts = [
            ParagraphText(language, self.passages.in_language(language).html(row.block(language)))
            for language in LANGUAGES
            if language in row.texts and language is not besides
        ]
        return ParagraphTexts(self.passages.name_of(str(block_id)), texts) if texts else None

    def state(self, seen: QuestionView) -> QuestionStateLabel:
        """Where it stands, in a sentence."""
        return state_of(seen, self.work.messages)


def state_of(seen: QuestionView, messages: Messages) -> QuestionStateLabel:
    """Where a question stands, in a sentence."""
    if seen.end is not None:
        ending = seen.end.ending
        return QuestionStateLabel(messages.gettext(ENDINGS[ending]), GOOD if ending.is_agreed else BAD, ending.value)
    if seen.means is not Means.VOTE:
        words = SILENT if seen.means is Means.SILENCE else UNCONFIRMED
        return QuestionStateLabel(messages.gettext(words), "accent", "open")
    said = messages.gettext(
        N_("Vote open: %(cast)s of %(eligible)s have voted"), cast=seen.cast, eligible=seen.eligible
    )
    return QuestionStateLabel(said, "accent", "open")


class SubjectChoices(Struct, frozen=True):
    """The list: (value, words) each; what is `waiting` cannot be chosen. Of `total` amendments it holds those from
    `first` to `last`; the addresses lead to the same page with those before and after them.
    """

    abouts: Sequence[tuple[str, str]] = ()
    first: int = 0
    last: int = 0
    total: int = 0
    previous: str = ""
    following: str = ""
    waiting: Collection[str] = ()

    @property
    def is_part(self) -> bool:
        """Whether there are more open amendments than it holds."""
        return self.last - self.first + 1 < self.total


def subject_choices(
    db: Db, found: Frame, topics: VoteSubjects, work: Work, *, order: Agenda, address: str
) -> SubjectChoices:
    """What can be chosen on the page with this address, with the amendments that `?order=` asks for; else those around
    what lies on the table.
    """
    place = whole_number(work.request.query_params.get("order", "")) or 0
    leaf = order.leaf(place or _around(db, order, found, work.actor))

    def beside(number: int) -> str:
        query = {**work.request.query_params.dict(), "order": [str(number)]}
        return f"{address}?{urlencode(sorted(query.items()), doseq=True)}#choose" if 1 <= number <= leaf.count else ""

    return SubjectChoices(
        [("", "—"), ("text", work.messages.gettext(N_("Whole text"))), *_listed(db, leaf, found, topics, work)],
        leaf.after + 1,
        leaf.after + len(leaf.items),
        len(order),
        beside(leaf.number - 1),
        beside(leaf.number + 1),
    )


def ensure_known(db: Db, declaration: Declaration, typed: str, *, actor: Actor) -> int:
    """The number of an amendment as somebody typed it; raises `Invalid` for what is none that they may read."""
    number = whole_number(typed) or 0
    if not AmendmentService(db).called(declaration, [number], actor=actor):
        raise Invalid(field="number", reason="no_such_amendment", given=typed[:40])
    return number


def _around(db: Db, order: Agenda, found: Frame, actor: Actor) -> int:
    """The page with what lies on the table."""
    now = CurrentItemService(db).now(found.declaration, actor=actor)
    place = order.place_of(now.amendment) if now.amendment else None
    if place is None:
        place = max(0, order.from_block(now.block_id))
    return place // A_PAGE + 1


def _listed(db: Db, leaf: AgendaPage, found: Frame, topics: VoteSubjects, work: Work) -> Sequence[tuple[str, str]]:
    say, name_of = work.messages.gettext, topics.passages.name_of
    numbered = [
        (
            f"amendment:{plenary_item.number}",
            say("Amendment %(number)s, %(name)s", number=plenary_item.number, name=plenary_item.who),
        )
        for plenary_item in leaf.items
    ]
    readings = [
        (
            f"alternative:{bracket.block_id}/{alternative.position}",
            say(
                N_("%(paragraph)s in brackets, alternative %(number)s"),
                paragraph=name_of(str(bracket.block_id)),
                number=alternative.position + 1,
            ),
        )
        for bracket in brackets.of_declaration(db, found.declaration, state=BracketState.OPEN)
        for alternative in bracket.alternatives
    ]
    paragraphs = [(f"paragraph:{row.block_id}", name_of(row.id)) for row in topics.passages.rows]
    return [*numbered, *readings, *paragraphs]
