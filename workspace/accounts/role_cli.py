"""Commands for the operator: who holds which role from when to when, and how people are called."""

from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID

import click
from msgspec import Struct

from workspace.accounts.domain.service import find_person
from workspace.approvals.roles import RoleService, waiting_days
from workspace.core import clock
from workspace.core.actor import OPERATOR, Role
from workspace.core.cli_support import open_store
from workspace.core.errors import NotFound
from workspace.core.settings import Settings
from workspace.core.storage.db import Db
from workspace.people.mandates import MandateService
from workspace.people.models import Forum, Mandate, Organisation, Person
from workspace.people.service import PeopleService
from workspace.people.validation import folded
from workspace.web.i18n import command_line
from workspace.web.i18n.command_line import say

ROLES = [role.value for role in Role if role not in {Role.ANON, Role.GUEST, Role.OTHER_ORG}]
_DAY = command_line.DayParameter()
_FORUM = click.option("--forum", required=True, help="The forum.")
_ROLE = click.option("--role", type=click.Choice(ROLES), required=True, help="Which role.")
_ORGANISATION = click.option("--organisation", help="Its organisation.")
_FROM = click.option("--from", "begins", type=_DAY, help="First day, as 2027-06-10; at once if left out.")
_TO = click.option("--to", "ends", type=_DAY, help="Last day; none if left out.")
SECOND = click.option("--second", help="Second approval, by another person.")


@command_line.command("roles")
@click.argument("who", metavar="ADDRESS|NAME")
@_FORUM
@click.pass_obj
def list_roles(settings: Settings, who: str, forum: str) -> None:
    """List somebody’s roles."""
    with in_forum(settings, forum, writes=False) as room:
        pending = waiting_days(room.db, room.forum)
        lines = [_line(mandate, pending) for mandate in _here(room.person(who), room.forum)]
    for line in lines:
        click.echo(line)


@command_line.command("give-role")
@click.argument("who", metavar="ADDRESS|NAME")
@_FORUM
@_ROLE
@_ORGANISATION
@_FROM
@_TO
@click.option("--steward", is_flag=True, help="Focal point of the organisation.")
@SECOND
@click.pass_obj
def give_role(
    settings: Settings,
    /,
    *,
    who: str,
    forum: str,
    role: str,
    organisation: str | None,
    begins: datetime | None,
    ends: datetime | None,
    steward: bool,
    second: str | None,
) -> None:
    """Give somebody a role.

    \b
    workspace user give-role luc@example.org --forum third-forum --role committee --from 2027-06-10
    """
    with in_forum(settings, forum) as room:
        given = room.mandates.give(
            room.forum,
            room.person(who),
            role=Role(role),
            organisation=room.organisation(organisation),
            starts_on=_day(begins),
            ends_on=_day(ends),
            is_steward=steward,
            by_two=True,
            actor=OPERATOR,
        )
        line = confirmed_line(room.db, room.forum, given, second)
    click.echo(line)


@command_line.command("end-role")
@click.argument("who", metavar="ADDRESS|NAME")
@_FORUM
@_ROLE
@_ORGANISATION
@click.option("--on", "last", type=_DAY, help="Last day; at once if left out.")
@click.pass_obj
def end_role(
    settings: Settings, /, *, who: str, forum: str, role: str, organisation: str | None, last: datetime | None
) -> None:
    """End a role.

    \b
    workspace user end-role luc@example.org --forum third-forum --role committee --on 2027-06-12
    """
    with in_forum(settings, forum) as room:
        held = _held(room.person(who), room.forum, Role(role), organisation)
        on = _day(last) or _at_once(held)
        ended = room.mandates.end(room.forum, held.id, on=on, actor=OPERATOR)
        line = _line(ended, waiting_days(room.db, room.forum))
    click.echo(line)


@command_line.command("change-role")
@click.argument("who", metavar="ADDRESS|NAME")
@_FORUM
@_ROLE
@_ORGANISATION
@click.option("--to-role", "new_role", type=click.Choice(ROLES), help="New role; the same if left out.")
@click.option("--to-organisation", "new_organisation", help="New organisation; the same if left out.")
@_TO
@SECOND
@click.pass_obj
def change_role(
    settings: Settings,
    /,
    *,
    who: str,
    forum: str,
    role: str,
    organisation: str | None,
    new_role: str | None,
    new_organisation: str | None,
    ends: datetime | None,
    second: str | None,
) -> None:
    """Replace a role.

    The old role ends yesterday.

    \b
    workspace user change-role luc@example.org --forum third-forum --role member --to-role committee
    workspace user change-role "Ana Ruiz" --forum third-forum --role chair --to 2027-12-31
    """
    with in_forum(settings, forum) as room:
        held = _held(room.person(who), room.forum, Role(role), organisation)
        is_steward, until = held.is_steward, held.ends_on
        room.mandates.end(room.forum, held.id, on=_at_once(held), actor=OPERATOR)
        given = room.mandates.give(
            room.forum,
            held.person,
            role=Role(new_role or role),
            organisation=room.organisation(new_organisation) or held.organisation,
            starts_on=clock.today(room.forum.timezone),
            ends_on=_day(ends) or until,
            is_steward=is_steward,
            by_two=bool(new_role) and new_role != role,
            actor=OPERATOR,
        )
        line = confirmed_line(room.db, room.forum, given, second)
    click.echo(line)


