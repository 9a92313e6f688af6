"""Open amendments follow the text: each new revision brings those it touches before the newer words, in the same unit.

An amendment that the revision does not touch still applies as it stands, so
neither the engine nor the store is asked about it: a thousand open amendments
cost nothing when one paragraph changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import selectinload

from drafts.base.constants import ENGINE_VERSION
from drafts.diff.amendments import ChangeOp
from drafts.diff.hunks import Hunk
from drafts.text.blocks import Document, Language
from workspace.amendments.domain import queries as filed
from workspace.amendments.domain import stored_amendments
from workspace.amendments.domain.models import Amendment, AmendmentVersion, Carrying, ChangeRecord, ShownText
from workspace.amendments.domain.stored_amendments import BaseDocuments
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.events import RevisionMade
from workspace.core.storage import log
from workspace.core.storage.db import Db, new_id
from workspace.core.storage.held_writes import as_before
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Revision, TextVersion
from workspace.declarations.domain.queries import BlockRow, Pinned, lineage, places_in


def follow(db: Db, event: RevisionMade) -> None:
    """Carry every open amendment that the revision touches."""
    declaration, revision = db.get_one(Declaration, event.declaration_id), db.get_one(Revision, event.revision_id)
    if revision.parent_id is None:
        return
    touched = _changes(db, revision)
    here = [row for row in db.identity_map.values() if isinstance(row, Amendment)]
    decided = [amendment.id for amendment in here if amendment.disposition not in filed.UNDECIDED]
    with as_before(db, Amendment, AmendmentVersion, Revision, TextVersion):
        amendments = db.scalars(_touched(declaration, touched, decided)).unique().all() if touched else []
    Carrier(db, declaration).carry(sorted(amendments, key=lambda each: each.number), actor=event.actor)


class _Changes(Struct, frozen=True):
    """What a revision changed in one language, as far as an amendment can depend on it."""

    blocks: frozenset[UUID]
    is_reordered: bool  # then whatever takes, brings or moves whole paragraphs is touched


def _touched(
    declaration: Declaration, changed: Mapping[Language, _Changes], decided: Sequence[UUID]
) -> sa.Select[Amendment]:
    """The open amendments to the text that a change of it concerns; it may give a few that it does not.

    What was moved, or put at the beginning, names no block by which it could be left out.
    """
    concerned = sa.union(*(part for language, key in changed.items() for part in _concerned(language, key))).subquery()
    is_own = sa.and_(concerned.c.amendment_id == Amendment.id, concerned.c.language == Amendment.language)
    return (
        sa.select(Amendment)
        .join(concerned, is_own)  # as a condition of the amendments it would have every one of them read
        .where(
            Amendment.declaration_id == declaration.id,
            Amendment.parent_id.is_(None),
            Amendment.disposition.in_(filed.UNDECIDED),
            Amendment.id.not_in(decided),
        )
        .options(selectinload(Amendment.carryings), *filed.eager_words())
    )


def _concerned(language: Language, changed: _Changes) -> Sequence[sa.Select[UUID, Any]]:
    is_concerned = [
        ChangeRecord.block_id.in_(changed.blocks),
        ChangeRecord.op == ChangeOp.MOVE,
        ChangeRecord.block_id.is_(None),
    ]
    if changed.is_reordered:
        is_concerned.append(ChangeRecord.op != ChangeOp.REWORD)
    led = sa.literal(language, Amendment.language.type).label("language")
    versions = sa.select(AmendmentVersion.amendment_id, led)
    by_change = versions.join(ChangeRecord, ChangeRecord.version_id == AmendmentVersion.id).where(sa.or_(*is_concerned))
    shown = versions.join(ShownText, ShownText.version_id == AmendmentVersion.id)
    by_text = shown.join(TextVersion, TextVersion.id == ShownText.text_version_id)
    return by_change, by_text.where(TextVersion.block_id.in_(changed.blocks))


def _changes(db: Db, revision: Revision) -> Mapping[Language, _Changes]:
    """What a revision changed, by language; a paragraph is also touched through what came out of it or went into it."""
    after, before = (places_in(db, id_) for id_ in (revision.id, revision.parent_id))
    if [place.block_id for place in before] == [place.block_id for place in after]:  # then the others stand as they did
        places = queries.changed_places(db, revision.parent_id, revision.id).values()
        before, after = [was for was, _ in places if was], [now for _, now in places if now]
    found = {}
    for language in Language:
        blocks = frozenset(dict(_stands(before, language) ^ _stands(after, language)))
        if blocks:
            found[language] = _Changes(_with_kin(db, blocks, revision), _is_reordered(before, after))
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
    waiting = True
    while waiting:
        kin = {number for pair in pairs for number in pair if found & set(pair)}
        waiting = not kin <= found
        found |= kin
    return frozenset(found)


class Carrier:
    """Brings amendments of one declaration before the text in force, and records how each stands there."""

    def __init__(self, db: Db, declaration: Declaration) -> None:
        self.db = db
        self.declaration = declaration
        self.bases = BaseDocuments(db)
        self.rows: Sequence[BlockRow] = queries.head_rows(db, declaration)
        self._heads: dict[Language, Document] = {}

    def carry(self, amendments: Iterable[Amendment], *, actor: Actor) -> None:
        """Record what is new about them, in one line of the log. Where nothing is new, nothing is recorded."""
        found = [made for amendment in amendments if (made := self._carry(amendment))]
        if not found:
            return
        self.db.flush()
        log.record_in(
            self.db,
            "amendments.carried",
            self.declaration,
            actor=actor,
            revision=str(self.declaration.head.id),
            engine=ENGINE_VERSION,
            amendments=[
                {
                    "amendment": str(amendment.amendment_id),
                    "from": str(amendment.version_id),
                    "status": amendment.status.value,
                    "made": str(amendment.made_id) if amendment.made_id else None,
                }
                for amendment in found
            ],
        )

    def _carry(self, amendment: Amendment) -> Carrying | None:
        carried = self.bases.carried(self.bases.proposal(amendment), self._head(amendment.language))
        own, before = amendment.own, amendment.carrying
        shown = before.made if before else own
        hunks = carried.proposal.hunks if carried.proposal else None
        printed = shown.diff if shown else None
        if carried.status is amendment.status and _words(hunks) == _words(printed):
            return None
        made = None
        if carried.proposal is not None:
            number, revision = amendment.versions[-1].number + 1, self.declaration.head.id
            made = stored_amendments.carried_version(
                number, carried.proposal, self.rows, revision_id=revision, based_on=own
            )
            amendment.versions.append(made)
        carrying = Carrying(
            id=new_id(),
            amendment_id=amendment.id,
            number=len(amendment.carryings) + 1,
            version_id=own.id,
            revision_id=self.declaration.head.id,
            status=carried.status,
            made_id=made.id if made else None,
            engine_version=ENGINE_VERSION,
            carried_at=clock.now(),
            made=made,
        )
        amendment.carryings.append(carrying)
        return carrying

    def _head(self, language: Language) -> Document:
        if language not in self._heads:
            self._heads[language] = queries.document(self.rows, language)
        return self._heads[language]


def _words(hunks: Sequence[Hunk] | None) -> object:
    """What hunks say, wherever in the text they stand."""
    return None if hunks is None else [(hunk.kind, hunk.old, hunk.new) for hunk in hunks]
