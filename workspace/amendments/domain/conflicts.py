"""When two amendments ask for the very same: then the second is support of the first, and not filed again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from drafts.diff.amendments import Amendment as Proposal
from drafts.diff.hunks import Hunk, HunkKind
from drafts.merge.disputes import Alternative, Cluster, ClusterKind
from drafts.merge.merge import merge
from drafts.text.blocks import Document, Language
from drafts.text.markup import block_markdown
from workspace.amendments.domain.models import Amendment, AmendmentVersion
from workspace.amendments.domain.stored_amendments import BaseDocuments, hunks_of
from workspace.declarations.domain.queries import BlockRow

Fingerprint = tuple[object, ...]


def proposal_fingerprint(amendment: Amendment) -> Fingerprint:
    """Equal for amendments to one revision that ask for the very same."""
    version = amendment.own
    changes = words_fingerprint(hunks_of(version))
    return (amendment.language, version.base_revision_id, amendment.parent_id, amendment.is_indivisible, changes)


def words_fingerprint(hunks: Sequence[Hunk]) -> Fingerprint:
    """Equal for hunks of one base that change the same words in the same place into the same."""
    return tuple((_words(hunk), hunk.old_gap) for hunk in hunks)


def change_fingerprint(hunks: Sequence[Hunk], base: Document) -> Fingerprint:
    """Equal for proposals that change the same words in the same place into the same, on whatever revision."""
    return tuple((_words(hunk), _before(hunk, base)) for hunk in hunks)


def find_duplicate(
    version: AmendmentVersion, base: Document, others: Sequence[Amendment], bases: BaseDocuments
) -> Amendment | None:
    """The first of `others` whose author asks for what this version asks for."""
    fingerprint = change_fingerprint(hunks_of(version), base)
    every = (amendment for amendment in others if amendment.language is base.language)
    return next((amendment for amendment in every if own_fingerprint(amendment, bases) == fingerprint), None)


def own_fingerprint(amendment: Amendment, bases: BaseDocuments) -> Fingerprint:
    """What `asks_for` says of what its author asks for now."""
    version = amendment.own
    return change_fingerprint(hunks_of(version), bases.base(version, amendment.language))


def _words(hunk: Hunk) -> Fingerprint:
    old = tuple((block.id, block.kind, block.level, block.text) for block in hunk.old)
    return (hunk.kind, old, tuple((block.kind, block.level, block.text) for block in hunk.new))


def _before(hunk: Hunk, base: Document) -> str | None:
    """The paragraph after which something new or moved comes to stand; "" at the beginning of the text."""
    if hunk.old_gap is None:
        return None
    return base.blocks[hunk.old_gap - 1].id if hunk.old_gap else ""


MOST_COMPARED = 200
_MINE = 0


class Relation(StrEnum):
    """Of an amendment that is filed already to one that is being written."""

    SAME = "same"
    COLLIDES = "collides"
    COMPATIBLE = "compatible"


def relations_to(
    mine: Proposal, others: Sequence[Amendment], bases: BaseDocuments, head: Document
) -> Mapping[int, Relation]:
    """What each of `others` in the language of `mine` is to it, by number, on the text `head`.

    One that collides with the text in force itself is compared as its author wrote it.
    """
    others = [amendment for amendment in others if amendment.language is mine.base.language][:MOST_COMPARED]
    fingerprint = change_fingerprint(mine.hunks, mine.base)
    found = {
        amendment.number: Relation.SAME
        for amendment in others
        if amendment.is_indivisible == mine.is_indivisible and own_fingerprint(amendment, bases) == fingerprint
    }
    here = bases.carried(mine, head).proposal
    if here is None:
        return found
    rest = {
        amendment.number: bases.carried(bases.written(amendment), head).proposal
        for amendment in others
        if amendment.number not in found
    }
    merged = merge(head, [here, *(proposal for proposal in rest.values() if proposal)])
    against = {number for cluster in merged.clusters if _MINE in cluster.amendments for number in cluster.amendments}
    for number, proposal in rest.items():
        is_against = proposal is None or number in against
        found[number] = Relation.COLLIDES if is_against else Relation.COMPATIBLE
    return found


_OF_WORDS = {HunkKind.REWORD, HunkKind.SPLIT, HunkKind.JOIN, HunkKind.MOVE}


def reworded_blocks(amendment: Amendment) -> frozenset[str]:
    """The paragraphs for which it asks for other words: what holds in every language alike is no matter of words."""
    return frozenset(
        block.id for hunk in hunks_of(amendment.own) if hunk.kind in _OF_WORDS and hunk.words for block in hunk.old
    )


def rivals_in_other_languages(amendments: Sequence[Amendment], language: Language) -> list[Amendment]:
    """Those in another language that ask for words of a paragraph for which one in `language` asks too."""
    blocks = frozenset().union(
        *(reworded_blocks(amendment) for amendment in amendments if amendment.language is language)
    )
    return [
        amendment
        for amendment in amendments
        if amendment.language is not language and reworded_blocks(amendment) & blocks
    ]


def blocks_led_elsewhere(
    amendment: Amendment, shown: Mapping[UUID, BlockRow], rows: Sequence[BlockRow]
) -> frozenset[str]:
    """The paragraphs it would reword whose words another language has changed since, and led.

    `shown` are the rows of the revision it was written on. Nothing of it is left
    once the text in the amendment's own language has been brought up to date.
    """
    blocks = frozenset(map(UUID, reworded_blocks(amendment)))
    return frozenset(row.id for row in rows if row.block_id in blocks and _leads(row, shown, amendment))


def _leads(row: BlockRow, shown: Mapping[UUID, BlockRow], amendment: Amendment) -> bool:
    leading, own = row.texts.get(row.original_language), row.texts.get(amendment.language)
    before = shown.get(row.block_id)
    if row.original_language is amendment.language or leading is None or own is None or before is None:
        return False
    then = before.texts.get(row.original_language)
    return (then is None or then.folded_hash != leading.folded_hash) and own.sequence < leading.sequence


def language_clusters(
    amendments: Iterable[Amendment], led: Mapping[int, frozenset[str]], rows: Sequence[BlockRow]
) -> Iterator[Cluster]:
    """One dispute for each paragraph that `amendments` would word in several languages, or that `led` names."""
    filed: dict[str, list[Amendment]] = defaultdict(list)
    for amendment in sorted(amendments, key=lambda amendment: amendment.number):
        for block_id in reworded_blocks(amendment):
            filed[block_id].append(amendment)
    for place, row in enumerate(rows):
        block_id = row.id
        here = filed.get(block_id, [])
        is_led = any(block_id in led.get(amendment.number, ()) for amendment in here)
        if is_led or len({amendment.language for amendment in here}) > 1:
            yield Cluster(
                base_blocks=(place,),
                gap=None,
                amendments=tuple(amendment.number for amendment in here),
                base=block_markdown(row.original()),
                alternatives=tuple(_reading(amendment, block_id) for amendment in here),
                kind=ClusterKind.LANGUAGES,
            )


def _reading(amendment: Amendment, block_id: str) -> Alternative:
    hunk = next(hunk for hunk in hunks_of(amendment.own) if any(block.id == block_id for block in hunk.old))
    return Alternative((amendment.number,), "\n\n".join(map(block_markdown, hunk.new)), hunk.new)
