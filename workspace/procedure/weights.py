"""How often the vote of each delegation counts, where a declaration's rules say that votes are weighed."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotFound
from workspace.declarations.models import Declaration
from workspace.people.models import Forum, Mandate, Organisation, Person
from workspace.procedure import question_policy as policy
from workspace.procedure.models import Weight

MOST = 1_000_000


class Weighed(Struct, frozen=True):
    """A mandate with a vote today, and how often that vote counts."""

    mandate_id: UUID
    organisation: str
    person: str
    weight: int


class _Voter(Struct, frozen=True):
    """A mandate with the names of whose it is."""

    mandate: Mandate
    organisation: str
    person: str


class WeightService:
    """The weights of a forum's votes: one for each mandate, the same in all its declarations that weigh votes."""

    def __init__(self, db: Db) -> None:
        self.db = db

    def listed(self, declaration: Declaration, *, actor: Actor) -> Sequence[Weighed]:
        """The mandates with a vote today, by organisation; raises `NotFound` for who may not set the rules."""
        if not policy.may_set_rules(actor, declaration):
            raise NotFound(what="declaration", id=declaration.slug)
        voting = self._voting(declaration.forum)
        known = weights_of(self.db, [one.mandate.id for one in voting])
        return [Weighed(one.mandate.id, one.organisation, one.person, known.get(one.mandate.id, 1)) for one in voting]

    def set(self, declaration: Declaration, weights: Mapping[UUID, int], *, actor: Actor) -> None:
        """Say how often votes count; those of questions that were put before keep theirs.

        Raises `NotFound` for a mandate of the forum without a vote today, and `Invalid` for what is no weight.
        """
        policy.ensure_may_set_rules(actor, declaration)
        voting = {one.mandate.id for one in self._voting(declaration.forum)}
        known = weights_of(self.db, weights)
        for mandate_id, weight in weights.items():
            if mandate_id not in voting:
                raise NotFound(what="mandate", id=str(mandate_id))
            if not 1 <= weight <= MOST:
                raise Invalid(field="weight", reason="not_a_weight", limit=MOST)
            if weight != known.get(mandate_id, 1):
                self._set(declaration, mandate_id, weight, actor)

    def _set(self, declaration: Declaration, mandate_id: UUID, weight: int, actor: Actor) -> None:
        row = self.db.get(Weight, mandate_id) or Weight(mandate_id=mandate_id)
        row.weight, row.set_by_id, row.set_at = weight, actor.person_id, clock.now()
        self.db.add(row)
        self.db.flush()
        log.record(
            self.db,
            "procedure.weighed",
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            mandate=str(mandate_id),
            weight=weight,
        )

    def _voting(self, forum: Forum) -> list[_Voter]:
        today = clock.now()
        statement = (
            sa.select(Mandate, Organisation.name, Person.name)
            .join(Mandate.organisation)
            .join(Mandate.person)
            .where(Mandate.forum_id == forum.id, Person.erased_at.is_(None))
            .order_by(Organisation.name, Person.name, Mandate.id)
        )
        every = (_Voter(*row) for row in self.db.execute(statement))
        return [one for one in every if policy.is_voice(held := one.mandate.as_held()) and held.covers(today)]


def weights_of(db: Db, mandate_ids: Mapping[UUID, int] | Sequence[UUID]) -> Mapping[UUID, int]:
    """The weights of these mandates that have one of their own."""
    rows = db.execute(sa.select(Weight.mandate_id, Weight.weight).where(Weight.mandate_id.in_(list(mandate_ids))))
    return {row[0]: row[1] for row in rows}
