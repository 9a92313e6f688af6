"""What several amendments put into one gap: in which order it stands, and where two of them want different orders."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise

from drafts.claims import Claim


def in_order(claims: Sequence[Claim], members: Iterable[int]) -> list[int]:
    """The claims of one gap in filing order, each amendment's own sequence kept.

    Members whose sequences contradict each other are left out (see `contradicting`).
    """
    members = list(members)
    after, waiting = _graph(_sequences(claims, members), members)
    ready = [(_filed(claims[member]), member) for member in members if not waiting[member]]
    heapify(ready)
    ordered = []
    while ready:
        _, member = heappop(ready)
        ordered.append(member)
        for follower in after[member]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heappush(ready, (_filed(claims[follower]), follower))
    return ordered


def contradicting(claims: Sequence[Claim], members: Sequence[int]) -> list[int]:
    """The claims of one gap that no order can satisfy, because amendments order them differently."""
    left = list(members)
    for is_reversed in (False, True):
        sequences = _sequences(claims, left)
        if is_reversed:
            sequences = {rank: sequence[::-1] for rank, sequence in sequences.items()}
        left = sorted(_unordered(sequences, left))
    return left


def _unordered(sequences: Mapping[int, Sequence[int]], members: Sequence[int]) -> set[int]:
    after, waiting = _graph(sequences, members)
    ready = [member for member in members if not waiting[member]]
    left = set(members)
    while ready:
        member = ready.pop()
        left.discard(member)
        for follower in after[member]:
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    return left


def _filed(claim: Claim) -> tuple[int, int]:
    return claim.first, claim.sources[0].ordinal


def _sequences(claims: Sequence[Claim], members: Sequence[int]) -> dict[int, list[int]]:
    """For each amendment, by filing rank, its own claims in its own order."""
    placed: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for member in members:
        for source in claims[member].sources:
            placed[source.rank].append((source.ordinal, member))
    return {rank: [member for _, member in sorted(pairs)] for rank, pairs in placed.items()}


def _graph(
    sequences: Mapping[int, Sequence[int]], members: Sequence[int]
) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Who stands right after whom, and how many each must wait for."""
    after: dict[int, list[int]] = defaultdict(list)
    waiting = dict.fromkeys(members, 0)
    for sequence in sequences.values():
        for before, follower in pairwise(sequence):
            after[before].append(follower)
            waiting[follower] += 1
    return after, waiting
