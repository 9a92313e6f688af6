"""Correcting a published edition from the command line."""

from pathlib import Path

import click

from workspace.core.settings import Settings
from workspace.web import spoken
from workspace.web.spoken import say


@spoken.command("correct")
@click.argument("declaration")
@click.option("--as", "name", required=True, help="Who asks for the correction (secretariat or chair).")
@click.option("--second", required=True, help="Who confirms it: somebody else, because a corrigendum needs two people.")
@click.option("--language", required=True, type=click.Choice(["es", "en", "fr"]), help="The language that is wrong.")
@click.option("--paragraph", required=True, help="The number of the paragraph, as the edition prints it: 12 or 12(a).")
@click.option("--old", required=True, help="The words that are wrong; they stand once in the paragraph.")
@click.option("--new", required=True, help="The words as they ought to be.")
@click.option("--reason", required=True, help="Why; it is published with the correction.")
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="Folder for the files of the edition.")
@click.pass_obj
def correct_edition(
    settings: Settings,
    /,
    *,
    declaration: str,
    name: str,
    second: str,
    language: str,
    paragraph: str,
    old: str,
    new: str,
    reason: str,
    output: Path | None,
) -> int:
    """Put a slip in the published DECLARATION (written FORUM/DECLARATION) right: a new edition follows the old one.

    Only slips of typing, and what the other languages contradict, can be put right so; anything else is refused,
    with the reason. The old edition stays as it is.

    \b
    workspace correct third-forum/our-declaration --as "Ana Ruiz" --second "Luc Petit" \\
      --language fr --paragraph 12 --old "l'eua" --new "l'eau" --reason "A letter out of place."
    """
    from drafts.blocks import Language
    from drafts.formats.bundle import BUNDLE
    from drafts.numbering import numbers
    from workspace.core.console import forum_and_declaration, opened
    from workspace.core.errors import Invalid
    from workspace.declarations import queries
    from workspace.declarations.service import DeclarationService
    from workspace.editions.commands import sealed_bundle
    from workspace.editions.corrigenda import CorrigendumService
    from workspace.editions.corrigendum_models import Corrigendum
    from workspace.editions.files import write_files
    from workspace.editions.models import Edition
    from workspace.people.service import PeopleService

    forum, slug = forum_and_declaration(declaration)
    spoken = Language(language)
    with opened(settings) as store:
        with store.writing() as db:
            people = PeopleService(db)
            where = people.forum(forum)
            asks, confirms = people.actor_named(where, name), people.actor_named(where, second)
            found = DeclarationService(db).at(where, slug)
            rows = queries.head_rows(db, found)
            numbered = numbers(queries.structure(rows))
            row = next((one for one in rows if numbered.get(str(one.block_id)) == paragraph), None)
            if row is None or row.content(spoken).count(old) != 1:
                raise Invalid(field="old", reason="not_in_the_text")
            service = CorrigendumService(db)
            wording = row.content(spoken).replace(old, new)
            made = service.correct(found, row.block_id, spoken, wording, actor=asks)
            service.ask(made, reason, actor=asks)
            made_id = made.id
        with store.reading() as db:
            prepared = CorrigendumService(db).prepare(db.get_one(Corrigendum, made_id))
        with store.writing() as db:
            edition = CorrigendumService(db).confirm(db.get_one(Corrigendum, made_id), prepared, actor=confirms)
            edition_id, number = edition.id, edition.number
        said = say(
            "Published edition %(number)s of %(declaration)s, which corrects edition %(before)s.",
            number=number,
            declaration=declaration,
            before=number - 1,
        )
        click.echo(said)
        bundle = sealed_bundle(store, settings, edition_id)
        if output is not None:
            with store.reading() as db:
                files = {file.name: file.content for file in db.get_one(Edition, edition_id).files}
            for path in write_files({**files, BUNDLE: bundle}, output):
                click.echo(path)
    return 0
