"""Files in and out from the command line: notes, texts, forums, mails, Word files, and plain Markdown files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workspace.core.settings import Settings
from workspace.web.i18n import command_line
from workspace.web.i18n.command_line import CommandGroup, number_text, read_input, say, write_output

_PATH = click.Path(path_type=Path)


@command_line.command("import")
@click.argument("paths", nargs=-1, required=True, type=_PATH)
@click.option("--forum", help="The forum; not needed if there is only one.")
@click.option("--declaration", help="Import as one declaration of this address, one file per language.")
@click.option("--language", type=click.Choice(["es", "en", "fr"]), help="Its original language.")
@click.option("--accept-gaps", is_flag=True, help="Import even if many paragraphs have no counterpart.")
@click.option(
    "--decide", "decided", multiple=True, metavar="ROW=CHOICE", help="Decide a paragraph that --dry-run doubts."
)
@click.option("--accept-all", is_flag=True, help="Confirm all recommendations found, unseen by a rapporteur.")
@click.option(
    "--accept-altered", default="", metavar="REASON", help="Import a forum whose file was altered, with this reason."
)
@click.option("--session", type=int, metavar="NUMBER", help="The session that the notes are of.")
@click.option("--dry-run", is_flag=True, help="Report only; import nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def import_(
    settings: Settings,
    paths: tuple[Path, ...],
    forum: str | None,
    declaration: str | None,
    language: str | None,
    *,
    accept_gaps: bool,
    decided: tuple[str, ...],
    accept_all: bool,
    accept_altered: str,
    session: int | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Import notes, a declaration or a forum.

    Session notes (text, Markdown, Word, OpenDocument or PDF), to be
    confirmed:

    \b
    workspace import notes/*.md report.pdf --forum third-forum
    workspace import notes/* --dry-run --json

    A declaration, with the language in or before each file name:

    \b
    workspace import text.es.md text.en.md text.fr.md --forum third-forum --declaration our-text
    workspace import es=uno.md fr=deux.md --forum third-forum --declaration our-text

    An exported forum:

    \b
    workspace import third-forum.json

    Exit code 1: some files were refused.
    """
    from workspace.core.cli_support import open_store
    from workspace.interchange import import_report

    if declaration:
        with open_store(settings) as store:
            import_report.import_declaration(
                store,
                paths,
                forum=forum,
                slug=declaration,
                language=language,
                accept_gaps=accept_gaps,
                dry_run=dry_run,
                decided=decided,
            )
        return 0
    if dry_run:
        return import_report.show_notes(paths, as_json=as_json)
    with open_store(settings, creates=all(map(import_report.holds_forum, paths))) as store:
        return import_report.import_files(
            store,
            paths,
            forum=forum,
            session=session,
            accept_all=accept_all,
            accept_altered=accept_altered,
            as_json=as_json,
        )


class _Exports(CommandGroup):
    """What is no subcommand is the address of a forum: `workspace export third-forum`."""

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if arguments[0] in self.commands or arguments[0].startswith("-"):
            return super().resolve_command(context, arguments)
        return "forum", export_forum, arguments


@click.group(cls=_Exports)
def export() -> None:
    """Export a forum, or its editions as a website.

    \b
    workspace export FORUM [--output FILE]
    workspace export site FOLDER [--url ADDRESS]
    """


@export.command("site")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--url", default="", help="Address of the site; adds an Atom feed per language.")
@click.pass_obj
def export_site(settings: Settings, folder: Path, url: str) -> None:
    """Write the public editions as a website.

    An existing site is replaced.

    \b
    workspace export site public --url https://declarations.example.org
    """
    from workspace.core.cli_support import open_store
    from workspace.editions.site import write_site

    with open_store(settings) as store, store.reading() as db:
        written = write_site(db, folder, url=url)
    said = say(
        "Wrote %(folder)s: editions: %(editions)s; files: %(files)s; bytes: %(size)s.",
        folder=folder,
        editions=number_text(written.editions),
        files=number_text(written.files),
        size=number_text(written.size),
    )
    click.echo(said)


@command_line.command("forum")
@click.argument("forum")
@click.option(
    "--output", type=_PATH, help="Where to write it; FORUM.json in this folder if left out, - for standard output."
)
@click.pass_obj
def export_forum(settings: Settings, forum: str, output: Path | None) -> None:
    """Write the whole of FORUM as one JSON file that `workspace import` takes back with identical hashes.

    The file holds {"format", "version", "tables", "log"}: one list of rows for
    each table (people, sessions, recommendations, texts, amendments, decisions,
    comments, editions and what joins them), with ids, moments in UTC and the
    bytes of edition files in base64; then the log, line by line, with its hashes.

    \b
    workspace export third-forum --output third-forum.json
    """
    from workspace.core.actor import OPERATOR
    from workspace.core.cli_support import open_store
    from workspace.interchange import forum_archive
    from workspace.people.service import PeopleService

    with open_store(settings) as store, store.reading() as db:
        data = forum_archive.export_forum(db, PeopleService(db).forum(forum), actor=OPERATOR)
    if output == Path("-"):
        click.echo(data, nl=False)
        return
    write_output(output or Path(f"{forum}.json"), data)


