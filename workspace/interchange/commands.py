"""Files in and out from the command line: session notes, aligned texts, whole forums."""

from pathlib import Path

import click

from workspace.core.errors import BadFile
from workspace.core.settings import Settings
from workspace.web import spoken
from workspace.web.marking import N_
from workspace.web.spoken import Group, numeral, say

_PATH = click.Path(path_type=Path)


@spoken.command("import")
@click.argument("paths", nargs=-1, required=True, type=_PATH)
@click.option("--forum", help="The forum that takes them in; not needed when there is only one.")
@click.option("--declaration", help="Take the files in as one declaration of this address, one file for each language.")
@click.option("--language", type=click.Choice(["es", "en", "fr"]), help="Original language of that declaration.")
@click.option("--accept-gaps", is_flag=True, help="Take in texts even if many paragraphs have no counterpart.")
@click.option(
    "--decide",
    "decided",
    multiple=True,
    metavar="ROW=CHOICE",
    help="What becomes of a paragraph that --dry-run doubts.",
)
@click.option("--accept-all", is_flag=True, help="Confirm every recommendation found, without a rapporteur's look.")
@click.option("--dry-run", is_flag=True, help="Say what would be taken in, and store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what the notes say as JSON, one object for each file.")
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
    dry_run: bool,
    as_json: bool,
) -> int:
    """Take files into a forum: session notes, a declaration in several languages, or an exported forum.

    \b
    Session notes (text, Markdown, Word, OpenDocument or PDF, in es, en or fr):
    each file becomes sessions and recommendations, word for word with their line,
    as proposals to confirm. What does not add up in a note is told, never put right.
        workspace import notes/*.md report.pdf --forum third-forum
        workspace import notes/* --dry-run --json
    One declaration in two or three languages: the language stands in the file
    name (.es.md, .en.md, .fr.md), or before it. Paragraphs are aligned by what
    they say; one that a language lacks is missing there and shifts nothing.
    Doubtful ones are told, and stand unless --decide says otherwise.
        workspace import text.es.md text.en.md text.fr.md --forum third-forum --declaration our-text
        workspace import es=uno.md fr=deux.md --forum third-forum --declaration our-text
    A forum exported before, with all its history and identical hashes:
        workspace import third-forum.json

    Each file of notes is taken in whole or not at all. Exit code 0: all were
    taken in; 1: some were refused.
    """
    from workspace.core.console import opened
    from workspace.interchange import taking_in

    if declaration:
        with opened(settings) as store:
            taking_in.declaration(
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
        return taking_in.show(paths, as_json=as_json)
    with opened(settings) as store:
        return taking_in.files(store, paths, forum=forum, accept_all=accept_all, as_json=as_json)


class _Exports(Group):
    """What is no subcommand is the address of a forum: `workspace export third-forum`."""

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if arguments[0] in self.commands or arguments[0].startswith("-"):
            return super().resolve_command(context, arguments)
        return "forum", export_forum, arguments


@click.group(cls=_Exports)
def export() -> None:
    """Write a whole forum as one JSON file, or every published edition as a website.

    \b
    workspace export FORUM [--output FILE]
    workspace export site FOLDER [--url ADDRESS]

    The file of a forum comes back with `workspace import`, with identical hashes.
    """


@export.command("site", line=N_("Write every public edition as a static website."))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--url", default="", help="Address the site will have; then it has an Atom feed for each language too.")
@click.pass_obj
def export_site(settings: Settings, folder: Path, url: str) -> None:
    """Write every edition that anybody may read into FOLDER as a static website, for any host or none.

    Pages in three languages and in columns, all files with their bundle, and search in the page. Links are relative.
    A site that is there already is replaced as a whole.

    \b
    workspace export site public --url https://declarations.example.org
    """
    from workspace.core.console import opened
    from workspace.editions.site import write_site

    with opened(settings) as store, store.reading() as db:
        written = write_site(db, folder, url=url)
    said = say(
        "Wrote %(folder)s: editions: %(editions)s; files: %(files)s; bytes: %(size)s.",
        folder=folder,
        editions=numeral(written.editions),
        files=numeral(written.files),
        size=numeral(written.size),
    )
    click.echo(said)


@spoken.command("forum")
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
    from workspace.core.console import opened
    from workspace.interchange import forum_file
    from workspace.people.service import PeopleService

    with opened(settings) as store, store.reading() as db:
        data = forum_file.export_forum(db, PeopleService(db).forum(forum), actor=OPERATOR)
    if output == Path("-"):
        click.echo(data, nl=False)
        return
    path = output or Path(f"{forum}.json")
    try:
        path.write_bytes(data)
    except OSError as error:
        raise BadFile(source=str(path), reason="not_written") from error
    click.echo(say("Wrote %(file)s (%(size)s bytes).", file=path, size=numeral(len(data))))