@command_line.command("appoint-deputy")
@click.argument("chair")
@click.argument("deputy")
@_FORUM
@click.option("--from", "begins", type=_DAY, required=True, help="First day, as 2027-06-10.")
@click.option("--to", "ends", type=_DAY, required=True, help="Last day.")
@SECOND
@click.pass_obj
def appoint_deputy(
    settings: Settings, /, *, chair: str, deputy: str, forum: str, begins: datetime, ends: datetime, second: str | None
) -> None:
    """Appoint a deputy for a chair.

    \b
    workspace user appoint-deputy "Ana Ruiz" "Luc Morel" --forum third-forum --from 2027-06-10 --to 2027-06-12
    """
    with in_forum(settings, forum) as room:
        stands_in = room.mandates.appoint_deputy(
            room.forum,
            _held(room.person(chair), room.forum, Role.CHAIR, None).id,
            room.person(deputy),
            starts_on=begins.date(),
            ends_on=ends.date(),
            by_two=True,
            actor=OPERATOR,
        )
        line = confirmed_line(room.db, room.forum, stands_in, second)
    click.echo(line)


@command_line.command()
@click.argument("who", metavar="ADDRESS|NAME")
@click.argument("name")
@_FORUM
@click.option("--language", type=click.Choice(["es", "en", "fr"]), help="Language of e-mails.")
@click.pass_obj
def rename(settings: Settings, /, *, who: str, name: str, forum: str, language: str | None) -> None:
    """Correct a name.

    \b
    workspace user rename "Ana Riuz" "Ana Ruiz" --forum third-forum
    """
    with in_forum(settings, forum) as room:
        person = room.person(who)
        room.people.rename(person, room.forum, name=name, language=language or person.language, actor=OPERATOR)
        called = person.name
    click.echo(say("Renamed: %(name)s", name=called))


class _ForumContext(Struct, frozen=True):
    """One forum, and the services of its people."""

    db: Db
    forum: Forum
    people: PeopleService
    mandates: MandateService

    def person(self, who: str) -> Person:
        return find_person(self.db, self.forum, who)

    def organisation(self, name: str | None) -> Organisation | None:
        return self.people.organisation_named(self.forum, name, actor=OPERATOR) if name else None


@contextmanager
def in_forum(settings: Settings, slug: str, *, writes: bool = True) -> Iterator[_ForumContext]:
    """A unit of work in the forum at `slug`, which it reads only unless it `writes`; raises `NotFound`."""
    with open_store(settings) as store, store.writing() if writes else store.reading() as db:
        people = PeopleService(db)
        yield _ForumContext(db, people.forum(slug), people, MandateService(db))


def confirmed_line(db: Db, forum: Forum, given: Mandate, second: str | None) -> str:
    """The role that was given, once `second` has confirmed it; it waits where nobody is named and two may give it."""
    if given.is_void and second:
        given = RoleService(db).confirm(forum, given.id, actor=PeopleService(db).actor_named(forum, second))
    return _line(given, waiting_days(db, forum))


def _here(person: Person, forum: Forum) -> Sequence[Mandate]:
    return [mandate for mandate in person.mandates if mandate.forum_id == forum.id]


def _held(person: Person, forum: Forum, role: Role, organisation: str | None) -> Mandate:
    """The one mandate of this role that is not over; raises `NotFound` for none, and for several to choose from."""
    today = clock.today(forum.timezone)
    found = [
        mandate
        for mandate in _here(person, forum)
        if Role(mandate.role) is role
        and (mandate.ends_on is None or mandate.ends_on >= today)
        and (
            organisation is None or (mandate.organisation and folded(mandate.organisation.name) == folded(organisation))
        )
    ]
    if len(found) != 1:
        raise NotFound(what="mandate", id=role.value)
    return found[0]


def _at_once(held: Mandate) -> date:
    """The day with which it ends so that it counts no more today; a role still to come never does."""
    yesterday = clock.today(held.forum.timezone) - timedelta(days=1)
    return max(yesterday, held.starts_on - timedelta(days=1)) if held.starts_on else yesterday


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def waits_mark(mandate: Mandate, pending: Container[UUID]) -> str:
    """What is printed behind a role that a second person has not confirmed; "" for any other."""
    return f" [{say('awaiting second approval')}]" if mandate.id in pending else ""


def _line(mandate: Mandate, pending: Mapping[UUID, tuple[date | None, date | None]]) -> str:
    begins, ends = pending.get(mandate.id, (mandate.starts_on, mandate.ends_on))
    days = say("from %(first)s to %(last)s", first=begins or "…", last=ends or "…")
    organisation = mandate.organisation.name if mandate.organisation else ""
    marks = say("focal point") if mandate.is_steward else "", say("deputy") if mandate.deputy_of_id else ""
    parts = ", ".join(filter(None, (mandate.person.name, organisation, *marks, days)))
    return f"{mandate.role.value:12} {parts}{waits_mark(mandate, pending)}"
