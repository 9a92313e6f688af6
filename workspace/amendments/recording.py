"""Putting decisions on record: each with its number, and together with those that were taken at once."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from drafts.blocks import Language
from workspace.amendments.models import (
    Amendment,
    Decision,
    DecisionRound,
    Disposition,
    Outcome,
    RoundEffect,
    Verdict,
)
from workspace.amendments.reading import AmendmentReading
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import new_id
from workspace.core.events import DecisionsTaken, publish
from workspace.declarations.models import Declaration, Revision

Numbered = Amendment | Decision | DecisionRound


class Recording(AmendmentReading):
    """The records of a committee's work."""

    def record(
        self,
        declaration: Declaration,
        verdict: Verdict,
        outcome: Outcome,
        *,
        reason: str,
        actor: Actor,
        block_id: UUID | None = None,
        language: Language | None = None,
        revision: Revision | None = None,
        decision_id: UUID | None = None,
        taken_in: DecisionRound | None = None,
    ) -> Decision:
        """Put a decision on record that is on no amendment; the caller has asked whether it may be taken."""
        decision = Decision(
            id=decision_id or new_id(),
            declaration_id=declaration.id,
            number=self.next_number(Decision, declaration),
            verdict=verdict,
            outcome=outcome,
            reason=reason,
            block_id=block_id,
            language=language,
            revision=revision,
            decided_by_id=actor.person_id,
            decided_at=clock.now(),
            round_id=taken_in.id if taken_in else None,
        )
        self.put_on_record(declaration, [decision], actor=actor)
        return decision

    def put_on_record(self, declaration: Declaration, decisions: Sequence[Decision], *, actor: Actor) -> None:
        """Store decisions that were taken together, put each on the log, and tell everyone who listens."""
        self.db.add_all(decisions)
        self.db.flush()
        for one in decisions:
            log.record(
                self.db,
                "decision.taken",
                actor=actor,
                forum_id=declaration.forum_id,
                declaration_id=declaration.id,
                decision=str(one.id),
                number=one.number,
                verdict=one.verdict.value,
                outcome=one.outcome.value,
                amendment=_named(one.amendment),
                block=str(one.block_id) if one.block_id else None,
                language=one.language.value if one.language else None,
                revision=str(one.revision.id) if one.revision else None,
                round=str(one.round_id) if one.round_id else None,
                because_of=_named(one.because_of),
                reason=one.reason,
            )
        taken = {one.amendment.id: one.id for one in decisions if one.amendment}
        if taken:
            publish(self.db, DecisionsTaken(declaration.id, taken, actor))

    def keep_round(
        self,
        declaration: Declaration,
        *,
        language: Language,
        before: Revision,
        revision: Revision | None,
        actor: Actor,
        were: Mapping[Amendment, Disposition] | None = None,
        undoes: DecisionRound | None = None,
    ) -> DecisionRound:
        """Remember that what follows was decided at once; `were` says what each amendment was before."""
        made = DecisionRound(
            id=new_id(),
            declaration_id=declaration.id,
            number=self.next_number(DecisionRound, declaration),
            language=language,
            phase=declaration.phase,
            before_id=before.id,
            revision_id=revision.id if revision else None,
            undoes_id=undoes.id if undoes else None,
            taken_by_id=actor.person_id,
            taken_at=clock.now(),
            effects=[
                RoundEffect(amendment_id=one.id, before=was, after=one.disposition)
                for one, was in (were or {}).items()
                if undoes is None
            ],
        )
        self.db.add(made)
        self.db.flush()
        return made

    def next_number(self, model: type[Numbered], declaration: Declaration) -> int:
        last = self.db.scalar(sa.select(sa.func.max(model.number)).where(model.declaration_id == declaration.id))
        return (last or 0) + 1


def as_they_are(amendments: Iterable[Amendment]) -> dict[Amendment, Disposition]:
    """What each of these, and each that amends it, is now."""
    return {one: one.disposition for amendment in amendments for one in (amendment, *amendment.children)}


def _named(amendment: Amendment | None) -> str | None:
    return str(amendment.id) if amendment else None
