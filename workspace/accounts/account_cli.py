"""Commands for the operator: found a forum, accounts, invitations, and what acts for them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import click

from workspace.accounts.role_cli import SECOND, confirmed_line
from workspace.core.actor import OPERATOR, Role
from workspace.core.settings import Settings
from workspace.web.i18n import command_line
from workspace.web.i18n.command_line import say
from workspace.web.i18n.marking import N_

if TYPE_CHECKING:
    from datetime import date

    from workspace.accounts.domain.models import Account
    from workspace.core.storage.db import Db

_ROLES = [role.value for role in Role if role not in {Role.ANON, Role.GUEST, Role.OTHER_ORG}]
_LANGUAGE = click.option("--language", type=click.Choice(["es", "en", "fr"]), default="en", show_default=True)
_LOCAL = "http://127.0.0.1:8017"  # where `serve` answers unless it is told otherwise


@command_line.command()
@click.argument("forum", required=False)
@click.option("--network", help="Name of the network that holds the forum.")
@click.option("--name", help="Name of the forum, in the language without an option of its own.")
@click.option("--name-es", help="Its name in Spanish.")
@click.option("--name-en", help="Its name in English.")
@click.option("--name-fr", help="Its name in French.")
@click.option("--place", default="", help="Where it meets.")
@click.option("--timezone", default="UTC", show_default=True, help="Time zone of the place, for example Europe/Madrid.")
@click.option("--starts", type=command_line.DayParameter(), help="First day, as 2027-06-10.")
@click.option("--ends", type=command_line.DayParameter(), help="Last day.")
@click.option("--admin", help="Name of its first administrator, who is its chair too.")
@click.option("--email", help="Address of the administrator's account.")
@_LANGUAGE
@click.pass_obj
def init(settings: Settings, /, *, forum: str | None, network: str | None, name: str | None, **given: object) -> None:
    """Prepare the database and found FORUM.

    FORUM is the word that stands in its addresses: small letters, digits and
    hyphens. In a terminal, what is not given is asked for. With --admin and
    --email it has its first account: a link to set the password is printed,
    good for one hour. Nothing is changed when the forum is there already.

    \b
    workspace init
    workspace init third-forum --network "Network of Towns" --name "Third Forum" \\
                   --admin "Ana Ruiz" --email ana@example.org
    """
    from workspace.accounts.domain.joining import NewForum, found_forum
    from workspace.core.cli_support import open_store
    from workspace.core.storage.db import Trilingual

    network = _prompted(network, say("Name of the network"), "--network")
    name = _prompted(name, say("Name of the forum"), "--name")
    forum = _prompted(forum, say("Word for its addresses, such as third-forum"), "FORUM")
    admin, email = _first_administrator(given)
    new = NewForum(
        network=Trilingual(es=network, en=network, fr=network),
        slug=forum,
        name=Trilingual.of({language: str(given[f"name_{language}"] or name) for language in ("es", "en", "fr")}),
        place=Trilingual.of(dict.fromkeys(("es", "en", "fr"), str(given["place"]))),
        timezone=str(given["timezone"]),
        **_days(given),
    )
    with open_store(settings, creates=True) as store, store.writing() as db:
        link = found_forum(db, new, name=admin, email=email, language=str(given["language"]))
        database = store.address
    click.echo(say("Founded %(forum)s in %(database)s.", forum=forum, database=database))
    if link:
        _say_link(settings, link)
    elif not email:
        click.echo(
            say("Next: %(command)s", command=f"workspace user add NAME --forum {forum} --role chair --email ADDRESS")
        )


@command_line.group()
def user() -> None:
    """Add people to a forum, list them, and look after their accounts."""


@user.command()
@click.argument("name")
@click.option("--forum", required=True, help="The forum they take part in.")
@click.option("--role", type=click.Choice(_ROLES), required=True, help="What they are there.")
@click.option("--organisation", help="Whom they stand for; added if it is new.")
@click.option("--email", help="Give them an account with this address, and print a link to set the password.")
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
    """Add the person NAME to a forum, with one role.

    \b
    workspace user add "Ana Ruiz" --forum third-forum --role chair --language es
    """
    from workspace.accounts.domain.service import AccountService
    from workspace.accounts.domain.tickets import TicketService
    from workspace.core.cli_support import open_store
    from workspace.people.service import PeopleService

    link = ""
    with open_store(settings) as store, store.writing() as db:
        people = PeopleService(db)
        where = people.forum(forum)
        person = people.add_person(
            where,
            name=name,
            role=Role(role),
            organisation=people.organisation_named(where, organisation, actor=OPERATOR) if organisation else None,
            language=language,
            by_two=True,
            actor=OPERATOR,
        )
        line = confirmed_line(db, where, person.mandates[0], second)
        waits = person.mandates[0].is_void
        if email:
            AccountService(db).add_account(person, email=email, actor=OPERATOR)
            link = TicketService(db).operator_link(person, actor=OPERATOR)
    click.echo(line if waits else say("Added %(name)s as %(role)s.", name=name, role=role))
    if link:
        _say_link(settings, link)


@user.command(line=N_("Invite an address to a role, by a letter."))
@click.argument("email")
@click.option("--forum", required=True, help="The forum to invite them to.")
@click.option("--role", type=click.Choice(_ROLES), required=True, help="What they will be there.")
@click.option("--organisation", help="Whom they will stand for; added if it is new.")
@click.option("--name", default="", help="How they are called; they can correct it.")
@_LANGUAGE
@click.pass_obj
def invite(
    settings: Settings, /, *, email: str, forum: str, role: str, organisation: str | None, name: str, language: str
) -> None:
    """Invite the address EMAIL to a role, by a letter that is good for 14 days.

    \b
    workspace user invite luc@example.org --forum third-forum --role member --organisation "Port Town"
    """
    from workspace.accounts.domain.tickets import TicketService
    from workspace.core.cli_support import open_store
    from workspace.people.service import PeopleService

    with open_store(settings) as store, store.writing() as db:
        people = PeopleService(db)
        where = people.forum(forum)
        TicketService(db).invite(
            where,
            email=email,
            role=Role(role),
            organisation=people.organisation_named(where, organisation, actor=OPERATOR) if organisation else None,
            name=name,
            language=language,
            actor=OPERATOR,
        )
    click.echo(
        say(
            "The invitation to %(email)s is in the outbox; “workspace serve” or “workspace worker” sends it.",
            email=email,
        )
    )


@user.command("list", line=N_("List who takes part in a forum."))
@click.option("--forum", required=True)
@click.pass_obj
def list_(settings: Settings, forum: str) -> None:
    """List who takes part in a forum: role, name, organisation, address of the account."""
    from workspace.accounts.domain.service import AccountService
    from workspace.core.actor import ERASED_PERSON
    from workspace.core.cli_support import open_store
    from workspace.people.service import PeopleService

    with open_store(settings) as store, store.reading() as db:
        people = PeopleService(db)
        found = people.people(people.forum(forum))
        emails = AccountService(db).emails_of(person.id for person, _ in found)
        for person, mandate in found:
            organisation = f", {mandate.organisation.name}" if mandate.organisation else ""
            email = f" <{emails[person.id]}>" if person.id in emails else ""
            name = say(ERASED_PERSON) if person.name == ERASED_PERSON else person.name
            click.echo(f"{mandate.role.value:12} {name}{organisation}{email}")


@user.command(line=N_("Print a link that sets a new password."))
@click.argument("email")
@click.option("--remove-second-factor", is_flag=True, help="For somebody who has lost telephone and recovery codes.")
@click.pass_obj
def reset(settings: Settings, email: str, *, remove_second_factor: bool) -> None:
    """Print a link by which the owner of the account EMAIL sets a new password.

    The link is good for one hour, and once. Hand it to the person yourself,
    after making sure that it is them who ask.
    """
    from workspace.accounts.domain.service import SecondFactorService
    from workspace.accounts.domain.tickets import TicketService

    with _account(settings, email) as (db, account):
        if remove_second_factor:
            SecondFactorService(db).reset(account, actor=OPERATOR)
        link = TicketService(db).operator_link(account.person, actor=OPERATOR)
    _say_link(settings, link)


@user.command("end-sessions", line=N_("End every sign-in, token and link of an account."))
@click.argument("email")
@click.pass_obj
def end_sessions(settings: Settings, email: str) -> None:
    """End every sign-in, token, link and invitation of the account EMAIL, at once."""
    from workspace.accounts.domain.service import AccountService

    with _account(settings, email) as (db, account):
        AccountService(db).end_everything(account.person_id, actor=OPERATOR)
    click.echo(say("%(email)s is signed out everywhere; tokens, links and invitations have ended too.", email=email))


@user.command(line=N_("Close an account: nobody signs in with it any more."))
@click.argument("email")
@click.pass_obj
def close(settings: Settings, email: str) -> None:
    """Close the account EMAIL: nobody signs in with it any more. Roles and what was written stay."""
    from workspace.accounts.domain.service import AccountService

    with _account(settings, email) as (db, account):
        AccountService(db).close(account.person_id, actor=OPERATOR)
    click.echo(say("Closed the account %(email)s.", email=email))


@user.command(line=N_("Let a closed account be used again."))
@click.argument("email")
@click.pass_obj
def reopen(settings: Settings, email: str) -> None:
    """Let the closed account EMAIL be used again, with the password it had."""
    from workspace.accounts.domain.service import AccountService

    with _account(settings, email) as (db, account):
        AccountService(db).reopen(account.person_id, actor=OPERATOR)
    click.echo(say("The account %(email)s is open again.", email=email))


@contextmanager
def _account(settings: Settings, email: str) -> "Iterator[tuple[Db, Account]]":
    """A unit of work with the account of this address; raises `NotFound`."""
    from workspace.accounts.domain.service import AccountService
    from workspace.core.cli_support import open_store
    from workspace.core.errors import NotFound

    with open_store(settings) as store, store.writing() as db:
        account = AccountService(db).by_email(email)
        if account is None:
            raise NotFound(what="account", id=email)
        yield db, account


def _prompted(value: str | None, question: str, option: str) -> str:
    """What was given, or what the person at the terminal answers."""
    if value:
        return value
    if not sys.stdin.isatty():
        raise click.UsageError(say("%(option)s is missing.", option=option))
    answer: str = click.prompt(question)
    return answer


def _first_administrator(given: dict[str, object]) -> tuple[str, str]:
    """Name and address of the first administrator; both empty for none."""
    admin, email = str(given["admin"] or ""), str(given["email"] or "")
    if not email and not admin and sys.stdin.isatty():
        admin = click.prompt(say("Your name, to be its administrator and chair (empty for nobody)"), default="")
    if admin and not email:
        email = _prompted("", say("E-mail address of %(name)s", name=admin), "--email")
    if email and not admin:
        admin = _prompted("", say("Name of %(email)s", email=email), "--admin")
    return admin, email


def _days(given: dict[str, object]) -> dict[str, "date"]:
    from datetime import datetime

    named = {"starts": "starts_on", "ends": "ends_on"}
    return {field: value.date() for option, field in named.items() if isinstance(value := given[option], datetime)}


def _say_link(settings: Settings, path: str) -> None:
    click.echo(say("Set the password in a browser, within one hour; the link works once:"))
    click.echo(f"  {settings.url or _LOCAL}{path}")


if TYPE_CHECKING:
    from workspace.accounts.domain.credentials import Credential

_FORUM = click.option("--forum", required=True, help="The forum they are invited to.")
_KINDS = {False: N_("browser"), True: N_("program")}


@command_line.command("accounts")
@click.pass_obj
def list_accounts(settings: Settings) -> None:
    """List every account of the workspace: address, name, and whether it is closed or asks for a second step."""
    from workspace.accounts.domain.credentials import CredentialService
    from workspace.core.cli_support import open_store

    with open_store(settings) as store, store.reading() as db:
        for account in CredentialService(db).accounts(actor=OPERATOR):
            states = [
                say("closed") if account.closed_at else "",
                say("asks for a code too") if account.has_factor else "",
                "" if account.password_hash else say("has no password yet"),
            ]
            click.echo("  ".join([account.email, account.person.name, ", ".join(filter(None, states))]).rstrip())


@command_line.command("sessions")
@click.argument("email")
@click.pass_obj
def list_sessions(settings: Settings, email: str) -> None:
    """List the browsers that are signed in as the account EMAIL, and the tokens of its programs, each with its id."""
    from workspace.accounts.domain.credentials import CredentialService
    from workspace.accounts.domain.service import AccountService
    from workspace.core.cli_support import open_store
    from workspace.core.errors import NotFound

    with open_store(settings) as store, store.reading() as db:
        account = AccountService(db).by_email(email)
        if account is None:
            raise NotFound(what="account", id=email)
        found = CredentialService(db).to(account, actor=OPERATOR)
    for access in found:
        click.echo(_line(access))
    if not found:
        click.echo(say("Nobody is signed in as %(email)s, and no program acts for it.", email=email))


@command_line.command("end-session")
@click.argument("email")
@click.argument("session_id", type=click.UUID)
@click.pass_obj
def end_session(settings: Settings, email: str, session_id: UUID) -> None:
    """End one browser’s sign-in, or one program’s token, of the account EMAIL; “user sessions” tells its id.

    From the next request on it is good for nothing. “user end-sessions” ends everything at once.
    """
    from workspace.accounts.domain.credentials import CredentialService
    from workspace.accounts.domain.service import AccountService
    from workspace.core.cli_support import open_store
    from workspace.core.errors import NotFound

    with open_store(settings) as store, store.writing() as db:
        account = AccountService(db).by_email(email)
        if account is None:
            raise NotFound(what="account", id=email)
        CredentialService(db).end(account, session_id, actor=OPERATOR)
    click.echo(say("Ended. The others of %(email)s go on.", email=email))


@command_line.command("invitations")
@_FORUM
@click.pass_obj
def list_invitations(settings: Settings, forum: str) -> None:
    """List the invitations to a forum that nobody has accepted yet: address, role, and until when they are good."""
    from workspace.accounts.domain.tickets import TicketService
    from workspace.core.cli_support import open_store
    from workspace.people.service import PeopleService

    with open_store(settings) as store, store.reading() as db:
        found = TicketService(db).invitations(PeopleService(db).forum(forum), actor=OPERATOR)
        for ticket in found:
            role = ticket.role.value if ticket.role else "-"
            until = say("until %(moment)s", moment=_moment(ticket.expires_at))
            click.echo(f"{role:12} {ticket.email}, {until}")
    if not found:
        click.echo(say("No invitation waits."))


@command_line.command("withdraw-invitation")
@click.argument("email")
@_FORUM
@click.pass_obj
def withdraw_invitation(settings: Settings, email: str, forum: str) -> None:
    """Withdraw the invitation to the address EMAIL: its link works no more."""
    from workspace.accounts.domain import models
    from workspace.accounts.domain.tickets import TicketService
    from workspace.core.cli_support import open_store
    from workspace.core.errors import NotFound
    from workspace.people.service import PeopleService

    with open_store(settings) as store, store.writing() as db:
        where, tickets = PeopleService(db).forum(forum), TicketService(db)
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


def _line(access: "Credential") -> str:
    from workspace.accounts.domain.sign_ins import browser_name

    called = access.called if access.is_program else ", ".join(filter(None, browser_name(access.called))) or "?"
    seen = say("last seen %(moment)s", moment=_moment(access.seen_at)) if access.seen_at else say("never used")
    return f"{access.id}  {say(_KINDS[access.is_program]):10} {called}; {seen}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
