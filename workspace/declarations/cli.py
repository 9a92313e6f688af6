"""Moving a declaration on, and setting its dates, from the command line."""

import click

from workspace.core.settings import Settings
from workspace.web.i18n import command_line
from workspace.web.i18n.command_line import say

_PHASES = ["setup", "drafting", "review", "consultation", "adoption", "published", "archived"]


@command_line.command()
@click.argument("declaration")
@click.argument("to", type=click.Choice(_PHASES))
@click.option("--as", "name", required=True, help="A chair.")
@click.option("--second", help="Second approval, for adoption.")
@click.option("--reason", default="", help="Reason; required for going back.")
@click.pass_obj
def phase(settings: Settings, /, *, declaration: str, to: str, name: str, second: str | None, reason: str) -> None:
    """Move a declaration to another phase.

    \b
    workspace phase third-forum/our-declaration review --as "Ana Ruiz"
    workspace phase third-forum/our-declaration adoption --as "Ana Ruiz" --second "Luc Morel"
    """
    from workspace.approvals.models import Matter
    from workspace.core.cli_support import open_store
    from workspace.core.security.permissions import Phase
    from workspace.declarations.domain.phase_changes import PhaseService
    from workspace.declarations.domain.service import DeclarationService
    from workspace.people.service import PeopleService

    with open_store(settings) as store, store.writing() as db:
        people, phases = PeopleService(db), PhaseService(db)
        found = DeclarationService(db).addressed(declaration)
        actor = people.actor_named(found.forum, name)
        if second is not None and Phase[to.upper()] is Phase.ADOPTION:
            phases.ask(found, Matter.ADOPTION, actor=actor)
            phases.confirm(found, Matter.ADOPTION, actor=people.actor_named(found.forum, second))
        else:
            phases.move(found, Phase[to.upper()], actor=actor, reason=reason)
        is_there = found.phase is Phase[to.upper()]
    if is_there:
        click.echo(say("%(declaration)s is now in %(phase)s.", declaration=declaration, phase=to))
    else:
        click.echo(say("%(declaration)s goes to %(phase)s on its date.", declaration=declaration, phase=to))


_STAGES = ["drafting", "review", "consultation", "adoption", "amendments"]


@command_line.command()
@click.argument("declaration")
@click.argument("stage", type=click.Choice(_STAGES), required=False)
@click.option("--opens", default="", help="When it opens, as 2027-06-12T18:00, or with an offset.")
@click.option("--closes", default="", help="When it closes.")
@click.option("--zone", default="", help="Time zone; the forum’s if left out.")
@click.option("--as", "name", help="A chair.")
@click.option("--reason", default="", help="Reason; required to change known dates.")
@click.pass_obj
def calendar(settings: Settings, /, *, declaration: str, stage: str | None, name: str | None, **given: str) -> None:
    """Show or set the dates of a declaration.

    A stage is a phase, or the deadline for amendments.

    \b
    workspace calendar third-forum/our-declaration
    workspace calendar third-forum/our-declaration amendments --closes 2027-06-12T18:00 --as "Ana Ruiz"
    """
    from workspace.core.cli_support import open_store
    from workspace.declarations.domain.calendar import CalendarService
    from workspace.declarations.domain.models import Stage
    from workspace.declarations.domain.service import DeclarationService
    from workspace.declarations.labels import calendar_lines
    from workspace.people.service import PeopleService

    if stage is not None and name is None:
        raise click.UsageError(say("Give --as: who sets the dates."))
    with open_store(settings) as store, store.writing() if stage else store.reading() as db:
        found = DeclarationService(db).addressed(declaration)
        if stage is not None and name is not None:
            actor = PeopleService(db).actor_named(found.forum, name)
            CalendarService(db).set_dates(found, Stage(stage), actor=actor, **given)
        lines = calendar_lines(found)
    for line in lines:
        click.echo(line)
