"""Commands for the operator: which accounts there are, what acts for them, and invitations that wait."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import click

from workspace.core.actor import OPERATOR
from workspace.core.settings import Settings
from workspace.web import spoken
from workspace.web.marking import N_
from workspace.web.spoken import say

if TYPE_CHECKING:
    from workspace.accounts.lent import Lent

_FORUM = click.option("--forum", required=True, help="The forum they are invited to.")
_KINDS = {False: N_("browser"), True: N_("program")}


@spoken.command("accounts")
@click.pass_obj
def list_accounts(settings: Settings) -> None:
    """List every account of the workspace: address, name, and whether it is closed or asks for a second step."""
    from workspace.accounts.lent import LentService
    from workspace.core.console import opened

    with opened(settings) as store, store.reading() as db:
        for one in LentService(db).accounts(actor=OPERATOR):
            states = [
                say("closed") if one.closed_at else "",
                say("asks for a code too") if one.has_factor else "",
                "" if one.password_hash else say("has no password yet"),
            ]
            click.echo("  ".join([one.email, one.person.name, ", ".join(filter(None, states))]).rstrip())


@spoken.command("sessions")
@click.argument("email")
@click.pass_obj
def list_sessions(settings: Settings, email: str) -> None:
    """List the browsers that are signed in as the account EMAIL, and the tokens of its programs, each with its id."""
    from workspace.accounts.lent import LentService
    from workspace.accounts.service import AccountService
    from workspace.core.console import opened
    from workspace.core.errors import NotFound

    with opened(settings) as store, store.reading() as db:
        account = AccountService(db).by_email(email)
        if account is None:
            raise NotFound(what="account", id=email)
        found = LentService(db).to(account, actor=OPERATOR)
    for access in found:
        click.echo(_line(access))
    if not found:
        click.echo(say("Nobody is signed in as %(email)s, and no program acts for it.", email=email))


@spoken.command("end-session")
@click.argument("email")
@click.argument("session_id", type=click.UUID)
@click.pass_obj
def end_session(settings: Settings, email: str, session_id: UUID) -> None:
    """End one browser’s sign-in, or one program’s token, of the account EMAIL; “user sessions” tells its id.

    From the next request on it is good for nothing. “user end-sessions” ends everything at once.
    """
    from workspace.accounts.lent import LentService
    from workspace.accounts.service import AccountService
    from workspace.core.console import opened
    from workspace.core.errors import NotFound

    with opened(settings) as store, store.writing() as db:
        account = AccountService(db).by_email(email)
        if account is None:
            raise NotFound(what="account", id=email)
        LentService(db).end(account, session_id, actor=OPERATOR)
    click.echo(say("Ended. The others of %(email)s go on.", email=email))


@spoken.command("invitations")
@_FORUM
@click.pass_obj
def list_invitations(settings: Settings, forum: str) -> None:
    """List the invitations to a forum that nobody has accepted yet: address, role, and until when they are good."""
    from workspace.accounts.tickets import TicketService
    from workspace.core.console import opened
    from workspace.people.service import PeopleService

    with opened(settings) as store, store.reading() as db:
        found = TicketService(db).invitations(PeopleService(db).forum(forum), actor=OPERATOR)
        for one in found:
            role = one.role.value if one.role else "-"
            until = say("until %(moment)s", moment=_moment(one.expires_at))
            click.echo(f"{role:12} {one.email}, {until}")
    if not found:
        click.echo(say("No invitation waits."))


@spoken.command("withdraw-invitation")
@click.argument("email")
@_FORUM
@click.pass_obj
def withdraw_invitation(settings: Settings, email: str, forum: str) -> None:
    """Withdraw the invitation to the address EMAIL: its link works no more."""
    from workspace.accounts import addresses
    from workspace.accounts.tickets import TicketService
    from workspace.core.console import opened
    from workspace.core.errors import NotFound
    from workspace.people.service import PeopleService

    with opened(settings) as store, store.writing() as db:
        where, tickets = PeopleService(db).forum(forum), TicketService(db)
        wanted = [one.id for one in tickets.invitations(where, actor=OPERATOR) if one.email == addresses.folded(email)]
        if not wanted:
            raise NotFound(what="invitation", id=email)
        for ticket_id in wanted:
            tickets.revoke(where, ticket_id, actor=OPERATOR)
    click.echo(say("Withdrew the invitation to %(email)s.", email=email))


def _line(access: "Lent") -> str:
    from workspace.accounts.browsers import named

    called = access.called if access.is_program else ", ".join(filter(None, named(access.called))) or "?"
    seen = say("last seen %(moment)s", moment=_moment(access.seen_at)) if access.seen_at else say("never used")
    return f"{access.id}  {say(_KINDS[access.is_program]):10} {called}; {seen}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
