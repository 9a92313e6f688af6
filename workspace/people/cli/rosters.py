"""Bringing people in from a spreadsheet at the command line: the same rows, and the same words about them."""

from pathlib import Path

import click

from workspace.core.actor import OPERATOR, Role
from workspace.core.settings import Settings
from workspace.web.i18n import command_line

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_ROLES = [role.value for role in Role if role not in {Role.ANON, Role.GUEST, Role.OTHER_ORG}]


@command_line.command("import")
@click.argument("file", type=_FILE)
@click.option("--forum", required=True, help="The forum.")
@click.option(
    "--role", type=click.Choice(_ROLES), default="member", show_default=True, help="Role of rows without one."
)
@click.option("--invite", is_flag=True, help="Invite new people with an address.")
@click.option("--only-good", is_flag=True, help="Import the valid rows only.")
@click.option("--check", "only_check", is_flag=True, help="Report only; import nothing.")
@click.pass_obj
def import_people(
    settings: Settings, /, *, file: Path, forum: str, role: str, invite: bool, only_good: bool, only_check: bool
) -> int:
    """Import people from a spreadsheet.

    Columns in any order and language: name (required), e-mail,
    organisation, kind, country, role, from, to, language. Exit code 1: rows
    have problems; nothing was imported.

    \b
    workspace user import people.xlsx --forum third-forum --check
    workspace user import people.xlsx --forum third-forum --invite
    """
    from workspace.core.cli_support import open_store
    from workspace.people.pages import rosters
    from workspace.people.pages.rosters import column_heading, row_sentence
    from workspace.people.roster_file import read_sheet
    from workspace.people.rosters import RosterService
    from workspace.people.service import PeopleService
    from workspace.web.i18n import messages as i18n
    from workspace.web.refusals.sentences import sentence, unread_columns

    messages = i18n.messages(i18n.of_command_line())
    sheet = read_sheet(file.read_bytes(), source=file.name)
    if sheet.unknown:
        click.echo(unread_columns(sheet.unknown, messages), err=True)
    with open_store(settings) as store, store.writing() as db:
        service, where = RosterService(db), PeopleService(db).forum(forum)
        roster = service.keep(where, sheet, source=file.name, role=Role(role), actor=OPERATOR)
        checked = service.check(where, roster, known=rosters.known_addresses(db, where), actor=OPERATOR)
        bad = [row for row in checked if row.problems]
        for row in bad:
            for problem in row.problems:
                what = messages.gettext(
                    "%(field)s: %(problem)s",
                    field=column_heading(problem, messages),
                    problem=sentence(problem, messages),
                )
                click.echo(messages.gettext("Row %(number)s. %(what)s", number=row.entry.line, what=what), err=True)
        is_refused = bool(bad) and not only_good
        if only_check or is_refused or len(bad) == len(checked):
            service.drop(roster)
            count, good = len(checked), len(checked) - len(bad)
            click.echo(
                messages.gettext("Valid rows: %(good)s of %(count)s. Nothing was imported.", good=good, count=count)
            )
            return 1 if bad else 0
        taken = rosters.import_roster(db, where, roster, only_good=only_good, invite=invite, actor=OPERATOR)
        line = row_sentence(taken, messages)
    click.echo(line)
    return 0
