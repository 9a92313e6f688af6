"""The state of the three languages: the map of squares, and what waits in each language."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import TypeAlias
from uuid import UUID

from litestar.di import NamedDependency
from msgspec import Struct

from drafts.languages.staleness import State
from drafts.text.blocks import BlockKind, Language
from workspace.core.errors import NotFound
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.frame import Frame, frame
from workspace.declarations.labels import Spot, excerpt
from workspace.terms.policy import may_edit
from workspace.translations.domain import policy
from workspace.translations.domain.models import ReviewVerdict
from workspace.translations.domain.queries import BlockStanding
from workspace.translations.domain.queue import QueueEntry, QueueNeed, QueueService
from workspace.translations.domain.suggestions import SuggestionService
from workspace.translations.domain.work import ReviewService, TaskService
from workspace.translations.labels import STATE_LABELS, TextStateLabel
from workspace.web.http.request_context import Work
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages

MOST_QUEUED = 25  # texts that wait for the same, before one asks for all
WIDEST = 10  # columns of one strip: what a phone has room for when it turns over
_PARTS = frozenset({BlockKind.HEADING, BlockKind.ANNEX})

Address = Callable[[UUID, Language], str]


class Mark(Struct, frozen=True):
    """What a square says beside how its text stands: its look, its sign, and a message."""

    look: str
    sign: str
    words: str


class Square(Struct, frozen=True):
    """One text: its state ("original" too), its look and sign, its meaning in words, and where it leads, if at all."""

    state: str
    look: str
    sign: str
    words: str
    href: str


class Strip(Struct, frozen=True):
    """Some neighbouring paragraphs. `caption` is the heading they stand under, in the reader's `language` where
    it has a text; "" for the opening.
    """

    caption: str
    language: Language | None
    is_continued: bool
    spots: Sequence[Spot]
    squares: Sequence[tuple[Language, Sequence[Square]]]
    is_settled: bool


Marks = Mapping[tuple[UUID, Language], Mark]


def strips(
    standings: Sequence[BlockStanding],
    named: Sequence[Spot],
    messages: Messages,
    address: Address,
    marks: Marks | None = None,
) -> tuple[Strip, ...]:
    """The whole text as strips, a new one under every heading.

    `address` says where a block's square leads, and `marks` what it says where its text is not itself behind.
    """
    return tuple(
        _strip(part, start, messages, address, marks or {})
        for part in _parts(list(zip(standings, named, strict=True)))
        for start in range(0, len(part), WIDEST)
    )


_Named = tuple[BlockStanding, Spot]


def _parts(blocks: Sequence[_Named]) -> Iterator[Sequence[_Named]]:
    starts = [place for place, (standing, _) in enumerate(blocks) if standing.row.kind in _PARTS]
    borders = sorted({0, *starts, len(blocks)})
    for start, end in pairwise(borders):
        yield blocks[start:end]


def _strip(part: Sequence[_Named], start: int, messages: Messages, address: Address, marks: Marks) -> Strip:
    blocks = part[start : start + WIDEST]
    first = part[0][0].row
    is_headed = first.kind in _PARTS
    language = messages.language if messages.language in first.texts else first.original_language
    return Strip(
        caption=excerpt(first.content(language)) if is_headed else "",
        language=language if is_headed else None,
        is_continued=start > 0,
        spots=[spot for _, spot in blocks],
        squares=[
            (language, [_square(block, language, messages, address, marks) for block in blocks])
            for language in Language
        ],
        is_settled=not any(
            state.stops_publication or (spot.block_id, language) in marks
            for standing, spot in blocks
            for language, state in standing.states.items()
        ),
    )


def _square(block: _Named, language: Language, messages: Messages, address: Address, marks: Marks) -> Square:
    standing, spot = block
    state = standing.states[language]
    is_original = language is standing.row.original_language and state is State.CURRENT
    label = STATE_LABELS[state]
    mark = Mark(label.look, label.sign, N_("original") if is_original else label.words)
    if not state.stops_publication:
        mark = marks.get((spot.block_id, language), mark)
    words = messages.gettext(
        "%(paragraph)s, %(language)s: %(state)s",
        paragraph=spot.name,
        language=messages.language_name(language),
        state=messages.gettext(mark.words),
    )
    name = "original" if is_original else state.value
    return Square(name, mark.look, mark.sign, words, address(spot.block_id, language))


class QueuedText(Struct, frozen=True):
    """A text that waits for a translator; `amendments` are those it waits for."""

    spot: Spot
    state_label: TextStateLabel
    href: str
    due_on: date | None
    whose: str
    amendments: Sequence[int]


class QueuePart(Struct, frozen=True):
    """The first texts of those that wait for the same, or all `total` of them."""

    texts: Sequence[QueuedText]
    total: int

    @property
    def is_whole(self) -> bool:
        return len(self.texts) == self.total


class Queue(Struct, frozen=True):
    """What waits in one language, most urgent first; `settled` of `total` need nothing.

    `unwritten` stops publication; `returned` came back from a reviewer, `unread` nobody has reviewed, and `tabled`
    may be prepared for amendments on the table. `is_unfolded` where somebody asked for all of it.
    """

    language: Language
    is_unfolded: bool
    unwritten: QueuePart
    returned: QueuePart
    unread: QueuePart
    tabled: QueuePart
    settled: int
    total: int

    @property
    def to_write(self) -> Sequence[QueuedText]:
        """What a translator goes through, one after the other."""
        return [*self.unwritten.texts, *self.returned.texts]


class TranslationLinks(Struct, frozen=True):
    """The addresses that lead from a declaration's translation to its texts."""

    work: Work
    forum: str
    declaration: str

    def frame(self, db: Db) -> Frame:
        """Raises `NotFound` for who does not follow the work."""
        return frame(db, self.forum, self.declaration, work=self.work, may=policy.may_follow)

    def to(self, name: str, **values: object) -> str:
        """The address of a route of the declaration."""
        return self.work.url_for(name, forum=self.forum, declaration=self.declaration, **values)

    def overview(self) -> str:
        return self.to("translation")

    def whole(self, language: Language) -> str:
        return self.to("translation_text", text=language.value)

    def concordance(self) -> str:
        return self.to("concordance")

    def amendment(self, number: int) -> str:
        return self.to("amendment", number=number)

    def review(self, language: Language) -> str:
        return self.to("review_translations", text=language.value)

    def xliff(self, source: Language, target: Language) -> str:
        return self.to("xliff_file", source=source.value, text=target.value)

    def reading(self) -> str:
        return self.to("reading")

    def paragraph(self, block_id: UUID) -> str:
        return self.to("paragraph", block_id=block_id)

    def edit(self, block_id: UUID) -> str:
        """Where the committee edits the original."""
        return self.to("edit_paragraph", block=block_id)

    def translate(self, block_id: UUID, language: Language) -> str:
        return self.to("translate", block_id=block_id, text=language.value)

    def mend(self, row: BlockRow, language: Language) -> str:
        """Where a text is mended or a finding let stand: at a translation, also where the original is the odd one."""
        others = (other for other in Language if other is not row.original_language)
        return self.translate(row.block_id, next(others) if language is row.original_language else language)


