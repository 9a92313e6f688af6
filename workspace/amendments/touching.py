"""What a revision touched: the blocks that came, went, changed or got another neighbour, language by language."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from drafts.blocks import Language
from workspace.core.db import Db
from workspace.declarations.models import Lineage, Revision, RevisionBlock


class Touched(Struct, frozen=True):
    """What a revision changed in one language, as far as an amendment can depend on it."""

    blocks: frozenset[UUID]
    is_reordered: bool  # then whatever takes, brings or moves whole paragraphs is touched


def touched_by(db: Db, revision: Revision) -> Mapping[Language, Touched]:
    """What a revision changed, by language; a paragraph is also touched through what came out of it or went into it."""
    after, before = (_places(db, one) for one in (revision.id, revision.parent_id))
    found = {}
    for language in Language:
        blocks = frozenset(dict(_stands(before, language) ^ _stands(after, language)))
        if blocks:
            found[language] = Touched(_with_kin(db, blocks, revision), _is_reordered(before, after))
    return found


def _places(db: Db, revision_id: UUID | None) -> Sequence[RevisionBlock]:
    statement = sa.select(RevisionBlock).where(RevisionBlock.revision_id == revision_id)
    return db.scalars(statement.order_by(RevisionBlock.position)).all()


def _stands(places: Sequence[RevisionBlock], language: Language) -> set[tuple[UUID, tuple[object, ...]]]:
    """Each block with all that an amendment to it depends on: its own form and text, and who stands beside it."""
    ids = [None, *(one.block_id for one in places), None]
    return {
        (one.block_id, (one.kind, one.level, one.pinned(language), before, after))
        for one, before, after in zip(places, ids, ids[2:], strict=False)
    }


def _is_reordered(before: Sequence[RevisionBlock], after: Sequence[RevisionBlock]) -> bool:
    here, there = ([one.block_id for one in places] for places in (before, after))
    common = set(here) & set(there)
    return [one for one in here if one in common] != [one for one in there if one in common]


def _with_kin(db: Db, blocks: frozenset[UUID], revision: Revision) -> frozenset[UUID]:
    pairs = db.execute(
        sa.select(Lineage.block_id, Lineage.other_id).where(Lineage.declaration_id == revision.declaration_id)
    ).all()
    found = set(blocks)
    waiting = True
    while waiting:
        kin = {one for pair in pairs for one in pair if found & set(pair)}
        waiting = not kin <= found
        found |= kin
    return frozenset(found)
