"""The table of permissions (every action, who may do it, in which phases, on which conditions), and its evaluation."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from workspace.core.actor import Actor, Role, When
from workspace.core.errors import Invalid, NotAllowed
from workspace.core.provided import Provided
from workspace.core.security.conditions import Case, Condition, PermissionQuestion, is_fulfilled

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


def permission_row(*granted: _Granted) -> Row:
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
    row, questions = TABLE.get()[action], _questions(actor, forum_id, day, case)
    return actor.is_operator or any(
        _holds(grant, question, phase, given) for question in questions for grant in row.get(question.role, ())
    )


def _questions(actor: Actor, forum_id: UUID, day: When, case: Case) -> list[PermissionQuestion]:
    return [PermissionQuestion(actor, role, forum_id, day, case) for role in actor.roles_in(forum_id, day)]


def _holds(grant: Grant, question: PermissionQuestion, phase: Phase, given: Collection[Condition]) -> bool:
    if phase not in grant.phases:
        return False
    return all(condition in given or is_fulfilled(condition, question) for condition in grant.conditions)


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
    table = TABLE.get()
    return frozenset(
        table
        if actor.is_operator
        else (
            action
            for question in _questions(actor, forum_id, day, case)
            for action, row in table.items()
            for grant in row.get(question.role, ())
            if _holds(grant, question, phase, given)
        )
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
