"""Paragraphs that somebody would add, while they are contested: each stands in the text, whole in brackets."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from drafts.blocks import Block, Document
from drafts.diff import Hunk
from workspace.amendments.bases import Bases
from workspace.amendments.models import Amendment


class Added(Struct, frozen=True):
    """A text with the paragraphs that are contested in it; `blocks` names that of each amendment."""

    document: Document
    blocks: Mapping[UUID, str]


def is_addition(hunks: Sequence[Hunk]) -> bool:
    """Whether all that is asked for is one more paragraph."""
    return len(hunks) == 1 and not hunks[0].old and len(hunks[0].new) == 1


def added(
    document: Document, amendments: Sequence[Amendment], *, bases: Bases, head: Document, contested: Collection[str]
) -> Added:
    """Set the paragraph of each amendment where it asks for it, after those that are `contested` there already.

    What somebody else would add in the very same words is there once. `head` is the text in force, and
    `document` what else these decisions make of it.
    """
    blocks, found, held = list(document.blocks), dict[UUID, str](), set(contested)
    for amendment in amendments:
        new, before = _asked(amendment, bases, head)
        place = _after(blocks, before)
        while place < len(blocks) and blocks[place].id in held and not _is_same(blocks[place], new):
            place += 1
        if place == len(blocks) or blocks[place].id not in held:
            blocks.insert(place, new)
            held.add(new.id)
        found[amendment.id] = blocks[place].id
    return Added(replace(document, blocks=tuple(blocks)), found)


def _asked(amendment: Amendment, bases: Bases, head: Document) -> tuple[Block, Sequence[str]]:
    """The paragraph in the words that are before the committee, and the ids of all that stands before it."""
    asked = bases.asked(amendment)
    carried = bases.carried(asked, head).proposal or asked
    new = asked.hunks[0].new[0]
    ids = [block.id for block in carried.proposed]
    before = ids[: ids.index(new.id)] if new.id in ids else [block.id for block in head]
    return new, before


def _after(blocks: Sequence[Block], before: Sequence[str]) -> int:
    """The place behind the last of these that is still in the text."""
    places = {block.id: place for place, block in enumerate(blocks)}
    return next((places[block_id] + 1 for block_id in reversed(before) if block_id in places), 0)


def _is_same(first: Block, second: Block) -> bool:
    return (first.kind, first.text) == (second.kind, second.text)
