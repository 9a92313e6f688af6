"""The committee's own hand: changing the text directly is a decision too."""

from collections.abc import Sequence
from uuid import UUID

from drafts.amendments import Change, amend
from drafts.blocks import Language
from drafts.merge import merge
from workspace.amendments import policy, proposals
from workspace.amendments.brackets import ensure_unbracketed
from workspace.amendments.models import Outcome, Verdict
from workspace.amendments.prospects import descents
from workspace.amendments.recording import Recording
from workspace.amendments.rejoining import rejoined
from workspace.amendments.verdicts import ensure_sensible
from workspace.core.actor import Actor
from workspace.core.db import new_id
from workspace.core.errors import Invalid
from workspace.declarations import paragraph_status, queries
from workspace.declarations.models import Revision, RevisionCause


class Editing(Recording):
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
    ) -> Revision:
        """Change the text directly, as the committee: a decision with its reason, and one new revision.

        Raises `Stale` when the head has moved from `expected_head`; with `may_rejoin` only where somebody has changed
        the same words, for otherwise both changes stand. Raises `Invalid` for a paragraph that is closed, or stands in
        brackets: it has a way of its own.
        """
        declaration = self.declarations.lock(declaration_id, expected_head=None if may_rejoin else expected_head)
        policy.ensure_may_edit(actor, declaration, reason)
        ensure_sensible(changes, reason)
        if not reason.strip():
            raise Invalid(field="reason", reason="empty")
        rows = queries.head_rows(self.db, declaration)
        proposals.ensure_known(changes, rows, language)
        paragraph_status.ensure_open(self.db, declaration, proposals.touched(changes))
        ensure_unbracketed(self.db, declaration, proposals.touched(changes))
        head, before = queries.document(rows, language), declaration.head
        if declaration.head_id == expected_head:
            asked = amend(0, head, proposals.with_new_ids(changes))
        else:
            asked = rejoined(self.db, declaration, changes, begun_on=expected_head, head=head, language=language)
        merged = merge(head, [asked])
        if merged.document == head:
            raise Invalid(field="changes", reason="nothing_changes")
        decision_id = new_id()
        revision = self.declarations.commit(
            declaration,
            merged.document,
            cause=RevisionCause.EDITORIAL,
            note=reason.strip(),
            decisions=[decision_id],
            descents=descents(merged),
            actor=actor,
        )
        self.record(
            declaration,
            Verdict.EDIT,
            Outcome.APPLIED,
            reason=reason.strip(),
            block_id=proposals.concerned(changes[0], rows),
            language=language,
            revision=revision,
            decision_id=decision_id,
            taken_in=self.keep_round(declaration, language=language, before=before, revision=revision, actor=actor),
            actor=actor,
        )
        return revision
