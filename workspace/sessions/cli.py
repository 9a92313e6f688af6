"""The programme from the command line: a spreadsheet out and in, sessions removed or joined."""

from pathlib import Path

import click

from workspace.core.actor import OPERATOR
from workspace.core.settings import Settings
from workspace.web.i18n.command_line import CommandGroup
from workspace.web.i18n.marking import N_

_FORUM = click.option("--forum", required=True, help="The forum.")


@click.group(cls=CommandGroup)
def programme() -> None:
    """Import or export the programme; remove or join sessions.

    \b
    workspace programme export sessions.xlsx --forum third-forum
    workspace programme import sessions.xlsx --forum third-forum
    workspace programme remove 12 --into 3 --reason "The same session."
    """


@programme.command("export", line=N_("Write the programme as a spreadsheet."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_FORUM
@click.pass_obj
def export_programme(settings: Settings, file: Path, forum: str) -> None:
    """Write the programme as a spreadsheet, or only its headings to fill in."""
    from workspace.core.cli_support import open_store
    from workspace.people.service import PeopleService
    from workspace.sessions.spreadsheets import ProgrammeSheets
    from workspace.web.i18n import messages as i18n

    messages = i18n.messages(i18n.of_command_line())
    with open_store(settings) as store, store.reading() as db:
        file.write_bytes(ProgrammeSheets(db, PeopleService(db).forum(forum), messages, actor=OPERATOR).file())


@programme.command("import", line=N_("Import sessions from a spreadsheet."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@_FORUM
@click.option("--language", type=click.Choice(["es", "en", "fr"]), help="Language of new sessions.")
@click.pass_obj
def import_programme(settings: Settings, file: Path, forum: str, language: str | None) -> int:
    """Add and change sessions from a spreadsheet (XLSX, ODS or CSV): all rows, or none.

    Rows with a number change that session; the others are new. Exit code 1:
    rows have problems.
    """
    from workspace.core.cli_support import open_store
    from workspace.people.service import PeopleService
    from workspace.sessions.spreadsheets import ProgrammeSheets, problem_sentence, programme_sentence, read_programme
    from workspace.web.i18n import messages as i18n

    messages = i18n.messages(i18n.of_command_line())
    rows = read_programme(file.read_bytes(), source=file.name)
    with open_store(settings) as store, store.writing() as db:
        sheets = ProgrammeSheets(db, PeopleService(db).forum(forum), messages, actor=OPERATOR)
        done = sheets.take_in(rows, language=language or messages.language)
        for problem in done.problems:
            click.echo(problem_sentence(problem, messages), err=True)
        said = programme_sentence(done, messages)
    click.echo(said)
    return 1 if done.problems else 0


@programme.command("remove", line=N_("Remove a session, or join it with another."))
@click.argument("number", type=int)
@_FORUM
@click.option("--into", type=int, help="The session that it is the same as.")
@click.option("--reason", required=True, help="Reason, kept in the log.")
@click.pass_obj
def remove_session(settings: Settings, number: int, forum: str, into: int | None, reason: str) -> None:
    """Remove session NUMBER; with --into, what hangs on it moves to that one."""
    from workspace.core.cli_support import open_store
    from workspace.people.service import PeopleService
    from workspace.sessions.service import SessionService

    with open_store(settings) as store, store.writing() as db:
        service, where = SessionService(db), PeopleService(db).forum(forum)
        session = service.numbered(where, number, actor=OPERATOR)
        if into is None:
            service.remove(session, reason, actor=OPERATOR)
        else:
            service.join(session, service.numbered(where, into, actor=OPERATOR), reason, actor=OPERATOR)