@command_line.command()
@click.argument("declaration")
@click.option("--text", type=click.Choice(["es", "en", "fr"]), required=True, help="Language of the text.")
@click.option("--amendments", is_flag=True, help="With the open amendments as tracked changes, and the comments.")
@click.option("--revision", type=click.IntRange(min=1), help="An earlier revision, instead of the text in force.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Output file; its own name by default.")
@click.pass_obj
def word(
    settings: Settings, /, *, declaration: str, text: str, amendments: bool, revision: int | None, output: Path | None
) -> None:
    """Write a declaration as a Word file.

    \b
    workspace word third-forum/our-declaration --text en
    workspace word third-forum/our-declaration --text es --amendments --output enmiendas.docx
    """
    from drafts.text.blocks import Language
    from workspace.core.actor import OPERATOR
    from workspace.core.cli_support import open_store
    from workspace.declarations.domain.service import DeclarationService
    from workspace.interchange.intake.domain.word_files import WordFiles
    from workspace.web.i18n import messages

    with open_store(settings) as store, store.reading() as db:
        found = DeclarationService(db).addressed(declaration)
        files, language = WordFiles(db, messages.messages(messages.of_command_line())), Language(text)
        if amendments:
            made = files.tracked(found, language, actor=OPERATOR)
        else:
            made = files.clean(found, language, actor=OPERATOR, revision=revision)
    write_output(output or Path(made.name), made.content)


if TYPE_CHECKING:
    from workspace.interchange.intake.domain.mail_intake import ExaminedMail


@command_line.command()
@click.argument("declaration")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--text", type=click.Choice(["es", "en", "fr"]), help="Language of the amended text.")
@click.option("--from", "sender", default="", help="Sender’s address, if the e-mail lacks it.")
@click.option("--file-as", "name", default="", help="Submit every certain draft on behalf of this person.")
@click.pass_obj
def mail(settings: Settings, /, *, declaration: str, file: Path, text: str | None, sender: str, name: str) -> None:
    """Import amendments that came by mail.

    \b
    workspace mail third-forum/our-declaration proposal.eml
    workspace mail third-forum/our-declaration - --from ana@example.org < words.txt
    """
    from drafts.text.blocks import Language
    from workspace.core.actor import OPERATOR
    from workspace.core.cli_support import open_store
    from workspace.declarations.domain.service import DeclarationService
    from workspace.interchange.intake.domain.intake import Filing
    from workspace.interchange.intake.domain.mail_intake import MailIntake
    from workspace.people.service import PeopleService

    data = read_input(file)
    language = Language(text) if text else None
    with open_store(settings) as store, store.writing() as db:
        found, door = DeclarationService(db).addressed(declaration), MailIntake(db)
        kept = door.receive(
            found, data, name="" if str(file) == "-" else file.name, address=sender, language=language, actor=OPERATOR
        )
        examined = door.examine(kept, actor=OPERATOR)
        tell(examined)
        if name:
            person = PeopleService(db).actor_named(found.forum, name).person_id
            drafts = enumerate(examined.parsed.proposals)
            wanted = [
                (place, proposal.reason)
                for place, proposal in drafts
                if proposal.is_sure and place not in examined.same
            ]
            filings = [Filing(place=place, person=person, reason=reason) for place, reason in wanted if person]
            settled = door.settle(kept, filings, seen=examined.seen, actor=OPERATOR)
            numbers = ", ".join(str(amendment.number) for amendment in settled.amendments)
            filed = numbers or say("nothing")
            click.echo(
                say("Submitted: %(filed)s. Receipts: %(receipts)s.", filed=filed, receipts=settled.sent.receipts)
            )


def tell(examined: "ExaminedMail") -> None:
    """Print what a mail proposes, and what could not be placed."""
    from workspace.interchange.intake.routes.mail_pages import REASONS

    for place, draft in enumerate(examined.parsed.proposals, start=1):
        same = examined.same.get(place - 1)
        click.echo(
            say("Draft %(place)s (already in amendment %(number)s):", place=place, number=same)
            if same
            else say("Draft %(place)s:", place=place)
        )
        for source in draft.sources:
            click.echo(f"  {' '.join(source.split())}")
        for change in draft.changes:
            click.echo(f"  {change.op.value}: {change.text or ''}".rstrip(" :"))
    for unplaced in examined.parsed.unplaced:
        words = " ".join(unplaced.source.split())
        click.echo(say("Not placed: “%(words)s”. %(why)s", words=words, why=say(REASONS[unplaced.why])))


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUTPUT = click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Output file.")
_LANGUAGE = click.option(
    "--language",
    type=click.Choice(["es", "en", "fr"]),
    help="Language of the texts; else from the file name (text.es.md), or English.",
)


