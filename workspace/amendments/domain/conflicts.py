"""When two amendments ask for the very same: then the second is support of the first, and not filed again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum, StrEnum
from uuid import UUID

from drafts.diff.amendments import Amendment as Proposal
from drafts.diff.hunks import Hunk, HunkKind
from drafts.merge.disputes import Alternative, Cluster, ClusterKind
from drafts.merge.merge import merge
from drafts.text.blocks import Document, Language
from drafts.text.markup import block_markdown
from workspace.amendments.domain.models import Amendment, AmendmentVersion
from workspace.amendments.domain.stored_amendments import BaseDocuments
from workspace.declarations.domain.queries import BlockRow

Fingerprint = tuple[object, ...]


def proposal_fingerprint(amendment: Amendment) -> Fingerprint:
    """Equal for amendments to one revision that ask for the very same."""
    version = amendment.own
    changes = words_fingerprint(version.diff)
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
    fingerprint = change_fingerprint(version.diff, base)
    every = (amendment for amendment in others if amendment.language is base.language)
    return next((amendment for amendment in every if own_fingerprint(amendment, bases) == fingerprint), None)


def own_fingerprint(amendment: Amendment, bases: BaseDocuments) -> Fingerprint:
    """The fingerprint of what its author asks for now: equal for two that ask for the same."""
    version = amendment.own
    return change_fingerprint(version.diff, bases.base(version, amendment.language))


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


def worded_blocks(hunks: Iterable[Hunk]) -> frozenset[str]:
    """The paragraphs that these give other words: what holds in every language alike is no matter of words."""
    return frozenset(block.id for hunk in hunks if hunk.kind in _OF_WORDS and hunk.words for block in hunk.old)


def reworded_blocks(amendment: Amendment) -> frozenset[str]:
    """The paragraphs for which an amendment asks for other words."""
    return worded_blocks(amendment.own.diff)


def rivals_in_other_languages(amendments: Sequence[Amendment], language: Language) -> list[Amendment]:
    """Those in another language that ask for words of a paragraph for which one in `language` asks too."""
    return _sharing({amendment: reworded_blocks(amendment) for amendment in amendments}, language)


def in_two_languages(amendments: Sequence[Amendment]) -> frozenset[int]:
    """The numbers of those that ask for words of a paragraph for which another asks in another language."""
    spoken: defaultdict[str, set[Language]] = defaultdict(set)
    for amendment in amendments:
        for block in reworded_blocks(amendment):
            spoken[block].add(amendment.language)
    shared = {block for block, languages in spoken.items() if len(languages) > 1}
    return frozenset(amendment.number for amendment in amendments if shared & reworded_blocks(amendment))


def deletions_against(amendments: Sequence[Amendment]) -> Iterator[tuple[int, int]]:
    """A deletion, and who asks in another language for other words of what it removes, by their numbers."""
    reworded = {amendment: reworded_blocks(amendment) for amendment in amendments if amendment.parent_id is None}
    for amendment in reworded:
        gone = {block.id for hunk in amendment.own.diff if hunk.kind is HunkKind.DELETE for block in hunk.old}
        for other, blocks in reworded.items() if gone else ():
            if other.language is not amendment.language and gone & blocks:
                yield amendment.number, other.number


def sharing_paragraphs(amendments: Sequence[Amendment], language: Language) -> list[Amendment]:
    """Those in another language that change a paragraph which one in `language` changes too, in whatever way."""
    changed = {each: frozenset(block.id for hunk in each.own.diff for block in hunk.old) for each in amendments}
    return _sharing(changed, language)


def _sharing(changed: Mapping[Amendment, frozenset[str]], language: Language) -> list[Amendment]:
    here = frozenset[str]().union(*(blocks for amendment, blocks in changed.items() if amendment.language is language))
    return [amendment for amendment, blocks in changed.items() if amendment.language is not language and blocks & here]


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


class _Aspect(Enum):
    WORDS, PLACE, FORM, PRESENCE = range(4)


_AGAINST = {  # what one language does to a paragraph, and what another cannot do to it at once
    _Aspect.WORDS: {_Aspect.WORDS, _Aspect.PRESENCE},
    _Aspect.PLACE: {_Aspect.PLACE, _Aspect.PRESENCE},
    _Aspect.FORM: {_Aspect.FORM, _Aspect.PRESENCE},
    _Aspect.PRESENCE: {_Aspect.WORDS, _Aspect.PLACE, _Aspect.FORM},
}
_CONCERNED = {
    HunkKind.DELETE: {_Aspect.PRESENCE},
    HunkKind.MOVE: {_Aspect.PLACE},
    HunkKind.SPLIT: {_Aspect.WORDS},
    HunkKind.JOIN: {_Aspect.WORDS},
}


def _concerned(hunk: Hunk) -> Collection[_Aspect]:
    if hunk.kind is HunkKind.REWORD:
        return {_Aspect.WORDS if hunk.words else _Aspect.FORM}
    words = {_Aspect.WORDS} if hunk.words and hunk.kind is HunkKind.MOVE else set()
    return _CONCERNED.get(hunk.kind, set()) | words


def language_clusters(
    proposals: Iterable[Proposal], led: Mapping[int, frozenset[str]], rows: Sequence[BlockRow]
) -> Iterator[Cluster]:
    """One dispute for each paragraph of which `proposals` in several languages make different things.

    So they do where two of them word, move or form it, or one does and another deletes it; `led` names by number the
    paragraphs that another language has led.
    """
    filed: dict[str, list[tuple[Proposal, Collection[_Aspect]]]] = defaultdict(list)
    for proposal in sorted(proposals, key=lambda proposal: proposal.number):
        for hunk in proposal.hunks:
            for block in hunk.old:
                filed[block.id].append((proposal, _concerned(hunk)))
    for place, row in enumerate(rows):
        here = filed.get(row.id, [])
        done = {(aspect, proposal.base.language) for proposal, aspects in here for aspect in aspects}
        disputing, is_of_words = dict[int, Alternative](), False
        for proposal, aspects in here:
            is_led = row.id in led.get(proposal.number, ())
            against = {aspect for aspect, language in done if language is not proposal.base.language}
            if is_led or any(_AGAINST[aspect] & against for aspect in aspects):
                disputing[proposal.number] = _reading(proposal, row.id)
                is_of_words |= is_led or _Aspect.WORDS in against.intersection(aspects)
        if disputing:
            yield Cluster(
                base_blocks=(place,),
                gap=None,
                amendments=tuple(disputing),
                base=block_markdown(row.original()),
                alternatives=tuple(disputing.values()),
                kind=ClusterKind.LANGUAGES if is_of_words else ClusterKind.WORDS,
            )


def _reading(proposal: Proposal, block_id: str) -> Alternative:
    hunk = next(hunk for hunk in proposal.hunks if any(block.id == block_id for block in hunk.old))
    return Alternative((proposal.number,), "\n\n".join(map(block_markdown, hunk.new)), hunk.new)
