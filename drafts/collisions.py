"""Which claims collide: the rules of merging, each found by one sweep, never by listing pairs (rules 3.2 to 3.7).

Words and whole blocks are looked at first (`word_collisions`, `block_collisions`),
then pairs of marks. Last comes what follows from a dispute: who needs something that is disputed waits
with it, and an indivisible amendment waits whole.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from drafts.block_collisions import BlockCollisions
from drafts.blocks import Document
from drafts.claims import Claim
from drafts.disputes import Disputes, Party
from drafts.edits import Rewrite
from drafts.marks import Group, Made, crossings
from drafts.tokens import PARAGRAPH_START
from drafts.word_collisions import WordCollisions


def collisions(
    base: Document, claims: Sequence[Claim], groups: Sequence[Group] = (), indivisible: frozenset[int] = frozenset()
) -> list[list[int]]:
    """The clusters, each as ascending indexes of `claims`, in the order of their first claim.

    `groups` are the claims that make or unmake pairs of marks. `indivisible` are the
    filing ranks of amendments that are taken whole: once one of their claims
    collides, all that are nobody else's enter the same cluster.
    """
    found = Disputes(claims)
    WordCollisions(base, claims).find(found)
    BlockCollisions(claims).find(found)
    if groups:
        _paired_marks(claims, groups, found)
    while found.has_news():
        _wait_with_needed(groups, found)
        _hold_together(claims, found, indivisible)
    return found.clusters()


def _paired_marks(claims: Sequence[Claim], groups: Sequence[Group], found: Disputes) -> None:
    """Rule 3.5: a group stands or falls as one; groups that cross collide, and so do those that share marks.

    The start of a paragraph inside a pair that another makes would leave each half in a paragraph of its own.
    """
    shared: dict[object, list[Party]] = defaultdict(list)
    for group in groups:
        found.tie(sorted(group.claims))
        for part in (*group.claims, *group.marks):
            shared[part].append((group.owners, sorted(group.claims)))
    for parties in shared.values():
        found.dispute_parties(parties)
    _crossing_pairs(claims, groups, found)


def _crossing_pairs(claims: Sequence[Claim], groups: Sequence[Group], found: Disputes) -> None:
    made: list[tuple[Made, Party]] = list(_paragraph_starts(claims))
    made += ((pair, (group.owners, sorted(group.claims))) for group in groups for pair in group.made)
    for first, second in crossings([pair for pair, _ in made]):
        found.dispute_parties((made[first][1], made[second][1]))


def _paragraph_starts(claims: Sequence[Claim]) -> Iterator[tuple[Made, Party]]:
    """Splits, as marks that no pair may enclose."""
    for index, claim in enumerate(claims):
        if isinstance(claim.edit, Rewrite) and claim.edit.is_split:
            spot = claim.edit.start, claim.edit.end
            yield Made(spot, spot, PARAGRAPH_START), (claim.owners, [index])


def _wait_with_needed(groups: Sequence[Group], found: Disputes) -> None:
    """Rule 3.5: pairs wait with a join they need; a split waits with the pair whose end it presupposes."""
    for group in groups:
        for needed in group.needs:
            if found.is_disputed(needed):
                found.unite([needed, *group.claims])
        first = min(group.claims)
        if group.needed_by and found.is_disputed(first):
            found.unite([first, *group.needed_by])


def _hold_together(claims: Sequence[Claim], found: Disputes, indivisible: frozenset[int]) -> None:
    """Rule 3.6: an indivisible amendment waits whole; what others ask for too still lands for them."""
    disputed = [member for member in range(len(claims)) if found.is_disputed(member)]
    anchor = {rank: member for member in disputed for rank in claims[member].owners & indivisible}
    for member in disputed:
        found.unite([member, *(anchor[rank] for rank in claims[member].owners & anchor.keys())])
    for index, claim in enumerate(claims):
        if claim.owners <= anchor.keys():
            found.unite([index, *(anchor[rank] for rank in claim.owners)])
