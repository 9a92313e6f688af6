"""Signing the concordance from the command line."""

import click

from workspace.core.settings import Settings


@click.command()
@click.argument("declaration")
@click.option("--as", "name", required=True, help="Who answers for it: a translator who wrote none of the texts.")
@click.option("--note", default="", help="How the texts were compared; it is kept with the signatures.")
@click.pass_obj
def sign(settings: Settings, declaration: str, name: str, note: str) -> int:
    """Sign that the three texts of DECLARATION (written FORUM/DECLARATION) say the same.

    Nothing is published before somebody has answered for that, paragraph by paragraph and language by language. In
    the browser it is done beside the texts; here, for somebody who has compared them elsewhere. What is missing,
    stale, or contradicts itself between two languages is left unsigned and counted.

    \b
    Exit code 0: everything is signed; 1: something was left.

    \b
    workspace sign third-forum/our-declaration --as "Eva Blanc" --note "read aloud on 11 June"
    """
    from workspace.core.console import forum_and_declaration, opened
    from workspace.declarations.service import DeclarationService
    from workspace.people.service import PeopleService
    from workspace.translations.concordance import ConcordanceService

    forum, slug = forum_and_declaration(declaration)
    with opened(settings) as store, store.writing() as db:
        people = PeopleService(db)
        where = people.forum(forum)
        found = DeclarationService(db).at(where, slug)
        left = ConcordanceService(db).sign_whole(found.id, note=note, actor=people.actor_named(where, name))
    click.echo(f"Left unsigned: {len(left.blocks)} paragraphs, {len(left.languages)} languages.")
    return 1 if left.blocks or left.languages else 0
