"""When two amendments ask for the very same: then the second is support of the first, and not filed again."""

from collections.abc import Sequence

from drafts.blocks import Document
from drafts.diff import Hunk
from workspace.amendments.bases import Bases
from workspace.amendments.models import Amendment, AmendmentVersion
from workspace.amendments.proposals import hunks_of

Wish = tuple[object, ...]


def wish(amendment: Amendment) -> Wish:
    """Equal for amendments to one revision that ask for the very same."""
    version = amendment.own
    asked = tuple((_words(hunk), hunk.old_gap) for hunk in hunks_of(version))
    return (amendment.language, version.base_revision_id, amendment.parent_id, amendment.is_indivisible, asked)


def asks_for(hunks: Sequence[Hunk], base: Document) -> Wish:
    """Equal for proposals that change the same words in the same place into the same, on whatever revision."""
    return tuple((_words(hunk), _before(hunk, base)) for hunk in hunks)


def identical(version: AmendmentVersion, base: Document, others: Sequence[Amendment], bases: Bases) -> Amendment | None:
    """The first of `others` whose author asks for what this version asks for."""
    asked = asks_for(hunks_of(version), base)
    every = (one for one in others if one.language is base.language)
    return next((one for one in every if wished(one, bases) == asked), None)


def wished(amendment: Amendment, bases: Bases) -> Wish:
    """What `asks_for` says of what its author asks for now."""
    version = amendment.own
    return asks_for(hunks_of(version), bases.base(version, amendment.language))


def _words(hunk: Hunk) -> Wish:
    old = tuple((block.id, block.kind, block.level, block.text) for block in hunk.old)
    return (hunk.kind, old, tuple((block.kind, block.level, block.text) for block in hunk.new))


def _before(hunk: Hunk, base: Document) -> str | None:
    """The paragraph after which something new or moved comes to stand; "" at the beginning of the text."""
    if hunk.old_gap is None:
        return None
    return base.blocks[hunk.old_gap - 1].id if hunk.old_gap else ""
