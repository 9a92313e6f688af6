"""The command line: every slice's commands listed once, and one wrapper for how they end.

Exit codes (`docs/engine.md`, 5): what a command returns; 2 for a wrong call, input
that cannot be read, a refusal or a crash (4 for `verify` and `audit`).
"""

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from typing import TYPE_CHECKING

import click

from workspace.core import provided
from workspace.core.environment import BadSetting
from workspace.core.settings import DEFAULT_PORT
from workspace.web.i18n.command_line import CommandGroup, LazyCommand, click_in_our_words, harmless, print_json, say
from workspace.web.i18n.marking import N_

if TYPE_CHECKING:
    from drafts.base.errors import DraftsError
    from workspace.core.errors import WorkspaceError
    from workspace.core.settings import Settings

PROVING = {"verify", "audit"}
_SIGNS = {"good": "ok  ", "weak": "look", "bad": "BAD "}


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="declaration-workspace", prog_name="workspace")
@click.pass_context
def main(context: click.Context) -> None:
    """From session notes to a signed declaration in Spanish, English and French.

    Try it at once:  workspace demo

    The database is workspace.sqlite3 in this folder, or that of
    WORKSPACE_DATABASE_URL (sqlite:///FILE or postgresql+psycopg://…).
    WORKSPACE_LANGUAGE (es, en or fr) sets the language of commands.
    """
    from workspace.core import instruments
    from workspace.core.settings import Settings

    instruments.begin()
    context.obj = Settings.read()


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=DEFAULT_PORT, show_default=True, help="Port to listen on."
)
@click.option("--people-of", "forum", help="Act as any person of this forum.")
@click.option("--no-worker", is_flag=True, help="Only serve; a `workspace worker` does the rest.")
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that answer.")
@click.pass_obj
def serve(settings: "Settings", host: str, port: int, forum: str | None, *, no_worker: bool, processes: int) -> None:
    """Serve the workspace.

    It listens on 127.0.0.1: put an HTTPS web server before it, and set
    WORKSPACE_URL (https://declaration.example.org). --host is for a separate
    machine behind that server.

    --people-of lets you act as anybody, without accounts, on 127.0.0.1 only.

    \b
    workspace serve
    workspace serve --people-of third-forum
    """
    with _starting():
        from workspace.core.cli_support import open_store
        from workspace.serving import personas_of, run_server
        from workspace.web.http.security import LOOPBACK

        if forum and host not in LOOPBACK:
            raise click.UsageError(say("--people-of asks for no password: 127.0.0.1 only."))
        with open_store(settings, creates=True) as store:
            people = personas_of(store, forum) if forum else None
            run_server(
                store, settings, port=port, host=host, personas=people, with_worker=not no_worker, processes=processes
            )


