"""Amendments to amendments: a child's base is the text its parent proposes; as modified, the parent is one amendment.

Children of one parent dispute each other as amendments to a text do, and what
they dispute keeps the parent's words. What comes of it is tracked against the
parent's own base, so that everything that holds for an amendment holds for it:
it is merged, carried and decided as one.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from drafts.diff.amendments import Amendment, intent_of
from drafts.diff.document_diff import Intent, diff_by_id
from drafts.merge.merge import Merged, merge


class ModifiedParent(Struct, frozen=True):
    """A parent with its children: `amendment` stands in for the parent, `merged` says what became of each child.

    An amendment without hunks asks for nothing any more: its children undid it.
    """

    amendment: Amendment
    merged: Merged


def modified_parent(parent: Amendment, children: Sequence[Amendment]) -> ModifiedParent:
    """`parent` as its `children` change it; without children it is the parent itself.

    Raises `ImpossibleChange` (`other_base`) for a child of another text.
    """
    merged = merge(parent.proposed, children)
    intents = [intent_of(amendment.hunks) for amendment in (parent, *children)]
    hunks = diff_by_id(parent.base, merged.document, _together(intents))
    return ModifiedParent(replace(parent, proposed=merged.document, hunks=hunks), merged)


def _together(intents: Sequence[Intent]) -> Intent:
    return Intent(
        moved=frozenset().union(*(proposal.moved for proposal in intents)),
        split_off=frozenset().union(*(proposal.split_off for proposal in intents)),
        joined=frozenset().union(*(proposal.joined for proposal in intents)),
    )
