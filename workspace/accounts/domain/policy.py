"""Who may invite, close accounts, and lend their rights to programs; and whose roles wait for a second factor."""

from collections.abc import Iterable
from uuid import UUID

from msgspec.structs import replace

from workspace.accounts.domain.models import Account, Ticket
from workspace.core import clock
from workspace.core.actor import Actor, ActorMandate, Role, When
from workspace.core.errors import NotAllowed
from workspace.people import policy as people
from workspace.people.models import Forum, Person

WITH_FACTOR = frozenset({Role.CHAIR, Role.ADMIN})  # roles that count only with a second factor


def needs_factor(mandates: Iterable[ActorMandate], when: When) -> bool:
    """Whether one of these mandates, today's or a later one, is of a role that counts only with a second factor."""
    return any(held.role in WITH_FACTOR and not held.is_over(when) for held in mandates)


def with_counting_rights(whole: Actor, *, has_factor: bool, within: UUID | None = None) -> Actor:
    """Somebody with the rights that count: without a second factor no mandates that need one, and nothing lent.

    `within` leaves the rights in one forum only.
    """
    return replace(
        whole,
        mandates=tuple(
            held
            for held in whole.mandates
            if (has_factor or held.role not in WITH_FACTOR) and within in {None, held.forum_id}
        ),
        lent=tuple(lent for lent in whole.lent if has_factor and within in {None, lent.forum_id}),
    )


def own_account(actor: Actor) -> UUID:
    """The person whose account this is about: only ever the one who asks."""
    if actor.person_id is None:
        raise NotAllowed(action="account.own")
    return actor.person_id


def ensure_may_invite(actor: Actor, forum: Forum, role: Role, organisation_id: UUID | None) -> None:
    """Whoever may give the role may invite somebody to it."""
    people.ensure_may_give(actor, forum, role, organisation_id)


def ensure_may_invite_listed(actor: Actor, forum: Forum, person: Person) -> None:
    """Whoever may give everything that this person holds: the address they name will be able to act as the person."""
    here = [mandate for mandate in person.mandates if mandate.forum_id == forum.id]
    is_all = len(here) == len(person.mandates) > 0 and all(people.may_give(actor, mandate, forum) for mandate in here)
    if not (is_all or actor.is_operator):
        raise NotAllowed(action="organisation.manage_people")


def ensure_may_see_invitations(actor: Actor, forum: Forum) -> None:
    people.ensure_may_see_people(actor, forum)


def sees_invitation(actor: Actor, forum: Forum, ticket: Ticket) -> bool:
    """Everyone's, for whoever looks after all people; those for their own organisation, for a steward."""
    own_people = people.stewarded(actor, forum)
    return (
        people.sees_everybody(actor, forum) or ticket.made_by == actor.person_id or ticket.organisation_id in own_people
    )


def ensure_may_close(actor: Actor, person: Person) -> None:
    """Close an account, open it again, or end what was lent to it: the person, the operator, or an administrator.

    An administrator of one forum has no say over somebody who takes part in another one too.
    """
    now = clock.now()
    forums = {mandate.forum_id for mandate in person.mandates}
    is_theirs = bool(forums) and all(Role.ADMIN in actor.roles_in(forum, now) for forum in forums)
    if not (actor.is_operator or actor.person_id == person.id or is_theirs):
        raise NotAllowed(action="account.close")


def ensure_operator(actor: Actor) -> None:
    if not actor.is_operator:
        raise NotAllowed(action="account.operate")


def is_open(account: Account | None, person: Person | None) -> bool:
    return account is not None and account.closed_at is None and person is not None and person.erased_at is None


def is_auditor(actor: Actor) -> bool:
    """Whether they hold an auditor's mandate in any forum: their programs may only read."""
    return any(held.role is Role.AUDITOR for held in actor.mandates)
