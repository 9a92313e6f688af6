"""Publishing from the command line."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workspace.core.errors import NotReady
from workspace.core.settings import Settings

if TYPE_CHECKING:
    from workspace.editions.service import Blocker

_EXCERPT = 50  # characters of a paragraph without number that name it


@click.command()
@click.argument("declaration")
@click.option("--as", "name", required=True, help="Who asks for publication (secretariat or chair).")
@click.option("--second", required=True, help="Who confirms it: somebody else, because publication needs two people.")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Day of adoption, as 2027-06-12; today if left out."
)
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="Folder for the files of the edition.")
@click.pass_obj
def publish(
    settings: Settings, /, *, declaration: str, name: str, second: str, day: datetime | None, output: Path | None
) -> int:
    """Publish DECLARATION (written FORUM/DECLARATION) as a frozen edition.

    It is refused while a paragraph is missing, stale or unverified in any
    language; each one is named. Exit code 0: published; 1: refused so.

    \b
    workspace publish third-forum/our-declaration --as "Ana Ruiz" --second "Luc Petit" --output edition
    """
    from workspace.core.console import forum_and_declaration, opened
    from workspace.declarations.service import DeclarationService
    from workspace.editions.files import write_files
    from workspace.editions.service import EditionService
    from workspace.people.service import PeopleService

    forum, slug = forum_and_declaration(declaration)
    adopted_on = (day or datetime.now(UTC)).date()
    with opened(settings) as store:
        with store.reading() as db:
            people = PeopleService(db)
            where = people.forum(forum)
            asks, confirms = people.actor_named(where, name), people.actor_named(where, second)
            found = DeclarationService(db).at(where, slug)
            service = EditionService(db)
            try:
                prepared = service.prepare(found, adopted_on=adopted_on, actor=asks)
            except NotReady:
                _tell(service.blockers(found))
                return 1
            declaration_id = found.id
        with store.writing() as db:
            editions = EditionService(db)
            editions.request(DeclarationService(db).get(declaration_id), actor=asks)
            edition = editions.publish(declaration_id, prepared, actor=confirms)
    click.echo(f"Published edition {edition.number} of {declaration}, manifest {edition.manifest_sha256}.")
    if output is not None:
        for path in write_files(prepared.files, output):
            click.echo(path)
    return 0


def _tell(blockers: "Sequence[Blocker]") -> None:
    from drafts.markup import plain
    from workspace.editions.words import what_to_do
    from workspace.web import i18n

    messages = i18n.messages(i18n.of_command_line())
    for blocker in blockers:
        where = blocker.number or plain(blocker.excerpt)[:_EXCERPT]
        click.echo(f"{where}, {blocker.language.value}: {messages.gettext(what_to_do(blocker.state))}", err=True)