Ways: TypeAlias = NamedDependency[TranslationLinks]  # of the declaration that an address names


def language_named(text: str) -> Language:
    """The language of an address or a form; raises `NotFound` for any other."""
    if text not in set(Language):
        raise NotFound(what="language", id=text)
    return Language(text)


def queues(
    db: Db,
    declaration: Declaration,
    ways: TranslationLinks,
    standings: Sequence[BlockStanding],
    *,
    named: Mapping[UUID, Spot],
    whole: str = "",
    into: Language | None = None,
) -> list[Queue]:
    """One queue for each language, also where nothing waits: its beginning, or all of that which is `whole`.

    With `into`, only what has to be written in that language, all of it, and nothing else that waits.
    """
    entries = QueueService(db).entries(declaration, standings, actor=ways.work.actor, into=into)
    return [
        _queue(language, entries, ways, named, most=None if language.value in {whole, into} else MOST_QUEUED)
        for language in ([into] if into else Language)
    ]


def _queue(
    language: Language,
    entries: Sequence[QueueEntry],
    ways: TranslationLinks,
    named: Mapping[UUID, Spot],
    *,
    most: int | None = None,
) -> Queue:
    def part(need: QueueNeed) -> QueuePart:
        every = [entry for entry in entries if entry.need is need and entry.language is language]
        return QueuePart([_queued(entry, named, ways) for entry in every[:most]], len(every))

    unwritten = part(QueueNeed.WRITE)
    return Queue(
        language=language,
        is_unfolded=most is None,
        unwritten=unwritten,
        returned=part(QueueNeed.RETURNED),
        unread=part(QueueNeed.REVIEW),
        tabled=part(QueueNeed.PREPARE),
        settled=len(named) - unwritten.total,
        total=len(named),
    )


