"""Amendments moved from the floor: written down for their mover, who certifies them afterwards."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from drafts.diff.amendments import Change
from drafts.text.blocks import Language
from workspace.amendments.domain import policy
from workspace.amendments.domain.models import Amendment, Cosponsor, Cosponsoring
from workspace.amendments.domain.sponsors import entitled
from workspace.amendments.service import AmendmentService
from workspace.core import clock
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound, Undecidable
from workspace.core.events import TaskGiven, publish
from workspace.core.storage import log
from workspace.core.storage.log import Fact
from workspace.core.validation import ensure_short, needed_reason
from workspace.declarations.domain.models import Declaration
from workspace.people.models import Person


class OralService(AmendmentService):
    """Recording what is moved, and its mover's word on the record."""

    def record_oral(
        self,
        declaration_id: UUID,
        *,
        base_revision: int,
        language: Language,
        changes: Sequence[Change],
        reason: str,
        mover: UUID,
        seconders: Sequence[UUID] = (),
        is_indivisible: bool = False,
        amends: UUID | None = None,
        actor: Actor,
    ) -> Amendment:
        """Write down an amendment that `mover` moves and `seconders` stand behind; each of them is told.

        It is their amendment, and never late. One that `amends` another is in its language, on the words it
        proposes. Raises `Invalid` for somebody who could not move one, and what `propose` or `amend` does.
        """
        declaration = self.declarations.lock(declaration_id)
        if not policy.may_record_oral(actor, declaration):
            raise NotAllowed(action="amendment.record_oral")
        [moving] = entitled(self.db, declaration, [mover], field="mover")
        behind = entitled(self.db, declaration, dict.fromkeys(seconders), field="seconders")
        written: dict[str, Any] = {"changes": changes, "reason": reason, "is_indivisible": is_indivisible}
        by: dict[str, Any] = {"actor": moving.as_actor(), "recorder": actor}
        if amends is None:
            amendment = self.file(declaration, base_revision=base_revision, language=language, **written, **by)
        else:
            amendment = self.file_amending(self._parent(amends, declaration, language, actor=actor), **written, **by)
        for person in behind:
            if person is moving:
                raise Invalid(field="seconders", reason="yourself")
            self._seconded(amendment, person, actor=actor)
        self.db.flush()
        if amendment.certified_at is None:
            self._tell(amendment, mover, "certify", actor=actor)
        return amendment

    def _parent(self, amendment_id: UUID, declaration: Declaration, language: Language, *, actor: Actor) -> Amendment:
        """Raises `NotFound` for one of another declaration, `Undecidable` for one in another language."""
        _, parent = self._behind_lock(amendment_id, actor=actor)
        if parent.declaration_id != declaration.id:
            raise NotFound(what="amendment", id=str(amendment_id))
        if parent.language is not language:
            raise Undecidable(number=parent.number, reason="other_language")
        return parent

    def certify(self, amendment_id: UUID, *, is_correct: bool, reason: str = "", actor: Actor) -> Amendment:
        """Say, as its mover, that the words recorded are one's own, or what is wrong with them; the chair is told.

        Raises `NotAllowed` for anybody else and once they are certified, `Invalid` where it is not said what is wrong.
        """
        declaration, amendment = self._behind_lock(amendment_id, actor=actor)
        if not policy.may_certify(actor, amendment):
            raise NotAllowed(action="amendment.certify")
        ensure_short(reason)
        if is_correct:
            amendment.certified_at, amendment.dispute = clock.now(), ""
            self._log("amendment.certified", amendment, actor=actor)
            return amendment
        amendment.dispute = needed_reason(reason)
        self._log("amendment.disputed", amendment, actor=actor)
        people = {person.id for person in policy.deciders(self.db, declaration)}
        for person_id in people | {amendment.recorded_by_id or actor.person_id}:
            self._tell(amendment, person_id, "disputed", actor=actor)
        return amendment

    def _seconded(self, amendment: Amendment, person: Person, *, actor: Actor) -> None:
        now, seconder = clock.now(), person.as_actor()
        amendment.cosponsors.append(
            Cosponsor(
                person_id=person.id,
                organisation_id=policy.organisation_of(seconder, amendment.declaration),
                standing=Cosponsoring.CONFIRMED,
                invited_at=now,
                answered_at=now,
            )
        )
        self._log("amendment.seconded", amendment, actor=actor, person=str(person.id))
        self._tell(amendment, person.id, "seconded", actor=actor)

    def _tell(self, amendment: Amendment, person_id: UUID | None, task: str, *, actor: Actor) -> None:
        if person_id is not None:
            about = (amendment.declaration.forum_id, actor, amendment.declaration_id, amendment.id)
            publish(self.db, TaskGiven(person_id, task, *about))

    def _log(self, kind: str, amendment: Amendment, *, actor: Actor, **facts: Fact) -> None:
        declaration = amendment.declaration
        log.record_in(
            self.db, kind, declaration, actor=actor, amendment=str(amendment.id), number=amendment.number, **facts
        )
