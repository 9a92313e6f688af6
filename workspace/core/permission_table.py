"""The table of permissions: every action, who may do it, in which phases, on which conditions.

Each slice declares the rows of its own actions in its registry.

`grants("RC", MEMBER, when=(WINDOW_OR_LATE,))` gives a role the action in those
phases, if all the conditions hold; several grants add up. `tests/permission_matrix.csv`,
which people review, says the same in another notation. The rules of procedure
behind the cells are those of the practice of drafting committees: the chair
decides and never on their own proposal, nobody approves their own translation,
publication and embargo take two, late amendments are marked.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from workspace.core.actor import Role
from workspace.core.conditions import Condition
from workspace.core.provided import Provided

ANON, GUEST, OTHER = Role.ANON, Role.GUEST, Role.OTHER_ORG
OBSERVER, MEMBER, RAPPORTEUR = Role.OBSERVER, Role.MEMBER, Role.RAPPORTEUR
TRANSLATOR, COMMITTEE = Role.TRANSLATOR, Role.COMMITTEE
SECRETARIAT, CHAIR = Role.SECRETARIAT, Role.CHAIR
AUDITOR, ADMIN = Role.AUDITOR, Role.ADMIN

ALWAYS = "SDRCVPA"
PUBLIC = (ANON, GUEST, OTHER)
STAFF = (SECRETARIAT, CHAIR)
KNOWN = tuple(role for role in Role if role is not ANON)
VOTERS = (MEMBER, COMMITTEE, CHAIR)


class Grant(Struct, frozen=True):
    """The phases in which something is allowed, if every condition holds."""

    phases: str
    conditions: frozenset[Condition] = frozenset()


Row = dict[Role, tuple[Grant, ...]]
_Granted = tuple[tuple[Role, ...], Grant]


def grants(phases: str, *roles: Role, when: Iterable[Condition] = ()) -> _Granted:
    return roles, Grant(phases, frozenset(when))


def row(*granted: _Granted) -> Row:
    made: Row = {}
    for roles, grant in granted:
        for role in roles:
            made[role] = (*made.get(role, ()), grant)
    return made


OWN = (Condition.OWN,)
TASK = (Condition.TASK,)
ASSIGNED = (Condition.ASSIGNED,)
LENT = (Condition.BREAKGLASS,)
TWO = (Condition.SECOND_PERSON,)
REASON = (Condition.REASON,)
OWN_SESSION = (Condition.OWN_SESSION,)
OPEN = (Condition.OPEN_FORUM,)
TABLE: Provided[Mapping[str, Row]] = Provided("the table of permissions")
