"""Commands for looking after a server that is in use: letting nothing be written, and moving to another database."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click

from workspace.core.errors import Invalid
from workspace.core.settings import Settings
from workspace.web.i18n import command_line
from workspace.web.i18n.command_line import number_text, print_json, say
from workspace.web.i18n.marking import N_

_ORIGINS = {"environment": N_("(from the environment)"), "file": N_("(from the file)")}


@command_line.group()
def maintenance() -> None:
    """Make the workspace read-only for a while.

    Only `workspace migrate` then changes the database.
    """


@maintenance.command("on")
@click.option("--minutes", type=click.IntRange(1, 1_440), help="Announced duration.")
@click.pass_obj
def switch_on(settings: Settings, minutes: int | None) -> None:
    """Begin; when this returns, nothing is being written."""
    from workspace.core import clock
    from workspace.core.cli_support import open_store
    from workspace.core.storage.maintenance import begin

    with open_store(settings) as store:
        begin(store, clock.now() + timedelta(minutes=minutes) if minutes else None)
    click.echo(say("Read-only until “workspace maintenance off”."))


@maintenance.command("off")
@click.option("--although-moved", is_flag=True, help="Even if the database was moved to another.")
@click.pass_obj
def switch_off(settings: Settings, *, although_moved: bool) -> None:
    """End it: writing is open again."""
    from workspace.core.cli_support import open_store
    from workspace.core.storage.maintenance import end

    with open_store(settings) as store:
        end(store, although_moved=although_moved)
    click.echo(say("Writing is open again."))


@maintenance.command("status")
@click.pass_obj
def show_switch(settings: Settings) -> int:
    """Say whether it is on (exit code 1)."""
    from workspace.core.cli_support import open_store
    from workspace.core.storage.db import MOVED
    from workspace.core.storage.maintenance import current

    with open_store(settings) as store, store.reading() as db:
        switch = current(db)
    if switch is None:
        click.echo(say("Writing is open."))
        return 0
    if switch.id == MOVED:
        click.echo(say("This database was moved: it is read-only."))
        return 1
    since = f"{switch.since:%Y-%m-%d %H:%M} UTC"
    if switch.until:
        until = f"{switch.until:%Y-%m-%d %H:%M} UTC"
        click.echo(say("Read-only from %(since)s to %(until)s.", since=since, until=until))
    else:
        click.echo(say("Read-only since %(since)s.", since=since))
    return 1


@command_line.command("settings")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def list_settings(settings: Settings, *, as_json: bool) -> None:
    """List settings and where they come from.

    A setting is an environment variable, or in the file WORKSPACE_CONFIG:
    TOML (url = "https://…"), or lines of WORKSPACE_URL=https://…. The
    environment prevails.
    """
    from workspace.core.settings import explained

    found = list(explained(settings))
    if as_json:
        print_json(found)
        return
    for setting in found:
        origin = f"  {say(_ORIGINS[setting.comes_from])}" if setting.comes_from else ""
        click.echo(f"{setting.name} = {setting.value or '–'}{origin}")
        usual = say("; usually %(value)s", value=setting.usual) if setting.usual and setting.comes_from else ""
        click.echo(f"    {say(setting.meaning)}{usual}")


@command_line.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--address", default="declaration.example.org", show_default=True, help="The public name of the server.")
def deploy(folder: Path, address: str) -> None:
    """Write the files that a server needs.

    \b
    workspace deploy server --address declaration.example.org

    Read its README.md first. Existing files are left unchanged.
    """

    for path, is_new in write_server_files(folder, address=address):
        click.echo(say("wrote %(file)s", file=path) if is_new else say("unchanged: %(file)s", file=path))


@command_line.command()
@click.pass_obj
def reindex(settings: Settings) -> None:
    """Index anew what the search finds.

    Restoring and importing do this themselves.
    """
    from workspace.core.cli_support import open_store
    from workspace.core.storage.search_index import rebuild

    with open_store(settings) as store, store.writing() as db:
        click.echo(number_text(rebuild(db)))


@command_line.command()
@click.option(
    "--to", "address", required=True, metavar="URL", help="An empty database: postgresql+psycopg://… or sqlite:///…"
)
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False, exists=True), help="Folder with room for two backups."
)
@click.pass_obj
def move(settings: Settings, address: str, folder: Path | None) -> None:
    """Copy everything into another database.

    Servers are read-only meanwhile, and the old database stays so: set
    WORKSPACE_DATABASE_URL to the new one and restart them.

    \b
    workspace move --to postgresql+psycopg://workspace@db.example.org/workspace
    """
    from msgspec import structs

    from workspace.core.cli_support import open_store
    from workspace.core.storage.db import Store
    from workspace.history import backups

    target = Store(structs.replace(settings, database_url=address))
    try:
        with open_store(settings) as store:
            moved = backups.move_database(store, target, folder=folder)
    finally:
        target.close()
    rows, tables = number_text(moved.rows), number_text(moved.tables)
    click.echo(say("Moved %(rows)s rows in %(tables)s tables; the hashes agree.", rows=rows, tables=tables))
    click.echo(say("Root hash: %(root)s", root=moved.root))
    click.echo(say("Now set WORKSPACE_DATABASE_URL to the new address."))


SERVER_TEMPLATES = Path(__file__).parent / "server"
_ADDRESS = "{address}"


def write_server_files(folder: Path, *, address: str) -> Iterator[tuple[Path, bool]]:
    """Write each file that is not there yet; each with whether it was written. Raises `Invalid` for a bad name."""
    if not address or not all(part and part.replace("-", "").isalnum() for part in address.split(".")):
        raise Invalid(field="address", reason="not_callable")
    folder.mkdir(parents=True, exist_ok=True)
    for template in sorted(SERVER_TEMPLATES.iterdir()):
        path = folder / template.name
        is_new = not path.exists()
        if is_new:
            path.write_text(template.read_text(encoding="utf-8").replace(_ADDRESS, address), encoding="utf-8")
        yield path, is_new
