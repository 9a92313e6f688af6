"""Who may bring in a Word file that came back, and in whose name."""

from workspace.amendments.domain.policy import may_propose
from workspace.core.actor import Actor, Role
from workspace.core.errors import NotAllowed
from workspace.declarations.domain.models import Declaration
from workspace.declarations.domain.policy import may_do

FILE_FOR_OTHERS = "amendment.file_received"
PROPOSERS = frozenset({Role.MEMBER, Role.COMMITTEE, Role.CHAIR})


def may_file_for_others(actor: Actor, declaration: Declaration) -> bool:
    """Whether they may file what a member sent, in that member's name."""
    return may_do(actor, FILE_FOR_OTHERS, declaration)


def may_bring_in(actor: Actor, declaration: Declaration) -> bool:
    """A member may bring in their own file, the secretariat everybody's."""
    return may_file_for_others(actor, declaration) or may_propose(actor, declaration)


def ensure_may_bring_in(actor: Actor, declaration: Declaration) -> None:
    if not may_bring_in(actor, declaration):
        raise NotAllowed(action=FILE_FOR_OTHERS)


def ensure_may_file_for_others(actor: Actor, declaration: Declaration) -> None:
    if not may_file_for_others(actor, declaration):
        raise NotAllowed(action=FILE_FOR_OTHERS)


def ensure_may_file_as(actor: Actor, other: Actor, declaration: Declaration) -> None:
    """In one's own name as far as one may propose; in another's where that is one's office."""
    if actor.person_id != other.person_id and not may_file_for_others(actor, declaration):
        raise NotAllowed(action=FILE_FOR_OTHERS)
