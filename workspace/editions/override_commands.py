"""Letting one thing go out as it is, from the command line."""

import click

from workspace.core.settings import Settings
from workspace.web import spoken
from workspace.web.spoken import say


@spoken.command("override")
@click.argument("declaration")
@click.argument("obstacle", required=False)
@click.option("--as", "name", help="Who asks for it, or takes it back: the chair.")
@click.option("--second", help="Who confirms it, or declines it: somebody else, because it takes two people.")
@click.option("--reason", default="", help="Why; the edition shows it for good. Needed for declining, too.")
@click.option("--drop", "is_dropped", is_flag=True, help="Take it back, or decline it.")
@click.pass_obj
def override(
    settings: Settings,
    /,
    *,
    declaration: str,
    obstacle: str | None,
    name: str | None,
    second: str | None,
    reason: str,
    is_dropped: bool,
) -> None:
    """Let one thing go out as it is, although it stops the publication of DECLARATION (written FORUM/DECLARATION).

    Without OBSTACLE, it lists what stops publication and can be let go: a text
    that is stale or that nobody has compared, languages that contradict each
    other, a missing signature; each with the eight letters and digits that
    name it. A missing text and an open bracket cannot be let go.

    \b
    workspace override third-forum/our-declaration
    workspace override third-forum/our-declaration 4f9a01bc --as "Ana Ruiz" --second "Luc Petit" --reason "Read aloud."
    """
    from workspace.core.console import forum_and_declaration, opened
    from workspace.declarations.service import DeclarationService
    from workspace.editions import override_keys
    from workspace.people.service import PeopleService
    from workspace.web import i18n

    forum, slug = forum_and_declaration(declaration)
    if obstacle is not None and not (name or second):
        raise click.UsageError(say("Say with --as who asks for it, or with --second who confirms it."))
    with opened(settings) as store:
        if obstacle is not None:
            with store.writing() as db:
                people = PeopleService(db)
                where = people.forum(forum)
                found = DeclarationService(db).at(where, slug)
                asks, confirms = (
                    people.actor_named(where, person_name) if person_name else None for person_name in (name, second)
                )
                actor = asks or confirms
                if is_dropped and actor is not None:
                    override_keys.drop(db, found, obstacle, actor=actor, reason=reason)
                else:
                    override_keys.let_go(db, found, obstacle, asks=asks, confirms=confirms, reason=reason)
        with store.reading() as db:
            found = DeclarationService(db).at(PeopleService(db).forum(forum), slug)
            lines = override_keys.told(db, found, i18n.messages(i18n.of_command_line()))
    for line in lines:
        click.echo(line)
