"""What the file commands answer, as JSON whose shape other programs may rely on (`workspace diff --format json`)."""

from collections.abc import Mapping, Sequence

import msgspec

from drafts.blocks import Block, Document
from drafts.diff import Hunk
from drafts.markup import block_markdown
from drafts.merge import Cluster, Flag, Merged
from drafts.numbering import numbers
from drafts.rebase import Rebased


class WordsOut(msgspec.Struct, frozen=True):
    op: str
    old: str
    new: str


class HunkOut(msgspec.Struct, frozen=True):
    """A group of changed blocks; `old` and `new` are whole blocks as Markdown."""

    kind: str
    old_blocks: tuple[int, ...]
    new_blocks: tuple[int, ...]
    old: str
    new: str
    words: tuple[WordsOut, ...]


class DiffOut(msgspec.Struct, frozen=True):
    hunks: tuple[HunkOut, ...]

    @classmethod
    def of(cls, old: Document, new: Document, hunks: Sequence[Hunk]) -> "DiffOut":
        before, after = numbers(old), numbers(new)
        return cls(
            tuple(
                HunkOut(
                    kind=hunk.kind.value,
                    old_blocks=hunk.old_blocks,
                    new_blocks=hunk.new_blocks,
                    old=_markdown(hunk.old, before),
                    new=_markdown(hunk.new, after),
                    words=tuple(WordsOut(words.op.value, words.old, words.new) for words in hunk.words),
                )
                for hunk in hunks
            )
        )


class AlternativeOut(msgspec.Struct, frozen=True):
    amendments: tuple[int, ...]
    text: str


class ConflictOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """A dispute; one about a gap has no base blocks, and `gap` says which base block it stands before."""

    base_blocks: tuple[int, ...]
    amendments: tuple[int, ...]
    base: str
    alternatives: tuple[AlternativeOut, ...]
    gap: int | None = None

    @classmethod
    def of(cls, cluster: Cluster) -> "ConflictOut":
        alternatives = tuple(AlternativeOut(reading.amendments, reading.text) for reading in cluster.alternatives)
        return cls(cluster.base_blocks, cluster.amendments, cluster.base, alternatives, cluster.gap)


class FlagOut(msgspec.Struct, frozen=True, omit_defaults=True):
    kind: str
    base_blocks: tuple[int, ...]
    amendments: tuple[int, ...]
    gap: int | None = None

    @classmethod
    def of(cls, flag: Flag) -> "FlagOut":
        return cls(flag.kind.value, flag.base_blocks, flag.amendments, flag.gap)


class MergeOut(msgspec.Struct, frozen=True):
    outcome: str
    blocks: tuple[str, ...]
    conflicts: tuple[ConflictOut, ...]
    flags: tuple[FlagOut, ...]

    @classmethod
    def of(cls, merged: Merged) -> "MergeOut":
        return cls(
            outcome="clean" if merged.is_clean else "conflict",
            blocks=tuple(block.text for block in merged.document),
            conflicts=tuple(map(ConflictOut.of, merged.clusters)),
            flags=tuple(map(FlagOut.of, merged.flags)),
        )


class RebaseOut(msgspec.Struct, frozen=True):
    status: str
    blocks: tuple[str, ...]
    conflicts: tuple[ConflictOut, ...]

    @classmethod
    def of(cls, rebased: Rebased) -> "RebaseOut":
        blocks = tuple(block.text for block in rebased.document)
        return cls(rebased.status.value, blocks, tuple(map(ConflictOut.of, rebased.clusters)))


def written(answer: msgspec.Struct) -> str:
    """The answer as indented JSON, ending in a new line."""
    return msgspec.json.format(msgspec.json.encode(answer), indent=2).decode() + "\n"


def _markdown(blocks: Sequence[Block], printed: Mapping[str, str]) -> str:
    return "\n\n".join(block_markdown(block, printed.get(block.id, "")) for block in blocks)
