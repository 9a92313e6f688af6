"""Who may found a forum, say who takes part in it, and speak for whom.

The everyday roles, member and observer, are given by whoever looks after the people: the
secretariat, an administrator, and the steward of an organisation for its own people. Every
other role is given by those whom the table lets assign roles, that of an administrator only by
another one, and nobody gives a role to themselves.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from msgspec.structs import replace

from workspace.core import clock
from workspace.core.actor import Actor, Role, When
from workspace.core.errors import NotAllowed
from workspace.core.security.conditions import Case, Condition
from workspace.core.security.permissions import NOTHING_KNOWN, WITH_GROUNDS, Phase, allowed, may
from workspace.people.models import Forum, Mandate

EVERYDAY_ROLES = frozenset({Role.MEMBER, Role.OBSERVER})
ROLES_TO_GIVE = tuple(role for role in Role if role not in {Role.ANON, Role.GUEST, Role.OTHER_ORG})
CONFIRMING = frozenset({Role.SECRETARIAT, Role.CHAIR, Role.ADMIN})  # one half of what takes two people
LOOKING_AFTER_PEOPLE = frozenset({"organisation.manage_people", "roles.assign", "forum.export_all"})
_WITH_A_VOICE = (Role.MEMBER, Role.COMMITTEE, Role.CHAIR)  # for whom one speaks, in this order: a deputy for their own


def case_in(forum: Forum, case: Case = NOTHING_KNOWN) -> Case:
    """`case` with what every question about this forum depends on."""
    is_public = forum.is_public_programme and case.is_public_programme is not False  # what is kept from it
    return replace(case, is_open_forum=forum.guest_comments, is_public_programme=is_public)


def may_in(
    actor: Actor, action: str, forum: Forum, case: Case = NOTHING_KNOWN, *, given: Collection[Condition] = ()
) -> bool:
    """Whether the table lets `actor` do `action` in this forum today: in the phase of one of its declarations.

    `case` says what is known of the thing in question; conditions that are `given` are taken as fulfilled.
    """
    now, known = clock.now(), case_in(forum, case)
    return any(
        may(actor, action, forum_id=forum.id, phase=Phase(letter), day=now, case=known, given=given)
        for letter in forum.phases
    )


def allowed_in(actor: Actor, forum: Forum) -> frozenset[str]:
    """Every action open to `actor` today because of the phase of at least one of the forum's declarations.

    So what one declaration has released stays open when another is begun. A reason and a second person are given,
    and of recommendations and sessions it is asked whether there are any that they may see or work on.
    """
    now = clock.now()
    some = case_in(forum, Case(is_released=True, rapporteurs=own_rapporteurs(actor)))
    return frozenset().union(
        *(
            allowed(actor, forum_id=forum.id, phase=Phase(letter), day=now, case=some, given=WITH_GROUNDS)
            for letter in forum.phases
        )
    )


def own_rapporteurs(actor: Actor) -> frozenset[UUID]:
    """The rapporteurs of a session that is this person's own, such as one that they are about to bring in."""
    return frozenset({actor.person_id} if actor.person_id else ())


def ensure_may_in(actor: Actor, action: str, forum: Forum, case: Case = NOTHING_KNOWN) -> None:
    if not may_in(actor, action, forum, case):
        raise NotAllowed(action=action)


def ensure_may_found(actor: Actor) -> None:
    """A forum is founded at the machine itself, by its operator."""
    if not actor.is_operator:
        raise NotAllowed(action="forum.found")


def ensure_may_manage_people(actor: Actor, forum: Forum) -> None:
    ensure_may_in(actor, "organisation.manage_people", forum)


def stewarded(actor: Actor, forum: Forum) -> frozenset[UUID]:
    """The organisations whose people `actor` looks after today."""
    held = actor.mandates_in(forum.id, clock.now())
    return frozenset(mandate.organisation_id for mandate in held if mandate.is_steward and mandate.organisation_id)


def may_see_people(actor: Actor, forum: Forum) -> bool:
    """Whether the register of people opens to them: whole, or the part of their own organisation."""
    return sees_everybody(actor, forum) or bool(stewarded(actor, forum))


def sees_everybody(actor: Actor, forum: Forum) -> bool:
    return actor.is_operator or not LOOKING_AFTER_PEOPLE.isdisjoint(allowed_in(actor, forum))


