"""Every paragraph in every language at a glance: one square each, in strips narrow enough to wrap."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from uuid import UUID

from msgspec import Struct

from drafts.blocks import BlockKind, Language
from drafts.staleness import State
from workspace.declarations.naming import Spot, excerpt
from workspace.translations.standing import TOLD
from workspace.translations.standings import Standing
from workspace.web.i18n import Messages

WIDEST = 10  # columns of one strip: what a phone has room for when it turns over
_PARTS = frozenset({BlockKind.HEADING, BlockKind.ANNEX})

Address = Callable[[UUID, Language], str]


class Square(Struct, frozen=True):
    """One text: its state ("original" too), its look and sign, what it means in words, and where it leads."""

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


def strips(
    standings: Sequence[Standing], named: Sequence[Spot], messages: Messages, address: Address
) -> tuple[Strip, ...]:
    """The whole text as strips, a new one under every heading. `address` says where a block's square leads."""
    return tuple(
        _strip(part, start, messages, address)
        for part in _parts(list(zip(standings, named, strict=True)))
        for start in range(0, len(part), WIDEST)
    )


_Named = tuple[Standing, Spot]


def _parts(blocks: Sequence[_Named]) -> Iterator[Sequence[_Named]]:
    starts = [place for place, (standing, _) in enumerate(blocks) if standing.row.kind in _PARTS]
    borders = sorted({0, *starts, len(blocks)})
    for start, end in pairwise(borders):
        yield blocks[start:end]


def _strip(part: Sequence[_Named], start: int, messages: Messages, address: Address) -> Strip:
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
            (language, [_square(standing, spot, language, messages, address) for standing, spot in blocks])
            for language in Language
        ],
        is_settled=not any(state.stops_publication for standing, _ in blocks for state in standing.states.values()),
    )


def _square(standing: Standing, spot: Spot, language: Language, messages: Messages, address: Address) -> Square:
    state = standing.states[language]
    is_original = language is standing.row.original_language and state is State.CURRENT
    words = messages.gettext(
        "%(paragraph)s, %(language)s: %(state)s",
        paragraph=spot.name,
        language=messages.language_name(language),
        state=messages.gettext("original") if is_original else messages.gettext(TOLD[state].words),
    )
    name = "original" if is_original else state.value
    return Square(name, TOLD[state].look, TOLD[state].sign, words, address(spot.block_id, language))
