"""Moving a declaration on from the command line."""

import click

from workspace.core.settings import Settings

_PHASES = ["setup", "drafting", "review", "consultation", "adoption", "published", "archived"]


@click.command()
@click.argument("declaration")
@click.argument("to", type=click.Choice(_PHASES))
@click.option("--as", "name", required=True, help="Who moves it: somebody who chairs the forum.")
@click.option("--reason", default="", help="Why; needed for going back.")
@click.pass_obj
def phase(settings: Settings, declaration: str, to: str, name: str, reason: str) -> None:
    """Move DECLARATION (written FORUM/DECLARATION) to another phase.

    Forward goes one phase at a time. Back is possible from review,
    consultation and adoption, with a reason.

    \b
    workspace phase third-forum/our-declaration review --as "Ana Ruiz"
    """
    from workspace.core.console import forum_and_declaration, opened
    from workspace.core.permissions import Phase
    from workspace.declarations.service import DeclarationService
    from workspace.people.service import PeopleService

    forum, slug = forum_and_declaration(declaration)
    with opened(settings) as store, store.writing() as db:
        people, declarations = PeopleService(db), DeclarationService(db)
        where = people.forum(forum)
        found = declarations.lock(declarations.at(where, slug).id)
        declarations.move_phase(found, Phase[to.upper()], actor=people.actor_named(where, name), reason=reason)
    click.echo(f"{declaration} is in {to} now.")
