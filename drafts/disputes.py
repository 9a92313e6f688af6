"""Disputes: which claims wait together, whatever the reason; the reasons are in the modules that call this."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from drafts.claims import Claim

Party = tuple[frozenset[int], Sequence[int]]
"""Claims that stand together in a dispute, and the filing ranks of those who want all of them."""


class Disputes:
    """Claims in connected components: united by a dispute, or only tied.

    Tied claims stand or fall together, and are no dispute of their own; once a dispute
    takes in one of them it takes in all. Union-find, so that clusters grow without
    ever listing pairs (rule 3.7).
    """

    def __init__(self, claims: Sequence[Claim]) -> None:
        self.claims = claims
        self.parents = list(range(len(claims)))
        self.disputed = [False] * len(claims)  # meaningful for roots
        self._has_news = True

    def root(self, member: int) -> int:
        while self.parents[member] != member:
            self.parents[member] = self.parents[self.parents[member]]
            member = self.parents[member]
        return member

    def is_disputed(self, member: int) -> bool:
        return self.disputed[self.root(member)]

    def has_news(self) -> bool:
        """Whether anything was tied or disputed since this was last asked."""
        had_news, self._has_news = self._has_news, False
        return had_news

    def tie(self, members: Iterable[int]) -> None:
        first, *others = members
        for member in others:
            lower, higher = sorted((self.root(first), self.root(member)))
            if lower != higher:
                self.parents[higher] = lower
                self.disputed[lower] |= self.disputed[higher]
                self._has_news = True

    def unite(self, members: Sequence[int]) -> None:
        """Make one dispute of the claims; of nothing there is none."""
        if members:
            self.tie(members)
            self._has_news |= not self.is_disputed(members[0])
            self.disputed[self.root(members[0])] = True

    def dispute(self, first: int, second: int) -> None:
        """Unite two claims unless somebody wants both."""
        if self.claims[first].may_dispute(self.claims[second]):
            self.unite([first, second])

    def dispute_across(self, some: Iterable[int], others: Iterable[int]) -> None:
        """The same for every one of `some` with every one of `others`; what is united already is passed over."""
        parts, other_parts = self._by_root(some), self._by_root(others)
        for root, members in parts.items():
            for other_root, opposed in other_parts.items():
                if root != other_root:
                    self._dispute_once(members, opposed)

    def _by_root(self, members: Iterable[int]) -> Mapping[int, Sequence[int]]:
        parts: dict[int, list[int]] = defaultdict(list)
        for member in members:
            parts[self.root(member)].append(member)
        return parts

    def _dispute_once(self, some: Sequence[int], others: Sequence[int]) -> None:
        """Two united parts become one by any one dispute between them."""
        for member in some:
            for other in others:
                if self.claims[member].may_dispute(self.claims[other]):
                    self.unite([member, other])
                    return

    def dispute_all(self, members: Sequence[int]) -> None:
        """The same for every two of `members`."""
        if len(members) > 1:
            self.dispute_parties((self.claims[member].owners, [member]) for member in members)

    def dispute_parties(self, parties: Iterable[Party]) -> None:
        """The same for every two parties; those with the same owners are looked at once."""
        same: dict[frozenset[int], list[int]] = defaultdict(list)
        for owners, members in parties:
            same[owners] += members
        groups: list[list[Party]] = []
        for party in same.items():
            apart = [group for group in groups if not any(_may_dispute(party[0], other) for other, _ in group)]
            touched = [group for group in groups if group not in apart]
            first = touched[0] if touched else []
            first.append(party)
            first.extend(other for group in touched[1:] for other in group)
            groups = [*apart, first]
        for group in groups:
            if len(group) > 1:
                self.unite([member for _, members in group for member in members])

    def clusters(self) -> list[list[int]]:
        components: dict[int, list[int]] = defaultdict(list)
        for member in range(len(self.parents)):
            if self.is_disputed(member):
                components[self.root(member)].append(member)
        return list(components.values())


def _may_dispute(owners: frozenset[int], others: frozenset[int]) -> bool:
    return not (owners <= others or others <= owners)
