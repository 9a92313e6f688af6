"""All amendments in the order of the text: those that ask for the same on one card, those that collide side by side."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from markupsafe import Markup
from msgspec import Struct, field

from drafts.blocks import Language
from drafts.merge import Cluster, ClusterKind
from workspace.amendments.dressing import BARE, Dressing, Wardrobe
from workspace.amendments.models import Amendment
from workspace.amendments.prospects import Prospect
from workspace.amendments.sameness import wish
from workspace.amendments.views import Line, LineBuilder


class Card(Struct, frozen=True):
    """One proposal: the amendment that asked first, and the others that ask for the very same.

    `may_hand_over`: words of another language stand against it, and may be taken instead.
    `is_beside`: it is in another language than the others that are decided now.
    """

    line: Line
    same: Sequence[Line]
    may_hand_over: bool
    is_beside: bool
    dressing: Dressing = BARE

    @property
    def is_free(self) -> bool:
        """Whether it can be adopted without a word: nothing stands against it, nothing is to be decided first.

        One that came after the window had closed is not: whether it is taken at all is for the committee to say.
        """
        return (
            bool(self.decidable)
            and not (self.is_beside or self.may_hand_over or self.dressing.shut or self.dressing.has_objection)
            and not self.line.open_children
            and not any(line.is_late for line in self.lines)
        )

    @property
    def lines(self) -> Sequence[Line]:
        return (self.line, *self.same)

    @property
    def decidable(self) -> Sequence[int]:
        """The amendments on which this reader could decide: everybody's but their own and their delegation's."""
        return [line.number for line in self.lines if not line.is_ours]


class Dispute(Struct, frozen=True):
    """Cards that cannot all stand, beside the text as it is now.

    `of_words` want different words in one place; `of_languages` share no language
    in which their words could be joined, and are one where another language has
    led since. Either may be empty. `rivals` are the cards whose words cannot stand
    with those of a card, by the numbers under which they are decided.
    """

    of_words: Sequence[int]
    of_languages: Sequence[int]
    language: Language
    base: Sequence[Markup]
    cards: Sequence[Card]
    rivals: Mapping[int, Sequence[int]]

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset((*self.of_words, *self.of_languages))


class Group(Struct, frozen=True):
    """What is proposed at one place of the text."""

    id: str
    title: str
    disputes: Sequence[Dispute]
    cards: Sequence[Card]


class _Place(Struct):
    title: str
    disputes: list[Dispute] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)


class TableBuilder:
    """Builds the groups of one declaration. `prospects` say, for each language, what adopting everything would do.

    The single changes of each are drawn only where they can be chosen: where the table `is_desk`. One that is not
    `is_drawn` says nothing of the words, and so costs little for thousands.
    """

    def __init__(
        self,
        builder: LineBuilder,
        prospects: Mapping[Language, Prospect],
        wardrobe: Wardrobe,
        *,
        is_desk: bool = False,
        is_drawn: bool = True,
    ) -> None:
        self.builder = builder
        self.prospects = prospects
        self.wardrobe = wardrobe
        self.is_desk = is_desk
        self.is_drawn = is_drawn

    def groups(self, amendments: Sequence[Amendment]) -> Sequence[Group]:
        """`amendments` to the text, each with those that amend it."""
        cards = {card.line.number: card for card in self._cards(amendments)}
        places: dict[int, _Place] = {}
        for dispute in self._disputes(cards):
            first = dispute.cards[0].line
            places.setdefault(first.place, self._place(first)).disputes.append(dispute)
        disputed = {number for place in places.values() for dispute in place.disputes for number in dispute.numbers}
        for card in cards.values():
            if card.line.number not in disputed:
                places.setdefault(card.line.place, self._place(card.line)).cards.append(card)
        return [
            Group(f"place-{place}", found.title, found.disputes, found.cards) for place, found in sorted(places.items())
        ]

    def _place(self, line: Line) -> _Place:
        """Called as the page calls it: a paragraph without a number is quoted in one language for all who amend it."""
        passages = self.builder.passages
        is_there = line.about and line.place < len(passages.rows)
        return _Place(passages.name_of(str(passages.rows[line.place].block_id)) if is_there else line.about)

    def _cards(self, amendments: Sequence[Amendment]) -> Iterator[Card]:
        together: dict[tuple[object, ...], list[Amendment]] = {}
        for amendment in amendments:
            together.setdefault(wish(amendment), []).append(amendment)
        for first, *others in together.values():
            lines = [self.builder.line(one, is_drawn=self.is_drawn) for one in (first, *others)]
            yield Card(
                line=lines[0],
                same=lines[1:],
                may_hand_over=first.number in self._apart,
                is_beside=first.language not in self.prospects,
                dressing=self.wardrobe.dress(first, self.builder, is_divided=self.is_desk),
            )

    @cached_property
    def _apart(self) -> frozenset[int]:
        clusters = (cluster for prospect in self.prospects.values() for cluster in prospect.apart)
        return frozenset(number for cluster in clusters for number in cluster.amendments)

    def _disputes(self, cards: Mapping[int, Card]) -> Iterator[Dispute]:
        by_number = {line.number: card for card in cards.values() for line in card.lines}
        told: set[tuple[int, ...]] = set()
        for language, prospect in self.prospects.items():
            visible = [cluster for cluster in prospect.clusters if by_number.keys() >= set(cluster.amendments)]
            for clusters in connected(visible):
                numbers = _numbers(clusters)
                if tuple(numbers) in told:
                    continue
                told.add(tuple(numbers))
                firsts = dict.fromkeys(by_number[number].line.number for number in numbers)
                yield Dispute(
                    of_words=_numbers(one for one in clusters if one.kind is ClusterKind.WORDS),
                    of_languages=_numbers(one for one in clusters if one.kind is ClusterKind.LANGUAGES),
                    language=language,
                    base=self._base(clusters, prospect, language),
                    cards=[cards[number] for number in firsts],
                    rivals=_rivals(clusters, by_number),
                )

    def _base(self, clusters: Sequence[Cluster], prospect: Prospect, language: Language) -> Sequence[Markup]:
        """The disputed paragraphs as they stand."""
        if not self.is_drawn:
            return ()
        places = sorted({place for cluster in clusters for place in cluster.base_blocks})
        passages = self.builder.passages_in(language)
        return [passages.html(prospect.head.blocks[place]) for place in places]


def _rivals(clusters: Sequence[Cluster], by_number: Mapping[int, Card]) -> Mapping[int, Sequence[int]]:
    """Who collides with whom over words; those on which this reader cannot decide are nobody's rivals."""
    found: dict[int, set[int]] = {}
    for cluster in clusters:
        if cluster.kind is ClusterKind.WORDS:
            cards = [by_number[number] for number in cluster.amendments]
            decided = {card.decidable[0] for card in cards if card.decidable}
            for number in decided:
                found.setdefault(number, set()).update(decided - {number})
    return {number: sorted(others) for number, others in found.items() if others}


def _numbers(clusters: Iterable[Cluster]) -> Sequence[int]:
    return sorted({number for cluster in clusters for number in cluster.amendments})


def connected(clusters: Sequence[Cluster]) -> Sequence[Sequence[Cluster]]:
    """Clusters that have amendments in common, together: they are decided together."""
    groups: list[list[Cluster]] = []
    for cluster in clusters:
        touching = [
            group for group in groups if any(set(member.amendments) & set(cluster.amendments) for member in group)
        ]
        groups = [group for group in groups if group not in touching]
        groups.append([*(one for group in touching for one in group), cluster])
    return groups
