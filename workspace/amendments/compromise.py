"""Compromise amendments: one that replaces others, with the consent of those who proposed them."""

from collections.abc import Sequence
from uuid import UUID

from drafts.diff.amendments import Change, ChangeOp
from drafts.text.blocks import Language
from workspace.amendments.domain import policy
from workspace.amendments.domain.models import Amendment
from workspace.amendments.domain.sponsors import BackingService
from workspace.amendments.service import AmendmentService
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.people.models import Person


class CompromiseService(AmendmentService):
    """Drafting one, and asking those whose amendments it replaces."""

    def draft(
        self,
        declaration_id: UUID,
        *,
        base_revision: int,
        language: Language,
        changes: Sequence[Change],
        reason: str,
        replaces: Sequence[int],
        is_indivisible: bool = False,
        actor: Actor,
    ) -> Amendment:
        """File an amendment that replaces undecided ones, by number; the proposer of each is asked to sponsor it.

        On its adoption those lapse whose proposers have agreed by then. Raises `Invalid` for fewer than two and for
        one about other paragraphs, `NotFound` and `Undecidable` for one that cannot be replaced, and what `propose`
        does.
        """
        declaration = self.declarations.lock(declaration_id)
        if not policy.may_draft_compromise(actor, declaration):
            raise NotAllowed(action="amendment.compromise")
        if len(set(replaces)) < LEAST:
            raise Invalid(field="replaces", reason="choose_two")
        known = self.called(declaration, replaces, actor=actor)
        replaced = [known[number] for number in sorted(known)]
        if missing := set(replaces) - known.keys():
            raise NotFound(what="amendment", id=str(min(missing)))
        places = {(change.after or "") if change.op is ChangeOp.INSERT else change.block for change in changes}
        for amendment in replaced:
            policy.ensure_amendable(amendment)
            if places.isdisjoint(str(record.block_id or "") for record in amendment.own.changes):
                raise Invalid(field="replaces", reason="elsewhere", number=amendment.number)
        made = self.file(
            declaration,
            base_revision=base_revision,
            language=language,
            changes=changes,
            reason=reason,
            is_indivisible=is_indivisible,
            actor=actor,
            replaced=replaced,
        )
        backing = BackingService(self.db)
        for person_id in dict.fromkeys(amendment.proposer_id for amendment in replaced):
            if person_id != actor.person_id:
                backing.ask(made, self.db.get_one(Person, person_id), task="compromise", actor=actor)
        return made


LEAST = 2  # amendments that one compromise replaces
