"""The state of the three languages: the map of squares, and what waits in each language."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from drafts.blocks import Language
from workspace.core.db import Db
from workspace.declarations.models import Declaration
from workspace.declarations.naming import Spot, spots
from workspace.translations.queueing import Entry, Need, QueueService
from workspace.translations.standing import TOLD, Told
from workspace.translations.standings import Standing
from workspace.translations.strips import Strip, strips
from workspace.web.services import Work


class Waiting(Struct, frozen=True):
    """A text that waits for a translator; `amendments` are those it waits for."""

    spot: Spot
    told: Told
    href: str
    due_on: date | None
    whose: str
    amendments: Sequence[int]


class Queue(Struct, frozen=True):
    """What waits in one language, most urgent first; `settled` of `total` need nothing.

    `waiting` stops publication; `returned` came back from a reviewer, `unread` nobody has reviewed, and `tabled`
    may be prepared for amendments on the table.
    """

    language: Language
    waiting: Sequence[Waiting]
    returned: Sequence[Waiting]
    unread: Sequence[Waiting]
    tabled: Sequence[Waiting]
    settled: int
    total: int

    @property
    def to_write(self) -> Sequence[Waiting]:
        """What a translator goes through, one after the other."""
        return [*self.waiting, *self.returned]


class Ways(Struct, frozen=True):
    """The addresses that lead from a declaration's translation to its texts."""

    work: Work
    forum: str
    declaration: str

    def overview(self) -> str:
        return self.work.url_for("translation", forum=self.forum, declaration=self.declaration)

    def whole(self, language: Language) -> str:
        at = {"forum": self.forum, "declaration": self.declaration, "text": language.value}
        return self.work.url_for("translation_text", **at)

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


def queues(db: Db, declaration: Declaration, ways: Ways, standings: Sequence[Standing]) -> list[Queue]:
    """One queue for each language, also where nothing waits."""
    named = {one.block_id: one for one in spots([standing.row for standing in standings], ways.work.messages)}
    entries = QueueService(db).entries(declaration, standings, actor=ways.work.actor)
    found = []
    for language in Language:
        here = [one for one in entries if one.language is language]
        every = {need: [_waiting(one, named, ways) for one in here if one.need is need] for need in Need}
        waiting = every[Need.WRITE]
        found.append(
            Queue(
                language=language,
                waiting=waiting,
                returned=every[Need.RETURNED],
                unread=every[Need.REVIEW],
                tabled=every[Need.PREPARE],
                settled=len(standings) - len(waiting),
                total=len(standings),
            )
        )
    return found


def _waiting(entry: Entry, named: Mapping[UUID, Spot], ways: Ways) -> Waiting:
    href = ways.translate(entry.block_id, entry.language)
    return Waiting(named[entry.block_id], TOLD[entry.state], href, entry.due_on, entry.whose, entry.amendments)


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
