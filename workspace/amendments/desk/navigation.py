"""Finding one's way on a large desk: which page of it, what is left out, and where each paragraph stands."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from drafts.text.blocks import Language
from drafts.text.numbering import printed
from workspace.amendments.domain.models import Verdict
from workspace.amendments.labels import ParagraphLabels
from workspace.amendments.views import pagination
from workspace.amendments.views.amendment import AT_THE_BEGINNING
from workspace.amendments.views.pagination import CardPage, ParagraphGroup
from workspace.core.validation import whole_number
from workspace.declarations.labels import spots
from workspace.web.i18n.marking import N_


class DeskFilter(StrEnum):
    """What is left on the desk of all that waits there."""

    EVERYTHING = ""
    SEVERAL = "several"  # where more than one proposal touches the same place
    ALONE = "alone"
    UNMARKED = "unmarked"
    MARKED = "marked"


WORDS: Mapping[DeskFilter, str] = {
    DeskFilter.EVERYTHING: N_("All"),
    DeskFilter.SEVERAL: N_("Several in one place"),
    DeskFilter.ALONE: N_("Single"),
    DeskFilter.UNMARKED: N_("Not decided"),
    DeskFilter.MARKED: N_("Marked"),
}
_OF_MARKS = frozenset({DeskFilter.UNMARKED, DeskFilter.MARKED})
ALL_LANGUAGES = N_("All languages")
ELSEWHERE = N_("No longer in the text")


class DeskView(Struct, frozen=True):
    """Which page is asked for, of what.

    By its number; or the one `beyond` a place of the text, or `short_of` it, because what is left on the desk gets
    fewer while it is marked; or the one `holding` an amendment, or what it amends. A place that is not asked for is
    -1. A page holds one paragraph, or many where all are shown (`is_whole`). `text` leaves only one language.
    """

    number: int = 1
    only: DeskFilter = DeskFilter.EVERYTHING
    holding: int = 0
    beyond: int = -1
    short_of: int = -1
    is_whole: bool = False
    text: Language | None = None

    @classmethod
    def from_query(cls, given: Mapping[str, str]) -> "DeskView":
        """The one that an address or a form names; the first page of everything where it names none."""
        only = given.get("only", "")
        return cls(
            whole_number(given.get("page", "")) or 1,
            DeskFilter(only) if only in set(DeskFilter) else DeskFilter.EVERYTHING,
            whole_number(given.get("amendment", "")) or 0,
            _place(given.get("beyond", "")),
            _place(given.get("short_of", "")),
            given.get("all") == "yes",
            Language(given["text"]) if given.get("text") in set(Language) else None,
        )

    @property
    def query(self) -> Mapping[str, str | int | None]:
        """The same for an address."""
        return {
            "text": self.text,
            "all": "yes" if self.is_whole else None,
            "only": self.only or None,
            "page": self.number if self.number > 1 else None,
            "beyond": self.beyond if self.beyond >= 0 else None,
            "short_of": self.short_of if self.short_of >= 0 else None,
        }

    def gone(self, action: str) -> "tuple[DeskView, str] | None":
        """Where a button of the desk leads and to which place there; None for a button that leads nowhere."""
        what, _, value = action.partition("-")
        number, _, place = value.partition(".")
        changes: Mapping[str, Mapping[str, Any]] = {
            "beyond": {"beyond": _place(value)},
            "short": {"short_of": _place(value)},
            "only": {"only": DeskFilter(value) if value in set(DeskFilter) else DeskFilter.EVERYTHING},
            "text": {"text": Language(value) if value in set(Language) else None},
            "all": {"is_whole": value == "yes"},
            "go": {"number": whole_number(number) or 1},
        }
        if what not in changes:
            return None
        begun = replace(self, number=1, holding=0, beyond=-1, short_of=-1)
        return replace(begun, **changes[what]), "" if whole_number(place) is None else place


class FilterChoice(Struct, frozen=True):
    """One thing to leave on the desk: its button and words, whether nothing else is there now, and how much, or -1."""

    value: str
    words: str
    is_current: bool
    count: int = -1


class DeskStop(Struct, frozen=True):
    """A place of the text at which something waits: its button, how it is called, its number or the letters of its
    kind ("P5"), "" for what is no paragraph, and for each of its `count` amendments a square with what is marked.
    """

    value: str
    words: str
    number: str
    squares: Markup
    count: int
    is_here: bool


class DeskNavigation(Struct, frozen=True):
    """All the pages of the desk, from one of them."""

    leaf: CardPage
    view: DeskView
    languages: Sequence[FilterChoice]
    filters: Sequence[FilterChoice]
    stops: Sequence[DeskStop]

    @property
    def number(self) -> int:
        return self.leaf.number

    @property
    def count(self) -> int:
        return self.leaf.count

    @property
    def begins(self) -> int:
        """The first place of the text on this page."""
        return self.leaf.sheaves[0].place if self.leaf.sheaves else 0

    @property
    def ends(self) -> int:
        """The last one."""
        return self.leaf.sheaves[-1].place if self.leaf.sheaves else 0


def desk_navigation(
    undecided: Sequence[ParagraphGroup],
    view: DeskView,
    marked: Mapping[int, Verdict],
    passages: ParagraphLabels,
    counts: Mapping[Language, int],
    *,
    may_mark: bool,
) -> DeskNavigation:
    """The page that `view` asks for of what is `undecided`, and how to get to the others."""
    only = view.only if may_mark or view.only not in _OF_MARKS else DeskFilter.EVERYTHING
    is_left = _LEFT[only](frozenset(marked))
    left = [sheaf for sheaf in undecided if is_left(sheaf)]
    leaves = pagination.card_pages(left) if view.is_whole else [[sheaf] for sheaf in left]
    leaf = pagination.card_page(leaves, _chosen_page(leaves, view))
    say = passages.messages.gettext
    named = spots(passages.rows, passages.messages)
    letters = {row.id: spot.short for row, spot in zip(passages.rows, named, strict=True)}
    return DeskNavigation(
        leaf,
        replace(view, only=only),
        [
            FilterChoice("text-", say(ALL_LANGUAGES), view.text is None, sum(counts.values())),
            *(
                FilterChoice(
                    f"text-{language}", passages.messages.language_name(language), language is view.text, count
                )
                for language, count in counts.items()
            ),
        ],
        [
            FilterChoice(f"only-{key}", say(words), key is only)
            for key, words in WORDS.items()
            if may_mark or key not in _OF_MARKS
        ],
        [
            DeskStop(
                f"go-{number}.{sheaf.place}",
                _name(sheaf, passages),
                printed(passages.numbers.get(sheaf.first or "", ""), passages.messages.language)
                or letters.get(sheaf.first or "", ""),
                _squares(sheaf.shown, marked),
                len(sheaf.shown),
                number == leaf.number,
            )
            for number, page in enumerate(leaves, 1)
            for sheaf in page
        ],
    )


def _chosen_page(leaves: Sequence[Sequence[ParagraphGroup]], view: DeskView) -> int:
    """The number of the page that a view asks for."""
    numbered = list(enumerate(leaves, 1))
    if view.holding:
        return next(
            (number for number, page in numbered if any(view.holding in cluster.numbers for cluster in page)), 1
        )
    if view.beyond >= 0:
        return next((number for number, page in numbered if page[-1].place > view.beyond), len(leaves))
    if view.short_of >= 0:
        return next((number for number, page in reversed(numbered) if page[0].place < view.short_of), 1)
    return view.number


def _several(sheaf: ParagraphGroup) -> bool:
    return len(sheaf.numbers) > 1


_LEFT: Mapping[DeskFilter, Callable[[frozenset[int]], Callable[[ParagraphGroup], bool]]] = {
    DeskFilter.EVERYTHING: lambda _: lambda _: True,
    DeskFilter.SEVERAL: lambda _: _several,
    DeskFilter.ALONE: lambda _: lambda sheaf: not _several(sheaf),
    DeskFilter.UNMARKED: lambda marked: lambda sheaf: not marked.issuperset(sheaf.shown),
    DeskFilter.MARKED: lambda marked: lambda sheaf: not marked.isdisjoint(sheaf.shown),
}


def _squares(numbers: Sequence[int], marked: Mapping[int, Verdict]) -> Markup:
    """Written here: a template takes several times as long for each of the thousands."""
    states = (f' data-state="{marked[number]}"' if number in marked else "" for number in numbers)
    drawn = (f'<i class="sq" data-number="{number}"{state}></i>' for number, state in zip(numbers, states, strict=True))
    return Markup("".join(drawn))  # noqa: S704  (numbers, and names of verdicts)


def _name(sheaf: ParagraphGroup, passages: ParagraphLabels) -> str:
    if sheaf.first is None:
        return passages.messages.gettext(AT_THE_BEGINNING).capitalize()
    return passages.name_of(sheaf.first) or passages.messages.gettext(ELSEWHERE)


def _place(given: str) -> int:
    place = whole_number(given)
    return -1 if place is None else place