def ensure_may_see_people(actor: Actor, forum: Forum) -> None:
    if not may_see_people(actor, forum):
        raise NotAllowed(action="organisation.manage_people")


def roles_to_give(actor: Actor, forum: Forum, organisation_id: UUID | None = None) -> tuple[Role, ...]:
    """The roles that `actor` may give, to people who stand for this organisation where one is named."""
    if actor.is_operator:
        return ROLES_TO_GIVE
    given: set[Role] = set()
    if may_in(actor, "organisation.manage_people", forum, Case(organisation_id=organisation_id)):
        given |= EVERYDAY_ROLES
    if may_in(actor, "roles.assign", forum):
        is_admin = Role.ADMIN in actor.roles_in(forum.id, clock.now())
        given |= set(ROLES_TO_GIVE) if is_admin else set(ROLES_TO_GIVE) - {Role.ADMIN}
    return tuple(role for role in ROLES_TO_GIVE if role in given)


def takes_two(mandate: Mandate, forum: Forum, others: Iterable[Actor], *, with_holder: bool = False) -> bool:
    """Whether a second person confirms this role: it is one of `CONFIRMING`, and two of the `others` may give it.

    Whoever is to hold it does not count, unless `with_holder`.
    """
    if Role(mandate.role) not in CONFIRMING:
        return False
    may = {
        other.person_id
        for other in others
        if (with_holder or other.person_id != mandate.person_id)
        and mandate.role in roles_to_give(other, forum, mandate.organisation_id)
    }
    return len(may) > 1


def ensure_may_give_roles(actor: Actor, forum: Forum) -> None:
    """Whether they may give a role to somebody who has none yet."""
    if not roles_to_give(actor, forum):
        raise NotAllowed(action="roles.assign")


def ensure_may_give(actor: Actor, forum: Forum, role: Role, organisation_id: UUID | None) -> None:
    if role not in roles_to_give(actor, forum, organisation_id):
        raise NotAllowed(action="roles.assign")


def may_give(actor: Actor, mandate: Mandate, forum: Forum) -> bool:
    """Whether they may end this mandate, and change its dates: whoever may give it, but not its holder."""
    is_own = actor.person_id is not None and mandate.person_id == actor.person_id
    return not is_own and Role(mandate.role) in roles_to_give(actor, forum, mandate.organisation_id)


def may_appoint_deputy(actor: Actor, mandate: Mandate, forum: Forum) -> bool:
    """A chair may name who stands in for them in every phase; so may whoever assigns roles."""
    if Role(mandate.role) is not Role.CHAIR or mandate.deputy_of_id is not None:
        return False
    is_own = mandate.person_id == actor.person_id and mandate.as_held().covers(clock.now())
    return is_own or Role.CHAIR in roles_to_give(actor, forum)


def may_change_settings(actor: Actor, forum: Forum) -> bool:
    return may_in(actor, "settings.manage", forum)


def delegation(actor: Actor, forum: Forum, day: When) -> UUID | None:
    """The organisation that `actor` speaks for on that day, where one voice for each delegation is switched on.

    None where it is not, and for somebody who stands for no organisation: they speak for themselves.
    """
    if not forum.one_voice:
        return None
    return speaks_for(actor, forum.id, day)


def speaks_for(actor: Actor, forum_id: UUID, day: When) -> UUID | None:
    """The organisation for which `actor` has a voice in a forum on that day; None for who speaks for themselves."""
    held = [
        mandate
        for mandate in actor.mandates_in(forum_id, day)
        if mandate.role in _WITH_A_VOICE and mandate.organisation_id
    ]
    return min(held, key=lambda mandate: _WITH_A_VOICE.index(mandate.role)).organisation_id if held else None


def opened_in(actor: Actor, forum: Forum) -> frozenset[str]:
    """What the header of the forum's pages leads to: what is allowed, a steward's part of the register, the own log."""
    own = {"organisation.manage_people"} if stewarded(actor, forum) else set()
    own |= {"log.read"} if _may_read_log(actor, forum) else set()
    return allowed_in(actor, forum) | own


def _may_read_log(actor: Actor, forum: Forum) -> bool:
    """Whether at least what they did themselves is open to them in the log."""
    own = Case(authors=frozenset({actor.person_id} if actor.person_id else ()))
    return may_in(actor, "log.read", forum, own)