@contextmanager
def _starting() -> Iterator[None]:
    """Without looking for rubbish, until a server has been made: nearly all stays, and that was a third of the start.

    The server begins with it again when it answers (`serving.let_grow_old`).
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@main.command(short_help=N_("Send e-mails, and do what else is due."))
@click.option("--once", is_flag=True, help="Do what is due now, and stop; exit code 1: something failed.")
@click.pass_obj
def worker(settings: "Settings", *, once: bool) -> int:
    """Send e-mails and do other background work, until Ctrl-C.

    Run it separately for several servers with one PostgreSQL database.
    """
    from workspace.core.cli_support import open_store
    from workspace.jobs import work

    with open_store(settings) as store:
        return work(store, settings, once=once)


@main.command()
@click.pass_obj
def migrate(settings: "Settings") -> None:
    """Bring the database up to date with this program. Every command does it by itself."""
    from workspace.core.cli_support import open_store

    with open_store(settings, migrates=True):
        click.echo(say("Database up to date."))


@main.command(short_help=N_("Check everything the workspace needs."))
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def doctor(settings: "Settings", *, as_json: bool) -> int:
    """Check settings, database, log, keys, mail, disk, clock and background work.

    Nothing is changed. Exit code 1: something is wrong.
    """
    from workspace.doctor import Health, examine
    from workspace.web.i18n import messages as i18n

    messages = i18n.messages(i18n.of_command_line())
    found = examine(settings)
    if as_json:
        lines = [
            {"part": finding.part, "health": finding.health, "said": messages.gettext(finding.message, **finding.facts)}
            for finding in found
        ]
        print_json(lines)
    else:
        for finding in found:
            click.echo(
                f"{_SIGNS[finding.health.value]} {finding.part:<9} {messages.gettext(finding.message, **finding.facts)}"
            )
    return 0 if all(finding.health is Health.GOOD for finding in found) else 1


PEOPLE = {
    "accounts": LazyCommand("workspace.accounts.account_cli:list_accounts", N_("List every account.")),
    "sessions": LazyCommand("workspace.accounts.account_cli:list_sessions", N_("List where somebody is signed in.")),
    "end-session": LazyCommand("workspace.accounts.account_cli:end_session", N_("End a sign-in or revoke a token.")),
    "invitations": LazyCommand("workspace.accounts.account_cli:list_invitations", N_("List open invitations.")),
    "withdraw-invitation": LazyCommand(
        "workspace.accounts.account_cli:withdraw_invitation", N_("Withdraw an invitation.")
    ),
    "roles": LazyCommand("workspace.accounts.role_cli:list_roles", N_("List somebody’s roles.")),
    "give-role": LazyCommand("workspace.accounts.role_cli:give_role", N_("Give somebody a role.")),
    "change-role": LazyCommand("workspace.accounts.role_cli:change_role", N_("Replace a role.")),
    "end-role": LazyCommand("workspace.accounts.role_cli:end_role", N_("End a role.")),
    "appoint-deputy": LazyCommand("workspace.accounts.role_cli:appoint_deputy", N_("Appoint a deputy for a chair.")),
    "rename": LazyCommand("workspace.accounts.role_cli:rename", N_("Correct a name.")),
    "import": LazyCommand("workspace.people.cli.rosters:import_people", N_("Import people from a spreadsheet.")),
    "erase": LazyCommand("workspace.history.cli:erase", N_("Erase a person’s data.")),
}
main.later = {
    "audit": LazyCommand(
        "workspace.history.cli:audit",
        N_("Prove that the history is unaltered."),
        {
            "replay": LazyCommand(
                "workspace.editions.cli.publication:replay_log", N_("Rebuild a text from the log, and compare.")
            )
        },
    ),
    "backup": LazyCommand("workspace.history.cli:backup", N_("Back up the whole database to a file.")),
    "calendar": LazyCommand("workspace.declarations.cli:calendar", N_("Show or set the dates of a declaration.")),
    "check": LazyCommand("workspace.interchange.cli:check", N_("Check a translation against its source.")),
    "demo": LazyCommand("workspace.demo.cli:demo", N_("Try the whole process with an invented network.")),
    "deploy": LazyCommand("workspace.running.cli:deploy", N_("Write the files that a server needs.")),
    "diff": LazyCommand("workspace.interchange.cli:diff", N_("Compare two Markdown files.")),
    "export": LazyCommand("workspace.interchange.cli:export", N_("Export a forum, or its editions as a website.")),
    "glossary": LazyCommand("workspace.translations.commands:glossary", N_("Export or import the glossary.")),
    "import": LazyCommand("workspace.interchange.cli:import_", N_("Import notes, a declaration or a forum.")),
    "init": LazyCommand("workspace.accounts.account_cli:init", N_("Prepare the database and create a forum.")),
    "keys": LazyCommand("workspace.history.cli:keys", N_("Create, list, replace or revoke signing keys.")),
    "letters": LazyCommand("workspace.letters.cli:letters", N_("List e-mails, and retry those that failed.")),
    "mail": LazyCommand("workspace.interchange.cli:mail", N_("Import amendments that came by mail.")),
    "maintenance": LazyCommand("workspace.running.cli:maintenance", N_("Make the workspace read-only for a while.")),
    "memory": LazyCommand("workspace.translations.commands:memory", N_("Export or import the translation memory.")),
    "merge": LazyCommand("workspace.interchange.cli:merge", N_("Merge amended copies of one Markdown file.")),
    "move": LazyCommand("workspace.running.cli:move", N_("Copy everything into another database.")),
    "notes": LazyCommand("workspace.consultation.cli:notes", N_("Learn from what people marked in notes.")),
    "override": LazyCommand("workspace.editions.cli.publication:override", N_("Grant an exception, with a reason.")),
    "phase": LazyCommand("workspace.declarations.cli:phase", N_("Move a declaration to another phase.")),
    "programme": LazyCommand("workspace.sessions.cli:programme", N_("Import or export the programme.")),
    "publish": LazyCommand("workspace.editions.cli.publication:publish", N_("Publish a declaration as an edition.")),
    "rebase": LazyCommand("workspace.interchange.cli:rebase", N_("Carry an amended copy over to the adopted text.")),
    "reindex": LazyCommand("workspace.running.cli:reindex", N_("Index anew what the search finds.")),
    "restore": LazyCommand("workspace.history.cli:restore", N_("Restore everything from a backup.")),
    "settings": LazyCommand("workspace.running.cli:list_settings", N_("List settings and where they come from.")),
    "sign": LazyCommand("workspace.translations.commands:sign", N_("Sign that the texts say the same.")),
    "table": LazyCommand("workspace.desk.cli.tables:table", N_("Write amendments as a table or a document.")),
    "user": LazyCommand("workspace.accounts.account_cli:user", N_("Add people and manage their accounts."), PEOPLE),
    "verify": LazyCommand("workspace.editions.cli.publication:verify", N_("Verify the bundle of an edition, offline.")),
    "vote": LazyCommand("workspace.procedure.commands:vote", N_("Open, cast, close and read votes.")),
    "word": LazyCommand("workspace.interchange.cli:word", N_("Write a declaration as a Word file.")),
}


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; what it says with the names of a forum ends with it."""
    return copy_context().run(_run, arguments)


