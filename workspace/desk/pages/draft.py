"""Pages that show several slices at once: a forum’s home, reading the draft, its history, two revisions compared."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import groupby
from sys import getsizeof
from threading import Lock
from typing import Annotated, Required, TypedDict

from cachetools import LRUCache, cached
from litestar import Controller
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from drafts.diff.side_by_side import DiffRow, DiffRun, PlacedRow, RowKind, RunOp, placed_rows
from drafts.render.document_html import row_html
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.tokens import PARAGRAPH_START, tokenize
from workspace.amendments.views.listing import page_of_query
from workspace.core.actor import NOBODY, Actor
from workspace.core.errors import NotFound
from workspace.core.storage.db import Db
from workspace.core.validation import whole_number
from workspace.declarations.domain import policy, queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.queries import BlockRow
from workspace.declarations.domain.service import DeclarationService
from workspace.declarations.frame import Frame, frame, framed
from workspace.declarations.labels import paragraph_name
from workspace.desk.pages import block_html
from workspace.desk.pages.history import HistoryPage, history
from workspace.desk.pages.reading import TEXT_VIEWS, RevisionChoice, reading, revision_choices
from workspace.editions.domain.policy import may_read_editions
from workspace.editions.pages.edition import newest_edition
from workspace.web.http import security
from workspace.web.http.guards import READ_THE_TEXT
from workspace.web.http.request_context import Slug, Work
from workspace.web.http.routing import get
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES, Messages
from workspace.web.pages import Page, PageNumbers, PageOrRedirect, kept_page, shows
from workspace.web.text_html import rendered

FrameWithHistory = Annotated[Frame, framed(policy.may_read_history)]
A_PAGE = 30  # changes of a comparison
LATEST = "now"  # in an address: the text in force, which may be ahead of the last revision by some translations
MARKS: Mapping[RowKind, str] = {
    RowKind.REWORD: N_("Reworded"),
    RowKind.INSERT: N_("Inserted"),
    RowKind.DELETE: N_("Deleted"),
    RowKind.MOVED: N_("Moved here"),
    RowKind.MOVED_FROM: N_("Moved away from here"),
    RowKind.SPLIT: N_("Split"),
    RowKind.JOIN: N_("Joined"),
}


class ComparisonLayout(StrEnum):
    """How a comparison is laid out."""

    INLINE = "inline"
    SIDE = "side"
    THREE = "three"


_MOVES = frozenset({RowKind.MOVED, RowKind.MOVED_FROM})
VIEWS: Mapping[ComparisonLayout, str] = {
    ComparisonLayout.INLINE: N_("Within the text"),
    ComparisonLayout.SIDE: N_("Side by side"),
    ComparisonLayout.THREE: N_("A base and two texts"),
}


class ComparedRow(Struct, frozen=True):
    """One row of the comparison. `mark` is "" where nothing changed; `before` is its old name where it has a new.

    `sides` is the same row for two columns, in the view that has them.
    """

    id: str
    kind: RowKind
    mark: str
    name: str
    before: str
    html: Markup  # "" where there are no words on either side, as in a new paragraph that is not translated yet
    sides: tuple[Markup, Markup] = (Markup(), Markup())


class ThreeWayRow(Struct, frozen=True):
    """One place of a base, and what two texts made of it; nothing where a text has nothing in this place."""

    id: str
    name: str
    html: Markup
    first: Sequence[ComparedRow]
    second: Sequence[ComparedRow]

    @property
    def mark(self) -> str:
        """What happened there, in either text."""
        return ", ".join(dict.fromkeys(change.mark for change in (*self.first, *self.second) if change.mark))


class ComparedSection(Struct, frozen=True):
    """Neighbouring rows that all changed, or that all stayed as they were."""

    is_changed: bool
    rows: Sequence[ComparedRow | ThreeWayRow]


class ComparisonChoice(Struct, frozen=True):
    """Another way to see the comparison: a view, or a language with the number of passages that differ in it.

    Of the language that is shown, `differ` counts its changes, of which a split passage is one.
    """

    name: str
    href: str
    is_chosen: bool
    differ: int = 0


class ComparisonJump(Struct, frozen=True):
    """The way to a change, by the name of the passage and what happened to it."""

    name: str
    mark: str
    href: str


class ComparisonTotals(Struct, frozen=True):
    """How much changed, in passages by what happened to them, and in words."""

    kinds: Mapping[RowKind, int]
    words_inserted: int
    words_deleted: int

    @property
    def passages(self) -> int:
        return sum(self.kinds.values())


class ComparePage(Page, frozen=True, kw_only=True):
    """`base`, `before` and `after` are what the form says: a number, or "now" for the text in force."""

    name: str
    language_shown: Language
    view: ComparisonLayout
    views: Sequence[ComparisonChoice]
    languages: Sequence[ComparisonChoice]
    base: str
    before: str
    after: str
    revisions: Sequence[RevisionChoice]
    stretches: Sequence[ComparedSection]
    totals: ComparisonTotals  # from `before` to `after`
    places: int  # of the base, that either text changed
    jumps: Sequence[ComparisonJump]  # to every change, wherever it stands
    pages: PageNumbers


class ComparisonRequest(Struct, frozen=True):
    """What an address asks to compare; "" where it does not say."""

    before: str
    after: str
    base: str
    view: str


def compare(db: Db, frame: Frame, *, work: Work, request: ComparisonRequest) -> ComparePage:
    """A page of the comparison. Without a choice, what the last revision changed. Raises `NotFound`."""
    declaration = frame.declaration
    view = ComparisonLayout(request.view) if request.view in set(ComparisonLayout) else ComparisonLayout.INLINE
    after = request.after or str(declaration.head.number)
    before = request.before or str(max(1, _revision_number(after, declaration) - 1))
    first = min(_revision_number(before, declaration), _revision_number(after, declaration))
    base = request.base or str(max(1, first - 1))
    texts = _Texts(db, declaration)
    language = texts.first_changed(before, after, among=work.texts(*dict.fromkeys((work.language, *LANGUAGES))))
    old, new = texts.side(before, language), texts.side(after, language)
    totals = _compared(old.document, new.document)[1]
    here = {"forum": frame.forum.slug, "declaration": declaration.slug, "from": before, "to": after}

    def link(text: Language = language, layout: ComparisonLayout = view, page: int = 1) -> str:
        of = base if layout is view is ComparisonLayout.THREE else None
        return work.url_for("compare", **here, text=text, view=layout, base=of, page=page if page > 1 else None)

    teller: _MarkedComparison | _ThreeWay
    if view is ComparisonLayout.THREE:
        teller = _ThreeWay(texts.side(base, language), old, new, language, work)
    else:
        teller = (_SideBySide if view is ComparisonLayout.SIDE else _MarkedComparison)(old, new, language, work)
    starts = [place for place, is_changed in enumerate(teller.changed) if is_changed]
    count = max(1, -(-len(starts) // A_PAGE))
    number = min(page_of_query(work), count)
    ends = [0, *starts[A_PAGE::A_PAGE], len(teller.changed)]
    return ComparePage(
        place=frame.place,
        here="history",
        name=declaration.name.said_in(work.language),
        language_shown=language,
        view=view,
        views=[
            ComparisonChoice(work.messages.gettext(name), link(layout=choice), choice is view)
            for choice, name in VIEWS.items()
        ],
        languages=[
            ComparisonChoice(
                name=choice.value,
                href=link(choice),
                is_chosen=choice is language,
                differ=totals.passages if choice is language else texts.differ(before, after, choice),
            )
            for choice in LANGUAGES
        ],
        base=base,
        before=before,
        after=after,
        revisions=revision_choices(db, declaration, frame.forum),
        stretches=_stretches(teller.told(ends[number - 1], ends[number])),
        totals=totals,
        places=len(starts),
        jumps=[
            teller.jump(place, address)
            for page in range(1, count + 1)
            if isinstance(teller, _MarkedComparison) and view is ComparisonLayout.INLINE
            for address in (link(page=page) if page != number else "",)
            for place in starts[(page - 1) * A_PAGE : page * A_PAGE]
        ],
        pages=PageNumbers.of(number, count, lambda page: link(page=page)),
    )


class _Side(Struct, frozen=True):
    document: Document
    numbers: Mapping[str, str]
    counts: Mapping[str, int]

    def name(self, block: Block, messages: Messages) -> str:
        number, count = self.numbers.get(block.id, ""), self.counts.get(block.id, 0)
        return paragraph_name(block.kind, number, count, messages)


def _revision_number(which: str, declaration: Declaration) -> int:
    if which == LATEST:
        return declaration.head.number + 1
    if (number := whole_number(which)) is None:
        raise NotFound(what="revision", id=which[:40])
    return number


class _Texts:
    """Revisions as they are read and numbered: each once, however many languages are asked for."""

    def __init__(self, db: Db, declaration: Declaration) -> None:
        self.db = db
        self.declaration = declaration
        self._read: dict[str, Sequence[BlockRow]] = {}

    def side(self, which: str, language: Language) -> _Side:
        rows = self._rows(which)
        return _Side(queries.document(rows, language), queries.numbers_of(rows), queries.counts_of(rows))

    def first_changed(self, before: str, after: str, *, among: Sequence[Language]) -> Language:
        """The first language of those whose words differ; the first of all when none does."""
        return next((language for language in among if self.differ(before, after, language)), among[0])

    def differ(self, before: str, after: str, language: Language) -> int:
        """How many passages have other words, or none, on one side; what only moved is not among them."""
        old, new = ({row.block_id: row.content(language) for row in self._rows(number)} for number in (before, after))
        return sum(old.get(key, "") != new.get(key, "") for key in {**old, **new})

    def _rows(self, which: str) -> Sequence[BlockRow]:
        if which not in self._read:
            self._read[which] = self._rows_of(which)
        return self._read[which]

    def _rows_of(self, which: str) -> Sequence[BlockRow]:
        if which == LATEST:
            return queries.shown_rows(self.db, self.declaration)
        revision = DeclarationService(self.db).revision(self.declaration, _revision_number(which, self.declaration))
        return queries.pinned_rows(self.db, revision.id)


COMPARISONS: LRUCache[Hashable, Sequence["_Words"]] = LRUCache(
    24_000_000,
    getsizeof=lambda words: sum(getsizeof(html) for each in words for html in each.get("sides", [each["html"]])),
)  # bytes: a dozen of long texts


@lru_cache(maxsize=8)
def _compared(old: Document, new: Document) -> tuple[Sequence[PlacedRow], ComparisonTotals]:
    """The rows of a comparison and what they amount to: the same for the same texts, and kept for who comes next."""
    rows = [placed for placed in placed_rows(old, new) if placed.row.runs or placed.row.kind is not RowKind.SAME]
    return rows, _totals(rows)


@cached(COMPARISONS, key=lambda key, _: key, lock=Lock())
def _kept_words(key: Hashable, write: Callable[[], Sequence["_Words"]]) -> Sequence["_Words"]:  # noqa: ARG001  (the cache takes it)
    """The words of the rows under `key`, written now if they are not in memory."""
    return write()


def _stretches(rows: Iterable[ComparedRow | ThreeWayRow]) -> Sequence[ComparedSection]:
    return [ComparedSection(is_changed, tuple(some)) for is_changed, some in groupby(rows, lambda row: bool(row.mark))]


_BasePlace = tuple[int, Block | None, Sequence[Sequence[PlacedRow]]]  # of the base; and what either text made of it


class _ThreeWay:
    """Each place of a base in order, what came before it in either text standing first."""

    def __init__(self, base: _Side, first: _Side, second: _Side, language: Language, work: Work) -> None:
        self.base = base
        self.tellers = [_MarkedComparison(base, side, language, work) for side in (first, second)]
        made, blocks = [_by_base(teller.rows, len(base.document)) for teller in self.tellers], base.document.blocks
        every = (
            (place, blocks[place // 2] if place % 2 else None, [rows.get(place, ()) for rows in made])
            for place in range(2 * len(blocks) + 1)
        )
        self.places: Sequence[_BasePlace] = [each for each in every if each[1] or any(each[2])]
        self.changed = [any(row.row.kind in MARKS for rows in of for row in rows) for _, _, of in self.places]

    def told(self, first: int, end: int) -> Iterator[ThreeWayRow]:
        """The places from `first` to before `end`."""
        return (self._told(*each) for each in self.places[first:end])

    def _told(self, place: int, block: Block | None, made: Sequence[Sequence[PlacedRow]]) -> ThreeWayRow:
        found = [
            tuple(teller.change(f"{place}-{text}-{n}", placed.told()) for n, placed in enumerate(rows))
            for text, (teller, rows) in enumerate(zip(self.tellers, made, strict=True))
        ]
        teller, numbers = self.tellers[0], self.base.numbers
        return ThreeWayRow(
            id=f"place-{place}",
            name=self.base.name(block, teller.work.messages) if block else (found[0] or found[1])[0].name,
            html=block_html.block_text_html(_lower(block), teller.language, numbers) if block else Markup(),
            first=found[0],
            second=found[1],
        )


def _by_base(rows: Sequence[PlacedRow], size: int) -> Mapping[int, Sequence[PlacedRow]]:
    """Rows by their place in the base: odd for its blocks, even for the gaps before them and after the last.

    What moved is told where it stood.
    """
    found: dict[int, list[PlacedRow]] = {}
    gap = 0
    for placed in rows:
        kind, old_blocks = placed.row.kind, placed.row.old_blocks
        if kind is RowKind.MOVED_FROM:
            continue
        found.setdefault(2 * old_blocks[0] + 1 if old_blocks else gap, []).append(placed)
        if old_blocks and kind is not RowKind.MOVED:
            gap = min(2 * old_blocks[-1] + 2, 2 * size)
    return found


# without slots, so that it can keep what it has worked out
class _MarkedComparison(Struct, frozen=True, dict=True):
    """Tells rows of a comparison to a reader, with the changes marked within the new text."""

    old: _Side
    new: _Side
    language: Language
    work: Work

    @cached_property
    def both(self) -> Mapping[str, str]:
        """The numbers of now, and the old ones of what is gone."""
        return {**self.old.numbers, **self.new.numbers}

    @cached_property
    def rows(self) -> Sequence[PlacedRow]:
        return _compared(self.old.document, self.new.document)[0]

    @property
    def changed(self) -> Sequence[bool]:
        """Of each row, whether anything happened to it."""
        return [placed.row.kind in MARKS for placed in self.rows]

    def told(self, first: int, end: int) -> Iterator[ComparedRow]:
        """The rows from `first` to before `end`; their words are drawn once for all who compare the same texts."""
        key, rows = (type(self), self.old.document, self.new.document, first), self.rows[first:end]
        moves = Counter(placed.row.old[0].id for placed in rows if placed.row.kind in _MOVES)
        drawn = _kept_words(key, lambda: [self.words(placed.told(), moves) for placed in rows])
        places = enumerate(zip(rows, drawn, strict=True), first + 1)
        return (self.change(str(place), placed.row, words) for place, (placed, words) in places)

    def jump(self, place: int, page: str) -> ComparisonJump:
        """The way to a row that changed, on this page or on another."""
        row = self.rows[place].row
        return ComparisonJump(self.name(row), self.mark(row), f"{page}#change-{place + 1}")

    def change(self, place: str, row: DiffRow, words: "_Words | None" = None) -> ComparedRow:
        """What went keeps its old number; a number that changed is told in `before`."""
        name = self.name(row)
        before = self.old.name(row.old[0], self.work.messages) if row.old else ""
        return ComparedRow(
            id=f"change-{place}",
            kind=row.kind,
            mark=self.mark(row),
            name=name,
            before=before if before != name else "",
            **(words or self.words(row, {})),
        )

    def name(self, row: DiffRow) -> str:
        side, blocks = (self.new, row.new) if row.new else (self.old, row.old)
        return side.name(blocks[0], self.work.messages)

    def mark(self, row: DiffRow) -> str:
        return self.work.messages.gettext(MARKS[row.kind]) if row.kind in MARKS else ""

    def numbered(self, row: DiffRow) -> Mapping[str, str]:
        return self.both if row.new else self.old.numbers

    def words(self, row: DiffRow, moves: Mapping[str, int]) -> "_Words":
        """The words as they are shown; `moves` counts the ends of each move that stand on the page."""
        return {"html": self.html(row, self.numbered(row), moves)}

    def html(self, row: DiffRow | None, numbers: Mapping[str, str], moves: Mapping[str, int]) -> Markup:
        if row is None or not row.runs:
            return Markup()
        both = bool(row.old) and moves.get(row.old[0].id, 0) > 1
        return rendered(row_html(_under_page(row), language=self.language, numbers=numbers, has_both_places=both))


class _SideBySide(_MarkedComparison, frozen=True, dict=True):
    """The same for two columns."""

    def words(self, row: DiffRow, moves: Mapping[str, int]) -> "_Words":
        sides = (_old_side(row), self.old.numbers), (_new_side(row), self.numbered(row))
        before, after = (self.html(side, numbers, moves) for side, numbers in sides)
        return {"html": Markup(), "sides": (before, after)}


class _Words(TypedDict, total=False):
    html: Required[Markup]
    sides: tuple[Markup, Markup]


def _old_side(row: DiffRow) -> DiffRow | None:
    """The row as it stood in the old text, with what went marked; what moved is told where it stood."""
    if not row.old or row.kind is RowKind.MOVED:
        return None
    kind = RowKind.REWORD if row.kind is RowKind.SAME else row.kind
    return replace(row, kind=kind, new=(), runs=_only(row, RunOp.DELETE, RunOp.START_DELETED))


def _new_side(row: DiffRow) -> DiffRow | None:
    """The row as it stands in the new text, with what came marked."""
    if not row.new:
        return None
    return row if row.kind is RowKind.MOVED else replace(row, runs=_only(row, RunOp.INSERT, RunOp.START_INSERTED))


def _only(row: DiffRow, *ops: RunOp) -> tuple[DiffRun, ...]:
    return tuple(run for run in row.runs if run.op is RunOp.EQUAL or run.op in ops)


def _under_page(row: DiffRow) -> DiffRow:
    """The row with its headings one rank lower, because the page has a heading of its own."""
    return replace(row, old=tuple(map(_lower, row.old)), new=tuple(map(_lower, row.new)))


def _lower(block: Block) -> Block:
    if block.kind is BlockKind.TITLE:
        return replace(block, kind=BlockKind.HEADING, level=1)
    return replace(block, level=block.level + 1) if block.kind is BlockKind.HEADING else block


def _totals(rows: Sequence[PlacedRow]) -> ComparisonTotals:
    changed = [placed for placed in rows if placed.row.kind not in {RowKind.SAME, RowKind.MOVED_FROM}]
    deleted, inserted = (
        sum(token.is_word for row in changed for token in tokenize(PARAGRAPH_START.join(_changed_words(row)[side])))
        for side in (0, 1)
    )
    return ComparisonTotals(Counter(placed.row.kind for placed in changed), inserted, deleted)


def _changed_words(placed: PlacedRow) -> tuple[Sequence[str], Sequence[str]]:
    """What went and what came in a row."""
    if placed.hunk:
        return [words.old for words in placed.hunk.words], [words.new for words in placed.hunk.words]
    texts = [run.text for run in placed.row.runs]
    return (texts, ()) if placed.row.old else ((), texts)


class DraftPages(Controller):
    """The text of a declaration, now and before."""

    path = "/{forum:str}/{declaration:str}"

    @get(name="reading", policy=READ_THE_TEXT)
    def reading(self, work: Work, forum: Slug, declaration: Slug) -> PageOrRedirect:
        """The text in force, or with `?revision=` one revision; `?text=` names the languages shown.

        Once it is published, it leads visitors, and whoever may not read the draft, to the newest edition.
        """
        number = _revision_number_or_none(work.request.query_params.get("revision"))
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=_may_read_either)
            if number is None and _reads_editions(work.actor, found.declaration):
                return newest_edition(db, work, found)
            policy.ensure_may_read(work.actor, found.declaration)
            context = reading(db, found, work=work, revision_number=number)
        response = kept_page(work, "desk/reading.html", context, context.sheet.html)
        if (view := work.request.query_params.get("view")) in TEXT_VIEWS:
            security.set_preference_cookie(work.request, response, "view", view)
        return response

    @shows("desk/history.html", "/history", name="history", policy="history.read")
    def history(self, db: Db, work: Work, found: FrameWithHistory) -> HistoryPage:
        """The revisions with the decisions behind them: with `?before=`, those before it; all that `?all=` has."""
        chosen = work.request.query_params
        before, whole = (_revision_number_or_none(chosen.get(name)) for name in ("before", "all"))
        return history(db, found, work=work, before=before, whole=whole)

    @shows("desk/compare.html", "/compare", name="compare", policy="history.read")
    def compare(self, db: Db, work: Work, found: FrameWithHistory) -> ComparePage:
        """What changed from revision `?from=` to `?to=`, in one language; `?view=three` sets both beside `?base=`."""
        chosen = work.request.query_params
        named = (chosen.get(name, "") for name in ("from", "to", "base", "view"))
        return compare(db, found, work=work, request=ComparisonRequest(*named))


def _may_read_either(actor: Actor, declaration: Declaration) -> bool:
    return policy.may_read(actor, declaration) or may_read_editions(actor, declaration)


def _reads_editions(actor: Actor, declaration: Declaration) -> bool:
    """Whether its address leads them to what is published: visitors, and whoever may not read the draft."""
    is_reader = actor == NOBODY or not policy.may_read(actor, declaration)
    return is_reader and may_read_editions(actor, declaration)


def _revision_number_or_none(given: str | None) -> int | None:
    """The number of a revision in an address; None where there is none. Raises `NotFound` for what is no number."""
    number = whole_number(given or "")
    if given and number is None:
        raise NotFound(what="revision", id=given[:40])
    return number
