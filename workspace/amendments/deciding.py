"""The committee at work: deciding on several amendments at once."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace

from drafts.amendments import Amendment as Proposal
from drafts.amendments import amend
from drafts.blocks import Document, Language
from workspace.amendments import additions, brackets, families, heirs, languages, pieces, policy, proposals
from workspace.amendments import queries as filed
from workspace.amendments.carrying import Carrier
from workspace.amendments.heirs import Inheritance
from workspace.amendments.models import Amendment, AmendmentVersion, Decision, DecisionRound, Outcome, Verdict
from workspace.amendments.prospects import Prospect, descents, prospect_of
from workspace.amendments.recording import Recording, as_they_are
from workspace.amendments.verdicts import (
    ADOPTING,
    IN_WORDS_OF_THEIR_OWN,
    Adoption,
    Round,
    Ruling,
    disposition,
    ensure_complete,
    ensure_in_family,
)
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import new_id
from workspace.core.errors import NotFound, Undecidable
from workspace.declarations import paragraph_status, queries
from workspace.declarations.models import Declaration, RevisionCause
from workspace.declarations.queries import BlockRow


class Deciding(Recording):
    """Decisions on the amendments of a declaration."""

    def decide(
        self,
        declaration_id: UUID,
        rulings: Sequence[Ruling],
        *,
        language: Language,
        expected_head: UUID,
        actor: Actor,
    ) -> Adoption:
        """Rule on several amendments of one language at once: at most one new revision.

        Amendments to amendments are taken first, then those they amend, as
        modified. What collides stays open, the text stays as it was there, and the
        clusters come back in `Adoption.clusters`; everything else lands. Raises
        `Stale` when the head has moved, `Undecidable` for one's own, a decided one,
        one in another language, one with an undecided amendment to it, one that
        would change a paragraph that is closed or in brackets.
        """
        declaration = self.declarations.lock(declaration_id, expected_head=expected_head)
        is_bracketing = any(ruling.verdict is Verdict.BRACKET for ruling in rulings)
        ruled = self._ruled(rulings, filed.ruled(declaration, with_backers=is_bracketing))
        rows = queries.head_rows(self.db, declaration)
        self._ensure_decidable(declaration, rulings, ruled, rows, language=language, actor=actor)
        self._ensure_free(declaration, rulings, ruled)
        versions = {
            ruling.amendment_id: self._version_ruled_on(declaration, ruled[ruling.amendment_id], ruling, actor=actor)
            for ruling in rulings
        }
        found, inheritances = self._round(rulings, ruled, versions, rows, language=language)
        were, before = as_they_are(ruled.values()), declaration.head
        waiting = self._settle(rulings, found, inheritances, declaration=declaration, actor=actor)
        head, merged = found.prospect.head, found.prospect.merged
        ids = [new_id() for _ in rulings]
        revision, contested = None, self._contested(declaration, rulings, ruled, found.prospect)
        if contested.document != head:
            revision = self.declarations.commit(
                declaration,
                contested.document,
                cause=RevisionCause.ADOPTION,
                decisions=ids,
                descents=descents(merged),
                actor=actor,
            )
        Carrier(self.db, declaration).carry(waiting, actor=actor)
        taken_in = self.keep_round(
            declaration, language=language, before=before, revision=revision, were=were, actor=actor
        )
        if contested.blocks:
            rows = queries.head_rows(self.db, declaration)
        self._bracket(declaration, rulings, ruled, rows, taken_in, added=contested.blocks, actor=actor)
        first = self.next_number(Decision, declaration)
        decisions = tuple(
            self._decided(
                ruling,
                found,
                taken_in,
                decision_id,
                number=first + place,
                is_in_text=ruling.amendment_id in contested.blocks,
                actor=actor,
            )
            for place, (ruling, decision_id) in enumerate(zip(rulings, ids, strict=True))
        )
        self.put_on_record(declaration, decisions, actor=actor)
        return Adoption(revision, decisions, found.clusters)

    def foresee(
        self, declaration: Declaration, rulings: Sequence[Ruling], *, language: Language, actor: Actor
    ) -> Prospect:
        """What these decisions would do to the text, without taking them. Raises what `decide` would."""
        ruled = self._ruled(rulings, filed.every(declaration))
        rows = queries.head_rows(self.db, declaration)
        self._ensure_decidable(declaration, rulings, ruled, rows, language=language, actor=actor)
        self._ensure_free(declaration, rulings, ruled)
        found, _ = self._round(rulings, ruled, {}, rows, language=language)
        contested = self._contested(declaration, rulings, ruled, found.prospect)
        prospect = found.prospect.with_languages(found.apart, waiting=found.accepted.outcomes)
        return replace(prospect, with_brackets=contested.document, in_brackets=frozenset(contested.blocks.values()))

    # How a decision comes about

    def _ruled(self, rulings: Sequence[Ruling], statement: sa.Select[Amendment]) -> dict[UUID, Amendment]:
        ensure_complete(rulings)
        ids = [ruling.amendment_id for ruling in rulings]
        those = statement.where(Amendment.id.in_(ids)).execution_options(populate_existing=True)  # as behind the lock
        ruled = {amendment.id: amendment for amendment in self.db.scalars(those).unique()}
        for amendment_id in ids:
            if amendment_id not in ruled:
                raise NotFound(what="amendment", id=str(amendment_id))
        return ruled

    def _ensure_decidable(
        self,
        declaration: Declaration,
        rulings: Sequence[Ruling],
        ruled: Mapping[UUID, Amendment],
        rows: Sequence[BlockRow],
        *,
        language: Language,
        actor: Actor,
    ) -> None:
        policy.ensure_may_decide(actor, declaration, ruled.values())
        adopting = [ruled[one.amendment_id] for one in rulings if one.verdict in ADOPTING]
        shared = languages.in_other_words(adopting, language)
        beside = languages.in_other_words(
            [*adopting, *(ruled[one.amendment_id] for one in rulings if one.verdict is Verdict.HAND_OVER)], language
        )
        for ruling in rulings:
            amendment, verdict = ruled[ruling.amendment_id], ruling.verdict
            is_shared = verdict is Verdict.ADOPT and amendment in shared
            is_to_land = verdict in ADOPTING or (verdict is Verdict.BRACKET and self._is_addition(amendment))
            if is_to_land and amendment.language is not language and not is_shared:
                raise Undecidable(number=amendment.number, reason="other_language")
            is_led = verdict is Verdict.HAND_OVER and (amendment in beside or self.led_elsewhere(amendment, rows))
            if verdict is Verdict.HAND_OVER and not is_led:
                raise Undecidable(number=amendment.number, reason="nothing_leads")
            if verdict is Verdict.ADOPT_PARTLY and amendment.is_indivisible:
                raise Undecidable(number=amendment.number, reason="indivisible")
            ensure_in_family(amendment, verdict, ruled)

    def _ensure_free(
        self, declaration: Declaration, rulings: Sequence[Ruling], ruled: Mapping[UUID, Amendment]
    ) -> None:
        """Nothing changes a paragraph that is agreed and closed, or whose words stand in brackets."""
        changing = [one for one in rulings if one.verdict in ADOPTING]
        if not changing:
            return
        shut = {
            "paragraph_closed": paragraph_status.closed(self.db, declaration),
            "in_brackets": brackets.open_blocks(self.db, declaration),
        }
        for ruling in changing:
            amendment = ruled[ruling.amendment_id]
            blocks = {block.id for hunk in proposals.hunks_of(amendment.own) for block in hunk.old}
            for reason, kept in shut.items():
                if blocks & kept:
                    raise Undecidable(number=amendment.number, reason=reason)

    def _round(
        self,
        rulings: Sequence[Ruling],
        ruled: Mapping[UUID, Amendment],
        versions: Mapping[UUID, AmendmentVersion],
        rows: Sequence[BlockRow],
        *,
        language: Language,
    ) -> tuple[Round, Mapping[UUID, Inheritance]]:
        adopting = {ruled[one.amendment_id].number: one for one in rulings if one.verdict in ADOPTING}
        amendments = {number: ruled[one.amendment_id] for number, one in adopting.items()}
        accepted = families.accept([one for one in amendments.values() if one.parent_id], self.bases)
        filed_here = [one for one in amendments.values() if one.parent_id is None]
        as_written = [one for one in filed_here if adopting[one.number].verdict not in IN_WORDS_OF_THEIR_OWN]
        apart = tuple(self.apart(as_written, rows))
        waits = {number for cluster in apart for number in cluster.amendments}
        head = queries.document(rows, language)
        asked, inheritances = [], {}
        for one in filed_here:
            if one.number in waits:
                continue
            proposal = self._asked(one, adopting[one.number], versions.get(one.id), accepted, head)
            if adopting[one.number].verdict is Verdict.ADOPT_MODIFIED and one.children:
                inheritances[one.id] = heirs.inherited(one, proposal, self.bases)
                proposal = inheritances[one.id].proposal
            asked.append(proposal)
        return Round(ruled, versions, accepted, prospect_of(head, asked, self.bases), apart), inheritances

    def _asked(
        self,
        amendment: Amendment,
        ruling: Ruling,
        version: AmendmentVersion | None,
        accepted: families.Accepted,
        head: Document,
    ) -> Proposal:
        """What would be adopted by this ruling; `version` where the committee's words are stored already."""
        if ruling.verdict is Verdict.ADOPT:
            return self.bases.modified(amendment, accepted.into.get(amendment.number, ())).amendment
        if version is not None:
            return self.asked(amendment, version)
        if ruling.verdict is Verdict.ADOPT_PARTLY:
            return pieces.taken(self.asked(amendment), ruling.pieces)
        return amend(amendment.number, head, proposals.with_new_ids(ruling.changes))

    def _settle(
        self,
        rulings: Sequence[Ruling],
        found: Round,
        inheritances: Mapping[UUID, Inheritance],
        *,
        declaration: Declaration,
        actor: Actor,
    ) -> list[Amendment]:
        """Give every amendment its new state, and its children what follows; those that wait in another form now.

        Done before the revision is made, so that what is decided is not carried to it.
        """
        by_id = {ruling.amendment_id: ruling for ruling in rulings}
        ruled = sorted(
            (found.amendments[amendment_id] for amendment_id in by_id),
            key=lambda amendment: amendment.parent_id is None,
        )
        parents = {one.parent.id: one.parent for one in ruled if one.parent}
        for amendment in ruled:
            ruling, outcome = by_id[amendment.id], found.outcome(amendment)
            amendment.disposition = disposition(ruling, outcome, amendment.disposition)
            if amendment.parent_id is None:
                if amendment.id in inheritances and outcome is Outcome.APPLIED:
                    heirs.settle(inheritances[amendment.id])
                self._share_fate(declaration, amendment, verdict=ruling.verdict, actor=actor)
        self.db.flush()
        return [parent for parent in parents.values() if parent.disposition.is_undecided]

    def _share_fate(
        self, declaration: Declaration, parent: Amendment, *, actor: Actor, verdict: Verdict | None = None
    ) -> None:
        changed = families.share_fate(parent, verdict=verdict)
        if not changed:
            return
        log.record(
            self.db,
            "amendments.followed",
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            because_of=str(parent.id),
            amendments=[{"amendment": str(one.id), "now": one.disposition.value} for one in changed],
        )

    def _version_ruled_on(
        self, declaration: Declaration, amendment: Amendment, ruling: Ruling, *, actor: Actor
    ) -> AmendmentVersion:
        """The member's own words; where the committee takes others, or some of them, a sibling beside them."""
        own, number = amendment.own, amendment.versions[-1].number + 1
        if ruling.verdict is Verdict.ADOPT_MODIFIED:
            version = proposals.version_of(
                number,
                queries.head_rows(self.db, declaration),
                proposals.with_new_ids(ruling.changes),
                language=amendment.language,
                revision_id=declaration.head.id,
                actor=actor,
                is_indivisible=amendment.is_indivisible,
                based_on=own,
            )
        elif ruling.verdict is Verdict.ADOPT_PARTLY:
            part = pieces.taken(self.asked(amendment), ruling.pieces)
            rows = self.bases.rows_shown(own, amendment.language)
            version = proposals.carried_version(number, part, rows, revision_id=own.base_revision_id, based_on=own)
            version.is_automatic, version.made_by_id = False, actor.person_id
        else:
            return own
        amendment.versions.append(version)
        self.db.flush()
        return version

    def _is_addition(self, amendment: Amendment) -> bool:
        return additions.is_addition(self.bases.asked(amendment).hunks)

    def _contested(
        self,
        declaration: Declaration,
        rulings: Sequence[Ruling],
        ruled: Mapping[UUID, Amendment],
        prospect: Prospect,
    ) -> additions.Added:
        """The text that comes of it, with the paragraphs that are to stand in it as a whole in brackets."""
        bracketed = [ruled[one.amendment_id] for one in rulings if one.verdict is Verdict.BRACKET]
        return additions.added(
            prospect.merged.document,
            [one for one in bracketed if self._is_addition(one)],
            bases=self.bases,
            head=prospect.head,
            contested=brackets.open_additions(self.db, declaration),
        )

    def _bracket(
        self,
        declaration: Declaration,
        rulings: Sequence[Ruling],
        ruled: Mapping[UUID, Amendment],
        rows: Sequence[BlockRow],
        taken_in: DecisionRound,
        *,
        added: Mapping[UUID, str],
        actor: Actor,
    ) -> None:
        """Set the alternatives of these amendments beside the text, in one bracket for each paragraph."""
        heads = {language: queries.document(rows, language) for language in Language}
        by_id = {row.id: row for row in rows}
        for ruling in rulings:
            if ruling.verdict is not Verdict.BRACKET:
                continue
            amendment = ruled[ruling.amendment_id]
            block_id, wanted = brackets.wanted_by(amendment, self.bases, heads)
            block_id = added.get(amendment.id, block_id)
            if block_id not in by_id:
                raise Undecidable(number=amendment.number, reason="not_bracketable")
            brackets.put(
                self.db,
                declaration,
                by_id[block_id],
                [wanted],
                taken_in=taken_in,
                number=brackets.next_number(self.db, declaration),
                reason=ruling.reason.strip(),
                actor=actor,
                is_addition=amendment.id in added,
            )

    def _decided(
        self,
        ruling: Ruling,
        found: Round,
        taken_in: DecisionRound,
        decision_id: UUID,
        *,
        number: int,
        is_in_text: bool,
        actor: Actor,
    ) -> Decision:
        amendment = found.amendments[ruling.amendment_id]
        outcome = found.outcome(amendment)
        has_landed = is_in_text or outcome in {Outcome.APPLIED, Outcome.PARTLY}
        return Decision(
            id=decision_id,
            declaration_id=amendment.declaration_id,
            number=number,
            verdict=ruling.verdict,
            outcome=outcome,
            reason=ruling.reason.strip(),
            amendment=amendment,
            amendment_version_id=found.versions[amendment.id].id,
            language=amendment.language,
            revision=taken_in.revision if has_landed else None,
            decided_by_id=actor.person_id,
            decided_at=clock.now(),
            round_id=taken_in.id,
            because_of=self._cause(amendment, ruling),
        )

    def _cause(self, amendment: Amendment, ruling: Ruling) -> Amendment | None:
        """The amendment on whose account this one falls; raises `NotFound` for one of another declaration."""
        if ruling.because_of is None:
            return None
        found = self.db.get(Amendment, ruling.because_of)
        if found is None or found.declaration_id != amendment.declaration_id:
            raise NotFound(what="amendment", id=str(ruling.because_of))
        return found
