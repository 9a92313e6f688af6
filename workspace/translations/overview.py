"""The state of the three languages: the map of squares, and what waits in each language."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from drafts.blocks import Language
from workspace.translations.spots import Spot, spots
from workspace.translations.standing import TOLD, URGENCY, Told
from workspace.translations.standings import Standing
from workspace.translations.strips import Strip, strips
from workspace.web.services import Work


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that waits for a translator."""

    spot: Spot
    told: Told
    href: str


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits in one language, most urgent first; `settled` of `total` need nothing."""

    language: Language
    waiting: Sequence[Waiting]
    settled: int
    total: int


@dataclass(frozen=True, slots=True)
class Ways:
    """The addresses that lead from a declaration's translation to its texts."""

    work: Work
    forum: str
    declaration: str

    def overview(self) -> str:
        return self.work.url_for("translation", forum=self.forum, declaration=self.declaration)

    def concordance(self) -> str:
        return self.work.url_for("concordance", forum=self.forum, declaration=self.declaration)

    def amendment(self, number: int) -> str:
        return self.work.url_for("amendment", forum=self.forum, declaration=self.declaration, number=number)

    def review(self, language: Language) -> str:
        at = {"forum": self.forum, "declaration": self.declaration, "text": language.value}
        return self.work.url_for("review_translations", **at)

    def xliff(self, source: Language, target: Language) -> str:
        at = {"forum": self.forum, "declaration": self.declaration, "source": source.value, "text": target.value}
        return self.work.url_for("xliff_file", **at)

    def reading(self) -> str:
        return self.work.url_for("reading", forum=self.forum, declaration=self.declaration)

    def paragraph(self, block_id: UUID) -> str:
        return self.work.url_for("paragraph", forum=self.forum, declaration=self.declaration, block_id=block_id)

    def translate(self, block_id: UUID, language: Language) -> str:
        return self.work.url_for(
            "translate", forum=self.forum, declaration=self.declaration, block_id=block_id, text=language.value
        )


def queues(ways: Ways, standings: Sequence[Standing]) -> list[Queue]:
    """One queue for each language, also where nothing waits."""
    named = spots([standing.row for standing in standings], ways.work.messages)
    return [_queue(ways, standings, named, language) for language in Language]


def _queue(ways: Ways, standings: Sequence[Standing], named: Sequence[Spot], language: Language) -> Queue:
    found = sorted(
        (URGENCY.index(state), place)
        for place, standing in enumerate(standings)
        if (state := standing.states[language]).stops_publication
    )
    waiting = [
        Waiting(named[place], TOLD[URGENCY[urgency]], ways.translate(named[place].block_id, language))
        for urgency, place in found
    ]
    return Queue(language, waiting, len(standings) - len(waiting), len(standings))


def text_map(ways: Ways, standings: Sequence[Standing]) -> tuple[Strip, ...]:
    """The squares; that of an original leads to its paragraph, any other to its translation."""
    original = {standing.row.block_id: standing.row.original_language for standing in standings}
    named = spots([standing.row for standing in standings], ways.work.messages)

    def address(block_id: UUID, language: Language) -> str:
        return ways.paragraph(block_id) if original[block_id] is language else ways.translate(block_id, language)

    return strips(standings, named, ways.work.messages, address)


def count_of(standings: Sequence[Standing]) -> int:
    """How many texts stop publication."""
    return sum(state.stops_publication for standing in standings for state in standing.states.values())