@click_in_our_words()
def _run(arguments: Sequence[str]) -> int:
    """Every ending goes through here."""
    provided.install_when_needed(_install)
    try:
        return main.main([_typed(argument) for argument in arguments], standalone_mode=False) or 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except Exception as error:  # noqa: BLE001  (the last line of defence: a crash has its exit code too)
        _explain(error)
        return 4 if arguments and arguments[0] in PROVING else 2


def _typed(argument: str) -> str:
    if argument.isascii():
        return argument
    from drafts.checks.characters import plain_words

    return plain_words(argument)


def _install() -> None:
    from workspace.registration import install

    install()


def _explain(error: Exception) -> None:
    """Say what went wrong: a sentence for what the reader can mend, a traceback for a fault of the program."""
    from drafts.base.errors import DraftsError
    from workspace.core.errors import WorkspaceError

    if isinstance(error, click.ClickException):
        error.show()
    elif isinstance(error, WorkspaceError | DraftsError):
        click.echo(harmless(_refusal_text(error)), err=True)
    elif isinstance(error, BadSetting):
        click.echo(_about_a_setting(error), err=True)
    elif (about := _about_the_database(error)) is not None:
        click.echo(about, err=True)
        click.echo(say("Check WORKSPACE_DATABASE_URL; “workspace doctor” checks the rest."), err=True)
    elif isinstance(error, OSError) and (about := _about_a_file(error)) is not None:
        click.echo(about, err=True)
    elif not isinstance(error, click.Abort):
        import traceback

        traceback.print_exception(error)
        said = say("This is a fault in the program. Nothing was changed.")
        click.echo(said, err=True)


def _about_the_database(error: Exception) -> str | None:
    """What the database has against it, where that can be mended from outside: it is not there, or it refuses."""
    from sqlalchemy.exc import DatabaseError

    from workspace.web.refusals.system_errors import is_known, translated_error

    if not isinstance(error, DatabaseError):
        return None
    words = str(error.orig).strip().splitlines()[0]
    if error.statement is None:  # not even connected
        return say("The database does not answer: %(reason)s", reason=translated_error(words))
    return say("The database refuses: %(reason)s", reason=translated_error(words)) if is_known(words) else None


def _about_a_setting(error: BadSetting) -> str:
    from workspace.web.refusals.system_errors import translated_error

    facts = {name: translated_error(fact) if name == "reason" else fact for name, fact in error.facts.items()}
    return say(error.message, **facts)


def _about_a_file(error: OSError) -> str | None:
    from workspace.web.refusals.system_errors import TRY_AGAIN, file_error_sentence

    about = file_error_sentence(error)
    return about and f"{about}\n{say(TRY_AGAIN)}"


def _refusal_text(refusal: "WorkspaceError | DraftsError") -> str:
    """What happened, what was kept and what to do, in the language of the command line."""
    from workspace.web.i18n import messages as i18n
    from workspace.web.refusals.sentences import explain, explained_code
    from workspace.web.refusals.slice_registry import NOTHING_CHANGED, STILL_THERE
    from workspace.web.refusals.system_errors import plain_refusal

    messages = i18n.messages(i18n.of_command_line())
    plain = plain_refusal(refusal, messages)
    if plain is not None:
        return plain
    said = explain(explained_code(type(refusal)), refusal.facts, messages)
    kept = messages.gettext(NOTHING_CHANGED) if said.kept == messages.gettext(STILL_THERE) else said.kept
    return f"{said.happened}. {said.detail}\n{kept} {said.to_do}"


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
