"""What somebody may do next with a forum or a declaration, asked of the policy before a button is shown."""

from collections.abc import Callable

from workspace.core.actor import Actor
from workspace.core.conditions import Case
from workspace.core.errors import Invalid, NotAllowed
from workspace.core.permissions import Phase
from workspace.declarations import policy
from workspace.declarations.models import Declaration
from workspace.people.models import Forum

ANY_REASON = Case(reason="-")  # going back needs a reason; whether it is a good one is not what is asked here


def may_create(actor: Actor, forum: Forum) -> bool:
    return _is_allowed(lambda: policy.ensure_may_create(actor, forum))


def next_phase(actor: Actor, declaration: Declaration) -> Phase | None:
    """The phase that `actor` may open next. Publication is none of them: it is asked for, and confirmed by a second."""
    following = policy.ORDER[policy.ORDER.index(declaration.phase) + 1 :]
    if not following or following[0] is Phase.PUBLISHED:
        return None
    if policy.takes_two(declaration, following[0]):
        return following[0] if _is_allowed(lambda: policy.ensure_may_ask_for_adoption(actor, declaration)) else None
    return following[0] if _may_move(actor, declaration, following[0]) else None


def earlier_phases(actor: Actor, declaration: Declaration) -> tuple[Phase, ...]:
    """The phases that `actor` may go back to, with a reason; the nearest first."""
    before = policy.ORDER[: policy.ORDER.index(declaration.phase)]
    return tuple(phase for phase in reversed(before) if _may_move(actor, declaration, phase))


def may_change_embargo(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may ask a second person for an embargo, or for its end."""
    return _is_allowed(lambda: policy.ensure_may_ask(actor, "embargo.change", declaration))


def may_move(actor: Actor, declaration: Declaration) -> bool:
    return next_phase(actor, declaration) is not None or bool(earlier_phases(actor, declaration))


def _may_move(actor: Actor, declaration: Declaration, phase: Phase) -> bool:
    return _is_allowed(lambda: policy.ensure_may_move(actor, declaration, phase, ANY_REASON))


def _is_allowed(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except (NotAllowed, Invalid):
        return False
    return True
