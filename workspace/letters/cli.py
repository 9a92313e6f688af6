"""Commands for whoever looks after the outbox: what waits and what failed, another try, and a test letter."""

from pathlib import Path
from uuid import UUID

import click
import msgspec

from workspace.core.actor import OPERATOR
from workspace.core.cli_support import open_store
from workspace.core.settings import Settings
from workspace.letters import bounces
from workspace.letters.bounces import BouncedAddressService
from workspace.letters.models import LetterState
from workspace.letters.service import LetterService
from workspace.letters.transports import CAUSES, NOT_TRIED, REASONS, Undelivered
from workspace.web.i18n import command_line
from workspace.web.i18n.command_line import read_input, say
from workspace.web.i18n.marking import N_

MOST_BYTES = 5_000_000  # of a message that is read
_NONE = {
    "waiting": N_("No e-mail is waiting."),
    "sent": N_("No e-mail has been sent."),
    "failed": N_("No e-mail has failed."),
}


@command_line.group()
def letters() -> None:
    """List e-mails, and retry those that failed."""


@letters.command("list")
@click.option(
    "--state",
    type=click.Choice(["waiting", "sent", "failed"]),
    default="failed",
    show_default=True,
    help="Which e-mails.",
)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def list_(settings: Settings, state: str, limit: int, *, as_json: bool) -> None:
    """List e-mails, newest first, and why one failed."""
    from workspace.letters.api import LetterOut

    with open_store(settings) as store, store.reading() as db:
        found = LetterService(db).listed(LetterState(state), forum=None, actor=OPERATOR, limit=limit)
        shown = [LetterOut.of(letter) for letter in found]
    if as_json:
        click.echo(msgspec.json.encode(shown))
        return
    for sent in shown:
        lines = (
            f"{sent.id}",
            f"{sent.due_at:%Y-%m-%d %H:%M}",
            f"{sent.kind:16}",
            sent.to,
            f"{sent.attempts}",
            sent.error,
        )
        click.echo("  ".join(lines).rstrip())
    if not shown:
        click.echo(say(_NONE[state]))


@letters.command()
@click.argument("letter_ids", nargs=-1, type=click.UUID)
@click.option("--all", "is_all", is_flag=True, help="All failed e-mails.")
@click.pass_obj
def retry(settings: Settings, letter_ids: tuple[UUID, ...], *, is_all: bool) -> None:
    """Retry e-mails that failed.

    \b
    workspace letters list
    workspace letters retry --all
    """
    if is_all == bool(letter_ids):
        raise click.UsageError(say("Name e-mails, or give --all."))
    with open_store(settings) as store, store.writing() as db:
        service = LetterService(db)
        for letter_id in letter_ids:
            service.retry(letter_id, forum=None, actor=OPERATOR)
        count = service.retry_all(forum=None, actor=OPERATOR) if is_all else len(letter_ids)
    click.echo(say("To be sent again: %(count)s.", count=count))


@letters.command()
@click.argument("address")
@click.option("--language", type=click.Choice(["es", "en", "fr"]), default="en", show_default=True)
@click.pass_obj
def test(settings: Settings, address: str, language: str) -> int:
    """Send a test e-mail.

    Settings: WORKSPACE_SMTP, WORKSPACE_MAIL_FROM, WORKSPACE_MAIL_DIR.
    """
    from workspace.letters.delivery import send_now
    from workspace.letters.rendering import Unwritable

    try:
        send_now(settings, "test", to=address, language=language)
    except (Undelivered, Unwritable) as refusal:
        code = f" {refusal.code}" if isinstance(refusal, Undelivered) and refusal.code else ""
        why = say(REASONS.get(refusal.reason, NOT_TRIED))
        click.echo(say("The e-mail did not leave. %(why)s (%(code)s)", why=why, code=refusal.reason + code), err=True)
        return 1
    if settings.smtp:
        click.echo(say("The server accepted the e-mail to %(address)s.", address=address))
    else:
        click.echo(say("No mail server is set: e-mails become files in “%(folder)s”.", folder=settings.mail_dir))
    return 0


@letters.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True, allow_dash=True), default="-")
@click.pass_obj
def bounced(settings: Settings, file: Path) -> None:
    """Read a mail server’s report about an e-mail.

    FILE is the report, or - for standard input. An address that fails
    permanently gets only sign-in links.

    \b
    workspace letters bounced returned.eml
    """
    returned = bounces.read_bounce(read_input(file, MOST_BYTES))
    if returned is None:
        click.echo(say("Not a report of permanent failure; nothing was changed."))
        return
    with open_store(settings) as store, store.writing() as db:
        found = bounces.record_bounce(db, returned, actor=OPERATOR)
        address = found.address if found else ""
    if address:
        said = say("Marked %(address)s: %(code)s.", address=address, code=returned.code)
        click.echo(said)
    else:
        click.echo(say("It names no e-mail from here; nothing was changed."))


@letters.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def unreached(settings: Settings, *, as_json: bool) -> None:
    """List whom e-mails do not reach, and why."""
    with open_store(settings) as store, store.reading() as db:
        found = BouncedAddressService(db).listed(forum=None, actor=OPERATOR)
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    for recipient in found:
        whose = ", ".join(part for part in (recipient.name, recipient.organisation) if part)
        why = say(CAUSES[recipient.cause])
        click.echo(
            "  ".join((recipient.address, whose or "-", f"{recipient.since:%Y-%m-%d}", f"{why} ({recipient.code})"))
        )
    if not found:
        click.echo(say("E-mails reach everybody."))


@letters.command("write-again")
@click.argument("address")
@click.pass_obj
def write_again(settings: Settings, address: str) -> int:
    """Write to a failing address again."""
    with open_store(settings) as store, store.writing() as db:
        service = BouncedAddressService(db)
        listed = service.listed(forum=None, actor=OPERATOR)
        letter = next((recipient.letter for recipient in listed if recipient.address == address.casefold()), None)
        if letter:
            service.write_again(letter, forum=None, actor=OPERATOR)
    if letter is None:
        click.echo(say("No e-mail has come back from %(address)s.", address=address), err=True)
        return 1
    click.echo(say("E-mails go to %(address)s again.", address=address))
    return 0
