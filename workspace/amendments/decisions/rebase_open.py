"""Open amendments follow the text: each new revision brings those it touches before the newer words, in the same unit.

An amendment that the revision does not touch still applies as it stands, so
neither the engine nor the store is asked about it: a thousand open amendments
cost nothing when one paragraph changes.
"""

from collections.abc import Iterable, Sequence

from drafts.base.constants import ENGINE_VERSION
from drafts.diff.hunks import Hunk
from drafts.text.blocks import Document, Language
from workspace.amendments.domain import queries as filed
from workspace.amendments.domain import stored_amendments
from workspace.amendments.domain.models import Amendment, AmendmentVersion, Carrying
from workspace.amendments.domain.revision_changes import revision_changes
from workspace.amendments.domain.stored_amendments import BaseDocuments
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.events import RevisionMade
from workspace.core.storage import log
from workspace.core.storage.db import Db, new_id
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration, Revision
from workspace.declarations.domain.queries import BlockRow


def follow(db: Db, event: RevisionMade) -> None:
    """Carry every open amendment that the revision touches."""
    declaration, revision = db.get_one(Declaration, event.declaration_id), db.get_one(Revision, event.revision_id)
    if revision.parent_id is None:
        return
    touched = revision_changes(db, revision)
    amendments = db.scalars(filed.select_touched(declaration, touched)).unique().all() if touched else []
    Carrier(db, declaration).carry(amendments, actor=event.actor)


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
        log.record(
            self.db,
            "amendments.carried",
            actor=actor,
            forum_id=self.declaration.forum_id,
            declaration_id=self.declaration.id,
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
        if carried.status is amendment.status and _words(hunks) == _words(_shown_hunks(shown)):
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


def _shown_hunks(version: AmendmentVersion | None) -> Sequence[Hunk] | None:
    return stored_amendments.hunks_of(version) if version else None


def _words(hunks: Sequence[Hunk] | None) -> object:
    """What hunks say, wherever in the text they stand."""
    return None if hunks is None else [(hunk.kind, hunk.old, hunk.new) for hunk in hunks]
