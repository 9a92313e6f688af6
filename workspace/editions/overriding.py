"""Letting one obstacle to publication be: the chair asks with a reason, and a second person confirms.

What can be overridden is a text that is there but that nobody vouches for: stale, unverified, contradicting another
language, not signed. A missing text, an open bracket and a reference that leads nowhere cannot: there would be
nothing whole to print. (A paragraph without a text in one language is left out by a decision of its own.)
"""

from collections.abc import Sequence
from uuid import UUID

from drafts.staleness import State
from workspace.core import clock, log
from workspace.core.actor import Actor
from workspace.core.conditions import Case, Condition
from workspace.core.db import Db
from workspace.core.errors import Invalid, NotAllowed, NotFound
from workspace.core.events import ConfirmationAsked, RequestDeclined, publish
from workspace.core.permissions import WITH_GROUNDS
from workspace.core.reasons import read_reason
from workspace.declarations import queries
from workspace.declarations.models import Declaration
from workspace.declarations.policy import ensure_may, may_do
from workspace.declarations.reasons_given import DECLINED
from workspace.declarations.service import DeclarationService
from workspace.editions.models import Edition
from workspace.editions.override_models import Obstacle, ReadinessOverride
from workspace.editions.override_rules import Named, behind, holds, named, open_ones, seen
from workspace.editions.service import EditionService
from workspace.people.service import PeopleService

ACTION = "readiness.override"
MATTER = "override"  # what a second person is told of
LONGEST_REASON = 2_000


def may_ask(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may ask for an override now, once they have a reason."""
    return actor.person_id is not None and may_do(actor, ACTION, declaration, given=WITH_GROUNDS)


def may_confirm(actor: Actor, declaration: Declaration, override: ReadinessOverride) -> bool:
    """Whether they may be the second person."""
    authors = frozenset({override.requested_by_id})
    return actor.person_id is not None and may_do(actor, "request.confirm", declaration, Case(authors=authors))


class OverrideService:
    """Overrides of one declaration."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.declarations = DeclarationService(db)

    def obstacles(self, declaration: Declaration) -> list[Named]:
        """What stops publication now and can be overridden, in the order of the text."""
        service = EditionService(self.db)
        return [
            *(
                Named(Obstacle.STATE, one.block_id, one.language, one.state.value)
                for one in service.blockers(declaration)
                if one.state is not State.MISSING
            ),
            *(
                Named(Obstacle.CONTRADICTION, one.block_id, one.language, one.finding.check)
                for one in service.contradictions(declaration)
            ),
            *(Named(Obstacle.SIGNATURE, one.block_id, one.language) for one in service.unsigned(declaration)),
        ]

    def open_ones(self, declaration: Declaration) -> list[ReadinessOverride]:
        """Those that wait for a second person or were confirmed, and are not void, in the order of asking."""
        found = open_ones(self.db, declaration)
        rows = queries.head_rows(self.db, declaration) if found else []
        return [one for one in found if holds(one, rows)]

    def of_edition(self, edition: Edition) -> Sequence[ReadinessOverride]:
        """Those with which an edition went out: part of its record, open to whoever reads it."""
        return behind(self.db, edition)

    def ask(self, declaration_id: UUID, obstacle: Named, *, reason: str, actor: Actor) -> ReadinessOverride:
        """Ask a second person to let this go out as it is.

        Raises `NotFound` where it does not stop publication (any more), or cannot be overridden, and `Invalid`
        without a reason, or where it has been asked already.
        """
        declaration = self.declarations.lock(declaration_id)
        if not may_ask(actor, declaration):
            raise NotAllowed(action=ACTION)
        if not reason.strip():
            raise Invalid(field="reason", reason="empty")
        if len(reason) > LONGEST_REASON:
            raise Invalid(field="reason", reason="too_long")
        if any(named(one) == obstacle for one in self.open_ones(declaration)):
            raise Invalid(field="obstacle", reason="asked_already")
        if obstacle not in self.obstacles(declaration):
            raise NotFound(what="obstacle", id=str(obstacle))
        override = ReadinessOverride(
            declaration_id=declaration.id,
            obstacle=obstacle.obstacle,
            block_id=obstacle.block_id,
            language=obstacle.language,
            check=obstacle.check,
            seen=seen(obstacle, queries.head_rows(self.db, declaration)),
            reason=reason.strip(),
            requested_by_id=actor.person_id,
            requested_at=clock.now(),
        )
        self.db.add(override)
        self._record("override.requested", declaration, override, actor=actor, reason=override.reason)
        publish(self.db, ConfirmationAsked(declaration.id, MATTER, actor))
        return override

    def confirm(self, declaration_id: UUID, override_id: UUID, *, actor: Actor) -> ReadinessOverride:
        """Confirm as the second person: from now on this does not stop publication, as long as the text stays so.

        Whoever asked must still have the right to. Raises `NotFound`, and `Invalid` for the one who asked.
        """
        declaration = self.declarations.lock(declaration_id)
        override = self._waiting(declaration, override_id)
        if not may_confirm(actor, declaration, override):
            if may_do(actor, "request.confirm", declaration, given={Condition.NOT_AUTHOR}):
                raise Invalid(field="actor", reason="second_person")
            raise NotAllowed(action="request.confirm")
        both = frozenset(one for one in (override.requested_by_id, actor.person_id) if one)
        asked_by = PeopleService(self.db).actor(override.requested_by_id)
        ensure_may(asked_by, ACTION, declaration, Case(reason=override.reason, people=both))
        override.confirmed_by_id, override.confirmed_at = actor.person_id, clock.now()
        self._record("override.confirmed", declaration, override, actor=actor)
        return override

    def drop(self, declaration_id: UUID, override_id: UUID, *, actor: Actor, reason: str = "") -> bool:
        """Take an override back, decline it, or end one that was confirmed: whoever may ask, or may confirm it.

        Returns whether it was declined. That needs a reason, which is told to whoever asked.
        """
        declaration = self.declarations.lock(declaration_id)
        override = self._found(declaration, override_id)
        if not (may_confirm(actor, declaration, override) or may_ask(actor, declaration)):
            raise NotAllowed(action=ACTION)
        is_declined = override.confirmed_by_id is None and override.requested_by_id != actor.person_id
        override.dropped_at = clock.now()
        if is_declined:
            self._record(DECLINED[MATTER], declaration, override, actor=actor, reason=read_reason(reason))
            publish(self.db, RequestDeclined(declaration.id, MATTER, override.requested_by_id, actor))
        else:
            self._record("override.dropped", declaration, override, actor=actor)
        return is_declined

    def _found(self, declaration: Declaration, override_id: UUID) -> ReadinessOverride:
        found = next((one for one in self.open_ones(declaration) if one.id == override_id), None)
        if found is None:
            raise NotFound(what="override", id=str(override_id))
        return found

    def _waiting(self, declaration: Declaration, override_id: UUID) -> ReadinessOverride:
        found = self._found(declaration, override_id)
        if found.confirmed_by_id is not None:
            raise NotFound(what="override", id=str(override_id))
        return found

    def _record(
        self, kind: str, declaration: Declaration, override: ReadinessOverride, *, actor: Actor, **facts: str
    ) -> None:
        self.db.flush()
        log.record(
            self.db,
            kind,
            actor=actor,
            forum_id=declaration.forum_id,
            declaration_id=declaration.id,
            override=str(override.id),
            obstacle=override.obstacle.value,
            block=str(override.block_id) if override.block_id else None,
            language=override.language.value if override.language else None,
            check=override.check,
            **facts,
        )
