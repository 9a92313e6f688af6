"""Amendments on one paragraph that share no language: their words are never merged; the committee takes one of them.

A decision is taken in one language, and its words lead. Where somebody asked for
other words of the same paragraph in another language, one of the two goes into
the text and the other to the translators, who bring it into their language.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from drafts.blocks import Language
from drafts.diff import HunkKind
from drafts.markup import block_markdown
from drafts.merge import Alternative, Cluster, ClusterKind
from workspace.amendments.models import Amendment
from workspace.amendments.proposals import hunks_of
from workspace.declarations.queries import BlockRow

_OF_WORDS = {HunkKind.REWORD, HunkKind.SPLIT, HunkKind.JOIN, HunkKind.MOVE}


def worded(amendment: Amendment) -> frozenset[str]:
    """The paragraphs for which it asks for other words: what holds in every language alike is no matter of words."""
    return frozenset(
        block.id for hunk in hunks_of(amendment.own) if hunk.kind in _OF_WORDS and hunk.words for block in hunk.old
    )


def in_other_words(amendments: Sequence[Amendment], language: Language) -> list[Amendment]:
    """Those in another language that ask for words of a paragraph for which one in `language` asks too."""
    blocks = frozenset().union(*(worded(one) for one in amendments if one.language is language))
    return [one for one in amendments if one.language is not language and worded(one) & blocks]


def led_elsewhere(amendment: Amendment, shown: Mapping[UUID, BlockRow], rows: Sequence[BlockRow]) -> frozenset[str]:
    """The paragraphs it would reword whose words another language has changed since, and led.

    `shown` are the rows of the revision it was written on. Nothing of it is left
    once the text in the amendment's own language has been brought up to date.
    """
    blocks = frozenset(map(UUID, worded(amendment)))
    return frozenset(row.id for row in rows if row.block_id in blocks and _leads(row, shown, amendment))


def _leads(row: BlockRow, shown: Mapping[UUID, BlockRow], amendment: Amendment) -> bool:
    leading, own = row.texts.get(row.original_language), row.texts.get(amendment.language)
    before = shown.get(row.block_id)
    if row.original_language is amendment.language or leading is None or own is None or before is None:
        return False
    then = before.texts.get(row.original_language)
    return (then is None or then.folded_hash != leading.folded_hash) and own.sequence < leading.sequence


def clusters(
    amendments: Iterable[Amendment], led: Mapping[int, frozenset[str]], rows: Sequence[BlockRow]
) -> Iterator[Cluster]:
    """One dispute for each paragraph that `amendments` would word in several languages, or that `led` names."""
    filed: dict[str, list[Amendment]] = defaultdict(list)
    for amendment in sorted(amendments, key=lambda one: one.number):
        for block_id in worded(amendment):
            filed[block_id].append(amendment)
    for place, row in enumerate(rows):
        block_id = row.id
        here = filed.get(block_id, [])
        is_led = any(block_id in led.get(one.number, ()) for one in here)
        if is_led or len({one.language for one in here}) > 1:
            yield Cluster(
                base_blocks=(place,),
                gap=None,
                amendments=tuple(one.number for one in here),
                base=block_markdown(row.original()),
                alternatives=tuple(_reading(one, block_id) for one in here),
                kind=ClusterKind.LANGUAGES,
            )


def _reading(amendment: Amendment, block_id: str) -> Alternative:
    hunk = next(one for one in hunks_of(amendment.own) if any(block.id == block_id for block in one.old))
    return Alternative((amendment.number,), "\n\n".join(map(block_markdown, hunk.new)), hunk.new)
