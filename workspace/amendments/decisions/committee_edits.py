"""Putting words in brackets by the committee's own hand, and resolving brackets: one decision, one new revision."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace

from drafts.diff.amendments import Amendment as Proposal
from drafts.diff.amendments import Change, amend
from drafts.merge.merge import merge
from drafts.merge.rebase import RebaseStatus, rebase
from drafts.text.blocks import Document, Language, canonical
from workspace.amendments.decisions import brackets
from workspace.amendments.decisions.brackets import WantedAlternative, ensure_unbracketed
from workspace.amendments.decisions.deciding import RecordingMixin, as_in_force, landing
from workspace.amendments.domain import policy, stored_amendments, sub_amendments
from workspace.amendments.domain.committee_models import Bracket, BracketAlternative, BracketState
from workspace.amendments.domain.models import Amendment, Decision, DecisionOutcome, Disposition, Verdict
from workspace.amendments.domain.outcomes import descents
from workspace.amendments.domain.sponsors import entitled
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotFound, Stale, existing
from workspace.core.events import TaskGiven, publish
from workspace.core.security.conditions import Condition
from workspace.core.storage.db import Db, Trilingual, new_id, row_of
from workspace.core.validation import ensure_short, needed_reason
from workspace.declarations.domain import paragraph_status, queries
from workspace.declarations.domain.models import Declaration, Revision, RevisionCause
from workspace.declarations.domain.policy import ensure_may, may_do
from workspace.declarations.domain.service import LedText
from workspace.people.models import Organisation

LONGEST_TEXT = 20_000  # characters


def may_bracket(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "bracket.set_resolve", declaration, given={Condition.REASON})


class BracketingMixin(RecordingMixin):
    """The brackets of a declaration."""

    def bracket(
        self,
        declaration_id: UUID,
        block_id: UUID,
        wanted: Sequence[WantedAlternative],
        *,
        language: Language,
        reason: str,
        expected_head: UUID,
        actor: Actor,
    ) -> Bracket:
        """Set alternatives beside a paragraph as it stands, or beside those that are in its bracket already.

        Raises `NotFound` for a block that is not in the text, `Invalid` for a closed
        paragraph, for no alternative, and for one that says what the text says.
        """
        declaration = self.declarations.lock(declaration_id, expected_head=expected_head)
        ensure_may(actor, "bracket.set_resolve", declaration)
        ensure_short(reason)
        row = existing(queries.text_in_force(self.db, declaration).by_block.get(block_id), "block", block_id)
        paragraph_status.ensure_open(self.db, declaration, [str(block_id)])
        wanted = [self._sensible(declaration, wanted_alternative, row) for wanted_alternative in wanted]
        if not wanted:
            raise Invalid(field="alternatives", reason="empty")
        taken_in = self.keep_round(declaration, language=language, before=declaration.head, revision=None, actor=actor)
        number = self.next_number(declaration.id, Bracket)
        made = brackets.put_brackets(
            self.db, declaration, row, wanted, taken_in=taken_in, number=number, reason=reason.strip(), actor=actor
        )
        self.record(
            declaration,
            Verdict.BRACKET,
            DecisionOutcome.NONE,
            reason=reason.strip(),
            block_id=block_id,
            language=language,
            taken_in=taken_in,
            actor=actor,
        )
        return made

    def resolve(
        self,
        declaration_id: UUID,
        number: int,
        position: int,
        *,
        language: Language,
        reason: str,
        expected_head: UUID,
        actor: Actor,
    ) -> Decision:
        """Make one alternative the text, in every language that has it: one decision, one new revision if words change.

        `language` leads where the alternative has words in it, else the first that has.
        The amendments behind it are adopted, those behind the others rejected.
        """
        declaration = self.declarations.lock(declaration_id, expected_head=expected_head)
        ensure_may(actor, "bracket.set_resolve", declaration)
        ensure_short(reason)
        bracket = self.numbered_bracket(declaration, number)
        chosen = next((alternative for alternative in bracket.alternatives if alternative.position == position), None)
        if bracket.state is not BracketState.OPEN or chosen is None:
            raise NotFound(what="bracket", id=str(number))
        paragraph_status.ensure_open(self.db, declaration, [str(bracket.block_id)])
        behind = self._behind(bracket)
        were, before = as_in_force(behind), declaration.head
        fallen = self._settle_behind(chosen, behind)
        decision_id = new_id()
        decisions = [decision_id, *landing(were)]
        revision = self._written(declaration, bracket, chosen, language, decisions=decisions, actor=actor)
        taken_in = self.keep_round(
            declaration, language=language, before=before, revision=revision, were=were, actor=actor
        )
        bracket.state, bracket.chosen, bracket.closed_round_id = BracketState.RESOLVED, position, taken_in.id
        decision = self.record(
            declaration,
            Verdict.RESOLVE,
            DecisionOutcome.APPLIED if revision else DecisionOutcome.INCLUDED,
            reason=reason.strip(),
            block_id=bracket.block_id,
            language=language,
            revision=revision,
            decision_id=decision_id,
            taken_in=taken_in,
            actor=actor,
        )
        self.put_on_record(declaration, self.falls(fallen, taken_in, actor=actor), actor=actor)
        return decision

    def brackets(self, declaration: Declaration, *, state: BracketState | None = None) -> list[Bracket]:
        """The brackets of a declaration, by number."""
        return brackets.of_declaration(self.db, declaration, state=state)

    def numbered_bracket(self, declaration: Declaration, number: int) -> Bracket:
        """Raises `NotFound`."""
        found = next((bracket for bracket in self.brackets(declaration) if bracket.number == number), None)
        return existing(found, "bracket", number)

    def _sensible(
        self, declaration: Declaration, wanted: WantedAlternative, row: queries.BlockRow
    ) -> WantedAlternative:
        texts = {key: canonical(text, kind=row.kind) for key, text in wanted.texts.to_dict().items() if text.strip()}
        for text in texts.values():
            ensure_short(text, LONGEST_TEXT, "alternatives")
        if texts and all(row.content(Language(key)) == text for key, text in texts.items()):
            raise Invalid(field="alternatives", reason="nothing_changes")
        known = sa.select(Organisation.id).where(
            Organisation.id.in_(wanted.organisations), Organisation.network_id == declaration.forum.network_id
        )
        missing = set(wanted.organisations) - set(self.db.scalars(known))
        if missing:
            raise NotFound(what="organisation", id=str(missing.pop()))
        return replace(wanted, texts=Trilingual.of(texts))

    def _behind(self, bracket: Bracket) -> list[Amendment]:
        sponsors = (sponsor for alternative in bracket.alternatives for sponsor in alternative.sponsors)
        every = {sponsor.amendment.id: sponsor.amendment for sponsor in sponsors if sponsor.amendment}
        return [amendment for amendment in every.values() if amendment.disposition is Disposition.BRACKETED]

    def _settle_behind(self, chosen: BracketAlternative, behind: Sequence[Amendment]) -> list[Amendment]:
        """Adopt or reject what is behind the alternatives; the amendments to them that fall."""
        adopted, changed = {sponsor.amendment_id for sponsor in chosen.sponsors}, list[Amendment]()
        for amendment in behind:
            amendment.disposition = Disposition.ADOPTED if amendment.id in adopted else Disposition.REJECTED
            changed += sub_amendments.close_sub_amendments(amendment)
        self.db.flush()
        return [amendment for amendment in changed if amendment.disposition is Disposition.FALLEN]

    def _written(
        self,
        declaration: Declaration,
        bracket: Bracket,
        chosen: BracketAlternative,
        language: Language,
        *,
        decisions: Sequence[UUID],
        actor: Actor,
    ) -> Revision | None:
        """The revision in which the paragraph reads as the alternative; None where it does already."""
        rows = queries.head_rows(self.db, declaration)
        texts = {Language(key): text for key, text in chosen.texts.to_dict().items() if text}
        leading = language if language in texts or not texts else next(iter(texts))
        row = existing(next((row for row in rows if row.block_id == bracket.block_id), None), "block", bracket.block_id)
        if texts and all(row.content(language) == text for language, text in texts.items()):
            return None
        document = _with_text(queries.document(rows, leading), str(bracket.block_id), texts.get(leading, ""))
        others: Mapping[Language, str] = {language: text for language, text in texts.items() if language is not leading}
        return self.declarations.commit(
            declaration,
            LedText(document, together={bracket.block_id: others} if others else {}),
            cause=RevisionCause.ADOPTION,
            decisions=decisions,
            actor=actor,
        )


def _with_text(document: Document, block_id: str, text: str) -> Document:
    """The document with other words in one block, or without it."""
    kept = (block for block in document if text or block.id != block_id)
    blocks = tuple(replace(block, text=text) if block.id == block_id else block for block in kept)
    return Document(blocks, document.language)


def rebase_edit(
    db: Db, declaration: Declaration, changes: Sequence[Change], *, begun_on: UUID, head: Document, language: Language
) -> Proposal:
    """Changes that were begun on an earlier revision, as they stand to the text in force.

    Raises `Stale` where somebody has changed the same words meanwhile, and `Invalid` where they ask for the same.
    """
    revision = existing(row_of(db, Revision, begun_on, declaration_id=declaration.id), "revision", begun_on)
    base = queries.document(queries.pinned_rows(db, revision.id), language)
    found = rebase(base, head, amend(0, base, stored_amendments.with_new_ids(changes)))
    if found.status is RebaseStatus.COLLIDES:
        raise Stale(expected=str(begun_on), head=str(declaration.head_id))
    if found.amendment is None:
        raise Invalid(field="changes", reason="nothing_changes")
    return found.amendment


class EditingMixin(RecordingMixin):
    """Edits of a declaration by its committee."""

    def edit(
        self,
        declaration_id: UUID,
        changes: Sequence[Change],
        *,
        language: Language,
        reason: str,
        expected_head: UUID,
        actor: Actor,
        may_rejoin: bool = False,
        mover: UUID | None = None,
    ) -> Revision:
        """Change the text directly, as the committee: a decision with its reason, and one new revision.

        It can name its `mover`, who is told; raises `Invalid` for somebody who could not move an amendment.

        Raises `Stale` when the head has moved from `expected_head`; with `may_rejoin` only where somebody has changed
        the same words, for otherwise both changes stand. Raises `Invalid` for a paragraph that is closed, or stands in
        brackets: it has a way of its own.
        """
        declaration = self.declarations.lock(declaration_id, expected_head=None if may_rejoin else expected_head)
        policy.ensure_may_edit(actor, declaration, reason)
        named = entitled(self.db, declaration, [mover], field="mover")[0] if mover else None
        stored_amendments.ensure_sensible(changes, reason)
        needed_reason(reason)
        rows = queries.head_rows(self.db, declaration)
        stored_amendments.ensure_known(changes, rows, language)
        paragraph_status.ensure_open(self.db, declaration, stored_amendments.affected_blocks(changes))
        ensure_unbracketed(self.db, declaration, stored_amendments.affected_blocks(changes))
        head, before = queries.document(rows, language), declaration.head
        if declaration.head_id == expected_head:
            proposal = amend(0, head, stored_amendments.with_new_ids(changes))
        else:
            proposal = rebase_edit(self.db, declaration, changes, begun_on=expected_head, head=head, language=language)
        merged = merge(head, [proposal])
        if merged.document == head:
            raise Invalid(field="changes", reason="nothing_changes")
        decision_id = new_id()
        revision = self.declarations.commit(
            declaration,
            LedText(merged.document, descents(merged)),
            cause=RevisionCause.EDITORIAL,
            note=reason.strip(),
            decisions=[decision_id],
            actor=actor,
        )
        self.record(
            declaration,
            Verdict.EDIT,
            DecisionOutcome.APPLIED,
            reason=reason.strip(),
            block_id=stored_amendments.concerned_blocks(changes[0], rows),
            language=language,
            revision=revision,
            decision_id=decision_id,
            taken_in=self.keep_round(declaration, language=language, before=before, revision=revision, actor=actor),
            mover=named,
            actor=actor,
        )
        if mover is not None:
            publish(self.db, TaskGiven(mover, "edited_for", declaration.forum_id, actor, declaration.id))
        return revision