def _queued(entry: QueueEntry, named: Mapping[UUID, Spot], ways: TranslationLinks) -> QueuedText:
    href = ways.translate(entry.block_id, entry.language)
    return QueuedText(
        named[entry.block_id], STATE_LABELS[entry.state], href, entry.due_on, entry.whose, entry.amendments
    )


def text_map(ways: TranslationLinks, standings: Sequence[BlockStanding], named: Sequence[Spot]) -> tuple[Strip, ...]:
    """The squares; that of an original leads to its paragraph, any other to its translation."""
    original = {standing.row.block_id: standing.row.original_language for standing in standings}

    def address(block_id: UUID, language: Language) -> str:
        return ways.paragraph(block_id) if original[block_id] is language else ways.translate(block_id, language)

    return strips(standings, named, ways.work.messages, address)


def count_of(standings: Sequence[BlockStanding]) -> int:
    """How many texts stop publication."""
    return sum(state.stops_publication for standing in standings for state in standing.states.values())


class AssignmentLine(Struct, frozen=True):
    """Whose work a language is, or one paragraph in it (`paragraph` names it, "" for the whole)."""

    id: UUID
    name: str
    due_on: date | None
    paragraph: str
    may_end: bool


class LanguageProgress(Struct, frozen=True):
    """One language: what is approved and suggested, of all that is translated into it.

    `translators` are those whom it can be given to, empty where the reader hands out nothing.
    """

    approved: int
    translated: int
    unread: str
    suggestions: int
    tasks: Sequence[AssignmentLine]
    translators: Sequence[tuple[UUID, str]]
    files: Sequence[tuple[Language, str]]  # pairs for other tools, by the language they are made from


class TranslatorLinks(Struct, frozen=True):
    """Where else translators work; "" where it is not open to the reader."""

    concordance: str
    glossary: str
    memory: str
    take_in: str


def progress(
    db: Db,
    declaration: Declaration,
    standings: Sequence[BlockStanding],
    named: Mapping[UUID, Spot],
    ways: TranslationLinks,
) -> Mapping[Language, LanguageProgress]:
    """Every language, in a fixed number of queries."""
    actor, tasks = ways.work.actor, TaskService(db)
    said = ReviewService(db).reviews(declaration, [paragraph.row for paragraph in standings])
    given, translators = tasks.assignments(declaration), tasks.translators(declaration)
    may_follow_suggestions = policy.may_translate(actor, declaration)
    pending = SuggestionService(db).pending(declaration) if may_follow_suggestions else {}
    found = {}
    for language in Language:
        into = [paragraph for paragraph in standings if paragraph.row.original_language is not language]
        current = [
            paragraph
            for paragraph in into
            if language in paragraph.row.texts and not paragraph.states[language].stops_publication
        ]
        reviews = [said.get((paragraph.row.block_id, language)) for paragraph in current]
        may_assign = policy.may_assign(actor, declaration, language)
        found[language] = LanguageProgress(
            approved=sum(review is not None and review.verdict is ReviewVerdict.APPROVED for review in reviews),
            translated=len(into),
            unread=ways.review(language)
            if any(review is None for review in reviews) and policy.may_review(actor, declaration, language, None)
            else "",
            suggestions=sum(len(some) for (_, of), some in pending.items() if of is language),
            tasks=[
                AssignmentLine(
                    id=assignment.id,
                    name=assignment.person.name,
                    due_on=assignment.due_on,
                    paragraph=named[block_id].name if (block_id := assignment.block_id) and block_id in named else "",
                    may_end=may_assign,
                )
                for assignment in given
                if assignment.language is language
            ],
            translators=[
                (translator.person.id, translator.person.name)
                for translator in translators
                if translator.translates(language)
            ]
            if may_assign
            else (),
            files=[(source, ways.xliff(source, language)) for source in Language if source is not language]
            if policy.may_translate(actor, declaration, language)
            else (),
        )
    return found


def translator_links(declaration: Declaration, ways: TranslationLinks) -> TranslatorLinks:
    """The addresses of the other desks."""
    actor = ways.work.actor
    works = may_edit(actor, policy.scope_of(declaration))
    glossary = ways.work.url_for("glossary", forum=ways.forum)
    return TranslatorLinks(
        concordance=ways.concordance(),
        glossary=f"{glossary}?of={ways.declaration}" if works else "",
        memory=ways.to("translation_memory") if works else "",
        take_in=ways.to("take_xliff_in") if policy.may_translate(actor, declaration) else "",
    )
