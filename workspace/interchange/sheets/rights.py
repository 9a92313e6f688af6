"""Who may have which table of a declaration."""

from collections.abc import Mapping
from enum import StrEnum

from workspace.amendments.table_pages import READ_OTHERS
from workspace.core.actor import Actor
from workspace.declarations.models import Declaration
from workspace.declarations.policy import may_do
from workspace.procedure import question_policy


class Kind(StrEnum):
    """A table of a declaration."""

    AMENDMENTS = "amendments"
    DECISIONS = "decisions"
    VOTES = "votes"
    ROLL_CALLS = "roll-calls"
    COVERAGE = "coverage"


RIGHTS: Mapping[Kind, tuple[str, ...]] = {  # any of these opens the door; what is in the file is asked again
    Kind.AMENDMENTS: (READ_OTHERS,),
    Kind.DECISIONS: ("history.read",),
    Kind.VOTES: question_policy.KNOW,
    Kind.ROLL_CALLS: question_policy.KNOW,
    Kind.COVERAGE: ("provenance.read",),
}
ANY_TABLE = tuple(dict.fromkeys(right for rights in RIGHTS.values() for right in rights))


def may_have(actor: Actor, kind: Kind, declaration: Declaration) -> bool:
    """Whether somebody may have this table of the declaration."""
    if kind in {Kind.VOTES, Kind.ROLL_CALLS}:
        return question_policy.may_know(actor, declaration)
    return any(may_do(actor, right, declaration) for right in RIGHTS[kind])


def may_have_tables(actor: Actor, declaration: Declaration) -> bool:
    """Whether there is any table for them."""
    return any(may_have(actor, kind, declaration) for kind in Kind)
