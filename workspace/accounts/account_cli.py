"""Commands for the operator: found a forum, accounts, invitations, and what acts for them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

import click

from workspace.accounts.domain import models
from workspace.accounts.domain.credentials import Credential, CredentialService
from workspace.accounts.domain.joining import NewForum, found_forum
from workspace.accounts.domain.models import Account
from workspace.accounts.domain.service import AccountService, SecondFactorService
from workspace.accounts.domain.sign_ins import browser_name
from workspace.accounts.domain.tickets import TicketService
from workspace.accounts.role_cli import ROLES, SECOND, confirmed_line, in_forum, waits_mark
from workspace.approvals.roles import waiting_days
from workspace.core.actor import ERASED_PERSON, OPERATOR, Role
from workspace.core.cli_support import open_store
from workspace.core.errors import NotFound
from workspace.core.settings import Settings
from workspace.core.storage.db import Trilingual
from workspace.people.zones import zone_of
from workspace.web.i18n import command_line
from workspace.web.i18n.command_line import say
from workspace.web.i18n.marking import N_

_LANGUAGE = click.option("--language", type=click.Choice(["es", "en", "fr"]), default="en", show_default=True)


@command_line.command()
@click.argument("forum", required=False)
@click.option("--network", help="Name of the network.")
@click.option("--name", help="Name of the forum, where no other is given.")
@click.option("--name-es", help="Name in Spanish.")
@click.option("--name-en", help="Name in English.")
@click.option("--name-fr", help="Name in French.")
@click.option("--place", default="", help="Place.")
@click.option("--timezone", help="Time zone, for example Europe/Madrid; without it, that of the place.")
@click.option("--starts", type=command_line.DayParameter(), help="First day, as 2027-06-10.")
@click.option("--ends", type=command_line.DayParameter(), help="Last day.")
@click.option("--admin", help="Its first administrator and chair.")
@click.option("--email", help="Address of the administrator's account.")
@_LANGUAGE
@click.pass_obj
def init(settings: Settings, /, *, forum: str | None, network: str | None, name: str | None, **given: object) -> None:
    """Prepare the database and create a forum.

    A terminal asks for what is missing.

    \b
    workspace init
    workspace init third-forum --network "Network of Towns" --name "Third Forum" \\
                   --place "Bilbao, Spain" --admin "Ana Ruiz" --email ana@example.org
    """
    network = _prompted(network, say("Name of the network"), "--network")
    name = name or next((str(each) for key, each in given.items() if each and key.startswith("name_")), None)
    name = _prompted(name, say("Name of the forum"), "--name")
    forum = _prompted(forum, say("Short name for addresses, such as third-forum"), "FORUM")
    place = Trilingual.of(dict.fromkeys(("es", "en", "fr"), str(given["place"])))
    zone = _prompted(given["timezone"] or zone_of(place), say("Time zone, such as Europe/Madrid"), "--timezone")
    admin, email = _first_administrator(given)
    new = NewForum(
        network=Trilingual(es=network, en=network, fr=network),
        slug=forum,
        name=Trilingual.of({language: str(given[f"name_{language}"] or name) for language in ("es", "en", "fr")}),
        place=place,
        timezone=zone,
        **_days(given),
    )
    with open_store(settings, creates=True) as store, store.writing() as db:
        link = found_forum(db, new, name=admin, email=email, language=str(given["language"]))
        database = store.address
    click.echo(say("Created %(forum)s in %(database)s; time zone %(zone)s.", forum=forum, database=database, zone=zone))
    if link:
        _say_link(settings, link)
    elif not email:
        click.echo(
            say("Next: %(command)s", command=f"workspace user add NAME --forum {forum} --role chair --email ADDRESS")
        )


@command_line.group()
def user() -> None:
    """Add people and manage their accounts."""


@user.command()
@click.argument("name")
@click.option("--forum", required=True, help="The forum.")
@click.option("--role", type=click.Choice(ROLES), required=True, help="The role.")
@click.option("--organisation", help="Organisation; added if new.")
@click.option("--email", help="Account address; a link to set the password is printed.")
@_LANGUAGE
@SECOND
@click.pass_obj
def add(
    settings: Settings,
    /,
    *,
    name: str,
    forum: str,
    role: str,
    organisation: str | None,
    email: str | None,
    language: str,
    second: str | None,
) -> None:
    """Add NAME to a forum, with a role.

    \b
    workspace user add "Ana Ruiz" --forum third-forum --role chair --language es
    """
    link = ""
    with in_forum(settings, forum) as room:
        db = room.db
        person = room.people.add_person(
            room.forum,
            name=name,
            role=Role(role),
            organisation=room.organisation(organisation),
            language=language,
            by_two=True,
            actor=OPERATOR,
        )
        line = confirmed_line(db, room.forum, person.mandates[0], second)
        waits = person.mandates[0].is_void
        if email:
            AccountService(db).add_account(person, email=email, actor=OPERATOR)
            link = TicketService(db).operator_link(person, actor=OPERATOR)
    click.echo(line if waits else say("Added %(name)s as %(role)s.", name=name, role=role))
    if link:
        _say_link(settings, link)


@user.command()
@click.argument("email")
@click.option("--forum", required=True, help="The forum.")
@click.option("--role", type=click.Choice(ROLES), required=True, help="The role.")
@click.option("--organisation", help="Organisation; added if new.")
@click.option("--name", default="", help="Their name; they can correct it.")
@_LANGUAGE
@click.pass_obj
def invite(
    settings: Settings, /, *, email: str, forum: str, role: str, organisation: str | None, name: str, language: str
) -> None:
    """Invite an address to a role by e-mail.

    \b
    workspace user invite luc@example.org --forum third-forum --role member --organisation "Port Town"
    """
    with in_forum(settings, forum) as room:
        TicketService(room.db).invite(
            room.forum,
            email=email,
            role=Role(role),
            organisation=room.organisation(organisation),
            name=name,
            language=language,
            actor=OPERATOR,
        )
    click.echo(say("Invitation to %(email)s queued.", email=email))


@user.command("list")
@click.option("--forum", required=True)
@click.pass_obj
def list_(settings: Settings, forum: str) -> None:
    """List the people of a forum."""
    with in_forum(settings, forum, writes=False) as room:
        found = room.people.people(room.forum)
        emails = AccountService(room.db).emails_of(person.id for person, _ in found)
        pending = waiting_days(room.db, room.forum)
        for person, mandate in found:
            organisation = f", {mandate.organisation.name}" if mandate.organisation else ""
            email = f" <{emails[person.id]}>" if person.id in emails else ""
            name = say(ERASED_PERSON) if person.name == ERASED_PERSON else person.name
            click.echo(f"{mandate.role.value:12} {name}{organisation}{email}{waits_mark(mandate, pending)}")


@user.command()
@click.argument("email")
@click.option("--remove-second-factor", is_flag=True, help="For a lost phone without recovery codes.")
@click.pass_obj
def reset(settings: Settings, email: str, *, remove_second_factor: bool) -> None:
    """Print a link that sets a new password.

    Valid once, for an hour. Make sure who asks before you hand it over.
    """
    with _account(settings, email) as (accounts, account):
        if remove_second_factor:
            SecondFactorService(accounts.db).reset(account, actor=OPERATOR)
        link = TicketService(accounts.db).operator_link(account.person, actor=OPERATOR)
    _say_link(settings, link)


@user.command("end-sessions")
@click.argument("email")
@click.pass_obj
def end_sessions(settings: Settings, email: str) -> None:
    """End every sign-in, token and link of an account."""
    with _account(settings, email) as (accounts, account):
        accounts.end_everything(account.person_id, actor=OPERATOR)
    click.echo(say("%(email)s is signed out; tokens, links and invitations are void.", email=email))


@user.command()
@click.argument("email")
@click.pass_obj
def close(settings: Settings, email: str) -> None:
    """Close an account."""
    with _account(settings, email) as (accounts, account):
        accounts.close(account.person_id, actor=OPERATOR)
    click.echo(say("Account %(email)s closed.", email=email))


@user.command()
@click.argument("email")
@click.pass_obj
def reopen(settings: Settings, email: str) -> None:
    """Reopen a closed account."""
    with _account(settings, email) as (accounts, account):
        accounts.reopen(account.person_id, actor=OPERATOR)
    click.echo(say("Account %(email)s reopened.", email=email))


@contextmanager
def _account(settings: Settings, email: str, *, writes: bool = True) -> Iterator[tuple[AccountService, Account]]:
    """The service, in a unit of work, with the account of this address; raises `NotFound`."""
    with open_store(settings) as store, store.writing() if writes else store.reading() as db:
        accounts = AccountService(db)
        if (account := accounts.by_email(email)) is None:
            raise NotFound(what="account", id=email)
        yield accounts, account


def _prompted(value: object, question: str, option: str) -> str:
    """What was given, or what the person at the terminal answers."""
    if value:
        return str(value)
    if not sys.stdin.isatty():
        raise click.UsageError(say("%(option)s is missing.", option=option))
    answer: str = click.prompt(question)
    return answer


def _first_administrator(given: dict[str, object]) -> tuple[str, str]:
    """Name and address of the first administrator; both empty for none."""
    admin, email = str(given["admin"] or ""), str(given["email"] or "")
    if not email and not admin and sys.stdin.isatty():
        admin = click.prompt(say("Your name, as administrator and chair (empty for nobody)"), default="")
    if admin and not email:
        email = _prompted("", say("E-mail address of %(name)s", name=admin), "--email")
    if email and not admin:
        admin = _prompted("", say("Name of %(email)s", email=email), "--admin")
    return admin, email


def _days(given: dict[str, object]) -> dict[str, date]:
    named = {"starts": "starts_on", "ends": "ends_on"}
    return {field: value.date() for option, field in named.items() if isinstance(value := given[option], datetime)}


def _say_link(settings: Settings, path: str) -> None:
    click.echo(say("Set the password within one hour (the link works once):"))
    click.echo(f"  {settings.address}{path}")


_FORUM = click.option("--forum", required=True, help="The forum.")
_KINDS = {False: N_("browser"), True: N_("program")}


@command_line.command("accounts")
@click.pass_obj
def list_accounts(settings: Settings) -> None:
    """List every account."""
    with open_store(settings) as store, store.reading() as db:
        found = CredentialService(db).accounts(actor=OPERATOR)
        for account in found:
            states = [
                say("closed") if account.closed_at else "",
                say("asks for a code too") if account.has_factor else "",
                "" if account.password_hash else say("has no password yet"),
            ]
            click.echo("  ".join([account.email, account.person.name, ", ".join(filter(None, states))]).rstrip())
    if not found:
        click.echo(say("No accounts yet."))


@command_line.command("sessions")
@click.argument("email")
@click.pass_obj
def list_sessions(settings: Settings, email: str) -> None:
    """List where somebody is signed in."""
    with _account(settings, email, writes=False) as (accounts, account):
        found = CredentialService(accounts.db).to(account, actor=OPERATOR)
    for access in found:
        click.echo(_line(access))
    if not found:
        click.echo(say("No sign-in or token of %(email)s is open.", email=email))


@command_line.command("end-session")
@click.argument("email")
@click.argument("session_id", type=click.UUID)
@click.pass_obj
def end_session(settings: Settings, email: str, session_id: UUID) -> None:
    """End a sign-in or revoke a token."""
    with _account(settings, email) as (accounts, account):
        CredentialService(accounts.db).end(account, session_id, actor=OPERATOR)
    click.echo(say("Ended; the others of %(email)s remain.", email=email))


@command_line.command("invitations")
@_FORUM
@click.pass_obj
def list_invitations(settings: Settings, forum: str) -> None:
    """List open invitations."""
    with in_forum(settings, forum, writes=False) as room:
        found = TicketService(room.db).invitations(room.forum, actor=OPERATOR)
        for ticket in found:
            role = ticket.role.value if ticket.role else "-"
            until = say("until %(moment)s", moment=_moment(ticket.expires_at))
            click.echo(f"{role:12} {ticket.email}, {until}")
    if not found:
        click.echo(say("No open invitation."))


@command_line.command("withdraw-invitation")
@click.argument("email")
@_FORUM
@click.pass_obj
def withdraw_invitation(settings: Settings, email: str, forum: str) -> None:
    """Withdraw an invitation."""
    with in_forum(settings, forum) as room:
        where, tickets = room.forum, TicketService(room.db)
        wanted = [
            ticket.id
            for ticket in tickets.invitations(where, actor=OPERATOR)
            if ticket.email == models.fold_email(email)
        ]
        if not wanted:
            raise NotFound(what="invitation", id=email)
        for ticket_id in wanted:
            tickets.revoke(where, ticket_id, actor=OPERATOR)
    click.echo(say("Withdrew the invitation to %(email)s.", email=email))


def _line(access: Credential) -> str:
    called = access.called if access.is_program else ", ".join(filter(None, browser_name(access.called))) or "?"
    seen = say("last seen %(moment)s", moment=_moment(access.seen_at)) if access.seen_at else say("never used")
    return f"{access.id}  {say(_KINDS[access.is_program]):10} {called}; {seen}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