@command_line.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@click.option("--format", "form", type=click.Choice(["text", "html", "json"]), default="text", show_default=True)
@_LANGUAGE
@_OUTPUT
def diff(old: Path, new: Path, *, form: str, language: str | None, output: Path | None) -> int:
    """Compare two Markdown files.

    Exit code 0: equal; 1: different.

    \b
    workspace diff old.md new.md
    workspace diff old.md new.md --format html --output changes.html
    """
    from workspace.interchange.plain_files import comparison

    return comparison.compare(old, new, form=form, language=language, output=output)


@command_line.command()
@click.argument("base", type=_FILE)
@click.argument("amended", type=_FILE, nargs=-1, required=True)
@click.option(
    "--format", "form", type=click.Choice(["markdown", "html", "json"]), default="markdown", show_default=True
)
@_LANGUAGE
@_OUTPUT
def merge(base: Path, amended: tuple[Path, ...], *, form: str, language: str | None, output: Path | None) -> int:
    """Merge amended copies of one Markdown file.

    In a conflict the text of BASE stays, and a person must decide (exit
    code 1).

    \b
    workspace merge base.md ana.md luc.md eva.md --output merged.md
    workspace merge base.md ana.md luc.md --format html --output disputes.html
    """
    from workspace.interchange.plain_files import comparison

    return comparison.merge_files(base, amended, form=form, language=language, output=output)


@command_line.command()
@click.argument("base", type=_FILE)
@click.argument("adopted", type=_FILE)
@click.argument("pending", type=_FILE)
@click.option("--format", "form", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True)
@_LANGUAGE
@_OUTPUT
def rebase(base: Path, adopted: Path, pending: Path, *, form: str, language: str | None, output: Path | None) -> int:
    """Carry an amended copy over to the adopted text.

    In a conflict the text of BASE stays, and a person must decide (exit
    code 1).

    \b
    workspace rebase base.md adopted.md pending.md --output next.md
    """
    from workspace.interchange.plain_files import comparison

    return comparison.rebase_file(base, adopted, pending, form=form, language=language, output=output)


_CHECKED_FILE = click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True)
_FOLDER = click.Path(exists=True, file_okay=False)
_CHECKED_LANGUAGE = click.Choice(["es", "en", "fr"])


@command_line.command()
@click.argument("source", type=_CHECKED_FILE, required=False)
@click.argument("target", type=_CHECKED_FILE, required=False)
@click.option("--from", "source_language", type=_CHECKED_LANGUAGE, help="Language; else from its name (a.es.md).")
@click.option("--to", "target_language", type=_CHECKED_LANGUAGE, help="Language; else from its name (a.es.md).")
@click.option("--pairs", type=_CHECKED_FILE, help="JSON file of text pairs, instead of two files.")
@click.option("--profile", type=click.Choice(["national", "un", "eu"]), help="Style guide; national by default.")
@click.option("--dictionaries", type=_FOLDER, help="Folder of Hunspell dictionaries, to check spelling.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def check(
    source: Path | None,
    target: Path | None,
    *,
    source_language: str | None,
    target_language: str | None,
    pairs: Path | None,
    profile: str | None,
    dictionaries: str | None,
    form: str,
) -> int:
    """Check a translation against its source.

    “-” reads standard input. Exit code 1: at least one error.

    \b
    workspace check text.es.md text.fr.md
    workspace check source.md target.md --from en --to es --profile un --format json
    workspace check --pairs pairs.json
    """
    from workspace.interchange.plain_files import checks

    if pairs is not None:
        if source or target or source_language or target_language:
            raise click.UsageError(say("Use --pairs alone: its file names texts and languages."))
        return checks.check_list(pairs, profile=profile, dictionaries=dictionaries or "")
    if source is None or target is None:
        raise click.UsageError(say("Name two files, SOURCE and TARGET, or --pairs FILE."))
    languages = _language_named(source_language, source, "--from"), _language_named(target_language, target, "--to")
    if languages[0] == languages[1]:
        raise click.UsageError(say("SOURCE and TARGET are in the same language."))
    return checks.check_files(
        source, target, languages=languages, profile=profile, dictionaries=dictionaries or "", form=form
    )


def _language_named(named: str | None, path: Path, option: str) -> str:
    """The language asked for, or the one that the name of the file tells."""
    language = named or next((suffix[1:] for suffix in path.suffixes if suffix in (".es", ".en", ".fr")), None)
    if language is None:
        said = say("Give the language of %(file)s: %(option)s es, en or fr.", file=path.name, option=option)
        raise click.UsageError(said)
    return language
