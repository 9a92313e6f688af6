"""What a revision touched: the blocks that came, went, changed or got another neighbour, language by language."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from drafts.text.blocks import Language
from workspace.core.storage.db import Db
from workspace.declarations.domain.models import Revision
from workspace.declarations.domain.queries import Pinned, lineage, places_in


class RevisionChanges(Struct, frozen=True):
    """What a revision changed in one language, as far as an amendment can depend on it."""

    blocks: frozenset[UUID]
    is_reordered: bool  # then whatever takes, brings or moves whole paragraphs is touched


def revision_changes(db: Db, revision: Revision) -> Mapping[Language, RevisionChanges]:
    """What a revision changed, by language; a paragraph is also touched through what came out of it or went into it."""
    after, before = (places_in(db, id_) for id_ in (revision.id, revision.parent_id))
    found = {}
    for language in Language:
        blocks = frozenset(dict(_stands(before, language) ^ _stands(after, language)))
        if blocks:
            found[language] = RevisionChanges(_with_kin(db, blocks, revision), _is_reordered(before, after))
    return found


def _stands(places: Sequence[Pinned], language: Language) -> set[tuple[UUID, tuple[object, ...]]]:
    """Each block with all that an amendment to it depends on: its own form and text, and who stands beside it."""
    ids = [None, *(pinned.block_id for pinned in places), None]
    return {
        (pinned.block_id, (pinned.kind, pinned.level, pinned.pins.get(language), before, after))
        for pinned, before, after in zip(places, ids, ids[2:], strict=False)
    }


def _is_reordered(before: Sequence[Pinned], after: Sequence[Pinned]) -> bool:
    here, there = ([pinned.block_id for pinned in places] for places in (before, after))
    common = set(here) & set(there)
    return [id_ for id_ in here if id_ in common] != [id_ for id_ in there if id_ in common]


def _with_kin(db: Db, blocks: frozenset[UUID], revision: Revision) -> frozenset[UUID]:
    pairs = [(lineage.block_id, lineage.other_id) for lineage in lineage(db, revision.declaration_id)]
    found = set(blocks)
    is_growing = True
    while is_growing:
        kin = {number for pair in pairs for number in pair if found & set(pair)}
        is_growing = not kin <= found
        found |= kin
    return frozenset(found)
