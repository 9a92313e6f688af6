"""Filing amendments, amending them, revising them and taking them back; deciding on them comes from `deciding.py`."""

from collections.abc import Sequence
from uuid import UUID

from drafts.amendments import Change
from drafts.blocks import Language
from workspace.amendments import policy, proposals
from workspace.amendments import queries as filed
from workspace.amendments.carrying import Carrier
from workspace.amendments.deciding import LONGEST_REASON, Adoption, Deciding, Ruling, ensure_sensible
from workspace.amendments.models import Amendment, AmendmentVersion, Disposition
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import new_id
from workspace.core.errors import Invalid, NotAllowed, NotFound, Stale
from workspace.declarations import queries
from workspace.declarations.models import Declaration

__all__ = ["LONGEST_REASON", "Adoption", "AmendmentService", "Ruling"]


class AmendmentService(Deciding):
    """Amendments and decisions of a declaration."""

    def propose(
        self,
        declaration_id: UUID,
        *,
        base_revision: int,
        language: Language,
        changes: Sequence[Change],
        reason: str,
        actor: Actor,
        is_indivisible: bool = False,
    ) -> Amendment:
        """File an amendment against a numbered revision, in one language.

        What is stored is the proposal itself and its diff; filed against an older
        revision, it is carried to the head at once. Raises `NotFound` for a
        revision that does not exist, `UnknownBlock` and `ImpossibleChange` for
        changes the text cannot take, `Invalid` where nothing would change.
        """
        declaration = self.declarations.lock(declaration_id)
        policy.ensure_may_propose(actor, declaration)
        ensure_sensible(changes, reason)
        revision = self.declarations.revision(declaration, base_revision)
        version = proposals.version_of(
            1,
            self.shown_rows(declaration, revision),
            proposals.with_new_ids(changes),
            language=language,
            revision_id=revision.id,
            actor=actor,
            is_indivisible=is_indivisible,
        )
        amendment = self._filed(
            declaration, version, language=language, reason=reason, is_indivisible=is_indivisible, actor=actor
        )
        if revision.id != declaration.head_id:
            Carrier(self.db, declaration).carry([amendment], actor=actor)
        return amendment

    def amend(
        self,
        parent_id: UUID,
        changes: Sequence[Change],
        *,
        reason: str,
        actor: Actor,
        expected_version: UUID | None = None,
        is_indivisible: bool = False,
    ) -> Amendment:
        """File an amendment to an amendment: its base is the text that the other one proposes, in its language.

        Raises `Undecidable` for one that is decided, and for one that amends an
        amendment itself; `Stale` when its author has written another version than
        `expected_version`; otherwise what `propose` does.
        """
        declaration, parent = self._behind_lock(parent_id, actor=actor)
        policy.ensure_may_propose(actor, declaration)
        policy.ensure_amendable(parent)
        _ensure_current(parent, expected_version)
        ensure_sensible(changes, reason)
        version = proposals.version_of_parent(
            1,
            self.bases.written(parent).proposed,
            proposals.with_new_ids(changes),
            parent=parent.own,
            actor=actor,
            is_indivisible=is_indivisible,
        )
        return self._filed(
            declaration,
            version,
            language=parent.language,
            reason=reason,
            is_indivisible=is_indivisible,
            parent=parent,
            actor=actor,
        )

    def revise(
        self,
        amendment_id: UUID,
        changes: Sequence[Change],
        *,
        actor: Actor,
        reason: str | None = None,
        expected_version: UUID | None = None,
    ) -> Amendment:
        """Write one's own amendment anew on the text in force; the words before it stay on record.

        Raises what `propose` does, and `Undecidable` once it is decided or the
        committee has accepted an amendment to it.
        """
        declaration, amendment = self._behind_lock(amendment_id, actor=actor)
        policy.ensure_may_revise(actor, amendment)
        _ensure_current(amendment, expected_version)
        ensure_sensible(changes, reason or "")
        version = self._written_anew(declaration, amendment, proposals.with_new_ids(changes), actor=actor)
        if not version.hunks:
            raise Invalid(field="changes", reason="nothing_changes")
        amendment.versions.append(version)
        if reason is not None:
            amendment.reason = reason.strip()
        self.db.flush()
        log.record(
            self.db,
            "amendment.revised",
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            amendment=str(amendment.id),
            version=str(version.id),
            base=str(version.base_revision_id),
            shown=_shown(version),
        )
        return amendment

    def withdraw(self, amendment_id: UUID, *, actor: Actor) -> Amendment:
        """Take one's own amendment back while it is undecided; what amends it falls with it."""
        declaration, amendment = self._behind_lock(amendment_id, actor=actor)
        policy.ensure_may_withdraw(actor, amendment)
        amendment.disposition = Disposition.WITHDRAWN
        log.record(
            self.db,
            "amendment.withdrawn",
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            amendment=str(amendment.id),
        )
        self._share_fate(declaration, amendment, actor=actor)
        return amendment

    def _behind_lock(self, amendment_id: UUID, *, actor: Actor) -> tuple[Declaration, Amendment]:
        """The amendment as it is once nobody else can change it: somebody may have decided while this waited."""
        declaration = self.declarations.lock(self.get(amendment_id, actor=actor).declaration_id)
        found = self.db.scalar(filed.one(amendment_id).execution_options(populate_existing=True))
        if found is None:
            raise NotFound(what="amendment", id=str(amendment_id))
        return declaration, found

    def _filed(
        self,
        declaration: Declaration,
        version: AmendmentVersion,
        *,
        language: Language,
        reason: str,
        is_indivisible: bool,
        actor: Actor,
        parent: Amendment | None = None,
    ) -> Amendment:
        if actor.person_id is None:
            raise NotAllowed(action="amendment.propose")
        if not version.hunks:
            raise Invalid(field="changes", reason="nothing_changes")
        amendment = Amendment(
            id=new_id(),
            declaration=declaration,
            parent=parent,
            number=self.next_number(Amendment, declaration),
            language=language,
            reason=reason.strip(),
            is_indivisible=is_indivisible,
            is_late=policy.comes_late(declaration),
            disposition=Disposition.OPEN,
            proposer_id=actor.person_id,
            organisation_id=_organisation(actor, declaration),
            filed_at=clock.now(),
            versions=[version],
            carryings=[],
            children=[],
        )
        self.db.add(amendment)
        self.db.flush()
        log.record(
            self.db,
            "amendment.proposed",
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            amendment=str(amendment.id),
            number=amendment.number,
            base=str(version.base_revision_id),
            amends=str(parent.id) if parent else None,
            shown=_shown(version),
        )
        return amendment

    def _written_anew(
        self, declaration: Declaration, amendment: Amendment, changes: Sequence[Change], *, actor: Actor
    ) -> AmendmentVersion:
        number = amendment.versions[-1].number + 1
        if amendment.parent is not None:
            return proposals.version_of_parent(
                number,
                self.bases.written(amendment.parent).proposed,
                changes,
                parent=amendment.parent.own,
                actor=actor,
                is_indivisible=amendment.is_indivisible,
                based_on=amendment.own,
            )
        return proposals.version_of(
            number,
            queries.head_rows(self.db, declaration),
            changes,
            language=amendment.language,
            revision_id=declaration.head.id,
            actor=actor,
            is_indivisible=amendment.is_indivisible,
            based_on=amendment.own,
        )


def _ensure_current(amendment: Amendment, expected_version: UUID | None) -> None:
    """Nobody answers words they have not seen."""
    if expected_version is not None and amendment.own.id != expected_version:
        raise Stale(expected=str(expected_version), head=str(amendment.own.id))


def _shown(version: AmendmentVersion) -> list[log.Fact]:
    return [{"id": str(one.text.id), "hash": one.text.content_hash} for one in version.shown]


def _organisation(actor: Actor, declaration: Declaration) -> UUID | None:
    held = actor.mandates_in(declaration.forum_id, clock.now().date())
    return next((one.organisation_id for one in held if one.organisation_id), None)
