"""Whether somebody may do something: asked of one table (`permission_table`), in a forum, a phase, a day and a case.

The day may be a moment: then it is the day on which that falls in the place of the forum.

Phases are written with their letters: S setup, D drafting, R review, C
consultation, V adoption, P published, A archived. What is not listed is denied,
and so is what depends on a condition that the asking policy says nothing about.
"""

from collections.abc import Collection
from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from workspace.core.actor import Actor, Role, When
from workspace.core.conditions import Asked, Case, Condition, is_fulfilled
from workspace.core.errors import Invalid, NotAllowed
from workspace.core.permission_table import TABLE

NOTHING_KNOWN = Case()
WITH_GROUNDS = frozenset({Condition.REASON, Condition.SECOND_PERSON})  # what a person can bring to a form


class Phase(StrEnum):
    """Where a declaration is on its way. The values are the letters of the table."""

    SETUP = "S"
    DRAFTING = "D"
    REVIEW = "R"
    CONSULTATION = "C"
    ADOPTION = "V"
    PUBLISHED = "P"
    ARCHIVED = "A"


def may(
    actor: Actor,
    action: str,
    *,
    forum_id: UUID,
    phase: Phase,
    day: When,
    case: Case = NOTHING_KNOWN,
    given: Collection[Condition] = (),
) -> bool:
    """Whether the table lets `actor` do `action` in this forum, phase and case, on this day; an operator may all.

    Conditions that are `given` are taken as fulfilled: for a button, before anybody has written a reason.
    """
    return actor.is_operator or any(
        _may_as(Asked(actor, role, forum_id, day, case), action, phase, given) for role in actor.roles_in(forum_id, day)
    )


def _may_as(asked: Asked, action: str, phase: Phase, given: Collection[Condition]) -> bool:
    return any(
        phase in grant.phases and all(one in given or is_fulfilled(one, asked) for one in grant.conditions)
        for grant in TABLE.get()[action].get(asked.role, ())
    )


def allowed(
    actor: Actor,
    *,
    forum_id: UUID,
    phase: Phase,
    day: When,
    case: Case = NOTHING_KNOWN,
    given: Collection[Condition] = (),
) -> frozenset[str]:
    """Every action that the table lets `actor` do in this forum, phase and case, on this day."""
    return frozenset(
        action
        for action in TABLE.get()
        if may(actor, action, forum_id=forum_id, phase=phase, day=day, case=case, given=given)
    )


def ensure(actor: Actor, action: str, *, forum_id: UUID, phase: Phase, day: When, case: Case = NOTHING_KNOWN) -> None:
    """Raise `NotAllowed` unless the table lets them.

    Raises `Invalid` where they might, and all that is missing is a reason or a second person.
    """
    if may(actor, action, forum_id=forum_id, phase=phase, day=day, case=case):
        return
    with_reason = replace(case, reason="-")
    if may(actor, action, forum_id=forum_id, phase=phase, day=day, case=with_reason):
        raise Invalid(field="reason", reason="empty")
    if may(actor, action, forum_id=forum_id, phase=phase, day=day, case=case, given=WITH_GROUNDS):
        raise Invalid(field="actor", reason="second_person")
    raise NotAllowed(action=action)


def roles_that_may(action: str) -> frozenset[Role]:
    """The roles that have any right to it at all, in some phase and case."""
    return frozenset(role for role, grants in TABLE.get()[action].items() if grants)
