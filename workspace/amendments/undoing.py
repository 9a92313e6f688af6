"""Undoing what was decided last: the text goes back, and what was decided on waits again, until the phase is over."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workspace.amendments import brackets, policy
from workspace.amendments.carrying import Carrier
from workspace.amendments.models import Amendment, Decision, DecisionRound, Outcome, RoundEffect, Verdict
from workspace.amendments.recording import Recording
from workspace.amendments.verdicts import ensure_short
from workspace.core.actor import Actor
from workspace.core.db import new_id
from workspace.core.errors import Invalid, NotAllowed
from workspace.declarations.models import Declaration
from workspace.declarations.restoring import restore


class Undoing(Recording):
    """Taking decisions back."""

    def undoable(self, declaration: Declaration) -> DecisionRound | None:
        """The decisions that were taken last, if they can still be undone: in the same phase, on the text they left."""
        rounds = self._rounds(declaration)
        undone = {round_.undoes_id for round_ in rounds}
        last = next(
            (round_ for round_ in reversed(rounds) if round_.id not in undone and round_.undoes_id is None), None
        )
        if last is None or last.phase is not declaration.phase:
            return None
        stands_on = _standing(declaration, rounds)
        return last if stands_on == (last.revision_id or last.before_id) else None

    def undo(
        self, declaration_id: UUID, round_number: int, *, reason: str, expected_head: UUID, actor: Actor
    ) -> Decision:
        """Take back all that was decided at once: the text as it was before, in a new revision, and all of it open.

        Decisions are undone from the last one back. Raises `Invalid` (`not_last`)
        for others, and for those that a later phase or another change of the text
        has closed; a reason is needed.
        """
        declaration = self.declarations.lock(declaration_id, expected_head=expected_head)
        if not policy.may_decide(actor, declaration):
            raise NotAllowed(action="amendment.decide_adopt_undo")
        ensure_short(reason)
        if not reason.strip():
            raise Invalid(field="reason", reason="empty")
        last = self.undoable(declaration)
        if last is None or last.number != round_number:
            raise Invalid(field="round", reason="not_last")
        before, decision_id = declaration.head, new_id()
        reopened = self._reopened(last)
        brackets.take_back(self.db, last)
        revision = None
        if last.revision_id is not None:
            revision = restore(
                self.db, declaration, last.before, note=reason.strip(), decisions=[decision_id], actor=actor
            )
        Carrier(self.db, declaration).carry(reopened, actor=actor)
        undone = self.keep_round(
            declaration, language=last.language, before=before, revision=revision, undoes=last, actor=actor
        )
        return self.record(
            declaration,
            Verdict.UNDO,
            Outcome.APPLIED,
            reason=reason.strip(),
            language=last.language,
            revision=revision,
            decision_id=decision_id,
            taken_in=undone,
            actor=actor,
        )

    def _rounds(self, declaration: Declaration) -> list[DecisionRound]:
        statement = (
            sa.select(DecisionRound)
            .where(DecisionRound.declaration_id == declaration.id)
            .order_by(DecisionRound.number)
        )
        return list(self.db.scalars(statement))

    def _reopened(self, last: DecisionRound) -> list[Amendment]:
        """What was decided on, in the state it had; what its author has withdrawn since stays withdrawn."""
        reopened = []
        effects = sa.select(RoundEffect).where(RoundEffect.round_id == last.id)
        for effect in self.db.scalars(effects.options(joinedload(RoundEffect.amendment))).all():
            amendment = effect.amendment
            if amendment.disposition is not effect.after:
                continue
            amendment.disposition = effect.before
            amends = amendment.own.parent_version
            if amendment.parent_id is None and amends is not None:
                amendment.parent = self.db.get(Amendment, amends.amendment_id)
            if amendment.disposition.is_undecided and amendment.parent_id is None:
                reopened.append(amendment)
        self.db.flush()
        return [one for one in reopened if one.parent_id is None]


def _standing(declaration: Declaration, rounds: list[DecisionRound]) -> UUID | None:
    """The revision whose text is in force: one that an undoing made stands for the one it went back to."""
    by_id: Mapping[UUID, DecisionRound] = {round_.id: round_ for round_ in rounds}
    went_back = {
        round_.revision_id: by_id[round_.undoes_id].before_id
        for round_ in rounds
        if round_.undoes_id and round_.revision_id
    }
    revision = declaration.head_id
    while revision in went_back:
        revision = went_back[revision]
    return revision
