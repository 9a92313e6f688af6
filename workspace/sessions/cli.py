"""The programme from the command line: as a spreadsheet, and session by session."""

from pathlib import Path
from typing import Any

import click
import msgspec

from workspace.core.actor import OPERATOR
from workspace.core.cli_support import open_store
from workspace.core.settings import Settings
from workspace.people.service import PeopleService
from workspace.sessions.corrections import SessionCorrectionIn, SessionPart
from workspace.sessions.files import FileService
from workspace.sessions.service import SessionService
from workspace.sessions.spreadsheets import ProgrammeSheets, problem_sentence, programme_sentence, read_programme
from workspace.web.i18n import messages as i18n
from workspace.web.i18n.command_line import CommandGroup, read_input
from workspace.web.i18n.marking import N_

_FORUM = click.option("--forum", required=True, help="The forum.")


@click.group(cls=CommandGroup)
def programme() -> None:
    """Import, export or change the programme.

    \b
    workspace programme export sessions.xlsx --forum third-forum
    workspace programme import sessions.xlsx --forum third-forum
    workspace programme edit facts.json --forum third-forum --number 3
    workspace programme attach 3 concept-note.pdf --forum third-forum
    workspace programme divide 3 --item 2 --item 3 --forum third-forum
    workspace programme remove 12 --into 3 --reason "The same session."
    """


@programme.command("export", line=N_("Write the programme as a spreadsheet."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_FORUM
@click.pass_obj
def export_programme(settings: Settings, file: Path, forum: str) -> None:
    """Write the programme as a spreadsheet, or only its headings to fill in."""
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
    messages = i18n.messages(i18n.of_command_line())
    read = read_programme(file.read_bytes(), source=file.name)
    with open_store(settings) as store, store.writing() as db:
        sheets = ProgrammeSheets(db, PeopleService(db).forum(forum), messages, actor=OPERATOR)
        done = sheets.take_in(read, language=language or messages.language)
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
    with open_store(settings) as store, store.writing() as db:
        service, where = SessionService(db), PeopleService(db).forum(forum)
        session = service.numbered(where, number, actor=OPERATOR)
        if into is None:
            service.remove(session, reason, actor=OPERATOR)
        else:
            service.join(session, service.numbered(where, into, actor=OPERATOR), reason, actor=OPERATOR)


@programme.command("edit", line=N_("Add or edit a session."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True, allow_dash=True))
@_FORUM
@click.option("--number", type=int, help="The session to edit; without it, a new one.")
@click.option("--language", type=click.Choice(["es", "en", "fr"]), default="en", help="Language of a new session.")
@click.pass_obj
def edit_session(settings: Settings, file: Path, forum: str, number: int | None, language: str) -> None:
    """Add a session, or edit one, from its facts as JSON, as the API takes them."""
    try:
        facts = msgspec.json.decode(read_input(file), type=SessionCorrectionIn)
    except msgspec.MsgspecError as error:
        raise click.BadParameter(str(error)) from error
    with open_store(settings) as store, store.writing() as db:
        service, where = SessionService(db), PeopleService(db).forum(forum)
        if number is None:
            number = service.make(where, facts, language=language, actor=OPERATOR).number
        else:
            service.correct(service.numbered(where, number, actor=OPERATOR), facts, actor=OPERATOR)
    click.echo(number)


@programme.command("attach", line=N_("Attach a document to a session."))
@click.argument("number", type=int)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@_FORUM
@click.pass_obj
def attach_file(settings: Settings, number: int, file: Path, forum: str) -> None:
    """Attach FILE to session NUMBER; one that it has already is attached once."""
    with open_store(settings) as store, store.writing() as db:
        session = SessionService(db).numbered(PeopleService(db).forum(forum), number, actor=OPERATOR)
        name = FileService(db).attach(session, file.name, file.read_bytes(), actor=OPERATOR).name
    click.echo(name)


@programme.command("divide", line=N_("Divide a session."))
@click.argument("number", type=int)
@_FORUM
@click.option("--item", "items", type=int, multiple=True, help="An item of its agenda, from 1.")
@click.option(
    "--recommendation", "recommendations", type=int, multiple=True, help="A recommendation of the new session."
)
@click.option("--title", default="", help="Title of the new session; without it, that of its first item.")
@click.option("--reason", default="", help="Reason, kept in the log.")
@click.pass_obj
def divide_session(settings: Settings, /, number: int, forum: str, reason: str, **part: Any) -> None:
    """Make a new session of items of the agenda of session NUMBER."""
    with open_store(settings) as store, store.writing() as db:
        service = SessionService(db)
        session = service.numbered(PeopleService(db).forum(forum), number, actor=OPERATOR)
        [made] = service.divide(session, [SessionPart(**part)], reason, actor=OPERATOR)
        number = made.number
    click.echo(number)
