"""All amendments in the order of the text: those that ask for the same on one card, those that collide side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from drafts.blocks import Language
from drafts.merge import Cluster
from workspace.amendments.models import Amendment
from workspace.amendments.prospects import Prospect
from workspace.amendments.views import Line, LineBuilder, sameness


@dataclass(frozen=True, slots=True)
class Card:
    """One proposal: the amendment that asked first, and the others that ask for the very same.

    `is_overtaken` says that what was adopted since has changed the same words.
    """

    line: Line
    same: Sequence[Line]
    is_overtaken: bool

    @property
    def lines(self) -> Sequence[Line]:
        return (self.line, *self.same)

    @property
    def decidable(self) -> Sequence[int]:
        """The amendments on which this reader could decide: everybody's but their own."""
        return [line.number for line in self.lines if not line.is_own]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Cards that cannot all stand, beside the text as it is now."""

    numbers: Sequence[int]
    language: Language
    base: Sequence[Markup]
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True)
class Group:
    """What is proposed at one place of the text."""

    id: str
    title: str
    disputes: Sequence[Dispute]
    cards: Sequence[Card]


@dataclass(slots=True)
class _Place:
    title: str
    disputes: list[Dispute] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)


class TableBuilder:
    """Builds the groups of one declaration. `prospects` say, for each language, what adopting everything would do."""

    def __init__(self, builder: LineBuilder, prospects: Mapping[Language, Prospect]) -> None:
        self.builder = builder
        self.prospects = prospects

    def groups(self, amendments: Sequence[Amendment]) -> Sequence[Group]:
        cards = {card.line.number: card for card in self._cards(amendments)}
        places: dict[int, _Place] = {}
        for dispute in self._disputes(cards):
            first = dispute.cards[0].line
            places.setdefault(first.place, _Place(first.about)).disputes.append(dispute)
        disputed = {number for place in places.values() for dispute in place.disputes for number in dispute.numbers}
        for card in cards.values():
            if card.line.number not in disputed:
                places.setdefault(card.line.place, _Place(card.line.about)).cards.append(card)
        return [
            Group(f"place-{place}", found.title, found.disputes, found.cards) for place, found in sorted(places.items())
        ]

    def _cards(self, amendments: Sequence[Amendment]) -> Iterator[Card]:
        together: dict[tuple[object, ...], list[Amendment]] = {}
        for amendment in amendments:
            together.setdefault(sameness(amendment), []).append(amendment)
        for first, *others in together.values():
            lines = [self.builder.line(one) for one in (first, *others)]
            overtaken = {one for cluster in self.prospects[first.language].overtaken for one in cluster.amendments}
            yield Card(
                line=lines[0],
                same=lines[1:],
                is_overtaken=first.number in overtaken,
            )

    def _disputes(self, cards: Mapping[int, Card]) -> Iterator[Dispute]:
        by_number = {line.number: card for card in cards.values() for line in card.lines}
        for language, prospect in self.prospects.items():
            for clusters in connected(prospect.merged.clusters):
                numbers = sorted({number for cluster in clusters for number in cluster.amendments})
                firsts = dict.fromkeys(by_number[number].line.number for number in numbers)
                yield Dispute(
                    numbers=numbers,
                    language=language,
                    base=self._base(clusters, prospect, language),
                    cards=[cards[number] for number in firsts],
                )

    def _base(self, clusters: Sequence[Cluster], prospect: Prospect, language: Language) -> Sequence[Markup]:
        """The disputed paragraphs as they stand."""
        places = sorted({place for cluster in clusters for place in cluster.base_blocks})
        passages = self.builder.passages_in(language)
        return [passages.html(prospect.head.blocks[place]) for place in places]


def connected(clusters: Sequence[Cluster]) -> Sequence[Sequence[Cluster]]:
    """Clusters that have amendments in common, together: they are decided together."""
    groups: list[list[Cluster]] = []
    for cluster in clusters:
        touching = [group for group in groups if any(set(one.amendments) & set(cluster.amendments) for one in group)]
        groups = [group for group in groups if group not in touching]
        groups.append([*(one for group in touching for one in group), cluster])
    return groups
